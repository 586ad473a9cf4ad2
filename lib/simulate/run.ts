// Acts a scenario out: one request from outside after another, as spans, while counting what really happened. Seeded and
// pure: the same scenario, seed and times give the same spans. Knows nothing of how the product derives a graph.
import { type Attribute, type Resource, type Span, SpanKind, type SpanLink } from "../domain/span";
import { stateOf } from "./fault-state";
import type { Random } from "./random";
import type {
  Call,
  External,
  Fault,
  Operation,
  Publish,
  Query,
  Scenario,
  Service,
  Step,
  Subscription,
} from "./scenario";
import {
  databaseClient,
  type Ended,
  externalClient,
  finishedSpan,
  httpClient,
  httpServer,
  messaging,
  resourcesOf,
  type ScopeName,
} from "./span-words";
import type { Truth } from "./truth";

const SIGMA = 0.45;
/** Network between two services, one way, median. */
const NETWORK_US = 350;
const RETRY_PAUSE_US = 20_000;
/** A consumer that is back takes this many waiting messages beside each request from outside, this far apart. */
const CATCH_UP_MESSAGES = 10;
const CATCH_UP_PAUSE_US = 1_000;

interface Context {
  readonly traceId: string;
  readonly parentSpanId: string;
}

interface Message {
  readonly producer: string;
  readonly topic: string;
  readonly link: SpanLink;
  /** Whether anybody has consumed it. */
  consumed: boolean;
}

/** What a caller says of a far side without spans. */
interface SilentFarSide {
  readonly kind: "database" | "sync";
  readonly node: string;
  client(failed: boolean): Attribute[];
  readonly protocol: ScopeName;
}

interface Waiting {
  readonly message: Message;
  readonly subscription: Subscription;
}

export interface SimulatedTrace {
  readonly spans: Span[];
  /** Spans in the order in which the services would export them: each by its end. */
  readonly endUs: number;
}

export class Simulation {
  private readonly services: Map<string, Service>;
  private readonly resources = new Map<string, Resource[]>();
  private spans: Span[] = [];
  /** Messages whose consumer is down, oldest first. */
  private waiting: Waiting[] = [];

  /** @param faults may change between requests. */
  constructor(
    private readonly scenario: Scenario,
    private readonly random: Random,
    private readonly truth: Truth,
    private readonly faults: readonly Fault[] = [],
  ) {
    this.services = new Map(scenario.services.map((service) => [service.name, service]));
    for (const service of scenario.services)
      this.resources.set(service.name, resourcesOf(service, scenario.environment));
  }

  /** One request from outside that begins at `startUs` (Unix microseconds), with everything that follows from it. */
  request(startUs: number): SimulatedTrace {
    this.spans = [];
    this.catchUp(startUs);
    this.truth.traces++;
    const traceId = this.id(4);
    const entry = this.pickEntry();
    if (entry.from) {
      const spanId = this.id(2);
      const network = this.latency(NETWORK_US * 20);
      const served = this.serve(
        entry.service,
        entry.operation,
        { traceId, parentSpanId: spanId },
        startUs + network,
        SpanKind.SERVER,
        [],
      );
      const endUs = served.endUs + this.latency(NETWORK_US * 20);
      this.truth.call("sync", entry.from, entry.service, "", served.fault);
      this.emit(
        entry.from,
        spanId,
        { traceId, parentSpanId: "" },
        entry.operation,
        SpanKind.CLIENT,
        startUs,
        endUs,
        httpClient(this.isOld(entry.from), entry.service, served.ended, entry.operation),
        served.ended !== "ok",
        "http",
      );
    } else {
      const served = this.serve(
        entry.service,
        entry.operation,
        { traceId, parentSpanId: "" },
        startUs,
        SpanKind.SERVER,
        [],
      );
      this.truth.call("entry", "entry:user", entry.service, "", served.fault);
    }
    this.truth.spans += this.spans.length;
    return { spans: this.spans, endUs: Math.max(...this.spans.map((span) => Number(span.endNs / 1000n))) };
  }

  private pickEntry(): Scenario["entries"][number] {
    const { entries } = this.scenario;
    let rest = this.random.next() * entries.reduce((sum, entry) => sum + entry.share, 0);
    for (const entry of entries) {
      rest -= entry.share;
      if (rest < 0) return entry;
    }
    return entries[entries.length - 1]!;
  }

  /** One request (or message) handled by a service. */
  private serve(
    name: string,
    operationName: string,
    context: Context,
    startUs: number,
    kind: SpanKind,
    attributes: Attribute[],
    links: SpanLink[] = [],
  ): { endUs: number; ended: Ended; fault: "callee" | "client" | null } {
    const service = this.services.get(name)!;
    const operation = service.operations.find((candidate) => candidate.name === operationName)!;
    const { errorRate, slowdown } = stateOf(this.faults, name, startUs);
    const spanId = this.id(2);
    const half = this.latency((operation.workUs * slowdown) / 2);
    let failed = this.random.chance((operation.errorRate ?? 0) + errorRate);
    const refused = !failed && this.random.chance(operation.clientErrorRate ?? 0);
    let now = startUs + half;
    if (!failed && !refused) {
      const inner = operation.internal
        ? { traceId: context.traceId, parentSpanId: this.id(2) }
        : { traceId: context.traceId, parentSpanId: spanId };
      const stepsStart = now;
      const done = this.steps(name, operation, inner, now);
      now = done.endUs;
      failed = done.failed;
      if (operation.internal) {
        this.emit(
          name,
          inner.parentSpanId,
          { traceId: context.traceId, parentSpanId: spanId },
          operation.internal,
          SpanKind.INTERNAL,
          stepsStart,
          now,
          [],
          failed,
          "app",
        );
      }
    }
    const endUs = now + this.latency((operation.workUs * slowdown) / 2);
    const ended: Ended = failed ? "failed" : refused ? "client-error" : "ok";
    const all = kind === SpanKind.SERVER ? httpServer(service.oldConventions ?? false, operation, ended) : attributes;
    this.emit(
      name,
      spanId,
      context,
      operationName,
      kind,
      startUs,
      endUs,
      all,
      failed,
      kind === SpanKind.SERVER ? "http" : "messaging",
      links,
    );
    return { endUs, ended, fault: failed ? "callee" : refused && kind === SpanKind.SERVER ? "client" : null };
  }

  private steps(
    service: string,
    operation: Operation,
    context: Context,
    startUs: number,
  ): { endUs: number; failed: boolean } {
    let now = startUs;
    for (const step of operation.steps) {
      const done = this.step(service, step, context, now);
      now = done.endUs;
      if (done.failed) return { endUs: now, failed: true };
    }
    return { endUs: now, failed: false };
  }

  private step(service: string, step: Step, context: Context, startUs: number): { endUs: number; failed: boolean } {
    if (step.kind === "parallel") {
      const branches = step.steps.map((branch) => this.step(service, branch, context, startUs));
      return {
        endUs: Math.max(startUs, ...branches.map(({ endUs }) => endUs)),
        failed: branches.some(({ failed }) => failed),
      };
    }
    if (!this.random.chance(step.probability ?? 1)) return { endUs: startUs, failed: false };
    if (step.kind === "call") return this.callService(service, step, context, startUs);
    if (step.kind === "query") return this.query(service, step, context, startUs);
    if (step.kind === "external") return this.callExternal(service, step, context, startUs);
    return this.publish(service, step, context, startUs);
  }

  private callService(
    caller: string,
    step: Call,
    context: Context,
    startUs: number,
  ): { endUs: number; failed: boolean } {
    let now = startUs;
    for (let attempt = 0; ; attempt++) {
      const spanId = this.id(2);
      const { down, callerRetries } = stateOf(this.faults, step.service, now);
      let ended: Ended | "no-answer" = "ok";
      let fault: "callee" | "between" | "client" | null = null;
      let endUs: number;
      if (down) {
        ended = "no-answer";
        endUs = now + this.latency(NETWORK_US * 4);
        // Nobody answers, so nobody's span says who was called: the host that was asked is all there is.
        this.truth.call("sync", caller, `external:${step.service}`, "", "between");
      } else {
        const served = this.serve(
          step.service,
          step.operation,
          { traceId: context.traceId, parentSpanId: spanId },
          now + this.latency(NETWORK_US),
          SpanKind.SERVER,
          [],
        );
        endUs = served.endUs + this.latency(NETWORK_US);
        ended = served.ended;
        fault = served.fault;
        if (step.timeoutUs !== undefined && endUs - now > step.timeoutUs) {
          endUs = now + step.timeoutUs;
          ended = "no-answer";
          if (fault !== "callee") fault = "between";
        }
        this.truth.call("sync", caller, step.service, "", fault);
      }
      const failed = ended === "failed" || ended === "no-answer";
      this.emit(
        caller,
        spanId,
        context,
        step.operation,
        SpanKind.CLIENT,
        now,
        endUs,
        httpClient(this.isOld(caller), step.service, ended, step.operation),
        failed || ended === "client-error",
        "http",
      );
      if (!failed) return { endUs, failed: false };
      if (attempt >= (step.retries ?? 0) + callerRetries) return { endUs, failed: !step.optional };
      now = endUs + this.latency(RETRY_PAUSE_US);
    }
  }

  private query(caller: string, step: Query, context: Context, startUs: number): { endUs: number; failed: boolean } {
    const node = `db:${step.system}/${step.namespace}@${step.host}:${step.port}`;
    const client = (failed: boolean): Attribute[] => databaseClient(this.isOld(caller), step, failed);
    return this.callSilent(caller, step, context, startUs, { kind: "database", node, client, protocol: "db" });
  }

  private callExternal(
    caller: string,
    step: External,
    context: Context,
    startUs: number,
  ): { endUs: number; failed: boolean } {
    const client = (failed: boolean): Attribute[] => externalClient(step, failed);
    const far = { kind: "sync", node: `external:${step.host}`, client, protocol: "http" } as const;
    const { endUs, failed } = this.callSilent(caller, step, context, startUs, far);
    return { endUs, failed: failed && !step.optional };
  }

  /** A call to what sends no spans of its own. */
  private callSilent(
    caller: string,
    step: Query | External,
    context: Context,
    startUs: number,
    { kind, node, client, protocol }: SilentFarSide,
  ): { endUs: number; failed: boolean } {
    const failed = this.random.chance(step.errorRate ?? 0);
    const endUs = startUs + this.latency(step.workUs);
    this.truth.call(kind, caller, node, "", failed ? "callee" : null);
    this.emit(
      caller,
      this.id(2),
      context,
      step.name,
      SpanKind.CLIENT,
      startUs,
      endUs,
      client(failed),
      failed,
      protocol,
    );
    return { endUs, failed };
  }

  private publish(
    producer: string,
    step: Publish,
    context: Context,
    startUs: number,
  ): { endUs: number; failed: boolean } {
    const spanId = this.id(2);
    const endUs = startUs + this.latency(1_200);
    const topic = `topic:kafka/${step.topic}`;
    this.emit(
      producer,
      spanId,
      context,
      `send ${step.topic}`,
      SpanKind.PRODUCER,
      startUs,
      endUs,
      messaging(step.topic, "send"),
      false,
      "messaging",
    );
    const message: Message = {
      producer,
      topic: step.topic,
      link: { traceId: context.traceId, spanId, attributes: [] },
      consumed: false,
    };
    for (const subscription of this.scenario.subscriptions) {
      if (subscription.topic !== step.topic) continue;
      const at = endUs + this.latency(subscription.lagUs);
      if (stateOf(this.faults, subscription.service, at).down) this.waiting.push({ message, subscription });
      else this.consume(message, subscription, at);
    }
    if (!message.consumed) this.truth.call("async", producer, topic, "", null);
    return { endUs, failed: false };
  }

  private consume(message: Message, subscription: Subscription, atUs: number): void {
    const { producer, topic } = message;
    const served = this.serve(
      subscription.service,
      subscription.operation,
      { traceId: this.id(4), parentSpanId: "" },
      atUs,
      SpanKind.CONSUMER,
      messaging(topic, "process", subscription.service),
      [message.link],
    );
    this.truth.call("async", producer, subscription.service, `topic:kafka/${topic}`, served.fault);
    message.consumed = true;
  }

  /** Consumers that are back take what waits for them, oldest first. */
  private catchUp(nowUs: number): void {
    if (this.waiting.length === 0) return;
    const still: Waiting[] = [];
    let taken = 0;
    for (const entry of this.waiting) {
      const { message, subscription } = entry;
      if (taken === CATCH_UP_MESSAGES || stateOf(this.faults, subscription.service, nowUs).down) {
        still.push(entry);
        continue;
      }
      if (!message.consumed) this.truth.consumedAfterAll(message.producer, `topic:kafka/${message.topic}`);
      this.consume(message, subscription, nowUs + CATCH_UP_PAUSE_US * taken++);
    }
    this.waiting = still;
  }

  private isOld(service: string): boolean {
    return this.services.get(service)?.oldConventions ?? false;
  }

  private latency(medianUs: number): number {
    return this.random.latency(medianUs, SIGMA);
  }

  private id(words: number): string {
    let hex = "";
    for (let i = 0; i < words; i++) hex += this.random.word().toString(16).padStart(8, "0");
    return hex;
  }

  private emit(
    service: string,
    spanId: string,
    context: Context,
    name: string,
    kind: SpanKind,
    startUs: number,
    endUs: number,
    attributes: readonly Attribute[],
    failed: boolean,
    scope: ScopeName,
    links: readonly SpanLink[] = [],
  ): void {
    const instances = this.resources.get(service)!;
    const resource = instances[this.random.below(instances.length)]!;
    const { traceId, parentSpanId } = context;
    const ids = { traceId, spanId, parentSpanId };
    this.spans.push(finishedSpan(ids, name, kind, startUs, endUs, attributes, failed, links, resource, scope));
  }
}

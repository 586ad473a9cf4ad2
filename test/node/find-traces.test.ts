// Searches on real DuckDB, against plain loops over the spans that were sent.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FoundTraces } from "@/lib/contract/trace";
import { NO_NAMES } from "@/lib/domain/declared-names";
import { Directory } from "@/lib/domain/directory";
import { DomainError } from "@/lib/domain/errors";
import { type Span, SpanKind, textAttribute } from "@/lib/domain/span";
import { searchTraces } from "@/lib/engine/trace-search";
import { readTraceSearch, toFoundTraces } from "@/lib/services/find-traces";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { EngineRig } from "@/test/helpers/engine-rig";

const START_MS = 1_760_000_000_000;
const END_MS = START_MS + 240_000;
const seed = `search ${Date.now()}`;
const WHOLE = { from: String(START_MS - 60_000), to: String(END_MS + 60_000) };

const serviceOf = (span: Span): string => {
  const name = textAttribute(span.resource.attributes, "service.name")!;
  const namespace = textAttribute(span.resource.attributes, "service.namespace");
  return namespace ? `${namespace}/${name}` : name;
};
const msOf = (span: Span): number => Number((span.endNs - span.startNs) / 1000n) / 1000;
/** What the simulator writes when a step fails: 5xx, a database error, or no answer. */
function failed(span: Span): boolean {
  const code = Number(
    textAttribute(span.attributes, "http.response.status_code") ??
      textAttribute(span.attributes, "http.status_code") ??
      0,
  );
  if (code >= 500) return true;
  return span.status.code === 2 && !(code >= 400);
}

describe(`searches for traces, ${seed}`, () => {
  const spans: Span[] = [];
  const starts = new Map<string, bigint>();
  let rig: EngineRig;

  const ask = async (params: Record<string, string>): Promise<FoundTraces> => {
    const search = readTraceSearch(new URLSearchParams({ ...WHOLE, ...params }), END_MS);
    return FoundTraces.parse(toFoundTraces(search, await rig.engine.traces(search)));
  };
  /** Every page, one after the other. */
  const askAll = async (params: Record<string, string>): Promise<string[]> => {
    const found: string[] = [];
    for (let before: string | null = null; ; ) {
      const page: FoundTraces = await ask({ ...params, ...(before !== null && { before }) });
      found.push(...page.traces.map(({ traceId }) => traceId));
      expect(page.more).toBe(page.next !== null);
      if (page.next === null) return found;
      before = page.next;
    }
  };
  const truth = (meets: (span: Span) => boolean): string[] => {
    const ids = [...new Set(spans.filter(meets).map(({ traceId }) => traceId))];
    const startOf = (id: string): bigint => starts.get(id)! / 1000n;
    return ids.sort((a, b) => (startOf(a) === startOf(b) ? (a < b ? 1 : -1) : startOf(a) < startOf(b) ? 1 : -1));
  };

  beforeAll(async () => {
    const fault = { service: "payment-service", fromUs: 0, toUs: Number.MAX_SAFE_INTEGER, errorRate: 0.1 };
    const simulation = new Simulation(ecommerce, seededRandom(seed), new Truth(), [fault]);
    for (let i = 0; i < 1200; i++) spans.push(...simulation.request((START_MS + i * 190) * 1000).spans);
    for (const { traceId, startNs } of spans) {
      const known = starts.get(traceId);
      if (known === undefined || startNs < known) starts.set(traceId, startNs);
    }
    rig = await EngineRig.open();
    const deliveries = [];
    for (let at = 0; at < spans.length; at += 700) deliveries.push({ atMs: END_MS, spans: spans.slice(at, at + 700) });
    await rig.deliver(deliveries);
  }, 60_000);
  afterAll(() => rig.close());

  it("without conditions finds every trace, newest first, page by page", async () => {
    const all = truth(() => true);
    expect(all.length).toBeGreaterThan(1200);
    expect(await askAll({})).toEqual(all);
    expect(await askAll({ limit: "37" })).toEqual(all);
    const first = await ask({});
    expect(first.traces.length).toBe(100);
    expect(first.searched).toEqual({ spans: spans.length, complete: true });
  });

  it("tells each trace in the numbers of its spans", async () => {
    const { traces } = await ask({ limit: "500" });
    for (const trace of traces) {
      const own = spans.filter(({ traceId }) => traceId === trace.traceId);
      const endNs = own.map((span) => span.endNs).sort((a, b) => (a < b ? 1 : -1))[0]!;
      const root = own.find(({ parentSpanId }) => parentSpanId === "")!;
      expect(trace).toEqual({
        traceId: trace.traceId,
        startUnixNano: `${starts.get(trace.traceId)! / 1000n}000`,
        durationMs: expect.closeTo(Number(endNs - starts.get(trace.traceId)!) / 1e6, 2),
        rootService: serviceOf(root),
        rootName: root.name,
        spans: own.length,
        services: [...new Set(own.map(serviceOf))].sort(),
        errors: own.filter(failed).length,
      });
    }
  });

  const service = "order-service";
  const conditions: readonly [name: string, params: Record<string, string>, meets: (span: Span) => boolean][] = [
    ["a service", { service: "payment-service" }, (span) => serviceOf(span) === "payment-service"],
    ["an operation", { operation: "POST /orders" }, (span) => span.name === "POST /orders"],
    ["failures", { error: "true" }, failed],
    ["failures of a service", { service, error: "true" }, (span) => serviceOf(span) === service && failed(span)],
    ["a least duration", { minMs: "120" }, (span) => msOf(span) >= 120],
    [
      "durations of a service",
      { service: "order-service", minMs: "20.5", maxMs: "90" },
      (span) => serviceOf(span) === "order-service" && msOf(span) >= 20.5 && msOf(span) <= 90,
    ],
    [
      "an attribute that is text",
      { attribute: "db.system.name=redis" },
      (span) => textAttribute(span.attributes, "db.system.name") === "redis",
    ],
    [
      "an attribute that is a number, of a service",
      { service: "order-service", attribute: "http.response.status_code=500" },
      (span) =>
        serviceOf(span) === "order-service" && textAttribute(span.attributes, "http.response.status_code") === "500",
    ],
    [
      "an attribute of the resource",
      { attribute: "service.name=payment-service" },
      (span) => serviceOf(span) === "payment-service",
    ],
    ["an environment", { env: ecommerce.environment }, () => true],
    ["a service that nobody has", { service: "nobody" }, () => false],
    ["an operation with quotes", { operation: "'; DROP TABLE spans; --" }, () => false],
    ["another environment", { env: "elsewhere" }, () => false],
  ];
  for (const [name, params, meets] of conditions) {
    it(`finds exactly the traces with ${name}`, async () => {
      const expected = truth(meets);
      expect(await askAll(params)).toEqual(expected);
      expect(await askAll({ ...params, limit: "97" })).toEqual(expected);
    });
  }

  it("has conditions that tell traces apart", () => {
    const all = truth(() => true).length;
    for (const [name, , meets] of conditions.slice(0, 9)) {
      const some = truth(meets).length;
      expect(some, name).toBeGreaterThan(0);
      expect(some, name).toBeLessThan(all);
    }
  });

  it("finds by what is called, when that sends no spans itself", async () => {
    const graph = await rig.engine.graph({
      fromMinute: Math.floor(START_MS / 60_000) - 1,
      toMinute: Math.ceil(END_MS / 60_000) + 1,
      environment: null,
      perspective: "data-flow",
    });
    const database = graph.nodes.find(({ kind }) => kind === "database")!;
    const [, namespace, host] = /\/(.*)@(.*):/.exec(database.id)!;
    const names = (span: Span): boolean =>
      span.kind === SpanKind.CLIENT &&
      (textAttribute(span.attributes, "db.namespace") ?? textAttribute(span.attributes, "db.name")) === namespace &&
      (textAttribute(span.attributes, "server.address") ?? textAttribute(span.attributes, "net.peer.name")) === host;
    expect(await askAll({ service: database.id })).toEqual(truth(names));
    expect(truth(names).length).toBeGreaterThan(0);
  });

  it("stops reading attributes when time is up, says so, and goes on from there", async () => {
    const directory = Directory.restore((await rig.store.load()).directory);
    let clock = 0;
    // A second passes with every look at the clock.
    const ports = { now: () => (clock += 1000), pause: async () => {} };
    const found: string[] = [];
    const looked: number[] = [];
    for (let before: string | null = null; ; ) {
      const params = { ...WHOLE, attribute: "db.system.name=redis", limit: "500", ...(before !== null && { before }) };
      const search = readTraceSearch(new URLSearchParams(params), END_MS);
      const page = toFoundTraces(search, await searchTraces(rig.store, directory, NO_NAMES, ports, search));
      found.push(...page.traces.map(({ traceId }) => traceId));
      looked.push(page.searched.spans);
      expect(page.searched.complete).toBe(page.next === null);
      if (page.next === null) break;
      before = page.next;
    }
    expect(found).toEqual(truth((span) => textAttribute(span.attributes, "db.system.name") === "redis"));
    expect(looked.length).toBeGreaterThan(1);
    expect(looked.reduce((sum, count) => sum + count, 0)).toBe(spans.length);
  });

  it("looks only at spans that start in the window", async () => {
    const fromMs = Math.floor(START_MS / 60_000) * 60_000 + 60_000;
    const within = (span: Span): boolean =>
      span.startNs >= BigInt(fromMs) * 1_000_000n && span.startNs < BigInt(fromMs + 60_000) * 1_000_000n;
    const answer = await askAll({ from: String(fromMs), to: String(fromMs + 60_000) });
    expect(answer).toEqual(truth(within));
    expect(answer.length).toBeLessThan(starts.size);
  });

  it("would notice a wrong condition", async () => {
    expect(await askAll({ service })).not.toEqual(truth((span) => serviceOf(span) === "payment-service"));
    expect(await askAll({ minMs: "119" })).not.toEqual(truth((span) => msOf(span) >= 300));
  });

  it("gives the course by minute with quantiles of that minute's spans", async () => {
    const request = {
      fromMinute: Math.floor(START_MS / 60_000) - 1,
      toMinute: Math.ceil(END_MS / 60_000) + 1,
      environment: null,
      perspective: "data-flow",
    } as const;
    const inMemory = (await rig.engine.node(request, "order-service"))!.series;
    await rig.engine.settle();
    await rig.restart();
    const { series } = (await rig.engine.node(request, "order-service"))!;
    expect(series).toEqual(inMemory);
    expect(series.length).toBeGreaterThan(3);
    for (const { at, calls, p50Ms, p99Ms } of series) {
      const own = spans
        .filter((span) => serviceOf(span) === "order-service" && (span.kind === 2 || span.kind === 5))
        .filter(({ startNs }) => Math.floor(Number(startNs / 1_000_000n) / 60_000) === Date.parse(at) / 60_000)
        .map(msOf)
        .sort((a, b) => a - b);
      expect(calls).toBe(own.length);
      for (const [q, value] of [
        [0.5, p50Ms],
        [0.99, p99Ms],
      ] as const) {
        const exact = own[Math.max(1, Math.ceil(q * own.length)) - 1]!;
        expect(Math.abs(value! - exact) / exact).toBeLessThan(0.032);
      }
    }
  });
});

describe("questions that are wrong", () => {
  const wrong: readonly [parameter: string, params: Record<string, string>][] = [
    ["minMs", { minMs: "fast" }],
    ["minMs", { minMs: "-1" }],
    ["maxMs", { maxMs: "1e999" }],
    ["maxMs", { minMs: "10", maxMs: "5" }],
    ["error", { error: "yes" }],
    ["attribute", { attribute: "http.route" }],
    ["attribute", { attribute: "=x" }],
    ["limit", { limit: "0" }],
    ["limit", { limit: "501" }],
    ["before", { before: "yesterday" }],
    ["before", { before: `1-${"0".repeat(32)}` }],
    ["last", { last: "1y" }],
    ["from", { from: "soon" }],
    ["service", { service: "x".repeat(5000) }],
  ];
  for (const [parameter, params] of wrong) {
    it(`are refused naming ${parameter}: ${JSON.stringify(params).slice(0, 60)}`, () => {
      expect.assertions(2);
      try {
        readTraceSearch(new URLSearchParams(params), START_MS);
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
        expect((error as DomainError).facts.parameter).toBe(parameter);
      }
    });
  }
});

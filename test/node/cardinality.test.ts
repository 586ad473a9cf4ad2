// A sender that invents names: of services, operations, hosts, environments, releases and attributes. What is kept apart is
// bounded, the rest is counted under one name and said, and no call is lost.
import { afterEach, describe, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import { DIRECTORY_LIMITS, type DirectoryLimits } from "@/lib/domain/directory";
import { wordsOfHex } from "@/lib/domain/ids";
import type { IssueCode } from "@/lib/domain/issue";
import { OTHER } from "@/lib/domain/node";
import { type Attribute, type Span, SpanKind, StatusCode } from "@/lib/domain/span";
import { KNOWN_KEYS } from "@/lib/ingest/otlp/attribute-keys";
import { seededRandom } from "@/lib/simulate/random";
import { effort, isFull } from "@/test/helpers/effort";
import { EngineRig } from "@/test/helpers/engine-rig";
import { hexId } from "@/test/helpers/random-spans";

const SERVICES = effort("HEADWATER_TEST_SERVICES");
/** Calls of each, every one with an operation of its own. */
const CALLS_EACH = isFull ? 10 : 5;
const CALLS = SERVICES * CALLS_EACH;
const LIMITS: DirectoryLimits = isFull
  ? DIRECTORY_LIMITS
  : { nodes: 2_000, environments: 20, operations: 20_000, resources: 3_000, bytes: 1 << 20 };
const TRACES_PER_REQUEST = 500;
const START_MS = Date.UTC(2026, 0, 5);
const MINUTE_MS = 60_000;

const random = seededRandom("cardinality");
const gateway = { attributes: [["service.name", "gateway"]] as Attribute[] };
const scope = { name: "", version: "" };

function span(fields: Partial<Span>): Span {
  const startNs = BigInt(START_MS) * 1_000_000n;
  return {
    traceId: "",
    spanId: hexId(random, 2),
    parentSpanId: "",
    traceState: "",
    name: "call",
    kind: SpanKind.CLIENT,
    startNs,
    endNs: startNs + 5_000_000n,
    attributes: [],
    events: [],
    links: [],
    status: { code: StatusCode.UNSET, message: "" },
    resource: gateway,
    scope,
    ...fields,
  };
}

/** The gateway calls a service that nobody has heard of, and a host likewise: two calls. */
function trace(i: number, environment: (service: number) => string): Span[] {
  const service = i % SERVICES;
  const traceId = hexId(random, 4);
  const client = span({ traceId });
  const resource = {
    attributes: [
      ["service.name", `service-${service}`],
      ["service.version", `${i}`],
      ["deployment.environment.name", environment(service)],
    ] as Attribute[],
  };
  return [
    client,
    span({
      traceId,
      parentSpanId: client.spanId,
      kind: SpanKind.SERVER,
      name: `operation-${i}`,
      resource,
      attributes: [[`key-${i}`, `value-${i}`]],
    }),
    span({ traceId, parentSpanId: client.spanId, attributes: [["server.address", `host-${service}.example`]] }),
  ];
}

let rig: EngineRig;
afterEach(() => rig.close());

const graphOf = (): Promise<Graph> => {
  const fromMinute = START_MS / MINUTE_MS;
  const asked = { fromMinute, toMinute: fromMinute + 2, environment: "", perspective: "request-flow" as const };
  return rig.engine.graph(asked);
};
const callsOf = ({ edges }: Graph): number => edges.reduce((sum, { calls }) => sum + calls, 0);

async function issue(code: IssueCode): Promise<number> {
  const { issues } = await rig.engine.status();
  return issues.find((entry) => entry.code === code)?.count ?? 0;
}

async function flood(names: DirectoryLimits, calls: number, environment: (service: number) => string = () => "") {
  rig = await EngineRig.open({ memorySpans: 50_000, names });
  const atMs = START_MS + 100;
  for (let i = 0; i < calls; i += TRACES_PER_REQUEST) {
    const traces = Array.from({ length: Math.min(TRACES_PER_REQUEST, calls - i) }, (_, j) => trace(i + j, environment));
    await rig.deliver([{ atMs, spans: traces.flat() }]);
  }
}

/** How many of each are kept, in the store: what a restart loads again. */
async function kept(): Promise<Record<"nodes" | "operations" | "resources", number>> {
  await rig.engine.settle();
  const { nodes, operations, resources } = (await rig.store.load()).directory;
  return { nodes: nodes.length, operations: operations.length, resources: resources.length };
}

/** The best of three, because others use the machine too. */
async function answerMs(): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    rig.engine.tick();
    const started = performance.now();
    await graphOf();
    times.push(performance.now() - started);
  }
  return Math.min(...times);
}

describe(`${SERVICES} services with ${CALLS} operations that a sender invents`, {
  timeout: isFull ? 1_800_000 : 120_000,
}, () => {
  it("are kept apart up to the limit, beyond it counted as one, and no call is lost, a restart included", async () => {
    await flood(LIMITS, CALLS);
    const counts = await kept();
    expect(counts.nodes).toBeLessThanOrEqual(LIMITS.nodes + 2);
    expect(counts.operations).toBeLessThanOrEqual(LIMITS.operations);
    expect(counts.resources).toBeLessThanOrEqual(LIMITS.resources + LIMITS.nodes);

    const graph = await graphOf();
    expect(callsOf(graph)).toBe(2 * CALLS);
    const other = graph.edges.filter(({ callee }) => callee === OTHER);
    expect(other.length).toBeGreaterThan(0);
    expect(graph.nodes.length).toBeLessThanOrEqual(LIMITS.nodes + 2);
    expect(await answerMs()).toBeLessThan(1_000);

    // It is said: every span of a name beyond the limit, and every one whose release is not told apart.
    const beyond = other.reduce((sum, { calls }) => sum + calls, 0);
    expect(await issue("too_many_names")).toBeGreaterThanOrEqual(beyond);
    expect(await issue("too_many_resources")).toBeGreaterThan(0);

    await rig.restart();
    expect(callsOf(await graphOf())).toBe(2 * CALLS);
    expect(await kept()).toEqual(counts);
    const more = trace(7 * SERVICES + 1, () => "");
    await rig.deliver([{ atMs: rig.nowMs, spans: more }]);
    expect((await kept()).nodes).toBeLessThanOrEqual(LIMITS.nodes + 2);
    expect(callsOf(await graphOf())).toBe(2 * CALLS + 2);
  });

  it("twin: without limits the same look sees all of them", async () => {
    const none = Number.POSITIVE_INFINITY;
    const calls = LIMITS.resources + LIMITS.nodes + 1_000;
    await flood({ nodes: none, environments: none, operations: none, resources: none, bytes: none }, calls);
    const counts = await kept();
    expect(counts.nodes).toBeGreaterThan(LIMITS.nodes + 2);
    expect(counts.resources).toBeGreaterThan(LIMITS.resources + LIMITS.nodes);
    expect((await graphOf()).edges.some(({ callee }) => callee === OTHER)).toBe(false);
    expect(await issue("too_many_names")).toBe(0);
  });
});

describe("names that are not many but long, or odd", () => {
  it("environments beyond the limit are one", async () => {
    const names = { ...DIRECTORY_LIMITS, environments: 20 };
    await flood(names, 1_000, (service) => `environment-${service}`);
    await rig.engine.settle();
    const stored = (await rig.store.load()).directory.nodes.map(({ node }) => node.environment);
    expect(new Set(stored).size).toBeLessThanOrEqual(21);
    expect(stored).toContain(OTHER);
    expect(await issue("too_many_names")).toBeGreaterThanOrEqual(900);
  });

  it("are cut where they are kept apart, never inside a character, and the store opens again", async () => {
    rig = await EngineRig.open();
    const pad = "x".repeat(254);
    const names = ["\u{1f3a8}", "\u{20000}", "\u{1f600}", "é", "\0a", "\0b", "\ufeff", "\u202e"].flatMap((end) => [
      pad + end.repeat(300),
      end,
      `${end}${pad}`,
    ]);
    /** So many attributes that the far side is resolved each time anew. */
    const crowd = KNOWN_KEYS.slice(0, 24)
      .filter(({ key }) => key !== "messaging.destination.template")
      .map(({ key }): Attribute => [key, pad]);
    const traceId = hexId(random, 4);
    const spans = names.flatMap((name) =>
      [[], crowd].map((others) =>
        span({
          traceId,
          name: `${name}${"y".repeat(3_000)}`,
          attributes: [["peer.service", name], ["messaging.destination.template", name], ...others],
          resource: { attributes: [["service.name", name]] },
        }),
      ),
    );
    await rig.deliver([{ atMs: START_MS + 100, spans }]);
    const counts = await kept();
    const { nodes, operations } = (await rig.store.load()).directory;
    for (const { node } of nodes) expect(node.id).not.toMatch(/\p{Surrogate}/u);
    for (const { name } of operations) expect(name.length).toBeLessThanOrEqual(1_024);
    expect(await issue("invalid_utf8")).toBe(0);
    await rig.restart();
    expect(await kept()).toEqual(counts);
    const words = new Uint32Array(4);
    wordsOfHex(traceId, words, 0, 4);
    const whole = await rig.engine.trace(new Int32Array(words.buffer));
    expect(whole).toHaveLength(spans.length);
    for (const { name } of whole) expect(name.length).toBeGreaterThanOrEqual(3_000);
  });
});

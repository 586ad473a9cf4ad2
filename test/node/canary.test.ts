// The canary on a real engine and a real DuckDB file: found while all is well, and every fault of the store is found by it. And
// that nobody sees it who does not ask for it.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { CANARY_ENVIRONMENT } from "@/lib/domain/node";
import type { Span } from "@/lib/domain/span";
import { Engine } from "@/lib/engine/engine";
import { ENGINE_DEFAULTS, type EngineOptions } from "@/lib/engine/engine-options";
import { WELL } from "@/lib/engine/store-condition";
import type { TraceSearch } from "@/lib/engine/trace-search";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { Canary, type CanaryOutcome, type CanaryPorts } from "@/lib/services/canary";
import { CANARY_CALLEE, CANARY_CALLER, canaryTrace } from "@/lib/services/canary-trace";
import { toSources } from "@/lib/services/get-sources";
import { checkDuckDb } from "@/lib/store/drivers/duckdb/check";
import { openDuckDbStore } from "@/lib/store/drivers/duckdb/duckdb-store";
import type { Commit, SpanStore } from "@/lib/store/span-store";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const START_MS = Date.UTC(2026, 0, 5, 12, 0, 1);
const newId = (): string => randomBytes(16).toString("hex");
const path = (folder: string): string => join(folder, "headwater.duckdb");

interface Rig {
  readonly folder: string;
  readonly engine: Engine;
  nowMs: number;
}

async function open(spoil: (store: SpanStore) => SpanStore = (store) => store, options: Partial<EngineOptions> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "headwater-canary-"));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const rig = { folder, nowMs: START_MS } as { -readonly [Key in keyof Rig]: Rig[Key] };
  const store = spoil(await openDuckDbStore({ path: path(folder), memoryLimit: "200MB" }));
  const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
  rig.engine = await Engine.start(store, { ...ENGINE_DEFAULTS, ...options }, { now: () => rig.nowMs, pause });
  closers.push(() => rig.engine.close());
  return rig as Rig;
}

const ingest = (engine: Engine, bytes: Uint8Array) =>
  engine.ingest({ bytes, gzip: null, door: "otlp-http", format: "protobuf" });

/** A canary whose waiting moves the clock. */
function canaryOf(rig: Rig, ports: Partial<CanaryPorts> = {}): { canary: Canary; reports: [CanaryOutcome, string][] } {
  const reports: [CanaryOutcome, string][] = [];
  const canary = new Canary(
    15_000,
    {
      now: () => rig.nowMs,
      wait: async (ms) => {
        rig.nowMs += ms;
      },
      traceId: newId,
      send: async (bytes) => void (await ingest(rig.engine, bytes)),
      trace: (trace) => rig.engine.trace(trace),
      graph: (request) => rig.engine.graph(request),
      report: (outcome, traceId) => void reports.push([outcome, traceId]),
      ...ports,
    },
    200,
  );
  return { canary, reports };
}

const running = new AbortController().signal;

async function rounds(rig: Rig, canary: Canary, count: number): Promise<(CanaryOutcome | null)[]> {
  const outcomes: (CanaryOutcome | null)[] = [];
  for (let i = 0; i < count; i++) {
    outcomes.push(await canary.round(running));
    rig.nowMs += 15_000;
  }
  return outcomes;
}

/** A store that does something else with what it is given. */
const committing = (change: (commit: Commit) => Commit) => (store: SpanStore) =>
  new Proxy(store, {
    get: (target, name) => {
      if (name === "commit") return (commit: Commit, appended?: () => void) => target.commit(change(commit), appended);
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

const inBodies = (from: string, to: string) =>
  committing((commit) => ({
    ...commit,
    bodies: commit.bodies.map((body) =>
      gzipSync(Buffer.from(gunzipSync(body).toString("latin1").replaceAll(from, to), "latin1")),
    ),
  }));

describe("the canary", () => {
  it("finds every trace, over minutes, restarts of its own, and a sender that sends twice", async () => {
    const rig = await open();
    const { canary, reports } = canaryOf(rig, {
      send: async (bytes) => {
        await ingest(rig.engine, bytes.slice());
        await ingest(rig.engine, bytes);
      },
    });
    expect(await rounds(rig, canary, 9)).toEqual(Array.from({ length: 9 }, () => "found"));
    expect(canary.state).toMatchObject({ written: 9, missing: 0, wrong: 0, refused: 0, everyMs: 15_000 });
    expect(canary.state.lagMs).toBeGreaterThanOrEqual(0);
    rig.nowMs -= 15_000; // another one in the same minute
    expect(await rounds(rig, canaryOf(rig).canary, 1)).toEqual(["found"]);
    expect(reports).toEqual([]);
  });

  it.each([
    ["loses the trace", committing((commit) => ({ ...commit, fresh: new Int32Array(0) })), "missing"],
    ["loses one span", committing((commit) => ({ ...commit, fresh: commit.fresh.slice(0, 1) })), "wrong"],
    ["changes an attribute", inBodies("headwater.canary.3", "headwater.canary.5"), "wrong"],
    ["changes an event", inBodies("chirp", "chorp"), "wrong"],
  ] as const)("twin: of a store that %s it says so, each time once", async (_, spoil, fault) => {
    const rig = await open(spoil);
    const { canary, reports } = canaryOf(rig);
    expect(await rounds(rig, canary, 3)).toEqual([fault, fault, fault]);
    expect(canary.state).toMatchObject({ written: 3, missing: 0, wrong: 0, [fault]: 3, refused: 0, lagMs: null });
    expect(reports.map(([outcome]) => outcome)).toEqual([fault, fault, fault]);
    expect(new Set(reports.map(([, traceId]) => traceId)).size).toBe(3);
  });

  it("is found whatever secrets are overwritten, unless its own keys are", async () => {
    const words = ["address", "text", "number", "flag", "volume", "value", "user", "id", "http", "url"];
    const rig = await open(undefined, { redactKeys: [...ENGINE_DEFAULTS.redactKeys, ...words] });
    expect(await rounds(rig, canaryOf(rig).canary, 1)).toEqual(["found"]);
    const other = await open(undefined, { redactKeys: ["canary"] });
    expect(await rounds(other, canaryOf(other).canary, 1)).toEqual(["wrong"]);
  });

  it("twin: of an engine that counts a copy twice it says wrong", async () => {
    const rig = await open(undefined, { sabotage: { noDedupe: true } });
    const { canary } = canaryOf(rig, {
      send: async (bytes) => {
        await ingest(rig.engine, bytes.slice());
        await ingest(rig.engine, bytes);
      },
    });
    expect(await rounds(rig, canary, 2)).toEqual(["wrong", "wrong"]);
  });

  it("twin: of a graph that lost a call, and of answers that do not come, it says so; afterwards all is well again", async () => {
    const rig = await open();
    let fault: "none" | "graph" | "trace" | "door" = "none";
    const { canary } = canaryOf(rig, {
      send: async (bytes) => {
        if (fault === "door") throw new Error("no room");
        await ingest(rig.engine, bytes);
      },
      trace: (trace) => (fault === "trace" ? Promise.reject(new Error("no answer")) : rig.engine.trace(trace)),
      graph: async (request) => {
        const graph = await rig.engine.graph(request);
        return fault === "graph"
          ? { ...graph, edges: graph.edges.map((edge) => ({ ...edge, calls: edge.calls - 1 })) }
          : graph;
      },
    });
    const outcomes: (CanaryOutcome | null)[] = [];
    for (fault of ["none", "graph", "none", "trace", "door", "none"] as const)
      outcomes.push(...(await rounds(rig, canary, 1)));
    expect(outcomes).toEqual(["found", "wrong", "found", "missing", "refused", "found"]);
    expect(canary.state).toMatchObject({ written: 5, missing: 1, wrong: 1, refused: 1 });
  });

  it("says nothing of a trace during which it is stopped", async () => {
    const rig = await open();
    const stopper = new AbortController();
    const { canary, reports } = canaryOf(rig, {
      send: async () => {
        stopper.abort();
        throw new Error("the server is stopping");
      },
    });
    await canary.run(stopper.signal);
    expect([canary.state.refused, reports]).toEqual([0, []]);
  });
});

describe("nobody sees the canary who does not ask for it", () => {
  const window = { fromMinute: START_MS / 60_000 - 5, toMinute: START_MS / 60_000 + 30 };
  const asked = { fromMinute: Math.floor(window.fromMinute), toMinute: Math.ceil(window.toMinute) };
  const search = (environment: string | null): TraceSearch => ({
    ...asked,
    environment,
    service: null,
    operation: null,
    minMs: null,
    maxMs: null,
    failed: false,
    attribute: null,
    limit: 100,
    before: null,
  });

  const of = (environment: string, spans: readonly Span[]): Span[] =>
    spans.map((span) => ({
      ...span,
      resource: {
        attributes: span.resource.attributes.map(([key, value]) =>
          key === "deployment.environment.name" ? ([key, environment] as const) : ([key, value] as const),
        ),
      },
    }));

  /** Everything that people see, of an engine that got these traces. */
  async function seen(environments: readonly string[]) {
    const rig = await open();
    for (const environment of environments) {
      await ingest(rig.engine, encodeSpans(of(environment, canaryTrace(newId(), rig.nowMs))));
      rig.nowMs += 15_000;
    }
    const addresses = { "otlp-http": "", "otlp-grpc": "", import: "" };
    const retention = { spansMs: 1, spansBytes: 1, minutesMs: 1, hoursMs: 1 };
    const status = { ...(await rig.engine.status()), ...WELL };
    const { doors, senders, store } = toSources(status, addresses, retention, false, null);
    const graph = await rig.engine.graph({ ...asked, environment: null, perspective: "data-flow" });
    const found = await rig.engine.traces(search(null));
    const byAttribute = await rig.engine.traces({
      ...search(null),
      attribute: { key: "headwater.canary.3", value: "true" },
    });
    await rig.engine.close();
    closers.pop();
    const { spans } = await checkDuckDb(path(rig.folder));
    return {
      counted: doors.map(({ requests, received, stored }) => [requests, received, stored]),
      senders: senders.map(({ service, environment, spans: sent }) => [service, environment, sent]),
      oldest: store.oldestSpanAt,
      stored: [status.spans, spans],
      commits: status.commits.spans.sum,
      environments: graph.environments,
      shown: [graph.environment, graph.stats.spans, graph.stats.calls, graph.nodes.length],
      traces: [found.traces.length, found.searched.spans, byAttribute.traces.length],
    };
  }

  const NOTHING = {
    counted: [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
    senders: [],
    oldest: null,
    stored: [0, 0],
    commits: 0,
    environments: [],
    shown: ["", 0, 0, 0],
    traces: [0, 0, 0],
  };

  it("not where there is nothing else", async () => {
    expect(await seen([CANARY_ENVIRONMENT, CANARY_ENVIRONMENT, CANARY_ENVIRONMENT])).toEqual(NOTHING);
  });

  it("not beside others, whose numbers are theirs alone", async () => {
    const alone = await seen(["prod"]);
    expect(alone).toMatchObject({ stored: [2, 2], commits: 2, shown: ["prod", 2, 1, 2], traces: [1, 2, 1] });
    const { oldest: _, ...mixed } = await seen([CANARY_ENVIRONMENT, "prod", CANARY_ENVIRONMENT, CANARY_ENVIRONMENT]);
    expect(alone).toMatchObject(mixed);
  });

  it("twin: in any other environment the same spans are all there", async () => {
    const found = await seen(["headwater.canary2", "headwater.canary2"]);
    expect(found).toMatchObject({
      stored: [4, 4],
      commits: 4,
      environments: [{ name: "headwater.canary2", spans: 4 }],
      traces: [2, 4, 2],
    });
    for (const [what, nothing] of Object.entries(NOTHING)) expect(found[what as "stored"], what).not.toEqual(nothing);
  });

  it("but with its environment, or the id of a trace, it is there", async () => {
    const rig = await open();
    const traceId = newId();
    await ingest(rig.engine, encodeSpans(canaryTrace(traceId, rig.nowMs)));
    const graph = await rig.engine.graph({ ...asked, environment: CANARY_ENVIRONMENT, perspective: "data-flow" });
    expect(graph.nodes.map(({ id }) => id)).toEqual([CANARY_CALLEE, CANARY_CALLER]);
    expect(graph.edges.map(({ caller, callee, calls }) => [caller, callee, calls])).toEqual([
      [CANARY_CALLER, CANARY_CALLEE, 1],
    ]);
    const { traces } = await rig.engine.traces(search(CANARY_ENVIRONMENT));
    expect(traces.map((trace) => trace.traceId)).toEqual([traceId]);
  });

  it("and retention forgets it with the rest, without counting it", async () => {
    const rig = await open(undefined, { retainSpansMs: 60_000 });
    for (const environment of [CANARY_ENVIRONMENT, "prod", CANARY_ENVIRONMENT]) {
      await ingest(rig.engine, encodeSpans(of(environment, canaryTrace(newId(), rig.nowMs))));
      rig.nowMs += 1000;
    }
    await rig.engine.settle();
    expect((await rig.engine.status()).spans).toBe(2);
    rig.nowMs += 700_000;
    await ingest(rig.engine, encodeSpans(of("prod", canaryTrace(newId(), rig.nowMs))));
    rig.nowMs += 1;
    rig.engine.tick();
    await rig.engine.settle();
    const { spans, oldestMs } = await rig.engine.status();
    expect([spans, oldestMs]).toEqual([2, rig.nowMs - 1]);
  });
});

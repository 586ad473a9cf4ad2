// The graph over the wire: one graph, then what changes; added up, the changes are the graph. And questions that make no sense.
import { describe, expect, it } from "vitest";
import { applyDelta } from "@/lib/client/graph-delta";
import { type Graph, GraphDelta, Graph as GraphShape } from "@/lib/contract/graph";
import { Problem } from "@/lib/contract/problem";
import { eventually } from "@/test/helpers/server-process";
import { send } from "@/test/helpers/server-requests";
import { newSpanId, newTraceId, PROTOBUF, protobufOf, type SpanLike } from "@/test/helpers/server-spans";
import { serving } from "@/test/helpers/serving";

const here = serving();

interface Event {
  readonly name: string;
  readonly data: unknown;
}

/** Reads server-sent events as the browser does. */
class Listener {
  readonly events: Event[] = [];
  private readonly abort = new AbortController();

  static async open(path: string): Promise<Listener> {
    const listener = new Listener();
    const response = await fetch(`${here.server.base}${path}`, { signal: listener.abort.signal });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    void listener.read(response.body!).catch(() => {}); // closed by us
    return listener;
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = "";
    const decoder = new TextDecoder();
    for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(part, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop()!;
      for (const block of blocks) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        if (name) this.events.push({ name, data: JSON.parse(data!) });
      }
    }
  }

  /** The graph that the events add up to. */
  get graph(): Graph {
    const [first, ...rest] = this.events;
    expect(first?.name).toBe("graph");
    return rest.reduce((graph, { name, data }) => {
      expect(name).toBe("delta");
      return applyDelta(graph, GraphDelta.parse(data));
    }, GraphShape.parse(first!.data));
  }

  close(): void {
    this.abort.abort();
  }
}

/** Order does not matter; what an element says does. */
function sorted({ nodes, edges, ...head }: Graph): Graph {
  const byId = <T extends { id: string }>(list: readonly T[]): T[] => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { ...head, nodes: byId(nodes), edges: byId(edges) };
}

async function calls(caller: string, callee: string, count: number): Promise<void> {
  const spans = Array.from({ length: count }, (): SpanLike[] => {
    const [traceId, spanId] = [newTraceId(), newSpanId()];
    return [
      { traceId, spanId, kind: 3, service: caller },
      { traceId, parentSpanId: spanId, service: callee },
    ];
  }).flat();
  expect((await send(here.server.traces, { headers: PROTOBUF, body: protobufOf(spans) })).status).toBe(200);
}

const edgesOf = (graph: Graph): string[] =>
  graph.edges.map((edge) => `${edge.caller} -> ${edge.callee}: ${edge.calls}`).sort();

describe("the stream", () => {
  it("sends the graph, then what changed; added up it is what a fresh question answers", async () => {
    await calls("a", "b", 3);
    const listener = await Listener.open("/api/v1/graph/stream?last=1h");
    await eventually(
      async () => listener.events.length,
      (count) => count > 0,
    );
    expect(edgesOf(listener.graph)).toEqual(["a -> b: 3"]);

    const steps: [string, string, number][] = [
      ["b", "c", 5],
      ["a", "b", 2],
      ["c", "a", 1],
      ["b", "c", 4],
    ];
    for (const [caller, callee, count] of steps) {
      const sent = listener.events.length;
      await calls(caller, callee, count);
      await eventually(
        async () => listener.events.length,
        (now) => now > sent,
        5000,
      );
    }
    await eventually(
      async () => edgesOf(listener.graph).join(),
      (edges) => edges === "a -> b: 5,b -> c: 9,c -> a: 1",
    );
    expect(edgesOf(listener.graph)).toEqual(["a -> b: 5", "b -> c: 9", "c -> a: 1"]);

    // Nothing comes in any more: the last change and a fresh answer have the same version, or a minute has passed between.
    const same = await eventually(
      async () => ({
        fresh: sorted(await here.server.get<Graph>("/api/v1/graph?last=1h")),
        live: sorted(listener.graph),
      }),
      ({ fresh, live }) => JSON.stringify(fresh) === JSON.stringify(live),
    );
    expect(same.live).toEqual(same.fresh);

    // Changes are small: an element that stayed the same is not sent again, and at most one event comes a second.
    const deltas = listener.events.slice(1).map(({ data }) => GraphDelta.parse(data));
    expect(deltas.length).toBeGreaterThan(0);
    expect(deltas.some(({ edges }) => edges.length < same.live.edges.length)).toBe(true);
    // A check that applies nothing would not have got there.
    expect(sorted(GraphShape.parse(listener.events[0]!.data))).not.toEqual(same.fresh);
    listener.close();
  });

  it("sends a latecomer the graph as it is now, and changes from there", async () => {
    const early = await Listener.open("/api/v1/graph/stream?last=2h");
    await eventually(
      async () => early.events.length,
      (count) => count > 0,
    );
    await calls("late-a", "late-b", 2);
    await eventually(
      async () => edgesOf(early.graph).join(),
      (edges) => edges.includes("late-a -> late-b: 2"),
    );
    const late = await Listener.open("/api/v1/graph/stream?last=2h");
    await eventually(
      async () => late.events.length,
      (count) => count > 0,
    );
    expect(edgesOf(late.graph)).toEqual(edgesOf(early.graph));
    early.close();
    await calls("late-a", "late-b", 1);
    const edges = await eventually(
      async () => edgesOf(late.graph).join(),
      (text) => text.includes("late-a -> late-b: 3"),
    );
    expect(edges).toContain("late-a -> late-b: 3");
    late.close();
  });

  it("sends at most one event a second, however much comes in", async () => {
    const listener = await Listener.open("/api/v1/graph/stream?last=3h");
    await eventually(
      async () => listener.events.length,
      (count) => count > 0,
    );
    const before = listener.events.length;
    const until = Date.now() + 3000;
    while (Date.now() < until) await calls("busy-a", "busy-b", 10);
    const events = listener.events.length - before;
    expect(events).toBeGreaterThan(0);
    expect(events).toBeLessThanOrEqual(4);
    listener.close();
  });
});

describe("windows", () => {
  it.each([
    ["from=2026-01-05T10:00:30Z&to=2026-01-05T10:10:30Z", "2026-01-05T10:00:00.000Z", "2026-01-05T10:11:00.000Z", 11],
    [
      `from=${Date.UTC(2026, 0, 5, 10)}&to=${Date.UTC(2026, 0, 5, 11)}`,
      "2026-01-05T10:00:00.000Z",
      "2026-01-05T11:00:00.000Z",
      60,
    ],
    ["from=1970-01-01T00:00:00Z&to=1970-01-02T00:00:00Z", "1970-01-01T00:00:00.000Z", "1970-01-02T00:00:00.000Z", 1440],
    ["to=2026-01-05T10:00:00%2B02:00", "2026-01-05T07:00:00.000Z", "2026-01-05T08:00:00.000Z", 60],
  ])("%s widens to whole minutes, and the answer says so", async (query, from, to, minutes) => {
    const { window } = await here.server.get<Graph>(`/api/v1/graph?${query}`);
    expect(window).toEqual({ from, to, minutes, until: to });
  });

  it("a period ends with the minute that is running", async () => {
    const { window } = await here.server.get<Graph>("/api/v1/graph?last=15m");
    expect(window.minutes).toBe(15);
    expect(Date.parse(window.to)).toBeGreaterThan(Date.now() - 5000);
    expect(Date.parse(window.to)).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it("a window counts what started in it, and nothing else", async () => {
    const minute = Math.floor(Date.now() / 60_000) * 60_000 - 1_800_000;
    const at = (startMs: number): SpanLike => ({ service: "edge-of-time", startMs });
    const spans = [at(minute - 1), at(minute), at(minute + 59_999), at(minute + 60_000)];
    expect((await send(here.server.traces, { headers: PROTOBUF, body: protobufOf(spans) })).status).toBe(200);
    const graph = await here.server.get<Graph>(`/api/v1/graph?from=${minute}&to=${minute + 60_000}`);
    expect(graph.nodes.find(({ id }) => id === "edge-of-time")).toMatchObject({ calls: 2, spans: 2 });
  });
});

describe("questions that make no sense", () => {
  it.each([
    ["last=forever", "last"],
    ["last=0m", "last"],
    ["last=9999d", "last"],
    ["from=yesterday", "from"],
    ["to=-1", "to"],
    ["to=99999999999999999", "to"],
    ["from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from"],
    ["from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from"],
    ["from=2026-01-01T00:00:00Z&last=1h", "last"],
    ["perspective=sideways", "perspective"],
    [`env=${"x".repeat(257)}`, "env"],
  ])("%s is 400, naming %s", async (query, parameter) => {
    for (const path of ["graph", "graph/stream", "graph/edge", "graph/node"]) {
      const answer = await send(`${here.server.base}/api/v1/${path}?id=x&${query}`, { method: "GET" });
      expect({ path, status: answer.status }).toEqual({ path, status: 400 });
      expect(answer.headers["content-type"]).toBe("application/problem+json");
      const problem = Problem.parse(JSON.parse(answer.body.toString()));
      expect(problem).toMatchObject({ status: 400, parameter });
      expect(problem.detail).toContain(parameter);
    }
  });

  it.each([
    ["graph/edge", 400, { parameter: "id" }],
    ["graph/node", 400, { parameter: "id" }],
    ["graph/edge?id=nobody", 404, {}],
    ["graph/node?id=__proto__", 404, {}],
    ["traces/xyz", 400, { parameter: "traceId" }],
    ["traces/0123456789abcdef0123456789abcdef0", 400, { parameter: "traceId" }],
    ["traces/0123456789abcdef0123456789abcdef", 404, {}],
  ])("%s is %d", async (path, status, facts) => {
    const answer = await send(`${here.server.base}/api/v1/${path}`, { method: "GET" });
    expect(answer.status).toBe(status);
    expect(Problem.parse(JSON.parse(answer.body.toString()))).toMatchObject({ status, ...facts });
  });
});

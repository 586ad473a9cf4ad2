// A server under load, and what it holds afterwards: every trace is one batch of its own, so that a batch that is there by half
// shows.
import { expect } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import type { Health } from "@/lib/contract/sources";
import type { Trace } from "@/lib/contract/trace";
import { SpanKind } from "@/lib/domain/span";
import { eventually, type Server } from "./server-process";
import { call, frame, send } from "./server-requests";
import { newSpanId, newTraceId, PROTOBUF, protobufOf, type SpanLike } from "./server-spans";

/** One request through shop and warehouse with `size` spans: calls, and spans of work inside the warehouse. */
export function traceOf(size: number): { traceId: string; spans: SpanLike[] } {
  const traceId = newTraceId();
  const startMs = Date.now() - 50;
  const [root, client, server] = [newSpanId(), newSpanId(), newSpanId()];
  const spans: SpanLike[] = [
    { traceId, spanId: root, service: "shop", startMs, durationMs: 40 },
    {
      traceId,
      spanId: client,
      parentSpanId: root,
      kind: SpanKind.CLIENT,
      service: "shop",
      startMs: startMs + 1,
      durationMs: 30,
    },
    { traceId, spanId: server, parentSpanId: client, service: "warehouse", startMs: startMs + 2, durationMs: 20 },
  ];
  while (spans.length < size) {
    const kind = SpanKind.INTERNAL;
    const spanId = newSpanId();
    spans.push({
      traceId,
      spanId,
      parentSpanId: server,
      kind,
      name: "work",
      service: "warehouse",
      startMs: startMs + 3,
      durationMs: 1,
    });
  }
  return { traceId, spans };
}

/** Spans in a batch. */
export const SIZE = 20;

/** Sends batches over both doors from many connections until it is told to stop; every acknowledged trace is noted at once. */
export class Load {
  readonly acknowledged: string[] = [];
  private stopped = false;
  private onAck: () => void = () => {};
  private readonly senders: Promise<void>[];

  constructor(server: Server) {
    this.senders = Array.from({ length: 8 }, async (_, i) => {
      while (!this.stopped) {
        const { traceId, spans } = traceOf(SIZE);
        const bytes = protobufOf(spans);
        try {
          if (i % 2 === 0) {
            const { status } = await send(server.traces, { headers: PROTOBUF, body: bytes });
            if (status !== 200) continue;
          } else {
            const { code } = await call(server.grpc, [frame(bytes)]);
            if (code !== 0) continue;
          }
        } catch {
          return; // the server is gone, as intended
        }
        this.acknowledged.push(traceId);
        this.onAck();
      }
    });
  }

  /** When that many are acknowledged; it goes on. */
  async reached(count: number): Promise<void> {
    while (this.acknowledged.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.senders);
  }

  /** Runs `then` in the very moment of acknowledgement number `count`. */
  atAck(count: number, then: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.onAck = () => {
        if (this.acknowledged.length < count || this.stopped) return;
        this.stopped = true;
        then();
        resolve(Promise.all(this.senders).then(() => {}));
      };
    });
  }
}

/** How many spans of acknowledged traces are not there, and how many are there more than once. */
export async function compare(server: Server, traces: readonly string[]): Promise<{ lost: number; doubled: number }> {
  let lost = 0;
  let doubled = 0;
  for (const traceId of traces) {
    const response = await fetch(`${server.base}/api/v1/traces/${traceId}`);
    const spans = response.status === 404 ? [] : ((await response.json()) as Trace).spans;
    const distinct = new Set(spans.map(({ spanId }) => spanId)).size;
    lost += SIZE - distinct;
    doubled += spans.length - distinct;
  }
  return { lost, doubled };
}

/** Everything of a graph that must survive a restart: what was counted in a fixed window. */
export async function graphOf(server: Server, window: string): Promise<Pick<Graph, "stats" | "nodes" | "edges">> {
  const { stats, nodes, edges } = await server.get<Graph>(`/api/v1/graph?${window}`);
  const byId = <T extends { id: string }>(list: readonly T[]): T[] => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { stats, nodes: byId(nodes), edges: byId(edges) };
}

/** Waits until every minute that changed is counted again. */
export async function derived(server: Server): Promise<void> {
  const { minutesToDerive } = await eventually(
    () => server.get<Health>("/healthz"),
    (health) => health.minutesToDerive === 0,
  );
  expect(minutesToDerive).toBe(0);
}

/** A window that holds all of it. */
export const aroundNow = (): string => `from=${Date.now() - 600_000}&to=${Date.now() + 600_000}`;

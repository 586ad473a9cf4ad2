// Three services with the OpenTelemetry SDK call each other; what the server shows afterwards is exactly what they did.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import type { Sources } from "@/lib/contract/sources";
import type { Trace } from "@/lib/contract/trace";
import { OtelService } from "@/test/helpers/server-otel-service";
import { dropFolder, makeFolder, Server } from "@/test/helpers/server-process";

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = makeFolder();
  server = await Server.start(folder);
});

afterAll(async () => {
  await server.stop();
  dropFolder(folder);
});

const edgesOf = (graph: Graph): string[] =>
  graph.edges
    .map(({ caller, callee, kind, calls, errors, inferred }) =>
      [`${caller} -> ${callee}`, kind, `${calls} calls`, `${errors} errors`, ...(inferred ? ["inferred"] : [])].join(
        ", ",
      ),
    )
    .sort();

const doors = { "http-protobuf": "otlp-http", "http-json": "otlp-http", grpc: "otlp-grpc" } as const;

describe.each(Object.entries(doors))("services that export by %s", (exporter, door) => {
  it("are drawn with exactly their calls and errors, and their traces are whole", async () => {
    const before = await countsOf(door);
    const endpoint = door === "otlp-grpc" ? `http://${server.grpc}` : new URL(server.traces).origin;
    const common = { environment: exporter, exporter: exporter as keyof typeof doors, endpoint };
    const c = await OtelService.start({ ...common, name: "c" });
    const b = await OtelService.start({ ...common, name: "b", next: c.url });
    const a = await OtelService.start({ ...common, name: "a", next: b.url });

    // Seven requests: c fails in three of them, b in one.
    const traces: string[] = [];
    for (const fail of ["", "c", "", "b,c", "", "c", ""]) {
      const response = await fetch(`${a.url}/work?fail=${fail}`);
      expect(response.status).toBe(200);
      traces.push(await response.text());
    }
    // Shutting down flushes: from here on everything was acknowledged.
    for (const service of [a, b, c]) expect(await service.end()).toBe(0);

    const graph = await server.get<Graph>(`/api/v1/graph?env=${exporter}`);
    expect(edgesOf(graph)).toEqual([
      "a -> b, sync, 7 calls, 1 errors",
      "b -> c, sync, 7 calls, 3 errors",
      "entry:user -> a, entry, 7 calls, 0 errors",
    ]);
    expect(graph.stats).toMatchObject({ spans: 35, orphans: 0, unpairedClients: 0 });
    for (const edge of graph.edges.filter(({ kind }) => kind === "sync"))
      expect(edge.confidence).toEqual({ paired: 7, n: 7 });

    const trace = await server.get<Trace>(`/api/v1/traces/${traces[3]}`);
    const parentOf = new Map(trace.spans.map((span) => [span.spanId, span]));
    const path = trace.spans.map(({ service, kind, parentSpanId, status }) => {
      const parent = parentSpanId === null ? "nobody" : `${parentOf.get(parentSpanId)?.service}`;
      return `${service} ${kind} under ${parent}, ${status.code}`;
    });
    expect(path.sort()).toEqual([
      "a client under a, error",
      "a server under nobody, unset",
      "b client under b, error",
      "b server under a, error",
      "c server under b, error",
    ]);
    const asked = trace.spans.find(({ service, kind }) => service === "c" && kind === "server")!;
    const told = [...asked.attributes, ...asked.resource].map(({ key, value }) => `${key}=${value}`);
    expect(told).toContain("service.version=1.2.3");
    expect(told.join()).toMatch(/http\.(response\.)?status_code=500/);

    const after = await countsOf(door);
    expect(after.stored - before.stored).toBe(35);
    expect(after.rejected + after.refused + after.duplicates).toBe(0);
  });
});

async function countsOf(name: string): Promise<Sources["doors"][number]> {
  return (await server.get<Sources>("/api/v1/sources")).doors.find((door) => door.name === name)!;
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { EdgeDetail, Graph, NodeDetail } from "@/lib/contract/graph";
import { openApi } from "@/lib/contract/openapi";
import { ImportResult, Sources } from "@/lib/contract/sources";
import { Trace } from "@/lib/contract/trace";
import type { Span } from "@/lib/domain/span";
import { WELL } from "@/lib/engine/store-condition";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { toImportResult, toSources } from "@/lib/services/get-sources";
import { getTrace } from "@/lib/services/get-trace";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { EngineRig } from "@/test/helpers/engine-rig";

type Json = { readonly [key: string]: unknown };
const METHODS = ["get", "put", "post", "delete", "patch"];

/** As JSON, which is what a client gets. */
const document = JSON.parse(JSON.stringify(openApi("1.2.3"))) as Json & {
  paths: Record<string, Record<string, Json & { operationId: string }>>;
};

/** Route folders of the app with the methods that they export, as `METHOD /path`. */
function routesOfApp(folder = "app", path = ""): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return routesOfApp(join(folder, entry.name), `${path}/${entry.name.replace(/^\[(.+)\]$/, "{$1}")}`);
    if (entry.name !== "route.ts") return [];
    const source = readFileSync(join(folder, entry.name), "utf8");
    const methods = source.matchAll(/export (?:const|async function|function) (GET|PUT|POST|DELETE|PATCH)\b/g);
    return Array.from(methods, ([, method]) => `${method} ${path}`);
  });
}

const documented = (): string[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).flatMap((method) => (METHODS.includes(method) ? [`${method.toUpperCase()} ${path}`] : [])),
  );

function* objects(value: unknown): Generator<Json> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Json;
  for (const inner of Object.values(value)) yield* objects(inner);
}

/** Everything about a document that would keep a client generator from reading it. */
function faultsOf(api: typeof document): string[] {
  const faults: string[] = [];
  const resolve = (ref: string): unknown =>
    ref
      .slice(2)
      .split("/")
      .reduce<unknown>((value, key) => (value as Json | undefined)?.[key], api);
  const types = new Set(["string", "number", "integer", "boolean", "object", "array", "null"]);
  for (const { $ref, type } of objects(api)) {
    if (typeof $ref === "string" && resolve($ref) === undefined) faults.push(`${$ref} leads nowhere`);
    if (typeof type === "string" && !types.has(type) && type !== "http" && type !== "apiKey" && type !== "about:blank")
      faults.push(`there is no type ${type}`);
  }
  const ids = new Set<string>();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const name = `${method} ${path}`;
      if (ids.has(operation.operationId)) faults.push(`${name} repeats ${operation.operationId}`);
      ids.add(operation.operationId);
      const responses = Object.entries((operation.responses ?? {}) as Record<string, Json>);
      if (!responses.some(([status]) => status.startsWith("2"))) faults.push(`${name} never succeeds`);
      for (const [status, { description, content }] of responses) {
        if (typeof description !== "string") faults.push(`${name} ${status} has no description`);
        for (const media of Object.values((content ?? {}) as Record<string, Json>))
          if (media.schema === undefined) faults.push(`${name} ${status} has no schema`);
      }
      const parameters = (operation.parameters ?? []) as { name: string; in: string; required?: boolean }[];
      const inPath = parameters.filter((parameter) => parameter.in === "path");
      const wanted = Array.from(path.matchAll(/\{(.+?)\}/g), ([, parameter]) => parameter);
      if (wanted.join() !== inPath.map((parameter) => parameter.name).join())
        faults.push(`${name} has other parameters`);
      if (inPath.some(({ required }) => required !== true)) faults.push(`${name} has an optional path parameter`);
    }
  }
  return faults;
}

describe("the description of the API", () => {
  it("names every route of the app and no other", () => {
    expect(documented().sort()).toEqual(routesOfApp().sort());
  });

  it("is whole: references lead somewhere, paths have their parameters, answers their shapes", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: "Headwater", version: "1.2.3" });
    expect(faultsOf(document)).toEqual([]);
    // One shape, one name: what is asked and what is answered do not differ.
    expect(
      Object.keys((document.components as { schemas: Json }).schemas).filter((name) => /Output$/.test(name)),
    ).toEqual([]);
  });

  it("has a check that notices a broken one", () => {
    const broken = structuredClone(document) as typeof document;
    const trace = broken.paths["/api/v1/traces/{traceId}"]!.get! as unknown as {
      parameters: unknown;
      responses: object;
    };
    trace.parameters = [];
    trace.responses = {
      200: { content: { "application/json": { schema: { $ref: "#/components/schemas/Nothing" } } } },
    };
    expect(faultsOf(broken).sort()).toEqual([
      "#/components/schemas/Nothing leads nowhere",
      "get /api/v1/traces/{traceId} 200 has no description",
      "get /api/v1/traces/{traceId} has other parameters",
    ]);
  });

  it("answers errors with a Problem everywhere", () => {
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, { responses }] of Object.entries(item)) {
        const refused = (responses as Record<string, { content: Json }>)["403"]!.content;
        expect(refused, `${method} ${path}`).toEqual({
          "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
        });
      }
    }
  });
});

describe("real answers of the engine", () => {
  /** The shapes say everything that is there: nothing is lost in reading. */
  const expectWhole = (shape: z.ZodType, value: unknown): void => {
    const json: unknown = JSON.parse(JSON.stringify(value));
    expect(shape.parse(json)).toEqual(json);
  };

  it("have the shapes that are described", async () => {
    const startMs = 1_760_000_000_000;
    const simulation = new Simulation(ecommerce, seededRandom("openapi"), new Truth());
    const spans: Span[] = [];
    for (let i = 0; i < 300; i++) spans.push(...simulation.request((startMs + i * 100) * 1000).spans);
    const rig = await EngineRig.open();
    try {
      rig.nowMs = startMs + 60_000;
      const report = await rig.engine.ingest({
        bytes: encodeSpans(spans),
        gzip: null,
        door: "otlp-http",
        format: "protobuf",
      });
      await rig.engine.settle();
      const toMinute = Math.floor(rig.nowMs / 60_000) + 1;
      const request = { fromMinute: toMinute - 60, toMinute, environment: null, perspective: "data-flow" } as const;
      const graph = await rig.engine.graph(request);
      expect(graph.edges.length).toBeGreaterThan(10);
      expectWhole(Graph, graph);
      for (const edge of graph.edges) expectWhole(EdgeDetail, await rig.engine.edge(request, edge.id));
      for (const node of graph.nodes) expectWhole(NodeDetail, await rig.engine.node(request, node.id));
      expectWhole(Trace, await getTrace(rig.engine, spans[0]!.traceId));
      const addresses = { "otlp-http": "http://a", "otlp-grpc": "http://b", import: "http://c" };
      const retention = {
        spansMs: 86_400_000,
        spansBytes: 10 * 2 ** 30,
        minutesMs: 604_800_000,
        hoursMs: 400 * 86_400_000,
      };
      expectWhole(Sources, toSources({ ...(await rig.engine.status()), ...WELL }, addresses, retention, false, null));
      expectWhole(ImportResult, toImportResult({ ...report, format: "OTLP protobuf" }));
    } finally {
      await rig.close();
    }
  });
});

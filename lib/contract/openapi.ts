// The description of the API (OpenAPI 3.1), made from the shapes that the answers have. A route that is not in PATHS is not
// documented, and a test says so.
import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { BACKUP_BYTES } from "./backup";
import { Configuration } from "./configuration";
import { Cycles } from "./cycles";
import { DemoRequest, DemoState } from "./demo";
import { EdgeDetail, Graph, GraphDelta, NodeDetail, Perspective } from "./graph";
import { Problem } from "./problem";
import { SessionRequest } from "./session";
import { ServerSettings } from "./settings";
import { Sla } from "./sla";
import { Health, ImportResult, Sources } from "./sources";
import { FoundTraces, Trace, TracesGraph } from "./trace";

const time = z.string().describe("RFC 3339, or Unix milliseconds");
const GraphQuery = z.object({
  last: z
    .string()
    .optional()
    .meta({ description: "a period up to now, such as 15m, 1h or 7d; 1h when nothing is asked", example: "1h" }),
  from: time.optional().describe("begin of the window, inclusive (RFC 3339 or Unix milliseconds); not beside last"),
  to: time.optional().describe("end of the window, exclusive; now when absent"),
  env: z.string().max(256).optional().describe("environment; the one with most spans in the window when absent"),
  perspective: Perspective.optional().describe("changes only the roles; the server's setting when absent"),
});
const SlaQuery = GraphQuery.extend({
  whatIf: z
    .array(z.string())
    .optional()
    .meta({
      description:
        "changes to try, any number: `caller:callee:` and `async`, `drop`, `fallback=99.9%` or `objective=99.95%`; `changed` in the answer has the result",
      example: ["checkout:payments:async"],
    }),
});
const withId = (what: string) => GraphQuery.extend({ id: z.string().describe(`id of the ${what}`) });

const ms = (what: string) => z.number().min(0).optional().describe(what);
const TracesQuery = GraphQuery.omit({ perspective: true }).extend({
  env: z.string().max(256).optional().describe("environment; all of them when absent"),
  service: z.string().optional().describe("node id; for what sends no spans itself, spans that name it"),
  operation: z.string().optional().describe("name of the span"),
  minMs: ms("the span took at least this long"),
  maxMs: ms("the span took at most this long"),
  error: z.literal("true").optional().describe("the span failed"),
  attribute: z.string().optional().meta({
    description: "key=value of the span or its resource: text, number or boolean",
    example: "http.route=/pay",
  }),
  limit: z.int().min(1).max(500).optional().describe("100 when absent"),
  before: z.string().optional().describe("`next` of the answer to go on from"),
});

const PROBLEMS = {
  400: "a parameter or the body is wrong; `parameter` or `offset` says where",
  401: "a token is needed, or it is not this server's",
  403: "the request comes from a page that is not allowed to make it",
  404: "nothing is known under this id in this window",
  413: "the body is too large",
  421: "the Host header does not name this server",
  500: "the server failed; its log says more",
  503: "the server is busy, starting or stopping; `Retry-After` says when to ask again",
} as const;
type ProblemStatus = keyof typeof PROBLEMS;

/** Any request can be answered with these. */
const ALWAYS: readonly ProblemStatus[] = [401, 403, 421, 500, 503];

function problems(...statuses: ProblemStatus[]): ZodOpenApiResponsesObject {
  const all = [...ALWAYS, ...statuses].sort((a, b) => a - b);
  return Object.fromEntries(
    all.map((status) => [
      String(status),
      { description: PROBLEMS[status], content: { "application/problem+json": { schema: Problem } } },
    ]),
  );
}

const answer = (description: string, schema: z.ZodType) => ({
  200: { description, content: { "application/json": { schema } } },
});
const body = (schema: z.ZodType) => ({ required: true, content: { "application/json": { schema } } });

const graph = (
  operationId: string,
  summary: string,
  shape: z.ZodType,
  query: z.ZodObject = GraphQuery,
  ...statuses: ProblemStatus[]
): ZodOpenApiOperationObject => ({
  operationId,
  tags: ["graph"],
  summary,
  requestParams: { query },
  responses: { ...answer(summary, shape), ...problems(400, ...statuses) },
});

const OPEN: ZodOpenApiOperationObject["security"] = [];

const PATHS: ZodOpenApiPathsObject = {
  "/api/v1/graph": { get: graph("getGraph", "Who calls whom in a window, with numbers.", Graph) },
  "/api/v1/graph/edge": {
    get: graph("getEdge", "One edge: its operations and its course by minute.", EdgeDetail, withId("edge"), 404),
  },
  "/api/v1/graph/node": {
    get: graph("getNode", "One node: its operations and its course by minute.", NodeDetail, withId("node"), 404),
  },
  "/api/v1/graph/stream": {
    get: {
      operationId: "streamGraph",
      tags: ["graph"],
      summary: "The graph, live, as server-sent events.",
      description:
        "Event `graph` holds a whole Graph and comes first; `delta` holds a GraphDelta, at most one a second; `trouble` holds an object with `detail`.",
      requestParams: { query: GraphQuery },
      responses: {
        200: {
          description: "a stream that does not end by itself",
          content: { "text/event-stream": { schema: { type: "string" } } },
        },
        ...problems(400),
      },
    },
  },
  "/api/v1/graph/traces": {
    get: graph(
      "getTracesGraph",
      "The graph of the traces with a span that meets every condition, or of one trace by its id, and of nothing else.",
      TracesGraph,
      TracesQuery.omit({ limit: true, before: true }).extend({
        trace: z.string().optional().meta({
          description: "id of one trace, wherever it lies in time; beside no other condition",
          example: "4bf92f3577b34da6a3ce929d0e0e4736",
        }),
        env: z
          .string()
          .max(256)
          .optional()
          .describe(
            "environment; without it traces of all are taken, and the graph is of the one with most of their spans",
          ),
        perspective: GraphQuery.shape.perspective,
      }),
    ),
  },
  "/api/v1/cycles": {
    get: graph("getCycles", "Services that depend on themselves through others, typed by their traces.", Cycles),
  },
  "/api/v1/sla": {
    get: {
      ...graph("getSla", "What every service may promise: ceilings, declared and observed.", Sla, SlaQuery),
      tags: ["sla"],
    },
  },
  "/api/v1/configuration": {
    get: {
      ...graph(
        "getConfiguration",
        "What headwater.yaml declares, what is wrong with it, and which of its names are not in the window.",
        Configuration,
      ),
      tags: ["configuration"],
    },
  },
  "/api/v1/traces": {
    get: {
      operationId: "findTraces",
      tags: ["traces"],
      summary: "Traces with a span that meets every condition, newest first.",
      requestParams: { query: TracesQuery },
      responses: { ...answer("what was found, and how far it looked", FoundTraces), ...problems(400) },
    },
  },
  "/api/v1/traces/{traceId}": {
    get: {
      operationId: "getTrace",
      tags: ["traces"],
      summary: "One trace, whole.",
      requestParams: { path: z.object({ traceId: z.string().describe("up to 32 hex digits") }) },
      responses: { ...answer("every span with its attributes, events and links", Trace), ...problems(400, 404) },
    },
  },
  "/api/v1/import": {
    post: {
      operationId: "importFile",
      tags: ["sources"],
      summary: "Takes a trace file as it is: OTLP, Jaeger, Tempo or Zipkin, gzip or not; the content decides.",
      requestBody: {
        required: true,
        content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
      },
      responses: { ...answer("what became of its spans, once they are durable", ImportResult), ...problems(400, 413) },
    },
  },
  "/api/v1/backup": {
    post: {
      operationId: "takeBackup",
      tags: ["server"],
      summary: "Everything that is stored, as a file that `headwater restore` takes.",
      responses: {
        200: {
          description: "what was acknowledged before the request, and perhaps more; every batch whole",
          headers: z.object({ [BACKUP_BYTES]: z.string().describe("bytes of the file") }),
          content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
        },
        ...problems(),
      },
    },
  },
  "/api/v1/sources": {
    get: {
      operationId: "getSources",
      tags: ["sources"],
      summary: "What comes in, from whom, and what did not make it.",
      responses: { ...answer("counts since the server started", Sources), ...problems() },
    },
  },
  "/api/v1/settings": {
    get: {
      operationId: "getSettings",
      tags: ["server"],
      summary: "What the server runs with, and where it is changed; no secrets.",
      responses: { ...answer("read-only", ServerSettings), ...problems() },
    },
  },
  "/api/v1/demo": {
    get: {
      operationId: "getDemo",
      tags: ["demo"],
      summary: "Whether demo traffic is running.",
      responses: { ...answer("its state", DemoState), ...problems() },
    },
    post: {
      operationId: "setDemo",
      tags: ["demo"],
      summary: "Starts or stops demo traffic, which is in environment `demo`, and switches its faults.",
      requestBody: body(DemoRequest),
      responses: { ...answer("its state now", DemoState), ...problems(400, 413) },
    },
  },
  "/api/v1/session": {
    post: {
      operationId: "openSession",
      tags: ["session"],
      summary: "Keeps the token in a cookie, for browsers.",
      security: OPEN,
      requestBody: body(SessionRequest),
      responses: {
        204: {
          description: "the token is right; a server without a token takes any and sets no cookie",
          headers: z.object({
            "Set-Cookie": z.string().optional().describe("headwater_token; HttpOnly, SameSite=Strict"),
          }),
        },
        ...problems(400, 413),
      },
    },
    delete: {
      operationId: "closeSession",
      tags: ["session"],
      summary: "Takes the cookie back.",
      security: OPEN,
      responses: { 204: { description: "there is no cookie any more" }, ...problems() },
    },
  },
  "/api/v1/openapi.json": {
    get: {
      operationId: "getOpenApi",
      tags: ["server"],
      summary: "This description.",
      responses: { ...answer("OpenAPI 3.1", z.looseObject({ openapi: z.string() })), ...problems() },
    },
  },
  "/healthz": {
    get: {
      operationId: "getHealth",
      tags: ["server"],
      summary: "Whether the server works.",
      responses: {
        ...answer("it does", Health),
        ...problems(),
        503: { description: "it does not; `failure` says why", content: { "application/json": { schema: Health } } },
      },
    },
  },
  "/metrics": {
    get: {
      operationId: "getMetrics",
      tags: ["server"],
      summary: "What the server counts of itself, for Prometheus.",
      responses: {
        200: {
          description: "Prometheus' text format 0.0.4; OpenMetrics 1.0.0 where `Accept` prefers it",
          content: {
            "text/plain": { schema: { type: "string" } },
            "application/openmetrics-text": { schema: { type: "string" } },
          },
        },
        ...problems(),
      },
    },
  },
  "/readyz": {
    get: {
      operationId: "getReadiness",
      tags: ["server"],
      summary: "Whether spans are taken now.",
      responses: {
        200: { description: "they are", content: { "text/plain": { schema: { type: "string" } } } },
        ...problems(),
        503: { description: "they are not, and why", content: { "text/plain": { schema: { type: "string" } } } },
      },
    },
  },
};

export type OpenApi = ReturnType<typeof createDocument>;

/** @param version of the server. @param basePath where it is mounted, such as `/headwater`. */
export const openApi = (version: string, basePath = ""): OpenApi =>
  createDocument(
    {
      openapi: "3.1.1",
      info: {
        title: "Headwater",
        version,
        description: "The service graph of a team's own traces. Missing is never zero: what was not measured is null.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: basePath || "/" }],
      security: [{ token: [] }, { cookie: [] }, {}],
      paths: PATHS,
      components: {
        schemas: { GraphDelta },
        securitySchemes: {
          token: { type: "http", scheme: "bearer", description: "HEADWATER_TOKEN, where one is set" },
          cookie: { type: "apiKey", in: "cookie", name: "headwater_token" },
        },
      },
    },
    // Answers may get further fields; a client that refuses them would break.
    { override: ({ jsonSchema }) => void delete jsonSchema.additionalProperties },
  );

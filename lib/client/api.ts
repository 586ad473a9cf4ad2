// The browser's side of the API: fetch, parse, or an error that says what is wrong.
import type { z } from "zod";
import { Configuration } from "../contract/configuration";
import { Cycles } from "../contract/cycles";
import { type DemoRequest, DemoState } from "../contract/demo";
import { EdgeDetail, Graph, NodeDetail } from "../contract/graph";
import { Problem } from "../contract/problem";
import { ServerSettings } from "../contract/settings";
import { Sla } from "../contract/sla";
import { Health, ImportResult, Sources } from "../contract/sources";
import { FoundTraces, Trace, TracesGraph } from "../contract/trace";
import { belowBase } from "./below-base";

export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    message: string,
    /** Which parameter is wrong; null when it is none. */
    readonly parameter: string | null = null,
  ) {
    super(message);
  }
}

async function ask<T>(schema: z.ZodType<T>, path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(belowBase(path), init);
  } catch {
    throw new ApiError(0, "The server did not answer.");
  }
  if (!response.ok) throw await errorOf(response);
  return schema.parse(await response.json());
}

/** Also of a server that takes no spans: it says why. */
export async function getHealth(): Promise<Health> {
  const response = await fetch(belowBase("/healthz"));
  if (!response.ok && response.status !== 503) throw await errorOf(response);
  return Health.parse(await response.json());
}

export async function errorOf(response: Response): Promise<ApiError> {
  const problem = Problem.safeParse(await response.json().catch(() => null));
  return new ApiError(
    response.status,
    problem.success ? problem.data.detail : `The server answered ${response.status}.`,
    problem.data?.parameter ?? null,
  );
}

/** Parameters of a question about the graph, as they stand in URLs. */
export interface GraphParams {
  readonly last?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly env?: string | undefined;
  readonly perspective?: string | undefined;
}

export function queryOf(params: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (typeof value === "string") search.set(name, value);
  return search.toString();
}

export const getGraph = (params: GraphParams, signal?: AbortSignal): Promise<Graph> =>
  ask(Graph, `/api/v1/graph?${queryOf(params)}`, signal ? { signal } : undefined);

export const getEdge = (params: GraphParams, id: string): Promise<EdgeDetail> =>
  ask(EdgeDetail, `/api/v1/graph/edge?${queryOf({ ...params, id })}`);

export const getNode = (params: GraphParams, id: string): Promise<NodeDetail> =>
  ask(NodeDetail, `/api/v1/graph/node?${queryOf({ ...params, id })}`);

export const getCycles = (params: GraphParams): Promise<Cycles> => ask(Cycles, `/api/v1/cycles?${queryOf(params)}`);

export const getConfiguration = (params: GraphParams, signal: AbortSignal): Promise<Configuration> =>
  ask(Configuration, `/api/v1/configuration?${queryOf(params)}`, { signal });

/**
 * @param whatIf changes to try, such as `checkout:payments:async`.
 */
export function getSla(params: GraphParams, whatIf: readonly string[] = [], signal?: AbortSignal): Promise<Sla> {
  const search = new URLSearchParams(queryOf(params));
  for (const change of whatIf) search.append("whatIf", change);
  return ask(Sla, `/api/v1/sla?${search}`, signal ? { signal } : undefined);
}

export const getTrace = (traceId: string): Promise<Trace> =>
  ask(Trace, `/api/v1/traces/${encodeURIComponent(traceId)}`);

/** Parameters of a search for traces, as they stand in URLs. */
export interface TraceParams extends Omit<GraphParams, "perspective"> {
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
  readonly minMs?: string | undefined;
  readonly maxMs?: string | undefined;
  readonly error?: string | undefined;
  readonly attribute?: string | undefined;
  readonly before?: string | undefined;
}

/** What the traces of a map are found by: conditions, or the id of one. */
export interface MappedParams extends Omit<TraceParams, "before"> {
  readonly trace?: string | undefined;
}

export const findTraces = (params: TraceParams, signal: AbortSignal): Promise<FoundTraces> =>
  ask(FoundTraces, `/api/v1/traces?${queryOf(params)}`, { signal });

export const getTracesGraph = (params: MappedParams & GraphParams, signal: AbortSignal): Promise<TracesGraph> =>
  ask(TracesGraph, `/api/v1/graph/traces?${queryOf(params)}`, { signal });

export const getSources = (): Promise<Sources> => ask(Sources, "/api/v1/sources");

export const getSettings = (): Promise<ServerSettings> => ask(ServerSettings, "/api/v1/settings");

export const getDemo = (): Promise<DemoState> => ask(DemoState, "/api/v1/demo");

export const setDemo = (change: DemoRequest): Promise<DemoState> =>
  ask(DemoState, "/api/v1/demo", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(change),
  });

export async function openSession(token: string): Promise<void> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) };
  const response = await fetch(belowBase("/api/v1/session"), init);
  if (!response.ok) throw await errorOf(response);
}

/** Takes the token's cookie back. */
export async function closeSession(): Promise<void> {
  const response = await fetch(belowBase("/api/v1/session"), { method: "DELETE" });
  if (!response.ok) throw await errorOf(response);
}

/** Sends a file as it is; `progress` gets shares in [0, 1]. XMLHttpRequest, because fetch does not tell how far it is. */
export function importFile(file: Blob, progress: (share: number) => void, signal: AbortSignal): Promise<ImportResult> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", belowBase("/api/v1/import"));
    request.responseType = "json";
    request.upload.onprogress = (event) => progress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onload = () => {
      if (request.status === 200) resolve(ImportResult.parse(request.response));
      else {
        const problem = Problem.safeParse(request.response);
        reject(
          new ApiError(
            request.status,
            problem.success ? problem.data.detail : `The server answered ${request.status}.`,
          ),
        );
      }
    };
    request.onerror = () => reject(new ApiError(0, "the connection was cut, or the file cannot be read."));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.onabort = () => reject(new ApiError(0, "cancelled; what had arrived by then may be stored."));
    request.send(file);
  });
}

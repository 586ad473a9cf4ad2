// OTLP over HTTP on its own port: POST /v1/traces, protobuf or JSON, gzip or not. The main thread only reads sockets; bodies
// are handed to the engine's thread. 200 comes after the COMMIT. Source: opentelemetry-proto docs/specification.md.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { DomainError } from "../domain/errors";
import { isCanary } from "../engine/doors";
import type { Body, EngineHandle } from "../engine/engine-client";
import type { Encoding } from "../engine/inflate";
import type { Admission } from "./admission";
import type { Backlog } from "./backlog";
import { BodyRoom } from "./body-room";
import { capHttp } from "./connection-cap";
import { checkCaller, type GuardSettings } from "./guard";
import { statusOf } from "./http-error";
import { log, thrown } from "./log";
import { jsonAnswer, jsonError, protobufAnswer, protobufError } from "./otlp-answers";
import type { RequestCounts } from "./request-counts";

export interface OtlpHttpSettings extends GuardSettings {
  readonly maxBodyBytes: number;
}

const PATH = "/v1/traces";
const ENCODINGS: ReadonlyMap<string, Encoding> = new Map([
  ["", "identity"],
  ["identity", "identity"],
  ["gzip", "gzip"],
  ["deflate", "deflate"],
]);
export const TOO_MUCH = "Too much is in flight; try again.";
const TOO_MUCH_PROTOBUF = protobufError(503, TOO_MUCH);
const RETRY_SECONDS = 1;
/** How long a sender may take for the head of a request, for all of it, and between two; how often that is looked at. */
const HEADERS_MS = 5_000;
export const REQUEST_MS = 30_000;
export const IDLE_MS = 30_000;
const CHECK_MS = 1_000;
/** How long the rest of a refused body is read and thrown away, so that its sender gets to see the answer. */
const LINGER_MS = 2_000;
const SHORT_BYTES = 1 << 20;

/** Something is wrong with the request itself; nothing of it was taken. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

export function createOtlpHttp(
  engine: EngineHandle,
  admission: Admission,
  backlog: Backlog,
  settings: OtlpHttpSettings,
  requests: RequestCounts,
): Server {
  const server = createServer({ noDelay: true, connectionsCheckingInterval: CHECK_MS }, (request, response) => {
    if (isTraces(request) && !backlog.admits(senderOf(request))) {
      refuseInPassing(request, response);
      requests.note("otlp-http", 503);
      return;
    }
    void handle(request, response, engine, admission, backlog, settings)
      .catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
        log("error", "request_failed", { door: "otlp-http", ...thrown(error) });
        return true;
      })
      .then((counts) => {
        if (counts) requests.note("otlp-http", response.statusCode);
      });
  });
  // A sender that dribbles headers or a body holds a socket, not the server.
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  server.keepAliveTimeout = IDLE_MS;
  capHttp(server);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    setTimeout(() => socket.destroy(), LINGER_MS).unref(); // a sender that does not close holds it no longer than that
    if (!socket.writable) return;
    const late = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
    requests.note("otlp-http", late ? 408 : 400);
    socket.end(`HTTP/1.1 ${late ? "408 Request Timeout" : "400 Bad Request"}\r\nConnection: close\r\n\r\n`);
  });
  return server;
}

/** @returns whether it counts as a request: probes, questions of browsers and the product's own do not. */
async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  engine: EngineHandle,
  admission: Admission,
  backlog: Backlog,
  settings: OtlpHttpSettings,
): Promise<boolean> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
  const json = type === "application/json";
  try {
    const { host, origin, authorization } = request.headers;
    const preflight = request.method === "OPTIONS" && origin !== undefined;
    const verdict = checkCaller({ host, origin, authorization, preflight }, settings);
    if (!verdict.ok) throw new Refusal(verdict.status, verdict.message);
    allowOrigin(request, response);
    const path = (request.url ?? "").split("?")[0];
    if (path === "/healthz" && request.method === "GET") {
      const { failure } = engine.condition;
      response.writeHead(failure === null ? 200 : 503, { "content-type": "text/plain" }).end(failure ?? "ok");
      return false;
    }
    if (path !== PATH) throw new Refusal(404, `There is nothing at ${path}; OTLP traces go to POST ${PATH}.`);
    if (request.method === "OPTIONS") {
      response.writeHead(204).end();
      return false;
    }
    if (request.method !== "POST") throw new Refusal(405, `${PATH} takes POST.`);
    if (!json && type !== "application/x-protobuf" && type !== "application/protobuf") {
      throw new Refusal(
        415,
        `Content-Type ${type || "(none)"} is not OTLP; send application/x-protobuf or application/json.`,
      );
    }
    const named = (request.headers["content-encoding"] ?? "").trim().toLowerCase();
    const encoding = ENCODINGS.get(named);
    if (!encoding)
      throw new Refusal(415, `Content-Encoding ${named} is not supported; send gzip, deflate or identity.`);

    const announced = Number(request.headers["content-length"] ?? 0);
    if (announced > settings.maxBodyBytes) throw tooLarge(settings);
    // Without a length the whole limit is reserved: what is promised must be kept.
    const most = request.headers["content-length"] === undefined ? settings.maxBodyBytes : announced;
    const room = BodyRoom.take(admission, most);
    if (!room) throw tooMuch();
    try {
      const bytes = await readBody(request, announced, settings, room);
      room.whole();
      const sender = senderOf(request);
      const body: Body = { bytes, encoding, door: "otlp-http", format: json ? "json" : "protobuf", sender };
      const report = await backlog.through(sender, bytes.length, () => engine.ingest(body));
      if (json) respond(response, 200, "application/json", jsonAnswer(report));
      else respond(response, 200, "application/x-protobuf", protobufAnswer(report));
      return !isCanary(report.environments);
    } finally {
      room.end();
    }
  } catch (error) {
    refuse(request, response, error, json, engine);
    return true;
  }
}

const isTraces = ({ method, url }: IncomingMessage): boolean => method === "POST" && url === PATH;
const senderOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? "";

/** Refuses with as little work as can be: of a flood there are many, and what they cost is missing for what is taken. */
function refuseInPassing(request: IncomingMessage, response: ServerResponse): void {
  const json = request.headers["content-type"]?.startsWith("application/json") === true;
  allowOrigin(request, response);
  response.setHeader("retry-after", RETRY_SECONDS);
  if (!isSoonOver(request)) response.setHeader("connection", "close");
  if (json) respond(response, 503, "application/json", jsonError(503, TOO_MUCH));
  else respond(response, 503, "application/x-protobuf", TOO_MUCH_PROTOBUF);
}

function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("vary", "origin");
  if (request.method !== "OPTIONS") return;
  response.setHeader("access-control-allow-methods", "POST");
  response.setHeader(
    "access-control-allow-headers",
    request.headers["access-control-request-headers"] ?? "content-type",
  );
  response.setHeader("access-control-max-age", "600");
}

/** The body in a buffer of its own, which can change threads without a copy. */
async function readBody(
  request: IncomingMessage,
  announced: number,
  settings: OtlpHttpSettings,
  room: BodyRoom,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(announced);
  let length = 0;
  // Destroyed, a request takes no more of its body, and its sender would see a reset instead of the answer.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    if (length + part.length > settings.maxBodyBytes) throw tooLarge(settings);
    if (!room.came(length + part.length)) throw tooMuch();
    if (length + part.length > bytes.length) {
      const next = new Uint8Array(Math.max(bytes.length * 2, length + part.length));
      next.set(bytes.subarray(0, length));
      bytes = next;
    }
    bytes.set(part, length);
    length += part.length;
  }
  if (announced > 0 && length < announced) throw new Refusal(400, "The body ended early.");
  return length === bytes.length ? bytes : bytes.slice(0, length);
}

const tooMuch = (): Refusal => new Refusal(503, TOO_MUCH, RETRY_SECONDS);

const tooLarge = ({ maxBodyBytes }: OtlpHttpSettings): Refusal =>
  new Refusal(
    413,
    `The body is larger than ${maxBodyBytes / (1 << 20)} MiB; send smaller batches or raise HEADWATER_MAX_BODY_MIB.`,
  );

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  json: boolean,
  engine: EngineHandle,
): void {
  const { status, message, retryAfter } = explain(error);
  if (status < 500 && status !== 401 && !(error instanceof DomainError)) {
    void engine.noteRefused("otlp-http", message).catch(() => {});
  }
  if (retryAfter !== undefined) response.setHeader("retry-after", String(retryAfter));
  if (!request.complete && !isSoonOver(request)) response.setHeader("connection", "close");
  if (json) respond(response, status, "application/json", jsonError(status, message));
  else respond(response, status, "application/x-protobuf", protobufError(status, message));
}

function explain(error: unknown): { status: number; message: string; retryAfter?: number | undefined } {
  if (error instanceof Refusal) return { status: error.status, message: error.message, retryAfter: error.retryAfter };
  if (error instanceof DomainError) {
    return { status: statusOf(error), message: error.message, retryAfter: error.facts.retryAfterSeconds };
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE")
    return { status: 400, message: "The connection was cut." };
  log("error", "request_failed", { door: "otlp-http", ...thrown(error) });
  return { status: 500, message: "The server failed." };
}

/** Whether the rest of a refused body is read sooner than a new connection is made. */
const isSoonOver = ({ headers }: IncomingMessage): boolean =>
  Number(headers["content-length"] ?? Infinity) <= SHORT_BYTES;

function respond(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  const { req: request } = response;
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  if (request.complete || isSoonOver(request)) {
    response.end(body);
    request.resume();
    return;
  }
  // The connection goes after this answer, but closed with bytes unread it would be reset, and the answer lost.
  response.write(body);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once("end", end).once("close", end).resume();
}

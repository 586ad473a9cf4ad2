// OTLP over gRPC on node:http2: one unary method, framed by hand. Half the CPU of grpc-js for the same requests.
// Source: grpc/doc/PROTOCOL-HTTP2.md; opentelemetry-proto docs/specification.md ("OTLP/gRPC").
import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { DomainError, type ErrorCode } from "../domain/errors";
import type { Body, EngineHandle } from "../engine/engine-client";
import type { Encoding } from "../engine/inflate";
import type { Admission } from "./admission";
import type { Backlog } from "./backlog";
import { capHttp2 } from "./connection-cap";
import { checkCaller } from "./guard";
import { log, thrown } from "./log";
import { protobufAnswer } from "./otlp-answers";
import { IDLE_MS, type OtlpHttpSettings, REQUEST_MS, TOO_MUCH } from "./otlp-http";
import type { RequestCounts } from "./request-counts";

const METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
const CODE = {
  OK: 0,
  INVALID: 3,
  EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
  DENIED: 7,
} as const;
const CODES: Record<ErrorCode, number> = {
  unreadable: CODE.INVALID,
  unsupported: CODE.UNIMPLEMENTED,
  // Without RetryInfo the sender drops it, as it should: it would not fit the next time either.
  too_large: CODE.EXHAUSTED,
  invalid_parameter: CODE.INVALID,
  not_found: CODE.UNIMPLEMENTED,
  unauthorized: CODE.UNAUTHENTICATED,
  unavailable: CODE.UNAVAILABLE,
  internal: CODE.INTERNAL,
};
const ENCODINGS: ReadonlyMap<string, Encoding> = new Map([
  ["identity", "identity"],
  ["gzip", "gzip"],
  ["deflate", "deflate"],
]);
const PREFIX = 5;
const USUAL_BYTES = 4 << 20;

class GrpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export function createOtlpGrpc(
  engine: EngineHandle,
  admission: Admission,
  backlog: Backlog,
  settings: OtlpHttpSettings,
  requests: RequestCounts,
): Http2Server {
  const server = createServer({
    maxSessionMemory: 64,
    settings: { initialWindowSize: 1 << 20, maxConcurrentStreams: 128 },
  });
  capHttp2(server);
  server.on("session", (session) => session.setTimeout(IDLE_MS, () => session.destroy()));
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {}); // a client that goes away is no news
    // Bytes that trickle keep a session from being idle, not a call from ending.
    const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), REQUEST_MS);
    stream.once("end", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
    void export_(stream, headers, engine, admission, backlog, settings)
      .catch((error: unknown) => fail(stream, error, engine))
      .then((code) => {
        if (code !== null) requests.note("otlp-grpc", code);
      });
  });
  server.on("sessionError", () => {});
  return server;
}

/** @returns the code that was answered. */
async function export_(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  engine: EngineHandle,
  admission: Admission,
  backlog: Backlog,
  settings: OtlpHttpSettings,
): Promise<number> {
  const verdict = checkCaller(
    {
      host: headers[":authority"],
      origin: headers.origin,
      authorization: headers.authorization,
    },
    settings,
  );
  if (!verdict.ok) throw new GrpcError(verdict.status === 401 ? CODE.UNAUTHENTICATED : CODE.DENIED, verdict.message);
  if (headers[":path"] !== METHOD)
    throw new GrpcError(CODE.UNIMPLEMENTED, `${headers[":path"]} is not served here; send traces to ${METHOD}.`);
  const sender = stream.session?.socket.remoteAddress ?? "";
  if (!backlog.admits(sender)) throw new GrpcError(CODE.UNAVAILABLE, TOO_MUCH);
  const announced = Number(headers["content-length"] ?? 0);
  let room = 0;
  const reserve = (bytes: number): void => {
    if (bytes <= room) return;
    if (!admission.take(bytes - room, room)) throw new GrpcError(CODE.UNAVAILABLE, TOO_MUCH);
    room = bytes;
  };
  // gRPC senders seldom announce a length: what is usual is reserved at once, the rest while it comes.
  reserve(announced > 0 ? announced : Math.min(settings.maxBodyBytes, USUAL_BYTES));
  try {
    const { message, encoding } = await readMessage(stream, headers, settings.maxBodyBytes, reserve);
    const body: Body = { bytes: message, encoding, door: "otlp-grpc", format: "protobuf", sender };
    const report = await backlog.through(sender, message.length, () => engine.ingest(body));
    answer(stream, protobufAnswer(report));
    return CODE.OK;
  } finally {
    admission.give(room);
  }
}

/** The one message of a unary call, still compressed. */
async function readMessage(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  limit: number,
  reserve: (bytes: number) => void,
): Promise<{ message: Uint8Array; encoding: Encoding }> {
  const parts: Buffer[] = [];
  let length = 0;
  // destroyOnReturn would reset the stream when this throws, and the client would see CANCELLED instead of why.
  for await (const part of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > limit + PREFIX) {
      throw new GrpcError(
        CODE.EXHAUSTED,
        `The message is larger than ${limit / (1 << 20)} MiB; send smaller batches or raise HEADWATER_MAX_BODY_MIB.`,
      );
    }
    reserve(length);
    parts.push(part);
  }
  if (length < PREFIX) throw new GrpcError(CODE.INVALID, "The request holds no message.");
  const body = Buffer.concat(parts, length);
  const size = body.readUInt32BE(1);
  if (PREFIX + size !== length) throw new GrpcError(CODE.INVALID, "The message is not as long as its frame says.");
  const compressed = body[0] === 1;
  const named = String(headers["grpc-encoding"] ?? "identity");
  const encoding = compressed ? ENCODINGS.get(named) : "identity";
  if (!encoding || (compressed && encoding === "identity"))
    throw new GrpcError(CODE.UNIMPLEMENTED, `grpc-encoding ${named} is not supported; use gzip.`);
  const message = new Uint8Array(size);
  message.set(body.subarray(PREFIX));
  return { message, encoding };
}

function answer(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (stream.destroyed) return;
  const frame = Buffer.alloc(PREFIX + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX);
  stream.respond(
    { ":status": 200, "content-type": "application/grpc+proto", "grpc-accept-encoding": "identity,gzip,deflate" },
    { waitForTrailers: true },
  );
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(CODE.OK) }));
  stream.end(frame);
}

/** @returns the code that was answered; null where nobody was left to be. */
function fail(stream: ServerHttp2Stream, error: unknown, engine: EngineHandle): number | null {
  if ((error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE") return null;
  const code =
    error instanceof GrpcError ? error.code : error instanceof DomainError ? CODES[error.code] : CODE.INTERNAL;
  const message = error instanceof GrpcError || error instanceof DomainError ? error.message : "The server failed.";
  if (code === CODE.INTERNAL) log("error", "request_failed", { door: "otlp-grpc", ...thrown(error) });
  else if (error instanceof GrpcError && code !== CODE.UNAVAILABLE)
    void engine.noteRefused("otlp-grpc", message).catch(() => {});
  if (stream.destroyed || stream.headersSent) return null;
  stream.respond(
    {
      ":status": 200,
      "content-type": "application/grpc+proto",
      "grpc-status": String(code),
      "grpc-message": encodeURIComponent(message),
    },
    { endStream: true },
  );
  stream.close();
  return code;
}

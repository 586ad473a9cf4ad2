// Requests to the OTLP doors as bytes on the wire: over node:http and node:http2, so that a test may send what no SDK would.
import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:http2";
import { gunzipSync } from "node:zlib";
import protobuf from "protobufjs";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Several parts are sent chunked, without a length. */
  readonly body?: Uint8Array | string | readonly (Uint8Array | string)[];
  readonly timeoutMs?: number;
}

/** @throws Error when nothing is answered in time. An answer that comes before the body is sent whole counts. */
export function send(
  url: string,
  { method = "POST", headers = {}, body, timeoutMs = 30_000 }: HttpOptions,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest(url, { method, headers, agent: false });
    let answered = false;
    const timer = setTimeout(() => {
      sending.destroy();
      reject(new NoAnswer(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    sending.on("response", (response) => {
      answered = true;
      const parts: Buffer[] = [];
      const done = (): void => {
        clearTimeout(timer);
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) });
        sending.destroy();
      };
      response
        .on("data", (part: Buffer) => parts.push(part))
        .on("end", done)
        .on("error", done);
    });
    sending.on("error", (error) => {
      // The rest of the body cannot be sent any more; what counts is whether the answer came through.
      if (answered) return;
      clearTimeout(timer);
      reject(error);
    });
    if (body === undefined) sending.end();
    else if (typeof body === "string" || body instanceof Uint8Array) {
      if (!("content-length" in headers)) sending.setHeader("content-length", Buffer.byteLength(body));
      sending.end(body);
    } else {
      for (const part of body as readonly (Uint8Array | string)[]) sending.write(part);
      sending.end();
    }
  });
}

export class NoAnswer extends Error {}

export interface GrpcAnswer {
  /** grpc-status. */
  readonly code: number;
  readonly text: string;
  readonly message: Buffer;
}

export const TRACE_EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** One length-prefixed message. */
export function frame(message: Uint8Array, compressed = false): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed ? 1 : 0;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

export interface GrpcOptions {
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly timeoutMs?: number;
}

/** A unary call with these bytes as its body, in as many DATA frames as there are parts. */
export function call(
  target: string,
  parts: readonly Uint8Array[],
  { path = TRACE_EXPORT, headers = {}, timeoutMs = 30_000 }: GrpcOptions = {},
): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    // The client counts what it has not sent yet as its own memory, and gives up on answers beyond it.
    const session = connect(`http://${target}`, { maxSessionMemory: 128 });
    const timer = setTimeout(() => {
      session.destroy();
      reject(new NoAnswer(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      session.destroy();
      reject(error);
    };
    session.on("error", fail);
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...headers,
    });
    const body: Buffer[] = [];
    let status: string | undefined;
    let text: string | undefined;
    const read = (headers: Record<string, unknown>): void => {
      status ??= headers["grpc-status"] as string | undefined;
      text ??= headers["grpc-message"] as string | undefined;
    };
    stream.on("response", read).on("trailers", read);
    stream.on("data", (part: Buffer) => body.push(part));
    stream.on("error", () => {}); // judged by what came before
    stream.on("close", () => {
      clearTimeout(timer);
      session.close();
      if (status === undefined) return reject(new Error(`the stream ended without grpc-status (${stream.rstCode})`));
      resolve({ code: Number(status), text: decodeURIComponent(text ?? ""), message: Buffer.concat(body) });
    });
    for (const part of parts) stream.write(part);
    stream.end();
  });
}

const { Root } = protobuf;
const answers = Root.fromJSON({
  nested: {
    Partial: {
      fields: { rejectedSpans: { id: 1, type: "int64" }, errorMessage: { id: 2, type: "string" } },
    },
    Response: { fields: { partialSuccess: { id: 1, type: "Partial" } } },
    Status: { fields: { code: { id: 1, type: "int32" }, message: { id: 2, type: "string" } } },
  },
});

export interface Partial {
  readonly rejectedSpans: number;
  readonly errorMessage: string;
}

/** partial_success of an ExportTraceServiceResponse; null when it is unset. */
export function partialOf(bytes: Uint8Array): Partial | null {
  const decoded = answers.lookupType("Response").decode(bytes) as unknown as {
    partialSuccess?: { rejectedSpans: unknown; errorMessage: string };
  };
  const partial = decoded.partialSuccess;
  return partial ? { rejectedSpans: Number(partial.rejectedSpans), errorMessage: partial.errorMessage } : null;
}

/** google.rpc.Status. */
export const statusIn = (bytes: Uint8Array): { code: number; message: string } =>
  answers.lookupType("Status").decode(bytes) as unknown as { code: number; message: string };

/** The one message of a gRPC answer. */
export function messageIn({ message }: GrpcAnswer): Uint8Array {
  const bytes = message.subarray(5, 5 + message.readUInt32BE(1));
  return message[0] === 1 ? gunzipSync(bytes) : bytes;
}

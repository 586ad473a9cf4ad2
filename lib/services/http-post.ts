// POST over node:http. Not fetch: a server may answer before it has read a long body, and the web app's fetch is not Node's.
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { Readable } from "node:stream";

export interface Posted {
  readonly status: number;
  /** The `Retry-After` header in seconds; null without one. */
  readonly retryAfter: number | null;
  readonly text: string;
}

/** @throws the socket's error when there is no answer. */
export function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | Readable,
  signal?: AbortSignal,
): Promise<Posted> {
  const start = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = start(url, { method: "POST", headers, ...(signal && { signal }) }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        // Answered before all was sent: what is left is not sent, and its socket must not keep the process.
        if (body instanceof Readable) body.destroy();
        if (!request.writableEnded) request.destroy();
        const after = Number(response.headers["retry-after"] ?? Number.NaN);
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: Number.isFinite(after) ? after : null,
          text: Buffer.concat(parts).toString("utf8"),
        });
      });
    });
    request.on("error", reject);
    if (body instanceof Readable) {
      body.on("error", (error) => {
        reject(error);
        request.destroy();
      });
      body.pipe(request);
    } else request.end(body);
  });
}

// Hands spans to an OTLP/HTTP door, as any exporter would: protobuf, the token if there is one, again when told so.
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { DomainError } from "../domain/errors";
import { post } from "./http-post";

const ATTEMPTS = 10;
const PAUSE_SECONDS = 1;
const AGAIN = new Set([429, 502, 503, 504]);

/**
 * @param endpoint of OTLP/HTTP, with or without `/v1/traces`.
 * @returns sends one ExportTraceServiceRequest; throws DomainError unavailable or unauthorized with a sentence for people.
 */
export function otlpSender(endpoint: URL, token: string | undefined): (bytes: Uint8Array) => Promise<void> {
  const url = endpoint.pathname.endsWith("/v1/traces") ? endpoint : new URL("v1/traces", slashed(endpoint));
  const headers = {
    "content-type": "application/x-protobuf",
    "content-encoding": "gzip",
    ...(token && { authorization: `Bearer ${token}` }),
  };
  let taken = false;
  return async (bytes) => {
    const body = gzipSync(bytes, { level: 1 });
    for (let attempt = 1; ; attempt++) {
      const answer = await post(url, { ...headers, "content-length": String(body.length) }, body).catch(
        (error: NodeJS.ErrnoException) => error,
      );
      if (answer instanceof Error) {
        // A door that has never been open is a wrong address; one that was may be restarting.
        if (!taken || attempt === ATTEMPTS)
          throw new DomainError("unavailable", `${url.origin} cannot be reached (${answer.code ?? answer.message})`);
      } else if (answer.status === 200) {
        taken = true;
        return;
      } else if (!AGAIN.has(answer.status) || attempt === ATTEMPTS) throw refusal(url, answer.status);
      const after = answer instanceof Error ? null : answer.retryAfter;
      await sleep((after ?? PAUSE_SECONDS) * 1000);
    }
  };
}

const slashed = (url: URL): URL => new URL(url.href.endsWith("/") ? url.href : `${url.href}/`);

function refusal(url: URL, status: number): DomainError {
  if (status === 401) return new DomainError("unauthorized", `${url.origin} needs its token: set HEADWATER_TOKEN`);
  if (status === 404) return new DomainError("unavailable", `${url.href} is no OTLP/HTTP door (404)`);
  return new DomainError("unavailable", `${url.href} answered ${status}`);
}

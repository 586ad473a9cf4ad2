// What every API route shares: who may ask, errors as problem+json, no caching.
import "server-only";
import type { DomainError } from "../domain/errors";
import { COOKIE, checkCaller } from "./guard";
import { getHouse, type House } from "./house";
import { problem, problemOf } from "./http-error";
import { log, thrown } from "./log";

type Handler<Context> = (request: Request, house: House, context: Context) => Promise<Response>;

/** A route handler behind the guard, by what headwater.yaml declares when it is asked. */
export const route = <Context = unknown>(handler: Handler<Context>) =>
  openRoute<Context>(async (request, house, context) => {
    const refused = refusal(request, house);
    if (refused) return refused;
    house.declared();
    return await handler(request, house, context);
  });

/** A route handler that anybody may ask: probes have no token, and call the server by whatever name. */
export function openRoute<Context = unknown>(
  handler: Handler<Context>,
): (request: Request, context: Context) => Promise<Response> {
  return async (request, context) => {
    try {
      return await handler(request, await getHouse(), context);
    } catch (error) {
      if (isDomainError(error)) {
        if (error.code === "internal") log("error", "request_failed", { door: "api", ...thrown(error) });
        return problemOf(error);
      }
      log("error", "request_failed", { door: "api", ...thrown(error) });
      return problem(500, "The server failed; its log says more.");
    }
  };
}

/** Routes are bundles of their own, and so is the house: each has its own class of that name, so the name counts. */
const isDomainError = (error: unknown): error is DomainError => error instanceof Error && error.name === "DomainError";

/** The answer for a caller that may not ask; null for one that may. */
export function refusal(request: Request, { config }: House): Response | null {
  const verdict = checkCaller(
    {
      host: request.headers.get("host") ?? undefined,
      origin: request.headers.get("origin") ?? undefined,
      authorization: request.headers.get("authorization") ?? undefined,
      cookie: cookieOf(request),
    },
    config,
  );
  if (!verdict.ok) return problem(verdict.status, verdict.message);
  // A page of another site may make the browser send a plain POST, but cannot hide where it comes from.
  const site = request.headers.get("sec-fetch-site");
  if (
    request.method !== "GET" &&
    request.method !== "HEAD" &&
    site !== null &&
    site !== "same-origin" &&
    site !== "none"
  ) {
    return problem(403, "Requests that change something are only taken from this server's own pages.");
  }
  return null;
}

function cookieOf(request: Request): string | undefined {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [name, ...value] = part.trim().split("=");
    if (name === COOKIE) return decoded(value.join("="));
  }
  return undefined;
}

/** A cookie that is not ours may hold anything. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });

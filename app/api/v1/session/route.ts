// The token as a cookie, for browsers. Not behind the guard of the other routes, because it is how one gets in; the checks
// of the guard are the same, with the token of the body as the one that is shown.
import { SessionRequest } from "@/lib/contract/session";
import { DomainError } from "@/lib/domain/errors";
import { checkCaller, type Verdict } from "@/lib/server/guard";
import { getHouse, type House } from "@/lib/server/house";
import { problem, problemOf } from "@/lib/server/http-error";
import { readJson } from "@/lib/server/read-json";
import { sessionCookie } from "@/lib/server/session-cookie";

export async function POST(request: Request): Promise<Response> {
  try {
    const { config } = await getHouse();
    const { token } = await readJson(request, SessionRequest);
    const verdict = check(request, config, token);
    if (verdict.ok) return done(request, config, config.token === undefined ? null : token);
    if (verdict.status === 401) return problem(401, "This is not the token of this server.");
    return problem(verdict.status, verdict.message);
  } catch (error) {
    if (error instanceof DomainError) return problemOf(error);
    throw error;
  }
}

/** Forgetting needs no token: it may have changed since. */
export async function DELETE(request: Request): Promise<Response> {
  const { config } = await getHouse();
  const verdict = check(request, config, config.token ?? "");
  return verdict.ok ? done(request, config, "") : problem(verdict.status, verdict.message);
}

const check = ({ headers }: Request, config: House["config"], token: string): Verdict =>
  checkCaller(
    {
      host: headers.get("host") ?? undefined,
      origin: headers.get("origin") ?? undefined,
      authorization: `Bearer ${token}`,
    },
    config,
  );

/** @param token null leaves the cookies as they are: a server without a token wants none. */
const done = (request: Request, { basePath }: House["config"], token: string | null): Response =>
  new Response(null, {
    status: 204,
    headers: {
      "cache-control": "no-store",
      ...(token !== null && { "set-cookie": sessionCookie(token, request, basePath) }),
    },
  });

import { COOKIE } from "./guard";

/**
 * The `Set-Cookie` header by which a browser shows the token from now on, until it is closed; an empty token takes it back.
 * It is sent below the base path alone. Scripts cannot read it, and pages of other sites cannot make the browser send it.
 */
export function sessionCookie(token: string, request: Request, basePath: string): string {
  const forwarded = request.headers.get("x-forwarded-proto")?.split(",")[0]?.trim();
  const secure = (forwarded ?? new URL(request.url).protocol.slice(0, -1)) === "https";
  return [
    `${COOKIE}=${encodeURIComponent(token)}`,
    `Path=${basePath || "/"}`,
    "HttpOnly",
    "SameSite=Strict",
    ...(secure ? ["Secure"] : []),
    ...(token === "" ? ["Max-Age=0"] : []),
  ].join("; ");
}

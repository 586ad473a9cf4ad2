// Who may talk to us: the Host must be one we answer to (against DNS rebinding), an Origin must be ours or configured, and
// where a token is set, it must be shown. Used by every door; nothing relies on a proxy having checked.
import { timingSafeEqual } from "node:crypto";
import { isLoopback } from "./config";

export interface GuardSettings {
  readonly token?: string | undefined;
  readonly allowedHosts: readonly string[];
  readonly corsOrigins: readonly string[];
}

export interface Caller {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  /** Value of the session cookie, for the UI. */
  readonly cookie?: string | undefined;
  /** A browser asks whether a page may send (CORS). It never shows a token then, and learns nothing but that. */
  readonly preflight?: boolean;
}

export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly status: 401 | 403 | 421; readonly message: string };

export const COOKIE = "headwater_token";

export function checkCaller(caller: Caller, settings: GuardSettings): Verdict {
  const host = hostName(caller.host);
  // With a token, a rebinding page learns nothing: it has none. Without, only names of this machine are answered.
  if (!settings.token && !isLoopback(host) && !settings.allowedHosts.includes(host)) {
    return {
      ok: false,
      status: 421,
      message: `Host ${host || "(none)"} is not one of this server; add it to HEADWATER_ALLOWED_HOSTS.`,
    };
  }
  if (
    caller.origin !== undefined &&
    !isOwnOrigin(caller.origin, caller.host) &&
    !settings.corsOrigins.includes(caller.origin)
  ) {
    return {
      ok: false,
      status: 403,
      message: `Origin ${caller.origin} is not allowed; add it to HEADWATER_CORS_ORIGINS.`,
    };
  }
  if (settings.token && !caller.preflight) {
    const shown = /^Bearer (.+)$/i.exec(caller.authorization ?? "")?.[1] ?? caller.cookie ?? "";
    if (!sameText(shown, settings.token))
      return { ok: false, status: 401, message: "A token is needed: send Authorization: Bearer <HEADWATER_TOKEN>." };
  }
  return { ok: true };
}

/** The name in a Host header, without port and brackets, lower-case. */
function hostName(host: string | undefined): string {
  if (!host) return "";
  const bracketed = /^\[([^\]]+)\](:\d+)?$/.exec(host);
  return (bracketed ? bracketed[1]! : host.replace(/:\d+$/, "")).toLowerCase();
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  try {
    return new URL(origin).host === host?.toLowerCase();
  } catch {
    return false;
  }
}

/** Takes as long for a near miss as for a far one. */
function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

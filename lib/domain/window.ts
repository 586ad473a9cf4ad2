// Which window a question is about. `from`/`to` are RFC 3339 or epoch milliseconds and mean [from, to); `last` is a period up
// to now. Windows widen to whole minutes, and the answer says which window it used.
import { DomainError } from "./errors";

const MINUTE_MS = 60_000;
const UNITS: Record<string, number> = { m: MINUTE_MS, h: 3_600_000, d: 86_400_000 };
export const DEFAULT_LAST = "1h";
const LONGEST_MS = 400 * 86_400_000;
const LATEST_MS = Date.UTC(2262, 0, 1);

export interface MinuteWindow {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** @throws DomainError invalid_parameter, naming which. */
export function readWindow(params: URLSearchParams, nowMs: number): MinuteWindow {
  const from = params.get("from");
  const to = params.get("to");
  const last = params.get("last");
  if (from === null && to === null) return lastWindow(last ?? DEFAULT_LAST, nowMs);
  if (last !== null) throw wrong("last", "cannot stand beside from and to");
  const toMs = to === null ? nowMs : readTime("to", to);
  const fromMs = from === null ? toMs - UNITS.h! : readTime("from", from);
  if (fromMs >= toMs) throw wrong("from", `must be before to; got from=${from ?? "to - 1h"}, to=${to ?? "now"}`);
  if (toMs - fromMs > LONGEST_MS) throw wrong("from", "lies more than 400 days before to");
  return { fromMinute: Math.floor(fromMs / MINUTE_MS), toMinute: Math.ceil(toMs / MINUTE_MS) };
}

function lastWindow(last: string, nowMs: number): MinuteWindow {
  const match = /^(\d{1,4})([mhd])$/.exec(last);
  const ms = match ? Number(match[1]) * UNITS[match[2]!]! : 0;
  if (ms < MINUTE_MS || ms > LONGEST_MS)
    throw wrong("last", `must be a period such as 15m, 1h or 7d; got ${last.slice(0, 40)}`);
  const toMinute = Math.floor(nowMs / MINUTE_MS) + 1; // the minute that is running counts
  return { fromMinute: toMinute - ms / MINUTE_MS, toMinute };
}

function readTime(name: string, text: string): number {
  const ms = /^\d{1,16}$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(ms) || ms < 0 || ms > LATEST_MS)
    throw wrong(name, `must be RFC 3339 or epoch milliseconds; got ${text.slice(0, 40)}`);
  return ms;
}

const wrong = (parameter: string, message: string): DomainError =>
  new DomainError("invalid_parameter", `${parameter} ${message}`, { parameter });

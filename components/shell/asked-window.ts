// Which window the URL asks for, by the rule that the server has: what it would refuse is not asked.
import { DomainError } from "@/lib/domain/errors";
import { DEFAULT_LAST, readWindow } from "@/lib/domain/window";

export interface AskedWindow {
  /** A period up to now; stands in when `from` and `to` are null. */
  readonly last: string;
  /** One of the two may be null: an hour before `to`, or up to now. */
  readonly from: string | null;
  readonly to: string | null;
  /** What was asked for and cannot be. */
  readonly notices: readonly string[];
}

interface Texts {
  readonly last: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** A wrong pair of times gives way to the period, a wrong period to the hour. @param nowMs epoch milliseconds */
export function askedWindow({ last, from, to }: Texts, nowMs: number): AskedWindow {
  const fixed = from !== null || to !== null;
  const wrongPair = fixed ? refusal({ last: null, from, to }, nowMs) : null;
  const wrongLast = last === null ? null : refusal({ last, from: null, to: null }, nowMs);
  const period = last === null || wrongLast !== null ? DEFAULT_LAST : last;
  const shown = fixed && wrongPair === null;
  return {
    last: period,
    from: shown ? from : null,
    to: shown ? to : null,
    // Beside times that hold, the period is not looked at.
    notices: shown
      ? []
      : [wrongPair, wrongLast].flatMap((wrong) => (wrong === null ? [] : [`This is the last ${period}: ${wrong}.`])),
  };
}

/** Why the server would refuse this window; null when it would not. */
function refusal(texts: Texts, nowMs: number): string | null {
  const params = new URLSearchParams();
  for (const [name, text] of Object.entries(texts)) if (text !== null) params.set(name, text);
  try {
    readWindow(params, nowMs);
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
}

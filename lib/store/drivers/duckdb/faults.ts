// What DuckDB's errors mean for the store, by their words: it has no codes for these.
import type { StoreFault } from "../../store-error";

/** After these an instance answers nothing any more. */
const DEAD = /^(FATAL|INTERNAL) Error|database has been invalidated/;
/** What was read is not what was written. */
const DAMAGED =
  /Corrupt database file|Could not read enough bytes|not a valid DuckDB database file|Failed to deserialize/;

/** @param writing whether the store has to write where it failed: without that it cannot go on. */
export function faultOf(cause: unknown, writing: boolean): StoreFault | null {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (DAMAGED.test(message)) return writing || DEAD.test(message) ? "ruined" : "damaged";
  return DEAD.test(message) ? "dead" : null;
}

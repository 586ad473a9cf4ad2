// What keeps the server from taking spans, as /healthz says it.
import type { HealthReason } from "../contract/sources";
import type { FailureCode } from "../engine/store-condition";
import type { House } from "./house";

type Seen = Pick<House, "engine">;

/** What callers without the token are told of what the engine says, by its code. */
const PUBLIC: Record<FailureCode, string> = {
  engine_failed: "The store failed.",
  store_failed: "The store failed and is being opened again.",
  disk_low: "The disk is nearly full.",
};

/** @param whole whether the caller may know details. @returns nothing while all is well. */
export function healthReasons({ engine }: Seen, whole: boolean): HealthReason[] {
  const { code, failure } = engine.condition;
  return code === null || failure === null ? [] : [{ code, text: whole ? failure : PUBLIC[code] }];
}

import type { Sources } from "@/lib/contract/sources";
import { asText, formatCount, formatMs, plural } from "@/lib/domain/format-number";
import type { Level } from "@/lib/overlays/overlay";

/** How the server's own traces fare, in one sentence. */
export function canaryText(canary: Sources["canary"]): { level: Level; text: string } {
  if (canary === null) return { level: "none", text: "Switched off." };
  const { written, missing, wrong, refused, lagSeconds } = canary;
  if (written + refused === 0) return { level: "none", text: "The first trace is on its way." };
  const faults = [
    { count: missing, what: "missing" },
    { count: wrong, what: "wrong" },
    { count: refused, what: "not taken" },
  ].filter(({ count }) => count > 0);
  if (faults.length > 0) {
    const named = faults.map(({ count, what }) => `${asText(formatCount(count))} ${what}`).join(", ");
    const level = missing + wrong > 0 ? "bad" : "warn";
    return { level, text: `${named}, of ${plural(written + refused, "trace")}.` };
  }
  if (lagSeconds === null) return { level: "none", text: "The first trace is being read back." };
  return { level: "ok", text: `Each trace found, the last in ${asText(formatMs(lagSeconds * 1000))}.` };
}

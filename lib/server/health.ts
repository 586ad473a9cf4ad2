// What keeps the server from taking spans, as /healthz says it.
import type { HealthReason } from "../contract/sources";
import type { House } from "./house";

type Seen = Pick<House, "engine">;

/** One line a thing that can be wrong: its code, what callers without the token are told of it, and what is wrong; null while nothing is. */
const REASONS: readonly { code: string; public: string; text: (house: Seen) => string | null }[] = [
  { code: "engine_failed", public: "The store failed.", text: ({ engine }) => engine.failure },
];

/** @param whole whether the caller may know details. @returns nothing while all is well. */
export const healthReasons = (house: Seen, whole: boolean): HealthReason[] =>
  REASONS.flatMap(({ code, public: said, text }) => {
    const found = text(house);
    return found === null ? [] : [{ code, text: whole ? found : said }];
  });

import { expect, it } from "vitest";
import { clippedParts } from "@/components/ui/clipped-parts";

const NAME = "corporate-platform-payments-settlement-in-region-0-processor";
/** Parts that stay in brackets. */
const shown = (...words: string[]): string =>
  clippedParts(
    NAME,
    words.map((word) => [NAME.indexOf(word), NAME.indexOf(word) + word.length] as const),
  )
    .map(({ text, kept }) => (kept ? `[${text}]` : text))
    .join("");

it.each([
  ["nothing tells: the end stays", [], "corporate-platform-payments-settlement-i[n-region-0-processor]"],
  ["a word in the middle", ["payments"], "corporate-platform-[payments]-settlement-in-region-0-processor"],
  [
    "two words side by side",
    ["payments", "settlement"],
    "corporate-platform-[payments-settlement]-in-region-0-processor",
  ],
  ["two apart", ["platform", "settlement"], "corporate-[platform]-payments-[settlement]-in-region-0-processor"],
  ["a word in the end: all of the end", ["0"], "corporate-platform-payments-settlement-i[n-region-0-processor]"],
  ["both", ["payments", "0"], "corporate-platform-[payments]-settlement-i[n-region-0-processor]"],
])("%s", (_what, words, parts) => {
  expect(shown(...words)).toBe(parts);
});

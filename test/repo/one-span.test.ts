// docs/one-span.md names files and what is in them: both have to be there.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const page = readFileSync("docs/one-span.md", "utf8");

interface Named {
  readonly file: string;
  readonly link: string;
  readonly symbol: string;
}

const namedIn = (text: string): Named[] =>
  Array.from(
    text.matchAll(/^\|[^|]*\|[^|]*\| \[`([^`]+)`\]\(([^)]+)\) \| `(\w+)` \|$/gm),
    ([, file, link, symbol]) => ({ file: file!, link: link!, symbol: symbol! }),
  );

/** Whether the code declares it: a function, class or constant, a method, or a function in an object. A mention is not enough. */
function declares(code: string, symbol: string): boolean {
  return new RegExp(
    [
      `\\b(?:function\\*?|class|const)\\s+${symbol}\\b`,
      `^\\s+(?:(?:private|readonly|async)\\s+)*${symbol}(?:<[^>]*>)?\\([^;]*?\\)(?::[^;]*?)?\\s*\\{$`,
      `^\\s+${symbol}: (?:async )?\\(`,
    ].join("|"),
    "m",
  ).test(code);
}

function faultsOf(text: string): string[] {
  return namedIn(text).flatMap(({ file, link, symbol }) => {
    if (link !== `../${file}`) return [`${file} links to ${link}`];
    if (!existsSync(file)) return [`there is no ${file}`];
    return declares(readFileSync(file, "utf8"), symbol) ? [] : [`${file} declares no ${symbol}`];
  });
}

describe("docs/one-span.md", () => {
  it("names only what is there, in every row of its table", () => {
    expect(faultsOf(page)).toEqual([]);
    const rows = page.split("\n").filter((line) => line.startsWith("| "));
    expect(namedIn(page)).toHaveLength(rows.length - 1); // without the heads
    for (const [, link] of page.matchAll(/\]\(\.\.\/([^)#]+)\)/g)) expect(existsSync(link!), link).toBe(true);
  });

  it("twin: a name that went, a file that went, and a name that is only mentioned are found", () => {
    const spoilt = page
      .replace("`makeGraph`", "`makeMap`")
      .replaceAll("lib/engine/intake.ts", "lib/engine/outtake.ts")
      .replace("`bump`", "`changed`");
    expect(readFileSync("lib/engine/engine-parts.ts", "utf8")).toContain("changed");
    expect(faultsOf(spoilt)).toEqual([
      "there is no lib/engine/outtake.ts",
      "lib/engine/engine-parts.ts declares no changed",
      "lib/engine/answers.ts declares no makeMap",
    ]);
  });
});

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "@swc/core";
import { describe, expect, it } from "vitest";

const MAX_LINES = 800;
/** The one place that knows which way a perspective looks. */
const PERSPECTIVE = "lib/domain/perspective.ts";

/** Tracked files, and new ones that are not ignored. */
const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
  maxBuffer: 1 << 26,
})
  .split("\0")
  .filter((path) => path && existsSync(path));
const read = (path: string): string => readFileSync(path, "utf8");
const lib = files.filter((path) => /^lib\/.*\.tsx?$/.test(path));

/** Identifiers and property names of a module; not its comments and texts. */
function identifiers(code: string, tsx = false): Set<string> {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (node && typeof node === "object") {
      const { type, value } = node as { type?: string; value?: unknown };
      if ((type === "Identifier" || type === "PrivateName") && typeof value === "string") names.add(value);
      Object.values(node).forEach(visit);
    }
  };
  visit(parseSync(code, { syntax: "typescript", tsx }));
  return names;
}

const directed = (names: Iterable<string>): string[] => [...names].filter((name) => /upstream|downstream/i.test(name));

/** Absolute paths of somebody's machine. */
function machinePaths(text: string): string[] {
  const roots = ["work", "tmp", "root", "home", "Users", "private"].join("|");
  return text.match(new RegExp(`(?<![\\w.}$*@:/-])/(${roots})/[\\w.-]+`, "g")) ?? [];
}

/** Targets of relative links in Markdown, without their anchors; code is not read. */
function relativeLinks(markdown: string): string[] {
  const prose = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, "").replaceAll(/`[^`\n]*`/g, "");
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const html = [...prose.matchAll(/(?:src|href)="([^"]+)"/g)];
  const referenced = [...prose.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm)];
  return [...inline, ...html, ...referenced]
    .map(([, target]) => target!)
    .filter((target) => !/^([a-z][a-z+.-]*:|#|\/\/)/i.test(target))
    .map((target) => decodeURIComponent(target.replace(/[#?].*$/, "")));
}

const brokenLinks = (path: string, markdown: string): string[] =>
  relativeLinks(markdown).filter((target) => !existsSync(join(target.startsWith("/") ? "." : dirname(path), target)));

describe("the sources", () => {
  it("name directions in one file only: elsewhere it is caller and callee", () => {
    expect(lib.length).toBeGreaterThan(60);
    const named = lib
      .filter((path) => path !== PERSPECTIVE)
      .flatMap((path) => directed(identifiers(read(path), path.endsWith("x"))).map((name) => `${path}: ${name}`));
    expect(named).toEqual([]);
  });

  it("would be caught naming one, but not speaking of one", () => {
    const code =
      'class A { #upstreamOf = 1; f({ isDownstream }: B) { return isDownstream; } } // upstream\n"downstream";';
    expect(directed(identifiers(code)).sort()).toEqual(["isDownstream", "upstreamOf"]);
    expect(directed(identifiers('const text = "pure upstream"; /* downstream */'))).toEqual([]);
  });

  it("hold no path of somebody's machine", () => {
    const found = files
      .filter((path) => !/\.(png|jpe?g|gif|ico|woff2?|gz|bin|pb)$/.test(path) && path !== "test/repo/sources.test.ts")
      .flatMap((path) => machinePaths(read(path)).map((found) => `${path}: ${found}`));
    expect(found).toEqual([]);
    expect(machinePaths('read("/home/ann/traces.json") or /tmp/x')).toEqual(["/home/ann", "/tmp/x"]);
    expect(machinePaths("https://host/home/page, ./work/a, lib/tmp/x")).toEqual([]);
  });

  it(`of lib stay under ${MAX_LINES} lines a file`, () => {
    expect(lib.filter((path) => read(path).split("\n").length > MAX_LINES)).toEqual([]);
  });

  it("have documents whose links lead somewhere", () => {
    const documents = files.filter((path) => /^(README|docs\/.*)\.md$|^[A-Z]+\.md$/.test(path));
    expect(documents.length).toBeGreaterThan(0);
    expect(documents.flatMap((path) => brokenLinks(path, read(path)).map((target) => `${path}: ${target}`))).toEqual(
      [],
    );
  });

  it("would be caught with a link that leads nowhere", () => {
    const text =
      "[a](not-there.md#x) ![b](package.json) [c](https://example.org/d) [d](#here) `[e](code.md)`\n[f]: gone.md\n";
    expect(brokenLinks("README.md", text)).toEqual(["not-there.md", "gone.md"]);
  });
});

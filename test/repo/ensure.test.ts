// `npm start` installs and builds only when something changed: the real script in a checkout of a few files, in which npm, Next
// and the bundler only note that they ran.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Notes a line, makes a file; fails where a file named `broken` lies. */
const doing = (what: string, product: string): string => `
  import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
  import { dirname } from "node:path";
  appendFileSync("ran", "${what} " + process.argv.slice(2).join(" ") + "\\n");
  if (existsSync("broken")) process.exit(1);
  mkdirSync(dirname("${product}"), { recursive: true });
  writeFileSync("${product}", "");
`;

class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), "headwater-checkout-"));

  /** @param change what of the script is changed, for the twins. */
  constructor(change: (script: string) => string = (script) => script) {
    folders.push(this.root);
    for (const name of ["ensure.mjs", "build-folder.mjs"])
      cpSync(join("scripts", name), this.at(join("scripts", name)));
    this.write("scripts/ensure.mjs", change(readFileSync("scripts/ensure.mjs", "utf8")));
    this.write("npm.mjs", doing("install", "node_modules/next/package.json"));
    this.write("node_modules/next/dist/bin/package.json", '{"type":"module"}');
    this.write("node_modules/next/dist/bin/next", doing("build", ".next/BUILD_ID"));
    this.write("scripts/bundle.mjs", doing("bundle", "dist/cli.mjs"));
    for (const path of [
      "package.json",
      "package-lock.json",
      "app/page.tsx",
      "lib/domain/a.ts",
      "bin/cli.ts",
      "docs/a.md",
    ])
      this.write(path, "{}");
  }

  at = (path: string): string => join(this.root, path);

  write(path: string, text: string): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text);
  }

  /** What a start runs, in its order. */
  start(): { readonly ran: string[]; readonly code: number | null } {
    rmSync(this.at("ran"), { force: true });
    const env = { ...process.env, npm_execpath: this.at("npm.mjs"), HEADWATER_BASE_PATH: "" };
    const { status } = spawnSync(process.execPath, [this.at("scripts/ensure.mjs"), "bundles", "build"], { env });
    const ran = existsSync(this.at("ran")) ? readFileSync(this.at("ran"), "utf8").trimEnd().split("\n") : [];
    return { ran: ran.map((line) => line.split(" ")[0]!), code: status };
  }
}

const EVERYTHING = ["install", "bundle", "build"];
const begun = (change?: (script: string) => string): Checkout => {
  const checkout = new Checkout(change);
  expect(checkout.start()).toEqual({ ran: EVERYTHING, code: 0 });
  return checkout;
};

describe("what a start brings up to date", () => {
  it("is everything at first, and nothing the second time", () => {
    expect(begun().start()).toEqual({ ran: [], code: 0 });
  });

  it.each([
    ["a source of both", (of: Checkout) => of.write("lib/domain/a.ts", "changed"), ["bundle", "build"]],
    ["a source of the web app", (of: Checkout) => of.write("app/page.tsx", "changed"), ["build"]],
    ["a new source", (of: Checkout) => of.write("components/new.tsx", ""), ["build"]],
    ["a source that goes", (of: Checkout) => rmSync(of.at("app/page.tsx")), ["build"]],
    ["a source of the command line", (of: Checkout) => of.write("bin/cli.ts", "changed"), ["bundle"]],
    ["the lockfile", (of: Checkout) => of.write("package-lock.json", "changed"), EVERYTHING],
    ["the build, which is gone", (of: Checkout) => rmSync(of.at(".next"), { recursive: true }), ["build"]],
    ["the build, of which a part is gone", (of: Checkout) => rmSync(of.at(".next/BUILD_ID")), ["build"]],
    ["the bundles, which are gone", (of: Checkout) => rmSync(of.at("dist"), { recursive: true }), ["bundle"]],
    ["the bundle of the command line, which is gone", (of: Checkout) => rmSync(of.at("dist/cli.mjs")), ["bundle"]],
    ["what is no source", (of: Checkout) => of.write("docs/a.md", "changed"), []],
  ] as const)("is what depends on %s", (_what, change, ran) => {
    const checkout = begun();
    change(checkout);
    expect(checkout.start()).toEqual({ ran: [...ran], code: 0 });
    expect(checkout.start()).toEqual({ ran: [], code: 0 });
  });

  it("is what failed before, even when the change that broke it is taken back", () => {
    const checkout = begun();
    checkout.write("app/page.tsx", "does not build");
    checkout.write("broken", "");
    expect(checkout.start()).toEqual({ ran: ["build"], code: 1 });
    rmSync(checkout.at("broken"));
    checkout.write("app/page.tsx", "{}");
    expect(checkout.start()).toEqual({ ran: ["build"], code: 0 });
  });

  it("the checks above would see a rule that always builds, one that never does, and one that overlooks a folder", () => {
    const twin = (from: string, to: string) => (script: string) => {
      expect(script).toContain(from);
      return script.replace(from, to);
    };
    const rule =
      'if (existsSync(at(product)) && existsSync(at(stamp)) && readFileSync(at(stamp), "utf8") === want) return;';
    const always = new Checkout(twin(rule, ""));
    always.start();
    expect(always.start().ran).toEqual(expect.arrayContaining(EVERYTHING));
    const never = begun(twin(rule, "if (existsSync(at(product)) && existsSync(at(stamp))) return;"));
    never.write("lib/domain/a.ts", "changed");
    expect(never.start().ran).toEqual([]);
    const blind = begun(twin('"components", "lib", "public"', '"components", "public"'));
    blind.write("lib/domain/a.ts", "changed");
    expect(blind.start().ran).toEqual(["bundle"]);
  });
});

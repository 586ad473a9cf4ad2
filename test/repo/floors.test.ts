import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import config from "../../.dependency-cruiser.mjs";
import { type Cruise, cruise } from "./cruise";

/** By rule: modules that break it. Each pair becomes a module with a value import and one with a type import alone. */
const FORBIDDEN: Record<string, readonly [from: string, to: string][]> = {
  "floor-0-stands-alone": [
    ["lib/domain/broken", "lib/engine/target"],
    ["lib/graph/broken", "lib/derive/target"],
    ["lib/contract/broken", "components/target"],
  ],
  "domain-imports-nothing": [["lib/domain/broken-peer", "lib/contract/target"]],
  "siblings-apart": [
    ["lib/derive/broken", "lib/ingest/target"],
    ["lib/simulate/broken", "lib/derive/target"],
  ],
  "floor-1-looks-down": [
    ["lib/ingest/broken", "lib/engine/target"],
    ["lib/overlays/broken", "lib/client/target"],
  ],
  "floor-2-looks-down": [
    ["lib/engine/broken", "lib/services/target"],
    ["lib/store/broken", "app/target"],
    ["lib/headwater-yaml/broken", "lib/server/target"],
  ],
  "floor-3-looks-down": [
    ["lib/services/broken", "lib/server/target"],
    ["lib/client/broken-floor", "components/target"],
  ],
  "client-is-for-the-browser": [["lib/client/broken", "lib/engine/target"]],
  "components-see-little": [
    ["components/broken", "lib/server/target"],
    ["components/broken-engine", "lib/engine/target"],
  ],
  "server-below-app": [["lib/server/broken", "app/target"]],
  "core-without-frameworks": [
    ["lib/derive/broken-react", "react"],
    ["lib/domain/broken-store", "@duckdb/node-api"],
  ],
  "core-without-node": [
    ["lib/ingest/broken-node", "node:fs"],
    ["lib/domain/broken-node", "node:crypto"],
  ],
  "drivers-by-worker-only": [
    ["lib/services/broken-driver", "lib/store/drivers/target"],
    ["app/broken-driver", "lib/store/drivers/target"],
  ],
  "simulate-is-no-product": [
    ["lib/engine/broken-simulate", "lib/simulate/target"],
    ["app/broken-simulate", "lib/simulate/target"],
  ],
  "contract-from-zod": [["lib/derive/broken-zod", "zod"]],
  "no-unknown-packages": [
    ["lib/services/broken-package", "not-in-the-manifest"],
    ["lib/services/broken-nowhere", "@/lib/services/not-there"],
  ],
};

/** Rules about the shape of the graph; `make` writes modules that break them. */
const SHAPES: Record<string, Record<string, string>> = {
  "no-cycles": {
    "lib/derive/ring-a": 'import { b } from "./ring-b";\nexport const a = () => b;\n',
    "lib/derive/ring-b": 'import { a } from "./ring-a";\nexport const b = () => a;\n',
  },
  "no-orphan-modules": { "lib/derive/lonely": "export const lonely = 1;\n" },
};

const PACKAGES = ["react", "zod", "@duckdb/node-api"];
const TARGETS = [
  "app",
  "components",
  ...["client", "contract", "derive", "engine", "ingest", "server", "services", "simulate", "store/drivers"].map(
    (room) => `lib/${room}`,
  ),
];
const IMPORTS = { value: "import { target } from", type: "import type { Target } from" };
const USES = { value: "export const used = target;", type: "export type Used = Target;" };
const TARGET = "export const target = 1;\nexport type Target = number;\n";

const folders: string[] = [];

/** A house with the real one's rules and rooms. */
function house(modules: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "headwater-floors-"));
  folders.push(folder);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const path of [".dependency-cruiser.mjs", "tsconfig.json"]) copyFileSync(path, join(folder, path));
  write(
    "package.json",
    JSON.stringify({ type: "module", dependencies: Object.fromEntries(PACKAGES.map((name) => [name, "1.0.0"])) }),
  );
  for (const name of [...PACKAGES, "not-in-the-manifest"]) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
    write(`node_modules/${name}/index.js`, "exports.target = 1;\n");
  }
  for (const room of TARGETS) write(`${room}/target.ts`, TARGET);
  for (const [path, text] of Object.entries(modules)) write(`${path}.ts`, text);
  return folder;
}

const specifier = (to: string): string => (/^(app|components|lib)\//.test(to) ? `@/${to}` : to);

/** "rule: from" of each violation, without the rules about shape that targets and modules break by being so few. */
const broken = ({ summary }: Cruise): string[] => summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);

function* sourceFiles(path: string): Generator<string> {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) yield path;
  else for (const name of readdirSync(path)) yield* sourceFiles(`${path}/${name}`);
}

describe("the floors of the house", { timeout: 60_000 }, () => {
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const cases = Object.entries(FORBIDDEN).flatMap(([rule, pairs]) =>
    pairs.flatMap(([from, to]) =>
      (["value", "type"] as const).map((how) => ({ rule, how, to, path: `${from}-${how}` })),
    ),
  );

  it("have a case here for every rule", () => {
    expect([...Object.keys(FORBIDDEN), ...Object.keys(SHAPES)].sort()).toEqual(
      config.forbidden.map(({ name }) => name).sort(),
    );
  });

  describe("in a house where every rule is broken", () => {
    let found: string[];
    beforeAll(() => {
      const modules = Object.fromEntries(
        cases.map(({ how, path, to }) => [path, `${IMPORTS[how]} "${specifier(to)}";\n${USES[how]}\n`]),
      );
      found = broken(cruise(house(Object.assign(modules, ...Object.values(SHAPES))), ["app", "components", "lib"]));
    });

    it.each(cases)("$rule bites on a $how import: $path -> $to", ({ rule, path }) => {
      expect(found).toContain(`${rule}: ${path}.ts`);
    });

    it.each(Object.entries(SHAPES))("%s bites", (rule, modules) => {
      const lines = Object.keys(modules).map((path) => `${rule}: ${path}.ts`); // a circle is told once
      expect(lines.filter((line) => found.includes(line))).not.toEqual([]);
    });
  });

  it("are quiet about the same modules without the imports", () => {
    const modules = Object.fromEntries(cases.map(({ path }) => [path, TARGET]));
    const found = broken(cruise(house(modules), ["app", "components", "lib"]));
    expect(found.filter((line) => !line.startsWith("no-orphan-modules: "))).toEqual([]);
  });

  it("are quiet about imports that go down", () => {
    const modules = {
      "app/page": 'import { target } from "@/components/target";\nexport default target;\n',
      "lib/server/fine": 'import { target } from "@/lib/services/target";\nexport const used = target;\n',
      "lib/derive/fine": 'import type { Target } from "../contract/target";\nexport type Used = Target;\n',
      "lib/contract/fine": 'import { target } from "zod";\nexport const used = target;\n',
    };
    const found = broken(cruise(house(modules), ["app", "components", "lib"]));
    expect(found.filter((line) => !line.startsWith("no-orphan-modules: "))).toEqual([]);
  });

  it("are judged with every module read: each file is there with its imports", () => {
    const command = JSON.parse(readFileSync("package.json", "utf8")).scripts.arch as string;
    const paths = command.split(" ").slice(3);
    expect(paths).toEqual(expect.arrayContaining(["app", "components", "lib"]));
    const { modules } = cruise(process.cwd(), paths);
    const read = new Map(
      modules.map(({ source, dependencies }) => [source, dependencies.map(({ resolved }) => resolved)]),
    );
    const files = paths.flatMap((path) => [...sourceFiles(path)]).filter((path) => /\.tsx?$/.test(path));
    expect(files.length).toBeGreaterThan(70);
    const importing = files.filter((path) => /^(import|export)\b[^;"]*from "/m.test(readFileSync(path, "utf8")));
    expect(importing.length).toBeGreaterThan(50);
    expect(files.filter((path) => !read.has(path))).toEqual([]);
    expect(importing.filter((path) => read.get(path)?.length === 0)).toEqual([]);
    expect(read.get("lib/engine/worker.ts")).toContain("lib/store/drivers/duckdb/duckdb-store.ts");
    expect(read.get("lib/derive/linker.ts")).toContain("lib/domain/span-columns.ts"); // a type import alone
    expect(read.get("app/api/v1/graph/route.ts")).toContain("lib/server/api.ts"); // by its @/ path
  });
});

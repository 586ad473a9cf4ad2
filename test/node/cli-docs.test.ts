import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImportResult } from "@/lib/contract/sources";
import { EXPORTS } from "@/lib/export";

/** Lines after `$ ` in the console blocks of a page. */
const examplesOf = (page: string): string[] =>
  Array.from(readFileSync(page, "utf8").matchAll(/^\$ (.+)$/gm), ([, command]) => command!);

const span = (id: string, parent: string, kind: number, service: string, environment = "production") => ({
  resource: {
    attributes: [
      { key: "service.name", value: { stringValue: service } },
      { key: "deployment.environment.name", value: { stringValue: environment } },
    ],
  },
  scopeSpans: [
    {
      spans: [
        {
          traceId: "0af7651916cd43dd8448eb211c80319c",
          spanId: id.padStart(16, "0"),
          parentSpanId: parent === "" ? "" : parent.padStart(16, "0"),
          name: "GET /",
          kind,
          startTimeUnixNano: "1760000000000000000",
          endTimeUnixNano: "1760000000010000000",
        },
      ],
    },
  ],
});

const traces = JSON.stringify({
  resourceSpans: [span("1", "", 2, "web"), span("2", "1", 3, "web"), span("3", "2", 2, "shop")],
});
const imported: ImportResult = {
  format: "OTLP JSON",
  received: 3,
  stored: 3,
  duplicates: 0,
  rejected: 0,
  issues: [],
  window: null,
  environments: [],
};

let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "headwater-docs-"));
  mkdirSync(join(folder, "traces"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "traces.json"), traces);
  writeFileSync(join(folder, "traces/one.json"), traces);
  writeFileSync(join(folder, "more.json"), traces);
  writeFileSync(join(folder, "headwater.yaml"), 'objectives: { web: { availability: "99%" } }\n');
  writeFileSync(join(folder, "traces.json.gz"), gzipSync(traces));
  writeFileSync(
    join(folder, "bin/headwater"),
    `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/cli.mjs")}" "$@"\n`,
  );
  chmodSync(join(folder, "bin/headwater"), 0o755);
  server = createServer(async (request, response) => {
    for await (const _ of request);
    response.end(JSON.stringify(imported));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a line in a shell, with our server in place of the addresses that the page names or means. */
function shell(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = line
    .replace(/headwater (import|demo)(?!.*--to)/, `headwater $1 --to ${url}`)
    .replace(/http:\/\/127\.0\.0\.1:\d+/, url);
  const env = { ...process.env, PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}` };
  return new Promise((done) => {
    execFile("bash", ["-o", "pipefail", "-c", command], { cwd: folder, env }, (error, stdout, stderr) => {
      done({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

describe("docs/cli.md", () => {
  const examples = examplesOf("docs/cli.md");

  it("has an example for every command and every format", () => {
    for (const command of ["graph", "sla", "import", "demo"])
      expect(
        examples.some((line) => line.includes(`headwater ${command} `)),
        command,
      ).toBe(true);
    const page = readFileSync("docs/cli.md", "utf8");
    for (const { id } of EXPORTS) expect(page).toContain(`| \`${id}\` |`);
  });

  it("has examples that run", async () => {
    expect(examples.length).toBeGreaterThanOrEqual(8);
    for (const line of examples) {
      const { code, stdout, stderr } = await shell(line);
      expect({ code, stderr: line.includes("demo") || line.includes("more.json") ? "" : stderr }, line).toEqual({
        code: 0,
        stderr: "",
      });
      const [, written] = / > (\S+)$/.exec(line) ?? [];
      expect(written ? readFileSync(join(folder, written), "utf8") : stdout, line).not.toBe("");
    }
    expect(readFileSync(join(folder, "edges.csv"), "utf8")).toContain("\nweb,shop,sync,,1,0,");
  });

  it("would be caught with an example that does not", async () => {
    expect((await shell("headwater graph --formt csv traces.json")).code).toBe(2);
    expect((await shell("headwater graph nothing.json | cat")).code).toBe(2);
  });
});

describe("docs/api.md", () => {
  it("names the routes of the description and no other", async () => {
    const { openApi } = await import("@/lib/contract/openapi");
    const rows = readFileSync("docs/api.md", "utf8")
      .match(/^\| `.*$/gm)!
      .join("\n");
    const named = new Set(
      Array.from(rows.matchAll(/(\/(?:api\/v1|healthz|readyz|metrics)[^\s`?]*)/g), ([path]) => path),
    );
    expect([...named].sort()).toEqual(Object.keys(openApi("0").paths!).sort());
  });
});

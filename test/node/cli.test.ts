import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Graph, type GraphEdge } from "@/lib/contract/graph";
import { plural } from "@/lib/domain/format-number";
import { type Attribute, type Span, SpanKind } from "@/lib/domain/span";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import packageJson from "@/package.json";
import { printedEdges } from "@/test/helpers/printed-edges";
import { type CliEnded, headwater } from "@/test/helpers/run-cli";
import { hasSharedData } from "@/test/helpers/shared-data";

const START_US = 1_760_000_000_000_000;

function simulated(seed: string, environment: string, requests: number): { spans: Span[]; truth: Truth } {
  const truth = new Truth();
  const simulation = new Simulation({ ...ecommerce, environment }, seededRandom(seed), truth);
  const spans: Span[] = [];
  for (let i = 0; i < requests; i++) spans.push(...simulation.request(START_US + i * 400_000).spans);
  return { spans, truth };
}

/** OTLP/JSON lines, one a trace: as much of the format as the graph needs. */
function jsonLines(spans: readonly Span[]): string {
  const attributes = (list: readonly Attribute[]) =>
    list.map(([key, value]) => ({
      key,
      value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
    }));
  const line = (span: Span) => ({
    resourceSpans: [
      {
        resource: { attributes: attributes(span.resource.attributes) },
        scopeSpans: [
          {
            spans: [
              {
                traceId: span.traceId,
                spanId: span.spanId,
                parentSpanId: span.parentSpanId,
                name: span.name,
                kind: span.kind,
                startTimeUnixNano: String(span.startNs),
                endTimeUnixNano: String(span.endNs),
                attributes: attributes(span.attributes),
                links: span.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
                status: span.status,
              },
            ],
          },
        ],
      },
    ],
  });
  return spans.map((span) => `${JSON.stringify(line(span))}\n`).join("");
}

let folder: string;
const at = (name: string): string => join(folder, name);
const seed = `cli ${Math.floor(Math.random() * 1e9)}`;
const shop = simulated(seed, "production", 600);
const staging = simulated(`${seed} staging`, "staging", 50);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headwater-cli-"));
  writeFileSync(at("shop.pb"), encodeSpans(shop.spans));
  writeFileSync(at("shop.jsonl"), jsonLines(shop.spans));
  writeFileSync(at("shop.bin.gz"), gzipSync(jsonLines(shop.spans)));
  writeFileSync(at("staging.jsonl"), jsonLines(staging.spans));
  writeFileSync(at("broken.jsonl"), jsonLines(shop.spans).slice(0, 5000));
  writeFileSync(at("cut.gz"), gzipSync(jsonLines(shop.spans)).subarray(0, 4000));
  writeFileSync(at("empty.json"), "");
  mkdirSync(at("tree/inner"), { recursive: true });
  writeFileSync(at("tree/notes.md"), "# Notes\n");
  writeFileSync(at("tree/.hidden"), "nothing to see");
  const half = Math.floor(shop.spans.length / 2);
  writeFileSync(at("tree/first.jsonl"), jsonLines(shop.spans.slice(0, half)));
  writeFileSync(at("tree/inner/second.pb.gz"), gzipSync(encodeSpans(shop.spans.slice(half))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const graphOf = async (...args: string[]): Promise<{ graph: Graph; ended: CliEnded }> => {
  const ended = await headwater(["graph", "--format", "json", ...args]);
  return { graph: Graph.parse(JSON.parse(ended.stdout)), ended };
};

describe(`headwater graph (${seed})`, () => {
  it("counts what really happened, from OTLP protobuf, JSON lines and gzip, with nothing to say beside", async () => {
    for (const name of ["shop.pb", "shop.jsonl", "shop.bin.gz"]) {
      const { graph, ended } = await graphOf(at(name));
      expect(printedEdges(graph.edges), name).toEqual(shop.truth.print().sort());
      expect(graph.stats.spans, name).toBe(shop.truth.spans);
      expect(ended, name).toMatchObject({ code: 0, stderr: "" });
    }
  });

  it("does not count what really happened when a span is missing", async () => {
    writeFileSync(at("less.jsonl"), jsonLines(shop.spans.slice(1)));
    const { graph } = await graphOf(at("less.jsonl"));
    expect(graph.stats.spans).toBe(shop.truth.spans - 1);
    expect(printedEdges(graph.edges)).not.toEqual(shop.truth.print().sort());
  });

  it("takes the whole time of the data as its window", async () => {
    const { graph } = await graphOf(at("shop.pb"));
    const starts = shop.spans.map(({ startNs }) => Number(startNs / 60_000_000_000n));
    const [from, to] = [Math.min(...starts), Math.max(...starts) + 1];
    expect(graph.window).toEqual({
      from: new Date(from * 60_000).toISOString(),
      to: new Date(to * 60_000).toISOString(),
      minutes: to - from,
      until: new Date(to * 60_000).toISOString(),
    });
    for (const edge of graph.edges) {
      expect(Date.parse(edge.firstSeen!)).toBeGreaterThanOrEqual(from * 60_000);
      expect(Date.parse(edge.lastSeen!)).toBeLessThan(to * 60_000);
    }
  });

  it("says when each edge was seen first and last", async () => {
    const { graph } = await graphOf(at("shop.pb"));
    const minutes = shop.spans
      .filter(({ name, kind }) => name === "send shipment.created" && kind === 4)
      .map(({ startNs }) => Number(startNs / 60_000_000_000n));
    const edge = graph.edges.find(({ via }) => via === "topic:kafka/shipment.created")!;
    // A message is counted when it is worked on, which is at most a minute after it was sent.
    expect(Math.abs(Date.parse(edge.firstSeen!) / 60_000 - Math.min(...minutes))).toBeLessThanOrEqual(1);
    expect(Math.abs(Date.parse(edge.lastSeen!) / 60_000 - Math.max(...minutes))).toBeLessThanOrEqual(1);
  });

  it("reads stdin, plain and gzip", async () => {
    for (const bytes of [encodeSpans(shop.spans), gzipSync(jsonLines(shop.spans))]) {
      const { stdout, code } = await headwater(["graph", "-f", "json", "-"], { stdin: bytes });
      expect(code).toBe(0);
      expect(printedEdges(Graph.parse(JSON.parse(stdout)).edges)).toEqual(shop.truth.print().sort());
    }
  });

  it("reads a folder with everything below it, and names what is no trace file", async () => {
    const { graph, ended } = await graphOf(at("tree"));
    expect(printedEdges(graph.edges)).toEqual(shop.truth.print().sort());
    expect(ended.code).toBe(0);
    expect(ended.stderr).toBe(`headwater: no trace files, left out: ${at("tree/notes.md")}.\n`);
  });

  it("counts a span once that comes in two files", async () => {
    const { graph, ended } = await graphOf(at("shop.pb"), at("shop.jsonl"));
    expect(printedEdges(graph.edges)).toEqual(shop.truth.print().sort());
    expect(ended.stderr).toContain(`${plural(shop.spans.length, "span")} came more than once`);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      stats: { input: { files: 2, spans: shop.spans.length, duplicates: shop.spans.length, rejected: 0 } },
    });
  });

  it("names a broken file, where and why, leaves it out, counts the others and ends with 2", async () => {
    for (const [name, why] of [
      ["broken.jsonl", "byte 5000: the file ends inside a JSON value"],
      ["cut.gz", "byte 4000: the file ends inside its gzip data"],
      ["empty.json", "the file is empty"],
      ["nowhere.json", "there is no such file or folder"],
    ] as const) {
      const { graph, ended } = await graphOf(at(name), at("shop.pb"));
      expect(ended.stderr).toContain(`${at(name)}: ${why}. It is not counted.`);
      expect(ended.stderr).toContain("1 of 2 files could not be read; the rest is counted.");
      expect(ended.code, name).toBe(2);
      expect(printedEdges(graph.edges), name).toEqual(shop.truth.print().sort());
    }
  });

  it("ends with 2 and prints nothing when no file can be read", async () => {
    const { code, stdout, stderr } = await headwater(["graph", at("broken.jsonl"), at("nowhere")]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("no file could be read");
  });

  it("keeps environments apart, and --env chooses one", async () => {
    const files = [at("shop.pb"), at("staging.jsonl")];
    const both = JSON.parse((await headwater(["graph", "-f", "json", ...files])).stdout) as Graph;
    const of = (name: string) =>
      both.edges.filter((edge) => (edge as GraphEdge & { environment: string }).environment === name);
    expect(both.environment).toBeNull();
    expect(printedEdges(of("production"))).toEqual(shop.truth.print().sort());
    expect(printedEdges(of("staging"))).toEqual(staging.truth.print().sort());
    const { graph } = await graphOf("--env", "staging", ...files);
    expect(graph.environment).toBe("staging");
    expect(printedEdges(graph.edges)).toEqual(staging.truth.print().sort());
    const table = await headwater(["graph", ...files]);
    expect(table.stdout).toMatch(/^environment production\n[\s\S]*^environment staging$/m);
  });

  it("says which environments there are when the asked one is not", async () => {
    const { code, stdout, stderr } = await headwater(["graph", "--env", "prod", at("shop.pb")]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain('there is no environment "prod" in these files, only production');
  });

  it("writes every format", async () => {
    const beginnings = {
      table: "CALLER ",
      csv: "caller,callee,kind,via,calls,errors,",
      mermaid: "flowchart LR\n",
      dot: "digraph headwater {\n",
    };
    for (const [format, beginning] of Object.entries(beginnings)) {
      const { stdout, stderr, code } = await headwater(["graph", "--format", format, at("shop.pb")]);
      expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
      expect(stdout.startsWith(beginning), format).toBe(true);
      expect(stdout, format).toContain("notification-service");
    }
    const rows = (await headwater(["graph", "-f", "csv", at("shop.pb")])).stdout.trimEnd().split("\n").slice(1);
    expect(rows).toHaveLength(shop.truth.list().length);
  });

  it("tells roles by the perspective, and the same edges in both", async () => {
    const { graph: byDefault } = await graphOf(at("shop.pb"));
    const { graph: inData } = await graphOf("--perspective", "data-flow", at("shop.pb"));
    const { graph: inRequests } = await graphOf("--perspective", "request-flow", at("shop.pb"));
    expect(inData).toEqual(byDefault);
    expect([inData.perspective, inRequests.perspective]).toEqual(["data-flow", "request-flow"]);
    expect(inRequests.edges).toEqual(inData.edges);
    const rolesOf = ({ nodes }: Graph) => Object.fromEntries(nodes.map(({ id, role }) => [id, role]));
    expect(rolesOf(inData)).toMatchObject({
      "web-client": "downstream",
      "order-service": "both",
      "user-service": "upstream",
      "notification-service": "downstream",
      "external:api.stripe.com": "upstream",
      "topic:kafka/order.placed": null,
      "entry:user": null,
    });
    expect(rolesOf(inRequests)).toMatchObject({
      "web-client": "upstream",
      "order-service": "both",
      "user-service": "downstream",
      "notification-service": "both",
      "external:api.stripe.com": "downstream",
      "topic:kafka/order.placed": null,
      "entry:user": null,
    });
  });

  it("says so when nobody calls anybody, and prints no empty table", async () => {
    const alone = { ...shop.spans.find(({ kind }) => kind === SpanKind.CLIENT)!, kind: SpanKind.INTERNAL, links: [] };
    const table = await headwater(["graph", "-"], { stdin: encodeSpans([alone]) });
    expect(table).toEqual({ code: 0, stdout: "", stderr: "headwater: 1 span, no calls.\n" });
    const csv = await headwater(["graph", "-f", "csv", "-"], { stdin: encodeSpans([alone]) });
    expect(csv).toMatchObject({ code: 0, stderr: table.stderr });
    expect(csv.stdout.trim().split("\n")).toHaveLength(1);
  });

  it("ends quietly when its reader has had enough", async () => {
    const child = spawn(process.execPath, ["dist/cli.mjs", "graph", "-f", "json", at("shop.pb")]);
    const err: Buffer[] = [];
    child.stderr.on("data", (part: Buffer) => err.push(part));
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, stderr: Buffer.concat(err).toString() }).toEqual({ code: 0, stderr: "" });
  });

  it("lets no name steer the terminal", async () => {
    const [span] = shop.spans;
    const resource = { attributes: [["service.name", "\u001b[31mevil\u001b[0m\nsecond line"]] as Attribute[] };
    const root = { ...span!, parentSpanId: "", kind: 2 as const, resource };
    writeFileSync(at("evil.pb"), encodeSpans([root]));
    for (const format of ["table", "mermaid", "dot"]) {
      const { stdout } = await headwater(["graph", "-f", format, at("evil.pb")]);
      expect(stdout).toContain("evil");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(stdout).not.toMatch(/\u001b/);
      expect(stdout).not.toMatch(/^second line/m);
    }
  });
});

describe.skipIf(!hasSharedData)("real files", () => {
  const shared = (path: string): string => join(process.cwd(), "..", "shared", "data", path);

  it("are read, whatever their format", async () => {
    for (const path of ["jaeger", "zipkin", "tempo", "otlp-json"]) {
      const { graph, ended } = await graphOf(shared(path));
      expect(graph.edges.length, path).toBeGreaterThan(0);
      expect(ended.stderr, path).not.toContain("bug of ours");
    }
  });

  it("give the edges that their authors drew", async () => {
    const { graph } = await graphOf(shared("tempo/kiali_istio-bookinfo_responseTrace.json"));
    const services = graph.nodes.filter(({ kind }) => kind === "service").map(({ name }) => name);
    expect(services.some((name) => name.startsWith("productpage"))).toBe(true);
    expect(services.some((name) => name.startsWith("reviews"))).toBe(true);
  });
});

describe("headwater", () => {
  it("explains itself on stdout when asked, on stderr when called wrongly", async () => {
    const asked = await headwater(["--help"]);
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    for (const command of ["graph", "import", "demo"]) expect(asked.stdout).toContain(`headwater ${command} `);
    expect(await headwater([])).toEqual({ code: 2, stdout: "", stderr: asked.stdout });
  });

  it("says its version, also through the entry that builds it", async () => {
    expect(await headwater(["--version"])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: "" });
    const built = await headwater(["--version"], { entry: "bin/headwater.mjs" });
    expect(built).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` });
  });

  it("names what is wrong with a call", async () => {
    for (const [args, message] of [
      [["grpah"], 'there is no command "grpah"; there are graph, '],
      [["__proto__"], 'there is no command "__proto__"'],
      [["graph"], "name at least one file or folder, or - for stdin"],
      [["graph", "-", "-"], "- (stdin) can be read once only"],
      [["graph", "--fromat", "csv", "x"], "Unknown option '--fromat'"],
      [["graph", "--format", "xml", "x"], "--format must be one of table, csv, json, mermaid, dot"],
      [["graph", "--perspective", "ddd", "x"], "--perspective must be one of data-flow, request-flow"],
      [["import", "--to", "localhost:3000", "x"], "--to must be an address such as http://127.0.0.1:3000"],
      [["demo", "--for", "soon"], "--for must be a period such as 60s"],
      [["demo", "--rate", "0"], "--rate must be traces per second"],
      [["demo", "bank"], "the systems are: ecommerce"],
    ] as const) {
      const { code, stdout, stderr } = await headwater(args);
      expect({ code, stdout }, args.join(" ")).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(message);
    }
  });

  it("keeps the bundle free of what it does not need", () => {
    expect(readFileSync("dist/cli.mjs", "utf8")).not.toMatch(/from "(@duckdb|next|react)/);
  });
});

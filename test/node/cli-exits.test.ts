// Exit codes of the commands that read files, and what they say: 0 fine, 1 findings, 2 a wrong call or what could not be read.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { type CliEnded, type CliOptions, headwater } from "@/test/helpers/run-cli";

let folder: string;
const at = (name: string): string => join(folder, name);
const simulation = new Simulation(ecommerce, seededRandom("exits"), new Truth());
const spans = Array.from(
  { length: 60 },
  (_, i) => simulation.request(1_760_000_000_000_000 + i * 400_000).spans,
).flat();
const bytes = encodeSpans(spans);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headwater-exits-"));
  writeFileSync(at("shop.pb"), bytes);
  writeFileSync(at("shop.gz"), gzipSync(bytes));
  writeFileSync(at("cut.gz"), gzipSync(bytes).subarray(0, 4_000));
  writeFileSync(at("damaged.gz"), Buffer.from(gzipSync(bytes)).fill(0xff, 2_000, 3_000));
  writeFileSync(at("cut.json"), '{"resourceSpans":[{"scopeSpans":[');
  writeFileSync(at("cut.pb"), bytes.subarray(0, bytes.length - 3));
  writeFileSync(at("notes.txt"), "hello\n");
  writeFileSync(at("metrics.json"), '{"resourceMetrics":[]}');
  writeFileSync(at("empty.json"), "");
  mkdirSync(at("tree/inner"), { recursive: true });
  const half = spans.length / 2;
  writeFileSync(at("tree/a.pb"), encodeSpans(spans.slice(0, half)));
  writeFileSync(at("tree/inner/b.gz"), gzipSync(encodeSpans(spans.slice(half))));
  mkdirSync(at("nothing"));
  writeFileSync(at("kept.yaml"), 'objectives:\n  order-service: { availability: "90%" }\n');
  writeFileSync(
    at("broken.yaml"),
    'objectives:\n  order-service: { availability: "99.99%" }\n  user-service: { availability: "99%" }\n',
  );
  writeFileSync(at("wrong.yaml"), "objectives:\n  order-service: { availability: 120 }\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Files that cannot be read, and what is said of them. */
const UNREADABLE = {
  "cut.gz": /byte 4000: the file ends inside its gzip data/,
  "damaged.gz": /byte \d+: the gzip data is damaged/,
  "cut.json": /byte 33: the file ends inside a JSON value/,
  "cut.pb": /byte \d+: the file ends inside a field/,
  "notes.txt": /byte 0: expected a JSON object or list, found "h"/,
  "metrics.json": /byte 0: .*these are OTLP metrics, not traces; .*/,
  "empty.json": /the file is empty/,
  nowhere: /there is no such file or folder/,
  nothing: /the folder holds no files/,
} as const;

/** Commands that make something of files by themselves, and how they end: the shop has a loop, and what it promises is kept. */
const COMMANDS = [
  { name: "graph", command: ["graph", "--format", "csv"], ends: 0 },
  { name: "cycles", command: ["cycles"], ends: 1 },
  { name: "sla", command: ["sla", "--config", "kept.yaml"], ends: 0 },
];

describe.each(COMMANDS)("headwater $name", ({ command, ends }) => {
  const run = (args: readonly string[], options: CliOptions = {}): Promise<CliEnded> =>
    headwater([...command, ...args], { cwd: folder, ...options });

  it(`ends with ${ends} and says the same of a file, gzip, a folder and stdin`, async () => {
    const [whole, ...others] = await Promise.all([
      run(["shop.pb"]),
      run(["shop.gz"]),
      run(["tree"]),
      run(["-"], { stdin: bytes }),
      run(["-"], { stdin: gzipSync(bytes) }),
    ]);
    expect(whole).toMatchObject({ code: ends, stderr: "" });
    expect(whole.stdout).not.toBe("");
    for (const other of others) expect(other).toEqual(whole);
  });

  it("names what cannot be read, where and why, and ends with 2", async () => {
    const { code, stdout, stderr } = await run(Object.keys(UNREADABLE));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    for (const [name, why] of Object.entries(UNREADABLE))
      expect(stderr).toMatch(new RegExp(`^headwater: ${name}: ${why.source}\\. It is not counted\\.$`, "m"));
  });

  it("makes what it can of the others, and ends with 2 all the same", async () => {
    const [whole, part] = await Promise.all([run(["shop.pb"]), run(["cut.gz", "shop.pb"])]);
    expect(part).toMatchObject({ code: 2, stdout: whole.stdout });
    expect(part.stderr).toMatch(/^headwater: cut\.gz: byte 4000: /m);
  });

  it("refuses options that it does not have, values that they do not take and files that nobody named, with 2", async () => {
    for (const [args, why] of [
      [["--nonsense", "shop.pb"], /Unknown option '--nonsense'/],
      [["--format", "xml", "shop.pb"], /--format must be one of .*; got "xml"/],
      [["--env", "nowhere", "shop.pb"], /there is no environment "nowhere" in these files, only production/],
      [["--env"], /argument missing/],
      [[], /name at least one file or folder, or - for stdin/],
    ] as const) {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stdout }, args.join(" ")).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(why);
      expect(stderr).toContain(`Usage: headwater ${command[0]} `);
    }
  });
});

describe("headwater sla", () => {
  const run = (...args: string[]): Promise<CliEnded> => headwater(["sla", ...args], { cwd: folder });

  it("ends with 1 where a promise is more than its callees leave, with 2 where a file could not be read besides", async () => {
    const found = await run("--config", "broken.yaml", "shop.pb");
    expect(found.code).toBe(1);
    expect(found.stderr).toMatch(/^headwater: order-service: 99\.990 % cannot be promised; /m);
    expect((await run("--config", "kept.yaml", "shop.pb")).code).toBe(0);
    const besides = await run("--config", "broken.yaml", "shop.pb", "cut.json");
    expect(besides).toMatchObject({ code: 2, stdout: found.stdout });
  });

  it("ends with 2 over objectives that are wrong, a file of them that is not there, and a change that is none", async () => {
    for (const [args, why] of [
      [["--config", "wrong.yaml", "shop.pb"], /wrong\.yaml.*availability/],
      [["--config", "nowhere.yaml", "shop.pb"], /--config nowhere\.yaml: there is no such file/],
      [["--what-if", "nonsense", "shop.pb"], /--what-if .*; got "nonsense"/],
    ] as const) {
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stdout }, args.join(" ")).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(why);
    }
  });
});

describe("headwater import", () => {
  const got: Buffer[] = [];
  let server: Server;
  let to: string;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      got.push(Buffer.concat(parts));
      const counts = { received: 1, stored: 1, duplicates: 0, rejected: 0 };
      response.end(JSON.stringify({ format: "OTLP protobuf", ...counts, issues: [], window: null, environments: [] }));
    }).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());
  const run = (args: readonly string[], options: CliOptions = {}): Promise<CliEnded> => {
    got.length = 0;
    return headwater(["import", "--to", to, ...args], { cwd: folder, ...options });
  };

  it("sends a file, gzip as it is, a folder in order, and stdin, and ends with 0", async () => {
    expect(await run(["shop.pb", "shop.gz"])).toMatchObject({ code: 0, stderr: "" });
    expect([got[0]!.equals(bytes), gunzipSync(got[1]!).equals(bytes)]).toEqual([true, true]);
    const { code, stdout } = await run(["tree"]);
    expect([code, stdout.split("\n").map((line) => line.split(":")[0])]).toEqual([
      0,
      ["tree/a.pb", "tree/inner/b.gz", ""],
    ]);
    expect(await run(["-"], { stdin: bytes })).toMatchObject({
      code: 0,
      stdout: "stdin: OTLP protobuf, 1 span: 1 stored, 0 copies, 0 rejected\n",
    });
    expect(got[0]!.equals(bytes)).toBe(true);
  });

  it("ends with 2 over what is not there, and over a wrong call", async () => {
    const missing = await run(["nothing", "shop.pb"]);
    expect([missing.code, got.length]).toEqual([2, 1]);
    expect(missing.stderr).toContain("nothing: the folder holds no files.");
    for (const args of [["--nonsense", "shop.pb"], [], ["-", "-"]]) {
      expect(await run(args)).toMatchObject({ code: 2, stdout: "" });
      expect(got).toEqual([]);
    }
  });
});

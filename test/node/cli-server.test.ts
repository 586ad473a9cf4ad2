import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ImportResult } from "@/lib/contract/sources";
import { textAttribute } from "@/lib/domain/span";
import { readSpans } from "@/lib/ingest/otlp/read-span";
import { headwater } from "@/test/helpers/run-cli";

interface Got {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that notes what it is sent and answers what it is told to. */
async function listener(answer: (got: Got) => { status: number; body?: unknown }) {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const { method, url, headers } = request;
    const entry = { method, url, headers, body: Buffer.concat(parts) };
    got.push(entry);
    const { status, body } = answer(entry);
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body ?? {}));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

let folder: string;
const at = (name: string): string => join(folder, name);
const large = Buffer.alloc(11 << 20, "headwater ");
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headwater-cli-"));
  writeFileSync(at("a.json"), "one");
  writeFileSync(at("b.json"), "two");
  writeFileSync(at("large.json"), large);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const result: ImportResult = {
  format: "Jaeger JSON",
  received: 12,
  stored: 9,
  duplicates: 2,
  rejected: 1,
  issues: [
    {
      code: "bad_span_id",
      text: "span id is not 8 bytes, or all zero",
      rejects: true,
      count: 1,
      example: "x\u001b[31m",
    },
  ],
  window: { from: "2026-01-02T03:04:00.000Z", to: "2026-01-02T03:09:00.000Z" },
  environments: ["production", ""],
};

const refusedEarly = { type: "about:blank", title: "Too large", status: 413, detail: "the file is larger than 1 MiB" };

describe("headwater import", () => {
  it("sends files as they are, in their order, with the token, and shows what became of them", async () => {
    const { got, url } = await listener(() => ({ status: 200, body: result }));
    const token = "a-token-of-16-characters";
    const ended = await headwater(["import", "--to", url, at("a.json"), at("large.json")], {
      env: { HEADWATER_TOKEN: token },
    });
    expect(
      got.map(({ method, url: path, headers }) => [method, path, headers.authorization, headers["content-length"]]),
    ).toEqual([
      ["POST", "/api/v1/import", `Bearer ${token}`, "3"],
      ["POST", "/api/v1/import", `Bearer ${token}`, String(large.length)],
    ]);
    expect(got[0]!.body.toString()).toBe("one");
    expect(got[1]!.body.equals(large)).toBe(true);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout.split("\n").slice(0, 4)).toEqual([
      `${at("a.json")}: Jaeger JSON, 12 spans: 9 stored, 2 copies, 1 rejected`,
      "  1 × span id is not 8 bytes, or all zero (x [31m)",
      `  ${url}/map?env=production&from=2026-01-02T03%3A04%3A00.000Z&to=2026-01-02T03%3A09%3A00.000Z`,
      `  ${url}/map?env=&from=2026-01-02T03%3A04%3A00.000Z&to=2026-01-02T03%3A09%3A00.000Z`,
    ]);
  });

  it("names a refused file, where and why, sends the others and ends with 2", async () => {
    const problem = {
      type: "about:blank",
      title: "Bad request",
      status: 400,
      detail: "the file ends inside a JSON value",
      offset: 7,
    };
    const { url } = await listener(({ body }) =>
      body.toString() === "one" ? { status: 400, body: problem } : { status: 200, body: result },
    );
    const { code, stdout, stderr } = await headwater([
      "import",
      "--to",
      url,
      at("a.json"),
      at("b.json"),
      at("nowhere"),
    ]);
    expect(code).toBe(2);
    expect(stdout).toContain(`${at("b.json")}: Jaeger JSON`);
    expect(stdout).not.toContain("a.json");
    expect(stderr).toContain(`${at("a.json")}: byte 7: the file ends inside a JSON value.\n`);
    expect(stderr).toContain(`${at("nowhere")}: there is no such file or folder.\n`);
    expect(stderr).toContain("2 of 3 files were not imported.");
  });

  it("does not wait for a server that answered early", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(413).end(JSON.stringify(refusedEarly));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const before = Date.now();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, stderr } = await headwater(["import", "--to", url, at("large.json")]);
    expect({ code, early: Date.now() - before < 4_000 }).toEqual({ code: 2, early: true });
    expect(stderr).toMatch(/large\.json: (the file is larger|.* the connection was cut)/);
  });

  it("says when there is no server, or another one", async () => {
    const nobody = await headwater(["import", "--to", "http://127.0.0.1:1", at("a.json")]);
    expect(nobody).toMatchObject({ code: 2, stdout: "" });
    expect(nobody.stderr).toContain("http://127.0.0.1:1 cannot be reached: nobody listens there.");
    const { url } = await listener(() => ({ status: 200, body: "<html>" }));
    const another = await headwater(["import", "--to", url, at("a.json")]);
    expect(another.code).toBe(2);
    expect(another.stderr).toContain(`${url} is no Headwater server (it answered 200).`);
  });
});

describe("headwater demo", () => {
  it("streams until Ctrl+C, ends well, and says what it sent", async () => {
    const { got, url } = await listener(() => ({ status: 200 }));
    const { code, stdout, stderr } = await headwater(["demo", "--to", url, "--seed", "7", "--rate", "5"], {
      interruptAfterMs: 3_000,
    });
    const spans = got.flatMap(({ body }) => readSpans(gunzipSync(body)));
    const told = /^sent ([\d,]+) spans of ([\d,]+) traces\n$/.exec(stdout)?.slice(1) ?? [];
    const [sent, traces] = told.map((number) => Number(number.replaceAll(",", "")));
    expect({ code, sent }).toEqual({ code: 0, sent: spans.length });
    expect(stderr).toContain("seed 7");
    expect(new Set(got.map((entry) => entry.url))).toEqual(new Set(["/v1/traces"]));
    expect(
      new Set(spans.map(({ resource }) => textAttribute(resource.attributes, "deployment.environment.name"))),
    ).toEqual(new Set(["demo"]));
    const roots = spans.filter(({ parentSpanId, links }) => parentSpanId === "" && links.length === 0);
    expect(roots).toHaveLength(traces!);
  });

  it("ends by itself after --for", async () => {
    const { url } = await listener(() => ({ status: 200 }));
    const before = Date.now();
    const { code, stdout } = await headwater(["demo", "--to", `${url}/v1/traces`, "--rate", "1", "--for", "2s"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sent [\d,]+ spans of [\d,]+ traces\n$/);
    expect(Date.now() - before).toBeGreaterThanOrEqual(2_000);
  });

  it("ends with 2 where there is no door", async () => {
    const { code, stdout, stderr } = await headwater(["demo", "--to", "http://127.0.0.1:1"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("http://127.0.0.1:1 cannot be reached");
  });
});

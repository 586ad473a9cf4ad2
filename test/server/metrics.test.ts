// /metrics of a running server after requests of every kind: by an independent reader, to the span, in spite of the canary.
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Sources } from "@/lib/contract/sources";
import { METRICS } from "@/lib/services/metrics";
import { type PageFamily, readMetrics, sumOf, unbalanced } from "@/test/helpers/metrics-page";
import { eventually, type Server } from "@/test/helpers/server-process";
import { call, frame, send } from "@/test/helpers/server-requests";
import { JSON_TYPE, jsonOf, newTraceId, PROTOBUF, protobufOf, type SpanLike } from "@/test/helpers/server-spans";
import { serving } from "@/test/helpers/serving";

type Page = Map<string, PageFamily>;

async function pageOf(server: Server, accept = ""): Promise<{ text: string; page: Page; type: string | null }> {
  const answer = await fetch(`${server.base}/metrics`, { headers: accept ? { accept } : {} });
  expect(answer.status).toBe(200);
  const type = answer.headers.get("content-type");
  const text = await answer.text();
  return { text, page: readMetrics(text, type!.startsWith("application/openmetrics-text")), type };
}

const spans = (count: number, of: SpanLike = {}): SpanLike[] => Array.from({ length: count }, () => ({ ...of }));
const BAD_TRACE: SpanLike = { traceId: "00" };
const BAD_SPAN: SpanLike = { spanId: "0000000000000000" };
const TOO_EARLY: SpanLike = { startMs: Date.UTC(1999, 0, 1) };

describe("the metrics of a server", () => {
  const here = serving({ HEADWATER_CANARY: "200ms" });

  it("of an empty one are whole: nothing has come, whatever the canary does", async () => {
    const { server } = here;
    const { page, type } = await eventually(
      () => pageOf(server),
      (found) => sumOf(found.page, "headwater_canary_written_total") >= 3,
    );
    expect(type).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(unbalanced(page)).toEqual([]);
    expect(sumOf(page, "headwater_canary_written_total")).toBeGreaterThanOrEqual(3);
    for (const name of ["headwater_spans_received_total", "headwater_store_spans", "otelcol_receiver_accepted_spans"])
      expect(sumOf(page, name), name).toBe(0);
    for (const name of ["headwater_requests_total", "headwater_store_oldest_span_timestamp_seconds"])
      expect(page.has(name), name).toBe(false);
    expect(page.get("headwater_commit_spans")!.series.at(-1)).toMatchObject({
      name: "headwater_commit_spans_count",
      value: 0,
    });
    expect(sumOf(page, "headwater_up")).toBe(1);
  });

  it("account for every span of a mixed load, by door, reason and answer", async () => {
    const { server } = here;
    const http = (body: Uint8Array | string, headers: Record<string, string> = PROTOBUF) =>
      send(server.traces, { headers, body });
    const upload = (body: Uint8Array | string) => send(`${server.base}/api/v1/import`, { body });
    const twice = protobufOf(spans(7));
    const mixed = [...spans(5), BAD_TRACE, BAD_TRACE, BAD_SPAN, TOO_EARLY];

    await http(twice);
    await http(twice); // 7 duplicates
    await http(jsonOf(mixed), JSON_TYPE); // 5 stored, 4 rejected
    await http(gzipSync(protobufOf(spans(11))), { ...PROTOBUF, "content-encoding": "gzip" });
    await http(Buffer.from("no protobuf")); // 400
    await http("{", JSON_TYPE); // 400
    await http("text", { "content-type": "text/plain" }); // 415
    await send(`${new URL(server.traces).origin}/v1/metrics`, { headers: PROTOBUF, body: twice }); // 404
    await send(server.traces, { method: "GET" }); // 405
    await call(server.grpc, [frame(protobufOf([...spans(3), BAD_TRACE]))]);
    await call(server.grpc, [frame(twice)]); // 7 duplicates across doors
    await call(server.grpc, [frame(Buffer.from("no protobuf"))]); // 3
    await upload(jsonOf([...spans(13), BAD_SPAN]));
    await upload(twice); // 7 duplicates
    await upload("neither"); // 400 or 415
    await Promise.all(spans(20).map((one) => http(protobufOf([one, { ...one, traceId: newTraceId() }])))); // together

    const { page } = await pageOf(server);
    expect(unbalanced(page)).toEqual([]);
    const of = (what: string, door: string): number => sumOf(page, `headwater_spans_${what}_total`, { door });
    const counts = (door: string): number[] =>
      ["received", "stored", "duplicate", "rejected"].map((what) => of(what, door));
    expect(counts("otlp-http")).toEqual([7 + 7 + 9 + 11 + 40, 7 + 5 + 11 + 40, 7, 4]);
    expect(counts("otlp-grpc")).toEqual([4 + 7, 3, 7, 1]);
    expect(counts("import")).toEqual([14 + 7, 13, 7, 1]);
    const rejected = (door: string, reason: string): number =>
      sumOf(page, "headwater_spans_rejected_total", { door, reason });
    expect(
      ["bad_trace_id", "bad_span_id", "time_out_of_range", "bad_parent_id"].map((why) => rejected("otlp-http", why)),
    ).toEqual([2, 1, 1, 0]);
    const requests = (door: string, code: number): number =>
      sumOf(page, "headwater_requests_total", { door, code: String(code) });
    expect([200, 400, 415, 404, 405].map((code) => requests("otlp-http", code))).toEqual([24, 2, 1, 1, 1]);
    expect([0, 3].map((code) => requests("otlp-grpc", code))).toEqual([2, 1]);
    expect([requests("import", 200), sumOf(page, "headwater_requests_total", { door: "import" })]).toEqual([2, 3]);
    expect(sumOf(page, "headwater_store_spans")).toBe(63 + 3 + 13);
    expect(sumOf(page, "headwater_in_flight_bytes")).toBe(0);
    expect(sumOf(page, "otelcol_receiver_failed_spans")).toBe(0);
    const commits = page.get("headwater_commit_spans")!.series;
    const total = (end: string): number => commits.find(({ name }) => name.endsWith(end))!.value;
    expect(total("_sum")).toBe(63 + 3 + 13 + 21); // stored and duplicates
    expect(total("_count")).toBeGreaterThanOrEqual(8);
    const { doors } = await server.get<Sources>("/api/v1/sources");
    for (const { name, received, stored, duplicates, rejected: refused } of doors)
      expect([received, stored, duplicates, refused], name).toEqual(counts(name));
  });

  it("twin: a page in which one span is lost does not add up", async () => {
    const { text } = await pageOf(here.server);
    const stored = /^(headwater_spans_stored_total\{door="otlp-grpc"\}) (\d+)$/m;
    expect(unbalanced(readMetrics(text.replace(stored, (_, name, count) => `${name} ${Number(count) - 1}`)))).toEqual([
      "otlp-grpc: 11, 10, 11",
    ]);
  });

  it("are all documented metrics in both formats, with no other, and the canary is well", async () => {
    const { server } = here;
    const [plain, open] = [await pageOf(server), await pageOf(server, "application/openmetrics-text; version=1.0.0")];
    const names = METRICS.map(({ name }) => name);
    expect([...plain.page.keys()].sort()).toEqual([...names].sort());
    expect([...open.page.keys()].sort()).toEqual(names.map((name) => counterName(open.page, name)).sort());
    for (const { labels, name } of METRICS)
      for (const { labels: given } of plain.page.get(name)!.series)
        expect(
          Object.keys(given).filter((label) => label !== "le"),
          name,
        ).toEqual(labels);
    for (const fault of ["missing", "wrong", "refused"])
      expect(sumOf(plain.page, `headwater_canary_${fault}_total`), fault).toBe(0);
    expect(sumOf(plain.page, "headwater_canary_lag_seconds")).toBeGreaterThan(0);
    const { canary } = await server.get<Sources>("/api/v1/sources");
    expect(canary).toMatchObject({ everySeconds: 0.2, missing: 0, wrong: 0, refused: 0 });
  });

  const counterName = (page: Page, name: string): string => (page.has(name) ? name : name.replace(/_total$/, ""));
});

describe("with a token", () => {
  const here = serving({ HEADWATER_TOKEN: "a-secret-of-many-letters", HEADWATER_CANARY: "200ms" });

  it("they are for those who show it, and the canary does", async () => {
    const { server } = here;
    expect((await fetch(`${server.base}/metrics`)).status).toBe(401);
    const asked = async (): Promise<Page> => {
      const headers = { authorization: "Bearer a-secret-of-many-letters" };
      return readMetrics(await (await fetch(`${server.base}/metrics`, { headers })).text());
    };
    const page = await eventually(asked, (found) => found.has("headwater_canary_lag_seconds"));
    expect(sumOf(page, "headwater_canary_written_total")).toBeGreaterThan(0);
    expect(sumOf(page, "headwater_canary_refused_total")).toBe(0);
  });
});

describe("with the canary off", () => {
  const here = serving({ HEADWATER_CANARY: "off" });

  it("nothing is said of it", async () => {
    const { page } = await pageOf(here.server);
    expect([...page.keys()].filter((name) => name.includes("canary"))).toEqual([]);
    expect((await here.server.get<Sources>("/api/v1/sources")).canary).toBeNull();
  });
});

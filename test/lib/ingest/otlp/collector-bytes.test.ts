// Bytes that a stock OpenTelemetry Collector wrote: fields in descending order, a resource after its spans, a value before its
// key. How they were made: test/fixtures/README.md.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Directory } from "@/lib/domain/directory";
import { Issues } from "@/lib/domain/issue";
import { SpanColumns } from "@/lib/domain/span-columns";
import { readOtlpJson } from "@/lib/ingest/formats/otlp-json";
import { ColumnDecoder } from "@/lib/ingest/otlp/decode-columns";
import { readSpans } from "@/lib/ingest/otlp/read-span";
import { rowsOf } from "@/test/helpers/columns-rows";
import { RequestType } from "@/test/helpers/otlp-protobufjs";

const bytes = new Uint8Array(readFileSync("test/fixtures/collector-export.bin"));
const json = readFileSync("test/fixtures/collector-export.json", "utf8");

const SCOPE_SPANS = 0x12;
const KINDS = ["", "internal", "server", "client", "producer", "consumer"];

function decode(): { rows: ReturnType<typeof rowsOf>; issues: Issues } {
  const directory = new Directory();
  const columns = new SpanColumns();
  const issues = new Issues();
  new ColumnDecoder(directory).decode(bytes, 0, columns, issues, { earliestUs: 0, latestUs: 9e15 });
  return { rows: rowsOf(columns, directory), issues };
}

describe("a request as the Collector writes it", () => {
  it("is in descending order: spans stand before their resource", () => {
    // Behind the tag and the two length bytes of the first ResourceSpans.
    expect(bytes[0]).toBe(0x0a);
    expect(bytes[2]! < 128 ? bytes[3] : bytes[4]).toBe(SCOPE_SPANS);
  });

  it("is decoded to the columns that the request says, in the order of the bytes", () => {
    const { rows, issues } = decode();
    expect(issues.entries()).toEqual([]);
    const told = rows.map(
      ({ spanId, parentSpanId, service, kind, operation, peer, startUs, durationUs, links, weight }) =>
        [
          `${Number.parseInt(parentSpanId || "0", 16)}>${Number.parseInt(spanId, 16)}`,
          service,
          KINDS[kind],
          operation,
          peer || "-",
          `${startUs - 1_767_225_600_000_000}+${durationUs}`,
          ...links,
          ...(weight === null ? [] : [`x${weight}`]),
        ].join(" | "),
    );
    expect(told.sort()).toEqual([
      "0>1 | shop/storefront | server | POST /basket | - | 0+120000 | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb | x2",
      "1>2 | shop/storefront | client | GET | external:warehouse.internal | 10000+50000",
      "1>3 | shop/storefront | producer | orders publish | topic:kafka/orders | 70000+5000",
      "1>4 | shop/storefront | internal | price basket | - | 80000+1000",
      "2>5 | warehouse | server | GET /stock | - | 20000+35000",
      "5>6 | warehouse | client | SELECT stock | db:postgresql/stock@stock-db:5432 | 25000+20000",
    ]);
    expect(new Set(rows.map(({ traceId, environment }) => `${traceId} ${environment}`))).toEqual(
      new Set(["5b8aa5a2d2c872e8321cf37308d69df2 production"]),
    );
  });

  it("is read whole as the JSON that was sent is: attributes of every type, events, links, status, scope, resource", () => {
    const byId = <T extends { spanId: string }>(list: T[]): T[] => list.sort((a, b) => (a.spanId < b.spanId ? -1 : 1));
    const sent = byId(readOtlpJson(json));
    expect(sent).toHaveLength(6);
    expect(byId(readSpans(bytes))).toEqual(sent);
  });

  it("is the request that was sent by protobufjs' word, too", () => {
    const decoded = RequestType.toObject(RequestType.decode(bytes), { longs: String }) as {
      resourceSpans: {
        scopeSpans: { spans: { spanId: Uint8Array; name: string; attributes?: { key: string }[] }[] }[];
      }[];
    };
    const spans = decoded.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    const whole = new Map(readSpans(bytes).map((span) => [span.spanId, span]));
    expect(spans).toHaveLength(whole.size);
    for (const { spanId, name, attributes } of spans) {
      const ours = whole.get(Buffer.from(spanId).toString("hex"))!;
      expect(ours.name).toBe(name);
      expect(ours.attributes.map(([key]) => key)).toEqual((attributes ?? []).map(({ key }) => key));
    }
  });
});

import { describe, expect, it } from "vitest";
import { Directory } from "@/lib/domain/directory";
import { DomainError } from "@/lib/domain/errors";
import { Issues } from "@/lib/domain/issue";
import { grpcCode, outcomeOf } from "@/lib/domain/outcome";
import { type Span, SpanKind } from "@/lib/domain/span";
import { SpanColumns } from "@/lib/domain/span-columns";
import { KNOWN_KEYS, type KnownKeyName } from "@/lib/ingest/otlp/attribute-keys";
import { ColumnDecoder, type TimeRange } from "@/lib/ingest/otlp/decode-columns";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { type PeerAttributes, resolvePeer } from "@/lib/ingest/otlp/peer";
import { readSpans } from "@/lib/ingest/otlp/read-span";
import { seededRandom } from "@/lib/simulate/random";
import { type Row, rowsOf } from "@/test/helpers/columns-rows";
import { encodeWithOracle, RequestType } from "@/test/helpers/otlp-protobufjs";
import { type FieldOrder, permuteFields } from "@/test/helpers/permute-fields";
import { randomSpans } from "@/test/helpers/random-spans";

const ALL_TIME: TimeRange = { earliestUs: 0, latestUs: Number.MAX_SAFE_INTEGER };

function decode(bytes: Uint8Array, range = ALL_TIME): { rows: Row[]; issues: Issues; spans: number } {
  const directory = new Directory();
  const columns = new SpanColumns(4);
  const issues = new Issues();
  const spans = new ColumnDecoder(directory).decode(bytes, 0, columns, issues, range);
  return { rows: rowsOf(columns, directory), issues, spans };
}

interface OracleSpan {
  traceId: Uint8Array;
  spanId: Uint8Array;
  parentSpanId: Uint8Array;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> | null }[];
  links: { traceId: Uint8Array; spanId: Uint8Array }[];
  traceState: string;
  status: { code: number } | null;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What protobufjs says about a request, shaped as rows by the plainest code possible. */
function oracleRows(bytes: Uint8Array): Row[] {
  const request = RequestType.toObject(RequestType.decode(bytes), { longs: String, defaults: true }) as {
    resourceSpans: { resource: { attributes: OracleSpan["attributes"] }; scopeSpans: { spans: OracleSpan[] }[] }[];
  };
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const from = Object.fromEntries(
      resource.attributes.map(({ key, value }) => [key, String(value?.stringValue ?? "")]),
    );
    const environment = from["deployment.environment.name"] || from["deployment.environment"] || "";
    return scopeSpans.flatMap(({ spans }) =>
      spans.map((span): Row => {
        const known = new Map<string, string>();
        const numbers = new Map<string, number>();
        for (const { key, value } of span.attributes) {
          if (!KNOWN_KEYS.some((candidate) => candidate.key === key) || !value) continue;
          const scalar = value.stringValue || value.intValue || value.boolValue || value.doubleValue;
          const kind = Object.keys(value).find((name) => name !== "value");
          if (
            !kind ||
            !["stringValue", "intValue", "boolValue", "doubleValue"].includes(kind) ||
            value.stringValue === ""
          )
            continue;
          known.set(key, kind === "boolValue" ? String(value.boolValue) : String(scalar ?? 0));
          if (kind !== "stringValue") numbers.set(key, Number(scalar ?? 0));
        }
        const get = (key: KnownKeyName): string => known.get(key) ?? "";
        const hasAddress = [
          "server.address",
          "net.peer.name",
          "peer.hostname",
          "http.host",
          "service.peer.name",
          "peer.service",
          "messaging.destination.name",
        ].some((key) => known.has(key));
        const attributes: PeerAttributes = {};
        for (const { key, group } of KNOWN_KEYS) {
          if (!known.has(key) || group === 4 || (group === 2 && hasAddress)) continue;
          if (span.kind === 2 && !["service.peer.name", "service.peer.namespace", "peer.service"].includes(key))
            continue;
          attributes[key] = get(key).slice(0, 255);
        }
        const peer = resolvePeer(span.kind as 1, attributes, environment);
        const code = (keys: KnownKeyName[]): string => keys.map(get).find((value) => value !== "") ?? "";
        const http =
          [get("http.response.status_code"), get("http.status_code")]
            .map(Number)
            .find((value) => Number.isInteger(value) && value > 0 && value < 1000) ?? 0;
        const flag = get("error");
        const grpc = code(["rpc.response.status_code", "rpc.status_code", "rpc.grpc.status_code", "grpc.status_code"]);
        const start = Number(BigInt(span.startTimeUnixNano) / 1000n);
        const end = Number(BigInt(span.endTimeUnixNano) / 1000n);
        const th = /th:([0-9a-f]+)/.exec(span.traceState)?.[1];
        return {
          traceId: hex(span.traceId),
          spanId: hex(span.spanId),
          parentSpanId: hex(span.parentSpanId),
          startUs: start,
          durationUs: end - start,
          kind: span.kind,
          role: peer.role,
          outcome: outcomeOf({
            kind: span.kind as 1,
            status: flag && flag !== "false" ? 2 : ((span.status?.code ?? 0) as 0),
            http,
            grpc: grpc === "" ? -1 : grpcCode(grpc),
            errorType: get("error.type") || (flag !== "true" && flag !== "false" ? flag : ""),
            database: peer.database,
          }),
          service: from["service.namespace"]
            ? `${from["service.namespace"]}/${from["service.name"]}`
            : from["service.name"]!,
          environment,
          operation: span.name,
          peer: peer.role === 0 ? "" : (peer.node?.id ?? ""),
          weight: th ? 2 ** 56 / (2 ** 56 - Number.parseInt(th.padEnd(14, "0"), 16)) : null,
          links: span.links.map((link) => hex(link.traceId) + hex(link.spanId)),
        };
      }),
    );
  });
}

describe("decoding a request into columns", () => {
  const ORDERS: FieldOrder[] = ["ascending", "descending", "shuffled"];

  it.each(ORDERS)("reads what protobufjs reads, fields %s", (order) => {
    for (let seed = 0; seed < 25; seed++) {
      const random = seededRandom(`decode ${seed}`);
      const request = RequestType.toObject(RequestType.decode(encodeSpans(randomSpans(random, 40))));
      const bytes = encodeWithOracle(request);
      const permuted = permuteFields(bytes, order, random.next);
      expect(decode(permuted).rows).toEqual(oracleRows(permuted));
      expect(decode(permuted).spans).toBe(40);
    }
  });

  it("finds the resource after its spans and the value before its key, as the Collector writes them", () => {
    const [span] = randomSpans(seededRandom(3), 1);
    const bytes = permuteFields(encodeSpans([span!]), "descending", () => 0.5);
    expect(decode(bytes).rows[0]?.service).toBe(decode(encodeSpans([span!])).rows[0]?.service);
  });

  it("writes the same bytes for the same spans as it reads back", () => {
    const spans = randomSpans(seededRandom(7), 60);
    expect(readSpans(encodeSpans(spans))).toEqual(spans);
  });
});

const spanWith = (change: Partial<Span>): Span => ({
  ...randomSpans(seededRandom(11), 1)[0]!,
  kind: 2,
  links: [],
  ...change,
});

describe("faults of one span", () => {
  const good = spanWith({ name: "good", parentSpanId: "" });

  it.each([
    ["a trace id of 8 bytes", { traceId: "ab".repeat(8) }, "bad_trace_id"],
    ["a trace id of zeros", { traceId: "0".repeat(32) }, "bad_trace_id"],
    ["no trace id", { traceId: "" }, "bad_trace_id"],
    ["a span id of 4 bytes", { spanId: "ab".repeat(4) }, "bad_span_id"],
    ["a span id of zeros", { spanId: "0".repeat(16) }, "bad_span_id"],
    ["a parent id of 3 bytes", { parentSpanId: "ab".repeat(3) }, "bad_parent_id"],
  ] as const)("%s rejects that span and keeps its neighbours", (_, change, code) => {
    const { rows, issues, spans } = decode(encodeSpans([good, spanWith({ name: "bad", ...change }), good]));
    expect(rows.map((row) => row.operation)).toEqual(["good", "good"]);
    expect(spans).toBe(3);
    expect(issues.rejected).toBe(1);
    expect(issues.entries()).toContainEqual({ code, count: 1, example: "span bad" });
  });

  it("refuses a start outside the door's range, and says which", () => {
    const { rows, issues } = decode(encodeSpans([good]), { earliestUs: 0, latestUs: 1000 });
    expect(rows).toEqual([]);
    expect(issues.count("time_out_of_range")).toBe(1);
  });

  it("keeps a span that ends before it starts, without a duration", () => {
    const { rows, issues } = decode(encodeSpans([spanWith({ startNs: 5_000_000n, endNs: 4_000_000n })]));
    expect(rows[0]?.durationUs).toBe(-1);
    expect(issues.count("end_before_start")).toBe(1);
  });

  it("reads a span that is its own parent as a root", () => {
    const { rows, issues } = decode(encodeSpans([spanWith({ parentSpanId: good.spanId, spanId: good.spanId })]));
    expect(rows[0]?.parentSpanId).toBe("");
    expect(issues.count("self_parent")).toBe(1);
  });

  it("reads the first 512 attributes of ten thousand", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => [`key-${i}`, i] as const);
    const { rows, issues } = decode(encodeSpans([spanWith({ attributes: [...many, ["peer.service", "late"]] }), good]));
    expect(rows).toHaveLength(2);
    expect(rows[0]?.peer).toBe("");
    expect(issues.count("too_many_attributes")).toBe(1);
  });

  it.each([33, 1000, 10_000])("counts a value nested %i deep and shows it cut", (depth) => {
    let value: Span["attributes"][number][1] = "deep";
    for (let i = 0; i < depth; i++) value = [value];
    const bytes = encodeSpans([spanWith({ attributes: [["nest", value]] })]);
    const { rows, issues } = decode(bytes);
    expect(rows).toHaveLength(1);
    expect(issues.count("value_too_deep")).toBe(1);
    expect(JSON.stringify(readSpans(bytes)[0]?.attributes)).toContain("cut: nested deeper than 32");
  });

  it("takes __proto__ and markup as names like any other", () => {
    const { rows } = decode(
      encodeSpans([
        spanWith({ name: "<img src=x onerror=alert(1)>", resource: { attributes: [["service.name", "__proto__"]] } }),
      ]),
    );
    expect(rows[0]).toMatchObject({ service: "__proto__", operation: "<img src=x onerror=alert(1)>" });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("shows invalid UTF-8 with replacement characters and counts it, each time", () => {
    const bytes = encodeSpans([spanWith({ name: "caf\u00e9" }), spanWith({ name: "caf\u00e9" }), spanWith({})]);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = buffer.indexOf("\u00e9"); at >= 0; at = buffer.indexOf("\u00e9")) bytes[at] = 0xff;
    const { rows, issues } = decode(bytes);
    expect(rows[0]?.operation).toContain("\ufffd");
    expect(issues.count("invalid_utf8")).toBe(2);
  });

  it.each([
    ["a service", { resource: { attributes: [["service.name", "caf\u00e9"]] } }, 2],
    [
      "a key of a resource",
      {
        resource: {
          attributes: [
            ["service.name", "x"],
            ["caf\u00e9", "y"],
          ],
        },
      },
      2,
    ],
    ["the far side of a call", { kind: SpanKind.CLIENT, attributes: [["peer.service", "caf\u00e9"]] }, 2],
    ["what names no far side", { kind: SpanKind.INTERNAL, attributes: [["peer.service", "caf\u00e9"]] }, 0],
    [
      "an attribute that is only kept",
      {
        attributes: [
          ["note", "caf\u00e9"],
          ["caf\u00e9", "y"],
        ],
      },
      0,
    ],
    [
      "a status and an event",
      { status: { code: 2, message: "caf\u00e9" }, events: [{ timeNs: 1n, name: "caf\u00e9", attributes: [] }] },
      0,
    ],
  ] as [string, Partial<Span>, number][])(
    "counts it in %s by span, and not the same text in UTF-8",
    (_where, part, count) => {
      const good = encodeSpans([spanWith(part), spanWith(part)]);
      const bytes = good.slice();
      const buffer = Buffer.from(bytes.buffer);
      for (let at = buffer.indexOf("\u00e9"); at >= 0; at = buffer.indexOf("\u00e9")) bytes[at] = 0xff;
      expect(decode(bytes).issues.count("invalid_utf8")).toBe(count);
      expect(decode(good).issues.count("invalid_utf8")).toBe(0);
    },
  );

  it("takes a replacement character that was sent for text like any other", () => {
    const name = "caf\ufffd";
    const spans = [
      spanWith({
        name,
        kind: SpanKind.CLIENT,
        attributes: [["peer.service", name]],
        resource: { attributes: [["service.name", name]] },
      }),
    ];
    const { rows, issues } = decode(encodeSpans(spans));
    expect([rows[0]?.operation, issues.count("invalid_utf8")]).toEqual([name, 0]);
  });

  it("names a service without service.name unknown_service and counts its spans", () => {
    const { rows, issues } = decode(encodeSpans([spanWith({ resource: { attributes: [] } })]));
    expect(rows[0]?.service).toBe("unknown_service");
    expect(issues.count("no_service_name")).toBe(1);
  });
});

describe("bytes that are no request", () => {
  it("leaves the columns unchanged and names the byte", () => {
    const directory = new Directory();
    const columns = new SpanColumns();
    const decoder = new ColumnDecoder(directory);
    const bytes = encodeSpans(randomSpans(seededRandom(5), 20));
    decoder.decode(bytes, 0, columns, new Issues(), ALL_TIME);
    const before = rowsOf(columns, directory);
    for (let cut = 1; cut < bytes.length; cut += 17) {
      try {
        decoder.decode(bytes.subarray(0, bytes.length - cut), 1, columns, new Issues(), ALL_TIME);
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
        expect((error as DomainError).code).toBe("unreadable");
      }
      columns.truncate(20, columns.links);
    }
    expect(rowsOf(columns, directory)).toEqual(before);
  });

  it("never hangs or crashes on mutated bytes", () => {
    const random = seededRandom("mutate");
    const corpus = [1, 2, 3].map((seed) => encodeSpans(randomSpans(seededRandom(seed), 6)));
    const decoder = new ColumnDecoder(new Directory());
    const columns = new SpanColumns();
    let slowest = 0;
    for (let i = 0; i < 20_000; i++) {
      const bytes = corpus[i % corpus.length]!.slice(0, random.chance(0.2) ? random.below(500) : undefined);
      for (let flips = random.below(6); flips >= 0 && bytes.length > 0; flips--)
        bytes[random.below(bytes.length)] = random.below(256);
      const before = performance.now();
      columns.clear();
      try {
        decoder.decode(bytes, 0, columns, new Issues(), ALL_TIME);
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
      }
      slowest = Math.max(slowest, performance.now() - before);
    }
    expect(slowest).toBeLessThan(250);
  });
});

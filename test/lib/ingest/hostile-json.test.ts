// Files made to stall or break a reader: small for their sender, endless or deadly for code that does not expect them.
import { describe, expect, it } from "vitest";
import { DomainError } from "@/lib/domain/errors";
import type { Span } from "@/lib/domain/span";
import { readOtlpJson } from "@/lib/ingest/formats/otlp-json";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { readSpans } from "@/lib/ingest/otlp/read-span";
import { samplingWeight } from "@/lib/ingest/otlp/sampling-weight";
import { TraceReader } from "@/lib/ingest/trace-reader";

function read(text: string): Span[] {
  const spans: Span[] = [];
  const reader = new TraceReader((portion) => {
    if (portion.kind === "spans") spans.push(...portion.spans);
  });
  reader.feed(new TextEncoder().encode(text));
  reader.end();
  return spans;
}

/** Best of three, because others use the machine too. */
function bestMs(run: () => void): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const started = performance.now();
      run();
      return performance.now() - started;
    }),
  );
}

const deep = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const TRACE = "5b8efff798038103d269b633813fc60c";
const SPAN = "eee19b7ec3c1b174";
const zipkin = (fields: string): string => `{"traceId":"${TRACE}","id":"${SPAN}"${fields}}`;
const otlp = (fields: string): string =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${TRACE}","spanId":"${SPAN}",${fields}}]}]}]}`;
const jaeger = (tag: string): string =>
  `{"data":[{"traceID":"${TRACE}","spans":[{"traceID":"${TRACE}","spanID":"${SPAN}","operationName":"a","tags":[${tag}]}]}]}`;

describe("objects where numbers belong", () => {
  const odd = '{"toString":1,"valueOf":{}}';
  it.each([
    ["the port of a Zipkin span", zipkin(`,"remoteEndpoint":{"port":${odd}}`)],
    ["the port, in lists", zipkin(`,"remoteEndpoint":{"port":[[${odd}]]}`)],
    ["the kind of an OTLP span", otlp(`"kind":${odd}`)],
    ["its status", otlp(`"status":{"code":${odd}}`)],
    ["a double of it", otlp(`"attributes":[{"key":"k","value":{"doubleValue":${odd}}}]`)],
    ["the tag of a Jaeger span", jaeger(`{"key":"k","type":"float64","value":${odd}}`)],
  ])("%s: the span is read", (_name, text) => {
    expect(read(text)).toHaveLength(1);
    if (text.startsWith('{"resourceSpans"')) expect(readOtlpJson(text)).toHaveLength(1);
  });
});

describe("values that nest deep", () => {
  it("a Jaeger tag of 100,000 lists is cut where it is shown", () => {
    const [span] = read(jaeger(`{"key":"k","value":${deep(100_000)}}`));
    expect(span?.attributes).toEqual([["k", "…cut: nested too deep"]]);
  });

  it("100,000 lists where nothing is read cost nothing", () => {
    const text = `{"unknown":${deep(100_000)},${otlp('"name":"a"').slice(1)}`;
    expect(read(text)).toHaveLength(1);
    expect(bestMs(() => read(text))).toBeLessThan(250);
  });

  it("a million are refused before they are memory", () => {
    const fails = (text: string): DomainError => {
      try {
        read(text);
      } catch (error) {
        if (error instanceof DomainError) return error;
        throw error;
      }
      throw new Error("was read");
    };
    for (const text of [deep(1_000_000), `{"data":[${deep(1_000_000)}]}`, '{"a":'.repeat(1_000_000)])
      expect(fails(text)).toMatchObject({ code: "unreadable", message: expect.stringMatching(/nests deeper than/) });
  });
});

describe("Zipkin spans in parts", () => {
  const parts = (count: number, fields: (i: number) => string): string =>
    `[[${Array.from({ length: count }, (_, i) => zipkin(fields(i))).join()}]]`;
  const whole = '"localEndpoint":{"serviceName":"a"},"timestamp":1700000000000000';

  it.each([
    ["of one id, none of which says whose it is", parts(40_000, () => "")],
    ["of one id, one of which does", parts(40_000, (i) => (i === 0 ? `,${whole}` : `,"tags":{"k${i % 50}":"v"}`))],
    ["of one id, each with a tag of its own", parts(20_000, (i) => (i === 0 ? `,${whole}` : `,"tags":{"k${i}":"v"}`))],
    ["of one id, all of which do", parts(40_000, (i) => `,${whole},"tags":{"k":"${i}"}`)],
    ["of one id, each of another service", parts(20_000, (i) => `,"localEndpoint":{"serviceName":"s${i}"}`)],
    ["that are their own parents", parts(40_000, () => `,"parentId":"${SPAN}"`)],
  ])("%s, are joined in time that grows with their number", (_name, text) => {
    expect(bestMs(() => read(text))).toBeLessThan(2_000);
  });

  it("keep their tags, the first of a key, however many there are", () => {
    const spans = read(parts(2_000, (i) => (i === 0 ? `,${whole}` : `,"tags":{"k${i % 500}":"${i}"}`)));
    expect(spans).toHaveLength(2_000);
    const { attributes } = spans[0]!;
    expect(attributes).toHaveLength(500);
    expect(attributes.find(([key]) => key === "k7")).toEqual(["k7", "7"]);
  });
});

describe("one value in many parts", () => {
  it("a name of 16 MB is a span", () => {
    const [span] = readSpans(encodeSpans(read(otlp(`"name":"${"x".repeat(16 << 20)}"`))));
    expect(span?.name).toHaveLength(16 << 20);
  });
});

describe("small values that become much", () => {
  const encoded = (text: string): number => encodeSpans(read(text)).length;

  it("a million empty spans are refused before they are memory, as a file and as a request", () => {
    const lists = {
      otlp: `{"resourceSpans":[{"scopeSpans":[{"spans":[${"{},".repeat(1_000_000)}{}]}]}]}`,
      jaeger: `{"data":[{"spans":[{"spanID":"1","operationName":""},${"{},".repeat(1_000_000)}{}]}]}`,
      zipkin: `[[{"traceId":"1","id":"1"},${"{},".repeat(1_000_000)}{}]]`,
    };
    for (const text of Object.values(lists)) expect(() => read(text)).toThrow(/more than 1,000,000 objects/);
    expect(() => readOtlpJson(lists.otlp)).toThrow(/more than 1,000,000 objects/);
    expect(readOtlpJson(lists.otlp.replace("{},".repeat(900_000), ""))).toHaveLength(100_001);
  });

  it("a long process of Jaeger that alternates with another is written once", () => {
    const processes = `{"p0":{"serviceName":"a","tags":[{"key":"k","value":"${"x".repeat(100_000)}"}]},"p1":{"serviceName":"b"}}`;
    const spans = Array.from(
      { length: 2_000 },
      (_, i) => `{"spanID":"${i + 1}","operationName":"","processID":"p${i % 2}"}`,
    );
    expect(encoded(`{"data":[{"traceID":"1","spans":[${spans.join()}],"processes":${processes}}]}`)).toBeLessThan(
      500_000,
    );
  });

  it("a long trace id of Jaeger, which is no id, is not repeated with every span", () => {
    const spans = Array.from({ length: 2_000 }, (_, i) => `{"spanID":"${i + 1}","operationName":""}`);
    const text = `{"data":[{"traceID":"${"x".repeat(1_000_000)}","spans":[${spans.join()}]}]}`;
    expect(encoded(text)).toBeLessThan(1_500_000);
    expect(bestMs(() => read(text))).toBeLessThan(500);
  });

  it("what a Zipkin span says once is not said again by its parts", () => {
    const tags = `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":"value"`).join()}}`;
    const whole = `,"name":"${"x".repeat(100_000)}","localEndpoint":{"serviceName":"a"},"timestamp":1700000000000000,"tags":${tags}`;
    const text = `[[${zipkin(whole)},${Array.from({ length: 3_000 }, () => zipkin("")).join()}]]`;
    expect(encoded(text)).toBeLessThan(2_000_000);
  });
});

describe("sampling thresholds", () => {
  it("the largest one is a weight, not infinity", () => {
    const weight = (th: string): number => samplingWeight(`ot=th:${th}`);
    expect(weight("ffffffffffffff")).toBe(2 ** 56);
    expect(weight("fffffffffffff")).toBe(2 ** 52);
    expect([weight("0"), weight("8"), weight("c"), weight("e668")]).toEqual([1, 2, 4, 2 ** 16 / (2 ** 16 - 0xe668)]);
  });
});

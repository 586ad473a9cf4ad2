// The pages that scrapers read, by an independent reader of both formats; and the table of the documentation.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METRICS, metricsOf } from "@/lib/services/metrics";
import { type Family, metricsFormat, writeMetrics } from "@/lib/services/metrics-text";
import { readMetrics, sumOf } from "@/test/helpers/metrics-page";

const PLAIN = metricsFormat(null);
const OPEN = metricsFormat("application/openmetrics-text");

const HOSTILE = 'a"b\\c\nd,e="f"}\u2028é';
const families: Family[] = [
  {
    name: "requests_total",
    type: "counter",
    help: "Two\nlines \\ and a backslash",
    samples: [
      { labels: { door: HOSTILE, code: "200" }, value: 3 },
      { labels: { door: "import", code: "200" }, value: 4 },
    ],
  },
  { name: "accepted_spans", type: "counter", help: "Without a suffix", samples: [{ labels: {}, value: 1e21 }] },
  { name: "lag_seconds", type: "gauge", help: "Small", samples: [{ labels: {}, value: 0.0000005 }] },
  { name: "unknown", type: "gauge", help: "Has no value", samples: [] },
  {
    name: "took_seconds",
    type: "histogram",
    help: "Some",
    samples: [
      {
        labels: {},
        value: {
          buckets: [
            { atMost: 0.5, count: 1 },
            { atMost: 1, count: 3 },
          ],
          sum: 9.25,
          count: 4,
        },
      },
    ],
  },
];

describe("a page of metrics", () => {
  it.each([
    ["Prometheus' text", PLAIN, "requests_total", "accepted_spans"],
    ["OpenMetrics", OPEN, "requests", "accepted_spans"],
  ] as const)("in %s says what it was given, hostile labels included", (_, format, requests, accepted) => {
    const page = readMetrics(writeMetrics(families, format), format.open);
    expect([...page.keys()]).toEqual([requests, accepted, "lag_seconds", "took_seconds"]);
    expect(page.get(requests)!.series.map(({ name, labels, value }) => [name, labels.door, value])).toEqual([
      ["requests_total", HOSTILE, 3],
      ["requests_total", "import", 4],
    ]);
    expect(page.get(accepted)!.series[0]).toMatchObject({
      name: format.open ? "accepted_spans_total" : "accepted_spans",
      value: 1e21,
    });
    expect(page.get("took_seconds")!.series.map(({ name, labels, value }) => [name, labels.le, value])).toEqual([
      ["took_seconds_bucket", "0.5", 1],
      ["took_seconds_bucket", "1.0", 3],
      ["took_seconds_bucket", "+Inf", 4],
      ["took_seconds_sum", undefined, 9.25],
      ["took_seconds_count", undefined, 4],
    ]);
  });

  it("twin: a page with any of these faults is not read", () => {
    const good = writeMetrics(families, PLAIN);
    const spoilt = [
      good.slice(0, -1),
      good.replace('\\"b', '"b'),
      good.replace("# TYPE requests_total counter\n", ""),
      good.replace('le="1.0"} 3', 'le="1.0"} 0'),
      good.replace('le="+Inf"} 4', 'le="+Inf"} 5'),
      good.replace(/^(requests_total.*import.*)$/m, "$1\n$1"),
      good.replace("lag_seconds 5e-7", "lag_seconds"),
    ];
    for (const page of spoilt) {
      expect(page).not.toBe(good);
      expect(() => readMetrics(page), page).toThrow();
    }
    expect(() => readMetrics(good, true)).toThrow("EOF");
  });

  it.each([
    [null, false],
    ["*/*", false],
    ["text/plain", false],
    ["application/json, text/html;q=0.9", false],
    ["application/openmetrics-text; version=1.0.0", true],
    // Prometheus 2.42 and 3
    [
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
      true,
    ],
    [
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
      true,
    ],
    ["text/plain, application/openmetrics-text;q=0.5", false],
    ["application/openmetrics-text;q=0", false],
  ])("for Accept: %s is OpenMetrics: %s", (accept, open) => {
    const format = metricsFormat(accept);
    expect(format.open).toBe(open);
    expect(format.contentType).toMatch(
      open ? /^application\/openmetrics-text; version=1\.0\.0/ : /^text\/plain; version=0\.0\.4/,
    );
  });
});

describe("metrics of a server whose engine does not answer", () => {
  it("say so, and say nothing of what is not known", () => {
    const page = readMetrics(
      writeMetrics(
        metricsOf({
          version: "1.2.3",
          node: "20.20.0",
          status: null,
          failing: true,
          requests: [{ door: "otlp-http", code: 503, count: 2 }],
          inFlight: { bytes: 0, limit: 64 },
          canary: { everyMs: 15_000, written: 4, missing: 1, wrong: 0, refused: 2, lagMs: null, lastMs: null },
          process: { cpuSeconds: 1.5, residentBytes: 1024, startSeconds: 7, openFds: null },
        }),
        PLAIN,
      ),
    );
    expect(sumOf(page, "headwater_up")).toBe(0);
    expect(sumOf(page, "headwater_requests_total", { door: "otlp-http", code: "503" })).toBe(2);
    expect(sumOf(page, "headwater_canary_missing_total")).toBe(1);
    const missing = METRICS.map(({ name }) => name).filter((name) => !page.has(name));
    expect(missing.filter((name) => !/^(otelcol|headwater_(spans|commit|minutes|store|memory))_/.test(name))).toEqual([
      "headwater_canary_lag_seconds",
      "process_open_fds",
    ]);
    expect(missing.length).toBe(18);
  });
});

describe("docs/operations.md", () => {
  it("has every metric with its type, labels and meaning, and no other", () => {
    const rows = readFileSync("docs/operations.md", "utf8").matchAll(
      /^\| `([a-z_]+)` \| (counter|gauge|histogram) \| ([^|]*)\| ([^|]+) \|$/gm,
    );
    const documented = Array.from(rows, ([, name, type, labels, help]) => [
      name,
      type,
      Array.from(labels!.matchAll(/`(\w+)`/g), ([, label]) => label),
      help,
    ]);
    expect(documented).toEqual(METRICS.map(({ name, type, labels, help }) => [name, type, labels, help]));
    expect(documented.length).toBeGreaterThan(25);
  });
});

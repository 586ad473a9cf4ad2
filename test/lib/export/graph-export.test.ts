import { describe, expect, it } from "vitest";
import { Graph } from "@/lib/contract/graph";
import { EXPORTS } from "@/lib/export";
import { csv } from "@/lib/export/csv";
import { dot } from "@/lib/export/dot";
import { graphDocument, json } from "@/lib/export/json";
import { mermaid } from "@/lib/export/mermaid";
import { table } from "@/lib/export/table";
import { edge, graph, HOSTILE, hostileGraph, node } from "./sample-graph";

const shop = (): Graph =>
  graph(
    [
      node("web"),
      node("shop"),
      node("mailer"),
      node("db:postgresql/shop@db:5432", { name: "shop-db", kind: "database" }),
      node("topic:kafka/orders", { name: "orders", kind: "topic" }),
    ],
    [
      edge("web", "shop", {
        calls: 200,
        errors: 5,
        estimatedCalls: 2000,
        latency: {
          client: { p50Ms: 14, p90Ms: 20, p95Ms: 30, p99Ms: 40, samples: 200 },
          server: { p50Ms: 12.4, p90Ms: 18, p95Ms: 25, p99Ms: 31, samples: 200 },
          gap: { p50Ms: 1, p90Ms: 2, p95Ms: 3, p99Ms: 4, samples: 200 },
        },
        confidence: { paired: 150, n: 200 },
      }),
      edge("shop", "db:postgresql/shop@db:5432", { kind: "database", inferred: true, calls: 7 }),
      edge("shop", "mailer", {
        kind: "async",
        via: "topic:kafka/orders",
        calls: 30,
        confidence: { paired: 10, n: 30 },
      }),
      edge("shop", "topic:kafka/orders", { kind: "async", calls: 2, inferred: true }),
    ],
  );

/** A parser of RFC 4180, apart from the writer. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let inQuotes = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (inQuotes) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') cell += text[++i];
      else inQuotes = false;
    } else if (char === '"') inQuotes = true;
    else if (char === "," || char === "\n") {
      rows[rows.length - 1]!.push(cell);
      cell = "";
      if (char === "\n") rows.push([]);
    } else cell += char;
  }
  rows.pop();
  return rows;
}

describe("every export", () => {
  it("writes a graph without anything, and ends with a line break", () => {
    for (const { id, write } of EXPORTS) {
      const text = write([graph([], [])]);
      expect(text.endsWith("\n"), id).toBe(true);
      expect(text, id).not.toMatch(/undefined|null,|NaN/);
    }
  });

  it("lets no control character of a name through, but for JSON, which escapes it", () => {
    for (const { id, write } of EXPORTS) {
      if (id === "csv") continue; // keeps names as they are, quoted
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(write([hostileGraph()]), id).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });

  it("keeps environments apart", () => {
    const graphs = [graph([node("a"), node("b")], [edge("a", "b")], "one"), graph([node("a")], [], "")];
    expect(table.write(graphs)).toMatch(/^environment one\n[\s\S]*\nenvironment \(no environment\)\n/);
    expect(mermaid.write(graphs)).toContain('subgraph e1["(no environment)"]');
    expect(dot.write(graphs)).toContain('subgraph cluster_1 {\n    label="(no environment)";');
    expect(graphDocument(graphs).nodes.map(({ id, environment }) => [id, environment])).toEqual([
      ["a", "one"],
      ["b", "one"],
      ["a", ""],
    ]);
    expect(graphDocument(graphs)).toMatchObject({ environment: null, stats: { spans: 40, calls: 20 } });
  });
});

describe("the table", () => {
  it("says who calls whom, how often, how well and when", () => {
    const [head, ...rows] = table.write([shop()]).trimEnd().split("\n");
    expect(head).toMatch(
      /^CALLER +CALLEE +KIND +CALLS +RATE +ERRORS +P50 +P99 +SEEN BY +FIRST SEEN \(UTC\) +LAST SEEN \(UTC\)$/,
    );
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      [
        "web",
        "calls",
        "shop",
        "sync",
        "200",
        "≈ 400 /min",
        "2.50 %",
        "12.4 ms",
        "31.0 ms",
        "both 75 %",
        "2026-01-02 03:04",
        "2026-01-02 03:09",
      ],
      [
        "shop",
        "calls",
        "shop-db",
        "database",
        "7",
        "1.40 /min",
        "0 %",
        "–",
        "–",
        "caller",
        "2026-01-02 03:04",
        "2026-01-02 03:09",
      ],
      [
        "shop",
        "sends to",
        "mailer",
        "async via orders",
        "30",
        "6.00 /min",
        "0 %",
        "–",
        "–",
        "both 33 %",
        "2026-01-02 03:04",
        "2026-01-02 03:09",
      ],
      [
        "shop",
        "publishes to",
        "orders",
        "async",
        "2",
        "0.400 /min",
        "0 %",
        "–",
        "–",
        "caller",
        "2026-01-02 03:04",
        "2026-01-02 03:09",
      ],
    ]);
  });

  it("aligns its columns", () => {
    const lines = table.write([shop()]).trimEnd().split("\n");
    const at = lines[0]!.indexOf("KIND");
    for (const line of lines) expect(line.slice(at - 2, at)).toBe("  ");
  });

  it("does not call an edge without calls faultless", () => {
    const idle = edge("a", "b", { calls: 0, state: "no_calls", confidence: { paired: 0, n: 0 } });
    expect(table.write([graph([node("a"), node("b")], [idle])])).toMatch(/a +calls +b +sync +0 +0 \/min +– /);
  });

  it("names nodes by their id where two have the same name", () => {
    const two = graph([node("x/api", { name: "api" }), node("y/api", { name: "api" })], [edge("x/api", "y/api")]);
    expect(table.write([two])).toMatch(/x\/api +calls +y\/api/);
  });
});

describe("CSV", () => {
  it("has the promised columns, names first and ids last", () => {
    const [head, ...rows] = parseCsv(csv.write([shop()]));
    expect(head!.slice(0, 6)).toEqual(["caller", "callee", "kind", "via", "calls", "errors"]);
    expect(head!.slice(-2)).toEqual(["caller_id", "callee_id"]);
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([head!.length]));
    const row = Object.fromEntries(head!.map((name, i) => [name, rows[2]![i]]));
    expect(row).toMatchObject({
      caller: "shop",
      callee: "mailer",
      via: "orders",
      calls: "30",
      client_p50_ms: "",
      environment: "production",
      via_id: "topic:kafka/orders",
      callee_id: "mailer",
    });
  });

  it("gives hostile names back as they were, save that no cell begins a formula", () => {
    const rows = parseCsv(csv.write([hostileGraph()])).slice(1);
    expect(rows).toHaveLength(HOSTILE.length);
    for (const row of rows) for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
    const callees = rows.map((row) => row[1]);
    expect(callees).toEqual(HOSTILE.map((name) => (/^[=+\-@\t\r]/.test(name) ? `'${name}` : name)));
  });

  it("leaves numbers alone", () => {
    const rows = parseCsv(csv.write([shop()]));
    expect(rows[1]![4]).toBe("200");
  });
});

describe("JSON", () => {
  it("is the graph answer", () => {
    const parsed: unknown = JSON.parse(json.write([hostileGraph()]));
    expect(Graph.parse(parsed)).toEqual(hostileGraph());
  });
});

/** Every line that Mermaid output may have; labels hold nothing that ends a string or begins a tag. */
const MERMAID_LABEL = String.raw`"(?:[\p{L}\p{N} ._/@,%()-]|#\d+;)*"`;
const MERMAID_LINES = [
  "flowchart LR",
  String.raw` {2,4}n\d+(?:\[|\[\(|\(\[|\{\{|\[\[|\(\(|>)${MERMAID_LABEL}(?:\]|\)\]|\]\)|\}\}|\]\]|\)\))`,
  String.raw` {2,4}n\d+ (?:-->|-\.->)(?:\|${MERMAID_LABEL}\|)? n\d+`,
  String.raw` {2}subgraph e\d+\[${MERMAID_LABEL}\]`,
  " {2}end",
].map((line) => new RegExp(`^${line}$`, "u"));
const isMermaid = (text: string): boolean =>
  text
    .trimEnd()
    .split("\n")
    .every((line) => MERMAID_LINES.some((allowed) => allowed.test(line)));

describe("Mermaid", () => {
  it("draws a delivery through its topic and every node in the shape of its kind", () => {
    expect(mermaid.write([shop()])).toBe(
      [
        "flowchart LR",
        '  n0["web"]',
        '  n1["shop"]',
        '  n2["mailer"]',
        '  n3[("shop-db")]',
        '  n4(["orders"])',
        '  n0 -->|"200, 2.5 % failed"| n1',
        '  n1 -.->|"7"| n3',
        "  n1 -.-> n4",
        '  n4 -.->|"30"| n2',
        "",
      ].join("\n"),
    );
  });

  it("keeps hostile names inside their labels, and they read as they were", () => {
    const text = mermaid.write([hostileGraph(), hostileGraph()]);
    expect(isMermaid(text)).toBe(true);
    const decoded = text.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    expect(decoded).toContain('"<img src=x onerror=alert(1)>"');
    expect(decoded).toContain('"名前 прив"');
  });

  it("has a check that notices a label that was not encoded", () => {
    expect(isMermaid('flowchart LR\n  n0[""]-->evil[""]\n')).toBe(false);
    expect(isMermaid('flowchart LR\n  n0["<img src=x onerror=alert(1)>"]\n')).toBe(false);
  });
});

/** Reads quoted strings as Graphviz does; what is left around them must be ours. */
function withoutStrings(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, '""');
}
const DOT_LINE =
  /^(?:digraph headwater \{| {2}rankdir=LR;| {2}node \[fontname=""\];| {2,4}n\d+ \[label="", shape=[a-z]+, tooltip=""\];| {2,4}n\d+ -> n\d+ \[label=""(?:, style=dashed)?\];| {2}subgraph cluster_\d+ \{| {4}label="";| {2}\}|\})$/;
const isDot = (text: string): boolean =>
  withoutStrings(text)
    .trimEnd()
    .split("\n")
    .every((line) => DOT_LINE.test(line));

describe("DOT", () => {
  it("draws the same graph", () => {
    const text = dot.write([shop()]);
    expect(text).toContain('n3 [label="shop-db", shape=cylinder, tooltip="db:postgresql/shop@db:5432"];');
    expect(text).toContain('n1 -> n4 [label="", style=dashed];');
    expect(text).toContain('n0 -> n1 [label="200, 2.5 % failed"];');
  });

  it("keeps hostile names inside their strings", () => {
    const text = dot.write([hostileGraph(), hostileGraph()]);
    expect(isDot(text)).toBe(true);
    expect(text).toContain('label="quote \\" and \\\\ backslash"');
  });

  it("has a check that notices a string that was not escaped", () => {
    expect(isDot('digraph headwater {\n  n0 [label=""]; evil [label="", shape=box, tooltip=""];\n}\n')).toBe(false);
  });
});

// A page of metrics, read strictly and apart from what writes it: any line that the formats do not have is an error.
// Sources: prometheus.io/docs/instrumenting/exposition_formats, prometheus.io/docs/specs/om/open_metrics_spec.

export interface PageSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PageFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly series: readonly PageSeries[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${NAME}) (\\S.*)$`, "s");
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const SERIES = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`, "s"); // U+2028 ends no line here
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
const NUMBER = /^([+-]?Inf|NaN|[+-]?\d+(\.\d+)?([eE][+-]?\d+)?)$/;

/** @throws Error that names the line. */
export function readMetrics(page: string, open = false): Map<string, PageFamily> {
  const families = new Map<string, PageFamily & { series: PageSeries[] }>();
  const seen = new Set<string>();
  if (!page.endsWith("\n")) throw new Error("the last line does not end");
  const lines = page.slice(0, -1).split("\n");
  if (open && lines.pop() !== "# EOF") throw new Error("no # EOF at the end");
  let help: { name: string; text: string } | null = null;
  let family: (PageFamily & { series: PageSeries[] }) | null = null;
  for (const line of lines) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const helped = HELP.exec(line);
    if (helped) {
      if (family?.series.length === 0) fail("a family without series before");
      help = { name: helped[1]!, text: helped[2]! };
      continue;
    }
    const typed = TYPE.exec(line);
    if (typed) {
      const [, name, type] = typed as unknown as [string, string, string];
      if (help?.name !== name) fail("a type without its help");
      if (families.has(name)) fail("a family that was there already");
      family = { name, type, help: help!.text, series: [] };
      families.set(name, family);
      continue;
    }
    const one = SERIES.exec(line) ?? fail("no line of this format");
    const [, name, braces, number] = one as unknown as [string, string, string | undefined, string];
    if (!family || !namesOf(family, open).includes(name)) fail("a series outside its family");
    const labels = braces === undefined ? {} : labelsOf(braces, fail);
    if (!NUMBER.test(number)) fail("no number");
    const key = `${name}${JSON.stringify(Object.entries(labels).sort())}`;
    if (seen.has(key)) fail("a series twice");
    seen.add(key);
    const value = Number(number.replace("Inf", "Infinity"));
    if (family!.type !== "gauge" && !(value >= 0)) fail("a count below 0");
    family!.series.push({ name, labels, value });
  }
  for (const one of families.values()) if (one.type === "histogram") checkHistogram(one);
  return families;
}

function namesOf({ name, type }: PageFamily, open: boolean): string[] {
  if (type === "histogram") return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
  return [open && type === "counter" ? `${name}_total` : name];
}

function labelsOf(text: string, fail: (why: string) => never): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const found = LABEL.exec(text) ?? fail("no labels");
    if (found[1]! in labels) fail("a label twice");
    labels[found[1]!] = found[2]!.replace(/\\(.)/g, (_, what: string) => (what === "n" ? "\n" : what));
  }
  return labels;
}

function checkHistogram({ name, series }: PageFamily): void {
  const buckets = series.filter((one) => one.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => Number(labels.le!.replace("Inf", "Infinity")));
  const counts = buckets.map(({ value }) => value);
  const rising = (list: number[], strictly: boolean): boolean =>
    list.every((value, i) => i === 0 || (strictly ? value > list[i - 1]! : value >= list[i - 1]!));
  const count = series.find((one) => one.name === `${name}_count`)?.value;
  if (!rising(bounds, true) || bounds.at(-1) !== Number.POSITIVE_INFINITY)
    throw new Error(`${name}: bounds do not rise`);
  if (!rising(counts, false) || counts.at(-1) !== count) throw new Error(`${name}: buckets do not add up`);
}

/** The sum of a family's series with these labels; @throws Error when there is none. */
export function sumOf(
  page: ReadonlyMap<string, PageFamily>,
  name: string,
  labels: Record<string, string> = {},
): number {
  const found = (page.get(name)?.series ?? []).filter((one) =>
    Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
  if (found.length === 0) throw new Error(`no ${name} of ${JSON.stringify(labels)}`);
  return found.reduce((sum, { value }) => sum + value, 0);
}

/** Doors whose spans do not add up: received = stored + duplicate + rejected by reason, accepted + refused = received. */
export function unbalanced(page: ReadonlyMap<string, PageFamily>): string[] {
  const receivers: Record<string, { receiver: string; transport: string }> = {
    "otlp-http": { receiver: "otlp", transport: "http" },
    "otlp-grpc": { receiver: "otlp", transport: "grpc" },
    import: { receiver: "import", transport: "http" },
  };
  return Object.entries(receivers).flatMap(([door, receiver]) => {
    const of = (what: string): number => sumOf(page, `headwater_spans_${what}_total`, { door });
    const received = of("received");
    const parts = of("stored") + of("duplicate") + of("rejected");
    const collector =
      sumOf(page, "otelcol_receiver_accepted_spans", receiver) +
      sumOf(page, "otelcol_receiver_refused_spans", receiver);
    return received === parts && received === collector ? [] : [`${door}: ${received}, ${parts}, ${collector}`];
  });
}

// Random traces in which everything happens that the rule speaks of: nested and shared spans, missing parents, loops, links
// across traces, batches, retries, spans of other services in odd places. Not realistic; meant to find what realistic is not.
import { type Attribute, type Span, SpanKind, type SpanLink, type StatusCode } from "@/lib/domain/span";
import type { Random } from "@/lib/simulate/random";
import { hexId } from "./random-spans";

export interface TangledOptions {
  readonly traces: number;
  readonly spansPerTrace: number;
  /** Spread of start times in microseconds. */
  readonly spreadUs: number;
}

const PEERS: Attribute[][] = [
  [],
  [
    ["db.system.name", "postgresql"],
    ["db.namespace", "shop"],
    ["server.address", "db-1"],
  ],
  [["server.address", "api.example.com"]],
  [["peer.service", "c"]],
  [["db.system", "redis"]],
];
const TOPICS: Attribute[][] = [
  [
    ["messaging.system", "kafka"],
    ["messaging.destination.name", "orders"],
  ],
  [
    ["messaging.system", "kafka"],
    ["messaging.destination.name", "mail"],
  ],
  [["messaging.system", "kafka"]],
  [],
];

export function tangledSpans(random: Random, { traces, spansPerTrace, spreadUs }: TangledOptions): Span[] {
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
  const services = ["a", "b", "c", "d"].map((name) => ({ attributes: [["service.name", name]] as Attribute[] }));
  const scope = { name: "", version: "" };
  const origin = 1_760_000_000_000_000;
  const spans: Span[] = [];
  const linkable: SpanLink[] = [];

  for (let t = 0; t < traces; t++) {
    const traceId = hexId(random, 4);
    const ids: string[] = [];
    const base = origin + random.below(spreadUs);
    const count = 1 + random.below(spansPerTrace);
    for (let i = 0; i < count; i++) {
      const shared = ids.length > 0 && random.chance(0.12);
      const spanId = shared ? pick(ids) : hexId(random, 2);
      const roll = random.next();
      let parentSpanId = "";
      if (ids.length > 0 && roll < 0.86) parentSpanId = pick(random.chance(0.7) ? ids.slice(-3) : ids);
      else if (roll < 0.92) parentSpanId = hexId(random, 2); // never seen
      if (parentSpanId === spanId) parentSpanId = "";
      if (!shared) ids.push(spanId);
      const kind = pick([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 5, 5] as const) as SpanKind;
      const messaging =
        kind === SpanKind.PRODUCER || kind === SpanKind.CONSUMER || (kind === SpanKind.CLIENT && random.chance(0.15));
      const attributes: Attribute[] = messaging
        ? [...pick(TOPICS)]
        : kind === SpanKind.SERVER && random.chance(0.9)
          ? []
          : [...pick(PEERS)];
      if (messaging && random.chance(0.5))
        attributes.push(["messaging.operation.type", pick(["send", "receive", "process", "settle"])]);
      if (random.chance(0.2)) attributes.push(["http.response.status_code", pick([200, 404, 429, 500, 503])]);
      const startUs = base + random.below(2_000_000) * (random.chance(0.05) ? 40 : 1);
      const links: SpanLink[] = [];
      if (messaging && linkable.length > 0 && random.chance(0.5)) {
        for (let n = 1 + random.below(3); n > 0; n--)
          links.push(
            random.chance(0.15)
              ? { traceId: hexId(random, 4), spanId: hexId(random, 2), attributes: [] }
              : pick(linkable),
          );
      }
      const duration = random.chance(0.05) ? -1 : random.below(500_000);
      spans.push({
        traceId,
        spanId,
        parentSpanId,
        traceState: "",
        name: `op${random.below(3)}`,
        kind,
        startNs: BigInt(startUs) * 1000n,
        endNs: duration < 0 ? 0n : BigInt(startUs + duration) * 1000n,
        attributes,
        events: [],
        links,
        status: { code: (random.chance(0.2) ? 2 : 0) as StatusCode, message: "" },
        resource: pick(services),
        scope,
      });
      if (kind === SpanKind.PRODUCER || random.chance(0.1)) linkable.push({ traceId, spanId, attributes: [] });
    }
  }
  // A loop of two: each names the other as its parent.
  if (spans.length > 3 && random.chance(0.3)) {
    const a = spans[0]!;
    const b = spans.find((span) => span.traceId === a.traceId && span.spanId !== a.spanId);
    if (b) {
      spans[0] = { ...a, parentSpanId: b.spanId };
      spans[spans.indexOf(b)] = { ...b, parentSpanId: a.spanId };
    }
  }
  return spans;
}

/** In place of a list: the same list in random order (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

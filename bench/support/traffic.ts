// Endless seeded traffic of the simulated shop as request bodies, cheap to make: a stretch of time is simulated and encoded
// once and repeated, each time with ids and times of its own, written over the old ones in the encoded bytes. A span that
// ends after its stretch belongs to a later one, so the repeated traffic has no seams and traces are spread over bodies.
import type { Span } from "@/lib/domain/span";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { Cursor, FIXED64, LENGTH } from "@/lib/ingest/otlp/wire";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { type Random, seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import { Truth } from "@/lib/simulate/truth";
import { instrumented } from "./instrumented";

export interface TrafficPlan {
  readonly seed: string;
  readonly spansPerSecond: number;
  readonly spansPerBody: number;
  /** Bodies that are simulated; after so many they repeat, with new ids. */
  readonly bodies: number;
}

interface Template {
  readonly bytes: Uint8Array;
  readonly spans: number;
  /** What to write over: byte offset, and how many stretches before the body's own the trace began. */
  readonly traceIds: Int32Array;
  readonly spanIds: Int32Array;
  readonly times: Int32Array;
}

/** A span ends this long before its body is sent. */
const EXPORT_DELAY_MS = 200;
const NS_PER_US = 1000n;

export class Traffic {
  private readonly templates: readonly Template[];
  /** Length of the simulated stretch in microseconds. */
  private readonly stretchUs: number;

  constructor(private readonly plan: TrafficPlan) {
    const random = seededRandom(plan.seed);
    const spans = plan.bodies * plan.spansPerBody;
    this.stretchUs = Math.round((spans / plan.spansPerSecond) * 1e6);
    const ended = simulate(random, spans, this.stretchUs);
    this.templates = Array.from({ length: plan.bodies }, (_, i) =>
      templateOf(ended.slice(i * plan.spansPerBody, (i + 1) * plan.spansPerBody)),
    );
  }

  /**
   * The bytes of the body with this number, counted from 0.
   * @param startMs Unix milliseconds at which body 0 is sent, and the others at the plan's speed.
   */
  body(number: number, startMs: number): { bytes: Uint8Array; spans: number } {
    const round = Math.floor(number / this.templates.length);
    const template = this.templates[number % this.templates.length]!;
    const bytes = template.bytes.slice();
    const view = new DataView(bytes.buffer);
    eachPatch(template.traceIds, (at, lag) => {
      const mask = this.maskOf(round - lag);
      for (let i = 0; i < 4; i++) view.setUint32(at + i * 4, view.getUint32(at + i * 4) ^ mask[i]!);
    });
    eachPatch(template.spanIds, (at, lag) => {
      const mask = this.maskOf(round - lag);
      for (let i = 0; i < 2; i++) view.setUint32(at + i * 4, view.getUint32(at + i * 4) ^ mask[4 + i]!);
    });
    const stretchNs = BigInt(this.stretchUs) * NS_PER_US;
    const originNs = BigInt(Math.round((startMs - EXPORT_DELAY_MS) * 1000)) * NS_PER_US;
    eachPatch(template.times, (at, lag) => {
      view.setBigUint64(at, view.getBigUint64(at, true) + originNs + BigInt(round - lag) * stretchNs, true);
    });
    return { bytes, spans: template.spans };
  }

  private readonly masks = new Map<number, Uint32Array>();

  /** What the ids of traces that began in this round are XORed with: equal ids stay equal, all others differ. */
  private maskOf(round: number): Uint32Array {
    const known = this.masks.get(round);
    if (known) return known;
    const random = seededRandom(`${this.plan.seed}/round ${round}`);
    const mask = Uint32Array.from({ length: 6 }, () => random.word());
    this.masks.set(round, mask);
    return mask;
  }
}

function eachPatch(patches: Int32Array, write: (at: number, lag: number) => void): void {
  for (let i = 0; i < patches.length; i += 2) write(patches[i]!, patches[i + 1]!);
}

interface EndedSpan {
  readonly span: Span;
  /** Stretches between the start of its trace and its end. */
  readonly lag: number;
  /** Where in the stretch it ends. */
  readonly at: number;
}

/** This many spans, in the order in which they end when the stretch is repeated for ever. Time begins at 0. */
function simulate(random: Random, spans: number, stretchUs: number): EndedSpan[] {
  const simulation = new Simulation(ecommerce, random.fork("traffic"), new Truth());
  const starts = random.fork("starts");
  const ended: EndedSpan[] = [];
  while (ended.length < spans) {
    for (const span of simulation.request(starts.below(stretchUs)).spans) {
      const endUs = Number(span.endNs / NS_PER_US);
      ended.push({ span: instrumented(span), lag: Math.floor(endUs / stretchUs), at: endUs % stretchUs });
    }
  }
  return ended.slice(0, spans).sort((a, b) => a.at - b.at);
}

function templateOf(part: EndedSpan[]): Template {
  const byResource = new Map<object, EndedSpan[]>();
  for (const each of part) {
    const list = byResource.get(each.span.resource) ?? [];
    if (list.push(each) === 1) byResource.set(each.span.resource, list);
  }
  // Within a service spans of one scope stand together, as exporters group them.
  const ordered = [...byResource.values()].flatMap((list) =>
    list.sort((a, b) => (a.span.scope.name < b.span.scope.name ? -1 : a.span.scope.name > b.span.scope.name ? 1 : 0)),
  );
  const bytes = encodeSpans(ordered.map(({ span }) => span));
  return { bytes, spans: ordered.length, ...patchesOf(bytes, (index) => ordered[index]!.lag) };
}

/**
 * Finds ids and times of all spans of a request, in whatever order its fields stand.
 * @param lagOf of the span with this index in the request.
 */
export function patchesOf(
  bytes: Uint8Array,
  lagOf: (index: number) => number,
): Pick<Template, "traceIds" | "spanIds" | "times"> {
  const traceIds: number[] = [];
  const spanIds: number[] = [];
  const times: number[] = [];
  let index = 0;
  const fields = (from: number, to: number, visit: (tag: number, start: number, end: number) => void): void => {
    const cursor = new Cursor(bytes);
    cursor.at = from;
    while (cursor.at < to) {
      const tag = cursor.varint(to);
      if ((tag & 7) === LENGTH) {
        const end = cursor.lengthEnd(to);
        visit(tag, cursor.at, end);
        cursor.at = end;
      } else {
        const start = cursor.at;
        cursor.skip(tag, to);
        if ((tag & 7) === FIXED64) visit(tag, start, cursor.at);
      }
    }
  };
  const span = (from: number, to: number): void => {
    const lag = lagOf(index++);
    fields(from, to, (tag, start, end) => {
      if (tag === 0x0a) traceIds.push(start, lag);
      else if (tag === 0x12 || tag === 0x22) spanIds.push(start, lag);
      else if (tag === 0x39 || tag === 0x41) times.push(start, lag);
      else if (tag === 0x5a) fields(start, end, (inner, at) => inner === 0x09 && times.push(at, lag));
      else if (tag === 0x6a)
        fields(start, end, (inner, at) => {
          if (inner === 0x0a) traceIds.push(at, lag);
          else if (inner === 0x12) spanIds.push(at, lag);
        });
    });
  };
  fields(0, bytes.length, (tag, start, end) => {
    if (tag !== 0x0a) return;
    fields(start, end, (scopeTag, scopeStart, scopeEnd) => {
      if (scopeTag !== 0x12) return;
      fields(scopeStart, scopeEnd, (spanTag, spanStart, spanEnd) => {
        if (spanTag === 0x12) span(spanStart, spanEnd);
      });
    });
  });
  return { traceIds: Int32Array.from(traceIds), spanIds: Int32Array.from(spanIds), times: Int32Array.from(times) };
}

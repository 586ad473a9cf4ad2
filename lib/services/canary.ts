// The canary: every few seconds a trace that is known beforehand goes through the server's own door, as anybody's, and is read
// back by its id and as a call of the graph. What does not come back as it was sent is a fault that no other count would show.
import type { Graph } from "../contract/graph";
import { wordsOfHex } from "../domain/ids";
import { CANARY_ENVIRONMENT } from "../domain/node";
import type { Span } from "../domain/span";
import type { GraphRequest } from "../engine/answers";
import { encodeSpans } from "../ingest/otlp/encode";
import { CANARY_CALLEE, CANARY_CALLER, canaryMinute, canaryTrace, sameSpans } from "./canary-trace";

/** How long a trace that was taken may stay out of sight. */
const PATIENCE_MS = 30_000;
const AGAIN_MS = 50;
/** Before the first: a server that has just started has more to do. */
const FIRST_MS = 1_000;

/** found: all of it as it was sent. missing: nothing of it. wrong: something else, or not one call more. refused: not taken. */
export type CanaryOutcome = "found" | "missing" | "wrong" | "refused";

export interface CanaryPorts {
  /** Unix milliseconds. */
  now(): number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** 32 hex digits, new ones each time. */
  traceId(): string;
  /** Hands over one ExportTraceServiceRequest; returns when it is taken. */
  send(bytes: Uint8Array): Promise<void>;
  trace(trace: Int32Array): Promise<Span[]>;
  graph(request: GraphRequest): Promise<Graph>;
  /** Told of everything that is not "found"; `why` is what was thrown, null when nothing was. */
  report(outcome: CanaryOutcome, traceId: string, why: unknown): void;
}

export interface CanaryState {
  readonly everyMs: number;
  /** Traces since the start: taken, and of those not found or not as they were; and not taken. */
  readonly written: number;
  readonly missing: number;
  readonly wrong: number;
  readonly refused: number;
  /** From sending until trace and call were seen, of the last that was found; null before. */
  readonly lagMs: number | null;
  /** When the last one was judged, Unix milliseconds; null before. */
  readonly lastMs: number | null;
}

export class Canary {
  private readonly counts = { written: 0, missing: 0, wrong: 0, refused: 0 };
  private lagMs: number | null = null;
  private lastMs: number | null = null;
  /** Calls that the graph has to have, of the minute of the last trace; null when that is not known. */
  private known: { readonly minute: number; readonly calls: number } | null = null;

  constructor(
    private readonly everyMs: number,
    private readonly ports: CanaryPorts,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  get state(): CanaryState {
    const { everyMs, lagMs, lastMs } = this;
    return { everyMs, ...this.counts, lagMs, lastMs };
  }

  /** Goes on until `signal` says otherwise; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { ports, everyMs } = this;
    await ports.wait(Math.min(FIRST_MS, everyMs), signal);
    while (!signal.aborted) {
      const next = ports.now() + everyMs;
      await this.round(signal);
      await ports.wait(Math.max(0, next - ports.now()), signal);
    }
  }

  /** One trace, from its sending to its judgement; null when `signal` came between. */
  async round(signal: AbortSignal): Promise<CanaryOutcome | null> {
    const { ports, counts } = this;
    const [traceId, began] = [ports.traceId(), ports.now()];
    const spans = canaryTrace(traceId, began);
    const minute = canaryMinute(began);
    let before: number;
    try {
      before = this.known?.minute === minute ? this.known.calls : await this.calls(minute);
      await ports.send(encodeSpans(spans));
    } catch (error) {
      if (signal.aborted) return null;
      counts.refused++;
      return this.judged("refused", traceId, error);
    }
    if (signal.aborted) return null;
    counts.written++;
    for (let why: unknown = null; ; await ports.wait(AGAIN_MS, signal)) {
      if (signal.aborted) return null;
      const seen = await this.look(traceId, spans, minute, before + 1).catch((error: unknown) => {
        why = error;
        return "missing" as const;
      });
      if (signal.aborted) return null;
      if (seen === "found") {
        this.lagMs = ports.now() - began;
        this.known = { minute, calls: before + 1 };
        return this.judged(seen, traceId, null);
      }
      if (ports.now() - began < this.patienceMs) continue;
      counts[seen]++;
      return this.judged(seen, traceId, why);
    }
  }

  private judged(outcome: CanaryOutcome, traceId: string, why: unknown): CanaryOutcome {
    this.lastMs = this.ports.now();
    if (outcome === "found") return outcome;
    this.known = null; // one fault is counted once
    this.ports.report(outcome, traceId, why);
    return outcome;
  }

  private async look(
    traceId: string,
    spans: readonly Span[],
    minute: number,
    calls: number,
  ): Promise<"found" | "missing" | "wrong"> {
    const words = new Uint32Array(4);
    wordsOfHex(traceId, words, 0, 4);
    const stored = await this.ports.trace(new Int32Array(words.buffer));
    if (stored.length === 0) return "missing";
    return sameSpans(stored, spans) && (await this.calls(minute)) === calls ? "found" : "wrong";
  }

  private async calls(minute: number): Promise<number> {
    const window = { fromMinute: minute, toMinute: minute + 1 };
    const asked = { ...window, environment: CANARY_ENVIRONMENT, perspective: "data-flow" as const };
    const { edges } = await this.ports.graph(asked);
    return edges.find(({ caller, callee }) => caller === CANARY_CALLER && callee === CANARY_CALLEE)?.calls ?? 0;
  }
}

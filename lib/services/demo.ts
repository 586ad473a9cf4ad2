// The demo: the guide's shop, simulated in real time and sent like everybody's spans. It begins a few minutes in the past, so
// that the map shows something at once. The only product code that knows the simulator.
import { DomainError } from "../domain/errors";
import { DEMO_ENVIRONMENT } from "../domain/node";
import type { Span } from "../domain/span";
import { encodeSpans } from "../ingest/otlp/encode";
import { ecommerce } from "../simulate/ecommerce";
import { ECOMMERCE_FAULTS, type NamedFault } from "../simulate/ecommerce-faults";
import { type Random, seededRandom } from "../simulate/random";
import { Simulation } from "../simulate/run";
import type { Fault } from "../simulate/scenario";
import { Truth } from "../simulate/truth";

const US_PER_MS = 1000;
const TICK_MS = 500;
/** Simulated time per step while catching up, so that a step stays small. */
const MOST_STEP_MS = 10_000;
/** Further behind than this, the machine was asleep: what it missed is left out. */
const ASLEEP_MS = 30_000;
const MOST_SPANS = 2_000;

/** Spans of the demo are in an environment of their own and never mix with real ones. */

export const DEMO_DEFAULTS = { tracesPerSecond: 20, backfillMs: 5 * 60_000 };

export type { NamedFault };

/** What can be switched on. */
export const DEMO_FAULTS = ECOMMERCE_FAULTS;

/** The faults of these names, each once. @throws DomainError invalid_parameter `faults`, with the names that there are. */
export function demoFaults(names: readonly string[]): readonly NamedFault[] {
  const unknown = names.find((name) => !DEMO_FAULTS.some(({ id }) => id === name));
  if (unknown !== undefined)
    throw new DomainError(
      "invalid_parameter",
      `there is no fault "${unknown}"; there are ${DEMO_FAULTS.map(({ id }) => id).join(", ")}`,
      { parameter: "faults" },
    );
  return DEMO_FAULTS.filter(({ id }) => names.includes(id));
}

export interface DemoPlan {
  /** The same seed gives the same traffic. */
  readonly seed: string;
  readonly tracesPerSecond: number;
  /** Unix milliseconds: where the traffic begins, now or in the past. */
  readonly fromMs: number;
}

export interface DemoPorts {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves after this time, or when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  /** Hands over one ExportTraceServiceRequest; throws when it was not taken. */
  send(bytes: Uint8Array): Promise<void>;
}

export class DemoTraffic {
  /** What really happens in the shop, once the run has ended. */
  readonly truth = new Truth();
  /** Spans that were taken. */
  spansSent = 0;
  /** Unix milliseconds up to which there is traffic. */
  untilMs: number;
  private readonly simulation: Simulation;
  private readonly arrivals: Random;
  private nextUs: number;
  /** Spans that have not ended yet: services export a span when it ends. */
  private open: Span[] = [];
  private readonly faults: Fault[] = [];

  constructor(
    private readonly plan: DemoPlan,
    private readonly ports: DemoPorts,
  ) {
    const random = seededRandom(plan.seed);
    const scenario = { ...ecommerce, environment: DEMO_ENVIRONMENT };
    this.simulation = new Simulation(scenario, random.fork("requests"), this.truth, this.faults);
    this.arrivals = random.fork("arrivals");
    this.untilMs = plan.fromMs;
    this.nextUs = plan.fromMs * US_PER_MS;
  }

  /** These, and no others, hold for the traffic from here on. */
  setFaults(faults: readonly NamedFault[]): void {
    const always = { fromUs: Number.NEGATIVE_INFINITY, toUs: Number.POSITIVE_INFINITY };
    this.faults.splice(0, this.faults.length, ...faults.map(({ effect }) => ({ ...effect, ...always })));
  }

  /** Runs until the signal is aborted, and then ends what has begun. @throws what `send` throws. */
  async run(signal: AbortSignal): Promise<void> {
    let caughtUp = false;
    while (!signal.aborted) {
      const now = this.ports.now();
      if (caughtUp && now - this.untilMs > ASLEEP_MS) this.nextUs = now * US_PER_MS;
      this.untilMs = caughtUp ? now : Math.min(now, this.untilMs + MOST_STEP_MS);
      caughtUp ||= this.untilMs === now;
      await this.step(this.untilMs * US_PER_MS);
      if (caughtUp) await this.ports.wait(TICK_MS, signal);
    }
    await this.send(this.open);
    this.open = [];
  }

  private async step(untilUs: number): Promise<void> {
    for (; this.nextUs <= untilUs; this.nextUs += this.gapUs()) {
      this.open.push(...this.simulation.request(Math.round(this.nextUs)).spans);
    }
    const untilNs = BigInt(Math.round(untilUs)) * 1000n;
    const ended = this.open.filter(({ endNs }) => endNs <= untilNs);
    this.open = this.open.filter(({ endNs }) => endNs > untilNs);
    await this.send(ended);
  }

  private async send(spans: readonly Span[]): Promise<void> {
    for (let from = 0; from < spans.length; from += MOST_SPANS) {
      const part = spans.slice(from, from + MOST_SPANS);
      await this.ports.send(encodeSpans(part));
      this.spansSent += part.length;
    }
  }

  /** Requests arrive independently of each other. */
  private gapUs(): number {
    return (-Math.log(1 - this.arrivals.next()) / this.plan.tracesPerSecond) * 1e6;
  }
}

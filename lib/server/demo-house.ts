// The demo of this server: on or off, through its own OTLP door like everybody's spans. One per process; routes of the web
// app are separate bundles and meet here through globalThis.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { DemoState } from "../contract/demo";
import { Serial } from "../domain/serial";
import { DEMO_DEFAULTS, DEMO_FAULTS, DemoTraffic, demoFaults, type NamedFault } from "../services/demo";
import { otlpSender } from "../services/otlp-sender";
import { ownDoor } from "./addresses";
import type { House } from "./house";
import { log } from "./log";

export class DemoSwitch {
  private readonly turns = new Serial();
  private traffic: DemoTraffic | null = null;
  private stopper: AbortController | null = null;
  private run: Promise<void> = Promise.resolve();
  private sentBefore = 0;
  private faults: readonly NamedFault[] = [];

  /** @param send hands over one ExportTraceServiceRequest. */
  constructor(
    private readonly send: (bytes: Uint8Array) => Promise<void>,
    private readonly seed: () => string = randomUUID,
  ) {}

  get state(): DemoState {
    const running = this.stopper !== null;
    return {
      running,
      spansSent: this.sentBefore + (this.traffic?.spansSent ?? 0),
      faults: DEMO_FAULTS.map(({ id, label, sentence }) => ({
        id,
        label,
        sentence,
        on: running && this.faults.some((fault) => fault.id === id),
      })),
    };
  }

  /**
   * Off answers once the last spans are taken. Switching to what already is changes nothing. A demo starts without faults.
   * @param faults ids of what goes wrong from now on; undefined leaves them as they are.
   * @throws DomainError invalid_parameter for a fault that there is not.
   */
  set(running: boolean, faults?: readonly string[]): Promise<DemoState> {
    return this.turns.run(async () => {
      const wanted = faults && demoFaults(faults);
      if (!running) await this.stop();
      else if (this.stopper === null) this.start(wanted ?? []);
      else if (wanted) this.apply(wanted);
      return this.state;
    });
  }

  /** Ends without waiting, because the process does. */
  abort(): void {
    this.stopper?.abort();
  }

  private apply(faults: readonly NamedFault[]): void {
    this.faults = faults;
    this.traffic?.setFaults(faults);
  }

  private start(faults: readonly NamedFault[]): void {
    const { tracesPerSecond, backfillMs } = DEMO_DEFAULTS;
    const stopper = new AbortController();
    // Time that has traffic already gets no second one.
    const fromMs = Math.max(Date.now() - backfillMs, this.traffic?.untilMs ?? 0);
    this.sentBefore += this.traffic?.spansSent ?? 0;
    this.traffic = new DemoTraffic(
      { seed: this.seed(), tracesPerSecond, fromMs },
      {
        now: Date.now,
        wait: (ms, signal) => sleep(ms, undefined, { signal, ref: false }).catch(() => {}),
        send: this.send,
      },
    );
    this.apply(faults);
    this.stopper = stopper;
    this.run = this.traffic
      .run(stopper.signal)
      .catch((error: unknown) => {
        log("error", "demo_ended", { message: (error as Error).message });
      })
      .finally(() => {
        this.stopper = null;
      });
  }

  private async stop(): Promise<void> {
    this.stopper?.abort();
    await this.run;
  }
}

type Slot = { [key: symbol]: DemoSwitch | undefined };
const KEY = Symbol.for("headwater.demo");
const slot = globalThis as unknown as Slot;

export function demoOf(house: House): DemoSwitch {
  const known = slot[KEY];
  if (known) return known;
  const opened = new DemoSwitch(otlpSender(ownDoor(house), house.config.token));
  slot[KEY] = opened;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => opened.abort());
  return opened;
}

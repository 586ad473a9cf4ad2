// The canary of this server: through its own OTLP door, with its token, read back where every answer comes from.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineHandle } from "../engine/engine-client";
import { Canary } from "../services/canary";
import { otlpSender } from "../services/otlp-sender";
import { type Listening, ownDoor } from "./addresses";
import { log, thrown } from "./log";

/** Starts it. @returns null where it is switched off. */
export function startCanary(house: Listening & { readonly engine: EngineHandle }): RunningCanary | null {
  const { config, engine } = house;
  if (config.canary === 0) return null;
  const stopper = new AbortController();
  const canary = new Canary(config.canary, {
    now: Date.now,
    wait: (ms, signal) => sleep(ms, undefined, { signal, ref: false }).catch(() => {}),
    traceId: () => randomBytes(16).toString("hex"),
    send: otlpSender(ownDoor(house), config.token),
    trace: (trace) => engine.trace(trace),
    graph: (request) => engine.graph(request),
    report: (outcome, trace, why) =>
      log(outcome === "refused" ? "warn" : "error", `canary_${outcome}`, { trace, ...(why !== null && thrown(why)) }),
  });
  void canary.run(stopper.signal);
  return { canary, stop: () => stopper.abort() };
}

export interface RunningCanary {
  readonly canary: Canary;
  stop(): void;
}

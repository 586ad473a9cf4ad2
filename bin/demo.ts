// `headwater demo`: streams a simulated system, live, into any OTLP/HTTP door.
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { plural } from "../lib/domain/format-number";
import { DEMO_ENVIRONMENT } from "../lib/domain/node";
import { plainText } from "../lib/export/names";
import { DEMO_DEFAULTS, DEMO_FAULTS, DemoTraffic, demoFaults, type NamedFault } from "../lib/services/demo";
import { otlpSender } from "../lib/services/otlp-sender";
import { type Command, readUrl, say, UsageError } from "./command";

const DEFAULT_DOOR = "http://127.0.0.1:4318";
const SCENARIOS = ["ecommerce"];
const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };
/** One thread makes and sends it all. */
const MOST_TRACES_PER_SECOND = 500;

export const DEMO_USAGE = `headwater demo [${SCENARIOS.join("|")}] [--to URL] [--rate N] [--seed N] [--for 60s] [--fault NAME]...`;

export const DEMO_HELP = DEMO_FAULTS.map(({ id, sentence }) => `--fault ${id.padEnd(18)} ${sentence}`);

export const demo: Command = async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      to: { type: "string", default: DEFAULT_DOOR },
      rate: { type: "string", default: String(DEMO_DEFAULTS.tracesPerSecond) },
      seed: { type: "string", default: String(randomInt(2 ** 31)) },
      for: { type: "string" },
      fault: { type: "string", multiple: true, default: [] },
    },
  });
  const [scenario = SCENARIOS[0]!, ...more] = positionals;
  if (!SCENARIOS.includes(scenario) || more.length > 0)
    throw new UsageError(
      `the systems are: ${SCENARIOS.join(", ")}; got "${positionals.map((name) => plainText(name)).join(" ")}"`,
    );
  const door = readUrl("--to", values.to);
  const tracesPerSecond = Number(values.rate);
  if (!(tracesPerSecond > 0 && tracesPerSecond <= MOST_TRACES_PER_SECOND))
    throw new UsageError(
      `--rate must be traces per second, at most ${MOST_TRACES_PER_SECOND}; got "${plainText(values.rate)}"`,
    );
  const period = values.for === undefined ? null : readPeriod(values.for);

  const faults = readFaults(values.fault);

  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const timer = period === null ? null : setTimeout(() => stop.abort(), period);
  const traffic = new DemoTraffic(
    { seed: values.seed, tracesPerSecond, fromMs: Date.now() - DEMO_DEFAULTS.backfillMs },
    {
      now: Date.now,
      wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
      send: otlpSender(door, process.env.HEADWATER_TOKEN),
    },
  );
  traffic.setFaults(faults);
  const until = period === null ? "until Ctrl+C" : `for ${values.for}`;
  say(
    `the ${scenario} system, environment ${DEMO_ENVIRONMENT}, seed ${plainText(values.seed)}, to ${door.origin} ${until}.`,
  );
  for (const { label, sentence } of faults) say(`${label}. ${sentence}`);
  try {
    await traffic.run(stop.signal);
  } finally {
    if (timer) clearTimeout(timer);
  }
  process.stdout.write(`sent ${plural(traffic.spansSent, "span")} of ${plural(traffic.truth.traces, "trace")}\n`);
  return 0;
};

function readFaults(names: readonly string[]): readonly NamedFault[] {
  try {
    return demoFaults(names);
  } catch (error) {
    throw new UsageError(`--fault: ${plainText((error as Error).message)}`);
  }
}

function readPeriod(text: string): number {
  const match = /^(\d{1,6})([smh])$/.exec(text);
  const ms = match ? Number(match[1]) * UNITS[match[2]!]! : 0;
  if (ms === 0) throw new UsageError(`--for must be a period such as 60s, 5m or 1h; got "${plainText(text)}"`);
  return ms;
}

// Gives a reader one damaged input after the other and says what the worst of them did. A reader may take an input or refuse it
// with a typed error; anything else is a finding, and so is one that takes too long or never ends.
import { Script } from "node:vm";
import { expect, onTestFailed } from "vitest";
import { DomainError } from "@/lib/domain/errors";
import { type Random, seededRandom } from "@/lib/simulate/random";

/** Names the new inputs of this run; set to what a failed run printed, it brings its inputs again. */
export const FRESH = process.env.HEADWATER_TEST_SEED ?? `fresh ${Date.now()}`;

export interface Subject {
  readonly corpus: readonly Uint8Array[];
  readonly mutate: (random: Random, corpus: readonly Uint8Array[]) => Uint8Array<ArrayBuffer>;
  /** Reads an input and checks what came of it. @throws DomainError where it refuses; anything else is a finding. */
  readonly read: (input: Uint8Array<ArrayBuffer>, random: Random) => void;
}

export interface Tally {
  readonly accepted: number;
  readonly refused: number;
  /** The first input that did what none may: how to get it again, and what it did; null without any. */
  readonly finding: string | null;
}

/** Longer than any one input may take; it is asked again before it counts, because the machine may have been busy. */
const SLOW_MS = 250;
const TRIES = 3;
/** Inputs under one watch. */
const SLICE = 250;
const HANG_MS = 20_000;

const REFUSALS = new Set(["unreadable", "too_large"]);

/** Ends code that does not end: the only way to interrupt what runs on this very thread. */
function guarded(run: () => void, timeout: number): boolean {
  const slot = globalThis as { hammered?: (() => void) | undefined };
  slot.hammered = run;
  try {
    new Script("hammered()").runInThisContext({ timeout });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
    throw error;
  } finally {
    slot.hammered = undefined;
  }
}

/**
 * @param seed of the damage; the same seed and number give the same input.
 * @param hangMs after which a stretch of inputs that has not ended counts as hanging.
 */
export function hammer(subject: Subject, seed: string, count: number, hangMs = HANG_MS): Tally {
  let accepted = 0;
  let refused = 0;
  let index = 0;
  let finding: string | null = null;
  const found = (what: string): void => {
    const input = subject.mutate(seededRandom(`${seed}/${index}`), subject.corpus);
    const shown = Buffer.from(input).toString("base64");
    finding = `input ${index} of seed "${seed}" (${input.length} bytes) ${what}\n${shown.slice(0, 6_000)}`;
  };
  const once = (): boolean => {
    const random = seededRandom(`${seed}/${index}`);
    const input = subject.mutate(random, subject.corpus);
    const started = performance.now();
    const cpu = process.cpuUsage();
    try {
      subject.read(input, random);
      accepted++;
    } catch (error) {
      if (!(error instanceof DomainError && REFUSALS.has(error.code))) throw error;
      refused++;
    }
    if (performance.now() - started <= SLOW_MS) return true;
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 1000 <= SLOW_MS; // it was kept waiting, by others
  };
  const slice = (): void => {
    for (const end = Math.min(index + SLICE, count); index < end; index++) {
      const before = { accepted, refused };
      for (let tries = 1; !once(); tries++) {
        if (tries === TRIES) {
          found(`takes longer than ${SLOW_MS} ms, ${TRIES} times`);
          return;
        }
        ({ accepted, refused } = before);
      }
    }
  };
  while (index < count && finding === null) {
    try {
      if (!guarded(slice, hangMs)) found(`does not end within ${hangMs} ms`);
    } catch (error) {
      found(`ends in ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  return { accepted, refused, finding };
}

/**
 * A test's expectation: `count` damaged inputs, half of them the same each time and half new, without a finding.
 * @param least share of them that is taken, and that is refused: damage that always is, or never, proves little.
 */
export function expectWhole(make: () => Subject, count: number, least: number): void {
  onTestFailed(() => console.error(`HEADWATER_TEST_SEED="${FRESH}" brings the same new inputs again`));
  for (const seed of ["fixed", FRESH]) {
    const { accepted, refused, finding } = hammer(make(), seed, Math.ceil(count / 2));
    expect(finding).toBeNull();
    expect(Math.min(accepted, refused)).toBeGreaterThan(count * least);
  }
}

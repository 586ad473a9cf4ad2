// What a measurement is, and what it tells.

export type Unit = "spans/s" | "ms" | "s" | "MiB" | "µs/span" | "B/span" | "calls" | "cores" | "×";

export interface Target {
  /** What is judged: the figure itself, or figure / baseline. */
  readonly of: "ours" | "ratio";
  /** Just one of the two. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Figure {
  readonly quantity: string;
  readonly unit: Unit;
  /** One value a run; the median counts. */
  readonly ours: readonly number[];
  /** The same quantity of something simpler, measured in turn with ours; null where there is nothing to compare with. */
  readonly baseline: { readonly what: string; readonly runs: readonly number[] } | null;
  /** Null: told, not judged. */
  readonly target: Target | null;
}

export interface Context {
  /** Short runs, to see that everything works; the figures are rough. */
  readonly quick: boolean;
  /** Says what is going on. */
  log(text: string): void;
}

export interface Measurement {
  /** For `--only`. */
  readonly name: string;
  /** @throws Error when what was measured is not what was meant: spans lost, a wrong graph. */
  run(context: Context): Promise<Figure[]>;
}

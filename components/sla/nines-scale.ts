// A scale on which every further nine takes the same room: 99 %, 99.9 %, 99.99 %. Unavailability on a logarithmic axis.

export interface NinesScale {
  /** Availabilities of whole nines, the first and the last one at the ends of the finite part. */
  readonly ticks: readonly number[];
  /** One of the values is 1, which no number of nines reaches: it stands at the far end, after a break. */
  readonly endless: boolean;
  /** Where an availability of [0, 1] stands, in [0, 1]. */
  at(availability: number): number;
}

const FEWEST = 2;
/** In nines: a mark stands a little inside the ends. */
const MARGIN = 0.05;
/** Share of the axis that a break before 100 % takes. */
const BREAK = 0.2;

/** A scale around values of [0, 1]; from 99 % to 99.99 % without any below 1. */
export function ninesScale(values: readonly number[]): NinesScale {
  const finite = values.filter((value) => value < 1).map(ninesOf);
  const endless = finite.length < values.length;
  const from = finite.length > 0 ? Math.max(0, Math.floor(Math.min(...finite) - MARGIN)) : 2;
  const to = Math.max(from + FEWEST, Math.ceil(Math.max(0, ...finite) + MARGIN));
  const room = endless ? 1 - BREAK : 1;
  return {
    ticks: Array.from({ length: to - from + 1 }, (_, index) => 1 - 10 ** -(from + index)),
    endless,
    at: (value) => (value >= 1 ? 1 : ((ninesOf(value) - from) / (to - from)) * room),
  };
}

/** 2 for 99 %, 3 for 99.9 %, without the noise of binary fractions. */
const ninesOf = (availability: number): number => Math.max(0, Math.round(-Math.log10(1 - availability) * 1e9) / 1e9);

export interface Placed<Label> {
  readonly label: Label;
  readonly x: number;
  /** 0 is nearest to the axis. */
  readonly row: number;
}

const GAP = 8;

/**
 * Rows for labels over an axis, so that none covers another and none leaves it.
 * @param x where a label belongs, and its width, in the same unit as `width` of the axis.
 */
export function stackLabels<Label extends { readonly x: number; readonly width: number }>(
  labels: readonly Label[],
  width: number,
): Placed<Label>[] {
  const rows: { from: number; to: number }[][] = [];
  return labels.map((label) => {
    const half = label.width / 2;
    const x = Math.max(half, Math.min(width - half, label.x));
    const taken = (row: number): boolean =>
      (rows[row] ?? []).some(({ from, to }) => x - half < to + GAP && x + half > from - GAP);
    let row = 0;
    while (taken(row)) row++;
    rows[row] = [...(rows[row] ?? []), { from: x - half, to: x + half }];
    return { label, x, row };
  });
}

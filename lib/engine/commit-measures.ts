// How long commits take and how many spans they hold, since the start.

/** Values counted by upper bounds, as Prometheus has them: each count includes those of smaller bounds. */
export interface Distribution {
  readonly buckets: readonly { readonly atMost: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

class Buckets {
  private readonly counts: number[];
  private sum = 0;
  private count = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = bounds.map(() => 0);
  }

  note(value: number): void {
    this.sum += value;
    this.count++;
    const at = this.bounds.findIndex((bound) => value <= bound);
    if (at >= 0) this.counts[at]!++;
  }

  get distribution(): Distribution {
    let count = 0;
    const buckets = this.bounds.map((atMost, i) => {
      count += this.counts[i]!;
      return { atMost, count };
    });
    return { buckets, sum: this.sum, count: this.count };
  }
}

export class CommitMeasures {
  private readonly ms = new Buckets([5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]);
  private readonly spans = new Buckets([1, 10, 100, 500, 1000, 2500, 5000, 10_000, 20_000]);

  /** @param spans copies of stored ones included. */
  note(ms: number, spans: number): void {
    this.ms.note(ms);
    this.spans.note(spans);
  }

  get all(): { readonly ms: Distribution; readonly spans: Distribution } {
    return { ms: this.ms.distribution, spans: this.spans.distribution };
  }
}

// What has come whole and waits for the engine, by sender. More of it than the engine does in two seconds is not let in: a sender
// that is told to come again does better than one that waits until it gives up. Who has next to nothing waiting is always let in,
// so that a flood from one address keeps nobody else out.

const WAIT_MS = 2_000;
/** With less waiting, the engine is not busy, and its speed does not show. */
const PLENTY_BYTES = 1 << 20;
/** Over how long that is measured, and how much one measurement counts. */
const WINDOW_MS = 500;
const WEIGHT = 0.3;
/** So much may wait however slow the engine is. */
const LEAST_BYTES = 4 << 20;
/** What part of all that may wait is next to nothing, for one sender. */
const NEXT_TO_NOTHING = 1 / 64;

export class Backlog {
  private total = 0;
  private readonly bySender = new Map<string, number>();
  /** Bytes a millisecond that the engine does when it has enough to do; null while nobody knows. */
  private speed: number | null = null;
  /** Since when it has had enough to do, and what it has done since. */
  private busySinceMs: number | null = null;
  private done = 0;

  /**
   * @param now milliseconds that only grow.
   * @param waitMs the longest wait that is let in for.
   */
  constructor(
    private readonly now: () => number,
    private readonly waitMs = WAIT_MS,
  ) {}

  /** Whether a request of this sender may come in; asked before its body is read. */
  admits(sender: string): boolean {
    const most = this.speed === null ? Number.POSITIVE_INFINITY : Math.max(LEAST_BYTES, this.speed * this.waitMs);
    return this.total < most || (this.bySender.get(sender) ?? 0) < most * NEXT_TO_NOTHING;
  }

  /** Counts a body as waiting until its work is over. */
  async through<T>(sender: string, bytes: number, work: () => Promise<T>): Promise<T> {
    this.add(sender, bytes);
    if (this.busySinceMs === null && this.total >= PLENTY_BYTES) {
      this.busySinceMs = this.now();
      this.done = 0;
    }
    try {
      return await work();
    } finally {
      this.measure(bytes);
      this.add(sender, -bytes);
      if (this.total < PLENTY_BYTES) this.busySinceMs = null;
    }
  }

  get bytes(): number {
    return this.total;
  }

  private add(sender: string, bytes: number): void {
    this.total += bytes;
    const held = (this.bySender.get(sender) ?? 0) + bytes;
    if (held > 0) this.bySender.set(sender, held);
    else this.bySender.delete(sender);
  }

  private measure(bytes: number): void {
    if (this.busySinceMs === null) return;
    this.done += bytes;
    const elapsed = this.now() - this.busySinceMs;
    if (elapsed < WINDOW_MS) return;
    const measured = this.done / elapsed;
    this.speed = this.speed === null ? measured : this.speed + (measured - this.speed) * WEIGHT;
    this.busySinceMs += elapsed;
    this.done = 0;
  }
}

/** Making goes on for so long at least. */
const TURN_MS = 5;

/**
 * Room for a number of bytes. Whoever comes while it is taken waits: senders take turns, and what one has waiting goes in its
 * order. How large something is shows when it is made, so the last one let in may go beyond.
 */
export class Room {
  private taken = 0;
  private making = false;
  /** When other work has its turn. */
  private turnEndMs = Number.NEGATIVE_INFINITY;
  /** Whose turn is next comes first. */
  private readonly waiting = new Map<string, (() => void)[]>();

  /**
   * @param later does something after other work had its turn: making takes long, and many may wait.
   * @param now milliseconds that only grow.
   */
  constructor(
    private readonly bytes: number,
    private readonly later: (task: () => void) => void,
    private readonly now: () => number,
  ) {}

  /** Makes something once there is room, and holds its bytes until `give`. */
  async hold(sender: string, make: () => Uint8Array): Promise<Uint8Array> {
    if (this.making || this.waiting.size > 0 || this.taken >= this.bytes)
      await new Promise<void>((letIn) => {
        const own = this.waiting.get(sender);
        if (own) own.push(letIn);
        else this.waiting.set(sender, [letIn]);
      });
    this.making = true;
    try {
      const made = make();
      this.taken += made.length;
      return made;
    } finally {
      this.making = false;
      this.letIn();
    }
  }

  give(bytes: number): void {
    this.taken -= bytes;
    this.letIn();
  }

  private letIn(): void {
    if (this.making || this.taken >= this.bytes) return;
    const turn = this.waiting.entries().next();
    if (turn.done) return;
    const [sender, own] = turn.value;
    const next = own.shift()!;
    this.waiting.delete(sender);
    if (own.length > 0) this.waiting.set(sender, own); // behind all others
    this.making = true; // already: nobody may come in between
    const beganMs = this.now();
    if (beganMs < this.turnEndMs) {
      next();
      return;
    }
    this.later(() => {
      // As long as other work took: of a thread that has more to do than it can, half goes here.
      const nowMs = this.now();
      this.turnEndMs = nowMs + Math.max(TURN_MS, nowMs - beganMs);
      next();
    });
  }
}

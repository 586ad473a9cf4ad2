/**
 * Room for a number of bytes. Whoever comes while it is taken waits, in order. How large something is shows when it is made,
 * so the last one let in may go beyond.
 */
export class Room {
  private taken = 0;
  private making = false;
  private readonly waiting: (() => void)[] = [];

  /** @param later does something after other work had its turn: making takes long, and many may wait. */
  constructor(
    private readonly bytes: number,
    private readonly later: (task: () => void) => void,
  ) {}

  /** Makes something once there is room, and holds its bytes until `give`. */
  async hold(make: () => Uint8Array): Promise<Uint8Array> {
    if (this.making || this.waiting.length > 0 || this.taken >= this.bytes)
      await new Promise<void>((letIn) => {
        this.waiting.push(letIn);
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
    const next = this.waiting.shift();
    if (!next) return;
    this.making = true; // already: nobody may come in between
    this.later(next);
  }
}

/** Runs tasks one after the other, in the order in which they were asked for. */
export class Serial {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => T | Promise<T>): Promise<T> {
    const next = this.last.then(task, task);
    this.last = next.catch(() => {});
    return next;
  }

  /** When everything asked for so far is done, well or not. */
  async idle(): Promise<void> {
    await this.last;
  }
}

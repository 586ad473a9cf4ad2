/**
 * Bytes of request bodies that are being read or worked on. Above the limit a request is refused before its body is read, so
 * that a flood costs headers and not memory.
 */
export class Admission {
  private inFlight = 0;

  constructor(readonly limit: number) {}

  /** Takes room for `bytes` more, for a request that has `held` already; false when there is none. A lone request always gets in. */
  take(bytes: number, held = 0): boolean {
    if (this.inFlight > held && this.inFlight + bytes > this.limit) return false;
    this.inFlight += bytes;
    return true;
  }

  give(bytes: number): void {
    this.inFlight -= bytes;
  }

  get bytes(): number {
    return this.inFlight;
  }
}

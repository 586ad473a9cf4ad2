import type { Door } from "../engine/doors";

export interface RequestCount {
  readonly door: Door;
  /** HTTP status, or grpc-status at the gRPC door. */
  readonly code: number;
  readonly count: number;
}

/** Requests at the doors by what they were answered, since the start. */
export class RequestCounts {
  private readonly counts = new Map<string, RequestCount>();

  note(door: Door, code: number): void {
    const key = `${door} ${code}`;
    const count = (this.counts.get(key)?.count ?? 0) + 1;
    this.counts.set(key, { door, code, count });
  }

  get all(): RequestCount[] {
    return [...this.counts.values()];
  }
}

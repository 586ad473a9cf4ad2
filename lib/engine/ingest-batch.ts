// The spans that go into the store together: filled by requests while the commit before is under way, then frozen.
import type { Issues } from "../domain/issue";
import { SpanColumns } from "../domain/span-columns";
import type { CANARY, Door } from "./doors";

/** One request's part of a batch. */
export interface Entry {
  readonly from: number;
  readonly to: number;
  /** Spans in the request, rejected ones included. */
  readonly spans: number;
  readonly issues: Issues;
  readonly door: Door | typeof CANARY;
  duplicates: number;
  readonly done: (error?: unknown) => void;
}

export class IngestBatch {
  readonly columns = new SpanColumns(4096);
  readonly bodies: Uint8Array[] = [];
  readonly entries: Entry[] = [];
  /** Bytes of the bodies. */
  bytes = 0;

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  addBody(bytes: Uint8Array): number {
    this.bytes += bytes.length;
    return this.bodies.push(bytes) - 1;
  }

  clear(): void {
    this.columns.clear();
    this.bodies.length = 0;
    this.entries.length = 0;
    this.bytes = 0;
  }
}

// The batches between requests and commits. A batch takes requests until a commit takes it or it is full. With everything that
// waits in one commit, all senders would wait for that one, and nothing would come in to be decoded meanwhile.
import { IngestBatch } from "./ingest-batch";

/** Spans after which a batch takes no more requests. */
const FULL = 16_384;
/** Emptied batches kept for their memory. */
const MOST_SPARE = 4;

export class BatchQueue {
  private readonly full: IngestBatch[] = [];
  private readonly spare: IngestBatch[] = [];
  private filling = new IngestBatch();

  /** The batch that the next request goes into; one that is full joins the line for it. */
  toFill(): IngestBatch {
    if (this.filling.columns.length >= FULL) {
      this.full.push(this.filling);
      this.filling = this.next();
    }
    return this.filling;
  }

  get isEmpty(): boolean {
    return this.full.length === 0 && this.filling.isEmpty;
  }

  /** Whether the batch that is taken next would not grow by waiting. */
  get hasFull(): boolean {
    return this.full.length > 0 || this.filling.columns.length >= FULL;
  }

  /** The oldest batch, to be given back when it is done with; null when there is none. */
  take(): IngestBatch | null {
    const full = this.full.shift();
    if (full) return full;
    if (this.filling.isEmpty) return null;
    const batch = this.filling;
    this.filling = this.next();
    return batch;
  }

  giveBack(batch: IngestBatch): void {
    batch.clear();
    if (this.spare.length < MOST_SPARE) this.spare.push(batch);
  }

  private next(): IngestBatch {
    return this.spare.pop() ?? new IngestBatch();
  }
}

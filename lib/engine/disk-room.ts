// Whether the disk has room for more spans. A store that runs into the end of the disk fails; refused before that, it goes on being
// read.
import { asText, formatBytes } from "../domain/format-number";

const LEAST_BYTES = 256 << 20;
const LEAST_SHARE = 0.05;
/** With less, minutes are not saved either: a write that fails is the end of an engine. */
const FULL_BYTES = 16 << 20;
/** Spans are taken again a little above where they are refused, so that one request does not tip it. */
const AGAIN = 1.05;

export class DiskRoom {
  /** Why no spans are taken; null while there is room. */
  shortage: string | null = null;
  isFull = false;

  /** @param least bytes that have to be free; null for 256 MiB or 5 % of the disk, whichever is more. */
  constructor(private readonly least: number | null) {}

  look({ freeBytes, totalBytes }: { readonly freeBytes: number; readonly totalBytes: number }): void {
    const least = this.least ?? Math.max(LEAST_BYTES, LEAST_SHARE * totalBytes);
    this.isFull = freeBytes < Math.min(least, FULL_BYTES);
    const enough = freeBytes >= (this.shortage === null ? least : least * AGAIN);
    this.shortage = enough
      ? null
      : `The disk of the data folder is nearly full: no spans are taken while less than ${asText(formatBytes(least))} are free. What is stored can be read.`;
  }
}

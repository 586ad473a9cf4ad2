// Cuts OTLP protobuf into portions while a file is still arriving. Its top-level records (ResourceSpans) stand on their own,
// and any run of them is an ExportTraceServiceRequest again. Source: protobuf.dev "Encoding".
import { DomainError, unreadable } from "../domain/errors";
import { FIXED32, FIXED64, LENGTH, MOST_TAG, VARINT } from "./otlp/wire";

/** A portion ends with the record that passes this. */
const PORTION_BYTES = 1 << 20;
/** Largest record. */
const MOST_BYTES = 64 << 20;
const LONGEST_VARINT = 10;

export class ProtobufRecords {
  /** Bytes that are not handed on yet, and how many. */
  private pending: Uint8Array[] = [];
  private size = 0;
  /** Bytes handed on. */
  private offset = 0;
  /** Bytes of the current value that are still to come. */
  private left = 0;
  /** What the varint being read is. */
  private reading: "tag" | "length" | "value" = "tag";
  private varint = 0;
  private digits = 0;

  /** @param take gets whole records, and the byte of the file at which they start. */
  constructor(private readonly take: (bytes: Uint8Array, offset: number) => void) {}

  /** @throws DomainError unreadable, naming the byte; too_large for a record beyond the limit. */
  feed(chunk: Uint8Array): void {
    let from = 0;
    for (let at = 0; at < chunk.length; ) {
      if (this.left > 0) {
        const step = Math.min(this.left, chunk.length - at);
        at += step;
        this.left -= step;
      } else this.head(chunk[at++]!, this.offset + this.size + at - from);
      if (!this.isBetween || this.size + at - from < PORTION_BYTES) continue;
      this.keep(chunk.subarray(from, at));
      this.flush();
      from = at;
    }
    this.keep(chunk.subarray(from));
    if (this.size > MOST_BYTES) throw tooLarge(this.offset);
  }

  /** @throws DomainError unreadable when the last record is not whole. */
  end(): void {
    if (!this.isBetween) throw unreadable("the file ends inside a field", this.offset + this.size);
    this.flush();
  }

  private get isBetween(): boolean {
    return this.left === 0 && this.digits === 0 && this.reading === "tag";
  }

  /** One byte of a tag, a length, or a value that is a varint. */
  private head(byte: number, offset: number): void {
    this.varint += (byte & 127) * 128 ** this.digits;
    if (++this.digits > LONGEST_VARINT) throw unreadable("a varint is longer than ten bytes", offset);
    if (byte > 127) return;
    const value = this.varint;
    this.varint = 0;
    this.digits = 0;
    if (this.reading === "tag") this.begin(value, offset);
    else {
      if (this.reading === "length") this.left = value;
      if (this.left > MOST_BYTES) throw tooLarge(offset);
      this.reading = "tag";
    }
  }

  private begin(tag: number, offset: number): void {
    const wire = tag % 8;
    if (tag < 8) throw unreadable("field number 0", offset);
    if (tag > MOST_TAG) throw unreadable("a field number beyond all fields", offset);
    if (wire === LENGTH) this.reading = "length";
    else if (wire === VARINT) this.reading = "value";
    else if (wire === FIXED64) this.left = 8;
    else if (wire === FIXED32) this.left = 4;
    else throw unreadable(`wire type ${wire} where a field should start`, offset);
  }

  private keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.pending.push(bytes);
    this.size += bytes.length;
  }

  private flush(): void {
    if (this.size === 0) return;
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.pending) {
      bytes.set(part, at);
      at += part.length;
    }
    const { offset } = this;
    this.offset += this.size;
    this.pending = [];
    this.size = 0;
    this.take(bytes, offset);
  }
}

const tooLarge = (offset: number): DomainError =>
  new DomainError("too_large", `one record is larger than ${MOST_BYTES >> 20} MiB`, { offset });

// Protobuf's wire format and where the spans of a request lie, in the plainest code possible and apart from `lib/ingest`: every
// value is checked to lie inside its message. Slow on purpose.

interface Field {
  readonly number: number;
  readonly wire: number;
  /** The value, without its length. */
  readonly from: number;
  readonly to: number;
}

function varint(bytes: Uint8Array, from: number, to: number): { value: bigint; to: number } {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    if (from + i >= to) throw new RangeError(`a varint ends outside at ${from + i}`);
    const byte = bytes[from + i]!;
    value += BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return { value, to: from + i + 1 };
  }
  throw new RangeError(`a varint without an end at ${from}`);
}

function valueEnd(bytes: Uint8Array, wire: number, from: number, to: number): { from: number; to: number } {
  let end = from + (wire === 1 ? 8 : 4);
  let start = from;
  if (wire === 0) end = varint(bytes, from, to).to;
  else if (wire === 2) {
    const length = varint(bytes, from, to);
    start = length.to;
    end = start + Number(length.value);
  } else if (wire === 3) {
    for (let at = from; ; ) {
      const tag = varint(bytes, at, to);
      const inner = Number(tag.value & 7n);
      if (inner === 4) return { from, to: tag.to };
      at = valueEnd(bytes, inner, tag.to, to).to;
    }
  } else if (wire !== 1 && wire !== 5) throw new RangeError(`wire type ${wire} at ${from}`);
  if (end > to) throw new RangeError(`a value at ${from} ends at ${end}, outside of ${to}`);
  return { from: start, to: end };
}

function fieldsOf(bytes: Uint8Array, from = 0, to = bytes.length): Field[] {
  const fields: Field[] = [];
  for (let at = from; at < to; ) {
    const tag = varint(bytes, at, to);
    if (tag.value > 0xffffffffn) throw new RangeError(`a field number beyond all fields at ${at}`);
    const wire = Number(tag.value & 7n);
    const value = valueEnd(bytes, wire, tag.to, to);
    fields.push({ number: Number(tag.value >> 3n), wire, ...value });
    at = value.to;
  }
  return fields;
}

export interface PlainSpan {
  readonly offset: number;
  /** Hex of the last of each, however long; "" without any. */
  readonly traceId: string;
  readonly spanId: string;
}

/** @throws RangeError where a span, or what it lies in, is not whole. */
export function plainSpans(bytes: Uint8Array): PlainSpan[] {
  const inside = (outer: readonly Field[], ...numbers: number[]): Field[] =>
    outer.filter(({ number, wire }) => wire === 2 && numbers.includes(number));
  const hex = (fields: readonly Field[], number: number): string => {
    const last = inside(fields, number).at(-1);
    return last ? Buffer.from(bytes.subarray(last.from, last.to)).toString("hex") : "";
  };
  return inside(fieldsOf(bytes), 1).flatMap((resource) =>
    inside(fieldsOf(bytes, resource.from, resource.to), 2, 1000).flatMap((scope) =>
      inside(fieldsOf(bytes, scope.from, scope.to), 2).map((span) => {
        const fields = fieldsOf(bytes, span.from, span.to);
        return { offset: span.from, traceId: hex(fields, 1), spanId: hex(fields, 2) };
      }),
    ),
  );
}

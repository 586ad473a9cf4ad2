// Reorders the fields of a protobuf message at byte level, recursively. The result means the same (for repeated fields the
// relative order within one field number is kept), but no encoder in the ecosystem writes it this way except by choice:
// SDKs ascend, the Collector descends, and a decoder that expects either loses data from the other.
import { SUBMESSAGES } from "./otlp-protobufjs";

export type FieldOrder = "ascending" | "descending" | "shuffled";

interface Field {
  readonly number: number;
  readonly bytes: Uint8Array;
}

function varint(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  let scale = 1;
  for (;;) {
    const byte = bytes[at++]!;
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at];
    scale *= 128;
  }
}

function varintBytes(value: number): number[] {
  const out: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) out.push((value % 128) | 128);
  return [...out, value];
}

export function permuteFields(
  bytes: Uint8Array,
  order: FieldOrder,
  random: () => number,
  type = "ExportTraceServiceRequest",
): Uint8Array {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    let tag: number;
    [tag, at] = varint(bytes, at);
    const number = tag >>> 3;
    const wire = tag & 7;
    if (wire === 0) [, at] = varint(bytes, at);
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else {
      let length: number;
      [length, at] = varint(bytes, at);
      const child = SUBMESSAGES[type]?.[number];
      if (child) {
        const content = permuteFields(bytes.subarray(at, at + length), order, random, child);
        fields.push({
          number,
          bytes: Uint8Array.from([...varintBytes(tag), ...varintBytes(content.length), ...content]),
        });
        at += length;
        continue;
      }
      at += length;
    }
    fields.push({ number, bytes: bytes.subarray(start, at) });
  }
  const keyed = fields.map((field, i) => ({ ...field, i, key: random() }));
  if (order === "ascending") keyed.sort((a, b) => a.number - b.number || a.i - b.i);
  else if (order === "descending") keyed.sort((a, b) => b.number - a.number || a.i - b.i);
  else {
    // Shuffle between field numbers, keep the order within one.
    const slots = [...keyed].sort((a, b) => a.key - b.key).map(({ number }) => number);
    const queues = new Map<number, typeof keyed>();
    for (const field of keyed) queues.set(field.number, [...(queues.get(field.number) ?? []), field]);
    keyed.splice(0, keyed.length, ...slots.map((number) => queues.get(number)!.shift()!));
  }
  const out = new Uint8Array(keyed.reduce((sum, field) => sum + field.bytes.length, 0));
  let at = 0;
  for (const field of keyed) {
    out.set(field.bytes, at);
    at += field.bytes.length;
  }
  return out;
}

// How deep an attribute value nests, without recursion: the input decides the depth, so the stack must not.
import type { Cursor } from "./wire";

/** Values nested deeper are cut where they are shown. */
export const MAX_VALUE_DEPTH = 32;

const ARRAY = 0x2a;
const KVLIST = 0x32;

/** Whether the AnyValue in [start, end) nests arrays and lists deeper than MAX_VALUE_DEPTH. Throws when it is malformed. */
export function isTooDeep(cursor: Cursor, start: number, end: number): boolean {
  // Every nesting is AnyValue > ArrayValue > AnyValue, or AnyValue > KeyValueList > KeyValue > AnyValue. All of them are
  // length-delimited fields, and what is not (strings) cannot be told apart by shape; so the walk keeps the message type.
  const types: MessageType[] = ["any"];
  const ends: number[] = [end];
  cursor.at = start;
  let depth = 0;
  while (ends.length > 0) {
    const top = ends.length - 1;
    const stop = ends[top]!;
    if (cursor.at >= stop) {
      if (types.pop() === "any") depth--;
      ends.pop();
      continue;
    }
    const tag = cursor.varint(stop);
    const child = childOf(types[top]!, tag);
    if (child === null) {
      cursor.skip(tag, stop);
      continue;
    }
    const childEnd = cursor.lengthEnd(stop);
    if (child === "any" && ++depth > MAX_VALUE_DEPTH) return true;
    types.push(child);
    ends.push(childEnd);
  }
  return false;
}

type MessageType = "any" | "array" | "kvlist" | "pair";

function childOf(type: MessageType, tag: number): MessageType | null {
  if (type === "any") return tag === ARRAY ? "array" : tag === KVLIST ? "kvlist" : null;
  if (type === "array") return tag === 0x0a ? "any" : null;
  if (type === "kvlist") return tag === 0x0a ? "pair" : null;
  return tag === 0x12 ? "any" : null;
}

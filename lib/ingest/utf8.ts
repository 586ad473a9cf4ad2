// Text as it came, and whether it was text.

const strict = new TextDecoder("utf-8", { fatal: true });
const lenient = new TextDecoder();
const REPLACEMENT = "\ufffd";

/** Whether the bytes in [start, end) are UTF-8. */
export function isUtf8(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  let ascii = true;
  for (let i = start; i < end; i++) if (bytes[i]! > 127) ascii = false;
  if (ascii) return true;
  try {
    strict.decode(bytes.subarray(start, end));
    return true;
  } catch {
    return false;
  }
}

/** The text of bytes, and whether something in it was replaced; a replacement character that was sent is none. */
export function readText(bytes: Uint8Array): { readonly text: string; readonly flawed: boolean } {
  const text = lenient.decode(bytes);
  return { text, flawed: text.includes(REPLACEMENT) && !isUtf8(bytes) };
}

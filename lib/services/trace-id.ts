import { DomainError } from "../domain/errors";
import { wordsOfHex } from "../domain/ids";

/** The four words of a trace id in hex, as people write it. @throws DomainError invalid_parameter */
export function readTraceId(text: string, parameter: string): Int32Array {
  if (!/^[0-9a-fA-F]{1,32}$/.test(text))
    throw new DomainError("invalid_parameter", `${parameter} must be up to 32 hex digits`, { parameter });
  const words = new Uint32Array(4);
  wordsOfHex(text, words, 0, 4);
  return new Int32Array(words.buffer);
}

// Reading JSON of strangers: small helpers that take `unknown` and give back what was asked for, or nothing. Trace files are
// full of numbers as strings, names as numbers and fields that are missing; none of that is worth an exception.
import { DomainError, unreadable } from "../domain/errors";

export type JsonObject = { readonly [key: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const asText = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";

/** The first of these fields that is there; snake_case and camelCase are both in use. */
export function field(object: JsonObject, ...names: string[]): unknown {
  for (const name of names) if (Object.hasOwn(object, name)) return object[name];
  return undefined;
}

/** A 64-bit integer given as a decimal string or a number; 0n when it is neither. */
export function asInteger(value: unknown): bigint {
  if (typeof value === "string") return /^-?\d{1,20}$/.test(value) ? BigInt(value) : 0n;
  return typeof value === "number" && Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

/** A number given as one or as text; NaN when it is neither. Objects are never asked what they would be as a number. */
export function asNumber(value: unknown): number {
  return typeof value === "number" || (typeof value === "string" && value !== "") ? Number(value) : Number.NaN;
}

/** A value as JSON; what nests too deep for the stack is cut. */
export function asJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "…cut: nested too deep";
  }
}

/** Most objects and lists of one value: three times what real spans of a largest body hold, and memory that can be had. */
export const MOST_VALUES = 1_000_000;

export const tooManyValues = (offset: number): DomainError =>
  new DomainError(
    "too_large",
    `one JSON value holds more than ${MOST_VALUES.toLocaleString("en")} objects and lists; send smaller batches`,
    { offset },
  );

/**
 * Parses a whole text. A few bytes each, objects take a hundred times their size as spans, so they are counted first.
 * @throws DomainError as parseJson; too_large for more than MOST_VALUES objects and lists.
 */
export function parseBounded(json: string): unknown {
  // Each takes two characters at least. Those in strings count too: it is a bound, not a figure.
  if (json.length > 2 * MOST_VALUES) {
    let values = 0;
    for (let i = 0; i < json.length; i++) if ((json.charCodeAt(i) & 0xdf) === OPEN) values++;
    if (values > MOST_VALUES) throw tooManyValues(0);
  }
  return parseJson(json);
}

/** `[` and `{` without the bit in which they differ. */
const OPEN = 0x5b;

/** @throws DomainError unreadable, naming the byte, as far as the engine tells it. */
export function parseJson(json: string, offset = 0): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const message = (error as Error).message;
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
    throw unreadable(
      `not valid JSON: ${message.replace(/ in JSON at position \d+.*| at position \d+.*/, "")}`,
      offset + at,
    );
  }
}

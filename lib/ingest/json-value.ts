// Reading JSON of strangers: small helpers that take `unknown` and give back what was asked for, or nothing. Trace files are
// full of numbers as strings, names as numbers and fields that are missing; none of that is worth an exception.
import { unreadable } from "../domain/errors";

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

// What traces are looked for by, as one text for a URL and as words.
import type { MappedParams } from "@/lib/client/api";

const NAMES = ["service", "operation", "minMs", "maxMs", "error", "attribute", "trace"] as const;

/** Conditions of a text such as `service=checkout&error=true`; others than these are left out. */
export function readConditions(text: string): MappedParams {
  const search = new URLSearchParams(text);
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = search.get(name);
      return value === null || value === "" ? [] : [[name, value]];
    }),
  );
}

/** `service checkout, failed, at least 250 ms`; "" for none. */
export function conditionWords({ service, operation, minMs, maxMs, error, attribute }: MappedParams): string {
  return [
    service && `service ${service}`,
    operation && `operation ${operation}`,
    minMs && `at least ${minMs} ms`,
    maxMs && `at most ${maxMs} ms`,
    error === "true" && "failed",
    attribute,
  ]
    .filter(Boolean)
    .join(", ");
}

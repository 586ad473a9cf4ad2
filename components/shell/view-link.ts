import type { Route } from "next";
import type { GraphParams } from "@/lib/client/api";
import { DEFAULT_LAST } from "@/lib/domain/window";

/** A link to another screen that keeps the window, environment and perspective; parameters of null are left out. */
export function viewLink(
  { last, ...rest }: GraphParams,
  path: string,
  more: Readonly<Record<string, string | null>> = {},
): Route {
  const search = new URLSearchParams();
  const all = { ...rest, ...(last !== undefined && last !== DEFAULT_LAST && { last }), ...more };
  for (const [name, value] of Object.entries(all)) if (typeof value === "string") search.set(name, value);
  const text = search.toString();
  return (text ? `${path}?${text}` : path) as Route;
}

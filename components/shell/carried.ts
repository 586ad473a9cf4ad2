// What a person has set for all screens goes along from one to the next: environment, time, perspective.
"use client";
import type { Route } from "next";
import { useSearchParams } from "next/navigation";

const CARRIED = ["env", "last", "from", "to", "perspective"];

/** Makes links to other screens that keep what was set on this one. */
export function useCarried(): (href: Route) => Route {
  const search = useSearchParams();
  return (href) => {
    const kept = new URLSearchParams();
    for (const name of CARRIED) {
      const value = search.get(name);
      if (value !== null) kept.set(name, value);
    }
    return (kept.size > 0 ? `${href}?${kept}` : href) as Route;
  };
}

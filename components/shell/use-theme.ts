"use client";
import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";
export const THEME_COOKIE = "headwater_theme";
const YEAR_SECONDS = 31_536_000;

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  listeners.add(listener);
  system.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", listener);
  };
}

function current(): Theme {
  const named = chosen();
  if (named) return named;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

const chosen = (): Theme | null => {
  const named = document.documentElement.dataset.theme;
  return named === "light" || named === "dark" ? named : null;
};

/** The theme in force: the one chosen, else the system's. The choice is a cookie, so that the first paint is right. */
export function useTheme(): {
  readonly theme: Theme;
  /** null: the system's. */
  readonly chosen: Theme | null;
  choose(theme: Theme | null): void;
} {
  const theme = useSyncExternalStore(subscribe, current, () => "light" as const);
  return { theme, chosen: useSyncExternalStore(subscribe, chosen, () => null), choose };
}

function choose(theme: Theme | null): void {
  if (theme === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is not everywhere yet
  document.cookie = `${THEME_COOKIE}=${theme ?? ""}; path=/; max-age=${theme === null ? 0 : YEAR_SECONDS}; samesite=strict`;
  for (const listener of listeners) listener();
}

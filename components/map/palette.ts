// Colours of the theme in force, as a canvas needs them. A probe element resolves each role, because a custom property alone
// still reads `light-dark(…)`.
import type { Display, Hue } from "@/lib/overlays/overlay";

const ROLES = [
  "canvas",
  "surface",
  "surface-2",
  "line",
  "ink",
  "ink-2",
  "ink-3",
  "accent",
  "ok",
  "ok-line",
  "warn",
  "warn-text",
  "bad",
  "bad-text",
  "none",
  "none-text",
  "latency",
  "latency-text",
  "sla",
  "sla-text",
  "blast",
  "blast-text",
  "change",
  "change-text",
  "cycle",
  "cycle-text",
  "cycle-band",
  "ink-inverse",
] as const;
export type Role = (typeof ROLES)[number];
export type Palette = Readonly<Record<Role, string>>;

/** Colours of an element under an overlay: by level for health, else the overlay's hue for what it marks and grey for the rest. */
export function coloursOf(
  display: Display,
  hue: Hue,
  palette: Palette,
): { readonly mark: string; readonly text: string } {
  if (hue !== "health") {
    return display.marked
      ? { mark: palette[hue], text: palette[`${hue}-text`] }
      : { mark: palette.none, text: palette["ink-3"] };
  }
  const { level } = display;
  if (level === "bad" || level === "warn") return { mark: palette[level], text: palette[`${level}-text`] };
  return { mark: level === "ok" ? palette["ok-line"] : palette.none, text: palette["ink-3"] };
}

export function readPalette(within: HTMLElement): Palette {
  const probe = within.ownerDocument.createElement("span");
  within.append(probe);
  const palette = Object.fromEntries(
    ROLES.map((role) => {
      probe.style.color = `var(--${role})`;
      return [role, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return palette as Palette;
}

// Colours of the theme in force, as a canvas needs them. A probe element resolves each role, because a custom property alone
// still reads `light-dark(…)`.
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
] as const;
export type Role = (typeof ROLES)[number];
export type Palette = Readonly<Record<Role, string>>;

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

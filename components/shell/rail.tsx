"use client";
import { Moon, Sun } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useCarried } from "./carried";
import { GRAPH_SCREENS, HOUSE_SCREENS, type Screen } from "./screens";
import { useTheme } from "./use-theme";

const item = (active: boolean): string =>
  `relative grid size-8.5 place-items-center rounded-sm transition-colors duration-(--t-fast) hover:bg-surface-2 ${
    active
      ? "bg-surface-2 text-ink before:absolute before:-left-1.75 before:top-2 before:bottom-2 before:w-0.5 before:rounded-full before:bg-accent"
      : "text-ink-3"
  }`;

/** The screens that exist. */
export function Rail() {
  const { theme, choose } = useTheme();
  const other = theme === "dark" ? "light" : "dark";
  const label = other === "light" ? "Light theme" : "Dark theme";
  const Icon = other === "light" ? Sun : Moon;
  return (
    <nav aria-label="Screens" className="flex flex-col items-center gap-1 border-r border-line bg-surface py-2">
      {GRAPH_SCREENS.map((screen) => (
        <ScreenLink key={screen.href} {...screen} />
      ))}
      <span className="flex-1" />
      {HOUSE_SCREENS.map((screen) => (
        <ScreenLink key={screen.href} {...screen} />
      ))}
      <button type="button" className={item(false)} onClick={() => choose(other)} aria-label={label} title={label}>
        <Icon size={17} strokeWidth={1.5} aria-hidden="true" />
      </button>
    </nav>
  );
}

function ScreenLink({ href, label, icon: Icon }: Screen) {
  const path = usePathname();
  const carried = useCarried();
  return (
    <Link
      href={carried(href)}
      aria-label={label}
      title={label}
      aria-current={path === href ? "page" : undefined}
      className={item(path === href || path.startsWith(`${href}/`))}
    >
      <Icon size={17} strokeWidth={1.5} aria-hidden="true" />
    </Link>
  );
}

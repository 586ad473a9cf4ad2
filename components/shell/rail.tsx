"use client";
import { ChartGantt, Download, Moon, RefreshCw, Server, ShieldCheck, Sun, Table2, Waypoints } from "lucide-react";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useCarried } from "./carried";
import { useTheme } from "./use-theme";

const SCREENS = [
  { href: "/map", label: "Map", icon: Waypoints },
  { href: "/services", label: "Services", icon: Server },
  { href: "/dependencies", label: "Dependencies", icon: Table2 },
  { href: "/sla", label: "SLA", icon: ShieldCheck },
  { href: "/cycles", label: "Cycles", icon: RefreshCw },
  { href: "/traces", label: "Traces", icon: ChartGantt },
] as const;

const item = (active: boolean): string =>
  `relative grid size-8.5 place-items-center rounded-sm transition-colors duration-(--t-fast) hover:bg-surface-2 ${
    active
      ? "bg-surface-2 text-ink before:absolute before:-left-1.75 before:top-2 before:bottom-2 before:w-0.5 before:rounded-full before:bg-accent"
      : "text-ink-3"
  }`;

/** The screens that exist. */
export function Rail() {
  const path = usePathname();
  const carried = useCarried();
  const { theme, toggle } = useTheme();
  return (
    <nav aria-label="Screens" className="flex flex-col items-center gap-1 border-r border-line bg-surface py-2">
      {SCREENS.map(({ href, label, icon: Icon }) => (
        <Link
          key={href}
          href={carried(href)}
          aria-label={label}
          title={label}
          aria-current={path === href ? "page" : undefined}
          className={item(path === href || path.startsWith(`${href}/`))}
        >
          <Icon size={17} strokeWidth={1.5} aria-hidden="true" />
        </Link>
      ))}
      <span className="flex-1" />
      <Link
        href={carried("/sources")}
        aria-label="Sources"
        title="Sources"
        aria-current={path === "/sources" ? "page" : undefined}
        className={item(path === "/sources")}
      >
        <Download size={17} strokeWidth={1.5} aria-hidden="true" />
      </Link>
      <button
        type="button"
        className={item(false)}
        onClick={toggle}
        aria-label={theme === "dark" ? "Light theme" : "Dark theme"}
        title={theme === "dark" ? "Light theme" : "Dark theme"}
      >
        {theme === "dark" ? (
          <Sun size={17} strokeWidth={1.5} aria-hidden="true" />
        ) : (
          <Moon size={17} strokeWidth={1.5} aria-hidden="true" />
        )}
      </button>
    </nav>
  );
}

import {
  ChartGantt,
  Download,
  type LucideIcon,
  RefreshCw,
  Server,
  Settings,
  ShieldCheck,
  Table2,
  Waypoints,
} from "lucide-react";
import type { Route } from "next";

export interface Screen {
  readonly href: Route;
  readonly label: string;
  readonly icon: LucideIcon;
}

/** About the graph. */
export const GRAPH_SCREENS: readonly Screen[] = [
  { href: "/map", label: "Map", icon: Waypoints },
  { href: "/services", label: "Services", icon: Server },
  { href: "/dependencies", label: "Dependencies", icon: Table2 },
  { href: "/sla", label: "SLA", icon: ShieldCheck },
  { href: "/cycles", label: "Cycles", icon: RefreshCw },
  { href: "/traces", label: "Traces", icon: ChartGantt },
];

/** About Headwater itself. */
export const HOUSE_SCREENS: readonly Screen[] = [
  { href: "/sources", label: "Sources", icon: Download },
  { href: "/settings", label: "Settings", icon: Settings },
];

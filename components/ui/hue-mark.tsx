import type { Hue } from "@/lib/overlays/overlay";

const FILL: Record<Hue, string> = {
  health: "bg-ok",
  latency: "bg-latency",
  sla: "bg-sla",
  blast: "bg-blast",
  change: "bg-change",
  cycle: "bg-cycle",
};

/** The hue of an overlay, small, for menus and legends. */
export const HueMark = ({ hue }: { hue: Hue }) => (
  <span aria-hidden="true" className={`size-2 shrink-0 rounded-xs ${FILL[hue]}`} />
);

// The overlays, in the order of the menu.
import { blast } from "./blast";
import { change } from "./change";
import { cycles } from "./cycles";
import { health } from "./health";
import { latency } from "./latency";
import type { OverlayKind } from "./overlay";
import { sla } from "./sla";

export const OVERLAYS: readonly OverlayKind[] = [
  { id: health.id, label: health.label, hue: health.hue, make: () => health },
  latency,
  sla,
  cycles,
  change,
  blast,
];

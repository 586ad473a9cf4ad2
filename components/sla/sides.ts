import type { SlaSide } from "@/lib/overlays/sla";

/** The two views of what services may promise, as choices. */
export const SIDES: readonly { readonly value: SlaSide; readonly label: string }[] = [
  { value: "declared", label: "Declared" },
  { value: "observed", label: "Observed" },
];

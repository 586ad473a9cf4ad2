import { asText, type Quantity } from "@/lib/domain/format-number";

/** A round number on an axis: `0.5 %`, `200 ms`; zeros after the point say nothing there. */
export const axisText = ({ value, unit }: Quantity): string =>
  asText({ value: value.includes(".") ? value.replace(/\.?0+$/, "") : value, unit });

import type { Unit } from "./measurement";

/** Three significant digits, thousands apart. */
export const formatNumber = (value: number): string =>
  value >= 1000
    ? Number(value.toPrecision(3)).toLocaleString("en-US")
    : String(Number(value.toPrecision(value >= 100 ? 3 : 2 + Number(value >= 1))));

export const formatOf = (value: number, unit: Unit): string =>
  unit === "×" ? `${formatNumber(value)}×` : `${formatNumber(value)} ${unit}`;

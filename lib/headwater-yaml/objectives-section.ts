// `objectives:` of headwater.yaml: what services promise.
import { isMap, type YAMLMap } from "yaml";
import { readAvailability } from "../reliability/availability";
import { LATENCY_QUANTILES, type LatencyQuantile, type Objective, type Objectives } from "../reliability/objectives";
import { type Entry, isEmpty, type YamlFile } from "./yaml-file";

const KEYS = ["availability", "latency"];
const EXAMPLE = '{ availability: "99.9%" }';
const MS_PER_UNIT: Record<string, number> = { ms: 1, s: 1000 };

export function readObjectives(file: YamlFile, { key: section, value, at }: Entry): Objectives {
  const found = new Map<string, Objective>();
  if (isEmpty(value)) return found;
  if (!isMap(value)) {
    file.error(at, section, `must be a map from services to ${EXAMPLE}`);
    return found;
  }
  for (const entry of file.entries(value)) {
    const path = `${section}.${entry.key}`;
    if (isMap(entry.value)) found.set(entry.key, objective(file, entry.value, path, entry.at));
    else file.error(entry.at, path, `must be a map such as ${EXAMPLE}`);
  }
  return found;
}

function objective(file: YamlFile, map: YAMLMap, path: string, at: number): Objective {
  let availability: number | null = null;
  let latency: Objective["latency"] = {};
  for (const entry of file.entries(map)) {
    if (entry.key === "availability") availability = availabilityOf(file, entry, path);
    else if (entry.key === "latency") latency = latencyOf(file, entry, path);
    else file.unknown(entry.key, KEYS, path, entry.at);
  }
  return { availability, latency, line: file.lineOf(at) };
}

function availabilityOf(file: YamlFile, { key, value, at }: Entry, within: string): number | null {
  const path = `${within}.${key}`;
  const text = file.textOf(value, path, at, "99.9%");
  if (text === null) return null;
  const read = readAvailability(text);
  if (typeof read === "number") return read;
  file.error(at, path, `${read}; got "${text}"`);
  return null;
}

function latencyOf(file: YamlFile, { key, value, at }: Entry, within: string): Objective["latency"] {
  const path = `${within}.${key}`;
  const latency: Partial<Record<LatencyQuantile, number>> = {};
  if (!isMap(value)) {
    file.error(at, path, 'must be a map such as { p99: "300ms" }');
    return latency;
  }
  for (const entry of file.entries(value)) {
    const quantile = LATENCY_QUANTILES.find((name) => name === entry.key);
    if (!quantile) {
      file.unknown(entry.key, LATENCY_QUANTILES, path, entry.at);
      continue;
    }
    const text = file.textOf(entry.value, `${path}.${entry.key}`, entry.at, "300ms");
    if (text === null) continue;
    const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s)$/.exec(text.trim()) ?? [];
    const ms = Number(digits) * MS_PER_UNIT[unit ?? ""]!;
    if (ms > 0) latency[quantile] = ms;
    else file.error(entry.at, `${path}.${entry.key}`, `must be a time such as "300ms" or "1.5s"; got "${text}"`);
  }
  return latency;
}

// Reads the section `objectives:` of headwater.yaml. Whatever is wrong is said with its line, its key and what would be right;
// with one error nothing of it is in force, because half a file of promises is none.
import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import type { ConfigProblem } from "../contract/sla";
import { nearestName } from "../domain/nearest-name";
import { readAvailability } from "./availability";
import { LATENCY_QUANTILES, type LatencyQuantile, type Objective, type Objectives } from "./objectives";

export interface ReadObjectives {
  /** null: the file has errors. Empty: it declares none. */
  readonly objectives: Objectives | null;
  readonly problems: readonly ConfigProblem[];
}

const SECTION = "objectives";
const KEYS = ["availability", "latency"];
const EXAMPLE = '{ availability: "99.9%" }';
const MS_PER_UNIT: Record<string, number> = { ms: 1, s: 1000 };

/** @param file name of the file, for messages. */
export function readObjectives(text: string, file: string): ReadObjectives {
  const reader = new Reader(text, file);
  const objectives = reader.read();
  const failed = reader.problems.some(({ severity }) => severity === "error");
  return { objectives: failed ? null : objectives, problems: reader.problems };
}

class Reader {
  readonly problems: ConfigProblem[] = [];
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, stringKeys: true });
  }

  read(): Map<string, Objective> {
    const found = new Map<string, Objective>();
    const { contents, errors } = this.document;
    for (const { pos, message, code } of errors) {
      const what =
        code === "DUPLICATE_KEY" ? "the same key stands here twice" : `not valid YAML: ${firstLine(message)}`;
      this.error(pos[0], "", what);
    }
    if (errors.length > 0 || contents === null || isEmpty(contents)) return found;
    if (!isMap(contents)) {
      this.error(0, "", `must be a map with sections such as ${SECTION}:`);
      return found;
    }
    for (const [key, value, at] of this.entries(contents)) {
      if (key === SECTION) this.section(value, at, found);
      else if (nearestName(key, [SECTION]))
        this.say("notice", at, key, `there is no section "${key}"; did you mean "${SECTION}"?`);
    }
    return found;
  }

  private section(section: Node | null, at: number, found: Map<string, Objective>): void {
    if (isEmpty(section)) return;
    if (!isMap(section)) return this.error(at, SECTION, `must be a map from services to ${EXAMPLE}`);
    for (const [service, value, line] of this.entries(section)) {
      const path = `${SECTION}.${service}`;
      if (!isMap(value)) this.error(line, path, `must be a map such as ${EXAMPLE}`);
      else found.set(service, this.objective(value, path, line));
    }
  }

  private objective(map: YAMLMap, path: string, at: number): Objective {
    let availability: number | null = null;
    let latency: Objective["latency"] = {};
    for (const [key, value, line] of this.entries(map)) {
      if (key === "availability") availability = this.availability(value, `${path}.${key}`, line);
      else if (key === "latency") latency = this.latency(value, `${path}.${key}`, line);
      else this.unknown(key, KEYS, path, line);
    }
    return { availability, latency, line: this.lineOf(at) };
  }

  private availability(value: Node | null, path: string, at: number): number | null {
    const text = this.textOf(value, path, at, "99.9%");
    if (text === null) return null;
    const read = readAvailability(text);
    if (typeof read === "number") return read;
    this.error(at, path, `${read}; got "${text}"`);
    return null;
  }

  private latency(value: Node | null, path: string, at: number): Objective["latency"] {
    const latency: Partial<Record<LatencyQuantile, number>> = {};
    if (!isMap(value)) {
      this.error(at, path, 'must be a map such as { p99: "300ms" }');
      return latency;
    }
    for (const [key, inner, line] of this.entries(value)) {
      const quantile = LATENCY_QUANTILES.find((name) => name === key);
      if (!quantile) {
        this.unknown(key, LATENCY_QUANTILES, path, line);
        continue;
      }
      const text = this.textOf(inner, `${path}.${key}`, line, "300ms");
      if (text === null) continue;
      const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s)$/.exec(text.trim()) ?? [];
      const ms = Number(digits) * MS_PER_UNIT[unit ?? ""]!;
      if (ms > 0) latency[quantile] = ms;
      else this.error(line, `${path}.${key}`, `must be a time such as "300ms" or "1.5s"; got "${text}"`);
    }
    return latency;
  }

  /** Numbers are refused: 99.9 may be meant as a percentage, 1 as either. */
  private textOf(value: Node | null, path: string, at: number, example: string): string | null {
    if (isScalar(value) && typeof value.value === "string") return value.value;
    const got = isEmpty(value) ? "nothing" : isScalar(value) ? String(value.source ?? value.value) : "a map or a list";
    this.error(at, path, `must be text such as "${example}"; got ${got}`);
    return null;
  }

  private unknown(key: string, known: readonly string[], path: string, at: number): void {
    const nearest = nearestName(key, known);
    const help = nearest ? `did you mean "${nearest}"?` : `there are ${known.join(", ")}`;
    this.error(at, `${path}.${key}`, `there is no key "${key}"; ${help}`);
  }

  private *entries(map: YAMLMap): Generator<[key: string, value: Node | null, at: number]> {
    for (const { key, value } of map.items) {
      const node = key as Node;
      const resolved = isAlias(value) ? (value.resolve(this.document) ?? null) : (value as Node | null);
      yield [String(isScalar(node) ? node.value : node), resolved, node.range?.[0] ?? 0];
    }
  }

  private error(at: number, key: string, message: string): void {
    this.say("error", at, key, message);
  }

  private say(severity: ConfigProblem["severity"], at: number, key: string, message: string): void {
    this.problems.push({ severity, file: this.file, line: this.lineOf(at), key, message });
  }

  private lineOf(at: number): number {
    return Math.max(1, this.lines.linePos(at).line);
  }
}

const isEmpty = (node: Node | null): boolean => node === null || (isScalar(node) && node.value === null);

const firstLine = (message: string): string => message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, "");

/** `headwater.yaml:3: objectives.checkout: …` */
export const problemText = ({ file, line, key, message }: ConfigProblem): string =>
  [line === null ? file : `${file}:${line}`, key, message].filter(Boolean).join(": ");

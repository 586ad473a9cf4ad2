// A YAML file as its sections read it: maps and lists whose entries know where they stand, and what is wrong with them.
import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import type { ConfigProblem } from "../contract/configuration";
import { nearestName } from "../domain/nearest-name";

export interface Entry {
  readonly key: string;
  /** Anchors are resolved. */
  readonly value: Node | null;
  /** Where it stands, for messages. */
  readonly at: number;
}

export class YamlFile {
  readonly problems: ConfigProblem[] = [];
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;

  /** @param file name of the file, for messages. */
  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, stringKeys: true });
    for (const { pos, message, code } of this.document.errors) {
      const what =
        code === "DUPLICATE_KEY" ? "the same key stands here twice" : `not valid YAML: ${firstLine(message)}`;
      this.error(pos[0], "", what);
    }
  }

  get failed(): boolean {
    return this.problems.some(({ severity }) => severity === "error");
  }

  /** What stands at the top level; none in an empty file, and in one that is no map, which is said. */
  sections(): Entry[] {
    const { contents } = this.document;
    if (this.failed || contents === null || isEmpty(contents)) return [];
    if (isMap(contents)) return [...this.entries(contents)];
    this.error(0, "", "must be a map with sections such as objectives:");
    return [];
  }

  *entries(map: YAMLMap): Generator<Entry> {
    for (const { key, value } of map.items) {
      const node = key as Node;
      yield {
        key: String(isScalar(node) ? node.value : node),
        value: this.resolved(value as Node | null),
        at: node.range?.[0] ?? 0,
      };
    }
  }

  /** What an anchor's name stands for; everything else as it is. */
  resolved(value: Node | null): Node | null {
    return isAlias(value) ? (value.resolve(this.document) ?? null) : value;
  }

  /** Text as it was written. Numbers are refused: 99.9 may be meant as a percentage, 1 as either. */
  textOf(value: Node | null, path: string, at: number, example: string): string | null {
    if (isScalar(value) && typeof value.value === "string") return value.value;
    const got = isEmpty(value) ? "nothing" : isScalar(value) ? String(value.source ?? value.value) : "a map or a list";
    this.error(at, path, `must be text such as "${example}"; got ${got}`);
    return null;
  }

  unknown(key: string, known: readonly string[], path: string, at: number): void {
    const nearest = nearestName(key, known);
    const help = nearest ? `did you mean "${nearest}"?` : `there are ${known.join(", ")}`;
    this.error(at, `${path}.${key}`, `there is no key "${key}"; ${help}`);
  }

  error(at: number, key: string, message: string): void {
    this.say("error", at, key, message);
  }

  notice(at: number, key: string, message: string): void {
    this.say("notice", at, key, message);
  }

  /** From 1. */
  lineOf(at: number): number {
    return Math.max(1, this.lines.linePos(at).line);
  }

  private say(severity: ConfigProblem["severity"], at: number, key: string, message: string): void {
    this.problems.push({ severity, file: this.file, line: this.lineOf(at), key, message });
  }
}

export const isEmpty = (node: Node | null): boolean => node === null || (isScalar(node) && node.value === null);

const firstLine = (message: string): string => message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, "");

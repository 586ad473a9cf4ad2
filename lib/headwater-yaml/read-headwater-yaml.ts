// Reads what a team declares in headwater.yaml. Whatever is wrong is said with its line, its key and what would be right; with
// one error nothing of it is in force, because half a file of promises is none.
import type { ConfigProblem } from "../contract/configuration";
import { type DeclaredNames, NO_NAMES } from "../domain/declared-names";
import { nearestName } from "../domain/nearest-name";
import { NO_OBJECTIVES, type Objectives } from "../reliability/objectives";
import { readAliases } from "./aliases-section";
import { readGateways } from "./gateways-section";
import { readObjectives } from "./objectives-section";
import { type Entry, YamlFile } from "./yaml-file";

export interface Declared {
  readonly objectives: Objectives;
  readonly names: DeclaredNames;
}

export const NOTHING_DECLARED: Declared = { objectives: NO_OBJECTIVES, names: NO_NAMES };

export interface ReadHeadwaterYaml {
  /** null: the file has errors. */
  readonly declared: Declared | null;
  readonly problems: readonly ConfigProblem[];
}

/** What is read here; the others are settings of the server, read when it starts. */
export const DECLARED_SECTIONS = ["objectives", "aliases", "gateways"];
const SECTIONS = [...DECLARED_SECTIONS, "perspective", "server"];

/** @param path name of the file, for messages. */
export function readHeadwaterYaml(text: string, path: string): ReadHeadwaterYaml {
  const file = new YamlFile(text, path);
  const sections = new Map(file.sections().map((entry) => [entry.key, entry]));
  for (const { key, at } of sections.values()) {
    const nearest = SECTIONS.includes(key) ? null : meantBy(key);
    if (nearest) file.notice(at, key, `there is no section "${key}"; did you mean "${nearest}"?`);
  }
  const read = <T>(name: string, by: (file: YamlFile, section: Entry) => T, none: T): T => {
    const section = sections.get(name);
    return section ? by(file, section) : none;
  };
  const objectives = read("objectives", readObjectives, NO_OBJECTIVES);
  const aliases = read("aliases", readAliases, NO_NAMES.aliases);
  const gateways = read("gateways", (...of) => readGateways(...of, aliases), NO_NAMES.gateways);
  const names = aliases.size + gateways.size === 0 ? NO_NAMES : { aliases, gateways };
  return { declared: file.failed ? null : { objectives, names }, problems: file.problems };
}

const meantBy = (key: string): string | null =>
  nearestName(key, SECTIONS) ?? SECTIONS.find((name) => key.length > 2 && name.startsWith(key)) ?? null;

/** `headwater.yaml:3: objectives.checkout: …` */
export const problemText = ({ file, line, key, message }: ConfigProblem): string =>
  [line === null ? file : `${file}:${line}`, key, message].filter(Boolean).join(": ");

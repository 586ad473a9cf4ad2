// `aliases:` of headwater.yaml: lists of names that are counted as the name before them.
import { isMap } from "yaml";
import type { Alias, DeclaredNames } from "../domain/declared-names";
import type { NodeKind } from "../domain/node";
import { kindOfId } from "../domain/node-of-id";
import { KIND_WORDS } from "./kind-words";
import { type ListedName, readNames } from "./names-list";
import { type Entry, isEmpty, type YamlFile } from "./yaml-file";

const EXAMPLE = "legacy-checkout";

/** What may be counted as what: a host that nobody was seen behind may turn out to be a service or a database. */
const MAY_MEAN: Partial<Record<NodeKind, readonly NodeKind[]>> = {
  service: ["service"],
  database: ["database"],
  topic: ["topic"],
  external: ["external", "service", "database"],
};

export function readAliases(file: YamlFile, { key: section, value, at }: Entry): DeclaredNames["aliases"] {
  const aliases = new Map<string, Alias>();
  if (isEmpty(value)) return aliases;
  if (!isMap(value)) {
    file.error(at, section, `must be a map from names to lists of others, such as { checkout: [${EXAMPLE}] }`);
    return aliases;
  }
  const entries = [...file.entries(value)];
  for (const entry of entries)
    for (const listed of readNames(file, entry.value, `${section}.${entry.key}`, entry.at, EXAMPLE)) {
      const problem = problemOf(entry.key, listed, aliases);
      if (problem) file.error(listed.at, `${section}.${entry.key}`, problem);
      else aliases.set(listed.name, { canonical: entry.key, line: file.lineOf(listed.at) });
    }
  for (const { key, at: where } of entries) {
    const of = aliases.get(key);
    if (of)
      file.error(
        where,
        `${section}.${key}`,
        `"${key}" is an alias of "${of.canonical}" itself (line ${of.line}); list its names under "${of.canonical}"`,
      );
  }
  return aliases;
}

function problemOf(canonical: string, { name }: ListedName, known: ReadonlyMap<string, Alias>): string | null {
  if (name === canonical) return `"${name}" is the name itself; leave it out of its own list`;
  const before = known.get(name);
  if (before?.canonical === canonical) return `"${name}" stands in this list twice`;
  if (before) return `"${name}" is an alias of "${before.canonical}" already (line ${before.line}); keep one of them`;
  const kind = kindOfId(name);
  const wanted = kindOfId(canonical);
  if (MAY_MEAN[kind]?.includes(wanted)) return null;
  const fix = MAY_MEAN[wanted]?.includes(kind)
    ? `the other way round it works: "${canonical}" under "${name}"`
    : "take it out of the list";
  return `"${name}" is ${KIND_WORDS[kind]} and "${canonical}" ${KIND_WORDS[wanted]}: one cannot be counted as the other; ${fix}`;
}

// `gateways:` of headwater.yaml: services that stand between callers and services, and call everybody.
import type { DeclaredNames } from "../domain/declared-names";
import { kindOfId } from "../domain/node-of-id";
import { KIND_WORDS } from "./kind-words";
import { readNames } from "./names-list";
import type { Entry, YamlFile } from "./yaml-file";

export function readGateways(
  file: YamlFile,
  { key, value, at }: Entry,
  aliases: DeclaredNames["aliases"],
): DeclaredNames["gateways"] {
  const gateways = new Map<string, number>();
  for (const { name, at: where } of readNames(file, value, key, at, "api-gateway")) {
    const of = aliases.get(name);
    const kind = kindOfId(name);
    if (of) file.error(where, key, `"${name}" is an alias of "${of.canonical}" (line ${of.line}); name that one`);
    else if (kind !== "service")
      file.error(where, key, `"${name}" is ${KIND_WORDS[kind]}; only services can be gateways`);
    else if (gateways.has(name)) file.error(where, key, `"${name}" stands in this list twice`);
    else gateways.set(name, file.lineOf(where));
  }
  return gateways;
}

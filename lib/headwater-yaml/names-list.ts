// A list of node ids, as aliases and gateways are declared.
import { isSeq, type Node } from "yaml";
import { isEmpty, type YamlFile } from "./yaml-file";

export interface ListedName {
  readonly name: string;
  readonly at: number;
}

/**
 * @param key of the list, for messages, and `at` where that stands.
 * @returns the names that are text; whatever else stands there is said.
 */
export function readNames(file: YamlFile, value: Node | null, key: string, at: number, example: string): ListedName[] {
  if (isEmpty(value)) return [];
  if (!isSeq(value)) {
    file.error(at, key, `must be a list such as [${example}]`);
    return [];
  }
  return (value.items as (Node | null)[]).flatMap((item) => {
    const where = item?.range?.[0] ?? at;
    const name = file.textOf(file.resolved(item), key, where, example);
    if (name === "") file.error(where, key, "must not be empty");
    return name ? [{ name, at: where }] : [];
  });
}

// headwater.yaml as commands read it.
import { existsSync, readFileSync } from "node:fs";
import type { Graph } from "../lib/contract/graph";
import { plainText } from "../lib/export/names";
import { NOTHING_DECLARED, problemText, readHeadwaterYaml } from "../lib/headwater-yaml/read-headwater-yaml";
import { NO_OBJECTIVES } from "../lib/reliability/objectives";
import { configurationOf, type InForce } from "../lib/services/in-force";
import { reasonOf, say, UsageError } from "./command";

export const DEFAULT_CONFIG = "headwater.yaml";

/**
 * @param named the file that was asked for; else headwater.yaml of the working folder, which need not be there.
 * @returns null when the file has errors, which are said. @throws UsageError when the named file is not there.
 */
export function readDeclared(named: string | undefined): InForce | null {
  const path = named ?? DEFAULT_CONFIG;
  if (named === undefined && !existsSync(path)) return { path, ...NOTHING_DECLARED, problems: [] };
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`--config ${plainText(path)}: ${reasonOf(error)}`);
  }
  const { declared, problems } = readHeadwaterYaml(text, path);
  if (declared) return { path, ...declared, problems };
  for (const problem of problems) say(problemText(problem));
  return null;
}

/** Says which aliases and gateways nothing has in any of these graphs. */
export function sayStrangers(graphs: readonly Graph[], declared: InForce): void {
  const [first] = graphs;
  if (!first) return;
  const everything = { ...first, nodes: graphs.flatMap(({ nodes }) => nodes) };
  for (const problem of configurationOf(everything, { ...declared, objectives: NO_OBJECTIVES }).problems)
    say(problemText(problem));
}

// What headwater.yaml declares as far as it is in force, and what is known of it when a graph is at hand.
import type { ConfigProblem, Configuration } from "../contract/configuration";
import type { Graph } from "../contract/graph";
import { namesNothing } from "../domain/declared-names";
import { nearestName } from "../domain/nearest-name";
import type { Declared } from "../headwater-yaml/read-headwater-yaml";
import { brokerOf } from "../reliability/callees";

export interface InForce extends Declared {
  readonly path: string;
  readonly problems: readonly ConfigProblem[];
}

/** Whether a graph has anything to say about it. */
export const declaresSomething = ({ objectives, names }: InForce): boolean =>
  objectives.size > 0 || !namesNothing(names);

/** What is declared, with what is wrong with it, also in the light of a graph where one is at hand. */
export function configurationOf(graph: Graph | null, inForce: InForce): Configuration {
  const { path, objectives, names, problems } = inForce;
  return {
    path,
    objectives: objectives.size,
    aliases: names.aliases.size,
    gateways: names.gateways.size,
    problems: [...problems, ...(graph ? strangers(graph, inForce) : [])],
  };
}

/** Names that nothing on the map has: a typing error, or something that had no traffic. */
function strangers({ nodes }: Graph, { path, objectives, names: { aliases, gateways } }: InForce): ConfigProblem[] {
  const seen = new Set(nodes.flatMap(({ id, aliases: others = [] }) => [id, ...others]));
  const promised = new Set([
    ...nodes.map(({ id }) => id),
    ...nodes.flatMap((node) => (node.kind === "topic" ? [brokerOf(node)] : [])),
  ]);
  const problems: ConfigProblem[] = [];
  const notice = (key: string, line: number, message: string): void => {
    problems.push({ severity: "notice", file: path, line, key, message });
  };
  const unseen = (key: string, line: number, known: ReadonlySet<string>, id: string, named: string): void => {
    if (known.has(id)) return;
    const nearest = nearestName(id, known);
    notice(key, line, `${named} is in the window${nearest ? `; did you mean "${nearest}"?` : ""}`);
  };
  for (const [id, { line }] of objectives) {
    const alias = aliases.get(id);
    if (alias) notice(`objectives.${id}`, line, `is an alias of "${alias.canonical}": the objective belongs there`);
    else unseen(`objectives.${id}`, line, promised, id, "nothing of this name");
  }
  for (const [id, { canonical, line }] of aliases)
    unseen(`aliases.${canonical}`, line, seen, id, `nothing of the name "${id}"`);
  for (const [id, line] of gateways) unseen("gateways", line, seen, id, `nothing of the name "${id}"`);
  return problems;
}

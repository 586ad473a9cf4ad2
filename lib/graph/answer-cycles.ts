// The answer about circular dependencies: knots by who calls whom, each typed by the traces that are found for it.
import type { Cycle, Cycles } from "../contract/cycles";
import type { Graph } from "../contract/graph";
import { findCycles, type Knot } from "./find-cycles";
import { type Probe, probeEdges } from "./probe-edges";
import { byGravity, type TracesLookedAt, toSelfCall, typeCycle } from "./type-cycle";

/** @param look finds traces with calls of the knot's probe edges. */
export async function answerCycles(
  graph: Graph,
  look: (probes: readonly Probe[], knot: Knot) => Promise<TracesLookedAt>,
): Promise<Cycles> {
  const { knots, selfCalls } = findCycles(graph);
  const cycles: Cycle[] = [];
  for (const knot of knots) cycles.push(typeCycle(knot, await look(probeEdges(knot), knot)));
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  const { version, window, environment, environments, perspective } = graph;
  return {
    version,
    window,
    environment,
    environments,
    perspective,
    cycles: cycles.sort(byGravity),
    selfCalls: selfCalls.map((self) => toSelfCall(self, names)),
  };
}

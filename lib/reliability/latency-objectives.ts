// Latency objectives against what was measured: of the node's own requests, at its side; for what sends no spans itself, as its
// callers see it. Latency is no part of a ceiling: slow is not down.
import type { Graph } from "../contract/graph";
import type { LatencyObjective } from "../contract/sla";
import { ENOUGH_SAMPLES } from "../domain/enough-samples";
import { LATENCY_QUANTILES, type Objectives } from "./objectives";

/** One entry a quantile, for nodes of the graph, in its order. */
export function latencyObjectives({ nodes }: Pick<Graph, "nodes">, objectives: Objectives): LatencyObjective[] {
  return nodes.flatMap(({ id, name, latency }) => {
    const targets = objectives.get(id)?.latency ?? {};
    return LATENCY_QUANTILES.flatMap((quantile): LatencyObjective[] => {
      const targetMs = targets[quantile];
      if (targetMs === undefined) return [];
      const measuredMs = latency[`${quantile}Ms`];
      const enough = measuredMs !== null && latency.samples >= ENOUGH_SAMPLES[quantile];
      const verdict = !enough ? null : measuredMs > targetMs ? "missed" : "kept";
      return [{ id, name, quantile, targetMs, measuredMs, samples: latency.samples, verdict }];
    });
  });
}

import type { UseQueryResult } from "@tanstack/react-query";
import type { EdgeDetail, Graph, NodeDetail } from "@/lib/contract/graph";
import { coveredMinutes, minutesBegun } from "@/lib/graph/covered-minutes";
import { Rate } from "./rate";
import { Section } from "./section";

/** How often in a minute: the mean of the window, and its course. @param unit what is counted. */
export function RateSection({
  graph,
  calls,
  unit,
  detail: { data, dataUpdatedAt },
}: {
  graph: Graph;
  calls: number;
  unit: "calls" | "messages" | "requests";
  detail: UseQueryResult<EdgeDetail | NodeDetail>;
}) {
  const minutes = coveredMinutes(graph);
  if (!data) return null;
  return (
    <Section title="Rate" hint={`${unit} a minute, mean of ${minutesBegun(graph)} min`}>
      <Rate series={data.series} calls={calls} window={graph.window} covered={minutes} toldMs={dataUpdatedAt} />
    </Section>
  );
}

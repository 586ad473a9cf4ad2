// What stands under the bar of a screen about the graph: the screen once there is a graph, and before that what to do.
"use client";
import { type ReactNode, useMemo } from "react";
import { FirstRun } from "@/components/first-run/first-run";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { TellingWords } from "@/components/ui/telling-words";
import { ApiError } from "@/lib/client/api";
import { useConfiguration } from "@/lib/client/use-configuration";
import type { LiveGraph } from "@/lib/client/use-graph";
import type { Graph } from "@/lib/contract/graph";
import { tellingWords } from "@/lib/graph/short-names";
import { configurationNotices, overLimitNotices } from "./names-notices";
import { Notices } from "./notices";
import { TokenForm } from "./token-form";
import type { View } from "./use-view";

/** @param failure title of what is said when the graph does not come. @param notices the screen's own, beside the view's. @param children draws the screen, `main` included. */
export function GraphContent({
  view,
  live,
  failure,
  notices,
  configured = true,
  children,
}: {
  view: View;
  live: LiveGraph;
  failure: string;
  notices?: readonly string[] | ((graph: Graph) => readonly string[]);
  /** False where the screen says itself what is wrong with headwater.yaml. */
  configured?: boolean;
  children: (graph: Graph) => ReactNode;
}) {
  const { data: graph, error } = live.query;
  const names = graph?.nodes.map(({ name }) => name).join("\n") ?? "";
  const telling = useMemo(() => tellingWords(names.split("\n")), [names]);
  if (error instanceof ApiError && error.status === 401)
    return (
      <main>
        <TokenForm />
      </main>
    );
  if (!graph)
    return (
      <main>
        {error ? (
          <ErrorState title={failure} detail={error.message} onRetry={() => void live.query.refetch()} />
        ) : (
          <Skeleton rows={12} />
        )}
      </main>
    );
  if (graph.nodes.length === 0)
    return (
      <main className="min-w-0">
        <FirstRun onWindow={view.setWindow} />
      </main>
    );
  const all = [
    ...view.notices,
    ...overLimitNotices(graph),
    ...(typeof notices === "function" ? notices(graph) : (notices ?? [])),
    ...(error ? [`Not up to date: ${error.message}`] : []),
  ];
  return (
    <div className="flex min-h-0 min-w-0 flex-col [&>main]:flex-1">
      {configured ? <NoticesWithConfiguration view={view} notices={all} /> : <Notices notices={all} inFlow />}
      <TellingWords value={telling}>{children(graph)}</TellingWords>
    </div>
  );
}

function NoticesWithConfiguration({ view, notices }: { view: View; notices: readonly string[] }) {
  const configuration = useConfiguration(view.params);
  return <Notices notices={[...notices, ...configurationNotices(configuration.data)]} inFlow />;
}

// What stands under the bar of a screen about the graph: the screen once there is a graph, and before that what to do.
"use client";
import type { ReactNode } from "react";
import { FirstRun } from "@/components/first-run/first-run";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { ApiError } from "@/lib/client/api";
import type { LiveGraph } from "@/lib/client/use-graph";
import type { Graph } from "@/lib/contract/graph";
import { Notices } from "./notices";
import { TokenForm } from "./token-form";
import type { View } from "./use-view";

/** @param failure title of what is said when the graph does not come. @param notices the screen's own, beside the view's. @param children draws the screen, `main` included. */
export function GraphContent({
  view,
  live,
  failure,
  notices = [],
  children,
}: {
  view: View;
  live: LiveGraph;
  failure: string;
  notices?: readonly string[];
  children: (graph: Graph) => ReactNode;
}) {
  const { data: graph, error } = live.query;
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
  const all = [...view.notices, ...notices, ...(error ? [`Not up to date: ${error.message}`] : [])];
  return (
    <div className="flex min-h-0 min-w-0 flex-col [&>main]:flex-1">
      <Notices notices={all} inFlow />
      {children(graph)}
    </div>
  );
}

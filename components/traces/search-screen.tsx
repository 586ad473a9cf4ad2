// Traces found by what one of their spans is: newest first, a page at a time.
"use client";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { parseAsBoolean, parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";
import { Button, controlClass } from "@/components/ui/button";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { ApiError, findTraces, queryOf, type TraceParams } from "@/lib/client/api";
import { useGraph } from "@/lib/client/use-graph";
import type { Graph } from "@/lib/contract/graph";
import type { FoundTraces } from "@/lib/contract/trace";
import { asText, formatCount, plural } from "@/lib/domain/format-number";
import { GraphBar } from "../shell/graph-bar";
import { GraphContent } from "../shell/graph-content";
import { Shell } from "../shell/shell";
import { useView, type View } from "../shell/use-view";
import { viewLink } from "../shell/view-link";
import { readConditions } from "./conditions";
import { type Conditions, SearchForm } from "./search-form";
import { TracesTable } from "./traces-table";

const PARSERS = {
  service: parseAsString.withDefault(""),
  operation: parseAsString.withDefault(""),
  minMs: parseAsString.withDefault(""),
  maxMs: parseAsString.withDefault(""),
  error: parseAsBoolean.withDefault(false),
  attribute: parseAsString.withDefault(""),
};

export function SearchScreen() {
  const view = useView();
  const live = useGraph(view.params, view.live);
  const router = useRouter();
  const show = (id: string): void => router.push(viewLink(view.params, "/traces", { service: id }));
  return (
    <Shell title="Traces" bar={<GraphBar view={view} live={live} perspective={false} onPick={show} />}>
      <GraphContent view={view} live={live} failure="The search could not begin.">
        {(graph) => <Loaded view={view} graph={graph} />}
      </GraphContent>
    </Shell>
  );
}

function Loaded({ view, graph }: { view: View; graph: Graph }) {
  const router = useRouter();
  const [conditions, setConditions] = useQueryStates(PARSERS, { history: "push" });
  const [current, setCurrent] = useState<string | null>(null);
  const { perspective: _, ...window } = view.params;
  const { error, ...asked } = conditions;
  const params: TraceParams = {
    ...window,
    env: graph.environment,
    ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== "")),
    ...(error && { error: "true" }),
  };
  const found = useInfiniteQuery({
    queryKey: ["traces", queryOf(params)],
    queryFn: ({ pageParam, signal }) => findTraces({ ...params, ...(pageParam && { before: pageParam }) }, signal),
    initialPageParam: "",
    getNextPageParam: (page: FoundTraces) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const search = (next: Conditions): void => {
    if (queryOf(text(next)) === queryOf(text(conditions))) void found.refetch();
    else void setConditions(next);
  };
  const pages = found.data?.pages ?? [];
  const traces = pages.flatMap((page) => page.traces);
  return (
    <main className="flex min-h-0 min-w-0 flex-col">
      <SearchForm
        key={queryOf(text(conditions))}
        graph={graph}
        params={view.params}
        conditions={conditions}
        wrong={found.error instanceof ApiError ? found.error.parameter : null}
        onSearch={search}
      />
      {found.error ? (
        <div className="min-h-0 flex-1">
          <ErrorState
            title={
              found.error instanceof ApiError && found.error.status === 400
                ? "This cannot be looked for."
                : "The search failed."
            }
            detail={found.error.message}
            onRetry={() => void found.refetch()}
          />
        </div>
      ) : found.isPending ? (
        <div className="min-h-0 flex-1">
          <Skeleton rows={12} />
        </div>
      ) : traces.length === 0 ? (
        <div className="min-h-0 flex-1">
          <EmptyState title="No trace in this window has a span that meets all of this.">
            {view.live && view.last !== "24h" && (
              <Button onClick={() => view.setLast("24h")}>Look in the last 24 h</Button>
            )}
          </EmptyState>
        </div>
      ) : (
        <TracesTable
          traces={traces}
          current={current}
          onCurrent={setCurrent}
          onOpen={({ traceId }) => router.push(`/traces/${traceId}`)}
        />
      )}
      <footer className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 border-t border-line bg-surface px-4 py-1.25 text-xs text-ink-2">
        <span role="status">
          {pages.length > 0 && <Reach pages={pages} count={traces.length} byAttribute={conditions.attribute !== ""} />}
        </span>
        {found.hasNextPage && (
          <Button disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {found.isFetchingNextPage ? "Looking…" : traces.length === 0 ? "Look further" : "More"}
          </Button>
        )}
        {traces.length > 0 && (
          <Link
            href={viewLink({ ...view.params, env: graph.environment }, "/map", {
              traces: queryOf(readConditions(queryOf(params))),
            })}
            className={controlClass()}
          >
            Map these traces
          </Link>
        )}
        <span className="ml-auto text-2xs text-ink-3">
          one span has to meet every condition · ↑ ↓ row · Enter trace
        </span>
      </footer>
    </main>
  );
}

const text = ({ error, ...rest }: Conditions): Record<string, string> => ({ ...rest, error: String(error) });

/** How much was found, and how far it looked. */
function Reach({ pages, count, byAttribute }: { pages: readonly FoundTraces[]; count: number; byAttribute: boolean }) {
  const last = pages.at(-1)!;
  // Attributes are read from where the page before stopped; columns are compared over the whole window each time.
  const looked = byAttribute ? pages.reduce((sum, { searched }) => sum + searched.spans, 0) : last.searched.spans;
  return (
    <>
      {plural(count, "trace")}
      {last.more ? " so far" : ""}, newest first
      <span className="text-ink-3">
        {" "}
        · looked at {asText(formatCount(looked))} {looked === 1 ? "span" : "spans"}
        {last.searched.complete ? "" : "; time was up before the window's end"}
      </span>
    </>
  );
}

// The graph of a window, live: asked once, then kept up to date by the server's stream, or by asking again every five seconds
// where the stream does not come through.
"use client";
import { type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Graph, GraphDelta } from "../contract/graph";
import { type GraphParams, getGraph, queryOf } from "./api";
import { belowBase } from "./below-base";
import { applyDelta } from "./graph-delta";

const POLL_MS = 5_000;

/** `asked`: no answer yet. `lost`: neither the stream nor a question gets through. */
export type Liveness = "asked" | "live" | "polling" | "lost" | "paused";

export interface LiveGraph {
  readonly query: UseQueryResult<Graph>;
  readonly liveness: Liveness;
}

/** @param live false for a window in the past, which does not change by itself. */
export function useGraph(params: GraphParams, live: boolean): LiveGraph {
  const client = useQueryClient();
  const [streaming, setStreaming] = useState(true);
  const key = queryOf(params);
  const query = useQuery({
    queryKey: ["graph", key],
    queryFn: ({ signal }) => getGraph(params, signal),
    refetchInterval: live && !streaming ? POLL_MS : false,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (previous) => previous,
  });
  useEffect(() => {
    if (!live) return;
    let source: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    const set = (next: (graph: Graph | undefined) => Graph | undefined): void => {
      setStreaming(true);
      client.setQueryData<Graph>(["graph", key], next);
    };
    const open = (): void => {
      source = new EventSource(belowBase(`/api/v1/graph/stream?${key}`));
      source.addEventListener("graph", (event) => {
        const graph = Graph.parse(JSON.parse((event as MessageEvent<string>).data));
        set(() => graph);
      });
      source.addEventListener("delta", (event) => {
        const delta = GraphDelta.parse(JSON.parse((event as MessageEvent<string>).data));
        set((graph) => graph && applyDelta(graph, delta));
      });
      source.addEventListener("trouble", () => setStreaming(false)); // a question says what it is
      source.onerror = () => {
        // Polling fills in while the browser tries again; where it has given up, we do.
        setStreaming(false);
        if (source.readyState === EventSource.CLOSED) again = setTimeout(open, POLL_MS);
      };
    };
    open();
    return () => {
      clearTimeout(again);
      source.close();
    };
  }, [client, key, live]);
  return { query, liveness: live ? livenessOf(query, streaming) : "paused" };
}

function livenessOf({ isError, data }: UseQueryResult<Graph>, streaming: boolean): Liveness {
  if (isError) return "lost";
  if (data === undefined) return "asked";
  return streaming ? "live" : "polling";
}

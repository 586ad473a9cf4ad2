"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DemoRequest, DemoState } from "../contract/demo";
import { getDemo, setDemo } from "./api";

const KEY = ["demo"];

export interface Demo {
  /** Undefined until it is known. */
  readonly state: DemoState | undefined;
  readonly pending: boolean;
  /** Why the last change was not made; null when it was. */
  readonly error: Error | null;
  change(request: DemoRequest): void;
  /** Switches one fault and leaves the others as they are. */
  setFault(id: string, on: boolean): void;
}

/** The demo of the server, shared by everything that shows it. @param refreshMs false asks once. */
export function useDemo(refreshMs: number | false): Demo {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: getDemo,
    refetchInterval: refreshMs,
  });
  const mutation = useMutation({
    mutationFn: async (request: DemoRequest) => {
      await client.cancelQueries({ queryKey: KEY }); // an answer from before must not undo this one
      return await setDemo(request);
    },
    onSuccess: (state) => client.setQueryData(KEY, state),
  });
  return {
    state: query.data,
    pending: mutation.isPending,
    error: mutation.error,
    change: mutation.mutate,
    setFault: (id, on) => {
      const others = (query.data?.faults ?? []).filter((fault) => fault.on && fault.id !== id).map((fault) => fault.id);
      mutation.mutate({ running: true, faults: on ? [...others, id] : others });
    },
  };
}

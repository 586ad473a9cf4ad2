// What a trace is looked for by. One of its spans has to meet all of it.
"use client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { controlClass } from "@/components/ui/button";
import { type GraphParams, getNode, queryOf } from "@/lib/client/api";
import type { Graph } from "@/lib/contract/graph";

export interface Conditions {
  readonly service: string;
  readonly operation: string;
  readonly minMs: string;
  readonly maxMs: string;
  readonly error: boolean;
  readonly attribute: string;
}

export const NO_CONDITIONS: Conditions = {
  service: "",
  operation: "",
  minMs: "",
  maxMs: "",
  error: false,
  attribute: "",
};

const FIELD =
  "h-7 min-w-0 rounded-sm border border-line-strong bg-surface px-2 font-mono text-xs text-ink placeholder:text-ink-3 aria-invalid:border-bad";

/** @param wrong the parameter that the server did not understand. */
export function SearchForm({
  graph,
  params,
  conditions,
  wrong,
  onSearch,
}: {
  graph: Graph;
  params: GraphParams;
  conditions: Conditions;
  wrong: string | null;
  onSearch: (conditions: Conditions) => void;
}) {
  const [draft, setDraft] = useState(conditions);
  const [services, operations] = [useId(), useId()];
  const known = graph.nodes.some(({ id }) => id === draft.service);
  const detail = useQuery({
    queryKey: ["node", queryOf(params), draft.service],
    queryFn: () => getNode({ ...params, env: graph.environment }, draft.service),
    enabled: known,
  });
  const set = (change: Partial<Conditions>): void => setDraft({ ...draft, ...change });
  return (
    <search>
      <form
        className="flex shrink-0 flex-wrap items-end gap-x-3 gap-y-2 border-b border-line bg-surface px-4 py-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(draft);
        }}
      >
        <Labelled text="Service">
          <input
            className={`${FIELD} w-48`}
            list={services}
            value={draft.service}
            placeholder="any"
            aria-invalid={wrong === "service"}
            onChange={(event) => set({ service: event.target.value })}
          />
          <datalist id={services}>
            {graph.nodes.map(({ id }) => (
              <option key={id} value={id} />
            ))}
          </datalist>
        </Labelled>
        <Labelled text="Operation">
          <input
            className={`${FIELD} w-48`}
            list={operations}
            value={draft.operation}
            placeholder="any"
            aria-invalid={wrong === "operation"}
            onChange={(event) => set({ operation: event.target.value })}
          />
          <datalist id={operations}>
            {detail.data?.operations.map(({ name }) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </Labelled>
        <Labelled text="Took at least, ms">
          <input
            className={`${FIELD} w-24 text-right`}
            inputMode="decimal"
            value={draft.minMs}
            placeholder="0"
            aria-invalid={wrong === "minMs"}
            onChange={(event) => set({ minMs: event.target.value.trim() })}
          />
        </Labelled>
        <Labelled text="At most, ms">
          <input
            className={`${FIELD} w-24 text-right`}
            inputMode="decimal"
            value={draft.maxMs}
            placeholder="any"
            aria-invalid={wrong === "maxMs"}
            onChange={(event) => set({ maxMs: event.target.value.trim() })}
          />
        </Labelled>
        <Labelled text="Attribute">
          <input
            className={`${FIELD} w-60`}
            value={draft.attribute}
            placeholder="http.route=/pay"
            aria-invalid={wrong === "attribute"}
            onChange={(event) => set({ attribute: event.target.value })}
          />
        </Labelled>
        <label className="flex h-7 items-center gap-1.5 text-xs">
          <input type="checkbox" checked={draft.error} onChange={(event) => set({ error: event.target.checked })} />
          Failed only
        </label>
        <button type="submit" className={controlClass("primary")}>
          Search
        </button>
        <button
          type="button"
          className={controlClass("quiet")}
          onClick={() => {
            setDraft(NO_CONDITIONS);
            onSearch(NO_CONDITIONS);
          }}
        >
          Clear
        </button>
      </form>
    </search>
  );
}

function Labelled({ text, children }: { text: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
    <label className="grid gap-0.5 text-2xs text-ink-3">
      {text}
      {children}
    </label>
  );
}

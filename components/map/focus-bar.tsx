"use client";
import { Minus, Plus, X } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import type { Graph } from "@/lib/contract/graph";
import type { Focus } from "@/lib/graph/neighbourhood";

/** Which part of the map is shown, how far it reaches each way, and the way back to the whole. */
export function FocusBar({
  graph,
  focus,
  hidden,
  onChange,
}: {
  graph: Graph;
  focus: Focus;
  hidden: number;
  onChange: (focus: Focus | null) => void;
}) {
  const name = graph.nodes.find(({ id }) => id === focus.node)?.name ?? focus.node;
  return (
    <section
      aria-label="Focus"
      className="flex items-center gap-3 rounded-sm border border-line bg-surface py-0.5 pl-3 pr-1 text-xs"
    >
      <span>
        Focus <b className="font-semibold">{name}</b>
      </span>
      <Steps label="Callers" steps={focus.callers} onChange={(callers) => onChange({ ...focus, callers })} />
      <Steps label="Callees" steps={focus.callees} onChange={(callees) => onChange({ ...focus, callees })} />
      <span className="text-ink-3">{hidden === 0 ? "nothing hidden" : `+${hidden} hidden`}</span>
      <Button variant="quiet" onClick={() => onChange(null)}>
        <X size={13} strokeWidth={1.6} aria-hidden="true" />
        Whole map
      </Button>
    </section>
  );
}

function Steps({ label, steps, onChange }: { label: string; steps: number; onChange: (steps: number) => void }) {
  return (
    <span className="flex items-center gap-0.5">
      <span className="text-ink-2">{label}</span>
      <IconButton label={`${label}: one step less`} disabled={steps === 0} onClick={() => onChange(steps - 1)}>
        <Minus size={13} strokeWidth={1.6} aria-hidden="true" />
      </IconButton>
      <span className="min-w-3 text-center" aria-live="polite">
        {steps}
      </span>
      <IconButton label={`${label}: one step more`} onClick={() => onChange(steps + 1)}>
        <Plus size={13} strokeWidth={1.6} aria-hidden="true" />
      </IconButton>
    </span>
  );
}

import type { Cycle } from "@/lib/contract/cycles";

/** The type of a cycle. */
export const CycleChip = ({ cycle }: { cycle: Pick<Cycle, "words"> }) => (
  <span className="inline-flex h-5 items-center whitespace-nowrap rounded-xs bg-cycle-soft px-1.75 text-2xs font-medium text-cycle-text">
    {cycle.words.title}
  </span>
);

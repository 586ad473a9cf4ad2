import { ChevronDown, ChevronRight } from "lucide-react";

/** Opens and closes a line of a tree by mouse; the tree does so by keys. @param open null for a line that nothing is under. */
export function FoldButton({ open, onToggle }: { open: boolean | null; onToggle: () => void }) {
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden="true"
      className="grid size-5 shrink-0 place-items-center text-ink-3"
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      {open !== null && <Icon size={14} strokeWidth={1.6} />}
    </button>
  );
}

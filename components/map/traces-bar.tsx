import { X } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import type { GraphParams, MappedParams } from "@/lib/client/api";
import type { TracesGraph } from "@/lib/contract/trace";
import { plural } from "@/lib/domain/format-number";
import { viewLink } from "../shell/view-link";
import { conditionWords } from "../traces/conditions";

/** Says that the map is of some traces only, of which, and the way back to the whole. */
export function TracesBar({
  found: { traces, more, searched },
  conditions,
  params,
  onAll,
}: {
  found: TracesGraph;
  conditions: MappedParams;
  params: GraphParams;
  onAll: () => void;
}) {
  const { trace } = conditions;
  const words = conditionWords(conditions);
  const link = Object.fromEntries(Object.entries(conditions).filter(([, value]) => typeof value === "string"));
  return (
    <section
      aria-label="Traces on the map"
      className="flex max-w-full items-center gap-3 rounded-sm border border-line bg-surface py-0.5 pl-3 pr-1 text-xs"
    >
      <span role="status" className="min-w-0 truncate">
        {trace ? (
          <>
            Graph of <b className="font-semibold">one trace</b>, <code>{trace}</code>
          </>
        ) : (
          <>
            Graph of {more ? "the newest " : ""}
            <b className="font-semibold">{plural(traces, "trace")}</b>
            {words === "" ? "" : ` found by ${words}`}
          </>
        )}
        {more && <span className="text-ink-3">; there are more</span>}
        {!searched.complete && <span className="text-ink-3">; time was up before the window's end</span>}
      </span>
      <Link
        href={trace ? `/traces/${trace}` : viewLink(params, "/traces", link)}
        className="whitespace-nowrap text-accent hover:underline"
      >
        {trace ? "Open it" : "List them"}
      </Link>
      <Button variant="quiet" onClick={onAll}>
        <X size={13} strokeWidth={1.6} aria-hidden="true" />
        Back to all
      </Button>
    </section>
  );
}

import type { Graph } from "@/lib/contract/graph";
import { asText, formatCount, formatShare, plural } from "@/lib/domain/format-number";
import { blastRadius } from "@/lib/graph/blast-radius";
import { BLAST_ASSUMPTION } from "@/lib/overlays/blast";
import { Facts, Section } from "./section";

const SHOWN = 6;

/** What happens to the rest when this node fails. */
export function BlastSection({ graph, node }: { graph: Graph; node: string }) {
  const radius = blastRadius(graph, node);
  if (!radius) return null;
  const nameOf = (id: string): string => graph.nodes.find((candidate) => candidate.id === id)?.name ?? id;
  const names = (ids: readonly string[]): string =>
    ids.length === 0
      ? "nobody"
      : `${ids.slice(0, SHOWN).map(nameOf).join(", ")}${ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : ""}`;
  return (
    <Section title="Blast radius" hint="if it fails">
      <p className="mb-1.5 text-xs">
        {radius.entryShare === null ? (
          "Nothing comes in from outside in this window."
        ) : (
          <>
            At most <b className="font-semibold text-blast-text">{asText(formatShare(radius.entryShare, 1))}</b> of the
            calls from outside reach {nameOf(node)} and fail with it.
          </>
        )}
      </p>
      <Facts
        rows={[
          { name: `Directly, ${radius.direct.length}`, value: names(radius.direct) },
          { name: `Through others, ${radius.indirect.length}`, value: names(radius.indirect) },
          ...radius.entries.slice(0, SHOWN).map((entry) => ({
            name: `${nameOf(entry.caller)} → ${nameOf(entry.callee)}`,
            value: `${asText(formatShare(entry.share, 1))} of ${asText(formatCount(entry.calls))} calls`,
            quiet: true,
          })),
        ]}
      />
      {radius.entries.length > SHOWN && (
        <p className="mt-1 text-2xs text-ink-3">
          and {plural(radius.entries.length - SHOWN, "more entry", "more entries")}
        </p>
      )}
      <p className="mt-1.5 text-2xs text-ink-3">Assumes {BLAST_ASSUMPTION}.</p>
    </Section>
  );
}

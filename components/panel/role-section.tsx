"use client";
import type { GraphParams } from "@/lib/client/api";
import { useSla } from "@/lib/client/use-sla";
import type { Graph, GraphNode } from "@/lib/contract/graph";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { standingOf } from "@/lib/graph/standing";
import { type AdviceSide, adviceOf } from "./role-advice";
import { Section } from "./section";

const NO_CHANGES: readonly string[] = [];

/** What the role of a service asks of its team; nothing for what has none, and for one that stands alone. */
export function RoleSection({
  graph,
  node,
  params,
  live,
  wide = false,
}: {
  graph: Graph;
  node: GraphNode;
  params: GraphParams;
  live: boolean;
  /** Sides stand beside each other. */
  wide?: boolean;
}) {
  const standing = standingOf(graph, node.id);
  const answer = useSla({ ...params, env: graph.environment }, NO_CHANGES, standing !== null, live);
  if (!standing) return null;
  const sides = adviceOf({
    node,
    standing,
    perspective: graph.perspective,
    sla: answer.data?.services.find(({ id }) => id === node.id) ?? null,
    minutes: coveredMinutes(graph),
  });
  if (sides.length === 0) return null;
  return (
    <Section title="What its role asks for">
      <div className={wide ? "grid grid-cols-2 gap-6 max-[1100px]:grid-cols-1" : "grid gap-3"}>
        {sides.map((side) => (
          <Side key={side.id} side={side} />
        ))}
      </div>
    </Section>
  );
}

function Side({ side: { stands, rows } }: { side: AdviceSide }) {
  const heading = stands.map(({ word, of }) => `${word} ${of}`.trim()).join(", ");
  return (
    <section aria-label={heading} className="min-w-0">
      <h4 className="mb-1 text-xs">
        {stands.map(({ word, of }, at) => (
          <span key={of}>
            {at > 0 && ", "}
            {word && <b className="font-semibold">{at === 0 ? capital(word) : word}</b>} {of}
          </span>
        ))}
      </h4>
      <dl className="grid grid-cols-[72px_1fr] gap-x-3 gap-y-1 text-xs">
        {rows.map(({ title, text }) => (
          <div key={title} className="contents">
            <dt className="text-ink-3">{title}</dt>
            <dd className="min-w-0 break-words">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

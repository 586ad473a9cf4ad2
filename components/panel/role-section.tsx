"use client";
import type { GraphParams } from "@/lib/client/api";
import { useSla } from "@/lib/client/use-sla";
import type { Graph, GraphNode } from "@/lib/contract/graph";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { standingOf } from "@/lib/graph/standing";
import { type Advice, type AdviceSide, adviceOf } from "./role-advice";
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
  const advice = adviceOf({
    node,
    standing,
    perspective: graph.perspective,
    sla: answer.data?.services.find(({ id }) => id === node.id) ?? null,
    minutes: coveredMinutes(graph),
  });
  if (advice.sides.length === 0) return null;
  return (
    <Section title="What its role asks for">{wide ? <Beside advice={advice} /> : <Below advice={advice} />}</Section>
  );
}

/** Sides as columns, so that one reads across. */
function Beside({ advice: { sides, rows } }: { advice: Advice }) {
  return (
    <table className="w-full table-fixed border-collapse text-xs">
      <thead>
        <tr>
          <th scope="col" className="w-28">
            <span className="sr-only">Aspect</span>
          </th>
          {sides.map((side) => (
            <th key={side.id} scope="col" className="pb-1.5 pr-6 text-left align-top font-normal">
              <Stands side={side} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ title, texts }) => (
          <tr key={title} className="border-t border-line align-top">
            <th scope="row" className="py-1 text-left font-normal text-ink-3">
              {title}
            </th>
            {sides.map(({ id }, at) => (
              <td key={id} className="wrap-anywhere py-1 pr-6">
                {texts[at] ?? <span className="text-ink-3">–</span>}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One side after the other. */
function Below({ advice: { sides, rows } }: { advice: Advice }) {
  return (
    <div className="grid gap-3">
      {sides.map((side, at) => (
        <div key={side.id} className="min-w-0">
          <Stands side={side} />
          <dl className="mt-1 grid grid-cols-[72px_1fr] gap-x-3 gap-y-1 text-xs">
            {rows.map(({ title, texts }) =>
              texts[at] ? (
                <div key={title} className="contents">
                  <dt className="text-ink-3">{title}</dt>
                  <dd className="wrap-anywhere min-w-0">{texts[at]}</dd>
                </div>
              ) : null,
            )}
          </dl>
        </div>
      ))}
    </div>
  );
}

/** `Upstream of 2 that call it, upstream of 1 that consumes its messages`. */
function Stands({ side: { stands } }: { side: AdviceSide }) {
  return (
    <h4 className="text-xs">
      {stands.map(({ word, of }, at) => (
        <span key={of}>
          {at > 0 && ", "}
          {word && <b className="font-semibold">{at === 0 ? capital(word) : word}</b>} {of}
        </span>
      ))}
    </h4>
  );
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

// The neighbours on one side of a node, with their numbers; each leads to its own page and to its place on the map.
"use client";
import Link from "next/link";
import { Clipped } from "@/components/ui/clipped";
import { Quantity } from "@/components/ui/quantity";
import { levelText, Sign } from "@/components/ui/sign";
import { formatMs, formatRate, formatShare, NOTHING } from "@/lib/domain/format-number";
import { healthLevel } from "@/lib/overlays/health";
import type { MapArc } from "../map/map-model";
import { countedRelations, type Relation, type RelationGroup } from "../map/relations";
import type { View } from "../shell/use-view";
import { viewLink } from "../shell/view-link";
import { servicePath } from "./service-path";

const HEADINGS: Record<RelationGroup["id"], string> = {
  calls: "Calls",
  consumes: "Consumes from",
  "called-by": "Called by",
  publishes: "Publishes to",
  "published-by": "Published to by",
  "consumed-by": "Consumed by",
};

/** A message that several consume is as many deliveries. */
const MESSAGES: readonly RelationGroup["id"][] = ["consumes", "publishes", "published-by", "consumed-by"];

export function RelationList({ group, minutes, view }: { group: RelationGroup; minutes: number; view: View }) {
  return (
    <table className="w-full table-fixed border-collapse text-xs">
      <thead>
        <tr className="text-2xs text-ink-3 [&>th]:py-1 [&>th]:pl-2 [&>th]:text-right [&>th]:font-normal">
          <th scope="col" className="w-[44%] pl-0! text-left!">
            {HEADINGS[group.id]} {countedRelations(group.relations)}
          </th>
          <th scope="col">{MESSAGES.includes(group.id) ? "Deliveries" : "Rate"}</th>
          <th scope="col">Errors</th>
          <th scope="col">p99</th>
          <th scope="col" className="w-12">
            <span className="sr-only">Map</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {group.relations.map((relation) => (
          <Row key={relation.arc.id} relation={relation} minutes={minutes} view={view} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ relation: { arc, other }, minutes, view }: { relation: Relation; minutes: number; view: View }) {
  const calls = sum(arc, "calls");
  const errors = sum(arc, "errors");
  const [edge] = arc.edges;
  // A hop into a topic carries messages; whether they fail is their consumers' matter.
  const judged = arc.edges.some(({ via }) => via !== arc.to);
  const latency =
    arc.edges.length === 1 && edge && judged ? (edge.latency.server.p99Ms ?? edge.latency.client.p99Ms) : null;
  return (
    <tr className="border-t border-line [&>td]:py-1 [&>td]:pl-2 [&>td]:text-right">
      <th scope="row" className="truncate py-1 text-left font-normal">
        <span className="flex min-w-0 items-center gap-1.5">
          <Sign level={arc.display.level} absence={arc.display.absence} />
          <Link
            href={viewLink(view.params, servicePath(other.id))}
            className="min-w-0 hover:underline"
            aria-label={other.node.name}
          >
            <Clipped text={other.node.name} />
          </Link>
          {arc.inferred && <span className="shrink-0 text-2xs text-ink-3">inferred</span>}
        </span>
      </th>
      <td>
        {calls === 0 ? (
          <span className="text-ink-3">{arc.display.text || "no calls"}</span>
        ) : (
          <Quantity of={formatRate(calls, minutes)} />
        )}
      </td>
      <td className={judged ? levelText(healthLevel(errors, calls)) : ""}>
        <Quantity of={judged ? formatShare(errors, calls) : NOTHING} />
      </td>
      <td>
        <Quantity of={formatMs(latency)} />
      </td>
      <td>
        {edge && arc.edges.length === 1 && (
          <Link
            href={viewLink(view.params, "/map", { sel: `edge:${edge.id}` })}
            className="text-accent hover:underline"
            aria-label={`${other.node.name} on the map`}
          >
            Map
          </Link>
        )}
      </td>
    </tr>
  );
}

const sum = (arc: MapArc, key: "calls" | "errors"): number => arc.edges.reduce((total, edge) => total + edge[key], 0);

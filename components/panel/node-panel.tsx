// Everything that is known about one node in the window, and its neighbours.
"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { counted } from "@/components/ui/counted";
import { DisplaySign, levelText, levelWord, Sign } from "@/components/ui/sign";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { type GraphParams, getNode, queryOf } from "@/lib/client/api";
import type { Graph, GraphNode } from "@/lib/contract/graph";
import { asText, formatCount, plural } from "@/lib/domain/format-number";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { health } from "@/lib/overlays/health";
import type { MapArc, MapModel } from "../map/map-model";
import { countedRelations, relationsOf } from "../map/relations";
import { servicePath } from "../services/service-path";
import { viewLink } from "../shell/view-link";
import { NODE_KIND_WORDS, ROLE_WORDS } from "../words";
import { AlsoSeenAs } from "./also-seen-as";
import { BlastSection } from "./blast-section";
import { Errors } from "./errors";
import { ExampleTraces } from "./example-traces";
import { LatencyTable } from "./latency";
import { Operations } from "./operations";
import { RateSection } from "./rate-section";
import { RoleSection } from "./role-section";
import { Facts, Panel, Section } from "./section";
import { TraceLinks } from "./trace-links";

const REFRESH_MS = 5_000;

interface Props {
  readonly graph: Graph;
  readonly model: MapModel;
  readonly node: GraphNode;
  readonly params: GraphParams;
  readonly live: boolean;
  onClose(): void;
  onArc(arc: MapArc): void;
  /** Also says who fails with it. */
  readonly blast?: boolean;
  /** False where the graph is of some traces only: what the window counts has no place beside it. */
  readonly whole?: boolean;
  onFocus(): void;
}

export function NodePanel({
  graph,
  model,
  node,
  params,
  live,
  onClose,
  onArc,
  blast = false,
  whole = true,
  onFocus,
}: Props) {
  const detail = useQuery({
    queryKey: ["node", queryOf(params), node.id],
    queryFn: () => getNode({ ...params, env: graph.environment }, node.id),
    refetchInterval: live ? REFRESH_MS : false,
    enabled: whole,
  });
  const minutes = coveredMinutes(graph);
  const display = health.node(node, minutes);
  const versions = detail.data?.versions ?? [];
  const measured = node.calls > 0;
  return (
    <Panel
      label={node.name}
      kind={[NODE_KIND_WORDS[node.kind], node.system, versions.length > 0 && `version ${versions.join(", ")}`]
        .filter(Boolean)
        .join(" · ")}
      title={node.name}
      onClose={onClose}
      header={
        <>
          {node.id !== node.name && <p className="mt-0.5 break-all font-mono text-2xs text-ink-3">{node.id}</p>}
          <AlsoSeenAs node={node} />
          <p className="mt-2 flex flex-wrap gap-1.5">
            {display.text !== "" && (
              <Chip tone={display.level === "none" ? "neutral" : display.level}>
                <Sign level={display.level} absence={display.absence} />
                {display.absence || display.level === "none"
                  ? display.text
                  : `${levelWord(display.level)} ${display.text}`}
              </Chip>
            )}
            {measured && <Chip>{counted(node.calls, node.kind === "topic" ? "deliveries" : "requests")}</Chip>}
            {node.role && <Chip>{ROLE_WORDS[node.role]}</Chip>}
          </p>
          <p className="mt-2 flex items-center gap-4">
            <Button onClick={onFocus}>Focus the map on it</Button>
            <Link
              href={viewLink({ ...params, env: graph.environment }, servicePath(node.id))}
              className="text-xs text-accent hover:underline"
            >
              Open its page
            </Link>
          </p>
        </>
      }
    >
      {blast && <BlastSection graph={graph} node={node.id} />}
      {relationsOf(model, node.id).map((group) => (
        <Section
          key={group.id}
          title={group.word}
          hint={`${node.name} ${group.verb} ${countedRelations(group.relations)}`}
        >
          <ul>
            {group.relations.map(({ arc, other }) => (
              <li key={arc.id}>
                <button
                  type="button"
                  onClick={() => onArc(arc)}
                  className="-mx-1.5 flex w-[calc(100%+12px)] items-center gap-2 rounded-sm px-1.5 py-1 text-left text-xs hover:bg-surface-2"
                >
                  <DisplaySign display={arc.display} hue={model.hue} />
                  <span className="truncate">{other.node.name}</span>
                  {arc.inferred && <span className="text-2xs text-ink-3">inferred</span>}
                  <span className={`ml-auto shrink-0 ${levelText(arc.display.level)}`}>{arc.display.text}</span>
                </button>
              </li>
            ))}
          </ul>
        </Section>
      ))}
      {detail.isError && (
        <ErrorState
          title="The details did not come."
          detail={detail.error.message}
          onRetry={() => void detail.refetch()}
        />
      )}
      {measured && (
        <>
          <Section title="Latency" hint="of its requests">
            <LatencyTable rows={[{ name: node.name, short: "server", quantiles: node.latency }]} />
          </Section>
          <Errors
            by={node.errorsBy}
            errors={node.errors}
            calls={node.calls}
            callee={node.name}
            unit={node.kind === "topic" ? "deliveries" : "requests"}
          />
        </>
      )}
      {whole && detail.isPending ? (
        <Skeleton rows={6} />
      ) : detail.data ? (
        <>
          {measured && <RateSection graph={graph} calls={node.calls} unit="requests" detail={detail} />}
          {detail.data.operations.length > 0 && (
            <Section title="Operations">
              <Operations operations={detail.data.operations} minutes={minutes} />
            </Section>
          )}
          <Section
            title="Traces"
            end={
              <TraceLinks params={{ ...params, env: graph.environment }} service={node.id} failed={node.errors > 0} />
            }
          >
            <ExampleTraces exemplars={detail.data.exemplars} />
          </Section>
        </>
      ) : null}
      {whole && <RoleSection graph={graph} node={node} params={params} live={live} />}
      <Section title="Seen">
        <Facts
          rows={[
            { name: "Spans", value: asText(formatCount(node.spans)) },
            ...(node.publishes > 0 ? [{ name: "Messages handed in", value: asText(formatCount(node.publishes)) }] : []),
            ...(node.orphans > 0 ? [{ name: "Parent never seen", value: plural(node.orphans, "span") }] : []),
            ...(node.unpairedClients > 0
              ? [{ name: "Calls to an unknown side", value: plural(node.unpairedClients, "span") }]
              : []),
            { name: "First seen", value: at(node.firstSeen) },
            { name: "Last seen", value: at(node.lastSeen) },
          ]}
        />
      </Section>
    </Panel>
  );
}

const at = (iso: string | null): string => (iso ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : "–");

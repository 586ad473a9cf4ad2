// Everything about one node: how it does, on whom it depends, who depends on it, what it does, and traces of it.
"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import { Button, controlClass } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { type Counted, counted } from "@/components/ui/counted";
import { levelWord, Sign } from "@/components/ui/sign";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { getNode, queryOf } from "@/lib/client/api";
import { useGraph } from "@/lib/client/use-graph";
import { useSla } from "@/lib/client/use-sla";
import type { Graph, GraphNode } from "@/lib/contract/graph";
import { asText, formatCount, plural } from "@/lib/domain/format-number";
import { SENDING_KINDS } from "@/lib/domain/node";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { nodeMeant } from "@/lib/graph/node-meant";
import { standingOf } from "@/lib/graph/standing";
import { health } from "@/lib/overlays/health";
import { mapModel } from "../map/map-model";
import { type RelationGroup, relationsOf } from "../map/relations";
import { AlsoSeenAs } from "../panel/also-seen-as";
import { ExampleTraces } from "../panel/example-traces";
import { RoleSection } from "../panel/role-section";
import { Facts, Section } from "../panel/section";
import { GraphBar } from "../shell/graph-bar";
import { GraphContent } from "../shell/graph-content";
import { aliasNotices } from "../shell/names-notices";
import { Shell } from "../shell/shell";
import { useView, type View } from "../shell/use-view";
import { viewLink } from "../shell/view-link";
import { NODE_KIND_WORDS } from "../words";
import { OperationsTable } from "./operations-table";
import { RedCharts } from "./red-charts";
import { RelationList } from "./relation-list";
import { RoleSentence } from "./role-sentence";
import { servicePath } from "./service-path";
import { Versions } from "./versions";

const REFRESH_MS = 5_000;

export function ServiceScreen({ id }: { id: string }) {
  const view = useView();
  const live = useGraph(view.params, view.live);
  const router = useRouter();
  const open = (other: string): void => router.push(viewLink(view.params, servicePath(other)));
  return (
    <Shell title="Service" bar={<GraphBar view={view} live={live} onPick={open} />}>
      <GraphContent
        view={view}
        live={live}
        failure="The service did not come."
        notices={(graph) => aliasNotices(id, nodeMeant(graph, id))}
      >
        {(graph) => {
          const node = nodeMeant(graph, id);
          return node ? <Loaded view={view} graph={graph} node={node} /> : <Unknown view={view} id={id} />;
        }}
      </GraphContent>
    </Shell>
  );
}

function Unknown({ view, id }: { view: View; id: string }) {
  return (
    <main className="min-w-0">
      <EmptyState title={`Nothing is known of ${id} in this window and environment.`}>
        <span className="mt-2 flex gap-2">
          {view.last !== "7d" && <Button onClick={() => view.setLast("7d")}>Look in the last 7 d</Button>}
          <Link href={viewLink(view.params, "/services", { kind: "all" })} className={controlClass()}>
            All services
          </Link>
        </span>
      </EmptyState>
    </main>
  );
}

const NO_CHANGES: readonly string[] = [];

function Loaded({ view, graph, node }: { view: View; graph: Graph; node: GraphNode }) {
  const detail = useQuery({
    queryKey: ["node", queryOf(view.params), node.id],
    queryFn: () => getNode({ ...view.params, env: graph.environment }, node.id),
    refetchInterval: view.live ? REFRESH_MS : false,
    placeholderData: (previous) => (previous?.node.id === node.id ? previous : undefined),
  });
  const model = useMemo(() => mapModel(graph, health), [graph]);
  const groups = useMemo(() => relationsOf(model, node.id), [model, node.id]);
  const advised = standingOf(graph, node.id) !== null;
  const sla = useSla({ ...view.params, env: graph.environment }, NO_CHANGES, advised, view.live);
  const minutes = coveredMinutes(graph);
  const topic = node.kind === "topic";
  const unit = topic ? "deliveries" : SENDING_KINDS.has(node.kind) ? "requests" : "calls";
  const head = <Head view={view} graph={graph} node={node} groups={groups} unit={unit} />;
  // What comes later would push down what stands there already, so all of it comes at once.
  if (detail.isPending || (advised && sla.isPending))
    return (
      <main className="min-h-0 min-w-0 overflow-y-auto bg-surface">
        {head}
        <Skeleton rows={24} />
      </main>
    );
  return (
    <main className="min-h-0 min-w-0 overflow-y-auto bg-surface">
      {head}
      {detail.isError && (
        <ErrorState
          title="The details did not come."
          detail={detail.error.message}
          onRetry={() => void detail.refetch()}
        />
      )}
      {detail.data && node.calls > 0 ? (
        <RedCharts
          node={detail.data.node}
          window={detail.data.window}
          series={detail.data.series}
          toldMs={detail.dataUpdatedAt}
          covered={minutes}
          unit={unit}
        />
      ) : (
        <EmptyState title={`No ${unit} to it were seen in this window.`} />
      )}
      <div className="grid grid-cols-2 divide-x divide-line border-b border-line max-[1100px]:grid-cols-1 max-[1100px]:divide-x-0">
        <Side
          title={topic ? "Publishers" : "Depends on"}
          groups={groups}
          wanted={NEEDS}
          view={view}
          minutes={minutes}
        />
        <Side
          title={topic ? "Consumers" : "Needed by"}
          groups={groups}
          wanted={NEEDED_BY}
          view={view}
          minutes={minutes}
        />
      </div>
      <div className="border-b border-line empty:hidden">
        <RoleSection graph={graph} node={node} params={view.params} live={view.live} wide />
      </div>
      {detail.data && detail.data.operations.length > 0 && (
        <div className="border-b border-line">
          <Section title="Operations" hint={plural(detail.data.operations.length, "operation")}>
            <OperationsTable id={node.id} operations={detail.data.operations} minutes={minutes} view={view} />
          </Section>
        </div>
      )}
      <div className="grid auto-cols-fr grid-flow-col divide-x divide-line border-b border-line max-[1100px]:grid-flow-row max-[1100px]:divide-x-0">
        {SENDING_KINDS.has(node.kind) && (
          <div>
            <Section title="Versions and instances" hint="since the server started">
              <Versions services={[node.id, ...(node.aliases ?? [])]} environment={graph.environment} />
            </Section>
          </div>
        )}
        {detail.data && (
          <div>
            <Section title="Example traces">
              <ExampleTraces exemplars={detail.data.exemplars} />
            </Section>
          </div>
        )}
        <Section title="Seen">
          <Facts
            rows={[
              { name: "Spans", value: asText(formatCount(node.spans)) },
              ...(topic ? [{ name: "Messages handed in", value: asText(formatCount(node.publishes)) }] : []),
              ...(node.orphans > 0 ? [{ name: "Parent never seen", value: plural(node.orphans, "span") }] : []),
              ...(node.unpairedClients > 0
                ? [{ name: "Calls to an unknown side", value: plural(node.unpairedClients, "span") }]
                : []),
              { name: "First seen", value: day(node.firstSeen) },
              { name: "Last seen", value: day(node.lastSeen) },
            ]}
          />
        </Section>
      </div>
    </main>
  );
}

const day = (iso: string | null): string => (iso ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : "–");

function Head({
  view,
  graph,
  node,
  groups,
  unit,
}: {
  view: View;
  graph: Graph;
  node: GraphNode;
  groups: readonly RelationGroup[];
  unit: Counted;
}) {
  const display = health.node(node, coveredMinutes(graph));
  return (
    <header className="flex flex-wrap items-start gap-x-6 gap-y-2 border-b border-line px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="text-2xs text-ink-3">
          {[NODE_KIND_WORDS[node.kind], node.system, node.id !== node.name && node.id].filter(Boolean).join(" · ")}
        </p>
        <h2 className="break-words text-lg font-semibold">{node.name}</h2>
        <AlsoSeenAs node={node} />
        <p className="mt-0.5 text-xs text-ink-2">
          <RoleSentence node={node} groups={groups} perspective={graph.perspective} />
        </p>
        <p className="mt-2 flex flex-wrap gap-1.5">
          {display.text !== "" && (
            <Chip tone={display.level === "none" ? "neutral" : display.level}>
              <Sign level={display.level} absence={display.absence} />
              {display.absence
                ? display.text
                : node.kind === "topic"
                  ? `${display.text} handed in`
                  : `${levelWord(display.level)} ${display.text}`}
            </Chip>
          )}
          {node.calls > 0 && <Chip>{counted(node.calls, unit)}</Chip>}
        </p>
      </div>
      <nav aria-label="More about it" className="flex shrink-0 flex-wrap gap-2">
        <Link href={viewLink(view.params, "/map", { sel: `node:${node.id}` })} className={controlClass()}>
          Show on map
        </Link>
        <Link href={viewLink(view.params, "/traces", { service: node.id })} className={controlClass()}>
          All traces
        </Link>
        {node.errors > 0 && (
          <Link href={viewLink(view.params, "/traces", { service: node.id, error: "true" })} className={controlClass()}>
            Failed traces
          </Link>
        )}
      </nav>
    </header>
  );
}

const NEEDS: readonly RelationGroup["id"][] = ["calls", "consumes", "published-by"];
const NEEDED_BY: readonly RelationGroup["id"][] = ["called-by", "publishes", "consumed-by"];

function Side({
  title,
  groups,
  wanted,
  view,
  minutes,
}: {
  title: string;
  groups: readonly RelationGroup[];
  wanted: readonly RelationGroup["id"][];
  view: View;
  minutes: number;
}) {
  const own = groups.filter(({ id }) => wanted.includes(id));
  const words = [...new Set(own.map(({ word }) => word.toLowerCase()))].join(", ");
  return (
    <div>
      <Section title={title} hint={words}>
        {own.length === 0 ? (
          <p className="text-xs text-ink-3">Nobody that was seen.</p>
        ) : (
          <div className="grid gap-3">
            {own.map((group) => (
              <RelationList key={group.id} group={group} minutes={minutes} view={view} />
            ))}
          </div>
        )}
      </Section>
    </div>
  );
}

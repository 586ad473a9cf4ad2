// Everything that is known about one edge in the window.
"use client";
import { useQuery } from "@tanstack/react-query";
import { Chip } from "@/components/ui/chip";
import { counted } from "@/components/ui/counted";
import { Quantity } from "@/components/ui/quantity";
import { levelWord, Sign } from "@/components/ui/sign";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { type GraphParams, getEdge, queryOf } from "@/lib/client/api";
import type { Graph, GraphEdge } from "@/lib/contract/graph";
import { asText, formatCount, formatShare, plural } from "@/lib/domain/format-number";
import { perspectiveWords } from "@/lib/domain/perspective";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { health } from "@/lib/overlays/health";
import { EDGE_KIND_WORDS, pairable, verbOf } from "../words";
import { Errors } from "./errors";
import { ExampleTraces } from "./example-traces";
import { LatencyTable } from "./latency";
import { Operations } from "./operations";
import { RateSection } from "./rate-section";
import { Facts, Panel, Section } from "./section";
import { TraceLinks } from "./trace-links";

const REFRESH_MS = 5_000;
const SURE = 0.95;

export function EdgePanel({
  graph,
  edge,
  params,
  live,
  whole = true,
  onClose,
}: {
  graph: Graph;
  edge: GraphEdge;
  params: GraphParams;
  live: boolean;
  /** False where the graph is of some traces only: what the window counts has no place beside it. */
  whole?: boolean;
  onClose: () => void;
}) {
  const detail = useQuery({
    queryKey: ["edge", queryOf(params), edge.id],
    queryFn: () => getEdge({ ...params, env: graph.environment }, edge.id),
    refetchInterval: live ? REFRESH_MS : false,
    enabled: whole,
  });
  const nameOf = (id: string): string => graph.nodes.find((node) => node.id === id)?.name ?? id;
  const [caller, callee] = [nameOf(edge.caller), nameOf(edge.callee)];
  const minutes = coveredMinutes(graph);
  const unit = edge.kind === "async" ? "messages" : "calls";
  const display = health.edge(edge, minutes);
  const operations = detail.data?.operations ?? [];
  return (
    <Panel
      label={`${caller} ${verbOf(edge)} ${callee}`}
      kind={[
        EDGE_KIND_WORDS[edge.kind],
        edge.via && `through ${nameOf(edge.via)}`,
        edge.inferred && "callee inferred",
        operations.length > 0 && plural(operations.length, "operation"),
      ]
        .filter(Boolean)
        .join(" · ")}
      title={
        <>
          {caller} <span className="font-normal text-ink-3">{verbOf(edge)}</span> {callee}
        </>
      }
      onClose={onClose}
      header={
        <>
          <p className="mt-0.5 text-xs text-ink-2">
            <RoleSentence edge={edge} graph={graph} caller={caller} callee={callee} />
          </p>
          <p className="mt-2 flex flex-wrap gap-1.5">
            <Chip tone={display.level === "none" ? "neutral" : display.level}>
              <Sign level={display.level} absence={display.absence} />
              {display.absence ? display.text : `${levelWord(display.level)} ${display.text}`}
            </Chip>
            {edge.calls > 0 && <Chip>{counted(edge.calls, unit)}</Chip>}
          </p>
        </>
      }
    >
      {detail.isError && (
        <ErrorState
          title="The details did not come."
          detail={detail.error.message}
          onRetry={() => void detail.refetch()}
        />
      )}
      {edge.calls > 0 && (
        <>
          <Section title="Latency" hint="successful and failed calls">
            <LatencyTable
              rows={[
                { name: `Client · ${caller}`, short: "client", quantiles: edge.latency.client },
                { name: `Server · ${callee}`, short: "server", quantiles: edge.latency.server },
                { name: "Gap, paired spans", short: "", quantiles: edge.latency.gap },
              ]}
            />
          </Section>
          <Errors by={edge.errorsBy} errors={edge.errors} calls={edge.calls} callee={callee} unit={unit} />
        </>
      )}
      {whole && detail.isPending ? (
        <Skeleton rows={6} />
      ) : detail.data ? (
        <>
          <RateSection graph={graph} calls={edge.calls} unit={unit} detail={detail} />
          {operations.length > 0 && (
            <Section title="Operations">
              <Operations operations={operations} minutes={minutes} />
            </Section>
          )}
        </>
      ) : null}
      <Confidence edge={edge} />
      <Section
        title="Traces"
        end={
          <TraceLinks params={{ ...params, env: graph.environment }} service={edge.callee} failed={edge.errors > 0} />
        }
      >
        <ExampleTraces exemplars={edge.exemplars} />
      </Section>
    </Panel>
  );
}

function RoleSentence({
  edge,
  graph,
  caller,
  callee,
}: {
  edge: GraphEdge;
  graph: Graph;
  caller: string;
  callee: string;
}) {
  if (edge.kind === "async") {
    return (
      <>
        {caller} is <b className="font-semibold">upstream</b> of {callee}: its messages flow there.
      </>
    );
  }
  const word = perspectiveWords(graph.perspective).callee;
  return (
    <>
      {callee} is <b className="font-semibold">{word}</b> of {caller}:{" "}
      {word === "upstream" ? "it provides the answer." : "it receives the request."}
    </>
  );
}

function Confidence({ edge }: { edge: GraphEdge }) {
  const { paired, n } = edge.confidence;
  const sure = n > 0 && paired / n >= SURE;
  return (
    <Section
      title="Confidence"
      end={n > 0 && pairable(edge) ? <Chip tone={sure ? "ok" : "warn"}>{sure ? "high" : "partial"}</Chip> : undefined}
    >
      <Facts
        rows={[
          {
            name: "Pairs found",
            value: pairable(edge) ? (
              <>
                {asText(formatCount(paired))} of {asText(formatCount(n))}{" "}
                <Quantity of={formatShare(paired, n)} strong />
              </>
            ) : (
              <span className="text-ink-3">the {edge.kind === "entry" ? "caller" : "callee"} sends no spans</span>
            ),
          },
          {
            name: "Sampling",
            value:
              edge.estimatedCalls === null
                ? "weights unknown, counts as seen"
                : Math.round(edge.estimatedCalls) === edge.calls
                  ? "none, counts are exact"
                  : `estimated ${asText(formatCount(Math.round(edge.estimatedCalls)))} in all`,
          },
          { name: "First seen", value: day(edge.firstSeen) },
          { name: "Last seen", value: day(edge.lastSeen) },
        ]}
      />
    </Section>
  );
}

const day = (iso: string | null): string => (iso ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : "–");

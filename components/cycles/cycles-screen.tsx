// Services that depend on themselves through others: each loop with its type, its traffic and where to cut it.
"use client";
import { Scissors } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { controlClass } from "@/components/ui/button";
import { Quantity } from "@/components/ui/quantity";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { queryOf } from "@/lib/client/api";
import { useCycles } from "@/lib/client/use-cycles";
import { useGraph } from "@/lib/client/use-graph";
import type { Cycle, Cycles } from "@/lib/contract/cycles";
import type { Graph } from "@/lib/contract/graph";
import { formatCount, formatShare, plural } from "@/lib/domain/format-number";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { BY_OPERATION, cutText, loopText } from "@/lib/graph/loop-text";
import { cycleNamed } from "@/lib/overlays/cycles";
import { GraphBar } from "../shell/graph-bar";
import { GraphContent } from "../shell/graph-content";
import { Shell } from "../shell/shell";
import { useView, type View } from "../shell/use-view";
import { viewLink } from "../shell/view-link";
import { CycleChip } from "./cycle-chip";
import { CyclePanel } from "./cycle-panel";
import { rateOf, timeOf, UNKNOWN_CYCLE } from "./cycle-words";
import { stepFrom, useStepKeys } from "./step-keys";

export function CyclesScreen() {
  const view = useView();
  const live = useGraph(view.params, view.live);
  const env = live.query.data?.environment;
  const answer = useCycles({ ...view.params, ...(env !== undefined && { env }) }, env !== undefined, view.live);
  const { error } = answer;
  // The cycles of another window, told by this one's minutes, would have wrong rates.
  const data = answer.isPlaceholderData ? undefined : answer.data;
  const unknown = data && view.cycle !== null && !cycleNamed(data, view.cycle);
  const router = useRouter();
  const pick = (id: string): void => router.push(`/map?${queryOf({ ...view.params, sel: `node:${id}` })}`);
  return (
    <Shell title="Cycles" bar={<GraphBar view={view} live={live} perspective={false} onPick={pick} />}>
      <GraphContent
        view={view}
        live={live}
        failure="The cycles did not come."
        notices={[...(unknown ? [UNKNOWN_CYCLE] : []), ...(data && error ? [`Not up to date: ${error.message}`] : [])]}
      >
        {(graph) =>
          data ? (
            <Loaded view={view} graph={graph} answer={data} />
          ) : (
            <main>
              {error ? (
                <ErrorState
                  title="The cycles did not come."
                  detail={error.message}
                  onRetry={() => void answer.refetch()}
                />
              ) : (
                <Skeleton rows={8} />
              )}
            </main>
          )
        }
      </GraphContent>
    </Shell>
  );
}

function Loaded({ view, graph, answer }: { view: View; graph: Graph; answer: Cycles }) {
  const { cycles, selfCalls } = answer;
  const choose = view.setCycle;
  const minutes = coveredMinutes(graph);
  const nameOf = (id: string): string => graph.nodes.find((node) => node.id === id)?.name ?? id;
  const cycle = cycleNamed(answer, view.cycle) ?? null;
  const untold = cycles.filter(({ type }) => type === "unknown").length;
  useStepKeys((by) => choose(stepFrom(cycles, cycle, by)));
  return (
    <main className="relative flex min-h-0 min-w-0">
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="min-h-0 flex-1 overflow-y-auto bg-surface">
          {cycles.length === 0 ? (
            <EmptyState title="No service depends on itself through others in this window.">
              {minutesOf(graph) < 24 * 60 && (
                <Link
                  href={viewLink({ env: graph.environment, last: "24h" }, "/cycles")}
                  className="text-accent underline"
                >
                  Look at the last 24 h
                </Link>
              )}
            </EmptyState>
          ) : (
            <CycleList answer={answer} minutes={minutes} chosen={cycle?.id ?? null} onChoose={choose} />
          )}
          {selfCalls.length > 0 && <SelfCalls answer={answer} minutes={minutes} nameOf={nameOf} />}
        </div>
        <footer className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 border-t border-line bg-surface px-4 py-1.25 text-xs text-ink-2">
          <span role="status">
            <b className="font-semibold text-ink">{plural(cycles.length, "cycle")}</b>
            {untold > 0 && `, ${untold} of unknown type`}
          </span>
          <span>→ call</span>
          <span>⇢ message</span>
          <span className="flex items-center gap-1.5">
            <Scissors size={13} strokeWidth={1.6} aria-hidden="true" /> least traffic that opens every loop
          </span>
          <span className="ml-auto text-2xs text-ink-3">shortest loop of each group of services</span>
        </footer>
      </div>
      {cycle && (
        <CyclePanel
          key={cycle.id}
          answer={answer}
          cycle={cycle}
          nameOf={nameOf}
          minutes={minutes}
          onStep={choose}
          onClose={() => choose(null)}
        >
          <Link href={viewLink(view.params, "/map", { overlay: "cycles", cycle: cycle.id })} className={controlClass()}>
            Show on map
          </Link>
        </CyclePanel>
      )}
    </main>
  );
}

const minutesOf = ({ window: { from, to } }: Graph): number => (Date.parse(to) - Date.parse(from)) / 60_000;

const HEAD =
  "[&>th]:sticky [&>th]:top-0 [&>th]:bg-surface-2 [&>th]:px-3 [&>th]:py-2 [&>th]:text-2xs [&>th]:font-medium [&>th]:text-ink-2";

function CycleList({
  answer: { cycles },
  minutes,
  chosen,
  onChoose,
}: {
  answer: Cycles;
  minutes: number;
  chosen: string | null;
  onChoose: (id: string) => void;
}) {
  return (
    <table aria-label="Cycles" className="w-full border-collapse bg-surface text-xs">
      <thead>
        <tr className={`text-left ${HEAD}`}>
          <th scope="col" className="pl-4!">
            Members in order
          </th>
          <th scope="col">Type</th>
          <th scope="col" className="text-right">
            Rate round
          </th>
          <th scope="col" className="text-right">
            Share of requests
          </th>
          <th scope="col">By operation</th>
          <th scope="col">Cheapest cut</th>
          <th scope="col">Since</th>
        </tr>
      </thead>
      <tbody>
        {cycles.map((cycle) => (
          <tr
            key={cycle.id}
            className={`border-t border-line [&>td]:px-3 [&>td]:py-2 ${cycle.id === chosen ? "bg-accent-soft" : "hover:bg-surface-2"}`}
          >
            <th scope="row" className="py-2 pl-4 pr-3 text-left font-semibold">
              <button
                type="button"
                aria-pressed={cycle.id === chosen}
                className="text-left hover:underline"
                onClick={() => onChoose(cycle.id)}
              >
                {loopText(cycle)}
              </button>
              {cycle.others.length > 0 && (
                <span className="block text-2xs font-normal text-ink-3">
                  and {plural(cycle.others.length, "service")} on other loops with them
                </span>
              )}
            </th>
            <td>
              <CycleChip cycle={cycle} />
            </td>
            <td className="text-right">
              <Quantity of={rateOf(rarest(cycle), minutes)} />
            </td>
            <td className="text-right">
              <Quantity of={cycle.share ? formatShare(cycle.share.requests, cycle.share.of) : formatShare(0, 0)} />
            </td>
            <td>{BY_OPERATION[cycle.operations.verdict]}</td>
            <td>{cutText(cycle)}</td>
            <td className="whitespace-nowrap text-ink-2">{timeOf(cycle.firstSeen)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** No more goes round than takes the step that is taken least. */
const rarest = ({ hops }: Cycle): Cycle["hops"][number] =>
  hops.reduce((least, hop) =>
    (hop.estimatedCalls ?? hop.calls) < (least.estimatedCalls ?? least.calls) ? hop : least,
  );

function SelfCalls({
  answer: { selfCalls },
  minutes,
  nameOf,
}: {
  answer: Cycles;
  minutes: number;
  nameOf: (id: string) => string;
}) {
  return (
    <section className="mt-4 border-y border-line bg-surface">
      <h2 id="self-calls" className="px-4 pt-3 text-xs font-semibold">
        Services that call themselves
        <span className="ml-2 text-2xs font-normal text-ink-3">over the network; no cycle, listed apart</span>
      </h2>
      <table aria-labelledby="self-calls" className="w-full border-collapse text-xs">
        <thead>
          <tr className={`text-left ${HEAD}`}>
            <th scope="col" className="pl-4!">
              Service
            </th>
            <th scope="col">How</th>
            <th scope="col" className="text-right">
              Rate
            </th>
            <th scope="col" className="text-right">
              Calls
            </th>
            <th scope="col" className="text-right">
              Errors
            </th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {selfCalls.map((self) => (
            <tr key={self.edges.join()} className="border-t border-line [&>td]:px-3 [&>td]:py-2">
              <th scope="row" className="py-2 pl-4 pr-3 text-left font-semibold">
                {self.node.name}
              </th>
              <td className="text-ink-2">
                {self.kind === "sync" ? "calls" : `messages${self.via ? ` through ${nameOf(self.via)}` : ""}`}
              </td>
              <td className="text-right">
                <Quantity of={rateOf(self, minutes)} />
              </td>
              <td className="text-right">
                <Quantity of={formatCount(self.calls)} />
              </td>
              <td className="text-right">
                <Quantity of={formatShare(self.errors, self.calls)} />
              </td>
              <td className="whitespace-nowrap text-ink-2">{timeOf(self.firstSeen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

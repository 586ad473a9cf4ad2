// Everything that is known about one circular dependency: its way round, the trace that shows it, and where to cut.
import { ArrowLeft, ArrowRight, Scissors } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Facts, Panel, Section } from "@/components/panel/section";
import { Chip } from "@/components/ui/chip";
import { Quantity } from "@/components/ui/quantity";
import type { Cycle, CycleHop, Cycles } from "@/lib/contract/cycles";
import { asText, formatCount, formatShare, plural } from "@/lib/domain/format-number";
import { ARROWS, loopText } from "@/lib/graph/loop-text";
import { IconButton } from "../ui/button";
import { CycleChip } from "./cycle-chip";
import { rateOf, timeOf } from "./cycle-words";
import { OperationSteps } from "./operation-steps";
import { stepFrom } from "./step-keys";
import { WitnessTrace } from "./witness-trace";

/**
 * @param nameOf names of nodes, topics included.
 * @param minutes for which there can be data (`coveredMinutes`), over which rates are told.
 */
export function CyclePanel({
  answer,
  cycle,
  nameOf,
  minutes,
  onStep,
  onClose,
  children,
}: {
  answer: Cycles;
  cycle: Cycle;
  nameOf: (id: string) => string;
  minutes: number;
  /** Goes to another one. */
  onStep: (id: string) => void;
  onClose: () => void;
  /** What can be done with it. */
  children?: ReactNode;
}) {
  const { cycles } = answer;
  const at = cycles.indexOf(cycle);
  const step = (by: 1 | -1): void => onStep(stepFrom(cycles, cycle, by)!);
  const rarest = cycle.hops.find(({ edges }) => edges.includes(cycle.evidence.rarest ?? ""));
  const cut = cycle.cut.alternatives.filter(({ edge }) => cycle.cut.edges.includes(edge));
  return (
    <Panel
      label={`Cycle ${loopText(cycle)}`}
      kind={`Circular dependency ${at + 1} of ${cycles.length}`}
      title={loopText(cycle)}
      actions={
        cycles.length > 1 && (
          <>
            <IconButton label="Previous cycle (P)" onClick={() => step(-1)}>
              <ArrowLeft size={15} strokeWidth={1.5} aria-hidden="true" />
            </IconButton>
            <IconButton label="Next cycle (N)" onClick={() => step(1)}>
              <ArrowRight size={15} strokeWidth={1.5} aria-hidden="true" />
            </IconButton>
          </>
        )
      }
      onClose={onClose}
      header={
        <p className="mt-2 flex flex-wrap gap-1.5">
          <CycleChip cycle={cycle} />
          <Chip>{plural(cycle.members.length, "service")}</Chip>
          {cycle.firstSeen && <Chip>since {cycle.firstSeen.slice(0, 10)}</Chip>}
        </p>
      }
    >
      <Section title="What happens">
        <p className="text-xs">{cycle.words.text}</p>
        {cycle.share && (
          <p className="mt-1.5 text-xs">
            <b className="font-semibold">{asText(formatShare(cycle.share.requests, cycle.share.of))}</b> of what enters
            goes round: {cycle.evidence.all ? "" : "about "}
            {asText(formatCount(cycle.share.requests))} of {asText(formatCount(cycle.share.of))} requests.
          </p>
        )}
        {cycle.reentryDepth > 1 && (
          <p className="mt-1.5 text-xs text-ink-2">One chain comes back up to {cycle.reentryDepth} times.</p>
        )}
        {cycle.others.length > 0 && (
          <p className="mt-1.5 text-xs text-ink-2">
            On other loops with these: {cycle.others.map(({ name }) => name).join(", ")}.
          </p>
        )}
      </Section>
      <Section title="Members in order" hint="with operations from the traces looked at">
        <ol aria-label="Members in order">
          {cycle.hops.map((hop, i) => (
            <Step key={hop.edges.join()} hop={hop} number={i + 1} nameOf={nameOf} minutes={minutes} />
          ))}
        </ol>
      </Section>
      <Section title="By operation" hint={`in ${plural(cycle.evidence.traces, "trace")} looked at`}>
        <p className="text-xs">{cycle.operations.text}</p>
        <OperationSteps operations={cycle.operations} nameOf={nameOf} />
      </Section>
      {cycle.witness && (
        <Section
          title="Witness trace"
          hint={`one of ${cycle.evidence.around}`}
          end={
            <Link href={`/traces/${cycle.witness.traceId}`} className="font-mono hover:underline">
              {cycle.witness.traceId.slice(0, 4)}…{cycle.witness.traceId.slice(-4)}
            </Link>
          }
        >
          <WitnessTrace witness={cycle.witness} nameOf={nameOf} />
        </Section>
      )}
      <section className="border-b border-line bg-cycle-soft px-4 py-2.25">
        <h3 className="mb-1.5 flex items-center gap-2 text-xs font-semibold">
          <Scissors size={15} strokeWidth={1.6} aria-hidden="true" />
          {cut.length === 1
            ? `Cheapest cut: ${nameOf(cut[0]!.caller)} to ${nameOf(cut[0]!.callee)}`
            : `Cheapest cut: ${plural(cycle.cut.edges.length, "edge")}`}
        </h3>
        <p className="text-xs text-ink-2">
          {cycle.cut.exact
            ? "The least traffic whose removal leaves no loop among these services."
            : "Found by a greedy search: with this many services there may be a cheaper one."}
        </p>
        <table className="mt-1.5 w-full border-collapse text-xs">
          <thead>
            <tr className="text-2xs text-ink-2 [&>th]:py-0.5 [&>th]:pl-2 [&>th]:text-right [&>th]:font-normal">
              <th scope="col" className="text-left! pl-0!">
                Edge
              </th>
              <th scope="col">Traffic</th>
              <th scope="col">Loop gone</th>
            </tr>
          </thead>
          <tbody>
            {cycle.cut.alternatives.map((edge) => (
              <tr key={edge.edge} className="[&>td]:py-0.5 [&>td]:pl-2 [&>td]:text-right">
                <th
                  scope="row"
                  className={`text-left ${cycle.cut.edges.includes(edge.edge) ? "font-semibold" : "font-normal text-ink-2"}`}
                >
                  {nameOf(edge.caller)} {ARROWS[edge.via ? "async" : "sync"]} {nameOf(edge.callee)}
                </th>
                <td className="whitespace-nowrap">{asText(rateOf(edge, minutes))}</td>
                <td>{edge.gone ? "yes" : "no"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Section title="Evidence and history">
        <Facts
          rows={[
            {
              name: "Traces looked at",
              value: `${cycle.evidence.traces}${cycle.evidence.all && cycle.evidence.traces > 0 ? ", all there are" : ""}`,
            },
            ...(rarest
              ? [
                  {
                    name: "Most of them with",
                    value: `${nameOf(rarest.caller)} ${ARROWS[rarest.kind]} ${nameOf(rarest.callee)}, the rarest step`,
                  },
                ]
              : []),
            { name: "Traces that go round", value: cycle.evidence.around },
            { name: "Traces that miss spans", value: cycle.evidence.incomplete },
            { name: "First seen", value: timeOf(cycle.firstSeen) },
            { name: "Last seen", value: timeOf(cycle.lastSeen) },
          ]}
        />
      </Section>
      {children && (
        <footer className="sticky bottom-0 mt-auto flex gap-2 border-t border-line bg-surface px-4 py-2.5">
          {children}
        </footer>
      )}
    </Panel>
  );
}

function Step({
  hop,
  number,
  nameOf,
  minutes,
}: {
  hop: CycleHop;
  number: number;
  nameOf: (id: string) => string;
  minutes: number;
}) {
  return (
    <li className="grid grid-cols-[20px_minmax(0,1fr)_auto] gap-x-2 py-1 text-xs">
      <span
        aria-hidden="true"
        className="row-span-2 size-4.5 rounded-full bg-cycle text-center text-2xs font-semibold leading-4.5 text-ink-inverse"
      >
        {number}
      </span>
      <span>
        <b className="font-semibold">{nameOf(hop.caller)}</b>{" "}
        <span className="text-ink-3">{hop.kind === "async" ? "sends messages to" : "calls"}</span>{" "}
        <b className="font-semibold">{nameOf(hop.callee)}</b>
      </span>
      <Quantity of={rateOf(hop, minutes)} />
      <span className="col-span-2 text-ink-3">
        {hop.via && <span>through {nameOf(hop.via)} </span>}
        {hop.operations.slice(0, 3).map(({ caller, callee }) => (
          <code key={`${caller} ${callee}`} className="block truncate text-2xs" title={`${caller} → ${callee}`}>
            {caller} {ARROWS[hop.kind]} {callee}
          </code>
        ))}
      </span>
    </li>
  );
}

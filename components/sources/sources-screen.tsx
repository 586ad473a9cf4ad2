// What comes in, from whom, what was rejected and why, and how to send more.
"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { DropZone } from "@/components/first-run/drop-zone";
import { Recipes } from "@/components/first-run/recipes";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { Clipped } from "@/components/ui/clipped";
import { Quantity } from "@/components/ui/quantity";
import { Sign } from "@/components/ui/sign";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { ApiError, getSources } from "@/lib/client/api";
import type { Sources } from "@/lib/contract/sources";
import { asText, formatBytes, formatCount, formatPeriod, plural } from "@/lib/domain/format-number";
import { FindOnly } from "../shell/find-only";
import { Notices } from "../shell/notices";
import { Shell } from "../shell/shell";
import { TokenForm } from "../shell/token-form";
import { CanaryCard } from "./canary-card";
import { DemoSwitch } from "./demo-switch";

const REFRESH_MS = 2_000;
/** Rows of a table that is drawn anew with every answer. */
const SHOWN = 300;

export function SourcesScreen() {
  const sources = useQuery({ queryKey: ["sources"], queryFn: getSources, refetchInterval: REFRESH_MS });
  return (
    <Shell title="Sources" bar={<FindOnly />}>
      <main className="relative min-w-0 overflow-auto">
        {sources.error instanceof ApiError && sources.error.status === 401 ? (
          <TokenForm />
        ) : sources.data ? (
          <>
            <Notices notices={sources.error ? [`Not up to date: ${sources.error.message}`] : []} />
            <Loaded sources={sources.data} />
          </>
        ) : sources.error ? (
          <ErrorState
            title="The sources did not come."
            detail={sources.error.message}
            onRetry={() => void sources.refetch()}
          />
        ) : (
          <Skeleton rows={8} />
        )}
      </main>
    </Shell>
  );
}

function Loaded({ sources }: { sources: Sources }) {
  const client = useQueryClient();
  const { doors, senders, issues, refusals, store } = sources;
  const imported = (): void => void client.invalidateQueries({ queryKey: ["sources"] });
  return (
    <div className="mx-auto grid w-full max-w-400 grid-cols-[minmax(0,1fr)_464px] items-start gap-4 p-4 max-[1100px]:grid-cols-1">
      <div className="grid min-w-0 grid-cols-1 gap-4">
        <Card title="Doors" hint={`counts since ${clock(sources.since)} UTC`}>
          <Table
            label="Doors"
            head={[
              "Door",
              "Address",
              "Requests",
              "Received",
              "Stored",
              "Duplicates",
              "Rejected",
              "Refused",
              "Last, UTC",
            ]}
            left={2}
            rows={doors.map((door) => ({
              key: door.name,
              cells: [
                <span key="name" className="flex items-center gap-1.5">
                  <Sign level={door.open ? "ok" : "none"} />
                  <b className="font-medium">{door.name}</b>
                </span>,
                <code key="address" className="text-2xs">
                  {door.address}
                </code>,
                ...(["requests", "received", "stored", "duplicates"] as const).map((key) => (
                  <Quantity key={key} of={formatCount(door[key])} />
                )),
                <Wrong key="rejected" count={door.rejected} />,
                <Wrong key="refused" count={door.refused} />,
                door.lastAt ? clock(door.lastAt) : "–",
              ],
            }))}
          />
        </Card>
        <Card title="Senders" hint={plural(senders.length, "sender")}>
          {senders.length === 0 ? (
            <EmptyState title="Nobody has sent spans yet." />
          ) : (
            <Table
              label="Senders"
              head={["Service", "Environment", "SDK", "Version", "Instances", "Spans", "Last, UTC"]}
              left={4}
              rest={senders.length - SHOWN}
              rows={senders.slice(0, SHOWN).map((sender) => ({
                key: JSON.stringify([sender.service, sender.environment, sender.sdk, sender.version]),
                cells: [
                  <Clipped key="service" text={sender.service} className="max-w-96 font-medium" />,
                  sender.environment || "–",
                  sender.sdk || "–",
                  sender.version || "–",
                  <Quantity key="instances" of={formatCount(sender.instances)} />,
                  <Quantity key="spans" of={formatCount(sender.spans)} />,
                  clock(sender.lastAt),
                ],
              }))}
            />
          )}
        </Card>
        <Card title="Imperfect data" hint="counted, never dropped in silence">
          {issues.length === 0 && refusals.length === 0 ? (
            <EmptyState title="Nothing to complain about." />
          ) : (
            <Table
              label="Imperfect data"
              head={["What", "Then", "Count", "Example"]}
              left={2}
              rows={[
                ...issues.map((issue) => ({
                  key: issue.code,
                  cells: [
                    <span key="text" title={issue.code}>
                      {issue.text}
                    </span>,
                    issue.rejects ? (
                      <Chip key="then" tone="bad">
                        rejected
                      </Chip>
                    ) : (
                      <Chip key="then">kept</Chip>
                    ),
                    <Quantity key="count" of={formatCount(issue.count)} />,
                    <code key="example" className="block max-w-80 truncate text-left text-2xs" title={issue.example}>
                      {issue.example || "–"}
                    </code>,
                  ],
                })),
                ...refusals.map((refusal) => ({
                  key: `${refusal.door} ${refusal.message}`,
                  cells: [
                    `${refusal.door}: ${refusal.message}`,
                    <Chip key="then" tone="bad">
                      request refused
                    </Chip>,
                    <Quantity key="count" of={formatCount(refusal.count)} />,
                    `last ${clock(refusal.lastAt)}`,
                  ],
                })),
              ]}
            />
          )}
        </Card>
      </div>
      <div className="grid min-w-0 grid-cols-1 gap-4">
        <section className="min-w-0 rounded-md border border-line bg-surface p-4">
          <Recipes title="Send OTLP" sources={sources} />
        </section>
        <section className="flex flex-col rounded-md border border-line bg-surface p-4">
          <h2 className="text-md font-semibold">Upload traces</h2>
          <DropZone onImported={imported} />
        </section>
        <DemoSwitch />
        <CanaryCard canary={sources.canary} />
        <Card title="Store">
          <p className="px-4 pb-3 text-xs text-ink-2">
            {asText(formatBytes(store.bytes))} on disk. Spans are kept {kept(store.keepsSpansHours * 60)} or up to{" "}
            {asText(formatBytes(store.keepsSpansBytes))}, whichever comes first
            {store.cutForSize && " (now the size does)"}
            {store.oldestSpanAt && <>; the oldest came {clock(store.oldestSpanAt)} UTC</>}. Calls are kept by the minute
            for {kept(store.keepsMinutesDays * 1440)}, then by the hour for {kept(store.keepsHoursDays * 1440)}.
          </p>
        </Card>
      </div>
    </div>
  );
}

const kept = (minutes: number): string => asText(formatPeriod(Math.round(minutes)));
const clock = (iso: string): string => `${iso.slice(5, 10)} ${iso.slice(11, 19)}`;

function Wrong({ count }: { count: number }) {
  return <span className={count > 0 ? "font-semibold text-bad-text" : ""}>{asText(formatCount(count))}</span>;
}

/** @param rest how many more there are that are not among the rows. */
function Table({
  label,
  head,
  left,
  rows,
  rest = 0,
}: {
  label: string;
  head: readonly string[];
  left: number;
  rest?: number;
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}) {
  const side = (at: number): string => (at < left || head[at] === "Example" ? "text-left" : "text-right");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className="max-h-[70vh] overflow-auto" aria-label={label} tabIndex={0}>
      <table className="w-full border-separate border-spacing-0 text-xs">
        <thead>
          <tr>
            {head.map((name, at) => (
              <th
                key={name}
                scope="col"
                className={`sticky top-0 h-8 whitespace-nowrap border-y border-line bg-surface-2 px-2 text-2xs font-medium text-ink-2 first:pl-4 last:pr-4 ${side(at)}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key} className="[&:not(:last-child)>td]:border-b [&>td]:border-line">
              {cells.map((cell, at) => (
                <td
                  key={head[at]}
                  className={`h-7.75 px-2 first:pl-4 last:pr-4 ${at === 0 ? "" : "whitespace-nowrap"} ${side(at)}`}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p className="px-4 py-2 text-2xs text-ink-3">and {rest} more, each with fewer spans</p>}
    </section>
  );
}

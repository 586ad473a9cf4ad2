"use client";
import { useState } from "react";
import { controlClass } from "@/components/ui/button";
import { ChoiceMenu } from "@/components/ui/menu";
import { PERIODS, type View } from "./use-view";

const LONG: Record<string, string> = { m: "min", h: "h", d: "d" };
export const periodLabel = (period: string): string => `Last ${period.slice(0, -1)} ${LONG[period.slice(-1)] ?? ""}`;

const clock = (iso: string): string => iso.slice(11, 16);
const day = (iso: string): string => iso.slice(0, 10);

/** `02:14–03:14 UTC`, with the day where it is not today's. */
export function windowLabel(window: { from: string; to: string }): string {
  const today = day(new Date().toISOString());
  const from = day(window.from) === today ? clock(window.from) : `${day(window.from)} ${clock(window.from)}`;
  const to =
    day(window.to) === day(window.from) || day(window.to) === today
      ? clock(window.to)
      : `${day(window.to)} ${clock(window.to)}`;
  return `${from}–${to} UTC`;
}

/** Which window is shown: a period up to now, or from one time to another. */
export function TimeMenu({ view, window }: { view: View; window: { from: string; to: string } | null }) {
  return (
    <ChoiceMenu
      label="Time range"
      options={PERIODS.map((period) => ({ value: period, label: periodLabel(period) }))}
      value={view.live ? (view.last as (typeof PERIODS)[number]) : null}
      onChange={view.setLast}
      footer={<AbsoluteWindow view={view} window={window} />}
    >
      <span>{view.live ? periodLabel(view.last) : "Fixed window"}</span>
      {window && <span className="font-normal text-ink-3">{windowLabel(window)}</span>}
    </ChoiceMenu>
  );
}

function AbsoluteWindow({ view, window }: { view: View; window: { from: string; to: string } | null }) {
  const [from, setFrom] = useState(window?.from.slice(0, 16) ?? "");
  const [to, setTo] = useState(window?.to.slice(0, 16) ?? "");
  const valid = from !== "" && to !== "" && from < to;
  const field = "h-7 rounded-sm border border-line-strong bg-surface px-2 text-xs text-ink";
  return (
    <form
      className="mt-1 grid gap-1.5 border-t border-line p-2"
      onKeyDown={(event) => event.stopPropagation()}
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) view.setWindow(`${from}:00.000Z`, `${to}:00.000Z`);
      }}
    >
      <label className="grid grid-cols-[32px_1fr] items-center gap-2 text-ink-2">
        From
        <input type="datetime-local" className={field} value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label className="grid grid-cols-[32px_1fr] items-center gap-2 text-ink-2">
        To
        <input type="datetime-local" className={field} value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <div className="flex items-center justify-between">
        <span className="text-2xs text-ink-3">UTC</span>
        <button type="submit" disabled={!valid} className={controlClass("primary")}>
          Show
        </button>
      </div>
    </form>
  );
}

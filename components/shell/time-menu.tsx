"use client";
import { Popover } from "@base-ui/react/popover";
import { Check, ChevronDown } from "lucide-react";
import { useState } from "react";
import { controlClass } from "@/components/ui/button";
import { PERIODS, type View } from "./use-view";

interface Window {
  readonly from: string;
  readonly to: string;
}

const LONG: Record<string, string> = { m: "min", h: "h", d: "d" };
const periodLabel = (period: string): string => `Last ${period.slice(0, -1)} ${LONG[period.slice(-1)] ?? ""}`;

const clock = (iso: string): string => iso.slice(11, 16);
const day = (iso: string): string => iso.slice(0, 10);

/** `02:14–03:14 UTC`, with the day where it is not today's. */
function windowLabel(window: Window): string {
  const today = day(new Date().toISOString());
  const from = day(window.from) === today ? clock(window.from) : `${day(window.from)} ${clock(window.from)}`;
  const to =
    day(window.to) === day(window.from) || day(window.to) === today
      ? clock(window.to)
      : `${day(window.to)} ${clock(window.to)}`;
  return `${from}–${to} UTC`;
}

/** Which window is shown: a period up to now, or from one time to another. */
export function TimeMenu({ view, window }: { view: View; window: Window | null }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={controlClass()} aria-label="Time range">
        <span>{view.live ? periodLabel(view.last) : "Fixed window"}</span>
        {window && <span className="font-normal text-ink-3 max-[1024px]:hidden">{windowLabel(window)}</span>}
        <ChevronDown size={12} strokeWidth={1.8} aria-hidden="true" className="text-ink-3" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="start" className="z-50">
          <Popover.Popup className="w-64 rounded-md border border-line bg-surface p-1 text-xs shadow-pop outline-none">
            <Popover.Title className="sr-only">Time range</Popover.Title>
            <ul aria-label="Periods up to now">
              {PERIODS.map((period) => {
                const chosen = view.live && view.last === period;
                return (
                  <li key={period}>
                    <button
                      type="button"
                      aria-pressed={chosen}
                      className="flex h-7 w-full items-center gap-2 rounded-sm px-2 text-left hover:bg-surface-2"
                      onClick={() => {
                        view.setLast(period);
                        setOpen(false);
                      }}
                    >
                      <span className="w-3.5">
                        {chosen && <Check size={14} aria-hidden="true" className="text-accent" />}
                      </span>
                      {periodLabel(period)}
                    </button>
                  </li>
                );
              })}
            </ul>
            <FixedWindow view={view} window={window} onDone={() => setOpen(false)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** `2026-03-01 10:00`, read as UTC; null when it is no such time. */
function readUtc(text: string): string | null {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)$/.exec(text.trim());
  const time = match ? Date.parse(`${match[1]}T${match[2]}:00.000Z`) : Number.NaN;
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

const shown = (iso: string | undefined): string => (iso ? `${day(iso)} ${clock(iso)}` : "");

function FixedWindow({ view, window, onDone }: { view: View; window: Window | null; onDone: () => void }) {
  const [fromText, setFrom] = useState(shown(window?.from));
  const [toText, setTo] = useState(shown(window?.to));
  const [from, to] = [readUtc(fromText), readUtc(toText)];
  const problem =
    from === null || to === null ? "Write times as 2026-03-01 10:00." : from >= to ? "From must be before to." : null;
  const field = "h-7 rounded-sm border border-line-strong bg-surface px-2 text-xs text-ink";
  return (
    <form
      className="mt-1 grid gap-1.5 border-t border-line p-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem || !from || !to) return;
        view.setWindow(from, to);
        onDone();
      }}
    >
      <label className="grid grid-cols-[32px_1fr] items-center gap-2 text-ink-2">
        From
        <input className={field} value={fromText} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label className="grid grid-cols-[32px_1fr] items-center gap-2 text-ink-2">
        To
        <input className={field} value={toText} onChange={(event) => setTo(event.target.value)} />
      </label>
      <div className="flex items-center justify-between gap-2">
        <span className={`text-2xs ${problem ? "text-bad-text" : "text-ink-3"}`}>{problem ?? "UTC"}</span>
        <button type="submit" disabled={problem !== null} className={controlClass("primary")}>
          Show
        </button>
      </div>
    </form>
  );
}

// What a person has set, in the URL: a link reproduces the screen.
"use client";
import { parseAsArrayOf, parseAsBoolean, parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useMemo } from "react";
import type { GraphParams } from "@/lib/client/api";
import { PERSPECTIVES, type PerspectiveName } from "@/lib/domain/perspective";
import { DEFAULT_LAST } from "@/lib/domain/window";
import type { Focus } from "@/lib/graph/neighbourhood";
import { askedWindow } from "./asked-window";

export const PERIODS = ["5m", "15m", "30m", "1h", "3h", "6h", "12h", "24h", "2d", "7d"] as const;

const NOTHING: readonly string[] = [];

const PARSERS = {
  last: parseAsString,
  from: parseAsString,
  to: parseAsString,
  env: parseAsString,
  perspective: parseAsString,
  overlay: parseAsString,
  option: parseAsString,
  /** What an overlay compares with. */
  against: parseAsString,
  /** `node:<id>` or `edge:<id>`. */
  sel: parseAsString,
  outline: parseAsBoolean,
  /** Node around which a part is shown, and how many steps towards its callers and callees. */
  focus: parseAsString,
  callers: parseAsInteger,
  callees: parseAsInteger,
  /** A circular dependency, by its id or its place in the list. */
  cycle: parseAsString,
  /** Conditions of the traces that the map is made of; the whole window without. */
  traces: parseAsString,
  /** Changes of calls that are tried out, as in the question about uptime. */
  whatIf: parseAsArrayOf(parseAsString, ";"),
};

export const DEFAULT_STEPS = 1;
const MOST_STEPS = 9;
const stepsOf = (steps: number | null): number => Math.min(MOST_STEPS, Math.max(0, steps ?? DEFAULT_STEPS));

export type Selection = { readonly kind: "node" | "edge"; readonly id: string };

export interface View {
  /** For questions about the graph. */
  readonly params: GraphParams;
  /** The window moves with the clock. */
  readonly live: boolean;
  readonly last: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly env: string | null;
  readonly perspective: PerspectiveName | null;
  readonly selection: Selection | null;
  readonly outline: boolean;
  /** What the URL asks for and cannot be; the next best thing is shown. */
  readonly notices: readonly string[];
  /** Of the overlay menu, and of the overlay's own choices; null for the first. */
  readonly overlay: string | null;
  readonly option: string | null;
  readonly against: string | null;
  /** The circular dependency that is looked at; null for none or all. */
  readonly cycle: string | null;
  /** Null for the whole map. */
  readonly focus: Focus | null;
  setLast(last: string): void;
  setWindow(from: string, to: string): void;
  setEnv(env: string | null): void;
  setPerspective(perspective: PerspectiveName): void;
  select(selection: Selection | null): void;
  setOutline(open: boolean): void;
  setOverlay(overlay: string | null): void;
  setOption(option: string | null): void;
  setAgainst(against: string | null): void;
  setCycle(cycle: string | null): void;
  setFocus(focus: Focus | null): void;
  /** What the traces are found by that the map is made of; null for the whole window. */
  readonly traces: string | null;
  setTraces(traces: string | null): void;
  readonly whatIf: readonly string[];
  setWhatIf(whatIf: readonly string[]): void;
}

export function useView(): View {
  const [state, set] = useQueryStates(PARSERS, { history: "replace", shallow: true });
  const { env, sel, outline, overlay, option } = state;
  const focus = useMemo(
    () =>
      state.focus === null
        ? null
        : { node: state.focus, callers: stepsOf(state.callers), callees: stepsOf(state.callees) },
    [state.focus, state.callers, state.callees],
  );
  const { last, from, to, notices } = askedWindow(state, Date.now());
  const perspective = PERSPECTIVES.find((name) => name === state.perspective) ?? null;
  const live = from === null && to === null;
  const params: GraphParams = {
    ...(live ? { last } : { from: from ?? undefined, to: to ?? undefined }),
    ...(env !== null && { env }),
    ...(perspective !== null && { perspective }),
  };
  const change = (next: Parameters<typeof set>[0], push = false): void =>
    void set(next, push ? { history: "push" } : undefined);
  return {
    params,
    live,
    last,
    from,
    to,
    env,
    perspective,
    selection: readSelection(sel),
    outline: outline ?? false,
    notices: [
      ...notices,
      ...(state.perspective === perspective
        ? []
        : [`There is no perspective “${state.perspective}”: this is the default.`]),
    ],
    overlay,
    option,
    against: state.against,
    cycle: state.cycle,
    setLast: (next) => change({ last: next === DEFAULT_LAST ? null : next, from: null, to: null }),
    setWindow: (start, end) => change({ from: start, to: end }),
    setEnv: (next) => change({ env: next, sel: null }),
    setPerspective: (next) => change({ perspective: next }),
    select: (next) => change({ sel: next ? `${next.kind}:${next.id}` : null }, true),
    setOutline: (open) => change({ outline: open || null }),
    setOverlay: (next) => change({ overlay: next, option: null, against: null, cycle: null }),
    setOption: (next) => change({ option: next }),
    setAgainst: (next) => change({ against: next }),
    setCycle: (next) => change({ cycle: next }),
    whatIf: state.whatIf ?? NOTHING,
    setWhatIf: (next) => change({ whatIf: next.length > 0 ? [...next] : null }),
    traces: state.traces,
    setTraces: (next) => change({ traces: next, sel: null }),
    focus,
    setFocus: (next) =>
      change({
        focus: next?.node ?? null,
        callers: next && next.callers !== DEFAULT_STEPS ? next.callers : null,
        callees: next && next.callees !== DEFAULT_STEPS ? next.callees : null,
      }),
  };
}

function readSelection(text: string | null): Selection | null {
  const match = /^(node|edge):(.+)$/s.exec(text ?? "");
  return match ? { kind: match[1] as Selection["kind"], id: match[2]! } : null;
}

// What a person has set, in the URL: a link reproduces the screen.
"use client";
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { GraphParams } from "@/lib/client/api";
import { PERSPECTIVES, type PerspectiveName } from "@/lib/domain/perspective";

export const PERIODS = ["5m", "15m", "30m", "1h", "3h", "6h", "12h", "24h", "2d", "7d"] as const;
export const DEFAULT_PERIOD = "1h";

const PARSERS = {
  last: parseAsString,
  from: parseAsString,
  to: parseAsString,
  env: parseAsString,
  perspective: parseAsStringLiteral(PERSPECTIVES),
  overlay: parseAsString,
  /** `node:<id>` or `edge:<id>`. */
  sel: parseAsString,
  outline: parseAsBoolean,
};

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
  setLast(last: string): void;
  setWindow(from: string, to: string): void;
  setEnv(env: string | null): void;
  setPerspective(perspective: PerspectiveName): void;
  select(selection: Selection | null): void;
  setOutline(open: boolean): void;
}

export function useView(): View {
  const [state, set] = useQueryStates(PARSERS, { history: "replace", shallow: true });
  const { last, from, to, env, perspective, sel, outline } = state;
  const live = from === null && to === null;
  const params: GraphParams = {
    ...(live ? { last: last ?? DEFAULT_PERIOD } : { from: from ?? undefined, to: to ?? undefined }),
    ...(env !== null && { env }),
    ...(perspective !== null && { perspective }),
  };
  const change = (next: Parameters<typeof set>[0], push = false): void =>
    void set(next, push ? { history: "push" } : undefined);
  return {
    params,
    live,
    last: last ?? DEFAULT_PERIOD,
    from,
    to,
    env,
    perspective,
    selection: readSelection(sel),
    outline: outline ?? false,
    setLast: (next) => change({ last: next === DEFAULT_PERIOD ? null : next, from: null, to: null }),
    setWindow: (start, end) => change({ last: null, from: start, to: end }),
    setEnv: (next) => change({ env: next, sel: null }),
    setPerspective: (next) => change({ perspective: next }),
    select: (next) => change({ sel: next ? `${next.kind}:${next.id}` : null }, true),
    setOutline: (open) => change({ outline: open || null }),
  };
}

function readSelection(text: string | null): Selection | null {
  const match = /^(node|edge):(.+)$/s.exec(text ?? "");
  return match ? { kind: match[1] as Selection["kind"], id: match[2]! } : null;
}

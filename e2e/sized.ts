// Systems of a given size: services in layers, each but the first called by one above it.
import { randomBytes } from "node:crypto";
import { type Span, SpanKind, StatusCode } from "@/lib/domain/span";
import { seededRandom } from "@/lib/simulate/random";
import { namedCall } from "./named-call";

export interface Sized {
  readonly environment: string;
  readonly names: readonly string[];
  /** Calls an edge. */
  readonly calls?: number;
  readonly atMs?: number;
}

/** About one and a half edges a service; nobody calls in a circle. One call in a hundred of the fifth callee fails. */
export function sizedSystem({ environment, names, calls = 3, atMs = Date.now() - 5_000 }: Sized): Span[] {
  const { below, chance } = seededRandom(`sized ${names.length}`);
  const reach = Math.max(2, Math.round(names.length / 8));
  const pairs = names.slice(1).flatMap((callee, at) => {
    const above = (): string => names[at - below(Math.min(reach, at + 1))]!;
    return [...new Set(chance(0.5) ? [above(), above()] : [above()])].map((caller) => ({ caller, callee }));
  });
  return pairs.flatMap((pair, at) =>
    Array.from({ length: calls }, (_, i) =>
      namedCall({ ...pair, environment, atMs, failed: at === 4 && i === 0, ms: 5 + (at % 40) }),
    ).flat(),
  );
}

export const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `service-${String(at).padStart(3, "0")}`);

const TEAMS = ["payments", "logistics", "catalogue", "identity"];
const DUTIES = ["authorization", "settlement", "reconciliation"];

/** Twelve names of 60 characters that differ in their middle or at their end. */
export const longNames: readonly string[] = TEAMS.flatMap((team) =>
  DUTIES.map((duty, at) => `corporate-platform-${team}-${duty}-in-region-${at}-`.padEnd(60, "processor-v2-")),
);

/** A service by itself that does its work and talks to nobody. */
export function aloneService(service: string, environment: string): Span[] {
  const startNs = BigInt(Date.now() - 5_000) * 1_000_000n;
  return Array.from({ length: 5 }, () => ({
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    parentSpanId: "",
    traceState: "",
    name: "nightly report",
    kind: SpanKind.INTERNAL,
    startNs,
    endNs: startNs + 20_000_000n,
    attributes: [],
    events: [],
    links: [],
    status: { code: StatusCode.UNSET, message: "" },
    resource: {
      attributes: [
        ["service.name", service],
        ["deployment.environment.name", environment],
      ],
    },
    scope: { name: "e2e", version: "1" },
  }));
}

// What really happened in a simulated system, counted by the simulator while it acts, not derived from spans: the oracle.

export interface TrueEdge {
  readonly caller: string;
  readonly callee: string;
  /** Topic id of a delivery, "" else. */
  readonly via: string;
  readonly kind: "sync" | "async" | "database" | "entry";
  calls: number;
  /** By whose fault, disjoint (see domain `Fault`). */
  calleeErrors: number;
  betweenErrors: number;
  clientErrors: number;
}

export class Truth {
  private readonly edges = new Map<string, TrueEdge>();
  spans = 0;
  traces = 0;

  /** Counts one call; `fault` is null when it went well. */
  call(
    kind: TrueEdge["kind"],
    caller: string,
    callee: string,
    via: string,
    fault: "callee" | "between" | "client" | null,
  ): void {
    const key = `${kind}|${caller}|${callee}|${via}`;
    let edge = this.edges.get(key);
    if (!edge) {
      edge = { caller, callee, via, kind, calls: 0, calleeErrors: 0, betweenErrors: 0, clientErrors: 0 };
      this.edges.set(key, edge);
    }
    edge.calls++;
    if (fault === "callee") edge.calleeErrors++;
    else if (fault === "between") edge.betweenErrors++;
    else if (fault === "client") edge.clientErrors++;
  }

  /** Takes back a publish that nobody had consumed, because now somebody does. */
  consumedAfterAll(producer: string, topic: string): void {
    const key = `async|${producer}|${topic}|`;
    const edge = this.edges.get(key);
    if (edge && --edge.calls === 0) this.edges.delete(key);
  }

  /** Sorted by caller, callee, topic and kind. */
  list(): TrueEdge[] {
    return [...this.edges.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
  }

  /** One line an edge, for comparing. */
  print(): string[] {
    return this.list().map(printEdge);
  }
}

export const printEdge = (edge: TrueEdge): string =>
  `${edge.kind} ${edge.caller} -> ${edge.callee}${edge.via ? ` via ${edge.via}` : ""}: ${edge.calls} calls, ` +
  `${edge.calleeErrors} callee, ${edge.betweenErrors} between, ${edge.clientErrors} client`;

// Edges and what is counted on them, under declared names: edges between the same nodes are one, the first of them.
import type { EdgeBook, EdgeKey } from "./edge-book";
import type { NamedNodes } from "./named-nodes";
import type { GraphFacts, Seen } from "./service-graph";

export class NamedEdges {
  /** By id of the book: the id that stands for its edge. */
  private readonly firsts: number[] = [];
  private readonly firstOf = new Map<string, number>();

  constructor(
    readonly nodes: NamedNodes,
    private readonly book: Pick<EdgeBook, "key" | "kind">,
  ) {}

  key(edge: number): EdgeKey {
    const { caller, callee, via, kind } = this.book.key(edge);
    const { nodes } = this;
    return { caller: nodes.first(caller), callee: nodes.first(callee), via: nodes.first(via), kind };
  }

  kind(edge: number): EdgeKey["kind"] {
    return this.book.kind(edge);
  }

  callee(edge: number): number {
    return this.key(edge).callee;
  }

  /** The facts under these names; buckets add up, quantiles are never merged. The totals passed in are changed for good. */
  apply(facts: GraphFacts): GraphFacts {
    facts.totals.fold((edge) => this.first(edge));
    const history = new Map<number, Seen>();
    for (const [edge, { firstMinute, lastMinute }] of facts.history) {
      const first = this.first(edge);
      const known = history.get(first);
      history.set(first, {
        firstMinute: Math.min(firstMinute, known?.firstMinute ?? firstMinute),
        lastMinute: Math.max(lastMinute, known?.lastMinute ?? lastMinute),
      });
    }
    return { ...facts, history, directory: this.nodes, edges: this };
  }

  /** The id that stands for an edge. */
  private first(edge: number): number {
    for (let next = this.firsts.length; next <= edge; next++) {
      const { caller, callee, via, kind } = this.key(next);
      const key = `${caller} ${callee} ${via} ${kind}`;
      const first = this.firstOf.get(key) ?? next;
      this.firstOf.set(key, first);
      this.firsts.push(first);
    }
    return this.firsts[edge]!;
  }
}

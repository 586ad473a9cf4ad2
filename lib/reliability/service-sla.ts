// What every service of a graph may promise, from objectives (declared) and from calls (observed).
import type { Graph, GraphNode } from "../contract/graph";
import type { DeclaredCallee, ObservedCallee, ServiceSla, SlaAssumption } from "../contract/sla";
import { exact, figureOf, rounded } from "./availability";
import { callProbability } from "./call-probability";
import { directCallees, type GraphIndex } from "./callees";
import { type Ceiling, ceilingOf } from "./ceiling";
import { type ChangedCallee, changeCallees, unmasked } from "./changed-callees";
import { confidenceOf } from "./confidence";
import type { Objectives } from "./objectives";
import { ownAvailability, recordsRequests } from "./own-availability";
import { type Reach, reachableCeiling } from "./reachable-ceiling";
import { verdictOf } from "./verdict";
import { type Changes, NO_CHANGES } from "./what-if";

const SERVICES = new Set(["service", "gateway", "mesh"]);
const ASSUMED: readonly SlaAssumption[] = [
  "direct_callees",
  "inclusive_rates",
  "hardness_1",
  "call_probability",
  "failures_apart",
];

/** All services of the graph, by name. Pure: the same graph, objectives and changes give the same answer. */
export function serviceSlas(
  graph: Graph,
  index: GraphIndex,
  objectives: Objectives,
  changes: Changes = NO_CHANGES,
): ServiceSla[] {
  const book = new Book(index, objectives, changes, graph.sample.weightsKnown);
  return graph.nodes
    .filter(({ kind }) => SERVICES.has(kind))
    .map((node) => book.service(node))
    .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
}

interface NodeFacts {
  readonly counted: readonly ChangedCallee[];
  readonly notCounted: ServiceSla["notCounted"];
  readonly own: number | null;
  readonly reach: readonly Reach[];
}

/** A callee with what it costs its caller. */
interface Spender {
  readonly id: string;
  readonly loss: number;
}

class Book {
  private readonly facts = new Map<string, NodeFacts>();

  constructor(
    private readonly graph: GraphIndex,
    private readonly objectives: Objectives,
    private readonly changes: Changes,
    private readonly weightsKnown: boolean,
  ) {}

  service(node: GraphNode): ServiceSla {
    const target = this.objectives.get(node.id)?.availability ?? null;
    const known = recordsRequests(node);
    const { notCounted } = this.factsOf(node.id);
    const declared = this.declared(node, target, known);
    return {
      id: node.id,
      name: node.name,
      target: target === null ? null : figureOf(target),
      verdict: verdictOf(target, declared.ceiling, declared.missing.length > 0),
      declared: {
        ...figures(declared.ceiling),
        atMost: declared.missing.length > 0,
        callees: declared.callees,
        missing: declared.missing,
        equalSplit: equalSplit(target, declared.callees.length),
      },
      observed: this.observed(node, target, known),
      notCounted,
    };
  }

  private declared(node: GraphNode, target: number | null, known: boolean) {
    const { counted } = this.factsOf(node.id);
    const spenders = counted.flatMap((callee) =>
      callee.objective === null ? [] : [{ id: callee.id, loss: exact((1 - callee.objective) * unmasked(callee)) }],
    );
    const spending = spendingOf(spenders, target);
    const callees = counted
      .map((callee): DeclaredCallee => {
        const { objective, fallback } = callee;
        return { ...who(callee), objective, fallback, ...(spending.get(callee.id) ?? NOTHING_SPENT) };
      })
      .sort(byLoss);
    const missing = callees.filter(({ objective }) => objective === null).map(({ id }) => id);
    // Without a single objective nothing is known; a service that records nothing may call whom it likes unseen.
    const nothingKnown = !known || (spenders.length === 0 && missing.length > 0);
    return { callees, missing, ceiling: nothingKnown ? null : ceilingOf(spenders.map(({ loss }) => loss)) };
  }

  private observed(node: GraphNode, target: number | null, known: boolean): ServiceSla["observed"] {
    const { counted, own } = this.factsOf(node.id);
    const requests = known ? node.calls : 0;
    const seen = requests > 0 ? counted.filter(({ publish }) => !publish) : [];
    const rates = seen.map((callee) => {
      const calls = total(callee, "calls");
      const errors = total(callee, "errors");
      const p = callProbability(node, callee);
      const loss = exact(p * (errors / calls) * unmasked(callee));
      return { ...who(callee), calls, errors, availability: exact(1 - errors / calls), callProbability: p, loss };
    });
    const spending = spendingOf(rates, target);
    const ceiling = requests > 0 ? ceilingOf(rates.map(({ loss }) => loss)) : null;
    const reachable = ceiling ? this.reachable(node.id) : null;
    const ownOfService = requests > 0 ? own : null;
    return {
      ...figures(ceiling),
      verdict: verdictOf(target, ceiling),
      callees: rates.map((rate): ObservedCallee => ({ ...rate, ...spending.get(rate.id)! })).sort(byLoss),
      measured: requests > 0 ? figureOf(1 - node.errors / requests) : null,
      own: ownOfService,
      reachable,
      expected: ownOfService !== null && reachable !== null ? figureOf(ownOfService * reachable) : null,
      assumed: this.weightsKnown ? [...ASSUMED] : [...ASSUMED, "sampling_unknown"],
      confidence: confidenceOf(requests, requests > 0 ? node.errors : 0, target),
    };
  }

  private reachable(start: string): number {
    return reachableCeiling(
      this.graph,
      start,
      (id) => this.factsOf(id).reach,
      (id) => this.factsOf(id).own,
    );
  }

  private factsOf(id: string): NodeFacts {
    let facts = this.facts.get(id);
    if (!facts) {
      facts = this.read(id);
      this.facts.set(id, facts);
    }
    return facts;
  }

  private read(id: string): NodeFacts {
    const node = this.graph.nodes.get(id);
    const direct = directCallees(this.graph, id, this.objectives);
    const changed = changeCallees(direct, this.objectives, this.changes, id);
    return {
      counted: changed.counted,
      notCounted: [...changed.notCounted],
      // What happened stays what it was: a change does not make a service's own code fail more.
      own: node ? ownAvailability(this.graph, node, direct.counted) : null,
      reach: node
        ? changed.counted
            .filter(({ publish }) => !publish)
            .map((callee) => ({ id: callee.id, weight: callProbability(node, callee) * unmasked(callee) }))
        : [],
    };
  }
}

const who = ({ id, name, kind, edges }: ChangedCallee) => ({ id, name, kind, edges: edges.map((edge) => edge.id) });

const total = ({ edges }: ChangedCallee, count: "calls" | "errors"): number =>
  edges.reduce((sum, edge) => sum + edge[count], 0);

const figures = (ceiling: Ceiling | null): Pick<ServiceSla["declared"], "best" | "independent" | "worst"> => ({
  best: ceiling && figureOf(ceiling.best),
  independent: ceiling && figureOf(ceiling.independent),
  worst: ceiling && figureOf(ceiling.worst),
});

type Spending = Pick<ObservedCallee, "loss" | "lossShare" | "budgetMultiple" | "ceilingWithout">;

const NOTHING_SPENT = { loss: null, lossShare: null, budgetMultiple: null, ceilingWithout: null };

/** What spends the budget: each callee's part of the loss, in budgets of the caller, and the ceiling with it repaired. */
function spendingOf(spenders: readonly Spender[], target: number | null): Map<string, Spending> {
  const whole = spenders.reduce((sum, { loss }) => sum + loss, 0);
  const budget = target === null ? 0 : exact(1 - target);
  return new Map(
    spenders.map(({ id, loss }) => [
      id,
      {
        loss,
        lossShare: whole > 0 ? exact(Math.min(1, loss / whole)) : null,
        budgetMultiple: budget > 0 ? rounded(loss / budget) : null,
        ceilingWithout: ceilingOf(spenders.flatMap((other) => (other.id === id ? [] : [other.loss]))).independent,
      },
    ]),
  );
}

/** What each of n callees would have to promise, were they all alike. */
const equalSplit = (target: number | null, callees: number): ServiceSla["declared"]["equalSplit"] =>
  target === null || callees === 0
    ? null
    : { independent: exact(target ** (1 / callees)), halfBudget: exact(1 - (1 - target) / (2 * callees)) };

/** Largest loss first, unknown last, ties by id. */
const byLoss = (a: { id: string; loss: number | null }, b: { id: string; loss: number | null }): number =>
  (b.loss ?? -1) - (a.loss ?? -1) || (a.id < b.id ? -1 : 1);

// Makes the graph answer from counted calls: names instead of numbers, quantiles instead of buckets, and for everything that
// has no calls in the window the reason why. Pure; the same totals give the same answer.
import type {
  EdgeDetail,
  ElementState,
  Graph,
  GraphEdge,
  GraphNode,
  NodeDetail,
  Perspective,
  Quantiles,
} from "../contract/graph";
import type { Directory } from "../domain/directory";
import { hash32, hexOfWords } from "../domain/ids";
import { CANARY_ENVIRONMENT, DEMO_ENVIRONMENT, EDGE_KINDS, type NodeIdentity, SENDING_KINDS } from "../domain/node";
import { Exemplar, Measure } from "./call-table";
import type { CallTotals, Total } from "./call-totals";
import { CallKind, type EdgeBook, type EdgeKey } from "./edge-book";
import { serviceRoles } from "./service-roles";

const ASKED = [0.5, 0.9, 0.95, 0.99];
const MS_PER_MINUTE = 60_000;

/** First and last minute in which an edge had calls, over everything that is kept. */
export interface Seen {
  readonly firstMinute: number;
  readonly lastMinute: number;
}

export interface GraphFacts {
  readonly directory: Pick<Directory, "node">;
  readonly edges: Pick<EdgeBook, "key" | "kind" | "callee">;
  /** Calls of the window, by edge. */
  readonly totals: CallTotals;
  readonly history: ReadonlyMap<number, Seen>;
  /** [from, to) in Unix minutes; the time of the question, Unix milliseconds, where calls may still come. */
  readonly window: { readonly from: number; readonly to: number; readonly askedMs?: number };
  readonly version: number;
}

export interface GraphQuestion {
  /** null: the one with most spans in the window. */
  readonly environment: string | null;
  readonly perspective: Perspective;
  /** Edges last seen before this minute are forgotten. */
  readonly rememberFrom: number;
}

/** The public id of an edge: stable over restarts, short enough for a URL. */
export function edgeId(key: {
  environment: string;
  kind: string;
  caller: string;
  callee: string;
  via: string | null;
}): string {
  const text = [key.environment, key.kind, key.caller, key.callee, key.via ?? ""].join("\0");
  return [1, 2].map((seed) => hash32(text, seed).toString(16).padStart(8, "0")).join("");
}

/** Environments by spans in the window, most first; ties by name. That of the product's own traces is not among them. */
export function environmentsOf({ directory, edges, totals }: GraphFacts): { name: string; spans: number }[] {
  const spans = new Map<string, number>();
  for (const { edge, counts } of totals.entries()) {
    if (edges.kind(edge) !== CallKind.SPANS) continue;
    const { environment } = directory.node(edges.callee(edge));
    if (environment === CANARY_ENVIRONMENT) continue;
    spans.set(environment, (spans.get(environment) ?? 0) + counts.calls);
  }
  return [...spans]
    .map(([name, count]) => ({ name, spans: count }))
    .sort((a, b) => b.spans - a.spans || (a.name < b.name ? -1 : 1));
}

/** The same edges are always in the same order: two may differ in their topic or kind alone. */
const byEnds = (a: GraphEdge, b: GraphEdge): number =>
  compare(a.caller, b.caller) ||
  compare(a.callee, b.callee) ||
  compare(a.via ?? "", b.via ?? "") ||
  compare(a.kind, b.kind);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function buildGraph(facts: GraphFacts, question: GraphQuestion): Graph {
  const environments = environmentsOf(facts);
  const environment = question.environment ?? defaultOf(environments) ?? newestEnvironment(facts);
  const builder = new Builder(facts, environment, question);
  return builder.graph(environments);
}

/** The one with most spans; the demo only where there is nothing else. */
const defaultOf = (environments: Graph["environments"]): string | undefined =>
  (environments.find(({ name }) => name !== DEMO_ENVIRONMENT) ?? environments[0])?.name;

/** Without spans in the window: the environment in which something was seen last. */
function newestEnvironment({ directory, edges, history }: GraphFacts): string {
  let newest = { minute: Number.NEGATIVE_INFINITY, environment: "" };
  for (const [edge, { lastMinute }] of history) {
    const environment = environmentOf(directory, edges.key(edge));
    if (lastMinute > newest.minute && environment !== CANARY_ENVIRONMENT) newest = { minute: lastMinute, environment };
  }
  return newest.environment;
}

const environmentOf = (directory: GraphFacts["directory"], key: EdgeKey): string =>
  directory.node(key.callee || key.caller).environment;

/** The kinds of calls that are edges of the graph: the index of their name in EDGE_KINDS. */
type EdgeOfGraph = 0 | 1 | 2 | 3;

/** Everything that is known of a node while its edges are being walked. */
interface NodeDraft {
  readonly identity: NodeIdentity;
  own: Total | undefined;
  inbound: Total[];
  /** It has sent spans within what is remembered, in the window or not. */
  everSent: boolean;
  spans: number;
  orphans: number;
  unpaired: number;
  publishes: number;
  firstMinute: number;
  lastMinute: number;
}

class Builder {
  /** Thousands of edges were first and last seen in a few minutes. */
  private readonly times = new Map<number, string | null>();
  private readonly drafts = new Map<number, NodeDraft>();
  private readonly edgeList: GraphEdge[] = [];
  private weightsKnown = true;
  private paired = 0;
  private calls = 0;
  private selfCalls = 0;

  constructor(
    private readonly facts: GraphFacts,
    private readonly environment: string,
    private readonly question: GraphQuestion,
  ) {}

  graph(environments: Graph["environments"]): Graph {
    this.walk();
    const { perspective } = this.question;
    const drafts = [...this.drafts.values()];
    const roles = serviceRoles(
      drafts.map(({ identity }) => identity),
      this.edgeList,
      perspective,
    );
    const sending = new Set(drafts.filter(({ spans }) => spans > 0).map(({ identity }) => identity.id));
    const callersOf = new Map<string, string[]>();
    for (const { caller, callee, via } of this.edgeList) {
      callersOf.set(callee, [...(callersOf.get(callee) ?? []), caller]);
      if (via) callersOf.set(via, [...(callersOf.get(via) ?? []), caller]);
    }
    const nodes = drafts.map((draft) => {
      const { id } = draft.identity;
      const callersSend = (callersOf.get(id) ?? []).some(
        (caller) => sending.has(caller) || caller.startsWith("topic:"),
      );
      return this.node(draft, roles.get(id) ?? null, callersSend);
    });
    const edges = this.edgeList.map((edge) =>
      edge.calls > 0
        ? edge
        : { ...edge, state: sending.has(edge.caller) ? ("no_calls" as const) : ("no_data" as const) },
    );
    return {
      version: this.facts.version,
      window: windowOf(this.facts.window),
      environment: this.environment,
      environments,
      perspective,
      sample: { weightsKnown: this.weightsKnown && this.calls > 0 },
      stats: {
        spans: sum(nodes, (node) => node.spans),
        orphans: sum(nodes, (node) => node.orphans),
        unpairedClients: sum(nodes, (node) => node.unpairedClients),
        calls: this.calls,
        paired: this.paired,
        selfCalls: this.selfCalls,
      },
      nodes: nodes.sort((a, b) => (a.id < b.id ? -1 : 1)),
      edges: edges.sort(byEnds),
    };
  }

  private walk(): void {
    const { facts } = this;
    const seen = new Set<number>();
    for (const total of facts.totals.entries()) {
      seen.add(total.edge);
      this.take(facts.edges.key(total.edge), total, facts.history.get(total.edge), total.edge);
    }
    for (const [edge, history] of facts.history) {
      if (seen.has(edge) || history.lastMinute < this.question.rememberFrom || history.firstMinute >= facts.window.to)
        continue;
      this.take(facts.edges.key(edge), undefined, history, edge);
    }
  }

  private take(key: EdgeKey, total: Total | undefined, history: Seen | undefined, edge: number): void {
    if (environmentOf(this.facts.directory, key) !== this.environment) return;
    const first = Math.min(
      total?.firstMinute ?? Number.POSITIVE_INFINITY,
      history?.firstMinute ?? Number.POSITIVE_INFINITY,
    );
    const last = Math.max(
      total?.lastMinute ?? Number.NEGATIVE_INFINITY,
      history?.lastMinute ?? Number.NEGATIVE_INFINITY,
    );
    const node = (id: number): NodeDraft => this.draft(id, first, last);
    const calls = total?.counts.calls ?? 0;
    switch (key.kind) {
      case CallKind.OWN:
        node(key.callee).own = total;
        return;
      case CallKind.SPANS:
        node(key.callee).spans += calls;
        node(key.callee).everSent = true;
        return;
      case CallKind.ORPHAN:
        node(key.callee).orphans += calls;
        return;
      case CallKind.UNPAIRED:
        node(key.caller).unpaired += calls;
        return;
      case CallKind.PUBLISH:
        node(key.caller);
        if (key.callee) node(key.callee).publishes += calls;
        return;
      default:
        this.edge(key, total, first, last, edge);
    }
  }

  private edge(key: EdgeKey, total: Total | undefined, first: number, last: number, edge: number): void {
    const { directory } = this.facts;
    const caller = this.draft(key.caller, first, last);
    const callee = this.draft(key.callee, first, last);
    const via = key.via === 0 ? null : this.draft(key.via, first, last);
    if (total) {
      callee.inbound.push(total);
      via?.inbound.push(total);
      this.calls += total.counts.calls;
      this.paired += total.counts.paired;
      if (key.caller === key.callee) this.selfCalls += total.counts.calls;
      if (total.counts.unweighted > 0) this.weightsKnown = false;
    }
    const names = {
      caller: caller.identity.id,
      callee: callee.identity.id,
      via: via?.identity.id ?? null,
      kind: EDGE_KINDS[key.kind as EdgeOfGraph],
    };
    const counts = total?.counts;
    this.edgeList.push({
      id: edgeId({ environment: environmentOf(directory, this.facts.edges.key(edge)), ...names }),
      ...names,
      inferred: counts ? counts.clientOnly === counts.calls : !SENDING_KINDS.has(callee.identity.kind),
      state: "active",
      calls: counts?.calls ?? 0,
      estimatedCalls: !counts || counts.unweighted > 0 ? null : total.weight,
      logicalCalls: null,
      ...this.errorsOf(total ? [total] : []),
      latency: {
        client: this.quantiles(total ? [total] : [], Measure.CLIENT),
        server: this.quantiles(total ? [total] : [], Measure.SERVER),
        gap: this.quantiles(total ? [total] : [], Measure.GAP),
      },
      confidence: { paired: counts?.paired ?? 0, n: counts?.calls ?? 0 },
      firstSeen: this.time(first),
      lastSeen: this.time(last),
      exemplars: this.exemplars(total ? [total] : []),
    });
  }

  private draft(id: number, first: number, last: number): NodeDraft {
    let draft = this.drafts.get(id);
    if (!draft) {
      draft = {
        identity: this.facts.directory.node(id),
        own: undefined,
        inbound: [],
        everSent: false,
        spans: 0,
        orphans: 0,
        unpaired: 0,
        publishes: 0,
        firstMinute: first,
        lastMinute: last,
      };
      this.drafts.set(id, draft);
    }
    draft.firstMinute = Math.min(draft.firstMinute, first);
    draft.lastMinute = Math.max(draft.lastMinute, last);
    return draft;
  }

  private node(draft: NodeDraft, role: GraphNode["role"], callersSend: boolean): GraphNode {
    const { identity, own, inbound } = draft;
    // A service is known by the requests that it recorded itself; what records none, by the calls that reach it.
    const counted = own ? [own] : inbound;
    const calls = sum(counted, ({ counts }) => counts.calls);
    const known = counted.length > 0 && counted.every(({ counts }) => counts.unweighted === 0);
    const measure = own ? Measure.SERVER : Measure.CLIENT;
    return {
      id: identity.id,
      name: identity.name,
      kind: identity.kind,
      system: identity.system,
      ...(identity.aliases && { aliases: [...identity.aliases] }),
      role,
      state: stateOf(draft, calls, callersSend),
      calls,
      estimatedCalls: known ? sum(counted, ({ weight }) => weight) : null,
      ...this.errorsOf(counted),
      latency: this.quantiles(counted, measure),
      spans: draft.spans,
      orphans: draft.orphans,
      unpairedClients: draft.unpaired,
      publishes: draft.publishes,
      firstSeen: this.time(draft.firstMinute),
      lastSeen: this.time(draft.lastMinute),
    };
  }

  private time(minute: number): string | null {
    let time = this.times.get(minute);
    if (time === undefined) {
      time = timeOf(minute);
      this.times.set(minute, time);
    }
    return time;
  }

  private errorsOf(totals: readonly Total[]): Pick<GraphEdge, "errors" | "errorsBy"> {
    return errorsOf(totals);
  }

  private quantiles(totals: readonly Total[], measure: Measure): Quantiles {
    return quantilesOf(this.facts.totals, totals, measure);
  }

  private exemplars(totals: readonly Total[]): GraphEdge["exemplars"] {
    return exemplarsOf(this.facts.totals, totals);
  }
}

function stateOf(draft: NodeDraft, calls: number, callersSend: boolean): ElementState {
  const { identity } = draft;
  if (SENDING_KINDS.has(identity.kind) && !draft.everSent) return "not_instrumented";
  if (calls > 0 || draft.spans > 0 || draft.publishes > 0 || identity.kind === "entry") return "active";
  return callersSend ? "no_calls" : "no_data";
}

function errorsOf(totals: readonly Total[]): Pick<GraphEdge, "errors" | "errorsBy"> {
  const errorsBy = {
    callee: sum(totals, ({ counts }) => counts.callee),
    between: sum(totals, ({ counts }) => counts.between),
    clientError: sum(totals, ({ counts }) => counts.clientError),
    throttled: sum(totals, ({ counts }) => counts.throttled),
  };
  return { errors: errorsBy.callee + errorsBy.between, errorsBy };
}

function quantilesOf(source: CallTotals, totals: readonly Total[], measure: Measure): Quantiles {
  const { us, samples } = source.quantiles(
    totals.map(({ row }) => row),
    measure,
    ASKED,
  );
  const [p50Ms, p90Ms, p95Ms, p99Ms] = us.map((value) => (value === null ? null : value / 1000));
  return { p50Ms: p50Ms ?? null, p90Ms: p90Ms ?? null, p95Ms: p95Ms ?? null, p99Ms: p99Ms ?? null, samples };
}

function exemplarsOf(source: CallTotals, totals: readonly Total[]): GraphEdge["exemplars"] {
  const find = (which: number): string | null => {
    for (const { row } of totals) {
      const words = source.exemplar(row, which);
      if (words) return hexOfWords(words, 0, 4);
    }
    return null;
  };
  return { error: find(Exemplar.ERROR), slow: find(Exemplar.SLOW), any: find(Exemplar.ANY) };
}

const sum = <T>(list: readonly T[], of: (item: T) => number): number =>
  list.reduce((total, item) => total + of(item), 0);

export const timeOf = (minute: number): string | null =>
  Number.isFinite(minute) ? new Date(minute * MS_PER_MINUTE).toISOString() : null;

const windowOf = ({ from, to, askedMs = Number.POSITIVE_INFINITY }: GraphFacts["window"]): Graph["window"] => {
  const [fromMs, toMs] = [from * MS_PER_MINUTE, to * MS_PER_MINUTE];
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    minutes: to - from,
    until: new Date(Math.min(toMs, Math.max(fromMs, askedMs))).toISOString(),
  };
};

/** Calls by operation for a panel, most calls first. `totals` must be by operation. */
export function operationsOf(directory: Directory, totals: CallTotals, measure: Measure): EdgeDetail["operations"] {
  const byName = new Map<string, Total[]>();
  for (const total of totals.entries()) {
    const name = directory.operation(total.operation);
    byName.set(name, [...(byName.get(name) ?? []), total]);
  }
  return [...byName]
    .map(([name, list]) => {
      const { p50Ms, p99Ms } = quantilesOf(totals, list, measure);
      return { name, calls: sum(list, ({ counts }) => counts.calls), errors: errorsOf(list).errors, p50Ms, p99Ms };
    })
    .sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1));
}

/** Example traces of all totals together. */
export const exemplarsOfAll = (totals: CallTotals): NodeDetail["exemplars"] =>
  exemplarsOf(totals, [...totals.entries()]);

// What each role asks of a team, aspect by aspect, with the team's own numbers: of a service that others stand on, and of one that
// stands on others. What traces do not tell is said to be unknown.
// Source: the guide's table "Upstream vs Downstream in Microservices".
import type { GraphNode } from "@/lib/contract/graph";
import type { ServiceSla } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText, formatCount, formatMs, formatRate, formatShare, plural } from "@/lib/domain/format-number";
import type { Standing } from "@/lib/graph/standing";
import { outlives } from "@/lib/overlays/sla";

export interface AdviceFacts {
  readonly node: GraphNode;
  readonly standing: Standing;
  /** Null while it is not known. */
  readonly sla: ServiceSla | null;
  /** Over which rates are told. */
  readonly minutes: number;
}

interface Aspect {
  readonly title: string;
  /** As one that is called, or whose messages are worked on. */
  readonly stoodOn: (facts: AdviceFacts) => string | null;
  /** As one that calls, or works on messages of others. Null: there is nothing to say. */
  readonly standsOn: (facts: AdviceFacts) => string | null;
}

const NAMED = 8;

/** `a, b and 3 more`. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMED);
  return names.length > NAMED ? `${shown.join(", ")} and ${names.length - NAMED} more` : shown.join(", ");
}

const counted = (names: readonly string[]): string => `${names.length}: ${list(names)}`;

export const verb = (count: number, one: string, many: string): string => (count === 1 ? one : many);

/** Sentences that have something to say. */
const sentences = (...parts: readonly (string | false | null)[]): string | null =>
  parts.filter((part) => part !== false && part !== null && part !== "").join(" ") || null;

const union = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())].sort();

/** Who has to go along with its changes, and whose it has to go along with. */
const needing = ({ standing: { callers, consumers } }: AdviceFacts): string[] => union(callers, consumers);
const contracts = ({ standing: { callees, producers } }: AdviceFacts): string[] => union(callees, producers);
/** What it calls: what fails there can fail it. */
const needed = ({ standing: { callees, stores } }: AdviceFacts): string[] => [...callees, ...stores];

const recordsNothing = ({ node }: AdviceFacts): boolean => node.state === "not_instrumented";

/** What of its calls failed most in this window; null when nothing failed. Its part of the loss is null where that is not known. */
function spenderOf({ standing: { called }, sla }: AdviceFacts) {
  const most = sla?.observed.callees[0];
  if (most && most.errors > 0) return most;
  const [worst] = called;
  return worst && worst.errors > 0 ? { ...worst, lossShare: null } : null;
}

/** Its part of the loss; where the service outlives failures, attempts are no loss. */
function lossText({ sla }: AdviceFacts, lossShare: number | null): string {
  if (sla && outlives(sla)) return ", some of which it outlives";
  return lossShare === null ? "" : `, ${asText(formatShare(lossShare, 1))} of the loss`;
}

function cachesOf(facts: AdviceFacts): string {
  const { caches } = facts.standing;
  if (recordsNothing(facts)) return "Whether it uses a cache is not known.";
  return caches.length > 0 ? `It uses ${plural(caches.length, "cache")}: ${list(caches)}.` : "No cache of it was seen.";
}

export const ASPECTS: readonly Aspect[] = [
  {
    title: "Role",
    stoodOn: ({ standing: { callers, consumers } }) =>
      sentences(
        callers.length > 0 && `Provides data or functions to ${counted(callers)}.`,
        consumers.length > 0 && `Its messages go to ${counted(consumers)}.`,
      ),
    standsOn: ({ standing: { callees, stores, producers } }) =>
      sentences(
        callees.length > 0 && `Uses data or functions of ${counted(callees)}.`,
        stores.length > 0 && `Stores in ${counted(stores)}.`,
        producers.length > 0 && `Works on messages of ${counted(producers)}.`,
      ),
  },
  {
    title: "Depends on",
    stoodOn(facts) {
      if (recordsNothing(facts)) return "What it needs itself is not known: it sends no spans.";
      const direct = needed(facts).length;
      if (direct === 0) return "It calls nobody itself.";
      const through = facts.standing.neededThrough;
      return `${direct + through} itself${through > 0 ? `, ${through} of them through others` : ""}: each is one more way to fail for those that stand on it.`;
    },
    standsOn(facts) {
      const direct = needed(facts);
      if (direct.length === 0) return "Nobody in order to answer: it calls none.";
      const through = facts.standing.neededThrough;
      return `${counted(direct)}${through > 0 ? `; through them on ${through} more` : ""}.`;
    },
  },
  {
    title: "If it fails",
    stoodOn: ({ node, standing: { failing, entryShare, waiting } }) =>
      sentences(
        failing > 0 &&
          `${plural(failing, "service")} would fail with ${node.name}${
            entryShare === null ? "" : `, and at most ${asText(formatShare(entryShare, 1))} of the calls from outside`
          }.`,
        waiting.length > 0 &&
          `${list(waiting)} ${verb(waiting.length, "goes", "go")} on, without anything new to work on.`,
      ),
    standsOn(facts) {
      const { producers, users } = facts.standing;
      const ends = needing(facts).length === 0;
      return sentences(
        ends && (users ? "It ends there: no service needs it, its users do." : "It ends there: no service needs it."),
        !ends &&
          needed(facts).length > 0 &&
          "What fails there goes on to those that stand on it, unless a fallback stops it.",
        producers.length > 0 &&
          `It waits when ${list(producers)} ${verb(producers.length, "sends", "send")} nothing, and does not fail.`,
      );
    },
  },
  {
    title: "Uptime",
    stoodOn({ standing: { callers }, sla }) {
      if (callers.length === 0) return "Its consumers are not limited by it: messages break the chain.";
      if (!sla) return null;
      const theirs = callers.length === 1 ? "its caller" : `its ${callers.length} callers`;
      return sla.target
        ? `It declares ${asText(formatAvailability(sla.target.availability))}: the ceiling of ${theirs}, who can promise more only with a fallback.`
        : `It declares no objective, so ${theirs} cannot say what to promise.`;
    },
    standsOn: (facts) =>
      needed(facts).length === 0
        ? "Nobody that sends it messages limits it: messages break the chain."
        : facts.sla && ceilingText(facts.sla),
  },
  {
    title: "Contract",
    stoodOn: (facts) =>
      `It defines and maintains what ${plural(needing(facts).length, "service relies", "services rely")} on.`,
    standsOn(facts) {
      const followed = contracts(facts);
      return followed.length > 0
        ? `It follows the ${verb(followed.length, "contract", "contracts")} of ${counted(followed)}.`
        : null;
    },
  },
  {
    title: "Releases",
    stoodOn(facts) {
      const direct = needing(facts).length;
      const all = facts.standing.failing + facts.standing.waiting.length;
      return `High risk: a breaking change reaches ${plural(direct, "service")} directly${all > direct ? `, ${all} in all` : ""}.`;
    },
    standsOn: (facts) =>
      needing(facts).length === 0
        ? "Lower risk: no service stands on it, so it can be released on its own."
        : "Lower risk on this side: what it uses does not notice.",
  },
  {
    title: "Versions",
    stoodOn: (facts) => `Keep the contract backward compatible, for ${plural(needing(facts).length, "service")}.`,
    standsOn(facts) {
      const followed = contracts(facts);
      if (followed.length === 0) return null;
      return `Adapt when ${followed.length === 1 ? followed[0] : `one of ${followed.length}`} changes its interface.`;
    },
  },
  {
    title: "Caching",
    stoodOn: (facts) => `May keep what it works out, behind a stable interface. ${cachesOf(facts)}`,
    standsOn(facts) {
      const { node, standing } = facts;
      if (standing.callees.length === 0) return null;
      const [busiest] = standing.called.filter(({ store }) => !store).sort((a, b) => b.calls - a.calls);
      const requests =
        node.calls > 0 ? ` in ${asText(formatCount(node.calls))} ${verb(node.calls, "request", "requests")}` : "";
      return sentences(
        "Keep answers that can be used again, to depend less on others.",
        busiest !== undefined &&
          busiest.calls > 0 &&
          `Most calls go to ${busiest.name}: ${asText(formatCount(busiest.calls))}${requests}.`,
        cachesOf(facts),
      );
    },
  },
  {
    title: "Testing",
    stoodOn: (facts) =>
      `Stability, performance and backward compatibility: what ${plural(needing(facts).length, "service relies", "services rely")} on.`,
    standsOn(facts) {
      const followed = contracts(facts);
      const spender = spenderOf(facts);
      return sentences(
        followed.length > 0 && `Contract tests with ${followed.length === 1 ? followed[0] : `all ${followed.length}`}.`,
        needed(facts).length > 0 &&
          (spender
            ? `Resilience tests and fallback paths, first for ${spender.name}.`
            : "Resilience tests and fallback paths: no failure put them to the test in this window."),
      );
    },
  },
  {
    title: "Watch",
    stoodOn: ({ node, minutes }) =>
      node.calls > 0
        ? `Throughput, latency and errors, which reach all of them: ${asText(formatRate(node.calls, minutes))}, p99 ${asText(formatMs(node.latency.p99Ms))}, ${asText(formatShare(node.errors, node.calls))}.`
        : "Throughput, latency and errors, which reach all of them: no requests were measured in this window.",
    standsOn(facts) {
      const { node, minutes } = facts;
      if (needed(facts).length === 0) return `Whether messages still come: ${asText(formatRate(node.calls, minutes))}.`;
      const spender = spenderOf(facts);
      return sentences(
        spender
          ? `${spender.name} costs it most: ${asText(formatShare(spender.errors, spender.calls))} of the calls there failed${lossText(facts, spender.lossShare)}.`
          : facts.standing.called.some(({ calls }) => calls > 0)
            ? "None of its calls failed in this window."
            : "It made no calls in this window.",
        "How often a timeout or a fallback stepped in is not known from traces.",
      );
    },
  },
  {
    title: "Changes",
    stoodOn: (facts) => `Announce changes to: ${list(needing(facts))}.`,
    standsOn: (facts) =>
      sentences(
        needing(facts).length === 0 && "No service has to be told when it changes.",
        contracts(facts).length > 0 && `Listen for changes of: ${list(contracts(facts))}.`,
      ),
  },
];

/** Declared where something is declared, else observed; never both. */
function ceilingText(sla: ServiceSla): string {
  const { declared, observed } = sla;
  const said = declared.callees.length - declared.missing.length;
  if (declared.independent && said > 0) {
    const ceiling = asText(formatAvailability(declared.independent.availability));
    const missing = declared.missing.length;
    return missing > 0
      ? `Its ceiling is at most ${ceiling}: ${missing} of its ${declared.callees.length} ${verb(missing, "declares", "declare")} nothing.`
      : `Its ceiling is ${ceiling} if their outages are independent, by what they declare.`;
  }
  if (!observed.independent || observed.callees.length === 0)
    return "No ceiling is known: no requests with calls were counted in this window.";
  if (outlives(sla))
    return `${asText(formatAvailability(observed.measured?.availability ?? null))} was measured, more than failures of what it calls allow: it outlives them, by retries or fallbacks for instance.`;
  // A few calls that went well are no promise.
  if (observed.independent.availability === 1)
    return "No ceiling was observed, because nothing that it calls failed; none of them declares an objective.";
  return `Its ceiling is ${asText(formatAvailability(observed.independent.availability))}, by what was observed: none of them declares an objective.`;
}

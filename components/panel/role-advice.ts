// What the role of a service asks of its team, with the team's own numbers: as one that others stand on, and as one that stands
// on others. The words follow the perspective; messages run from publisher to consumer in both.
// Source: the guide's table "Upstream vs Downstream in Microservices".
import type { GraphNode } from "@/lib/contract/graph";
import type { ServiceSla } from "@/lib/contract/sla";
import { formatAvailability } from "@/lib/domain/format-availability";
import { asText, formatMs, formatRate, formatShare, plural } from "@/lib/domain/format-number";
import { type PerspectiveName, perspectiveWords } from "@/lib/domain/perspective";
import type { Standing } from "@/lib/graph/standing";

export interface AdviceSide {
  readonly id: "stood-on" | "stands-on";
  /** `Upstream` and `of 3 that call it`; without a word for what is no role. */
  readonly stands: readonly { readonly word: string; readonly of: string }[];
  readonly rows: readonly { readonly title: string; readonly text: string }[];
}

interface Facts {
  readonly node: GraphNode;
  readonly standing: Standing;
  readonly perspective: PerspectiveName;
  /** Null while it is not known. */
  readonly sla: ServiceSla | null;
  /** Over which rates are told. */
  readonly minutes: number;
}

const NAMED = 8;

/** `a, b and 3 more`. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, NAMED);
  return names.length > NAMED ? `${shown.join(", ")} and ${names.length - NAMED} more` : shown.join(", ");
}

const verb = (count: number, one: string, many: string): string => (count === 1 ? one : many);

const theCallers = (count: number): string => (count === 1 ? "its caller" : `its ${count} callers`);

/** Sides that the service has; none for one that stands alone. */
export function adviceOf(facts: Facts): AdviceSide[] {
  return [stoodOn(facts), standsOn(facts)].flatMap((side) => side ?? []);
}

function stoodOn({ node, standing, perspective, sla, minutes }: Facts): AdviceSide | null {
  const { callers, consumers, waiting, failing, entryShare } = standing;
  const needing = [...new Set([...callers, ...consumers])].sort();
  if (needing.length === 0) return null;
  const rows = [];
  if (failing > 0)
    rows.push({
      title: "If it fails",
      text: `${plural(failing, "service")} would fail with ${node.name}${
        entryShare === null ? "" : `, and at most ${asText(formatShare(entryShare, 1))} of the calls from outside`
      }.`,
    });
  if (waiting.length > 0)
    rows.push({
      title: failing > 0 ? "Messages" : "If it fails",
      text: `${list(waiting)} ${verb(waiting.length, "goes", "go")} on, without anything new to work on.`,
    });
  if (callers.length > 0 && sla)
    rows.push({
      title: "Uptime",
      text: sla.target
        ? `It declares ${asText(formatAvailability(sla.target.availability))}: the ceiling of ${theCallers(callers.length)}, who can promise more only with a fallback.`
        : `It declares no objective, so ${theCallers(callers.length)} cannot say what to promise.`,
    });
  rows.push({
    title: "Changes",
    text: `Keep the contract backward compatible. Announce changes to: ${list(needing)}.`,
  });
  if (node.calls > 0)
    rows.push({
      title: "Watch",
      text: `Throughput, latency and errors, which reach all of them: ${asText(formatRate(node.calls, minutes))}, p99 ${asText(formatMs(node.latency.p99Ms))}, ${asText(formatShare(node.errors, node.calls))}.`,
    });
  const words = perspectiveWords(perspective);
  return {
    id: "stood-on",
    stands: [
      { word: words.callee, count: callers.length, of: `that ${verb(callers.length, "calls", "call")} it` },
      {
        word: "upstream",
        count: consumers.length,
        of: `that ${verb(consumers.length, "consumes", "consume")} its messages`,
      },
    ].flatMap(phrase),
    rows,
  };
}

function standsOn({ standing, perspective, sla }: Facts): AdviceSide | null {
  const { callees, producers, stores, neededThrough, callers, consumers, users } = standing;
  const needed = [...callees, ...stores];
  if (needed.length === 0 && producers.length === 0) return null;
  const rows = [];
  if (needed.length > 0) {
    rows.push({
      title: "Depends on",
      text: `${needed.length}: ${list(needed)}${neededThrough > 0 ? `; through them on ${neededThrough} more` : ""}.`,
    });
    const ceiling = sla && ceilingText(sla);
    if (ceiling) rows.push({ title: "Uptime", text: ceiling });
    const spender = sla?.observed.callees[0];
    if (spender)
      rows.push({
        title: "Protect",
        text:
          spender.errors > 0 && spender.lossShare !== null
            ? `${spender.name} costs it most: ${asText(formatShare(spender.errors, spender.calls))} of its calls failed, ${asText(formatShare(spender.lossShare, 1))} of the loss. A timeout, a fallback or a cache belongs there first.`
            : "None of its calls failed in this window. Timeouts, fallbacks and caches are for when they do.",
      });
  }
  if (producers.length > 0)
    rows.push({
      title: "Messages",
      text: `It waits when ${list(producers)} ${verb(producers.length, "sends", "send")} nothing, and does not fail.`,
    });
  const contracts = [...new Set([...callees, ...producers])].sort();
  if (contracts.length > 0)
    rows.push({
      title: "Changes",
      text: `Follow the ${verb(contracts.length, "contract", "contracts")} of ${list(contracts)}, with contract tests.`,
    });
  if (callers.length === 0 && consumers.length === 0)
    rows.push({
      title: "If it fails",
      text: users ? "It ends there: no service needs it, its users do." : "It ends there: no service needs it.",
    });
  const words = perspectiveWords(perspective);
  const alone = callees.length === 0 && producers.length === 0;
  return {
    id: "stands-on",
    stands: [
      { word: words.caller, count: callees.length, of: "that it calls" },
      {
        word: "downstream",
        count: producers.length,
        of: `whose messages it consumes`,
      },
      ...(alone
        ? [{ word: "", count: stores.length, of: verb(stores.length, "store that it uses", "stores that it uses") }]
        : []),
    ].flatMap(phrase),
    rows,
  };
}

const phrase = ({ word, count, of }: { word: string; count: number; of: string }): AdviceSide["stands"] =>
  count === 0 ? [] : [{ word, of: word === "" ? `${count} ${of}` : `of ${count} ${of}` }];

/** Declared where something is declared, else observed; never both. */
function ceilingText({ declared, observed }: ServiceSla): string | null {
  const said = declared.callees.length - declared.missing.length;
  if (declared.independent && said > 0) {
    const ceiling = asText(formatAvailability(declared.independent.availability));
    const missing = declared.missing.length;
    return missing > 0
      ? `Its ceiling is at most ${ceiling}: ${missing} of its ${declared.callees.length} ${verb(missing, "declares", "declare")} nothing.`
      : `Its ceiling is ${ceiling} if their outages are independent, by what they declare.`;
  }
  if (!observed.independent || observed.callees.length === 0) return null;
  // A few calls that went well are no promise.
  if (observed.independent.availability === 1)
    return "No ceiling was observed, because nothing that it calls failed; none of them declares an objective.";
  return `Its ceiling is ${asText(formatAvailability(observed.independent.availability))}, by what was observed: none of them declares an objective.`;
}

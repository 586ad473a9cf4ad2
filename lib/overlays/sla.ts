// What services may promise: ceilings from what their callees declare or deliver. Declared and observed are two views, never one.
import type { GraphEdge, GraphNode } from "../contract/graph";
import type { ServiceSla, Sla, SlaVerdict } from "../contract/sla";
import { formatAvailability } from "../domain/format-availability";
import { asText, formatShare } from "../domain/format-number";
import {
  type Display,
  type LegendEntry,
  type Level,
  NO_SHARE,
  type OverlayFacts,
  type OverlayKind,
  PLAIN,
} from "./overlay";

const LEVELS: Record<SlaVerdict, Level> = {
  impossible: "bad",
  unsupported: "warn",
  supported_if_independent: "none",
  safe: "none",
};

const marked = (text: string, level: Level = "none"): Display => ({
  level,
  text,
  share: NO_SHARE,
  absence: null,
  marked: true,
});

export type SlaSide = "declared" | "observed";

/** Which view is shown: the chosen one; without a choice the declared one, unless nobody declared anything. */
export const slaSide = (answer: Sla | null, option: string | null): SlaSide =>
  option === "declared" || option === "observed" ? option : promises(answer) ? "declared" : "observed";

/** Whether there is anything declared; taken for granted until the answer is there. */
const promises = (answer: Sla | null): boolean => answer === null || answer.configuration.objectives > 0;

/** Whether more was measured than its callees' failures would allow: retries or fallbacks outlive them, and no ceiling holds. */
export const outlives = ({ observed: { measured, best } }: ServiceSla): boolean =>
  measured !== null && best !== null && measured.availability > best.availability;

function observedOf(service: ServiceSla): Display {
  const { independent, measured, verdict, confidence } = service.observed;
  if (confidence.enough === false) return { ...PLAIN, text: "not enough traffic" };
  if (independent && independent.availability < 1 && !outlives(service))
    return marked(`≤ ${asText(formatAvailability(independent.availability))}`, verdict ? LEVELS[verdict] : "none");
  // What calls nobody, or nobody that failed, or outlives failures of its callees, is not limited by them.
  return measured ? marked(`${asText(formatAvailability(measured.availability))} measured`) : PLAIN;
}

function declaredOf({ declared, verdict, target }: ServiceSla): Display {
  if (declared.independent && declared.callees.some(({ objective }) => objective !== null))
    return marked(
      `≤ ${asText(formatAvailability(declared.independent.availability))}`,
      verdict ? LEVELS[verdict] : "none",
    );
  return target ? marked(`${asText(formatAvailability(target.availability))} declared`) : PLAIN;
}

const AGAINST_TARGET: readonly LegendEntry[] = [
  { level: "warn", text: "only if outages overlap" },
  { level: "bad", text: "impossible" },
];

export const sla: OverlayKind = {
  id: "sla",
  label: "SLA ceiling",
  hue: "sla",
  needsSla: true,
  options: [
    { value: "declared", label: "Declared" },
    { value: "observed", label: "Observed" },
  ],
  make({ sla: answer, option, subject }: OverlayFacts) {
    const side = slaSide(answer, option);
    const services = new Map(answer?.services.map((service) => [service.id, service]));
    const about = subject === null ? undefined : services.get(subject);
    const callees = about ? about[side].callees : [];
    const byEdge = new Map(callees.flatMap((callee) => callee.edges.map((edge) => [edge, callee] as const)));
    const direct = new Map(callees.map((callee) => [callee.id, callee]));
    const judged = promises(answer);
    const question =
      side === "observed"
        ? "from the calls of this window; select a service: what costs most?"
        : "select a service: what spends its budget?";
    return {
      id: "sla",
      label: "SLA ceiling",
      hue: "sla",
      legend: [
        { level: "none", marked: true, text: `${side} ceiling if independent` },
        // Without a target there is nothing that a ceiling could rule out.
        ...(judged ? AGAINST_TARGET : []),
      ],
      note: judged || side === "observed" ? question : "no objectives are declared in headwater.yaml",
      spotlight: about ? { nodes: new Set([about.id, ...direct.keys()]), edges: new Set(byEdge.keys()) } : null,
      node(node: GraphNode): Display {
        const callee = direct.get(node.id);
        if (callee && "objective" in callee)
          return callee.objective === null
            ? { ...PLAIN, text: "no objective" }
            : marked(`${asText(formatAvailability(callee.objective))} declared`);
        if (callee) return marked(`${asText(formatAvailability(callee.availability))} delivered`);
        const service = services.get(node.id);
        if (!service) return PLAIN;
        return side === "observed" ? observedOf(service) : declaredOf(service);
      },
      edge(edge: GraphEdge): Display {
        const callee = byEdge.get(edge.id);
        if (!callee) return PLAIN;
        if (callee.lossShare === null) return marked("");
        // One plate says of what; shorter ones leave names free.
        return marked(
          `${asText(formatShare(callee.lossShare, 1))}${callee.id === callees[0]?.id ? " of the loss" : ""}`,
        );
      },
    };
  },
};

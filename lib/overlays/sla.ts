// What services may promise: ceilings from what their callees declare or deliver. Declared and observed are two views, never one.
import type { GraphEdge, GraphNode } from "../contract/graph";
import type { ServiceSla, SlaVerdict } from "../contract/sla";
import { formatAvailability } from "../domain/format-availability";
import { asText, formatShare } from "../domain/format-number";
import { type Display, type Level, NO_SHARE, type OverlayFacts, type OverlayKind, PLAIN } from "./overlay";

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

function ofService(service: ServiceSla, option: string): Display {
  const { declared, observed, verdict, target } = service;
  if (option === "observed") {
    return observed.measured
      ? marked(
          asText(formatAvailability(observed.measured.availability)),
          observed.verdict ? LEVELS[observed.verdict] : "none",
        )
      : PLAIN;
  }
  if (declared.independent && declared.callees.some(({ objective }) => objective !== null))
    return marked(
      `≤ ${asText(formatAvailability(declared.independent.availability))}`,
      verdict ? LEVELS[verdict] : "none",
    );
  return target ? marked(`${asText(formatAvailability(target.availability))} declared`) : PLAIN;
}

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
    const services = new Map(answer?.services.map((service) => [service.id, service]));
    const about = subject === null ? undefined : services.get(subject);
    const callees = about ? (option === "observed" ? about.observed.callees : about.declared.callees) : [];
    const byEdge = new Map(callees.flatMap((callee) => callee.edges.map((edge) => [edge, callee] as const)));
    const direct = new Map(callees.map((callee) => [callee.id, callee]));
    const promises = answer === null || answer.configuration.objectives > 0;
    return {
      id: "sla",
      label: "SLA ceiling",
      hue: "sla",
      legend: [
        { level: "none", marked: true, text: "ceiling if independent" },
        { level: "warn", text: "only if outages overlap" },
        { level: "bad", text: "impossible" },
      ],
      note: promises ? "select a service: what spends its budget?" : "no objectives are declared in headwater.yaml",
      spotlight: about ? { nodes: new Set([about.id, ...direct.keys()]), edges: new Set(byEdge.keys()) } : null,
      node(node: GraphNode): Display {
        const callee = direct.get(node.id);
        if (callee && "objective" in callee)
          return callee.objective === null
            ? { ...PLAIN, text: "no objective" }
            : marked(`${asText(formatAvailability(callee.objective))} declared`);
        if (callee) return marked(asText(formatAvailability(callee.availability)));
        const service = services.get(node.id);
        return service ? ofService(service, option) : PLAIN;
      },
      edge(edge: GraphEdge): Display {
        const callee = byEdge.get(edge.id);
        if (!callee) return PLAIN;
        if (callee.lossShare === null) return marked("");
        return marked(`${asText(formatShare(callee.lossShare, 1))} of the loss`);
      },
    };
  },
};

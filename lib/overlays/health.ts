// Error rate against thresholds. Errors are failures of the callee and between the sides; 4xx and throttling stand apart.
import type { GraphEdge, GraphNode } from "../contract/graph";
import { asText, formatRate, formatShare } from "../domain/format-number";
import { absenceOf, absentDisplay, type Display, type Level, type Overlay } from "./overlay";

const DEGRADED = 0.001;
const FAILING = 0.01;

export function healthLevel(errors: number, calls: number): Level {
  if (calls === 0) return "none";
  const share = errors / calls;
  return share >= FAILING ? "bad" : share >= DEGRADED ? "warn" : "ok";
}

function display(errors: number, calls: number, text: string): Display {
  const level = healthLevel(errors, calls);
  const share = calls === 0 ? 0 : errors / calls;
  return {
    level,
    text,
    share: { bad: level === "bad" ? share : 0, warn: level === "warn" ? share : 0 },
    absence: null,
  };
}

export const health: Overlay = {
  id: "health",
  label: "Health",
  hue: "health",
  legend: [
    { level: "ok", text: "ok < 0.1 %" },
    { level: "warn", text: "degraded 0.1–1 %" },
    { level: "bad", text: "failing ≥ 1 %" },
  ],
  note: "HTTP 5xx, gRPC server codes, database errors, timeouts; 4xx do not count",

  node(node: GraphNode, minutes: number): Display {
    if (node.kind === "entry")
      return node.state === "active" ? { ...display(0, 1, ""), text: "" } : absentDisplay(node.state);
    if (node.kind === "topic") {
      if (node.publishes === 0 && node.calls === 0) return absentDisplay(absenceOf(node.state));
      // A delivery that fails is its consumer's failure; the topic only carries it.
      return display(0, 1, asText(formatRate(node.publishes || node.calls, minutes)));
    }
    if (node.calls === 0 && node.state !== "active") return absentDisplay(node.state);
    if (node.calls === 0)
      return { ...absentDisplay("no_calls"), ...(node.spans > 0 && { text: "no requests" }), absence: null };
    return display(node.errors, node.calls, asText(formatShare(node.errors, node.calls)));
  },

  edge(edge: GraphEdge): Display {
    if (edge.calls === 0) return absentDisplay(absenceOf(edge.state));
    return display(edge.errors, edge.calls, asText(formatShare(edge.errors, edge.calls)));
  },
};

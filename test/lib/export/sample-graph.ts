// Graphs for the tests of exports, as small as they can be.
import { Graph, type GraphEdge, type GraphNode } from "@/lib/contract/graph";
import { graphEdge, graphNode, graphOf } from "@/test/helpers/graph-answers";

const SEEN = { firstSeen: "2026-01-02T03:04:00.000Z", lastSeen: "2026-01-02T03:09:00.000Z" };

export const node = (id: string, rest: Partial<GraphNode> = {}): GraphNode => graphNode(id, { ...SEEN, ...rest });

export const edge = (caller: string, callee: string, rest: Partial<GraphEdge> = {}): GraphEdge =>
  graphEdge(caller, callee, { ...SEEN, ...rest });

export const graph = (nodes: GraphNode[], edges: GraphEdge[], environment = "production"): Graph =>
  Graph.parse({
    ...graphOf([], nodes),
    window: { from: SEEN.firstSeen, to: SEEN.lastSeen, minutes: 5, until: SEEN.lastSeen },
    environment,
    environments: [{ name: environment, spans: 20 }],
    stats: { spans: 20, orphans: 0, unpairedClients: 0, calls: 10, paired: 10, selfCalls: 0 },
    edges,
  });

/** Names that mean something to somebody who is not us. */
export const HOSTILE = [
  "__proto__",
  "constructor",
  "<img src=x onerror=alert(1)>",
  'quote " and \\ backslash',
  "line\nbreak\r\nand\ttab",
  '"]-->evil["',
  '"]; evil [label="',
  "`$(1)` #quot; &lt;",
  "=cmd|' /C calc'!A0",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\r=1",
  "\u001b[31mred\u001b[0m",
  "safe\u202egnp.exe",
  "end",
  "%%{init: {}}%%",
  "style a:b#c;",
  "",
  "名前 прив",
] as const;

export const hostileGraph = (): Graph =>
  graph(
    HOSTILE.map((name, i) => node(`${name}#${i}`, { name, kind: i % 2 ? "database" : "service" })),
    HOSTILE.map((name, i) => edge(`${HOSTILE[0]}#0`, `${name}#${i}`, { via: i === 3 ? `${HOSTILE[5]}#5` : null })),
  );

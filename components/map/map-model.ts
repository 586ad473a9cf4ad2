// What is drawn: nodes with a size, arcs with a width, each with its display under the overlay. A delivery through a topic is
// drawn as two hops, publisher to topic and topic to consumer; hops that several deliveries share are one arc.

import type { Graph, GraphEdge, GraphNode } from "@/lib/contract/graph";
import type { PerspectiveName } from "@/lib/domain/perspective";
import { coveredMinutes } from "@/lib/graph/covered-minutes";
import { shortNames } from "@/lib/graph/short-names";
import type { Band, Display, Hue, Overlay } from "@/lib/overlays/overlay";

const SMALLEST_SIDE = 30;
const SIDE_RANGE = 18;
const TOPIC = { width: 58, height: 22 };
/** Calls a minute at which an arc is thinnest and thickest, and how thick that is. */
const THIN = { rate: 1, width: 1 };
const THICK = { rate: 100_000, width: 5 };

export interface MapNode {
  readonly id: string;
  readonly node: GraphNode;
  readonly display: Display;
  /** Model pixels at zoom 1. */
  readonly width: number;
  readonly height: number;
  /** The name, shortened where it is too long for the map. */
  readonly label: string;
  /** Runtime or system, short. */
  readonly tag: string;
}

export interface MapArc {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The edges that run over it: one, or several deliveries through one topic. */
  readonly edges: readonly GraphEdge[];
  readonly display: Display;
  readonly width: number;
  readonly message: boolean;
  readonly inferred: boolean;
}

export interface MapModel {
  readonly nodes: readonly MapNode[];
  readonly arcs: readonly MapArc[];
  readonly nodeById: ReadonlyMap<string, MapNode>;
  readonly arcById: ReadonlyMap<string, MapArc>;
  readonly environment: string;
  readonly perspective: PerspectiveName;
  readonly hue: Hue;
  readonly bands: readonly Band[];
  /** Which part is shown, such as the node around which it lies; null for the whole. */
  readonly focus: string | null;
}

export function mapModel(graph: Graph, overlay: Overlay, focus: string | null = null): MapModel {
  const minutes = coveredMinutes(graph);
  const largest = Math.max(1, ...graph.nodes.map((node) => node.calls));
  const labels = shortNames(graph.nodes.map(({ name }) => name));
  const nodes = graph.nodes.map((node): MapNode => {
    const side = Math.round(SMALLEST_SIDE + SIDE_RANGE * Math.sqrt(node.calls / largest));
    const { width, height } = node.kind === "topic" ? TOPIC : { width: side, height: side };
    return {
      id: node.id,
      node,
      display: overlay.node(node, minutes),
      width,
      height,
      label: labels.get(node.name)!,
      tag: tagOf(node),
    };
  });
  const arcs = hopsOf(graph).map(([id, hop]): MapArc => {
    const edge = hop.edges.length === 1 ? hop.edges[0]! : merged(hop.edges);
    return {
      id,
      from: hop.from,
      to: hop.to,
      edges: hop.edges,
      display: displayOf(hop, overlay, minutes),
      width: arcWidth(edge.calls / minutes),
      message: edge.kind === "async",
      inferred: hop.edges.every(({ inferred }) => inferred),
    };
  });
  return {
    nodes,
    arcs,
    nodeById: new Map(nodes.map((node) => [node.id, node])),
    arcById: new Map(arcs.map((arc) => [arc.id, arc])),
    environment: graph.environment,
    perspective: graph.perspective,
    hue: overlay.hue,
    bands: overlay.bands ?? [],
    focus,
  };
}

interface Hop {
  readonly from: string;
  readonly to: string;
  readonly edges: GraphEdge[];
}

function hopsOf(graph: Graph): [string, Hop][] {
  const known = new Set(graph.nodes.map(({ id }) => id));
  const hops = new Map<string, Hop>();
  const add = (from: string, to: string, edge: GraphEdge): void => {
    if (!known.has(from) || !known.has(to)) return;
    const id = JSON.stringify([from, to]);
    const hop = hops.get(id);
    if (hop) hop.edges.push(edge);
    else hops.set(id, { from, to, edges: [edge] });
  };
  for (const edge of graph.edges) {
    if (edge.via && known.has(edge.via)) {
      add(edge.caller, edge.via, edge);
      add(edge.via, edge.callee, edge);
    } else add(edge.caller, edge.callee, edge);
  }
  return [...hops];
}

/** A delivery that fails fails at its consumer, so the hop into the topic has no number of its own. */
function displayOf(hop: Hop, overlay: Overlay, minutes: number): Display {
  const direct = hop.edges.filter(({ via, calls }) => via !== hop.to && (calls > 0 || hop.edges.length === 1));
  const display = ofAll(hop.edges, overlay, minutes);
  if (direct.length > 0) {
    const own = ofAll(direct, overlay, minutes);
    // Messages that nobody took out do not hide that those beside them are what the overlay is about.
    if (own.marked || !display.marked) return own;
  }
  return display.absence ? display : { ...display, level: "ok", text: "", share: { bad: 0, warn: 0 } };
}

/** Together; where that is not what the overlay is about, but one of them is, that one. */
function ofAll(edges: readonly GraphEdge[], overlay: Overlay, minutes: number): Display {
  const display = overlay.edge(edges.length === 1 ? edges[0]! : merged(edges), minutes);
  if (edges.length === 1 || display.marked) return display;
  return edges.map((edge) => overlay.edge(edge, minutes)).find(({ marked }) => marked) ?? display;
}

/** Several edges as one, for its display: counts add up, the rest is the first one's. */
function merged(edges: readonly GraphEdge[]): GraphEdge {
  const first = edges[0]!;
  const sum = (key: "calls" | "errors"): number => edges.reduce((total, edge) => total + edge[key], 0);
  const state = edges.some((edge) => edge.state === "active") ? "active" : first.state;
  return { ...first, calls: sum("calls"), errors: sum("errors"), state };
}

/** Logarithmic in the rate, so that a hundred times the traffic is two and a half times the width. */
function arcWidth(perMinute: number): number {
  const share = Math.log(Math.max(perMinute, THIN.rate) / THIN.rate) / Math.log(THICK.rate / THIN.rate);
  return THIN.width + (THICK.width - THIN.width) * Math.min(1, share);
}

const TAGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    postgresql: "pg",
    postgres: "pg",
    mysql: "my",
    mariadb: "maria",
    mongodb: "mongo",
    redis: "rd",
    valkey: "vk",
    memcached: "mc",
    elasticsearch: "es",
    opensearch: "os",
    cassandra: "cass",
    dynamodb: "ddb",
    "aws.dynamodb": "ddb",
    mssql: "sql",
    "microsoft.sql_server": "sql",
    rabbitmq: "rmq",
    aws_sqs: "sqs",
    aws_sns: "sns",
    java: "jvm",
    nodejs: "node",
    webjs: "web",
    python: "py",
    dotnet: ".net",
    rust: "rs",
    ruby: "rb",
    cpp: "c++",
    erlang: "erl",
  }),
);
const LONGEST_TAG = 6;

function tagOf(node: GraphNode): string {
  if (node.kind === "entry") return "";
  if (node.kind === "external" && node.state !== "active") return "?";
  const system = node.system.toLowerCase();
  return (TAGS.get(system) ?? system).slice(0, LONGEST_TAG) || (node.kind === "external" ? "?" : "");
}

// Live graphs for everybody who looks at the same window: one question a second at most, one comparison, any number of
// listeners. What is sent is what changed.
import "server-only";
import type { Graph, GraphDelta } from "../contract/graph";
import type { EngineHandle } from "../engine/engine-client";

const TICK_MS = 1000;

export interface FeedListener {
  /** One server-sent event, ready to write. */
  send(event: string): void;
}

export class GraphFeed {
  private readonly listeners = new Set<FeedListener>();
  private timer: NodeJS.Timeout | null = null;
  private busy = false;
  private last: { version: number; windowTo: string; texts: Map<string, string>; first: string } | null = null;

  /** @param look sees to it that an edit of headwater.yaml is a change. @param ask the graph as of now. */
  constructor(
    private readonly engine: Pick<EngineHandle, "version" | "condition">,
    private readonly look: () => void,
    private readonly ask: () => Promise<Graph>,
    private readonly onEmpty: () => void,
  ) {}

  add(listener: FeedListener): () => void {
    this.listeners.add(listener);
    if (this.last) listener.send(this.last.first);
    this.timer ??= setInterval(() => void this.tick(), TICK_MS);
    void this.tick();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0 || !this.timer) return;
      clearInterval(this.timer);
      this.timer = null;
      this.onEmpty();
    };
  }

  private async tick(): Promise<void> {
    if (this.busy) return;
    this.look();
    // A new minute moves the window even when nothing comes in.
    const minute = Math.floor(Date.now() / 60_000);
    const same = this.last?.version === this.engine.version && this.last.windowTo === String(minute);
    if (same && this.engine.condition.failure === null) return;
    this.busy = true;
    try {
      const version = this.engine.version;
      const graph = await this.ask();
      const texts = textsOf(graph);
      const first = event("graph", graph);
      const message = this.last ? event("delta", deltaOf(graph, this.last.texts, texts)) : first;
      this.last = { version, windowTo: String(minute), texts, first };
      for (const listener of this.listeners) listener.send(message);
    } catch {
      for (const listener of this.listeners)
        listener.send(event("trouble", { detail: "the graph cannot be read at the moment" }));
    } finally {
      this.busy = false;
    }
  }
}

const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

function textsOf({ nodes, edges }: Graph): Map<string, string> {
  const texts = new Map<string, string>();
  for (const node of nodes) texts.set(`n${node.id}`, JSON.stringify(node));
  for (const edge of edges) texts.set(`e${edge.id}`, JSON.stringify(edge));
  return texts;
}

export function deltaOf(
  graph: Graph,
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): GraphDelta {
  const { version, window, environment, environments, stats, sample } = graph;
  const gone = [...before.keys()].filter((key) => !now.has(key));
  return {
    version,
    window,
    environment,
    environments,
    stats,
    sample,
    nodes: graph.nodes.filter(({ id }) => before.get(`n${id}`) !== now.get(`n${id}`)),
    edges: graph.edges.filter(({ id }) => before.get(`e${id}`) !== now.get(`e${id}`)),
    gone: {
      nodes: gone.filter((key) => key.startsWith("n")).map((key) => key.slice(1)),
      edges: gone.filter((key) => key.startsWith("e")).map((key) => key.slice(1)),
    },
  };
}

// The answer about uptime, from a graph answer and the objectives in force. The server and the command line give the same one.
import type { Graph } from "../contract/graph";
import type { Sla } from "../contract/sla";
import { canonicalId } from "../domain/declared-names";
import { DomainError } from "../domain/errors";
import { GraphIndex } from "../reliability/callees";
import { latencyObjectives } from "../reliability/latency-objectives";
import { serviceSlas } from "../reliability/service-sla";
import { matchChanges, readWhatIf, type WhatIf } from "../reliability/what-if";
import { configurationOf, type InForce } from "./in-force";

const MOST_CHANGES = 50;
const MOST_TEXT = 1024;

/** The parameters `whatIf`. @throws DomainError invalid_parameter */
export function readWhatIfs(params: URLSearchParams): WhatIf[] {
  const texts = params.getAll("whatIf");
  if (texts.length > MOST_CHANGES) throw wrong(`stands there ${texts.length} times; at most ${MOST_CHANGES} are taken`);
  return texts.map((text) => {
    const read = text.length > MOST_TEXT ? `is longer than ${MOST_TEXT} characters` : readWhatIf(text);
    if (typeof read === "string") throw wrong(`${read}; got ${text.slice(0, 80)}`);
    return read;
  });
}

const wrong = (message: string): DomainError =>
  new DomainError("invalid_parameter", `whatIf ${message}`, { parameter: "whatIf" });

export function slaAnswer(graph: Graph, inForce: InForce, whatIfs: readonly WhatIf[] = []): Sla {
  const { objectives, names } = inForce;
  const index = new GraphIndex(graph);
  const { changes, applied, unmatched } = matchChanges(index, objectives, whatIfs, (id) => canonicalId(names, id));
  const { version, window, environment, environments, perspective } = graph;
  return {
    version,
    window,
    environment,
    environments,
    perspective,
    configuration: configurationOf(graph, inForce),
    services: serviceSlas(graph, index, objectives),
    latency: latencyObjectives(graph, objectives),
    whatIf: { applied, unmatched },
    changed: applied.length > 0 ? serviceSlas(graph, index, objectives, changes) : null,
  };
}

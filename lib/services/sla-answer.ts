// The answer about uptime, from a graph answer and the objectives in force. The server and the command line give the same one.
import type { Graph } from "../contract/graph";
import type { ConfigProblem, Sla } from "../contract/sla";
import { DomainError } from "../domain/errors";
import { nearestName } from "../domain/nearest-name";
import { brokerOf, GraphIndex } from "../reliability/callees";
import { latencyObjectives } from "../reliability/latency-objectives";
import type { Objectives } from "../reliability/objectives";
import { serviceSlas } from "../reliability/service-sla";
import { matchChanges, readWhatIf, type WhatIf } from "../reliability/what-if";

const MOST_CHANGES = 50;
const MOST_TEXT = 1024;

/** What headwater.yaml says, as far as it is in force. */
export interface ObjectivesInForce {
  readonly path: string;
  readonly objectives: Objectives;
  readonly problems: readonly ConfigProblem[];
}

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

export function slaAnswer(graph: Graph, inForce: ObjectivesInForce, whatIfs: readonly WhatIf[] = []): Sla {
  const { objectives, path, problems } = inForce;
  const index = new GraphIndex(graph);
  const { changes, applied, unmatched } = matchChanges(index, objectives, whatIfs);
  const { version, window, environment, environments, perspective } = graph;
  return {
    version,
    window,
    environment,
    environments,
    perspective,
    configuration: {
      path,
      objectives: objectives.size,
      problems: [...problems, ...strangers(graph, inForce)],
    },
    services: serviceSlas(graph, index, objectives),
    latency: latencyObjectives(graph, objectives),
    whatIf: { applied, unmatched },
    changed: applied.length > 0 ? serviceSlas(graph, index, objectives, changes) : null,
  };
}

/** Objectives of what is not on the map: a typing error, or something that had no traffic. */
function strangers({ nodes }: Graph, { objectives, path }: ObjectivesInForce): ConfigProblem[] {
  const known = new Set(nodes.flatMap((node) => (node.kind === "topic" ? [node.id, brokerOf(node)] : [node.id])));
  return [...objectives]
    .filter(([id]) => !known.has(id))
    .map(([id, { line }]) => {
      const nearest = nearestName(id, known);
      return {
        severity: "notice",
        file: path,
        line,
        key: `objectives.${id}`,
        message: `nothing of this name is in the window${nearest ? `; did you mean "${nearest}"?` : ""}`,
      };
    });
}

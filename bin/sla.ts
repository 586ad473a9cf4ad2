// `headwater sla`: what services may promise, from trace files and declared objectives, without a server.
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { ServiceSla, Sla } from "../lib/contract/sla";
import { formatAvailability } from "../lib/domain/format-availability";
import { asText } from "../lib/domain/format-number";
import { plainText } from "../lib/export/names";
import { concluded, slaTable } from "../lib/export/sla-table";
import { NO_OBJECTIVES } from "../lib/reliability/objectives";
import { problemText, readObjectives } from "../lib/reliability/read-objectives";
import { readWhatIf, type WhatIf } from "../lib/reliability/what-if";
import { type ObjectivesInForce, slaAnswer } from "../lib/services/sla-answer";
import { type Command, reasonOf, say, UsageError } from "./command";
import { readTraceFiles } from "./trace-files";

const DEFAULT_CONFIG = "headwater.yaml";
const WRITERS: Record<string, (slas: readonly Sla[]) => string> = {
  table: slaTable,
  json: (slas) => slas.map((sla) => `${JSON.stringify(sla)}\n`).join(""),
};
const FORMATS = Object.keys(WRITERS);

export const SLA_USAGE = `headwater sla [--config ${DEFAULT_CONFIG}] [--env NAME] [--what-if CALL:CHANGE]... [--format ${FORMATS.join("|")}] FILE...|-`;

/** Finds something (1) when a promise is above what its callees allow even if all their outages overlap. */
export const sla: Command = async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: "string" },
      env: { type: "string" },
      "what-if": { type: "string", multiple: true, default: [] },
      format: { type: "string", short: "f", default: "table" },
    },
  });
  const write = Object.hasOwn(WRITERS, values.format) ? WRITERS[values.format] : undefined;
  if (!write) throw new UsageError(`--format must be one of ${FORMATS.join(", ")}; got "${plainText(values.format)}"`);
  const changes = values["what-if"].map(readChange);
  const objectives = readConfig(values.config);
  if (!objectives) return 2;
  const read = await readTraceFiles(positionals, values.env);
  if (!read) return 2;
  const slas = read.graphs.map((graph) => slaAnswer(graph, objectives, changes));
  for (const { configuration, whatIf } of slas) {
    for (const problem of configuration.problems) say(problemText(problem));
    for (const change of whatIf.unmatched) say(`${plainText(change)}: there is no such call.`);
  }
  process.stdout.write(write(slas));
  const broken = slas.flatMap((answer) => concluded(answer).filter(({ verdict }) => verdict === "impossible"));
  for (const service of broken) say(sentenceOf(service));
  if (!read.whole) return 2;
  return broken.length > 0 ? 1 : 0;
};

/** @throws UsageError */
function readChange(text: string): WhatIf {
  const read = readWhatIf(text);
  if (typeof read === "string") throw new UsageError(`--what-if ${read}; got "${plainText(text)}"`);
  return read;
}

/** @returns null when the file has errors, which are said. @throws UsageError when the named file is not there. */
function readConfig(named: string | undefined): ObjectivesInForce | null {
  const path = named ?? DEFAULT_CONFIG;
  if (named === undefined && !existsSync(path)) {
    say(`there is no ${DEFAULT_CONFIG} here: without objectives only what was observed can be said.`);
    return { path, objectives: NO_OBJECTIVES, problems: [] };
  }
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`--config ${plainText(path)}: ${reasonOf(error)}`);
  }
  const { objectives, problems } = readObjectives(text, path);
  if (objectives) return { path, objectives, problems };
  for (const problem of problems) say(problemText(problem));
  return null;
}

function sentenceOf({ id, target, declared: { best } }: ServiceSla): string {
  const percent = (figure: typeof target): string => asText(formatAvailability(figure?.availability ?? null));
  return `${plainText(id)}: ${percent(target)} cannot be promised; even if all outages overlap, its callees leave ${percent(best)}.`;
}

// `headwater sla`: what services may promise, from trace files and declared objectives, without a server.
import { parseArgs } from "node:util";
import type { ServiceSla, Sla } from "../lib/contract/sla";
import { formatAvailability, formatNeeded } from "../lib/domain/format-availability";
import { asText } from "../lib/domain/format-number";
import { plainText } from "../lib/export/names";
import { concluded, slaTable } from "../lib/export/sla-table";
import { problemText } from "../lib/headwater-yaml/read-headwater-yaml";
import { readWhatIf, type WhatIf } from "../lib/reliability/what-if";
import { slaAnswer } from "../lib/services/sla-answer";
import { type Command, say, UsageError } from "./command";
import { DEFAULT_CONFIG, readDeclared } from "./declared";
import { readTraceFiles } from "./trace-files";

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
  const declared = readDeclared(values.config);
  if (!declared) return 2;
  if (declared.objectives.size === 0)
    say(`${plainText(declared.path)} declares no objectives: only what was observed can be said.`);
  const read = await readTraceFiles(positionals, values.env, declared.names);
  if (!read) return 2;
  const slas = read.graphs.map((graph) => slaAnswer(graph, declared, changes));
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

function sentenceOf({ id, target, declared: { best, equalSplit, callees } }: ServiceSla): string {
  const percent = (figure: typeof target): string => asText(formatAvailability(figure?.availability ?? null));
  const cannot = `${plainText(id)}: ${percent(target)} cannot be promised; even if all outages overlap, its callees leave ${percent(best)}.`;
  if (!equalSplit) return cannot;
  const each = callees.length === 1 ? "Its callee" : `Each of its ${callees.length} callees`;
  return `${cannot} ${each} would have to promise ${asText(formatNeeded(equalSplit.independent))}.`;
}

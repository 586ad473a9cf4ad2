// `headwater graph`: the service graph of trace files, without a server.
import { parseArgs } from "node:util";
import { inPerspective } from "../lib/derive/service-roles";
import { PERSPECTIVES } from "../lib/domain/perspective";
import { EXPORTS } from "../lib/export";
import { graphDocument } from "../lib/export/json";
import { plainText } from "../lib/export/names";
import { type Command, UsageError } from "./command";
import { DEFAULT_CONFIG, readDeclared, sayStrangers } from "./declared";
import { readTraceFiles, type TraceFiles } from "./trace-files";

const FORMATS = EXPORTS.map(({ id }) => id);

export const GRAPH_USAGE = `headwater graph [--format ${FORMATS.join("|")}] [--config ${DEFAULT_CONFIG}] [--env NAME] [--perspective ${PERSPECTIVES.join("|")}] FILE...|-`;

export const graph: Command = async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: "string", short: "f", default: "table" },
      config: { type: "string" },
      env: { type: "string" },
      perspective: { type: "string", default: "data-flow" },
    },
  });
  const format = EXPORTS.find(({ id }) => id === values.format);
  if (!format) throw new UsageError(`--format must be one of ${FORMATS.join(", ")}; got "${plainText(values.format)}"`);
  const perspective = PERSPECTIVES.find((name) => name === values.perspective);
  if (!perspective)
    throw new UsageError(
      `--perspective must be one of ${PERSPECTIVES.join(", ")}; got "${plainText(values.perspective)}"`,
    );
  const declared = readDeclared(values.config);
  if (!declared) return 2;
  const files = await readTraceFiles(positionals, values.env, declared.names);
  if (!files) return 2;
  sayStrangers(files.graphs, declared);
  const read = { ...files, graphs: files.graphs.map((of) => inPerspective(of, perspective)) };
  // A table of nothing would be a headline; the others are read by machines.
  const nothing = format.id === "table" && read.graphs.every(({ edges }) => edges.length === 0);
  if (!nothing) process.stdout.write(format.id === "json" ? documentOf(read) : format.write(read.graphs));
  return read.whole ? 0 : 2;
};

function documentOf({ graphs, stats }: TraceFiles): string {
  const document = graphDocument(graphs);
  return `${JSON.stringify({ ...document, stats: { ...document.stats, input: stats } }, null, 2)}\n`;
}

// The command line. stdout carries results and nothing else; everything said beside them goes to stderr.
import { DomainError } from "../lib/domain/errors";
import { plainText } from "../lib/export/names";
import packageJson from "../package.json";
import { BACKUP_USAGE, backup } from "./backup";
import { type Command, type ExitCode, reasonOf, say, UsageError } from "./command";
import { CYCLES_USAGE, cycles } from "./cycles";
import { DEMO_HELP, DEMO_USAGE, demo } from "./demo";
import { GRAPH_USAGE, graph } from "./graph";
import { IMPORT_USAGE, importFiles } from "./import";
import { RESTORE_USAGE, restore } from "./restore";
import { SLA_USAGE, sla } from "./sla";

const COMMANDS: Record<
  string,
  { readonly run: Command; readonly usage: string; readonly does: string; readonly more?: readonly string[] }
> = {
  graph: {
    run: graph,
    usage: GRAPH_USAGE,
    does: "The service graph of trace files (OTLP, Jaeger, Tempo, Zipkin; gzip or not) and folders of them; no server needed.",
  },
  cycles: {
    run: cycles,
    usage: CYCLES_USAGE,
    does: "Services of trace files that depend on themselves through others; exit code 1 when one request goes round.",
  },
  sla: {
    run: sla,
    usage: SLA_USAGE,
    does: "What services may promise, from trace files and the objectives of headwater.yaml; no server needed.",
  },
  import: {
    run: importFiles,
    usage: IMPORT_USAGE,
    does: "Sends trace files to a running server (default http://127.0.0.1:3000).",
  },
  demo: {
    run: demo,
    usage: DEMO_USAGE,
    does: "Streams a simulated shop, live, to an OTLP/HTTP address (default http://127.0.0.1:4318).",
    more: DEMO_HELP,
  },
  backup: {
    run: backup,
    usage: BACKUP_USAGE,
    does: "Everything that is stored, as one file, from the running server or from its data folder.",
  },
  restore: {
    run: restore,
    usage: RESTORE_USAGE,
    does: "Puts a backup in the place of the data folder's database; no server may run on it.",
  },
};

const HELP = `Headwater ${packageJson.version}: the service graph, derived from your own traces.

${Object.values(COMMANDS)
  .map(({ usage, does, more = [] }) => `  ${usage}\n${[does, ...more].map((line) => `      ${line}\n`).join("")}`)
  .join("\n")}
  headwater --help | --version

HEADWATER_TOKEN is sent as bearer token by import, demo and backup.
Exit codes: 0 fine, 1 findings, 2 wrong call or unreadable input.
`;

async function main(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined) {
    process.stderr.write(HELP);
    return 2;
  }
  if (args.includes("--help") || args.includes("-h") || name === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  if (name === "--version" || name === "-v") {
    process.stdout.write(`${packageJson.version}\n`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    say(`there is no command "${plainText(name)}"; there are ${Object.keys(COMMANDS).join(", ")} (headwater --help).`);
    return 2;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError || isArgumentError(error)) {
      const [sentence] = (error as Error).message.split(". ");
      say(`${plainText(sentence!)}.\nUsage: ${command.usage}`);
    } else if (error instanceof DomainError) say(`${reasonOf(error)}.`);
    else say(`failed, which is a bug of ours: ${(error as Error).stack ?? error}`);
    return 2;
  }
}

const isArgumentError = (error: unknown): boolean =>
  String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");

// Whoever reads the result may have had enough (`| head`).
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await main(process.argv.slice(2));

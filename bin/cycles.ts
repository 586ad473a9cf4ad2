// `headwater cycles`: services of trace files that depend on themselves through others, without a server.
import { parseArgs } from "node:util";
import type { Cycle, CycleOperations, Cycles } from "../lib/contract/cycles";
import { asText, formatShare, plural } from "../lib/domain/format-number";
import { environmentLabel, plainText } from "../lib/export/names";
import { BY_OPERATION, cutText, loopText, operationText } from "../lib/graph/loop-text";
import { OfflineGraph } from "../lib/services/offline-graph";
import { type Command, reasonOf, say, UsageError } from "./command";
import { DEFAULT_CONFIG, readDeclared, sayStrangers } from "./declared";
import { listInputs } from "./inputs";
import { graphsOf, readAll } from "./trace-files";

const FORMATS = ["table", "json"];

export const CYCLES_USAGE = `headwater cycles [--format ${FORMATS.join("|")}] [--config ${DEFAULT_CONFIG}] [--env NAME] FILE...|-`;

export const cycles: Command = async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: "string", short: "f", default: "table" },
      config: { type: "string" },
      env: { type: "string" },
    },
  });
  if (!FORMATS.includes(values.format))
    throw new UsageError(`--format must be one of ${FORMATS.join(", ")}; got "${plainText(values.format)}"`);
  const declared = readDeclared(values.config);
  if (!declared) return 2;
  const { inputs, missing } = await listInputs(positionals);
  const offline = new OfflineGraph(declared.names);
  const { unread } = await readAll(offline, inputs, missing);
  for (const { name, error } of unread) say(`${name}: ${reasonOf(error)}. It is not counted.`);
  const { graphs } = offline.answer();
  if (graphs.length === 0) {
    say("there are no spans to make a graph of.");
    return 2;
  }
  sayStrangers(graphs, declared);
  const answers: Cycles[] = [];
  for (const graph of values.env === undefined ? graphs : graphsOf(graphs, values.env))
    answers.push(await offline.cycles(graph));
  process.stdout.write(
    values.format === "json"
      ? `${JSON.stringify({ environments: answers }, null, 2)}\n`
      : answers.map((answer) => textOf(answer, answers.length > 1)).join("\n"),
  );
  if (unread.length > 0) return 2;
  // A loop that only a gateway closes is told, and is nothing to act on.
  return answers.some(({ cycles: found }) => found.some(({ type }) => type !== "hub")) ? 1 : 0;
};

function textOf({ environment, cycles: found, selfCalls }: Cycles, named: boolean): string {
  const lines = found.map(withPlainNames).map((cycle) => {
    const share = cycle.share ? `, ${asText(formatShare(cycle.share.requests, cycle.share.of))} of requests` : "";
    const others = cycle.others.length > 0 ? `, with ${cycle.others.map(({ name }) => name).join(", ")}` : "";
    return `${cycle.words.title}: ${loopText(cycle)}${others}${share}; by operation ${byOperation(cycle.operations)}; cut ${cutText(cycle)}`;
  });
  if (found.length === 0) lines.push("no service depends on itself through others");
  for (const { node, calls } of selfCalls)
    lines.push(`calls itself: ${plainText(node.name)}, ${plural(calls, "time")}`);
  const title = named ? [`environment ${environmentLabel(environment)}`] : [];
  return [...title, ...lines].map((line) => `${line}\n`).join("");
}

function byOperation(operations: CycleOperations): string {
  const path = plainText(operationText(operations));
  return `${BY_OPERATION[operations.verdict]}${path ? ` (${path})` : ""}`;
}

/** Names come from whoever sent the spans, and may hold anything. */
function withPlainNames(cycle: Cycle): Cycle {
  const plain = (members: Cycle["members"]): Cycle["members"] =>
    members.map(({ id, name }) => ({ id, name: plainText(name) }));
  return { ...cycle, members: plain(cycle.members), others: plain(cycle.others) };
}

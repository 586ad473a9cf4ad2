// `headwater import`: sends trace files to a running server, as they are.
import { parseArgs } from "node:util";
import { Problem } from "../lib/contract/problem";
import { ImportResult } from "../lib/contract/sources";
import { DomainError } from "../lib/domain/errors";
import { plural } from "../lib/domain/format-number";
import { plainText } from "../lib/export/names";
import { post } from "../lib/services/http-post";
import { below, type Command, readUrl, reasonOf, say } from "./command";
import { type Input, listInputs } from "./inputs";

const DEFAULT_SERVER = "http://127.0.0.1:3000";

export const IMPORT_USAGE = "headwater import [--to URL] FILE...|-";

export const importFiles: Command = async (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { to: { type: "string", default: DEFAULT_SERVER } },
  });
  const server = readUrl("--to", values.to);
  const { inputs, missing } = await listInputs(positionals);
  for (const { name, error } of missing) say(`${name}: ${reasonOf(error)}.`);
  let failed = missing.length;
  for (const input of inputs) {
    try {
      process.stdout.write(textOf(input.name, await send(server, input), server));
    } catch (error) {
      failed++;
      say(`${input.name}: ${reasonOf(error)}.`);
    }
  }
  if (failed > 0)
    say(
      `${failed} of ${plural(inputs.length + missing.length, "file")} ${failed === 1 ? "was" : "were"} not imported.`,
    );
  return failed > 0 ? 2 : 0;
};

async function send(server: URL, { size, open }: Input): Promise<ImportResult> {
  const token = process.env.HEADWATER_TOKEN;
  const headers = {
    "content-type": "application/octet-stream",
    ...(size !== null && { "content-length": String(size) }),
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const answer = await post(below(server, "/api/v1/import"), headers, open()).catch((error: unknown) => {
    throw new DomainError("unavailable", `${server.origin} cannot be reached: ${reasonOf(error)}`);
  });
  const body = parsed(answer.text);
  const result = ImportResult.safeParse(body);
  if (answer.status === 200 && result.success) return result.data;
  const problem = Problem.safeParse(body);
  if (!problem.success)
    throw new DomainError("unavailable", `${server.origin} is no Headwater server (it answered ${answer.status})`);
  const { detail, offset } = problem.data;
  throw new DomainError("unreadable", detail, offset === undefined ? {} : { offset });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function textOf(name: string, result: ImportResult, server: URL): string {
  const { format, received, stored, duplicates, rejected, issues, window, environments } = result;
  const counts = `${plural(received, "span")}: ${stored} stored, ${plural(duplicates, "copy", "copies")}, ${rejected} rejected`;
  const lines = [`${name}: ${plainText(format) || "no spans"}, ${counts}`];
  for (const { text, count, example } of issues) {
    lines.push(`  ${count} × ${plainText(text)}${example ? ` (${plainText(example)})` : ""}`);
  }
  for (const env of window ? environments : [])
    lines.push(`  ${below(server, "/map")}?${new URLSearchParams({ env, ...window })}`);
  return `${lines.join("\n")}\n`;
}

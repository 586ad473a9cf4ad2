// Trace files as graphs, without a server, and what there is to say of them on stderr.
import type { Graph } from "../lib/contract/graph";
import type { DeclaredNames } from "../lib/domain/declared-names";
import { DomainError } from "../lib/domain/errors";
import { plural } from "../lib/domain/format-number";
import { type IssueCode, Issues, isRejection, issueText } from "../lib/domain/issue";
import { environmentLabel, plainText } from "../lib/export/names";
import { type OfflineAnswer, type OfflineFile, OfflineGraph } from "../lib/services/offline-graph";
import { reasonOf, say, UsageError } from "./command";
import { type Input, listInputs, plainBytes, type Unlisted } from "./inputs";

/** What was read, beside the graph. */
interface InputStats {
  readonly files: number;
  readonly unreadable: readonly string[];
  readonly formats: readonly string[];
  /** Distinct spans, over all environments. */
  readonly spans: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly issues: readonly { code: IssueCode; text: string; count: number; example: string }[];
}

export interface TraceFiles {
  /** One an environment, the one with most spans first; only that of `environment` if one was asked for. */
  readonly graphs: readonly Graph[];
  readonly stats: InputStats;
  /** Whether every file could be read. */
  readonly whole: boolean;
}

/**
 * Reads files and folders and says on stderr what is wrong with them.
 * @returns null when there is no span to make a graph of, which is said too.
 * @throws UsageError for arguments that name nothing, and an environment that is not there.
 */
export async function readTraceFiles(
  paths: readonly string[],
  environment: string | undefined,
  names: DeclaredNames,
): Promise<TraceFiles | null> {
  const { inputs, missing } = await listInputs(paths);
  const offline = new OfflineGraph(names);
  const { files, unread, skipped } = await readAll(offline, inputs, missing);
  for (const { name, error } of unread) say(`${name}: ${reasonOf(error)}. It is not counted.`);
  if (skipped.length > 0) say(`no trace files, left out: ${list(skipped)}.`);
  if (files.length === 0) {
    say("no file could be read.");
    return null;
  }
  if (unread.length > 0)
    say(`${unread.length} of ${plural(files.length + unread.length, "file")} could not be read; the rest is counted.`);

  const answer = offline.answer();
  const stats = statsOf(files, unread, answer);
  report(stats, answer);
  if (answer.graphs.length === 0) {
    say("there are no spans to make a graph of.");
    return null;
  }
  const graphs = environment === undefined ? answer.graphs : graphsOf(answer.graphs, environment);
  if (graphs.every(({ edges }) => edges.length === 0)) {
    const spans = graphs.reduce((sum, graph) => sum + graph.stats.spans, 0);
    say(`${plural(spans, "span")}, no calls.`);
  }
  return { graphs, stats, whole: unread.length === 0 };
}

const OBJECT = 0x7b;
const LIST = 0x5b;

async function* withFirst(pieces: AsyncIterable<Uint8Array>, tell: (byte: number) => void): AsyncGenerator<Uint8Array> {
  let told = false;
  for await (const piece of pieces) {
    if (!told && piece.length > 0) tell(piece[0]!);
    told ||= piece.length > 0;
    yield piece;
  }
}

export async function readAll(
  offline: OfflineGraph,
  inputs: readonly Input[],
  missing: readonly Unlisted[],
): Promise<{ files: OfflineFile[]; unread: Unlisted[]; skipped: string[] }> {
  const files: OfflineFile[] = [];
  const unread = [...missing];
  const skipped: string[] = [];
  for (const { name, found, open } of inputs) {
    let first: number | undefined;
    const pieces = withFirst(plainBytes(open()), (byte) => {
      first = byte;
    });
    try {
      files.push(await offline.readFile(pieces));
    } catch (error) {
      // In a folder there may be anything; what does not even begin like a trace file was not meant.
      const foreign = first !== OBJECT && first !== LIST && error instanceof DomainError && error.facts.offset === 0;
      if (found && foreign) skipped.push(name);
      else unread.push({ name, error });
    }
  }
  return { files, unread, skipped };
}

function statsOf(files: readonly OfflineFile[], unread: readonly Unlisted[], answer: OfflineAnswer): InputStats {
  const issues = new Issues();
  for (const file of files) issues.merge(Issues.of(file.issues));
  return {
    files: files.length,
    unreadable: unread.map(({ name }) => name),
    formats: [...new Set(files.map(({ format }) => format))].filter(Boolean),
    spans: answer.spans,
    duplicates: answer.duplicates,
    rejected: files.reduce((sum, { rejected }) => sum + rejected, 0),
    issues: issues.entries().map((issue) => ({ ...issue, text: issueText(issue.code) })),
  };
}

function report({ duplicates, issues }: InputStats, { namesOverLimit }: OfflineAnswer): void {
  for (const { code, text, count, example } of issues) {
    say(`${count} ${isRejection(code) ? "rejected" : "×"} ${text}${example ? ` (${plainText(example)})` : ""}.`);
  }
  if (duplicates > 0)
    say(`${plural(duplicates, "span")} came more than once and ${duplicates === 1 ? "is" : "are"} counted once.`);
  if (namesOverLimit > 0) say(`${plural(namesOverLimit, "name")} beyond what is kept apart: counted under __other__.`);
}

export function graphsOf(graphs: readonly Graph[], environment: string): readonly Graph[] {
  const chosen = graphs.filter((candidate) => candidate.environment === environment);
  if (chosen.length > 0) return chosen;
  const known = graphs.map((candidate) => environmentLabel(candidate.environment));
  throw new UsageError(`there is no environment "${plainText(environment)}" in these files, only ${list(known)}`);
}

const MOST_LISTED = 5;

function list(names: readonly string[]): string {
  const rest = names.length - MOST_LISTED;
  return names.slice(0, MOST_LISTED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

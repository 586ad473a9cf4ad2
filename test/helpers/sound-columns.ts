// What holds of every batch of columns, whatever bytes it was read from.
import type { Directory } from "@/lib/domain/directory";
import type { Issues } from "@/lib/domain/issue";
import {
  ID_WORDS,
  kindOfPacked,
  LINK_WORDS,
  NO_DURATION,
  roleOfPacked,
  type SpanColumns,
} from "@/lib/domain/span-columns";
import type { TimeRange } from "@/lib/ingest/otlp/decode-columns";

const COLUMNS = [
  "start",
  "duration",
  "role",
  "outcome",
  "service",
  "operation",
  "peer",
  "resource",
  "weight",
  "body",
  "offset",
] as const;

/** Whether it has no half of a surrogate pair. */
const isText = (text: string): boolean => !/\p{Surrogate}/u.test(text);
const isZero = (words: Int32Array, from: number, count: number): boolean =>
  words.subarray(from, from + count).every((word) => word === 0);

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`unsound: ${what}`);
}

/**
 * @param spans that the decoder says it met.
 * @throws Error naming the first thing that does not hold.
 */
export function checkColumns(
  columns: SpanColumns,
  directory: Directory,
  issues: Issues,
  spans: number,
  range: TimeRange,
  bytes: Uint8Array,
): void {
  const { length, links, ids } = columns;
  check(spans === length + issues.rejected, `${spans} spans, but ${length} kept and ${issues.rejected} rejected`);
  for (const name of COLUMNS) check(columns[name].length === columns.start.length, `column ${name} has another length`);
  check(ids.length === columns.start.length * ID_WORDS && length <= columns.start.length, "rows beyond the columns");
  check(
    columns.linkIds.length === columns.linkRow.length * LINK_WORDS && links <= columns.linkRow.length,
    "links beyond",
  );
  for (let row = 0; row < length; row++) {
    check(!isZero(ids, row * ID_WORDS, 4), `row ${row} has no trace id`);
    check(!isZero(ids, row * ID_WORDS + 4, 2), `row ${row} has no span id`);
    const parent =
      ids[row * ID_WORDS + 6] === ids[row * ID_WORDS + 4] && ids[row * ID_WORDS + 7] === ids[row * ID_WORDS + 5];
    check(!parent, `row ${row} is its own parent`);
    const start = columns.start[row]!;
    check(start >= range.earliestUs && start <= range.latestUs, `row ${row} starts at ${start}`);
    const duration = columns.duration[row]!;
    check(duration >= 0 || duration === NO_DURATION, `row ${row} takes ${duration}`);
    check(Number.isFinite(duration), `row ${row} takes ${duration}`);
    check(kindOfPacked(columns.role[row]!) <= 5, `row ${row} is of no kind`);
    check(roleOfPacked(columns.role[row]!) <= 5, `row ${row} is of no role`);
    const weight = columns.weight[row]!;
    check(Number.isNaN(weight) || weight >= 1, `row ${row} weighs ${weight}`);
    const peer = columns.peer[row]!;
    for (const node of peer === 0 ? [columns.service[row]!] : [columns.service[row]!, peer]) {
      const { id, name, environment } = directory.node(node);
      check(id !== "" && name !== "" && isText(id + name + environment), `node ${node} is ${JSON.stringify(id)}`);
    }
    check(columns.operation[row]! < directory.operationCount, `row ${row} has an operation that is none`);
    check(isText(directory.operation(columns.operation[row]!)), `row ${row} has an operation that is no text`);
    check(directory.resource(columns.resource[row]!).service === columns.service[row], `row ${row} is of two services`);
    check(columns.offset[row]! < bytes.length, `row ${row} lies outside its body`);
  }
  for (let link = 0; link < links; link++) {
    check(columns.linkRow[link]! < length, `link ${link} is of no row`);
    check(!isZero(columns.linkIds, link * LINK_WORDS, 4), `link ${link} has no trace id`);
    check(!isZero(columns.linkIds, link * LINK_WORDS + 4, 2), `link ${link} has no span id`);
  }
}

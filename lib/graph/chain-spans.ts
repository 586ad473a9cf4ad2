// Columns to the spans that walk-traces.ts follows.
import type { Directory } from "../domain/directory";
import { hexOfWords } from "../domain/ids";
import type { Role } from "../domain/role";
import { ID_WORDS, LINK_WORDS, NO_DURATION, type SpanColumns } from "../domain/span-columns";
import type { ChainSpan } from "./span-chains";

/** @param rows of the columns; all of them when absent. */
export function chainSpans(
  columns: SpanColumns,
  directory: Pick<Directory, "node" | "operation">,
  rows?: readonly number[],
): ChainSpan[] {
  const links = new Map<number, ChainSpan["links"][number][]>();
  for (let link = 0; link < columns.links; link++) {
    const row = columns.linkRow[link]!;
    const at = link * LINK_WORDS;
    const target = { traceId: hexOfWords(columns.linkIds, at, 4), spanId: hexOfWords(columns.linkIds, at + 4, 2) };
    const list = links.get(row);
    if (list) list.push(target);
    else links.set(row, [target]);
  }
  const wanted = rows ?? Array.from({ length: columns.length }, (_, row) => row);
  return wanted.map((row) => {
    const at = row * ID_WORDS;
    const { ids } = columns;
    const parent = ids[at + 6] !== 0 || ids[at + 7] !== 0;
    const us = columns.duration[row]!;
    return {
      traceId: hexOfWords(ids, at, 4),
      spanId: hexOfWords(ids, at + 4, 2),
      parentSpanId: parent ? hexOfWords(ids, at + 6, 2) : "",
      service: directory.node(columns.service[row]!).id,
      operation: directory.operation(columns.operation[row]!),
      role: (columns.role[row]! & 15) as Role,
      startUs: columns.start[row]!,
      durationUs: us === NO_DURATION ? null : us,
      links: links.get(row) ?? [],
    };
  });
}

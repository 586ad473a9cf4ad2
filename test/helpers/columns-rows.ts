// Columns as readable rows, for comparing.
import type { Directory } from "@/lib/domain/directory";
import { hexOfWords } from "@/lib/domain/ids";
import { ID_WORDS, kindOfPacked, LINK_WORDS, roleOfPacked, type SpanColumns } from "@/lib/domain/span-columns";

export interface Row {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  startUs: number;
  durationUs: number;
  kind: number;
  role: number;
  outcome: number;
  service: string;
  environment: string;
  operation: string;
  peer: string;
  weight: number | null;
  links: string[];
}

export function rowsOf(columns: SpanColumns, directory: Directory): Row[] {
  const links = new Map<number, string[]>();
  for (let i = 0; i < columns.links; i++) {
    const row = columns.linkRow[i]!;
    const at = i * LINK_WORDS;
    links.set(row, [
      ...(links.get(row) ?? []),
      hexOfWords(columns.linkIds, at, 4) + hexOfWords(columns.linkIds, at + 4, 2),
    ]);
  }
  return Array.from({ length: columns.length }, (_, row) => {
    const at = row * ID_WORDS;
    const service = directory.node(columns.service[row]!);
    const peer = columns.peer[row]!;
    const parent = hexOfWords(columns.ids, at + 6, 2);
    return {
      traceId: hexOfWords(columns.ids, at, 4),
      spanId: hexOfWords(columns.ids, at + 4, 2),
      parentSpanId: parent === "0".repeat(16) ? "" : parent,
      startUs: columns.start[row]!,
      durationUs: columns.duration[row]!,
      kind: kindOfPacked(columns.role[row]!),
      role: roleOfPacked(columns.role[row]!),
      outcome: columns.outcome[row]!,
      service: service.id,
      environment: service.environment,
      operation: directory.operation(columns.operation[row]!),
      peer: peer ? directory.node(peer).id : "",
      weight: Number.isNaN(columns.weight[row]!) ? null : columns.weight[row]!,
      links: links.get(row) ?? [],
    };
  });
}

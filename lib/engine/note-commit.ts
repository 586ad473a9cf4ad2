// What a durable batch adds to the counts since the start. The product's own traces are in none of them.
import { CANARY_ENVIRONMENT } from "../domain/node";
import { CANARY } from "./doors";
import type { EngineParts } from "./engine-parts";
import type { IngestBatch } from "./ingest-batch";

/** @param ms how long its commit took. */
export function noteCommit({ commits }: EngineParts, { entries }: IngestBatch, ms: number): void {
  const counted = entries.filter(({ door }) => door !== CANARY);
  if (counted.length === 0) return;
  commits.note(
    ms,
    counted.reduce((spans, { from, to }) => spans + to - from, 0),
  );
}

/**
 * Notes by door and sender what came.
 * @param fresh rows that are new.
 * @returns how many of them count.
 */
export function noteSources(
  { sources, directory }: EngineParts,
  { columns, entries }: IngestBatch,
  fresh: Int32Array,
  nowMs: number,
): number {
  for (const { spans, from, to, duplicates, issues, door } of entries) {
    if (door === CANARY) continue;
    if (door !== "import") sources.asked(door);
    sources.took(door, nowMs, { received: spans, stored: to - from - duplicates, duplicates }, issues);
  }
  let counted = 0;
  for (let at = 0; at < fresh.length; ) {
    const start = at;
    const resource = columns.resource[fresh[at]!]!;
    const service = columns.service[fresh[at]!]!;
    while (at < fresh.length && columns.resource[fresh[at]!] === resource) at++;
    if (directory.node(service).environment === CANARY_ENVIRONMENT) continue;
    counted += at - start;
    sources.sent(service, resource, at - start, nowMs);
  }
  return counted;
}

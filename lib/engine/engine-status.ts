// What came in since the start, and the state of the store.
import type { IssueCode } from "../domain/issue";
import type { CommitMeasures } from "./commit-measures";
import type { EngineParts } from "./engine-parts";
import type { SourceBook } from "./source-book";

export interface EngineStatus {
  readonly version: number;
  readonly startedMs: number;
  readonly storeBytes: number;
  /** Those of them that are not yet in the file proper. */
  readonly logBytes: number;
  /** Spans that are stored now, the product's own left out. */
  readonly spans: number;
  /** Arrival of the oldest of them, Unix milliseconds; null without any. */
  readonly oldestMs: number | null;
  /** Whether older ones went for the size of all, not for their age. */
  readonly cutForSize: boolean;
  /** Those under way included. */
  readonly minutesToDerive: number;
  /** Minutes derived from the store since the start, each time counted. */
  readonly derivations: number;
  /** Counts that came for minutes whose spans were retired. */
  readonly tooLate: number;
  readonly commits: CommitMeasures["all"];
  readonly doors: ReturnType<SourceBook["listDoors"]>;
  readonly issues: readonly { code: IssueCode; count: number; example: string }[];
  readonly refusals: ReturnType<SourceBook["listRefusals"]>;
  readonly senders: readonly {
    service: string;
    environment: string;
    sdk: string;
    version: string;
    spans: number;
    lastMs: number;
  }[];
  readonly namesOverLimit: number;
  readonly memory: { readonly spans: number; readonly capacity: number };
}

/** What a part of the status is about that the engine's parts do not know of themselves. */
type Told = Pick<EngineStatus, "startedMs" | "oldestMs" | "cutForSize" | "spans"> & { readonly deriving: number };

/** @param tell asked once everything else is known, so that all counts are of one moment. */
export async function statusOf(parts: EngineParts, tell: () => Told): Promise<EngineStatus> {
  const { directory, sources, book, linker, version, store } = parts;
  const { file, log } = await store.size();
  const { deriving, ...told } = tell();
  const senders = sources.listSenders().map(({ service, resource, spans, lastMs }) => {
    const { id, environment } = directory.node(service);
    const { sdk, version: release } = directory.resource(resource);
    return { service: id, environment, sdk, version: release, spans, lastMs };
  });
  return {
    ...told,
    version,
    storeBytes: file + log,
    logBytes: log,
    minutesToDerive: book.dirtyMinutes.length + deriving,
    derivations: book.derivations,
    tooLate: book.tooLate,
    commits: parts.commits.all,
    doors: sources.listDoors(),
    issues: sources.issues.entries(),
    refusals: sources.listRefusals(),
    senders,
    namesOverLimit: directory.overflowed,
    memory: { spans: linker.ring.size, capacity: linker.ring.capacity },
  };
}

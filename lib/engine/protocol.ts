// What the main thread and the engine's thread say to each other: calls by name, answers by number. Bytes are transferred,
// not copied.
import type { ErrorRecord } from "../domain/errors";
import type { Engine } from "./engine";
import type { EngineOptions } from "./engine-options";
import type { EngineStatus } from "./engine-status";
import type { ImportReport } from "./import-session";
import type { StoreCondition } from "./store-condition";

/** What the engine's thread does for others. */
export interface EngineApi {
  ingest: Engine["ingest"];
  noteRefused(...args: Parameters<Engine["noteRefused"]>): Promise<void>;
  /** What names mean in every answer from here on. */
  declare(...args: Parameters<Engine["declare"]>): Promise<void>;
  graph: Engine["graph"];
  edge: Engine["edge"];
  node: Engine["node"];
  cycles: Engine["cycles"];
  trace: Engine["trace"];
  traces: Engine["traces"];
  tracesGraph: Engine["tracesGraph"];
  status(): Promise<EngineStatus & StoreCondition>;
  settle: Engine["settle"];
  /** Copies what is stored into a new file; what was acknowledged before is in it. */
  backup(path: string): Promise<void>;
  /** Begins reading a file; pieces follow in order, `importEnd` answers once everything is durable. */
  importBegin(): Promise<number>;
  importPiece(session: number, bytes: Uint8Array): Promise<void>;
  importEnd(session: number): Promise<ImportReport>;
  importAbort(session: number): Promise<void>;
  close(): Promise<void>;
}

export type Method = keyof EngineApi;

export interface WorkerSettings {
  /** DuckDB file, or ":memory:". */
  readonly path: string;
  readonly memoryLimit: string;
  /** Largest imported file, inflated. */
  readonly importBytes: number;
  /** Saboteur switch for tests: a backup does not wait for commits. */
  readonly looseBackup: boolean;
  readonly options: EngineOptions;
}

export type ToWorker = { readonly id: number; readonly method: Method; readonly args: readonly unknown[] };

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: ErrorRecord }
  | { readonly kind: "changed"; readonly version: number }
  | { readonly kind: "condition"; readonly condition: StoreCondition }
  /** An error that nothing caught. */
  | { readonly kind: "fault"; readonly message: string; readonly stack: string }
  | { readonly kind: "cannot-start"; readonly message: string };

// What comes through the doors, and what is answered.
import type { IssueCode } from "../domain/issue";
import { CANARY_ENVIRONMENT } from "../domain/node";

export const DOORS = ["otlp-http", "otlp-grpc", "import"] as const;
export type Door = (typeof DOORS)[number];

/** What a request of nothing but the product's own traces is counted as, whichever door it came through. */
export const CANARY = "canary";

/** @param environments of the spans of a request. */
export const isCanary = (environments: readonly string[]): boolean =>
  environments.length === 1 && environments[0] === CANARY_ENVIRONMENT;

export interface IngestRequest {
  /** An ExportTraceServiceRequest. */
  readonly bytes: Uint8Array;
  /** The same in gzip, where it came so: as it is stored. */
  readonly gzip: Uint8Array | null;
  readonly format: "protobuf" | "json";
  readonly door: Door;
}

export interface IngestReport {
  /** Spans in the request, rejected ones included. */
  readonly received: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly issues: readonly { code: IssueCode; count: number; example: string }[];
  /** First and last start of the spans, in Unix microseconds; null without any. */
  readonly startsUs: { readonly from: number; readonly to: number } | null;
  /** The environments that they are of. */
  readonly environments: readonly string[];
}

// What comes through the doors, and what is answered.
import type { IssueCode } from "../domain/issue";

export const DOORS = ["otlp-http", "otlp-grpc", "import"] as const;
export type Door = (typeof DOORS)[number];

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

// Answers of the OTLP doors, in protobuf or JSON. Source: opentelemetry-proto docs/specification.md ("OTLP/HTTP Response").

import { issueText } from "../domain/issue";
import type { IngestReport } from "../engine/doors";

/** google.rpc.Code of an HTTP status, for the body of an error. */
const RPC_CODES: Record<number, number> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  413: 8,
  415: 12,
  421: 7,
  429: 8,
  503: 14,
};

const utf8 = new TextEncoder();

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

const text = (tag: number, value: string): number[] => {
  const bytes = utf8.encode(value);
  return [tag, ...varint(bytes.length), ...bytes];
};

/** What was wrong, in one line: "3 spans rejected: 2 trace id …, 1 …". Empty when nothing was. */
export function partialMessage(report: Pick<IngestReport, "rejected" | "issues">): string {
  if (report.rejected === 0) return "";
  const reasons = report.issues.map(({ code, count }) => `${count} × ${issueText(code)}`);
  return `${report.rejected} span${report.rejected === 1 ? "" : "s"} rejected; ${reasons.join("; ")}`;
}

/** ExportTraceServiceResponse; `partial_success` stays unset when everything was taken. */
export function protobufAnswer(report: Pick<IngestReport, "rejected" | "issues">): Uint8Array {
  if (report.rejected === 0) return new Uint8Array(0);
  const partial = [0x08, ...varint(report.rejected), ...text(0x12, partialMessage(report))];
  return Uint8Array.from([0x0a, ...varint(partial.length), ...partial]);
}

export const jsonAnswer = (report: Pick<IngestReport, "rejected" | "issues">): string =>
  report.rejected === 0
    ? "{}"
    : JSON.stringify({
        partialSuccess: { rejectedSpans: String(report.rejected), errorMessage: partialMessage(report) },
      });

/** google.rpc.Status. */
export const protobufError = (status: number, message: string): Uint8Array =>
  Uint8Array.from([0x08, RPC_CODES[status] ?? 2, ...text(0x12, message)]);

export const jsonError = (status: number, message: string): string =>
  JSON.stringify({ code: RPC_CODES[status] ?? 2, message });

// Grafana Tempo's trace answers: {"batches":[…]} (v1) and {"trace":{"resourceSpans":[…]}} (v2). OTLP in shape, but written by
// gogo's jsonpb: ids in base64, enums by name. Source: grafana/tempo pkg/tempopb, docs/sources/tempo/api_docs.
import { asList, isObject } from "../json-value";
import type { TraceFormat } from "./format";
import { readResourceSpansList, usesBase64Ids } from "./otlp-json";

export const tempoJson: TraceFormat = {
  id: "tempo-json",
  label: "Tempo JSON",
  ownsItem: (path, item) =>
    isObject(item) &&
    (path === "batches" || path === "trace.resourceSpans" || (path === "resourceSpans" && usesBase64Ids(item))),
  ownsDocument: (document) => "batches" in document || (isObject(document.trace) && "resourceSpans" in document.trace),
  read: (value) => readResourceSpansList(isObject(value) ? [value] : asList(value)),
};

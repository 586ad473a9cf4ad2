// The formats of trace files, most specific first.
import type { TraceFormat } from "./format";
import { jaegerJson } from "./jaeger-json";
import { otlpJson } from "./otlp-json";
import { tempoJson } from "./tempo-json";
import { zipkinJson } from "./zipkin-json";

export const FORMATS: readonly TraceFormat[] = [tempoJson, otlpJson, jaegerJson, zipkinJson];

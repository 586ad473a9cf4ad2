// Every metric of this server, once: its name, what it means, and where its numbers come from. Names of the OpenTelemetry
// Collector and of Prometheus' clients where they have one for it, headwater_* for the rest.
import type { Distribution } from "../engine/commit-measures";
import type { Door } from "../engine/doors";
import type { EngineStatus } from "../engine/engine-status";
import type { CanaryState } from "./canary";
import type { Family, MetricType, Sample } from "./metrics-text";

export interface ProcessNumbers {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly startSeconds: number;
  /** null where the system does not tell. */
  readonly openFds: number | null;
}

/** Everything that is known of the server at one moment. */
export interface Measured {
  readonly version: string;
  readonly node: string;
  /** null while the engine does not answer: its metrics are left out then. */
  readonly status: EngineStatus | null;
  readonly failing: boolean;
  readonly requests: readonly { readonly door: Door; readonly code: number; readonly count: number }[];
  readonly inFlight: { readonly bytes: number; readonly limit: number };
  /** null where it is switched off. */
  readonly canary: CanaryState | null;
  readonly process: ProcessNumbers;
}

interface Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly labels: readonly string[];
  readonly help: string;
  readonly of: (measured: Measured) => readonly Sample[];
}

type DoorStatus = EngineStatus["doors"][number];

/** Receiver and transport as the Collector would call them. */
const RECEIVERS: Record<Door, { receiver: string; transport: string }> = {
  "otlp-http": { receiver: "otlp", transport: "http" },
  "otlp-grpc": { receiver: "otlp", transport: "grpc" },
  import: { receiver: "import", transport: "http" },
};
const one = (value: number | Distribution | null | undefined): Sample[] =>
  value === null || value === undefined ? [] : [{ labels: {}, value }];

const doorsOf = ({ status }: Measured): readonly DoorStatus[] => status?.doors ?? [];

const byDoor = (value: (counts: DoorStatus) => number) => (measured: Measured) =>
  doorsOf(measured).map((door) => ({ labels: { door: door.name }, value: value(door) }));

const byReceiver = (value: (counts: DoorStatus) => number) => (measured: Measured) =>
  doorsOf(measured).map((door) => ({ labels: RECEIVERS[door.name], value: value(door) }));

const seconds = ({ buckets, sum, count }: Distribution): Distribution => ({
  buckets: buckets.map((bucket) => ({ ...bucket, atMost: bucket.atMost / 1000 })),
  sum: sum / 1000,
  count,
});

const counter = (name: string, labels: readonly string[], help: string, of: Metric["of"]): Metric => ({
  name,
  type: "counter",
  labels,
  help,
  of,
});
const gauge = (name: string, labels: readonly string[], help: string, of: Metric["of"]): Metric => ({
  name,
  type: "gauge",
  labels,
  help,
  of,
});

const canaryCounter = (name: "written" | "missing" | "wrong" | "refused", help: string): Metric =>
  counter(`headwater_canary_${name}_total`, [], help, ({ canary }) => one(canary?.[name]));

const RECEIVER = ["receiver", "transport"];

export const METRICS: readonly Metric[] = [
  counter(
    "otelcol_receiver_accepted_spans",
    RECEIVER,
    "Spans that were taken: stored, or stored already",
    byReceiver(({ stored, duplicates }) => stored + duplicates),
  ),
  counter(
    "otelcol_receiver_refused_spans",
    RECEIVER,
    "Spans that were rejected while their neighbours were taken",
    byReceiver(({ rejected }) => rejected),
  ),
  counter(
    "otelcol_receiver_failed_spans",
    RECEIVER,
    "Spans of requests that were read but could not be stored; senders are told to send them again",
    byReceiver(({ failed }) => failed),
  ),
  counter(
    "headwater_spans_received_total",
    ["door"],
    "Spans in requests that were answered with success: stored, duplicate and rejected together",
    byDoor(({ received }) => received),
  ),
  counter(
    "headwater_spans_stored_total",
    ["door"],
    "Spans that were stored",
    byDoor(({ stored }) => stored),
  ),
  counter(
    "headwater_spans_duplicate_total",
    ["door"],
    "Spans that were stored already",
    byDoor(({ duplicates }) => duplicates),
  ),
  counter("headwater_spans_rejected_total", ["door", "reason"], "Spans that were not stored, by reason", (measured) =>
    doorsOf(measured).flatMap(({ name, rejections }) =>
      Object.entries(rejections).map(([reason, value]) => ({ labels: { door: name, reason }, value })),
    ),
  ),
  counter(
    "headwater_requests_total",
    ["door", "code"],
    "Requests by what they were answered: HTTP status, at otlp-grpc grpc-status",
    ({ requests }) => requests.map(({ door, code, count }) => ({ labels: { door, code: String(code) }, value: count })),
  ),
  gauge(
    "headwater_in_flight_bytes",
    [],
    "Bytes of request bodies at the OTLP doors that room is held for",
    (measured) => one(measured.inFlight.bytes),
  ),
  gauge("headwater_in_flight_limit_bytes", [], "What they may be before requests are told to come back", (measured) =>
    one(measured.inFlight.limit),
  ),
  {
    name: "headwater_commit_duration_seconds",
    type: "histogram",
    labels: [],
    help: "How long commits took that held spans, from append to durable",
    of: ({ status }) => one(status && seconds(status.commits.ms)),
  },
  {
    name: "headwater_commit_spans",
    type: "histogram",
    labels: [],
    help: "Spans a commit, duplicates included",
    of: ({ status }) => one(status?.commits.spans),
  },
  gauge(
    "headwater_minutes_to_derive",
    [],
    "Minutes whose calls wait to be derived again from stored spans",
    (measured) => one(measured.status?.minutesToDerive),
  ),
  counter("headwater_minutes_derived_total", [], "Minutes that were derived again from stored spans", ({ status }) =>
    one(status?.derivations),
  ),
  gauge("headwater_store_bytes", ["part"], "Size of the database file, and of the log beside it", ({ status }) =>
    status === null
      ? []
      : [
          { labels: { part: "file" }, value: status.storeBytes - status.logBytes },
          { labels: { part: "log" }, value: status.logBytes },
        ],
  ),
  gauge("headwater_store_spans", [], "Spans that are stored now", ({ status }) => one(status?.spans)),
  gauge("headwater_store_oldest_span_timestamp_seconds", [], "When the oldest stored span arrived", ({ status }) =>
    one(status?.oldestMs == null ? null : status.oldestMs / 1000),
  ),
  gauge("headwater_memory_spans", [], "Ids in memory for linking spans", ({ status }) => one(status?.memory.spans)),
  gauge("headwater_memory_limit_spans", [], "Ids that memory has room for", ({ status }) =>
    one(status?.memory.capacity),
  ),
  gauge("headwater_up", [], "1 while spans are taken, 0 while they are not", ({ failing }) => one(failing ? 0 : 1)),
  gauge("headwater_build_info", ["version", "node"], "1, with what is running in its labels", ({ version, node }) => [
    { labels: { version, node }, value: 1 },
  ]),
  canaryCounter("written", "Traces that the server sent itself and took"),
  canaryCounter("missing", "Of those, the ones that could not be read back"),
  canaryCounter("wrong", "Of those, the ones read back changed, or not as exactly one call more in the graph"),
  canaryCounter("refused", "Traces that the server sent itself and did not take"),
  gauge(
    "headwater_canary_lag_seconds",
    [],
    "From sending until trace and call could be read, of the last that was found",
    ({ canary }) => one(canary?.lagMs == null ? null : canary.lagMs / 1000),
  ),
  counter("process_cpu_seconds_total", [], "Processor time of the whole process", (measured) =>
    one(measured.process.cpuSeconds),
  ),
  gauge("process_resident_memory_bytes", [], "Resident memory of the whole process", (measured) =>
    one(measured.process.residentBytes),
  ),
  gauge("process_open_fds", [], "Open file descriptors", (measured) => one(measured.process.openFds)),
  gauge("process_start_time_seconds", [], "When the process started", (measured) => one(measured.process.startSeconds)),
];

export const metricsOf = (measured: Measured): Family[] =>
  METRICS.map(({ name, type, help, of }) => ({ name, type, help, samples: of(measured) }));

// Requests written down as trees of calls, and the OTLP JSON of their spans. A failing call fails whoever made it.
import { hash32 } from "@/lib/domain/ids";
import { SpanKind, StatusCode } from "@/lib/domain/span";

export interface CallTree {
  readonly service: string;
  /** Name of the span that works on the call; "work" without. */
  readonly operation?: string;
  readonly calls?: readonly CallTree[];
  /** Its own code fails. */
  readonly fails?: boolean;
  /** The message is taken by this service; the publisher does not wait. */
  readonly topic?: string;
  /** What is called records nothing itself: a database of this system. */
  readonly database?: string;
}

export const DAY_MS = Date.UTC(2026, 2, 1, 12);

/** OTLP JSON of one trace a tree, all within a minute. Traces of two environments or times are never the same. */
export function traceFileOf(trees: readonly CallTree[], environment: string, startMs = DAY_MS): string {
  const spans = new Map<string, object[]>();
  let ids = 0;
  const add = (service: string, span: object): void => {
    const list = spans.get(service);
    if (list) list.push(span);
    else spans.set(service, [span]);
  };
  trees.forEach((root, index) => {
    const traceId = hex(index + 1, 16) + hex(hash32(`${environment} ${startMs}`), 16);
    const at = startMs + (index % 50_000);
    const span = (
      kind: SpanKind,
      parent: string,
      failed: boolean,
      attributes: Record<string, string> = {},
      name = "work",
    ) => ({
      traceId,
      spanId: hex(++ids, 16),
      ...(parent && { parentSpanId: parent }),
      name,
      kind,
      startTimeUnixNano: `${at}000000`,
      endTimeUnixNano: `${at + 5}000000`,
      ...(failed && { status: { code: StatusCode.ERROR } }),
      attributes: attributesOf(attributes),
    });
    const walk = (tree: CallTree, kind: SpanKind, parent: string, attributes: Record<string, string> = {}): void => {
      const handled = span(kind, parent, hasFailed(tree), attributes, tree.operation);
      add(tree.service, handled);
      for (const call of tree.calls ?? []) {
        if (call.topic) {
          const messaging = { "messaging.system": "kafka", "messaging.destination.name": call.topic };
          const sent = span(SpanKind.PRODUCER, handled.spanId, false, messaging);
          add(tree.service, sent);
          walk(call, SpanKind.CONSUMER, sent.spanId, messaging);
        } else if (call.database) {
          const database = { "db.system.name": call.database, "db.namespace": call.service, "server.address": "db" };
          add(tree.service, span(SpanKind.CLIENT, handled.spanId, hasFailed(call), database));
        } else {
          const sent = span(SpanKind.CLIENT, handled.spanId, hasFailed(call));
          add(tree.service, sent);
          walk(call, SpanKind.SERVER, sent.spanId);
        }
      }
    };
    walk(root, SpanKind.SERVER, "");
  });
  return JSON.stringify({
    resourceSpans: [...spans].map(([service, list]) => ({
      resource: {
        attributes: attributesOf({ "service.name": service, "deployment.environment.name": environment }),
      },
      scopeSpans: [{ spans: list }],
    })),
  });
}

const hasFailed = ({ fails, calls = [] }: CallTree): boolean =>
  fails === true || calls.some((call) => !call.topic && hasFailed(call));

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

const attributesOf = (attributes: Record<string, string>) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } }));

/** `count` trees; `make` gets 0 … count − 1. */
export const repeat = (count: number, make: (index: number) => CallTree): CallTree[] =>
  Array.from({ length: count }, (_, index) => make(index));

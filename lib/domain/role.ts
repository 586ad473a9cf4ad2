// What part a span plays in a call. The span kind alone does not say it: with the current messaging conventions a poll is a
// CLIENT span, and so is a publish whose own context does not travel with the message.
// Source: semantic-conventions, messaging-spans ("Operation types").
import { SpanKind } from "./span";

export const Role = {
  INTERNAL: 0,
  SERVER: 1,
  CLIENT: 2,
  /** Hands a message to a broker. */
  PUBLISH: 3,
  /** Works on a message. */
  PROCESS: 4,
  /** Fetches messages; a process span of the same message counts instead of it. */
  RECEIVE: 5,
  /** Housekeeping with the broker (acknowledge, settle): no call of its own. */
  SETTLE: 6,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

/** A map, not an object: senders write what they like here, `constructor` too. */
const OPERATION_ROLE: ReadonlyMap<string, Role> = new Map<string, Role>(
  Object.entries({
    create: Role.PUBLISH,
    send: Role.PUBLISH,
    publish: Role.PUBLISH,
    receive: Role.RECEIVE,
    process: Role.PROCESS,
    deliver: Role.PROCESS,
    settle: Role.SETTLE,
    ack: Role.SETTLE,
    nack: Role.SETTLE,
  }),
);

/**
 * The role of a span of this kind.
 * @param messagingOperation `messaging.operation.type` (or its older spellings), "" when the span has none.
 * @param messaging whether the span carries `messaging.*` attributes at all.
 */
export function roleOf(kind: SpanKind, messagingOperation: string, messaging: boolean): Role {
  const operation = OPERATION_ROLE.get(messagingOperation);
  switch (kind) {
    case SpanKind.SERVER:
      return Role.SERVER;
    case SpanKind.PRODUCER:
      return Role.PUBLISH;
    case SpanKind.CONSUMER:
      return operation === Role.RECEIVE || operation === Role.SETTLE ? operation : Role.PROCESS;
    case SpanKind.CLIENT:
      if (operation !== undefined) return operation === Role.PROCESS ? Role.CLIENT : operation;
      return messaging ? Role.PUBLISH : Role.CLIENT;
    default:
      return Role.INTERNAL;
  }
}

// Who gets whose messages, topics looked through. A message that was followed says so itself. Of one that was not, only a side
// is known: it meets every side of its topic that is known alone, and, where its service was never followed on that topic, every
// message there that was. DECISIONS: a side never seen is replaced by the topic.

export interface MessageEdge {
  readonly caller: string;
  readonly callee: string;
  /** The topic of a message whose both sides were seen, else null. */
  readonly via: string | null;
}

export interface TopicSides<E> {
  /** Messages whose both sides were seen. */
  readonly followed: readonly E[];
  /** Messages of which the producer alone was seen, and the consumer alone. */
  readonly sent: readonly E[];
  readonly read: readonly E[];
  /** Those of them whose service has no followed message on the topic. */
  readonly onlySent: readonly E[];
  readonly onlyRead: readonly E[];
}

/** By topic. Edges that have to do with no topic are left out. */
export function topicSides<E extends MessageEdge>(
  edges: readonly E[],
  isTopic: (id: string) => boolean,
): Map<string, TopicSides<E>> {
  const found = new Map<string, { followed: E[]; sent: E[]; read: E[] }>();
  for (const edge of edges) {
    const { caller, callee, via } = edge;
    const side = via !== null ? "followed" : isTopic(callee) ? "sent" : isTopic(caller) ? "read" : null;
    if (side === null) continue;
    const topic = via ?? (side === "sent" ? callee : caller);
    const sides = found.get(topic) ?? { followed: [], sent: [], read: [] };
    found.set(topic, sides);
    sides[side].push(edge);
  }
  return new Map(
    [...found].map(([topic, { followed, sent, read }]) => {
      const producers = new Set(followed.map(({ caller }) => caller));
      const consumers = new Set(followed.map(({ callee }) => callee));
      const onlySent = sent.filter(({ caller }) => !producers.has(caller));
      const onlyRead = read.filter(({ callee }) => !consumers.has(callee));
      return [topic, { followed, sent, read, onlySent, onlyRead }];
    }),
  );
}

/**
 * The ways through a topic that no single message shows, as its edge in and its edge out; no pair of services twice. From a
 * service to itself only where both its sides are known alone.
 */
export function unfollowed<E extends MessageEdge>({
  followed,
  sent,
  read,
  onlySent,
  onlyRead,
}: TopicSides<E>): (readonly [into: E, outOf: E])[] {
  const ways = new Map<string, readonly [E, E]>();
  const add = (into: readonly E[], outOf: readonly E[]): void => {
    for (const first of into)
      for (const last of outOf) {
        if (first.caller === last.callee && (into !== sent || outOf !== read)) continue;
        const key = `${first.caller}\0${last.callee}`;
        if (!ways.has(key)) ways.set(key, [first, last]);
      }
  };
  add(sent, read);
  add(onlySent, followed);
  add(followed, onlyRead);
  return [...ways.values()];
}

/** From producer to consumer, followed or not: all the services that messages go between. */
export function messageWays(
  edges: readonly MessageEdge[],
  isTopic: (id: string) => boolean,
): { caller: string; callee: string }[] {
  return [...topicSides(edges, isTopic).values()].flatMap((sides) => [
    ...sides.followed,
    ...unfollowed(sides).map(([into, outOf]) => ({ caller: into.caller, callee: outOf.callee })),
  ]);
}

// The rule of docs/architecture.md ("What is a call") as plainly as it can be written: all distinct spans at once, arrays and
// loops, no memory of what came before. Written apart from lib/derive and sharing nothing with it but words; slow on purpose.
import { bucketOf } from "@/lib/domain/histogram";
import { faultOfClient, faultOfPair, faultOfServer } from "@/lib/domain/outcome";
import { Role } from "@/lib/domain/role";
import type { Row } from "./columns-rows";

const FAULTS = ["", "callee", "between", "clientError", "throttled"];

/** Counts by `minute kind caller>callee via operation`, one line of text each. */
export class Counts {
  private readonly lines = new Map<string, Map<string, number>>();

  add(key: string, what: string, count = 1): void {
    const line = this.lines.get(key) ?? new Map<string, number>();
    line.set(what, (line.get(what) ?? 0) + count);
    this.lines.set(key, line);
  }

  print(): string[] {
    return [...this.lines]
      .filter(([, counts]) => (counts.get("calls") ?? 0) !== 0)
      .map(([key, counts]) => {
        const parts = [...counts].filter(([, count]) => count !== 0).map(([what, count]) => `${what}=${count}`);
        return `${key}: ${parts.sort().join(" ")}`;
      })
      .sort();
  }
}

const before = (a: Row, b: Row): boolean =>
  a.startUs !== b.startUs
    ? a.startUs < b.startUs
    : a.traceId + a.spanId !== b.traceId + b.spanId
      ? a.traceId + a.spanId < b.traceId + b.spanId
      : a.kind !== b.kind
        ? a.kind < b.kind
        : a.service < b.service;
const earliest = (rows: Row[]): Row | undefined =>
  rows.reduce<Row | undefined>((best, row) => (!best || before(row, best) ? row : best), undefined);

const serves = (row: Row): boolean => row.role === Role.SERVER || row.role === Role.PROCESS;
const isDatabase = (peer: string): boolean => peer.startsWith("db:");
const isTopic = (peer: string): boolean => peer.startsWith("topic:");

interface Call {
  row: Row;
  edge: string;
  fault: number;
  side: "paired" | "server" | "clientOnly";
  counterpart?: Row;
  /** The counterpart is known by a link, not by parentage. */
  linked?: true;
}

export function naiveCounts(rows: readonly Row[]): Counts {
  const counts = new Counts();
  const minute = (row: Row): number => Math.floor(row.startUs / 60_000_000);
  const sameId = (row: Row): Row[] =>
    rows.filter((other) => other !== row && other.traceId === row.traceId && other.spanId === row.spanId);
  const withId = (traceId: string, spanId: string): Row[] =>
    rows.filter((other) => other.traceId === traceId && other.spanId === spanId);

  const parents = new Map<Row, Row | "root" | "unseen">();
  for (const row of rows) {
    const candidates = withId(row.traceId, row.parentSpanId).filter((other) => other !== row);
    const worth = (other: Row): number => (other.service === row.service ? 2 : 0) + (serves(other) ? 1 : 0);
    const most = Math.max(-1, ...candidates.map(worth));
    parents.set(
      row,
      row.parentSpanId === "" ? "root" : (earliest(candidates.filter((other) => worth(other) === most)) ?? "unseen"),
    );
  }
  const parentOf = (row: Row): Row | "root" | "unseen" => parents.get(row)!;
  /** From here upwards through internal spans of one service: the first span that is not internal. */
  const firstNotInternal = (from: Row): Row | undefined => {
    let at = from;
    for (let hops = 0; hops < 64; hops++) {
      if (at.role !== Role.INTERNAL) return at;
      const up = parentOf(at);
      if (typeof up === "string" || up.service !== at.service) return undefined;
      at = up;
    }
    return undefined;
  };
  const childrenOf = (row: Row): Row[] =>
    rows.filter((other) => other !== row && other.traceId === row.traceId && other.parentSpanId === row.spanId);

  const calls: Call[] = [];
  const pair = (client: Row, row: Row): void => {
    calls.push({
      row,
      edge: `sync ${client.service}>${row.service} via`,
      fault: faultOfPair(client.outcome as 0, row.outcome as 0),
      side: "paired",
      counterpart: client,
    });
  };
  const alone = (kind: string, caller: string, row: Row): void => {
    calls.push({
      row,
      edge: `${kind} ${caller}>${row.service} via`,
      fault: faultOfServer(row.outcome as 0),
      side: "server",
    });
  };
  const delivery = (producer: Row | undefined, service: string, row: Row): void => {
    const sent = producer?.peer ?? "";
    const named = [sent, row.peer].find((peer) => isTopic(peer) && peer.includes("/"));
    const topic = named ?? [sent, row.peer].find(isTopic) ?? "";
    calls.push({
      row,
      edge: `async ${service}>${row.service} via ${topic}`.trimEnd(),
      fault: producer ? faultOfPair(producer.outcome as 0, row.outcome as 0) : faultOfServer(row.outcome as 0),
      side: producer ? "paired" : "server",
      ...(producer && { counterpart: producer }),
    });
  };
  const own = (row: Row): void =>
    tally(row, `own >${row.service} via`, faultOfServer(row.outcome as 0), "server", row.operation);
  const orphans = new Set<Row>();
  const orphan = (row: Row): void => {
    if (!orphans.has(row)) tally(row, `orphan >${row.service} via`, faultOfServer(row.outcome as 0), "server", "");
    orphans.add(row);
  };
  const tally = (row: Row, edge: string, fault: number, side: Call["side"], operation: string): void => {
    const key = `${minute(row)} ${edge} ${operation}`.trimEnd();
    counts.add(key, "calls");
    if (fault) counts.add(key, FAULTS[fault]!);
    if (side !== "server") counts.add(key, side);
    if (row.weight === null) counts.add(key, "unweighted");
    if (side !== "clientOnly" && row.durationUs >= 0) counts.add(key, `server#${bucketOf(row.durationUs)}`);
  };
  const sample = (row: Row, edge: string, clientUs: number, gapUs: number): void => {
    const key = `${minute(row)} ${edge} ${row.operation}`.trimEnd();
    if (clientUs >= 0) counts.add(key, `client#${bucketOf(clientUs)}`);
    if (gapUs >= 0) counts.add(key, `gap#${bucketOf(gapUs)}`);
  };
  const lagOf = (producer: Row, row: Row): number =>
    producer.durationUs < 0 ? -1 : Math.max(-1, row.startUs - producer.startUs - producer.durationUs);

  for (const row of rows) tally({ ...row, weight: null }, `spans >${row.service} via`, 0, "clientOnly", "");

  // Inbound.
  for (const row of rows) {
    const parent = parentOf(row);
    if (row.role === Role.SERVER) {
      own(row);
      const shared = earliest(sameId(row).filter((other) => other.role === Role.CLIENT));
      if (shared) pair(shared, row);
      else if (typeof parent === "string") {
        if (parent === "unseen") orphan(row);
        if (row.peer && row.peer !== row.service) alone("sync", row.peer, row);
        else if (parent === "root") alone("entry", "entry:user", row);
      } else {
        const above = firstNotInternal(parent);
        if (above?.role === Role.PUBLISH) delivery(above, above.service, row);
        else if (above?.role === Role.CLIENT) pair(above, row);
        else if (parent.service !== row.service) alone("sync", parent.service, row);
      }
    } else if (row.role === Role.PROCESS || row.role === Role.RECEIVE) {
      const receive = row.role === Role.RECEIVE;
      const previous = calls.length;
      if (row.links.length > 0) {
        for (const link of new Set(row.links)) {
          const targets = withId(link.slice(0, 32), link.slice(32));
          const rivals = rows.filter(
            (other) => other.role === Role.PROCESS && other.service === row.service && other.links.includes(link),
          );
          if (receive && rivals.length > 0) continue;
          const worth = (other: Row): number => (other.role === Role.PUBLISH ? 2 : other.role === Role.CLIENT ? 1 : 0);
          const most = Math.max(0, ...targets.map(worth));
          const producer = earliest(targets.filter((other) => worth(other) === most));
          if (producer) {
            delivery(producer, producer.service, row);
            calls[calls.length - 1]!.linked = true;
          } else if (row.peer)
            calls.push({
              row,
              edge: `async ${row.peer}>${row.service} via`,
              fault: faultOfServer(row.outcome as 0),
              side: "server",
            });
          else orphan(row);
        }
      } else if (
        !(receive && childrenOf(row).some((child) => child.role === Role.PROCESS && child.service === row.service))
      ) {
        const fromTopic = (): void => {
          if (row.peer)
            calls.push({
              row,
              edge: `async ${row.peer}>${row.service} via`,
              fault: faultOfServer(row.outcome as 0),
              side: "server",
            });
          else orphan(row);
        };
        const poll = receive && row.kind === 3;
        if (typeof parent === "string") {
          if (parent === "unseen") orphan(row);
          if (parent === "unseen" || !poll) fromTopic();
        } else {
          const above = firstNotInternal(parent);
          if (above?.role === Role.PUBLISH) delivery(above, above.service, row);
          else if (parent.service !== row.service)
            delivery(above?.role === Role.CLIENT ? above : undefined, parent.service, row);
          else if (parent.role === Role.RECEIVE && parent.links.length > 0) {
            // the receive span's links are the deliveries
          } else if (!poll) fromTopic();
        }
      }
      if (!receive || calls.length > previous) own(row);
    } else if (typeof parent !== "string" && parent.service !== row.service) {
      const above = firstNotInternal(parent);
      if (above?.role === Role.PUBLISH) delivery(above, above.service, row);
      else if (above?.role === Role.CLIENT) pair(above, row);
      else alone("sync", parent.service, row);
    }
  }
  for (const { row, edge, fault, side, counterpart } of calls) {
    tally(row, edge, fault, side, row.operation);
    if (counterpart && edge.startsWith("async")) sample(row, edge, counterpart.durationUs, lagOf(counterpart, row));
  }

  // Outbound.
  /** What hangs under an id, directly or through internal spans of the service: each id is entered once, 64 deep at most. */
  const below = (row: Row): Row[] => {
    const found: Row[] = [];
    const entered = new Set([row.spanId]);
    let level = [row.spanId];
    for (let hops = 0; hops < 64 && level.length > 0; hops++) {
      const next: string[] = [];
      for (const spanId of level) {
        for (const child of rows) {
          if (child.traceId !== row.traceId || child.parentSpanId !== spanId || child.service !== row.service) continue;
          if (child.role !== Role.INTERNAL) found.push(child);
          else if (!entered.has(child.spanId)) {
            entered.add(child.spanId);
            next.push(child.spanId);
          }
        }
      }
      level = next;
    }
    return found;
  };
  for (const row of rows) {
    if (row.role !== Role.CLIENT && row.role !== Role.PUBLISH) continue;
    const mine = calls.filter((call) => call.counterpart === row);
    const insideId = (only: number[]): boolean => below(row).some((child) => only.includes(child.role));
    if (row.role === Role.CLIENT) {
      const first = earliest(mine.filter((call) => !call.linked).map((call) => call.row));
      if (first) {
        const { edge } = mine.find((call) => call.row === first)!;
        if (edge.startsWith("sync")) {
          const gap = row.durationUs < 0 || first.durationUs < 0 ? -1 : row.durationUs - first.durationUs;
          sample(first, edge, row.durationUs, gap);
        }
        continue;
      }
      if (!isDatabase(row.peer) && insideId([Role.CLIENT, Role.PUBLISH])) continue;
      const parent = parentOf(row);
      const above = typeof parent === "string" || parent.service !== row.service ? undefined : firstNotInternal(parent);
      if (
        above &&
        above.service === row.service &&
        (above.role === Role.PUBLISH || (above.role === Role.CLIENT && isDatabase(above.peer)))
      )
        continue;
      if (!row.peer) {
        tally(row, `unpaired ${row.service}> via`, faultOfServer(row.outcome as 0), "clientOnly", "");
      } else if (row.peer !== row.service) {
        const edge = `${isDatabase(row.peer) ? "database" : "sync"} ${row.service}>${row.peer} via`;
        tally(row, edge, faultOfClient(row.outcome as 0), "clientOnly", row.operation);
        sample(row, edge, row.durationUs, -1);
      }
    } else {
      if (mine.length === 0 && insideId([Role.PUBLISH])) continue;
      tally(
        row,
        `publish ${row.service}>${row.peer} via`,
        faultOfServer(row.outcome as 0),
        "clientOnly",
        row.operation,
      );
      if (mine.length > 0 || !row.peer) continue;
      const edge = `async ${row.service}>${row.peer} via`;
      tally(row, edge, faultOfClient(row.outcome as 0), "clientOnly", row.operation);
      sample(row, edge, row.durationUs, -1);
    }
  }
  return counts;
}

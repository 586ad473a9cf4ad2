// Who sends what: counts by door and by sender since the server started, and everything that was rejected or repaired, with
// one example each. accepted = stored + duplicates; received = accepted + rejected, to the span.
import { Issues, REJECTIONS, type Rejection } from "../domain/issue";
import { DOORS, type Door } from "./doors";

export interface DoorCounts {
  /** A file is one, in however many parts it is taken. */
  requests: number;
  /** Requests that were refused whole: unreadable, too large, unsupported. */
  refused: number;
  received: number;
  stored: number;
  duplicates: number;
  rejected: number;
  /** The same by reason. */
  readonly rejections: Record<Rejection, number>;
  /** Spans of requests that were read and could not be stored; they are in no other count. */
  failed: number;
  lastMs: number;
}

export interface SenderCounts {
  readonly service: number;
  readonly resource: number;
  spans: number;
  lastMs: number;
}

export interface Refusal {
  readonly door: string;
  readonly message: string;
  count: number;
  lastMs: number;
}

const REASONS = Object.keys(REJECTIONS) as Rejection[];
const noCounts = (): DoorCounts => ({
  requests: 0,
  refused: 0,
  received: 0,
  stored: 0,
  duplicates: 0,
  rejected: 0,
  rejections: Object.fromEntries(REASONS.map((reason) => [reason, 0])) as Record<Rejection, number>,
  failed: 0,
  lastMs: 0,
});
const MOST_SENDERS = 2_000;
const MOST_REFUSALS = 50;

export class SourceBook {
  private readonly doors = new Map<Door, DoorCounts>(DOORS.map((name) => [name, noCounts()]));
  private readonly senders = new Map<number, SenderCounts>();
  private readonly refusals = new Map<string, Refusal>();
  readonly issues = new Issues();

  private door(name: Door): DoorCounts {
    return this.doors.get(name)!;
  }

  /** Notes a request that was taken whole; what it held is noted by `took`. */
  asked(door: Door): void {
    this.door(door).requests++;
  }

  took(
    door: Door,
    nowMs: number,
    counts: { received: number; stored: number; duplicates: number },
    issues: Issues,
  ): void {
    const entry = this.door(door);
    entry.received += counts.received;
    entry.stored += counts.stored;
    entry.duplicates += counts.duplicates;
    entry.rejected += issues.rejected;
    for (const reason of REASONS) entry.rejections[reason] += issues.count(reason);
    entry.lastMs = nowMs;
    this.issues.merge(issues);
  }

  /** Notes spans of a request that could not be stored. */
  failed(door: Door, spans: number): void {
    this.door(door).failed += spans;
  }

  refused(door: Door, nowMs: number, message: string): void {
    const entry = this.door(door);
    entry.requests++;
    entry.refused++;
    entry.lastMs = nowMs;
    const key = `${door}\0${message}`;
    const known = this.refusals.get(key);
    if (known) {
      known.count++;
      known.lastMs = nowMs;
    } else if (this.refusals.size < MOST_REFUSALS) this.refusals.set(key, { door, message, count: 1, lastMs: nowMs });
  }

  sent(service: number, resource: number, spans: number, nowMs: number): void {
    const known = this.senders.get(resource);
    if (known) {
      known.spans += spans;
      known.lastMs = nowMs;
    } else if (this.senders.size < MOST_SENDERS)
      this.senders.set(resource, { service, resource, spans, lastMs: nowMs });
  }

  /** For when their numbers mean others from here on. */
  forgetSenders(): void {
    this.senders.clear();
  }

  /** Every door, in the order of DOORS. */
  listDoors(): (DoorCounts & { name: Door })[] {
    return [...this.doors].map(([name, counts]) => ({ name, ...counts }));
  }

  listSenders(): SenderCounts[] {
    return [...this.senders.values()];
  }

  listRefusals(): Refusal[] {
    return [...this.refusals.values()].sort((a, b) => b.lastMs - a.lastMs);
  }
}

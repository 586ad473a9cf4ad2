// The minutes in memory. A minute is live while the linker counts into it entry by entry. Once something happened that the
// linker cannot adjust (a late arrival changed a span that has left memory), it is sealed: its numbers are derived again from
// the stored spans, and what the linker says about it means that it has to be derived once more. Until that is done it is
// counted in all the same: people look at the running minute, and deriving it takes seconds under load. Such a count may be off
// by what the linker could not adjust; the derivation that follows puts it right.
import type { CallSink, Side } from "../derive/call-sink";
import { CallTable } from "../derive/call-table";
import type { Fault } from "../domain/outcome";

const MINUTES_PER_HOUR = 60;
const hourOf = (minute: number): number => Math.floor(minute / MINUTES_PER_HOUR);

export class MinuteBook implements CallSink {
  private readonly tables = new Map<number, CallTable>();
  private readonly sealed = new Set<number>();
  /** Sealed minutes that have to be derived again. */
  private readonly dirty = new Set<number>();
  /** What was counted into the minute being derived since its derivation began. */
  private since: CallTable | null = null;
  /** When a minute was derived last, and how long that took; or until when it is left as it is. */
  private readonly derived = new Map<number, { readonly at: number; readonly took: number }>();
  /** The live minute that was counted into last, noted as unsaved: most entries are for the same one. */
  private current: CallTable | null = null;
  /** Minutes that differ from what is stored. */
  private readonly unsaved = new Set<number>();
  /** Minutes that are stored and no longer in memory. */
  private readonly stored: Set<number>;
  /** Minutes in memory of which the store holds something too. */
  private readonly both = new Set<number>();

  /** Stored minutes whose spans were retired: they can neither be adjusted nor derived again. */
  private readonly thinned: Set<number>;
  /** Hours that old minutes were added up to: likewise. */
  private hours: ReadonlySet<number>;
  /** Minutes derived from the store so far, each time counted. */
  derivations = 0;
  /** Entries that came for a minute whose spans were retired: their spans are stored, the minute stays as it was. */
  tooLate = 0;

  /**
   * @param seals false never seals a minute, `counts` false counts nothing in sealed ones; only tests that have to fail want
   *   that.
   */
  constructor(
    stored: Iterable<number>,
    thinned: Iterable<number>,
    hours: Iterable<number> = [],
    private readonly seals = true,
    private readonly counts = true,
  ) {
    this.stored = new Set(stored);
    this.thinned = new Set(thinned);
    this.hours = new Set(hours);
  }

  call(
    minute: number,
    edge: number,
    operation: number,
    sign: 1 | -1,
    fault: Fault,
    side: Side,
    weight: number,
    us: number,
    ids: Int32Array,
    at: number,
  ): void {
    const table = this.current?.minute === minute ? this.current : this.live(minute);
    table?.call(edge, operation, sign, fault, side, weight, us, ids, at);
    if (this.since?.minute === minute) this.since.call(edge, operation, sign, fault, side, weight, us, ids, at);
  }

  sample(minute: number, edge: number, operation: number, sign: 1 | -1, clientUs: number, gapUs: number): void {
    const table = this.current?.minute === minute ? this.current : this.live(minute);
    table?.sample(edge, operation, sign, clientUs, gapUs);
    if (this.since?.minute === minute) this.since.sample(edge, operation, sign, clientUs, gapUs);
  }

  touch(minute: number): void {
    this.current = null;
    if (!this.seals || this.isClosed(minute)) return;
    this.sealed.add(minute);
    this.dirty.add(minute);
  }

  /** The table to count into. A sealed minute is noted as one to derive; none when it is not in memory. */
  private live(minute: number): CallTable | null {
    if (this.isClosed(minute)) {
      this.tooLate++;
      return null;
    }
    if (this.sealed.has(minute) || this.stored.has(minute)) {
      this.touch(minute);
      return this.counts ? (this.tables.get(minute) ?? null) : null;
    }
    let table = this.tables.get(minute);
    if (!table) {
      table = new CallTable(minute);
      this.tables.set(minute, table);
    }
    this.unsaved.add(minute);
    this.current = table;
    return table;
  }

  /** Tables in memory, oldest minute first. */
  list(): CallTable[] {
    return [...this.tables.values()].sort((a, b) => a.minute - b.minute);
  }

  /** Stored minutes that memory knows better, oldest first. */
  get superseded(): readonly number[] {
    return [...this.both].sort((a, b) => a - b);
  }

  get size(): number {
    return this.tables.size;
  }

  get hasDirty(): boolean {
    return this.dirty.size > 0;
  }

  get dirtyMinutes(): readonly number[] {
    return [...this.dirty];
  }

  get hasUnsaved(): boolean {
    return this.unsaved.size > 0;
  }

  /**
   * The sealed minute to derive next: the newest that is due, because people look there. A minute that keeps changing is not
   * derived again before a second has passed, or, while spans keep coming, five times as long as it took.
   */
  takeDirty(now: number, idle: boolean): number | null {
    let next: number | null = null;
    for (const minute of this.dirty) {
      const last = this.derived.get(minute);
      if (last && now < last.at + (idle ? 1000 : Math.max(1000, 5 * last.took))) continue;
      if (next === null || minute > next) next = minute;
    }
    if (next !== null) this.dirty.delete(next);
    return next;
  }

  /** From here on until `replace`, what is counted into this minute is what its derivation does not see. */
  beginDeriving(minute: number): void {
    this.since = this.counts ? new CallTable(minute) : null;
  }

  /** Puts a derived table in place of what was there, with what was counted since its derivation began. */
  replace(table: CallTable, at: number, took: number): void {
    if (this.since) table.addAll(this.since);
    this.since = null;
    this.current = null;
    this.sealed.add(table.minute);
    if (this.stored.delete(table.minute)) this.both.add(table.minute);
    this.tables.set(table.minute, table);
    this.unsaved.add(table.minute);
    this.derived.set(table.minute, { at, took });
    this.derivations++;
  }

  /** The minute being derived cannot be: it stays as it was counted, and is not tried again before `until`, Unix ms. */
  leave(minute: number, until: number): void {
    this.since = null;
    this.derived.set(minute, { at: until, took: 0 });
    if (this.tables.has(minute)) this.unsaved.add(minute);
  }

  /** Copies of the tables that differ from the store, now counted as saved. */
  takeUnsaved(): CallTable[] {
    const tables = [...this.unsaved].flatMap((minute) => this.tables.get(minute)?.copy() ?? []);
    for (const { minute } of tables) this.both.add(minute);
    this.unsaved.clear();
    this.current = null;
    return tables;
  }

  /** Forgets saved minutes before `minute`, and the oldest ones above `most`; they are read from the store from now on. */
  forgetSaved(minute: number, most: number): void {
    this.current = null;
    const old = [...this.tables.keys()].sort((a, b) => a - b);
    const surplus = old.length - most;
    for (const [i, key] of old.entries()) {
      if ((key >= minute && i >= surplus) || this.unsaved.has(key) || this.dirty.has(key)) continue;
      this.tables.delete(key);
      this.sealed.delete(key);
      this.derived.delete(key);
      this.both.delete(key);
      this.stored.add(key);
    }
  }

  private isClosed(minute: number): boolean {
    return this.thinned.has(minute) || this.hours.has(hourOf(minute));
  }

  /** The window that can be answered: half of an hour whose minutes were added up is not known. */
  widen<W extends { readonly fromMinute: number; readonly toMinute: number }>(window: W): W {
    const { fromMinute, toMinute } = window;
    const first = this.hours.has(hourOf(fromMinute)) ? hourOf(fromMinute) * MINUTES_PER_HOUR : fromMinute;
    const last = hourOf(toMinute - 1);
    const end = this.hours.has(last) ? (last + 1) * MINUTES_PER_HOUR : toMinute;
    return first === fromMinute && end === toMinute ? window : { ...window, fromMinute: first, toMinute: end };
  }

  /** The store has made hours of these minutes, and forgotten spans of those. `hours`: every hour that it has. */
  retire(minutes: readonly number[], thinned: readonly number[], hours: readonly number[]): void {
    this.current = null;
    this.hours = new Set(hours);
    for (const minute of thinned) if (this.stored.has(minute)) this.thinned.add(minute);
    for (const minute of minutes) {
      this.stored.delete(minute);
      this.thinned.delete(minute);
    }
  }
}

// Keeps an engine at work. When the store fails, memory cannot be trusted either: the engine is ended, the store is closed and
// opened again, and a new engine starts on what it holds, by the same way as at the start of the server. Until then everything is
// refused with the reason, and senders send again.
import { DomainError } from "../domain/errors";
import type { SpanStore } from "../store/span-store";
import { DiskRoom } from "./disk-room";
import type { Door, IngestReport } from "./doors";
import { Engine } from "./engine";
import type { EngineOptions, EnginePorts } from "./engine-options";
import type { EngineStatus } from "./engine-status";
import type { SpanTaker } from "./import-session";
import { type Kept, nothingKept } from "./kept";
import type { StoreCondition } from "./store-condition";
import { damageNotice, explained, isRuin, ruined, wordsOf } from "./store-words";

/** Before each further attempt, from the first on; the last one is for all that follow. */
const WAITS_MS = [0, 500, 1000, 2000, 5000];
/** An engine that worked for so long starts that list from its beginning. */
const WELL_MS = 60_000;
const RETRY_SECONDS = 5;

export interface OpenedStore {
  readonly store: SpanStore;
  /** What became of files that could not be opened, a sentence each. */
  readonly rescued: readonly string[];
}

export interface KeeperPorts extends Omit<EnginePorts, "failed" | "mayWrite"> {
  /** @param failure why the store before it failed; null for the first. */
  open(failure: unknown): Promise<OpenedStore>;
  wait(ms: number): Promise<void>;
  /** What the disk of the store has; null where it has none. */
  disk(): Promise<{ readonly freeBytes: number; readonly totalBytes: number } | null>;
  /** Told whenever the condition changed; must not throw. */
  condition?(condition: StoreCondition): void;
}

export class EngineKeeper implements SpanTaker {
  private engine: Engine | null = null;
  private kept: Kept;
  /** Why there is no engine; null while there is one, and before the first. */
  private trouble: string | null = null;
  private rescued: readonly string[] = [];
  private readonly room: DiskRoom;
  private looking = false;
  private told = "";
  private startedMs = 0;
  private attempt = 0;
  private recovering: Promise<void> | null = null;
  private closing = false;

  private constructor(
    private readonly options: EngineOptions,
    private readonly ports: KeeperPorts,
  ) {
    this.kept = nothingKept(ports.now());
    this.room = new DiskRoom(options.minFreeBytes);
  }

  /** Opens the store and starts the first engine. @throws what keeps it from starting */
  static async start(options: EngineOptions, ports: KeeperPorts): Promise<EngineKeeper> {
    const keeper = new EngineKeeper(options, ports);
    await keeper.look();
    await keeper.begin(null).catch((error: unknown) => {
      if (!isRuin(error)) throw error;
      return keeper.begin(error);
    });
    return keeper;
  }

  /** Asks the engine. @throws DomainError unavailable, with why, while there is none. */
  async ask<T>(question: (engine: Engine) => T | Promise<T>): Promise<T> {
    const { engine } = this;
    if (!engine) throw this.unavailable();
    try {
      return await question(engine);
    } catch (error) {
      throw explained(error);
    }
  }

  /** The same for what brings spans, which is refused too while the disk has no room. */
  take<T>(question: (engine: Engine) => Promise<T>): Promise<T> {
    if (this.failure !== null) return Promise.reject(this.unavailable());
    return this.ask(question);
  }

  ingestSpans(...spans: Parameters<Engine["ingestSpans"]>): Promise<IngestReport> {
    return this.take((engine) => engine.ingestSpans(...spans));
  }

  ingestFile(bytes: Uint8Array): Promise<IngestReport> {
    return this.take((engine) => engine.ingestFile(bytes));
  }

  noteImported(): void {
    this.kept.sources.asked("import");
  }

  /** Notes a request that was refused whole, engine or not. */
  noteRefused(door: Door, message: string): void {
    this.kept.sources.refused(door, this.ports.now(), message);
  }

  /** An error of unknown extent: what the engine has in memory is not to be trusted any more. */
  fault(error: unknown): void {
    this.engine?.fault(error);
  }

  /** What names mean in every answer from here on, of later engines too. */
  declare(names: Kept["names"]): void {
    this.kept = { ...this.kept, names };
    this.engine?.declare(names);
  }

  async status(): Promise<EngineStatus & StoreCondition> {
    return { ...(await this.ask((engine) => engine.status())), ...this.condition };
  }

  private get failure(): string | null {
    return this.trouble ?? this.room.shortage;
  }

  get condition(): StoreCondition {
    const { failure } = this;
    const damaged = this.engine?.damaged ?? [];
    return {
      code: this.trouble !== null ? "store_failed" : failure !== null ? "disk_low" : null,
      failure,
      notices: [...this.rescued, ...damaged.map(damageNotice)],
    };
  }

  /** Does what is due in the background; the owner calls this a few times a second. */
  tick(): void {
    this.engine?.tick();
    void this.look();
  }

  /** Flushes the last batch, saves, and closes the store. */
  async close(): Promise<void> {
    this.closing = true;
    await this.recovering;
    await this.engine?.close();
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    const disk = await this.ports.disk().catch(() => null);
    if (disk) this.room.look(disk);
    this.looking = false;
    this.tell();
  }

  private tell(): void {
    const { condition } = this;
    const text = JSON.stringify(condition);
    if (text === this.told) return;
    this.told = text;
    this.ports.condition?.(condition);
  }

  private async begin(failure: unknown): Promise<void> {
    const { store, rescued } = await this.ports.open(failure);
    // Who sent is known by numbers of the directory: of another one they would be somebody else.
    if (rescued.length > 0) this.kept.sources.forgetSenders();
    this.rescued = [...this.rescued, ...rescued];
    let engine: Engine | null = null;
    let early: unknown = null;
    const failed = (error: unknown): void => {
      if (engine) this.fail(engine, error);
      else early ??= error;
    };
    const mayWrite = (): boolean => !this.room.isFull;
    try {
      engine = await Engine.start(store, this.options, { ...this.ports, failed, mayWrite }, this.kept);
      if (early !== null) throw early;
    } catch (error) {
      await store.close(false);
      // Without names and numbers nothing of the rest can be read.
      throw ruined(error);
    }
    this.engine = engine;
    this.startedMs = this.ports.now();
    this.trouble = null;
    this.tell();
  }

  private fail(engine: Engine, error: unknown): void {
    if (this.engine !== engine || this.closing) return;
    this.engine = null;
    this.trouble = `The store failed and is being opened again: ${wordsOf(error)}.`;
    this.tell();
    if (this.options.sabotage?.noRecovery) return;
    if (this.ports.now() - this.startedMs > WELL_MS) this.attempt = 0;
    this.recovering = this.recover(engine, error).finally(() => {
      this.recovering = null;
    });
  }

  private async recover(engine: Engine, error: unknown): Promise<void> {
    // What it could not close keeps the store from being opened, which says so.
    await engine.abandon().catch(() => {});
    this.kept = { ...this.kept, version: engine.version };
    for (let failure = error; !this.closing; ) {
      await this.ports.wait(WAITS_MS[Math.min(this.attempt++, WAITS_MS.length - 1)]!);
      if (this.closing) return;
      try {
        await this.begin(failure);
        return;
      } catch (again) {
        failure = again;
        this.trouble = `The store failed and could not be opened again yet: ${wordsOf(again)}.`;
        this.tell();
      }
    }
  }

  private unavailable(): DomainError {
    const why = this.failure ?? "The server is stopping.";
    return new DomainError("unavailable", why, { retryAfterSeconds: RETRY_SECONDS });
  }
}

// An engine that is kept at work on a real DuckDB file whose commits fail when the test says so, and senders that send again.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DomainError } from "@/lib/domain/errors";
import { EngineKeeper } from "@/lib/engine/engine-keeper";
import { ENGINE_DEFAULTS, type EngineOptions } from "@/lib/engine/engine-options";
import type { StoreCondition } from "@/lib/engine/store-condition";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { openDuckDbStore } from "@/lib/store/drivers/duckdb/duckdb-store";
import type { Commit, SpanStore } from "@/lib/store/span-store";
import { StoreError } from "@/lib/store/store-error";
import type { Delivery } from "./engine-rig";

/** What becomes of a commit: nothing is written; it ends in the middle of its rows; it is durable and nobody is told so. */
export const COMMIT_FAULTS = ["refused", "half", "unknown"] as const;
export type CommitFault = (typeof COMMIT_FAULTS)[number];

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
/** A recovery takes well under a second, on a machine that does nothing else. */
const PATIENCE_MS = 30_000;

export class KeeperRig {
  nowMs = 0;
  keeper!: EngineKeeper;
  store!: SpanStore;
  /** Of the commits that come next, the first one. */
  readonly faults: CommitFault[] = [];
  readonly conditions: StoreCondition[] = [];
  /** What opening the store ends in, the next times. */
  readonly unopened: Error[] = [];
  /** How many of the next stores are dead as soon as they are open. */
  stillborn = 0;
  opened = 0;
  refused = 0;

  private constructor(readonly folder: string) {}

  static async open(options: Partial<EngineOptions> = {}): Promise<KeeperRig> {
    const rig = new KeeperRig(await mkdtemp(join(tmpdir(), "headwater-test-")));
    rig.keeper = await EngineKeeper.start(
      { ...ENGINE_DEFAULTS, ...options },
      {
        open: async () => ({ store: await rig.openStore(), rescued: [] }),
        now: () => rig.nowMs,
        pause: turn,
        wait: turn,
        disk: async () => null,
        condition: (condition) => rig.conditions.push(condition),
      },
    );
    return rig;
  }

  private async openStore(): Promise<SpanStore> {
    const failure = this.unopened.shift();
    if (failure) throw failure;
    this.opened++;
    this.store = await openDuckDbStore({ path: join(this.folder, "headwater.duckdb"), memoryLimit: "200MB" });
    const { store } = this;
    if (this.stillborn > 0) {
      this.stillborn--;
      const cause = new Error("FATAL Error: an invalidated database");
      Object.assign(store, { dead: new StoreError("duckdb", "load", { cause }, "dead") });
    }
    const commit = store.commit.bind(store);
    store.commit = async (asked, appended) => {
      const fault = this.faults.shift();
      if (fault === "refused") throw new Error("the disk refused");
      await commit(fault === "half" ? halfOf(asked) : asked, appended);
      if (fault === "unknown") throw new Error("the disk did not answer");
    };
    return store;
  }

  /** Sends until each request is taken, as senders do. Returns false when one never is. */
  async deliver(deliveries: readonly Delivery[], patienceMs = PATIENCE_MS): Promise<boolean> {
    for (const { atMs, spans } of deliveries) {
      this.nowMs = Math.max(this.nowMs, atMs);
      const bytes = encodeSpans(spans);
      const until = Date.now() + patienceMs;
      while (!(await this.isTaken(bytes))) if (Date.now() > until) return false;
      this.keeper.tick();
    }
    return true;
  }

  private async isTaken(bytes: Uint8Array): Promise<boolean> {
    try {
      await this.keeper.take((engine) =>
        engine.ingest({ bytes: bytes.slice(), gzip: null, door: "otlp-http", format: "protobuf" }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "unavailable") throw error;
      this.refused++;
      await moment();
      return false;
    }
  }

  /** When there is an engine again. */
  async recovered(): Promise<void> {
    while (this.keeper.condition.failure !== null) await moment();
  }

  async close(): Promise<void> {
    await this.keeper.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The same, but the last of what is written fails. */
function halfOf(commit: Commit): Commit {
  return {
    ...commit,
    get receivedMs(): number {
      throw new Error("the disk failed in the middle");
    },
  };
}

import { describe, expect, it } from "vitest";
import { Backlog } from "@/lib/server/backlog";

const MIB = 1 << 20;

/** An engine that does what it gets in order, so many bytes a millisecond, and a clock of its own. */
class Rig {
  nowMs = 0;
  readonly backlog = new Backlog(() => this.nowMs);
  private readonly queue: { left: number; readonly done: () => void }[] = [];

  constructor(public speed: number) {}

  /** @returns whether it was let in. */
  send(sender: string, bytes: number): boolean {
    if (!this.backlog.admits(sender)) return false;
    void this.backlog.through(sender, bytes, () => new Promise<void>((done) => this.queue.push({ left: bytes, done })));
    return true;
  }

  async work(ms: number): Promise<void> {
    const until = this.nowMs + ms;
    for (;;) {
      const first = this.queue[0];
      const left = (until - this.nowMs) * this.speed;
      if (!first || first.left > left) {
        if (first) first.left -= left;
        this.nowMs = until;
        return;
      }
      this.queue.shift();
      this.nowMs += first.left / this.speed;
      first.done();
      await new Promise(setImmediate);
    }
  }

  /** How long what waits will take. */
  get waitMs(): number {
    return this.backlog.bytes / this.speed;
  }
}

/** Offers ten times what is done, `ms` long. @returns the longest wait that was let in for, once the speed was known, and the shortest. */
async function flood(rig: Rig, ms: number, known: number): Promise<{ longest: number; shortest: number }> {
  const waits: number[] = [];
  const began = rig.nowMs;
  while (rig.nowMs - began < ms) {
    for (let i = 0; i < 10; i++) rig.send("loud", rig.speed * 10);
    if (rig.nowMs - began > known) waits.push(rig.waitMs);
    await rig.work(10);
  }
  return { longest: Math.max(...waits), shortest: Math.min(...waits) };
}

describe("a backlog", () => {
  it("lets in whatever comes while nobody knows how fast the engine is", () => {
    const rig = new Rig(1);
    for (let i = 0; i < 100; i++) expect(rig.send("loud", MIB)).toBe(true);
    expect(rig.backlog.bytes).toBe(100 * MIB);
  });

  it.each([4_000, 10_000, 50_000])(
    "at %d bytes a millisecond is as long as two seconds, and never empty",
    async (speed) => {
      const rig = new Rig(speed);
      const { longest, shortest } = await flood(rig, 60_000, 20_000);
      expect(longest).toBeLessThan(2_000 * 1.1);
      expect(shortest).toBeGreaterThan(2_000 * 0.8);
    },
  );

  it("follows an engine that gets slower", async () => {
    const rig = new Rig(20_000);
    await flood(rig, 20_000, 10_000);
    rig.speed = 5_000;
    expect((await flood(rig, 40_000, 25_000)).longest).toBeLessThan(2_000 * 1.1);
  });

  it("of an engine that stands still does not grow", async () => {
    const rig = new Rig(10_000);
    await flood(rig, 20_000, 10_000);
    rig.speed = 0.001;
    for (let i = 0; i < 1_000; i++) rig.send("loud", MIB);
    expect(rig.backlog.bytes).toBeLessThan(22 * MIB);
  });

  it("lets in who has next to nothing waiting, and only that much", async () => {
    const rig = new Rig(10_000);
    await flood(rig, 20_000, 10_000);
    while (rig.send("loud", MIB));
    expect(rig.send("quiet", 2_000)).toBe(true);
    expect(rig.send("loud", 2_000)).toBe(false);
    let more = 0;
    while (rig.send("quiet", 100_000)) more++;
    expect(more).toBeGreaterThan(0);
    expect(more).toBeLessThan(5);
  });

  it("lets everybody in again once it is done", async () => {
    const rig = new Rig(10_000);
    await flood(rig, 20_000, 10_000);
    while (rig.send("loud", MIB));
    await rig.work(10_000);
    expect(rig.backlog.bytes).toBe(0);
    expect(rig.send("loud", MIB)).toBe(true);
  });
});

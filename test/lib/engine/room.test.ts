import { describe, expect, it } from "vitest";
import { Room } from "@/lib/engine/room";

const later = (task: () => void): void => void setImmediate(task);
/** A clock by which every turn is over at once. */
const hasty = (
  (nowMs) => () =>
    (nowMs += 1_000)
)(0);
/** Lets everything go on that waits for its turn. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Bodies that come at once; `made` are those that were let in, in their order. */
function crowd(room: Room, sizes: readonly number[]): { readonly made: number[] } {
  const made: number[] = [];
  for (const [i, size] of sizes.entries())
    void room
      .hold("one", () => {
        made.push(i);
        if (size < 0) throw new Error("not to be made");
        return new Uint8Array(size);
      })
      .catch(() => {});
  return { made };
}

describe("room for bytes", () => {
  it("lets in until it is full, and the others in their order as it empties", async () => {
    const room = new Room(100, later, hasty);
    const { made } = crowd(room, [60, 60, 10, 90, 10]);
    await turn();
    expect(made).toEqual([0, 1]);
    room.give(10);
    await turn();
    expect(made).toEqual([0, 1]); // 110 are held
    room.give(50);
    await turn();
    expect(made).toEqual([0, 1, 2, 3]); // 60, 70, 160
    room.give(60);
    await turn();
    expect(made).toEqual([0, 1, 2, 3]);
    room.give(90);
    await turn();
    expect(made).toEqual([0, 1, 2, 3, 4]);
  });

  it("lets other work have its turn between two", async () => {
    const turns: string[] = [];
    const room = new Room(1, later, hasty);
    await room.hold("one", () => new Uint8Array(1));
    for (const name of ["a", "b", "c"])
      void room
        .hold("one", () => {
          turns.push(name);
          setImmediate(() => turns.push("other work"));
          throw new Error("not to be made");
        })
        .catch(() => {});
    room.give(1);
    await turn();
    expect(turns).toEqual(["a", "other work", "b", "other work", "c", "other work"]);
  });

  it("lets senders take turns, and each keeps its own order", async () => {
    const turns: string[] = [];
    const room = new Room(1, later, hasty);
    await room.hold("loud", () => new Uint8Array(1));
    for (const name of ["loud 1", "loud 2", "loud 3", "quiet 1", "loud 4", "quiet 2", "third 1"])
      void room
        .hold(name.split(" ")[0]!, () => {
          turns.push(name);
          return new Uint8Array(0);
        })
        .catch(() => {});
    room.give(1);
    await turn();
    expect(turns).toEqual(["loud 1", "quiet 1", "third 1", "loud 2", "quiet 2", "loud 3", "loud 4"]);
  });

  it.each([
    { otherMs: 1, turns: ["other", "a", "b", "other", "c", "d"] },
    { otherMs: 12, turns: ["other", "a", "b", "c", "d"] },
  ])("makes as long as other work took, $otherMs ms, and for 5 ms at least", async ({ otherMs, turns: expected }) => {
    let nowMs = 0;
    const turns: string[] = [];
    const others = (task: () => void): void =>
      void setImmediate(() => {
        turns.push("other");
        nowMs += otherMs;
        task();
      });
    const room = new Room(100, others, () => nowMs);
    await room.hold("one", () => new Uint8Array(100));
    for (const name of ["a", "b", "c", "d"])
      void room.hold("one", () => {
        turns.push(name);
        nowMs += 3;
        return new Uint8Array(10);
      });
    room.give(100);
    await turn();
    expect(turns).toEqual(expected);
  });

  it("goes on to the next where something could not be made", async () => {
    const { made } = crowd(new Room(100, later, hasty), [-1, -1, 100, -1]);
    await turn();
    expect(made).toEqual([0, 1, 2]);
  });
});

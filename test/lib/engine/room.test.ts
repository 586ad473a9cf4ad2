import { describe, expect, it } from "vitest";
import { Room } from "@/lib/engine/room";

const later = (task: () => void): void => void setImmediate(task);
/** Lets everything go on that waits for its turn. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Bodies that come at once; `made` are those that were let in, in their order. */
function crowd(room: Room, sizes: readonly number[]): { readonly made: number[] } {
  const made: number[] = [];
  for (const [i, size] of sizes.entries())
    void room
      .hold(() => {
        made.push(i);
        if (size < 0) throw new Error("not to be made");
        return new Uint8Array(size);
      })
      .catch(() => {});
  return { made };
}

describe("room for bytes", () => {
  it("lets in until it is full, and the others in their order as it empties", async () => {
    const room = new Room(100, later);
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
    const room = new Room(1, later);
    await room.hold(() => new Uint8Array(1));
    for (const name of ["a", "b", "c"])
      void room
        .hold(() => {
          turns.push(name);
          setImmediate(() => turns.push("other work"));
          throw new Error("not to be made");
        })
        .catch(() => {});
    room.give(1);
    await turn();
    expect(turns).toEqual(["a", "other work", "b", "other work", "c", "other work"]);
  });

  it("goes on to the next where something could not be made", async () => {
    const { made } = crowd(new Room(100, later), [-1, -1, 100, -1]);
    await turn();
    expect(made).toEqual([0, 1, 2]);
  });
});

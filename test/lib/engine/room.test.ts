import { describe, expect, it } from "vitest";
import { Room } from "@/lib/engine/room";

/** Lets everything that waits for promises go on. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

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
    const room = new Room(100);
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

  it("goes on to the next where something could not be made", async () => {
    const { made } = crowd(new Room(100), [-1, -1, 100, -1]);
    await turn();
    expect(made).toEqual([0, 1, 2]);
  });
});

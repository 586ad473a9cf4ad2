import { describe, expect, it } from "vitest";
import { DiskRoom } from "@/lib/engine/disk-room";

const MIB = 1 << 20;
const GIB = 1 << 30;

/** Whether spans are refused with so much free, one look after another. */
const refused = (room: DiskRoom, totalBytes: number, ...free: number[]): boolean[] =>
  free.map((freeBytes) => {
    room.look({ freeBytes, totalBytes });
    return room.shortage !== null;
  });

describe("room on the disk", () => {
  it("ends below 256 MiB on a small disk", () => {
    expect(refused(new DiskRoom(null), GIB, 256 * MIB, 256 * MIB - 1)).toEqual([false, true]);
  });

  it("ends below 5 % of a large one", () => {
    expect(refused(new DiskRoom(null), 100 * GIB, 5 * GIB, 5 * GIB - 1)).toEqual([false, true]);
  });

  it("ends where a setting says", () => {
    expect(refused(new DiskRoom(32 * MIB), 100 * GIB, 32 * MIB, 31 * MIB)).toEqual([false, true]);
  });

  it("is there again a little above that, so that one request does not tip it", () => {
    expect(refused(new DiskRoom(100), GIB, 99, 100, 104, 105, 100)).toEqual([true, true, true, false, false]);
  });

  it("is said in a sentence with the limit in it", () => {
    const room = new DiskRoom(null);
    refused(room, 100 * GIB, GIB);
    expect(room.shortage).toMatch(
      /^The disk .+ nearly full: no spans are taken while less than 5\.00\sGiB are free\. .+\.$/,
    );
  });

  it("is none at all below 16 MiB, or below the setting where that is less", () => {
    const full = (room: DiskRoom, freeBytes: number): boolean => {
      room.look({ freeBytes, totalBytes: GIB });
      return room.isFull;
    };
    expect([full(new DiskRoom(null), 16 * MIB), full(new DiskRoom(null), 16 * MIB - 1)]).toEqual([false, true]);
    expect([full(new DiskRoom(MIB), MIB), full(new DiskRoom(MIB), MIB - 1)]).toEqual([false, true]);
  });
});

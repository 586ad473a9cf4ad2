import { describe, expect, it } from "vitest";
import { newestWindow } from "@/lib/client/use-stored";
import type { GraphNode } from "@/lib/contract/graph";

const node = (firstSeen: string | null, lastSeen: string | null): GraphNode =>
  ({ firstSeen, lastSeen }) as unknown as GraphNode;

describe("the newest window with data", () => {
  it("ends after the last minute and is at most an hour", () => {
    const nodes = [
      node("2026-03-01T10:00:00.000Z", "2026-03-01T10:20:00.000Z"),
      node("2026-03-01T10:05:00.000Z", "2026-03-01T10:29:00.000Z"),
      node(null, null),
    ];
    expect(newestWindow({ nodes })).toEqual({ from: "2026-03-01T10:00:00.000Z", to: "2026-03-01T10:30:00.000Z" });
    const old = node("2026-02-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z");
    expect(newestWindow({ nodes: [...nodes, old] })).toEqual({
      from: "2026-03-01T09:30:00.000Z",
      to: "2026-03-01T10:30:00.000Z",
    });
  });

  it("is not there without data", () => {
    expect(newestWindow({ nodes: [] })).toBeNull();
    expect(newestWindow({ nodes: [node(null, null)] })).toBeNull();
  });
});

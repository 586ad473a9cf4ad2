import { describe, expect, it } from "vitest";
import { askedWindow } from "@/components/shell/asked-window";

const NOW = Date.UTC(2026, 0, 2, 12);
const ask = (texts: { last?: string; from?: string; to?: string }) =>
  askedWindow({ last: null, from: null, to: null, ...texts }, NOW);

describe("the window that a URL asks for", () => {
  it.each([
    [{}, { last: "1h", from: null, to: null }],
    [{ last: "15m" }, { last: "15m", from: null, to: null }],
    [{ last: "1440m" }, { last: "1440m", from: null, to: null }],
    [{ last: "400d" }, { last: "400d", from: null, to: null }],
    [{ from: "2026-01-02T10:00:00Z" }, { last: "1h", from: "2026-01-02T10:00:00Z", to: null }],
    [{ to: "1767348000000" }, { last: "1h", from: null, to: "1767348000000" }],
    [
      { from: "2026-01-02T10:00:00Z", to: "2026-01-02T11:00:00Z", last: "banana" },
      { last: "1h", from: "2026-01-02T10:00:00Z", to: "2026-01-02T11:00:00Z" },
    ],
  ])("%j is taken as it stands", (texts, window) => {
    expect(ask(texts)).toEqual({ ...window, notices: [] });
  });

  it.each([
    [{ last: "banana" }, "This is the last 1h: last must be a period such as 15m, 1h or 7d; got banana."],
    [{ last: "999d" }, "This is the last 1h: last must be a period such as 15m, 1h or 7d; got 999d."],
    [{ last: "0m" }, "This is the last 1h: last must be a period such as 15m, 1h or 7d; got 0m."],
    [{ from: "2026-01-01" }, "This is the last 1h: from must be RFC 3339 or epoch milliseconds; got 2026-01-01."],
    [{ to: "noon" }, "This is the last 1h: to must be RFC 3339 or epoch milliseconds; got noon."],
    [
      { from: "2026-01-02T10:00:00Z", to: "2026-01-02T10:00:00Z" },
      "This is the last 1h: from must be before to; got from=2026-01-02T10:00:00Z, to=2026-01-02T10:00:00Z.",
    ],
    [
      { from: "2026-01-02T13:00:00Z" },
      "This is the last 1h: from must be before to; got from=2026-01-02T13:00:00Z, to=now.",
    ],
    [{ from: "2024-01-01T00:00:00Z" }, "This is the last 1h: from lies more than 400 days before to."],
  ])("%j gives way to the default, and says so", (texts, notice) => {
    expect(ask(texts)).toEqual({ last: "1h", from: null, to: null, notices: [notice] });
  });

  it("takes the period where the times are wrong", () => {
    expect(ask({ from: "noon", last: "15m" })).toEqual({
      last: "15m",
      from: null,
      to: null,
      notices: ["This is the last 15m: from must be RFC 3339 or epoch milliseconds; got noon."],
    });
  });
});

// One event, one line, whatever is in it.
import { describe, expect, it } from "vitest";
import { logLine, thrown } from "@/lib/server/log";
import { eventsIn } from "@/test/helpers/log-events";

const line = (message: string): string => logLine(0, "warn", "test", { message });

describe("a line of the log", () => {
  it.each([
    ["CR and LF", 'a\r\n{"level":"info","event":"forged"}'],
    ["ESC", "\u001b[2J\u001b]0;title\u0007red"],
    ["U+2028 and U+2029", "a\u2028b\u2029c"],
    ["NEL, DEL and C1", "a\u0085b\u007fc\u009b31m"],
    ["NUL and backspace", "a\u0000b\b\bc"],
    ["marks of direction", "a\u202eevil\u2066b\u200e"],
    ["tags outside the first plane", "a\u{e0041}b"],
    ["half a pair", "a\ud800b"],
    ["quotes and backslashes", '\\"\\u000a"}'],
  ])("holds %s without becoming two, and says them back", (_, message) => {
    const text = line(message);
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(eventsIn(`${text}\n`)).toEqual([
      { time: "1970-01-01T00:00:00.000Z", level: "warn", event: "test", message },
    ]);
  });

  it("twin: the same text written as it is would be two events, of which one is forged", () => {
    const forged = JSON.stringify({ time: "", level: "info", event: "forged" });
    expect(eventsIn(`${JSON.stringify({ message: "a" })}\r\n${forged}\n`)).toHaveLength(2);
    expect(() => eventsIn(`${JSON.stringify({ message: "a\u2028b" })}\n`)).toThrow();
  });

  it("cuts values at 256 characters, in lists too", () => {
    const long = "é".repeat(1000);
    const event = JSON.parse(
      logLine(0, "info", "test", { message: long, list: [long, "short"], count: 3, none: null }),
    );
    expect([event.message.length, event.message.at(-1)]).toEqual([256, "…"]);
    expect([event.list[0].length, event.list[1], event.count, event.none]).toEqual([256, "short", 3, null]);
    expect(JSON.parse(line("é".repeat(256))).message).toBe("é".repeat(256));
  });

  it("says of what was thrown its message and where, a line of it a value", () => {
    const said = thrown(new Error("first\nsecond"));
    expect(said.message).toBe("first\nsecond");
    expect((said.stack as string[]).some((at) => at.includes("log.test"))).toBe(true);
    expect(thrown("a text")).toEqual({ message: "a text" });
  });
});

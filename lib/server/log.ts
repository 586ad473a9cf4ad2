// What the server says while it runs: one line of JSON an event, on standard error. Values may come from anybody, so nothing in
// one can begin a second line or reach a terminal.
import { format } from "node:util";

type Level = "info" | "warn" | "error";
type Value = string | number | boolean | null | readonly string[];

/** Characters of a value; what is longer is cut. */
const MOST = 256;
const MOST_STACK = 12;
/** What JSON leaves as it is and a reader of lines, or a terminal, does not: controls, separators, marks of direction. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One event as one line, without its end. @param event a name that stays the same, in snake_case. */
export function logLine(
  timeMs: number,
  level: Level,
  event: string,
  fields: Readonly<Record<string, Value>> = {},
): string {
  const line = { time: new Date(timeMs).toISOString(), level, event, ...fields };
  return JSON.stringify(line, (_, value: unknown) => (typeof value === "string" ? cut(value) : value)).replace(
    HIDDEN,
    escaped,
  );
}

export function log(level: Level, event: string, fields?: Readonly<Record<string, Value>>): void {
  process.stderr.write(`${logLine(Date.now(), level, event, fields)}\n`);
}

/** What is said of something that was thrown. */
export const thrown = (error: unknown): Record<string, Value> =>
  error instanceof Error
    ? { message: error.message, stack: (error.stack ?? "").split("\n").slice(1, MOST_STACK).map(trimmed) }
    : { message: String(error) };

/** From here on the framework's words and Node's warnings are events as well. */
export function logConsole(): void {
  const as =
    (level: Level) =>
    (...parts: unknown[]): void => {
      const error = parts.find((part) => part instanceof Error);
      log(level, "console", error ? thrown(error) : { message: format(...parts) });
    };
  console.error = as("error");
  console.warn = as("warn");
  process.removeAllListeners("warning"); // Node's own prints lines of text
  process.on("warning", (warning) => log("warn", "node_warning", { name: warning.name, message: warning.message }));
}

const cut = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text);
const trimmed = (line: string): string => line.trim();

/** A character outside the first plane is two units. */
const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");

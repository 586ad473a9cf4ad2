// The log of a server, read strictly: every line is one event and nothing else.
import { expect } from "vitest";

export interface LogEvent {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly message?: string;
}

/** @throws when anything in it is not one event a line. */
export function eventsIn(log: string): LogEvent[] {
  if (log === "") return [];
  expect(log.endsWith("\n")).toBe(true);
  return log
    .slice(0, -1)
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/) // whatever some reader takes for the end of a line
    .map((line) => JSON.parse(line) as LogEvent);
}

/** What an event has to be, whenever it was. */
export const event = (level: string, name: string, message: string): unknown => ({
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  level,
  event: name,
  message,
});

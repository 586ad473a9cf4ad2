// What the commands share: what can go wrong for a person at a terminal, and where it is said.
import { DomainError } from "../lib/domain/errors";
import { plainText } from "../lib/export/names";

/** 0 is fine, 1 means that something was found, 2 that the call was wrong or an input could not be read. */
export type ExitCode = 0 | 1 | 2;

export type Command = (args: readonly string[]) => Promise<ExitCode>;

/** The call is wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Beside the result: one line on stderr. */
export function say(message: string): void {
  process.stderr.write(`headwater: ${message}\n`);
}

const SYSTEM_ERRORS: Record<string, string> = {
  ENOENT: "there is no such file or folder",
  EACCES: "may not be read by you",
  EPERM: "may not be read by you",
  EISDIR: "is a folder",
  ELOOP: "is a link that leads to itself",
  ECONNREFUSED: "nobody listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the name of the host cannot be looked up",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  ETIMEDOUT: "there was no answer in time",
  EHOSTUNREACH: "the host cannot be reached",
};

/** What went wrong, as half a sentence; where in the file, if that is known. */
export function reasonOf(error: unknown): string {
  if (error instanceof DomainError) {
    const { offset } = error.facts;
    return half(offset === undefined ? error.message : `byte ${offset}: ${error.message}`);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  return half((code && SYSTEM_ERRORS[code]) ?? message ?? String(error));
}

const half = (text: string): string => plainText(text).replace(/\.$/, "");

/** An address below another, which may have a path of its own: a proxy may mount the server anywhere. */
export function below(server: URL, path: string): URL {
  const url = new URL(server);
  url.pathname = `${server.pathname.replace(/\/$/, "")}${path}`;
  return url;
}

/** @throws UsageError */
export function readUrl(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new UsageError(`${option} must be an address such as http://127.0.0.1:3000; got "${plainText(text)}"`);
  }
  return url;
}

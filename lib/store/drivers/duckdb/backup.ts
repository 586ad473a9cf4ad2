// A copy of the database file while it is in use.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const COPY = `
  const { constants: { COPYFILE_EXCL, COPYFILE_FICLONE }, copyFileSync, rmSync } = require("node:fs");
  const [from, to] = process.argv.slice(1);
  try {
    copyFileSync(from, to, COPYFILE_EXCL | COPYFILE_FICLONE);
  } catch ({ code, message }) {
    if (code !== "EEXIST") rmSync(to, { force: true });
    process.stderr.write(code ?? message);
    process.exit(1);
  }`;

/**
 * Copies a file in a process of its own. The lock on an open database belongs to the process, and is lost as soon as the same
 * process closes the file anywhere (POSIX record locks): a copy made here would let others in.
 */
export async function copyFileApart(from: string, to: string): Promise<void> {
  await promisify(execFile)(process.execPath, ["-e", COPY, from, to]).catch((error: { stderr?: string }) => {
    throw new Error(`${to} could not be written: ${error.stderr || String(error)}`);
  });
}

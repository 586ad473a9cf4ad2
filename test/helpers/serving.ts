import { afterAll, beforeAll, expect } from "vitest";
import { dropFolder, makeFolder, Server } from "./server-process";

/**
 * A server for the tests beside which this is called, with a data folder of its own. Nothing in them may be a surprise to it:
 * it logs those, and its log has to be empty when it ends.
 */
export function serving(env: Readonly<Record<string, string>> = {}): { readonly server: Server } {
  const holder = {} as { folder: string; server: Server };
  beforeAll(async () => {
    holder.folder = makeFolder();
    holder.server = await Server.start(holder.folder, env);
  });
  afterAll(async () => {
    const ended = await holder.server?.stop();
    dropFolder(holder.folder);
    expect({ ...ended, errors: holder.server?.errors }).toEqual({ code: 0, signal: null, errors: "" });
  });
  return holder;
}

// One run against the product as it is run: a new server on an empty folder, a load generator, and the check at the end that
// what was acknowledged is stored.
import { dropFolder, makeFolder, Server } from "@/test/helpers/server-process";
import { BareServer, Generator } from "./processes";
import type { Prepare, Prepared } from "./protocol";
import { checkStored } from "./stored-spans";

export interface Rig {
  readonly server: Server;
  readonly generator: Generator;
  /** What the generator has ready. */
  readonly prepared: Prepared;
}

/**
 * @param load null: nothing but what `use` sends itself.
 * @param use measures, and says how many spans were acknowledged.
 * @param afterwards gets the folder once the server is gone and everything is known to be in it.
 */
export async function withServer<T>(
  load: Omit<Prepare, "kind"> | null,
  use: (rig: Rig) => Promise<{ result: T; acknowledged: number }>,
  afterwards: (folder: string) => Promise<void> = async () => {},
): Promise<T> {
  const folder = makeFolder();
  const generator = new Generator();
  let server: Server | null = null;
  try {
    server = await Server.start(folder);
    const prepared = await generator.prepare(load ?? EMPTY);
    const { result, acknowledged } = await use({ server, generator, prepared });
    await checkStored(server, folder, acknowledged);
    await afterwards(folder);
    return result;
  } finally {
    await generator.stop();
    await server?.stop("SIGKILL");
    dropFolder(folder);
  }
}

/** The same load against the baseline. */
export async function withBareServer<T>(
  load: Omit<Prepare, "kind"> | null,
  use: (rig: { bare: BareServer; generator: Generator }) => Promise<T>,
): Promise<T> {
  const bare = await BareServer.start();
  const generator = new Generator();
  try {
    await generator.prepare(load ?? EMPTY);
    return await use({ bare, generator });
  } finally {
    await generator.stop();
    await bare.stop();
  }
}

const EMPTY: Omit<Prepare, "kind"> = {
  traffic: { seed: "none", spansPerSecond: 1, spansPerBody: 1, bodies: 1 },
  count: 1,
};

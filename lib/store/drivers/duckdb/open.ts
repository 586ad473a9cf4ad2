// Opens a database file locked down: no files, no network, no extensions, whatever SQL says. There is no user SQL either;
// this is the second wall. Exactly one thread of one process may hold the file: two lose rows without an error.
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { MIGRATIONS } from "./schema";

const LARGEST_LOG = "512MB";

export interface DuckDbOptions {
  /** File, or ":memory:". */
  readonly path: string;
  /** DuckDB's buffer memory, e.g. "256MB". */
  readonly memoryLimit?: string;
  readonly threads?: number;
  /** Bytes of request bodies after which a new table is begun for them. */
  readonly bodyTableBytes?: number;
  /** The file has to be one of ours already: none is made. */
  readonly mustExist?: boolean;
  /** Saboteur switches for tests: every COMMIT waits for ever; a backup does not wait for commits. */
  readonly blockCommit?: boolean;
  readonly looseBackup?: boolean;
}

/** The file is a database, but not of this product. */
export class ForeignStoreError extends Error {
  override readonly name = "ForeignStoreError";

  constructor(readonly path: string) {
    super(`${path} is no database of Headwater`);
  }
}

/** The file was written by a newer version of the product: it is left as it is. */
export class NewerStoreError extends Error {
  override readonly name = "NewerStoreError";

  constructor(
    readonly path: string,
    readonly version: number,
  ) {
    super(
      `${path} has format ${version}; this version of Headwater reads up to ${MIGRATIONS.length}. Use the newer version.`,
    );
  }
}

export async function openDuckDb({
  path,
  memoryLimit = "256MB",
  threads = 2,
  mustExist = false,
}: DuckDbOptions): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(path, {
    threads: String(threads),
    memory_limit: memoryLimit,
    // The log is folded into the file beside the commits, and in one of them only when that did not work.
    checkpoint_threshold: LARGEST_LOG,
    enable_external_access: "false",
    autoload_known_extensions: "false",
    autoinstall_known_extensions: "false",
    preserve_insertion_order: "true",
  });
  const connection = await instance.connect();
  try {
    await migrate(connection, path, mustExist);
    await connection.run("SET lock_configuration = true");
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
  connection.closeSync();
  return instance;
}

async function migrate(connection: DuckDBConnection, path: string, mustExist: boolean): Promise<void> {
  const tables = await connection.runAndReadAll("SELECT 1 FROM information_schema.tables WHERE table_name = 'facts'");
  const version = tables.currentRowCount === 0 ? 0 : await readVersion(connection);
  if (version === 0 && mustExist) throw new ForeignStoreError(path);
  if (version > MIGRATIONS.length) throw new NewerStoreError(path, version);
  for (let next = version; next < MIGRATIONS.length; next++) {
    await connection.run("BEGIN");
    for (const statement of MIGRATIONS[next]!) await connection.run(statement);
    await connection.run(`INSERT OR REPLACE INTO facts VALUES ('format', ${next + 1})`);
    await connection.run("COMMIT");
  }
}

async function readVersion(connection: DuckDBConnection): Promise<number> {
  const rows = await connection.runAndReadAll("SELECT value FROM facts WHERE name = 'format'");
  return Number(rows.getRows()[0]?.[0] ?? 0);
}

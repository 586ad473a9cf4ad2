// Names as rows: what spans and calls refer to by number.
import type { DuckDBConnection } from "@duckdb/node-api";
import type { DirectoryEntries } from "../../../domain/directory";
import type { NodeKind } from "../../../domain/node";
import { blob, bytesOf, insertRows, rowsOf } from "./values";

export async function appendDirectory(
  connection: DuckDBConnection,
  { nodes, operations, resources }: DirectoryEntries,
): Promise<void> {
  await insertRows(
    connection,
    "nodes",
    nodes.map(({ id, node }) => [id, node.kind, node.id, node.name, node.environment, node.system]),
  );
  await insertRows(
    connection,
    "operations",
    operations.map(({ id, name }) => [id, blob(name)]),
  );
  await insertRows(
    connection,
    "resources",
    resources.map(({ id, facts }) => [
      id,
      facts.service,
      facts.environment,
      facts.sdk,
      facts.version,
      blob(facts.bytes),
    ]),
  );
}

export async function loadDirectory(connection: DuckDBConnection): Promise<DirectoryEntries> {
  const nodes = (
    await rowsOf(connection, "SELECT id, kind, ident, name, environment, system FROM nodes ORDER BY id")
  ).map(([id, kind, ident, name, environment, system]) => ({
    id: Number(id),
    node: {
      kind: kind as NodeKind,
      id: String(ident),
      name: String(name),
      environment: String(environment),
      system: String(system),
    },
  }));
  const operations = (await rowsOf(connection, "SELECT id, name FROM operations ORDER BY id")).map(([id, name]) => ({
    id: Number(id),
    name: bytesOf(name),
  }));
  const resources = (
    await rowsOf(connection, "SELECT id, service, environment, sdk, version, bytes FROM resources ORDER BY id")
  ).map(([id, service, environment, sdk, version, bytes]) => ({
    id: Number(id),
    facts: {
      service: Number(service),
      environment: String(environment),
      sdk: String(sdk),
      version: String(version),
      bytes: bytesOf(bytes),
    },
  }));
  return { nodes, operations, resources };
}

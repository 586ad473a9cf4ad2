// What a span costs on disk: the whole file, and the columns that the graph is made from. Beside it the bodies as they came.
import { statSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Figure, Measurement } from "../support/measurement";
import { withServer } from "../support/rig";

const SPANS_PER_SECOND = 100_000;
const SPANS_PER_BODY = 2000;

interface Sample {
  readonly all: number;
  readonly columns: number;
  readonly gzip: number;
}

/** Bytes of the store once its log is folded in, and of its spans alone. */
async function sizesOf(folder: string): Promise<{ all: number; columns: number }> {
  const path = join(folder, "headwater.duckdb");
  const alone = join(folder, "spans-alone.duckdb");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    await connection.run("CHECKPOINT");
    await connection.run(`ATTACH '${alone}' AS alone`);
    await connection.run("CREATE TABLE alone.spans AS FROM spans");
    await connection.run("CREATE TABLE alone.links AS FROM links");
    await connection.run("DETACH alone");
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return { all: statSync(path).size, columns: statSync(alone).size };
}

export const disk: Measurement = {
  name: "disk",
  async run({ quick, log }) {
    const seconds = quick ? 10 : 20;
    const samples: Sample[] = [];
    for (let i = 0; i < (quick ? 1 : 3); i++) {
      const load = {
        traffic: { seed: `disk ${i}`, spansPerSecond: SPANS_PER_SECOND, spansPerBody: SPANS_PER_BODY, bodies: 100 },
        count: (seconds * SPANS_PER_SECOND) / SPANS_PER_BODY,
      };
      let sizes = { all: 0, columns: 0 };
      const sample = await withServer(
        load,
        async ({ server, generator, prepared }) => {
          const pace = { everyMs: (SPANS_PER_BODY / SPANS_PER_SECOND) * 1000 };
          const order = { connections: 32, pace, warmupSeconds: 0, seconds: seconds + 1, again: "none" } as const;
          const { acknowledged } = await generator.run({ ...order, url: server.traces });
          const { gzipBytes, spans } = prepared;
          return { result: { acknowledged, gzip: gzipBytes / spans }, acknowledged };
        },
        async (folder) => {
          sizes = await sizesOf(folder);
        },
      );
      const { acknowledged, gzip } = sample;
      samples.push({ all: sizes.all / acknowledged, columns: sizes.columns / acknowledged, gzip });
      log(`${acknowledged} spans, ${Math.round(samples.at(-1)!.all)} B each`);
    }
    const gzip: Figure["baseline"] = { what: "the bodies in gzip, as sent", runs: samples.map((each) => each.gzip) };
    return [
      {
        quantity: "disk, everything of a span",
        unit: "B/span",
        ours: samples.map(({ all }) => all),
        baseline: gzip,
        target: { of: "ours", atMost: 130 },
      },
      {
        quantity: "disk, the columns of the graph",
        unit: "B/span",
        ours: samples.map(({ columns }) => columns),
        baseline: null,
        target: { of: "ours", atMost: 40 },
      },
    ];
  },
};

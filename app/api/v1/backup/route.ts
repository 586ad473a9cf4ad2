import { Readable } from "node:stream";
import { BACKUP_BYTES } from "@/lib/contract/backup";
import { route } from "@/lib/server/api";
import { takeBackup } from "@/lib/server/backup";

export const POST = route(async (_request, { engine, config }) => {
  const { bytes, stream } = await takeBackup(engine, config.dataDir);
  return new Response(Readable.toWeb(stream) as ReadableStream, {
    headers: {
      "content-type": "application/octet-stream",
      [BACKUP_BYTES]: String(bytes),
      "content-disposition": 'attachment; filename="headwater.duckdb"',
      "cache-control": "no-store",
    },
  });
});

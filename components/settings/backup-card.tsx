import { Card } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import type { ServerSettings } from "@/lib/contract/settings";

/** Commands of this server, to copy. */
export function BackupCard({ settings: { addresses, token, data } }: { settings: ServerSettings }) {
  const pages = addresses.find(({ name }) => name === "pages")?.address ?? "http://localhost:3000";
  const shown = token ? "HEADWATER_TOKEN=… " : "";
  return (
    <Card title="Backup and restore" hint="one file with everything that is stored">
      <div className="grid grid-cols-1 gap-3 px-4 pb-4">
        <CodeBlock
          label="Backup"
          code={`# while the server runs, into a folder\n${shown}npx headwater backup --from ${pages} /backups/`}
        />
        <CodeBlock
          label="Restore"
          code={`# with the server stopped, into its data folder\nnpx headwater restore --data ${quoted(data.folder)} /backups/headwater-<moment>.duckdb`}
        />
      </div>
    </Card>
  );
}

const quoted = (path: string): string => (/^[\w./:@,+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

// What a person can set here, what the server runs with, and where each of it is changed.
"use client";
import { useQuery } from "@tanstack/react-query";
import { Card } from "@/components/ui/card";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { ApiError, getSettings } from "@/lib/client/api";
import type { ServerSettings } from "@/lib/contract/settings";
import { asText, formatBytes } from "@/lib/domain/format-number";
import { FindOnly } from "../shell/find-only";
import { Notices } from "../shell/notices";
import { Shell } from "../shell/shell";
import { TokenForm } from "../shell/token-form";
import { BackupCard } from "./backup-card";
import { BrowserCard } from "./browser-card";
import { FileCard } from "./file-card";
import { PerspectiveCard } from "./perspective-card";
import { SettingsTable } from "./settings-table";
import { TokenCard } from "./token-card";

const REFRESH_MS = 5_000;

export function SettingsScreen() {
  const settings = useQuery({ queryKey: ["settings"], queryFn: getSettings, refetchInterval: REFRESH_MS });
  const refused = settings.error instanceof ApiError && settings.error.status === 401;
  return (
    <Shell title="Settings" bar={<FindOnly />}>
      <main className="relative min-w-0 overflow-auto">
        {refused ? (
          <TokenForm />
        ) : (
          <>
            <Notices notices={settings.error && settings.data ? [`Not up to date: ${settings.error.message}`] : []} />
            <div className="mx-auto grid w-full max-w-400 grid-cols-[minmax(0,1fr)_400px] items-start gap-4 p-4 max-[1180px]:grid-cols-1">
              <div className="grid min-w-0 grid-cols-1 gap-4">
                {settings.data ? (
                  <ServerParts settings={settings.data} />
                ) : settings.error ? (
                  <ErrorState
                    title="The settings of the server did not come."
                    detail={settings.error.message}
                    onRetry={() => void settings.refetch()}
                  />
                ) : (
                  <div className="h-200 rounded-md border border-line bg-surface">
                    <Skeleton rows={24} />
                  </div>
                )}
              </div>
              <div className="grid min-w-0 grid-cols-1 gap-4">
                <BrowserCard />
                {settings.data && (
                  <>
                    <PerspectiveCard perspective={settings.data.perspective} />
                    <TokenCard token={settings.data.token} />
                    <BackupCard settings={settings.data} />
                  </>
                )}
              </div>
            </div>
          </>
        )}
      </main>
    </Shell>
  );
}

const ADDRESSES: Record<string, string> = {
  pages: "Pages and API",
  "otlp-http": "OTLP/HTTP",
  "otlp-grpc": "OTLP/gRPC",
  import: "Import of files",
};

function ServerParts({ settings }: { settings: ServerSettings }) {
  const { version, startedAt, addresses, data } = settings;
  return (
    <>
      <Card title="Server" hint="what it is and where it listens">
        <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1 px-4 pb-3 text-xs">
          {[
            ["Version", version],
            ["Running since", `${startedAt.slice(0, 19).replace("T", " ")} UTC`],
            ...addresses.map(({ name, address }) => [ADDRESSES[name] ?? name, address]),
            ["Data", `${data.folder}, ${asText(formatBytes(data.bytes))} on disk`],
          ].map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-2">{name}</dt>
              <dd className="font-medium [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <FileCard file={settings.file} unknown={settings.unknownVariables} />
      <Card
        title="Settings of the server"
        hint="read here, changed where the server is started; they count from the next start"
      >
        <SettingsTable settings={settings.settings} />
      </Card>
    </>
  );
}

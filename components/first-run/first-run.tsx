// Before the first span: what to do, and that the doors are open.
"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import Link from "next/link";
import { Button, controlClass } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/states";
import { getSources, setDemo } from "@/lib/client/api";
import { isFirstRun, newestWindow, useStored } from "@/lib/client/use-stored";
import type { ImportResult } from "@/lib/contract/sources";
import { asText, formatCount } from "@/lib/domain/format-number";
import { useView } from "../shell/use-view";
import { DropZone } from "./drop-zone";
import { Recipes } from "./recipes";
import { grpcAddress, httpAddress } from "./sending";

const REFRESH_MS = 2_000;
const card = "min-w-0 rounded-md border border-line bg-surface p-4";
const utcMinute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
const bare = (address: string): string => address.replace(/^https?:\/\//, "").replace(/\/.*$/, "");

/** @param onWindow shows the window in which an imported file lies. */
export function FirstRun({ onWindow }: { onWindow: (from: string, to: string) => void }) {
  const view = useView();
  const client = useQueryClient();
  const sources = useQuery({ queryKey: ["sources"], queryFn: getSources, refetchInterval: REFRESH_MS });
  const demo = useMutation({
    mutationFn: () => setDemo({ running: true }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["graph"] }),
  });
  const doors = sources.data?.doors ?? [];
  const total = (key: "received" | "rejected" | "stored"): number => doors.reduce((sum, door) => sum + door[key], 0);
  const stored = useStored({ nodes: [] });
  const newest = stored && newestWindow(stored);
  const elsewhere = total("stored") > 0 || (stored !== null && !isFirstRun(stored));
  const showNewest = (): void => {
    if (!newest || !stored) return;
    view.setEnv(stored.environment);
    onWindow(newest.from, newest.to);
  };
  const imported = (results: readonly ImportResult[]): void => {
    void client.invalidateQueries({ queryKey: ["graph"] });
    const windows = results.flatMap(({ window, stored, duplicates }) => (stored + duplicates > 0 && window) || []);
    if (windows.length === 0) return;
    const environments = results.flatMap((result) => result.environments);
    if (view.env !== null && !environments.includes(view.env)) view.setEnv(environments[0] ?? null);
    const [from] = windows.map((window) => window.from).sort();
    const [to] = windows
      .map((window) => window.to)
      .sort()
      .reverse();
    onWindow(from!, to!);
  };
  return (
    <div className="grid h-full content-center overflow-auto px-8 py-6">
      <div className="mx-auto w-234 max-w-full">
        <River />
        <h2 className="text-xl font-semibold tracking-tight">
          {elsewhere ? "No spans in this window." : "No spans yet. Send some, and the map draws itself."}
        </h2>
        <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-md text-ink-2">
          {elsewhere
            ? "There are spans, but none of what is shown: choose another time range or environment above."
            : "The first edge appears about one second after the first traced call."}
          {newest && <Button onClick={showNewest}>Show the newest, up to {utcMinute(newest.to)}</Button>}
        </p>
        <div className="mt-6 grid grid-cols-[minmax(0,1.45fr)_minmax(0,1fr)] gap-4">
          <section className={card}>
            {sources.data ? (
              <Recipes title="Send OTLP from a service" sources={sources.data} />
            ) : sources.error ? (
              <ErrorState
                title="The addresses did not come."
                detail={sources.error.message}
                onRetry={() => void sources.refetch()}
              />
            ) : (
              <div className="h-60" aria-busy="true" />
            )}
            <p className="mt-3 text-xs text-ink-3">
              gRPC on {bare(grpcAddress(sources.data))}. Files of Jaeger, Zipkin and Tempo: upload them, or see{" "}
              <Link href="/sources" className="underline underline-offset-2">
                sources
              </Link>
            </p>
          </section>
          <div className="grid grid-rows-[1fr_auto] gap-4">
            <section className={`${card} flex flex-col`}>
              <h2 className="text-md font-semibold">Upload traces</h2>
              <DropZone onImported={imported} />
            </section>
            <section className={`${card} flex items-center gap-3`}>
              <div className="flex-1">
                <h2 className="text-md font-semibold">Look around first</h2>
                <p className="text-xs text-ink-3">an online shop with databases and messages, live</p>
                {demo.isError && <p className="text-xs text-bad-text">{demo.error.message}</p>}
              </div>
              <button
                type="button"
                className={`${controlClass("primary")} h-8!`}
                disabled={demo.isPending || demo.isSuccess}
                onClick={() => demo.mutate()}
              >
                <Play size={13} strokeWidth={1.8} aria-hidden="true" />
                Start demo traffic
              </button>
            </section>
          </div>
        </div>
        <div className="mt-3 flex items-center gap-3 rounded-md border border-line bg-surface px-4 py-2.5 text-xs">
          <span className="size-2 rounded-full border-2 border-absent" aria-hidden="true" />
          <span className="flex-1">
            <b className="font-semibold">Waiting</b>{" "}
            <span className="text-ink-2">
              on {bare(httpAddress(sources.data))} (HTTP) and {bare(grpcAddress(sources.data))} (gRPC)
            </span>
          </span>
          <span className="text-ink-2">{asText(formatCount(total("received")))} spans received</span>
          <span className={total("rejected") > 0 ? "text-warn-text" : "text-ink-2"}>
            {asText(formatCount(total("rejected")))} rejected
          </span>
          <Link href="/sources" className="underline underline-offset-2">
            Sources
          </Link>
        </div>
      </div>
    </div>
  );
}

function River() {
  return (
    <svg viewBox="0 0 936 76" className="mb-4 block h-19 w-full fill-none" aria-hidden="true">
      <g className="stroke-ok-line" strokeLinecap="round">
        <path d="M8 10C150 10 200 38 380 38" strokeWidth="1.5" />
        <path d="M8 38H380" strokeWidth="1.5" />
        <path d="M8 66C150 66 200 38 380 38" strokeWidth="1.5" />
        <path d="M380 38H928" strokeWidth="4" />
      </g>
      <g className="fill-canvas stroke-absent" strokeWidth="1.5">
        <circle cx="380" cy="38" r="10" />
        <circle cx="560" cy="38" r="10" />
        <circle cx="740" cy="38" r="10" />
      </g>
      <circle cx="8" cy="10" r="6" className="fill-accent" />
    </svg>
  );
}

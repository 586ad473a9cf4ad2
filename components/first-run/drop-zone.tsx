// Upload of trace files: dropped or chosen, with progress and with what was found in them.
"use client";
import { Upload } from "lucide-react";
import Link from "next/link";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { importFile } from "@/lib/client/api";
import type { ImportResult } from "@/lib/contract/sources";
import { formatWhole, plural } from "@/lib/domain/format-number";

type Run =
  | { readonly state: "idle" }
  | { readonly state: "sending"; readonly name: string; readonly share: number }
  | { readonly state: "done"; readonly name: string; readonly result: ImportResult }
  | { readonly state: "failed"; readonly name: string; readonly why: string };

/** @param onImported gets what the last file held. */
export function DropZone({ onImported }: { onImported: (result: ImportResult) => void }) {
  const [run, setRun] = useState<Run>({ state: "idle" });
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const cancel = useRef<AbortController | null>(null);

  const take = async (files: FileList | null): Promise<void> => {
    for (const file of files ?? []) {
      cancel.current = new AbortController();
      setRun({ state: "sending", name: file.name, share: 0 });
      try {
        const result = await importFile(
          file,
          (share) => setRun({ state: "sending", name: file.name, share }),
          cancel.current.signal,
        );
        setRun({ state: "done", name: file.name, result });
        onImported(result);
      } catch (error) {
        setRun({ state: "failed", name: file.name, why: (error as Error).message });
        return;
      }
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same by keyboard
    <div
      className={`mt-3 grid flex-1 place-items-center content-center gap-1 rounded-md border-[1.5px] border-dashed px-3 py-5 text-center text-ink-2 ${over ? "border-accent bg-accent-soft" : "border-line-strong"}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer.files);
      }}
    >
      <input
        ref={input}
        type="file"
        multiple
        className="sr-only"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => void take(event.target.files)}
      />
      <Upload size={20} strokeWidth={1.5} className="text-accent" aria-hidden="true" />
      {run.state === "sending" ? (
        <>
          <span className="max-w-full truncate text-xs">
            {run.share < 1 ? `Sending ${run.name}` : `Reading ${run.name}`}
          </span>
          <progress
            className="h-1.5 w-48 accent-accent"
            max={1}
            value={run.share < 1 ? run.share : undefined}
            aria-label={`Progress of ${run.name}`}
          />
          <Button variant="quiet" onClick={() => cancel.current?.abort()}>
            Cancel
          </Button>
        </>
      ) : (
        <span>
          <b className="font-semibold">Drop a file here</b> or{" "}
          <button
            type="button"
            className="text-accent underline-offset-2 hover:underline"
            onClick={() => input.current?.click()}
          >
            choose one
          </button>
        </span>
      )}
      <span className="text-xs text-ink-3" role="status">
        {run.state === "done" ? (
          <Result name={run.name} result={run.result} />
        ) : run.state === "failed" ? (
          <span className="break-words text-bad-text">
            {run.name}: {run.why}
          </span>
        ) : run.state === "idle" ? (
          <>OTLP (JSON or protobuf), Jaeger JSON, Zipkin v2 JSON, Tempo JSON. gzip is fine</>
        ) : null}
      </span>
    </div>
  );
}

function Result({ name, result }: { name: string; result: ImportResult }) {
  return (
    <>
      {name}: {result.format}, {formatWhole(result.stored)} of {plural(result.received, "span")} stored
      {result.duplicates > 0 && `, ${formatWhole(result.duplicates)} known already`}
      {result.rejected > 0 && `, ${formatWhole(result.rejected)} rejected`}
      {result.window && (
        <>
          {" · "}
          <Link
            href={`/map?${new URLSearchParams({ env: result.environments[0] ?? "", ...result.window })}`}
            className="underline underline-offset-2"
          >
            show on the map
          </Link>
        </>
      )}
    </>
  );
}

// Upload of trace files: dropped or chosen, with progress and with what was found in them.
"use client";
import { Upload } from "lucide-react";
import Link from "next/link";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { importFile } from "@/lib/client/api";
import type { ImportResult } from "@/lib/contract/sources";
import { formatWhole, plural } from "@/lib/domain/format-number";

interface Sending {
  readonly name: string;
  readonly share: number;
}

type Outcome =
  | { readonly name: string; readonly result: ImportResult }
  | { readonly name: string; readonly why: string };

const carriesFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") ?? false;

/**
 * Takes what is dropped anywhere on the page, one file after another: what is dropped meanwhile waits its turn, and a file
 * that is refused does not keep the others from being sent.
 * @param onImported gets what the files held, once all of them are in; not called when one was refused, so that this is read.
 */
export function DropZone({ onImported }: { onImported: (results: readonly ImportResult[]) => void }) {
  const [sending, setSending] = useState<Sending | null>(null);
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const waiting = useRef<File[]>([]);
  const cancel = useRef<AbortController | null>(null);

  const send = async (file: File, signal: AbortSignal): Promise<Outcome> => {
    const { name } = file;
    setSending({ name, share: 0 });
    try {
      return { name, result: await importFile(file, (share) => setSending({ name, share }), signal) };
    } catch (error) {
      return { name, why: (error as Error).message };
    }
  };

  const take = async (files: readonly File[]): Promise<void> => {
    waiting.current.push(...files);
    if (cancel.current || waiting.current.length === 0) return;
    cancel.current = new AbortController();
    const { signal } = cancel.current;
    const done: Outcome[] = [];
    setOutcomes(done);
    for (let file = waiting.current.shift(); file && !signal.aborted; file = waiting.current.shift()) {
      done.push(await send(file, signal));
      setOutcomes([...done]);
    }
    cancel.current = null;
    setSending(null);
    const results = done.flatMap((outcome) => ("result" in outcome ? outcome.result : []));
    if (results.length === done.length) onImported(results);
  };

  const stop = (): void => {
    waiting.current = [];
    cancel.current?.abort();
  };

  const drop = useEffectEvent((event: DragEvent): void => {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // or the browser leaves this page for the file
    setOver(event.type === "dragover");
    if (event.type === "drop") void take([...event.dataTransfer!.files]);
  });
  useEffect(() => {
    const onDrag = (event: DragEvent): void => drop(event);
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false); // out of the window, not from one element to another
    };
    addEventListener("dragover", onDrag, true); // before the shell, which turns away what nobody takes
    addEventListener("drop", onDrag, true);
    addEventListener("dragleave", onLeave);
    return () => {
      removeEventListener("dragover", onDrag, true);
      removeEventListener("drop", onDrag, true);
      removeEventListener("dragleave", onLeave);
    };
  }, []);

  return (
    <div
      className={`mt-3 grid flex-1 place-items-center content-center gap-1 rounded-md border-[1.5px] border-dashed px-3 py-5 text-center text-ink-2 ${over ? "border-accent bg-accent-soft" : "border-line-strong"}`}
    >
      <input
        ref={input}
        type="file"
        multiple
        className="sr-only"
        tabIndex={-1}
        aria-hidden="true"
        onChange={({ target }) => {
          void take([...(target.files ?? [])]);
          target.value = ""; // so that the same file can be chosen again
        }}
      />
      <Upload size={20} strokeWidth={1.5} className="text-accent" aria-hidden="true" />
      {sending ? (
        <>
          <span className="max-w-full truncate text-xs">
            {sending.share < 1 ? `Sending ${sending.name}` : `Reading ${sending.name}`}
          </span>
          <progress
            className="h-1.5 w-48 accent-accent"
            max={1}
            value={sending.share < 1 ? sending.share : undefined}
            aria-label={`Progress of ${sending.name}`}
          />
          <Button variant="quiet" onClick={stop}>
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
      <div className="grid max-h-40 w-full gap-1 overflow-auto text-xs text-ink-3" role="status">
        {outcomes.map((outcome, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows, and names may come twice
          <span key={at} className="wrap-anywhere">
            {"result" in outcome ? (
              <Result name={outcome.name} result={outcome.result} />
            ) : (
              <span className="text-bad-text">
                {outcome.name}: {outcome.why}
              </span>
            )}
          </span>
        ))}
        {!sending && outcomes.length === 0 && (
          <span>OTLP (JSON or protobuf), Jaeger JSON, Zipkin v2 JSON, Tempo JSON. gzip is fine</span>
        )}
      </div>
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

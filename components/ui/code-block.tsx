"use client";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./button";

const SHOWN_MS = 1500;

/** Commands that can be copied as they stand; lines that start with # are comments. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(code);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <div className="relative rounded-sm bg-surface-2">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className="overflow-x-auto" tabIndex={0} aria-label={label}>
        <pre className="w-max min-w-full whitespace-pre p-3 pr-10 font-mono text-xs leading-5">
          {code.split("\n").map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a fixed text
            <span key={at} className={`block ${line.startsWith("#") ? "text-ink-3" : "text-ink"}`}>
              {line || " "}
            </span>
          ))}
        </pre>
      </section>
      <span className="absolute right-1.5 top-1.5 rounded-sm bg-surface-2">
        <IconButton label={copied ? "Copied" : `Copy: ${label}`} onClick={() => void copy()}>
          {copied ? (
            <Check size={16} strokeWidth={1.5} aria-hidden="true" />
          ) : (
            <Copy size={16} strokeWidth={1.5} aria-hidden="true" />
          )}
        </IconButton>
      </span>
      <span className="sr-only" role="status">
        {copied ? "Copied." : ""}
      </span>
    </div>
  );
}

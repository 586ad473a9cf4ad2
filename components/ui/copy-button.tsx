"use client";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./button";

const SHOWN_MS = 1500;

/** Puts a text on the clipboard, and says so. @param label what is copied; the text itself where absent. */
export function CopyButton({ text, label = text }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  const Icon = copied ? Check : Copy;
  return (
    <>
      <IconButton label={copied ? "Copied" : `Copy: ${label}`} onClick={() => void copy()}>
        <Icon size={16} strokeWidth={1.5} aria-hidden="true" />
      </IconButton>
      <span className="sr-only" role="status">
        {copied ? "Copied." : ""}
      </span>
    </>
  );
}

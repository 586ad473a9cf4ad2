"use client";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { IconButton } from "./button";
import { copyText } from "./copy-text";

const SHOWN_MS = 1500;
const DONE = "Copied";
const FAILED = "Not copied: select it and copy by hand";

/** Puts a text on the clipboard, and says so. @param label what is copied; the text itself where absent. */
export function CopyButton({ text, label = text }: { text: string; label?: string }) {
  const [said, setSaid] = useState<"" | typeof DONE | typeof FAILED>("");
  const copy = async (): Promise<void> => {
    setSaid((await copyText(text)) ? DONE : FAILED);
    setTimeout(() => setSaid(""), SHOWN_MS);
  };
  const Icon = said === DONE ? Check : Copy;
  return (
    <>
      <IconButton label={said || `Copy: ${label}`} onClick={() => void copy()}>
        <Icon size={16} strokeWidth={1.5} aria-hidden="true" />
      </IconButton>
      <span className="sr-only" role="status">
        {said && `${said}.`}
      </span>
    </>
  );
}

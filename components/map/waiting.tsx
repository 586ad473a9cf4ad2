"use client";
import { useEffect, useState } from "react";

/** What takes less needs no words: they would only flicker. */
const QUICK_MS = 300;

/** Says what is waited for, in the middle of a map that is not there yet. */
export function Waiting({ text }: { text: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), QUICK_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p role="status" className="pointer-events-none absolute inset-0 grid place-items-center text-xs text-ink-3">
      {late && text}
    </p>
  );
}

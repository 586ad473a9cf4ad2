"use client";
import { Pause, Play } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Liveness } from "@/lib/client/use-graph";
import type { View } from "./use-view";

const WORDS: Record<Liveness, string> = {
  asked: "Connecting",
  live: "Live",
  polling: "Live, every 5 s",
  lost: "No answer",
  paused: "Paused",
};
const DOTS: Record<Liveness, string> = {
  asked: "bg-absent",
  live: "bg-ok",
  polling: "bg-warn",
  lost: "bg-bad",
  paused: "bg-absent",
};

/** Whether the window moves with the clock; pausing keeps the window that is shown. */
export function LiveButton({
  view,
  liveness,
  window,
}: {
  view: View;
  liveness: Liveness;
  window: { from: string; to: string } | null;
}) {
  const toggle = (): void => {
    if (liveness === "paused") view.setLast(view.last);
    else if (window) view.setWindow(window.from, window.to);
  };
  return (
    <Button
      variant="quiet"
      onClick={toggle}
      aria-label={liveness === "paused" ? "Go live" : "Pause"}
      title={liveness === "paused" ? "Go live" : "Pause"}
    >
      <span aria-hidden="true" className={`size-1.5 rounded-full ${DOTS[liveness]}`} />
      {WORDS[liveness]}
      {liveness === "paused" ? (
        <Play size={12} strokeWidth={1.8} aria-hidden="true" />
      ) : (
        <Pause size={12} strokeWidth={1.8} aria-hidden="true" />
      )}
    </Button>
  );
}

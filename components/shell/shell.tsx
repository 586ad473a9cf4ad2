"use client";
import { type ReactNode, useEffect } from "react";
import { Logo } from "./logo";
import { Rail } from "./rail";
import { Shortcuts } from "./shortcuts";
import { StoreNotices } from "./store-notices";

/** The frame of every screen: bar, rail, content. */
export function Shell({ title, bar, children }: { title: string; bar?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    addEventListener("dragover", leaveNot);
    addEventListener("drop", leaveNot);
    return () => {
      removeEventListener("dragover", leaveNot);
      removeEventListener("drop", leaveNot);
    };
  }, []);
  return (
    <div className="grid h-screen grid-cols-[var(--rail-w)_minmax(0,1fr)] grid-rows-[var(--bar-h)_minmax(0,1fr)]">
      <header className="col-span-2 flex min-w-0 items-center gap-2 overflow-x-clip border-b border-line bg-surface pr-3">
        <div className="grid h-full w-(--rail-w) place-items-center">
          <Logo />
        </div>
        <h1 className="pr-2 text-md font-semibold">{title}</h1>
        {bar}
      </header>
      <Rail />
      <div className="grid min-h-0 min-w-0 grid-cols-1 grid-rows-[auto_minmax(0,1fr)] [&>:last-child]:row-start-2">
        <StoreNotices />
        {children}
      </div>
      <Shortcuts />
    </div>
  );
}

/** A file dropped where nothing takes it would be opened by the browser, in the place of this page. */
function leaveNot(event: DragEvent): void {
  if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
}

export const BarDivider = () => <span aria-hidden="true" className="mx-1 h-5 w-px bg-line" />;

// Find or focus: what is on the map, screens, and a trace by its id. Opened with Ctrl or Cmd and K, or with a slash.
"use client";
import { Dialog } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent as ReactKeyboardEvent, useEffect, useState } from "react";
import { controlClass } from "@/components/ui/button";
import type { Graph } from "@/lib/contract/graph";
import { formatWhole } from "@/lib/domain/format-number";
import { useCarried } from "../shell/carried";
import { isTyping } from "../shell/is-typing";
import { GRAPH_SCREENS, HOUSE_SCREENS } from "../shell/screens";
import { NODE_KIND_WORDS } from "../words";
import { matchesOf, stepFrom } from "./matches";

const SCREENS = [...GRAPH_SCREENS, ...HOUSE_SCREENS];
const TRACE_ID = /^[0-9a-f]{32}$|^[0-9a-f]{16}$/i;

/** Rows of the list; what is not among them is stepped to all the same. */
const SHOWN = 200;

/** @param steps whether Enter goes from one match to the next with the map in sight, where there are several. */
export function SearchPalette({
  graph,
  steps = false,
  onPick,
}: {
  graph: Graph | null;
  steps?: boolean;
  onPick: (id: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  /** The highlighted row. */
  const [row, setRow] = useState("");
  /** The match that is shown on the map; null while there is a list to choose from. */
  const [at, setAt] = useState<number | null>(null);
  const router = useRouter();
  const carried = useCarried();
  const matches = graph ? matchesOf(text, graph) : [];
  const screens = SCREENS.filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()));
  const highlighted = matches.findIndex(({ id }) => id === row);
  const place = at ?? highlighted;

  const toggle = (next: boolean): void => {
    setOpen(next);
    setText("");
    setAt(null);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const chord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
      if (!chord && !slash) return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  const go = (act: () => void): void => {
    toggle(false);
    act();
  };
  const onEnter = (event: ReactKeyboardEvent): void => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing || !steps) return;
    if (text.trim() === "" || matches.length < 2 || (at === null && highlighted < 0)) return;
    event.preventDefault();
    const next = at === null ? highlighted : stepFrom(at, event.shiftKey ? -1 : 1, matches.length);
    setAt(next);
    onPick(matches[next]!.id);
  };
  const item = "flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 text-xs data-[selected=true]:bg-surface-2";
  return (
    <Dialog.Root open={open} onOpenChange={toggle}>
      <Dialog.Trigger className={`${controlClass()} w-52 justify-start font-normal text-ink-3 max-[1320px]:w-36`}>
        <Search size={14} strokeWidth={1.6} aria-hidden="true" />
        Find or focus
        <kbd className="ml-auto rounded-xs border border-line px-1 font-sans text-2xs max-[1320px]:hidden">Ctrl K</kbd>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={`fixed inset-0 z-40 ${at === null ? "bg-scrim" : ""}`} />
        <Dialog.Popup className="fixed left-1/2 top-24 z-50 w-140 max-w-[92vw] -translate-x-1/2 rounded-md border border-line bg-surface shadow-pop outline-none">
          <Dialog.Title className="sr-only">Find or focus</Dialog.Title>
          <Command loop label="Find or focus" shouldFilter={false} value={row} onValueChange={setRow}>
            <div className="flex items-center gap-2 px-3">
              <Search size={15} strokeWidth={1.6} aria-hidden="true" className="text-ink-3" />
              <Command.Input
                value={text}
                onValueChange={(next) => {
                  setText(next);
                  setAt(null);
                }}
                onKeyDown={onEnter}
                placeholder="A service, database, topic, screen, or a trace id"
                className="h-11 flex-1 bg-transparent text-sm outline-none placeholder:text-ink-3"
              />
              <span className="whitespace-nowrap text-xs text-ink-3" role="status">
                {text.trim() !== "" && place >= 0 && `${formatWhole(place + 1)} of ${formatWhole(matches.length)}`}
                {at !== null && <span className="sr-only">: {matches[at]?.name}</span>}
              </span>
              {steps && matches.length > 1 && text.trim() !== "" && <Key name="Enter" what="next" />}
              <Key name="Esc" />
            </div>
            <Command.List
              className={`max-h-96 overflow-auto border-t border-line p-1.5 ${at === null ? "" : "hidden"}`}
            >
              <Command.Empty className="p-3 text-xs text-ink-3">Nothing of that name.</Command.Empty>
              {TRACE_ID.test(text.trim()) && (
                <Command.Item
                  value="the trace of this id"
                  className={item}
                  onSelect={() => go(() => router.push(`/traces/${text.trim().toLowerCase()}`))}
                >
                  Open trace <span className="font-mono">{text.trim()}</span>
                </Command.Item>
              )}
              {matches.length > 0 && (
                <Command.Group heading="On the map" className={GROUP}>
                  {matches.slice(0, SHOWN).map((node) => (
                    <Command.Item
                      key={node.id}
                      value={node.id}
                      className={item}
                      onSelect={() => go(() => onPick(node.id))}
                    >
                      <span className="truncate">{node.name}</span>
                      <span className="ml-auto shrink-0 text-ink-3">{NODE_KIND_WORDS[node.kind]}</span>
                    </Command.Item>
                  ))}
                  {matches.length > SHOWN && (
                    <p className="px-2 py-1.5 text-2xs text-ink-3">and {formatWhole(matches.length - SHOWN)} more</p>
                  )}
                </Command.Group>
              )}
              {screens.length > 0 && (
                <Command.Group heading="Screens" className={GROUP}>
                  {screens.map(({ href, label }) => (
                    <Command.Item
                      key={href}
                      value={`screen ${href}`}
                      className={item}
                      onSelect={() => go(() => router.push(carried(href)))}
                    >
                      {label}
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Key({ name, what }: { name: string; what?: string }) {
  return (
    <span className="flex items-center gap-1 text-2xs text-ink-3">
      <kbd className="rounded-xs border border-line px-1 font-sans">{name}</kbd>
      {what}
    </span>
  );
}

const GROUP =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-ink-3";

// Find or focus: names of the map, screens, and a trace by its id. Opened with Ctrl or Cmd and K, or with a slash.
"use client";
import { Dialog } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { controlClass } from "@/components/ui/button";
import type { Graph } from "@/lib/contract/graph";
import { useCarried } from "../shell/carried";
import { isTyping } from "../shell/is-typing";
import { GRAPH_SCREENS, HOUSE_SCREENS } from "../shell/screens";
import { NODE_KIND_WORDS } from "../words";

const SCREENS = [...GRAPH_SCREENS, ...HOUSE_SCREENS];
const TRACE_ID = /^[0-9a-f]{32}$|^[0-9a-f]{16}$/i;

export function SearchPalette({ graph, onPick }: { graph: Graph | null; onPick: (id: string) => void }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const router = useRouter();
  const carried = useCarried();

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
    setOpen(false);
    setText("");
    act();
  };
  const item = "flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 text-xs data-[selected=true]:bg-surface-2";
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className={`${controlClass()} w-52 justify-start font-normal text-ink-3 max-[1320px]:w-36`}>
        <Search size={14} strokeWidth={1.6} aria-hidden="true" />
        Find or focus
        <kbd className="ml-auto rounded-xs border border-line px-1 font-sans text-2xs max-[1320px]:hidden">Ctrl K</kbd>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="fixed left-1/2 top-24 z-50 w-140 max-w-[92vw] -translate-x-1/2 rounded-md border border-line bg-surface shadow-pop outline-none">
          <Dialog.Title className="sr-only">Find or focus</Dialog.Title>
          <Command loop label="Find or focus">
            <div className="flex items-center gap-2 border-b border-line px-3">
              <Search size={15} strokeWidth={1.6} aria-hidden="true" className="text-ink-3" />
              <Command.Input
                value={text}
                onValueChange={setText}
                placeholder="A service, database, topic, screen, or a trace id"
                className="h-11 flex-1 bg-transparent text-sm outline-none placeholder:text-ink-3"
              />
              <kbd className="rounded-xs border border-line px-1 font-sans text-2xs text-ink-3">Esc</kbd>
            </div>
            <Command.List className="max-h-96 overflow-auto p-1.5">
              <Command.Empty className="p-3 text-xs text-ink-3">Nothing of that name.</Command.Empty>
              {TRACE_ID.test(text.trim()) && (
                <Command.Item
                  forceMount
                  value={`trace ${text}`}
                  className={item}
                  onSelect={() => go(() => router.push(`/traces/${text.trim().toLowerCase()}`))}
                >
                  Open trace <span className="font-mono">{text.trim()}</span>
                </Command.Item>
              )}
              {graph && graph.nodes.length > 0 && (
                <Command.Group heading="On the map" className={GROUP}>
                  {graph.nodes.map((node) => (
                    <Command.Item
                      key={node.id}
                      value={`${node.name} ${node.id}`}
                      keywords={node.aliases}
                      className={item}
                      onSelect={() => go(() => onPick(node.id))}
                    >
                      <span className="truncate">{node.name}</span>
                      <span className="ml-auto shrink-0 text-ink-3">{NODE_KIND_WORDS[node.kind]}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Screens" className={GROUP}>
                {SCREENS.map(({ href, label }) => (
                  <Command.Item
                    key={href}
                    value={`screen ${label}`}
                    className={item}
                    onSelect={() => go(() => router.push(carried(href)))}
                  >
                    {label}
                  </Command.Item>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const GROUP =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-ink-3";

// What the keys do, shown by `?`.
"use client";
import { Dialog } from "@base-ui/react/dialog";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useCarried } from "./carried";
import { isTyping } from "./is-typing";

const GROUPS: readonly { title: string; keys: readonly (readonly [readonly string[], string])[] }[] = [
  {
    title: "Everywhere",
    keys: [
      [["Ctrl", "K"], "find or focus"],
      [["/"], "the same"],
      [[","], "settings"],
      [["?"], "these keys"],
    ],
  },
  {
    title: "Map",
    keys: [
      [["O"], "the outline"],
      [["Enter", "Shift Enter"], "next match, previous"],
      [["Esc"], "clear the selection"],
      [["N", "P"], "next cycle, previous"],
    ],
  },
  {
    title: "Outline",
    keys: [
      [["↑", "↓"], "next"],
      [["→", "←"], "open and walk, back"],
      [["Enter"], "panel"],
      [["F"], "find on the map"],
    ],
  },
  {
    title: "Trace",
    keys: [
      [["↑", "↓"], "span"],
      [["←", "→"], "fold, unfold"],
      [["C"], "critical path"],
    ],
  },
  {
    title: "Tables",
    keys: [
      [["↑", "↓"], "row"],
      [["Enter"], "open"],
      [["M"], "on the map"],
    ],
  },
];

export function Shortcuts() {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const carried = useCarried();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") setOpen(true);
      else if (event.key === ",") router.push(carried("/settings"));
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [router, carried]);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="fixed left-1/2 top-24 z-50 w-140 max-w-[92vw] -translate-x-1/2 rounded-md border border-line bg-surface p-4 shadow-pop outline-none">
          <Dialog.Title className="text-md font-semibold">Keys</Dialog.Title>
          <div className="mt-3 gap-x-8 columns-2">
            {GROUPS.map(({ title, keys }) => (
              <section key={title} className="mb-4 break-inside-avoid">
                <h3 className="mb-1 text-2xs font-medium text-ink-3">{title}</h3>
                <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
                  {keys.map(([names, what]) => (
                    <div key={what} className="contents">
                      <dt>
                        {names.map((name) => (
                          <kbd key={name} className="mr-1 rounded-xs border border-line px-1 font-sans text-ink-2">
                            {name}
                          </kbd>
                        ))}
                      </dt>
                      <dd className="text-ink-2">{what}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

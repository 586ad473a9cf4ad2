"use client";
import { Menu } from "@base-ui/react/menu";
import { Check, ChevronDown } from "lucide-react";
import { controlClass } from "@/components/ui/button";
import { useDemo } from "@/lib/client/use-demo";
import { DEMO_ENVIRONMENT } from "@/lib/domain/node";

const REFRESH_MS = 5_000;

/** What goes wrong in the demo, to be switched while one looks; nothing where the demo's environment is not the one shown. */
export function DemoMenu({ environment }: { environment: string | null }) {
  const shown = environment === DEMO_ENVIRONMENT;
  const { state, pending, setFault } = useDemo(shown ? REFRESH_MS : false);
  if (!shown || !state?.running) return null;
  const on = state.faults.filter((fault) => fault.on).length;
  return (
    <Menu.Root>
      <Menu.Trigger className={controlClass(on > 0 ? "default" : "quiet")}>
        Demo
        {on > 0 && <span className="font-normal text-ink-3">{on === 1 ? "1 fault" : `${on} faults`}</span>}
        <ChevronDown size={12} strokeWidth={1.8} aria-hidden="true" className="text-ink-3" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="start" className="z-50">
          <Menu.Popup className="max-h-(--available-height) w-80 overflow-auto rounded-md border border-line bg-surface p-1 text-xs shadow-pop outline-none">
            {state.faults.map((fault) => (
              <Menu.CheckboxItem
                key={fault.id}
                checked={fault.on}
                disabled={pending}
                onCheckedChange={(checked) => setFault(fault.id, checked)}
                label={fault.label}
                className="flex gap-2 rounded-sm px-2 py-1.5 text-ink outline-none data-highlighted:bg-surface-2"
              >
                <span className="w-3.5 shrink-0">
                  <Menu.CheckboxItemIndicator>
                    <Check size={14} aria-hidden="true" className="text-accent" />
                  </Menu.CheckboxItemIndicator>
                </span>
                <span>
                  <span className="block font-medium">{fault.label}</span>
                  <span className="block text-ink-3">{fault.sentence}</span>
                </span>
              </Menu.CheckboxItem>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

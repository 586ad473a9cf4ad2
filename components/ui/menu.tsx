"use client";
import { Menu as Base } from "@base-ui/react/menu";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { controlClass } from "./button";

export interface MenuOption<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** A button that opens a list of choices, of which one holds. `children` is the button's face. */
export function ChoiceMenu<T extends string>({
  label,
  options,
  value,
  onChange,
  children,
  footer,
}: {
  label: string;
  options: readonly MenuOption<T>[];
  value: T | null;
  onChange: (value: T) => void;
  children: ReactNode;
  footer?: ReactNode;
}) {
  return (
    <Base.Root>
      <Base.Trigger className={controlClass()} aria-label={label}>
        {children}
        <ChevronDown size={12} strokeWidth={1.8} aria-hidden="true" className="text-ink-3" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" className="z-50">
          <Base.Popup className="max-h-(--available-height) min-w-44 overflow-auto rounded-md border border-line bg-surface p-1 text-xs shadow-pop outline-none">
            <Base.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
              {options.map((option) => (
                <Base.RadioItem
                  key={option.value}
                  value={option.value}
                  closeOnClick
                  className="flex h-7 items-center gap-2 rounded-sm px-2 text-ink outline-none data-highlighted:bg-surface-2"
                >
                  <span className="w-3.5">
                    <Base.RadioItemIndicator>
                      <Check size={14} aria-hidden="true" className="text-accent" />
                    </Base.RadioItemIndicator>
                  </span>
                  {option.label}
                  {option.hint && <span className="ml-auto pl-4 text-ink-3">{option.hint}</span>}
                </Base.RadioItem>
              ))}
            </Base.RadioGroup>
            {footer}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

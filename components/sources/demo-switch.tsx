"use client";
import { Switch } from "@base-ui/react/switch";
import { useId } from "react";
import { Button } from "@/components/ui/button";
import { useDemo } from "@/lib/client/use-demo";
import { asText, formatCount } from "@/lib/domain/format-number";
import { DEMO_ENVIRONMENT } from "@/lib/domain/node";

const REFRESH_MS = 2_000;

/** Starts and stops the demo traffic, and what goes wrong in it. */
export function DemoSwitch() {
  const { state, pending, error, change, setFault } = useDemo(REFRESH_MS);
  if (!state) return null;
  const { running, spansSent, faults } = state;
  return (
    <section aria-label="Demo traffic" className="rounded-md border border-line bg-surface p-4">
      <div className="flex items-center gap-3">
        <div className="flex-1">
          <h2 className="text-md font-semibold">Demo traffic</h2>
          <p className="text-xs text-ink-3">
            {running
              ? `running, ${asText(formatCount(spansSent))} spans sent`
              : `an online shop, in the environment “${DEMO_ENVIRONMENT}”`}
          </p>
          {error && <p className="text-xs text-bad-text">{error.message}</p>}
        </div>
        <Button
          variant={running ? "default" : "primary"}
          disabled={pending}
          onClick={() => change({ running: !running })}
        >
          {running ? "Stop" : "Start"}
        </Button>
      </div>
      {running && (
        <ul className="mt-3 flex flex-col gap-2.5 border-t border-line pt-3">
          {faults.map((fault) => (
            <FaultSwitch key={fault.id} {...fault} pending={pending} onChange={(on) => setFault(fault.id, on)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function FaultSwitch({
  label,
  sentence,
  on,
  pending,
  onChange,
}: {
  label: string;
  sentence: string;
  on: boolean;
  pending: boolean;
  onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <li className="flex items-start gap-3 text-xs">
      <Switch.Root
        checked={on}
        readOnly={pending}
        onCheckedChange={onChange}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-sentence`}
        className="mt-0.5 flex h-4 w-7 shrink-0 items-center rounded-full border border-ink-3 bg-surface-2 px-0.5 transition-colors duration-(--t-fast) data-checked:border-accent data-checked:bg-accent"
      >
        <Switch.Thumb className="size-2.5 rounded-full bg-ink-3 transition-transform duration-(--t-fast) data-checked:translate-x-3 data-checked:bg-surface" />
      </Switch.Root>
      <span>
        <span id={`${id}-label`} className="font-medium text-ink">
          {label}
        </span>
        <span id={`${id}-sentence`} className="block text-ink-3">
          {sentence}
        </span>
      </span>
    </li>
  );
}

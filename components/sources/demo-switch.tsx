"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@/components/ui/button";
import { getDemo, setDemo } from "@/lib/client/api";
import { asText, formatCount } from "@/lib/domain/format-number";

const REFRESH_MS = 2_000;

/** Starts and stops the demo traffic. */
export function DemoSwitch() {
  const client = useQueryClient();
  const demo = useQuery({ queryKey: ["demo"], queryFn: getDemo, refetchInterval: REFRESH_MS });
  const change = useMutation({ mutationFn: setDemo, onSuccess: (state) => client.setQueryData(["demo"], state) });
  if (!demo.data) return null;
  const { running, spansSent } = demo.data;
  return (
    <section className="flex items-center gap-3 rounded-md border border-line bg-surface p-4">
      <div className="flex-1">
        <h2 className="text-md font-semibold">Demo traffic</h2>
        <p className="text-xs text-ink-3">
          {running
            ? `running, ${asText(formatCount(spansSent))} spans sent`
            : "an online shop, in the environment “demo”"}
        </p>
        {change.isError && <p className="text-xs text-bad-text">{change.error.message}</p>}
      </div>
      <Button
        variant={running ? "default" : "primary"}
        disabled={change.isPending}
        onClick={() => change.mutate(!running)}
      >
        {running ? "Stop" : "Start"}
      </Button>
    </section>
  );
}

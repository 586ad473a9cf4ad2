// What every service may promise, in one table.
"use client";
import { useRouter } from "next/navigation";
import { CodeBlock } from "@/components/ui/code-block";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { useGraph } from "@/lib/client/use-graph";
import { useSla } from "@/lib/client/use-sla";
import type { Sla } from "@/lib/contract/sla";
import { type SlaSide, slaSide } from "@/lib/overlays/sla";
import { GraphBar } from "../shell/graph-bar";
import { GraphContent } from "../shell/graph-content";
import { Shell } from "../shell/shell";
import { useView } from "../shell/use-view";
import { viewLink } from "../shell/view-link";
import { SIDES } from "./sides";
import { SlaTable } from "./sla-table";

export function SlaScreen() {
  const view = useView();
  const live = useGraph(view.params, view.live);
  const sla = useSla(view.params, [], true, view.live);
  const router = useRouter();
  const { data, error } = sla;
  return (
    <Shell
      title="SLA"
      bar={
        <GraphBar
          view={view}
          live={live}
          perspective={false}
          overlay={
            data && (
              <Segmented label="Numbers" options={SIDES} value={slaSide(data, view.option)} onChange={view.setOption} />
            )
          }
          onPick={(id) =>
            router.push(viewLink(view.params, "/map", { overlay: "sla", sel: `node:${id}`, option: view.option }))
          }
        />
      }
    >
      <GraphContent
        view={view}
        live={live}
        failure="The ceilings did not come."
        configured={false}
        notices={data && error ? [`Not up to date: ${error.message}`] : []}
      >
        {() => (
          <main className="relative flex min-h-0 min-w-0 flex-col">
            {data ? (
              <Loaded answer={data} side={slaSide(data, view.option)} chosen={view.option} />
            ) : error ? (
              <ErrorState
                title="The ceilings did not come."
                detail={error.message}
                onRetry={() => void sla.refetch()}
              />
            ) : (
              <Skeleton rows={10} />
            )}
          </main>
        )}
      </GraphContent>
    </Shell>
  );
}

/** @param chosen the side as the URL names it; null where it is the default. */
function Loaded({ answer, side, chosen }: { answer: Sla; side: SlaSide; chosen: string | null }) {
  const { services, configuration } = answer;
  const broken = configuration.problems.some(({ severity }) => severity === "error");
  const [example] = [...services].sort((a, b) => b.declared.missing.length - a.declared.missing.length);
  return (
    <>
      {configuration.problems.length > 0 && (
        <section
          aria-label="Configuration"
          className="m-4 shrink-0 rounded-md border border-warn bg-surface p-3 text-xs"
        >
          <h2 className="font-semibold text-warn-text">{configuration.path.split("/").at(-1)} needs a look</h2>
          {broken && (
            <p className="mt-1">
              {configuration.objectives > 0
                ? "The file has errors: the last good objectives are in force."
                : "The file has errors: no objectives are in force."}
            </p>
          )}
          <ul className="mt-1 text-ink-2">
            {configuration.problems.map(({ key, line, message }) => (
              <li key={`${key} ${line} ${message}`}>
                {line !== null && `line ${line}: `}
                <b className="font-medium">{key}</b> {message}
              </li>
            ))}
          </ul>
        </section>
      )}
      {configuration.objectives === 0 && !broken && (
        <section
          aria-label="No objectives"
          className="grid shrink-0 grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-center gap-6 border-b border-line bg-surface px-4 py-3 text-xs max-[900px]:grid-cols-1"
        >
          <div>
            <h2 className="text-md font-semibold">No objectives are declared</h2>
            <p className="mt-1 max-w-[68ch] text-ink-2">
              Say in headwater.yaml what each service promises. This page then says which promises its callees let it
              keep, and which of them spends most of the budget. Until then it says what the calls of this window allow.
            </p>
          </div>
          <CodeBlock
            label="Example of headwater.yaml"
            code={`# headwater.yaml\nobjectives:\n  ${yamlKey(example?.id ?? "checkout")}: { availability: "99.9%" }`}
          />
        </section>
      )}
      {services.length === 0 ? (
        <EmptyState title="No service had calls in this window." />
      ) : (
        <SlaTable key={side} services={services} side={side} chosen={chosen} />
      )}
      <Legend side={side} />
    </>
  );
}

/** A name as a key of YAML: in quotes unless it is plain. */
const yamlKey = (name: string): string => (/^[A-Za-z][\w./-]*$/.test(name) ? name : JSON.stringify(name));

function Legend({ side }: { side: SlaSide }) {
  return (
    <footer className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 border-t border-line bg-surface px-4 py-1.25 text-xs text-ink-2">
      <b className="font-semibold text-ink">Ceiling</b>
      <span>best case: outages of the callees overlap</span>
      <span>independent: nothing to do with each other</span>
      <span>worst case: never overlap</span>
      <span className="text-ink-3">
        {side === "declared"
          ? "≤ a callee without objective could lower it"
          : "from the calls of this window; none where more was measured than they allow"}
      </span>
      <span className="ml-auto text-2xs text-ink-3">↑ ↓ row · Enter on the map, with what-if</span>
    </footer>
  );
}

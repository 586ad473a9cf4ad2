"use client";
import { useQuery } from "@tanstack/react-query";
import { Quantity } from "@/components/ui/quantity";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { getSources } from "@/lib/client/api";
import { formatCount } from "@/lib/domain/format-number";

/** Versions and SDKs that a service has sent spans with since the server started. @param services its id, and its aliases. */
export function Versions({ services, environment }: { services: readonly string[]; environment: string }) {
  const sources = useQuery({ queryKey: ["sources"], queryFn: getSources });
  if (sources.isPending) return <Skeleton rows={2} />;
  if (sources.error)
    return (
      <ErrorState
        title="The versions did not come."
        detail={sources.error.message}
        onRetry={() => void sources.refetch()}
      />
    );
  const senders = sources.data.senders.filter(
    (sender) => services.includes(sender.service) && sender.environment === environment,
  );
  if (senders.length === 0) return <EmptyState title="No spans of it have come since the server started." />;
  return (
    <table className="w-full border-collapse text-xs">
      <thead>
        <tr className="text-2xs text-ink-3 [&>th]:py-1 [&>th]:pr-3 [&>th]:text-left [&>th]:font-normal">
          <th scope="col">Version</th>
          <th scope="col">SDK</th>
          <th scope="col" className="text-right!">
            Instances
          </th>
          <th scope="col" className="text-right!">
            Spans
          </th>
          <th scope="col" className="pr-0! text-right!">
            Last, UTC
          </th>
        </tr>
      </thead>
      <tbody>
        {senders.map(({ version, sdk, instances, spans, lastAt }) => (
          <tr key={`${version} ${sdk}`} className="border-t border-line [&>td]:py-1 [&>td]:pr-3 [&>td]:text-right">
            <th scope="row" className="py-1 pr-3 text-left font-medium">
              {version || "–"}
            </th>
            <td className="text-left!">{sdk || "–"}</td>
            <td>{instances}</td>
            <td>
              <Quantity of={formatCount(spans)} />
            </td>
            <td className="whitespace-nowrap pr-0!">
              {lastAt.slice(5, 10)} {lastAt.slice(11, 19)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

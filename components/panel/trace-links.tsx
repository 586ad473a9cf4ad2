import Link from "next/link";
import type { GraphParams } from "@/lib/client/api";
import { viewLink } from "../shell/view-link";

/** To every trace of the window that has a span of a service, and to those where one failed. */
export function TraceLinks({ params, service, failed }: { params: GraphParams; service: string; failed: boolean }) {
  const link = (more: Record<string, string>) => viewLink(params, "/traces", { service, ...more });
  return (
    <span className="flex gap-3">
      {failed && (
        <Link href={link({ error: "true" })} className="text-accent hover:underline">
          Failed
        </Link>
      )}
      <Link href={link({})} className="text-accent hover:underline">
        All traces
      </Link>
    </span>
  );
}

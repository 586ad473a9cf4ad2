import Link from "next/link";
import { controlClass } from "@/components/ui/button";
import type { GraphParams } from "@/lib/client/api";
import type { Cycle } from "@/lib/contract/cycles";
import { viewLink } from "../shell/view-link";

/** From a cycle on the map: to the traces with the call that its cut would take away, and to the list of cycles. */
export function CycleLinks({ cycle, params }: { cycle: Cycle; params: GraphParams }) {
  const hop = cycle.hops.find(({ edges }) => edges.some((edge) => cycle.cut.edges.includes(edge)));
  const operation = hop?.operations[0]?.callee;
  return (
    <>
      {hop && operation !== undefined && (
        <Link
          href={viewLink(params, "/traces", { service: hop.callee, operation })}
          title={`Traces with ${operation} at ${hop.callee}`}
          className={controlClass("primary")}
        >
          Traces at the cut
        </Link>
      )}
      <Link href={viewLink(params, "/cycles", { cycle: cycle.id })} className={controlClass()}>
        List of cycles
      </Link>
    </>
  );
}

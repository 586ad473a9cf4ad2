import type { Metadata } from "next";
import { TraceScreen } from "@/components/traces/trace-screen";

export const metadata: Metadata = { title: "Trace" };

export default async function TracePage({ params }: PageProps<"/traces/[traceId]">) {
  return <TraceScreen traceId={(await params).traceId} />;
}

import type { Metadata } from "next";
import { SlaScreen } from "@/components/sla/sla-screen";

export const metadata: Metadata = { title: "SLA" };

export default function SlaPage() {
  return <SlaScreen />;
}

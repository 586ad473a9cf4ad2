import type { Metadata } from "next";
import { CyclesScreen } from "@/components/cycles/cycles-screen";

export const metadata: Metadata = { title: "Cycles" };

export default function CyclesPage() {
  return <CyclesScreen />;
}

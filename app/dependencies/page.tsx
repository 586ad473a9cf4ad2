import type { Metadata } from "next";
import { DependenciesScreen } from "@/components/tables/dependencies-screen";

export const metadata: Metadata = { title: "Dependencies" };

export default function DependenciesPage() {
  return <DependenciesScreen />;
}

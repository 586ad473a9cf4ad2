import type { Metadata } from "next";
import { SearchScreen } from "@/components/traces/search-screen";

export const metadata: Metadata = { title: "Traces" };

export default function TracesPage() {
  return <SearchScreen />;
}

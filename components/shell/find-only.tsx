"use client";
import { useRouter } from "next/navigation";
import { SearchPalette } from "../search/search-palette";

/** The end of the bar of screens that are not about the graph: what is found there is a screen or a trace. */
export function FindOnly() {
  const router = useRouter();
  return (
    <>
      <span className="flex-1" />
      <SearchPalette graph={null} onPick={() => router.push("/map")} />
    </>
  );
}

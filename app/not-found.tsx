import Link from "next/link";
import { FindOnly } from "@/components/shell/find-only";
import { Shell } from "@/components/shell/shell";

export default function NotFound() {
  return (
    <Shell title="Not found" bar={<FindOnly />}>
      <main className="grid place-content-center gap-2 text-center">
        <h2 className="text-lg font-semibold">There is no such page.</h2>
        <Link href="/map" className="text-accent hover:underline">
          To the map
        </Link>
      </main>
    </Shell>
  );
}

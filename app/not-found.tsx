import Link from "next/link";

export default function NotFound() {
  return (
    <main className="grid h-screen place-content-center gap-2 text-center">
      <h1 className="text-lg font-semibold">There is no such page.</h1>
      <Link href="/map">To the map</Link>
    </main>
  );
}

import Link from "next/link";
import { Sign } from "@/components/ui/sign";
import type { Level } from "@/lib/overlays/overlay";

const KINDS: readonly { key: "error" | "slow" | "any"; level: Level; word: string }[] = [
  { key: "error", level: "bad", word: "failed" },
  { key: "slow", level: "warn", word: "slow" },
  { key: "any", level: "ok", word: "recent" },
];

/** A failed, a slow and an ordinary trace, of which there are. */
export function ExampleTraces({
  exemplars,
}: {
  exemplars: { error: string | null; slow: string | null; any: string | null };
}) {
  const rows = KINDS.flatMap(({ key, level, word }) => {
    const id = exemplars[key];
    return id ? [{ id, level, word }] : [];
  });
  if (rows.length === 0) return <p className="text-xs text-ink-3">None kept of this window.</p>;
  return (
    <ul className="text-xs">
      {rows.map(({ id, level, word }) => (
        <li key={word} className="flex items-center gap-2 py-0.5">
          <Sign level={level} />
          <Link href={`/traces/${id}`} className="font-mono hover:underline" aria-label={`Trace ${id}, ${word}`}>
            {id.slice(0, 8)}…{id.slice(-4)}
          </Link>
          <span className="text-ink-2">{word}</span>
        </li>
      ))}
    </ul>
  );
}

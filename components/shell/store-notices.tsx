"use client";
import { useHealth } from "@/lib/client/use-health";

/** What keeps spans from being taken, and what is missing from answers: on every screen, as long as it is so. */
export function StoreNotices() {
  const { data: health } = useHealth();
  const failure = health?.failure ?? null;
  const notices = health?.notices ?? [];
  if (failure === null && notices.length === 0) return null;
  return (
    <div
      role="status"
      aria-label="Store"
      className="grid max-h-40 gap-1 overflow-y-auto border-b border-line bg-surface px-4 py-2"
    >
      {failure !== null && <Line text={failure} tone="border-bad text-bad-text" />}
      {notices.map((notice) => (
        <Line key={notice} text={notice} tone="border-warn text-warn-text" />
      ))}
    </div>
  );
}

const Line = ({ text, tone }: { text: string; tone: string }) => (
  <p className={`break-words rounded-sm border bg-surface px-3 py-1 text-xs ${tone}`}>{text}</p>
);

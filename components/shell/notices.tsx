/**
 * What was asked for and could not be: the screen shows the next best thing and says so.
 * @param inFlow above what follows instead of over it.
 */
export function Notices({ notices, inFlow = false }: { notices: readonly string[]; inFlow?: boolean }) {
  if (notices.length === 0) return null;
  return (
    <div
      role="status"
      className={
        inFlow
          ? "grid gap-1 border-b border-line bg-surface px-4 py-2"
          : "absolute left-1/2 top-2 z-10 grid max-w-[80%] -translate-x-1/2 gap-1"
      }
    >
      {[...new Set(notices)].map((notice) => (
        <p
          key={notice}
          className="break-words rounded-sm border border-warn bg-surface px-3 py-1 text-xs text-warn-text"
        >
          {notice}
        </p>
      ))}
    </div>
  );
}

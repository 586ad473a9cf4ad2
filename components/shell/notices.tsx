/** What was asked for and could not be: the screen shows the next best thing and says so. */
export function Notices({ notices }: { notices: readonly string[] }) {
  if (notices.length === 0) return null;
  return (
    <div role="status" className="absolute left-1/2 top-2 z-10 grid max-w-[80%] -translate-x-1/2 gap-1">
      {notices.map((notice) => (
        <p key={notice} className="rounded-sm border border-warn bg-surface px-3 py-1 text-xs text-warn-text">
          {notice}
        </p>
      ))}
    </div>
  );
}

import { type PerspectiveName, perspectiveWords } from "@/lib/domain/perspective";

/** What left and right mean, and what an arrow means. */
export function Ruler({ perspective }: { perspective: PerspectiveName }) {
  const { left, right, flow } = perspectiveWords(perspective);
  return (
    <div className="flex h-8 shrink-0 items-center justify-between gap-4 px-4 text-2xs text-ink-3">
      <span className="whitespace-nowrap">
        <b className="font-semibold text-ink-2">{left.word}</b> &nbsp;{left.plain}
      </span>
      <span className="flex items-center gap-2 whitespace-nowrap max-[1100px]:hidden">
        {flow}
        <svg viewBox="0 0 120 8" width="120" height="8" aria-hidden="true">
          <path d="M0 4H112" className="stroke-line-strong" strokeWidth="1" />
          <path d="M119 4l-8-3v6z" className="fill-line-strong" />
        </svg>
        arrows point from caller to callee
      </span>
      <span className="whitespace-nowrap">
        <b className="font-semibold text-ink-2">{right.word}</b> &nbsp;{right.plain}
      </span>
    </div>
  );
}

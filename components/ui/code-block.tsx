import { CopyButton } from "./copy-button";

/** Commands that can be copied as they stand; lines that start with # are comments. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className="relative rounded-sm bg-surface-2">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard */}
      <section className="overflow-x-auto" tabIndex={0} aria-label={label}>
        <pre className="w-max min-w-full whitespace-pre p-3 pr-10 font-mono text-xs leading-5">
          {code.split("\n").map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a fixed text
            <span key={at} className={`block ${line.startsWith("#") ? "text-ink-3" : "text-ink"}`}>
              {line || " "}
            </span>
          ))}
        </pre>
      </section>
      <span className="absolute right-1.5 top-1.5 rounded-sm bg-surface-2">
        <CopyButton text={code} label={label} />
      </span>
    </div>
  );
}

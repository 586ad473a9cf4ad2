import { CopyButton } from "./copy-button";

/** Commands that can be copied as they stand; lines that start with # are comments. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <section aria-label={label} className="relative rounded-sm bg-surface-2">
      <pre className="wrap-anywhere whitespace-pre-wrap p-3 font-mono text-xs leading-5">
        {code.split("\n").map((line, at) => {
          const tone = line.startsWith("#") ? "text-ink-3" : "text-ink";
          return (
            // What does not fit goes on further in: it is still one line of the command.
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a fixed text
            <span key={at} className={`block pl-[2ch] -indent-[2ch] first:pr-7 ${tone}`}>
              {line || " "}
            </span>
          );
        })}
      </pre>
      <span className="absolute right-1.5 top-1.5 rounded-sm bg-surface-2">
        <CopyButton text={code} label={label} />
      </span>
    </section>
  );
}

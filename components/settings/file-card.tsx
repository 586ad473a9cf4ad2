import { Card } from "@/components/ui/card";
import { Sign } from "@/components/ui/sign";
import type { ServerSettings } from "@/lib/contract/settings";
import { plural } from "@/lib/domain/format-number";

type File = ServerSettings["file"];

/** Whether headwater.yaml is there and what is wrong with it, line by line. */
export function FileCard({ file, unknown }: { file: File; unknown: readonly string[] }) {
  const errors = file.problems.some(({ severity }) => severity === "error") || file.nextStart !== null;
  const level = errors ? "bad" : file.problems.length > 0 || unknown.length > 0 ? "warn" : "ok";
  return (
    <Card
      title="headwater.yaml"
      hint="objectives, aliases and gateways count at once, everything else from the next start"
    >
      <div className="grid gap-2 px-4 pb-3 text-xs">
        <p className="flex items-baseline gap-1.5">
          <Sign level={level} />
          <span>
            <code className="break-all text-2xs">{file.path}</code> <span className="text-ink-2">{stateOf(file)}</span>
          </span>
        </p>
        {(file.problems.length > 0 || unknown.length > 0 || file.nextStart !== null) && (
          <ul aria-label="Problems" className="grid gap-1">
            {file.nextStart?.split("\n").map((line) => (
              <li key={line} className="text-bad-text [overflow-wrap:anywhere]">
                The next start would fail: {line}
              </li>
            ))}
            {file.problems.map(({ severity, line, key, message }) => (
              <li
                key={`${line} ${key} ${message}`}
                className={`[overflow-wrap:anywhere] ${severity === "error" ? "text-bad-text" : "text-warn-text"}`}
              >
                {severity === "error" ? "Error" : "Notice"}
                {line === null ? "" : `, line ${line}`}
                {key === "" ? "" : `, ${key}`}: {message}
              </li>
            ))}
            {unknown.map((sentence) => (
              <li key={sentence} className="text-warn-text">
                Variable: {sentence}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

function stateOf({ exists, objectives, aliases, gateways }: File): string {
  if (!exists && objectives + aliases + gateways === 0) return "is not there, and need not be";
  const inForce = [
    plural(objectives, "objective"),
    plural(aliases, "alias", "aliases"),
    plural(gateways, "gateway"),
  ].join(", ");
  return `${exists ? "is read" : "is gone"}; ${inForce} in force`;
}

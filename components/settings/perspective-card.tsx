import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { CodeBlock } from "@/components/ui/code-block";
import { PERSPECTIVES, type PerspectiveName, perspectiveWords } from "@/lib/domain/perspective";

/** What "upstream" means here while nobody says otherwise, in plain words, and how a team changes it. */
export function PerspectiveCard({ perspective }: { perspective: PerspectiveName }) {
  const other = PERSPECTIVES.find((name) => name !== perspective)!;
  return (
    <Card title="What upstream means" hint="on this server, for everybody">
      <div className="grid grid-cols-1 gap-3 px-4 pb-4 text-xs">
        <dl className="grid gap-3">
          {PERSPECTIVES.map((name) => (
            <div key={name}>
              <dt className="flex items-center gap-2 font-medium">
                {perspectiveWords(name).label}
                {name === perspective && <Chip tone="ok">default</Chip>}
              </dt>
              <dd className="text-ink-2">{MEANINGS[name]}</dd>
            </div>
          ))}
        </dl>
        <p className="text-ink-3">
          The switch in the bar changes one page and its links. To change it for everybody, write this into
          headwater.yaml and start again:
        </p>
        <CodeBlock code={`perspective: ${other}`} label="Perspective in headwater.yaml" />
      </div>
    </Card>
  );
}

const MEANINGS: Record<PerspectiveName, string> = {
  "data-flow":
    "Upstream of a service is what gives it data: the services that it calls, and the producers of its messages. Downstream is who calls it and who consumes what it publishes.",
  "request-flow":
    "Upstream of a service is who sends it requests: its callers, and the producers of its messages. Downstream is what it calls and who consumes what it publishes.",
};

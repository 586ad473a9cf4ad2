import Link from "next/link";
import type { TraceAttribute, TraceSpan } from "@/lib/contract/trace";
import { asText, formatMs } from "@/lib/domain/format-number";
import { Facts, Panel, Section } from "../panel/section";

/** Everything that one span carries. */
export function SpanPanel({ span, onClose }: { span: TraceSpan; onClose: () => void }) {
  return (
    <Panel
      label={`Span ${span.name}`}
      kind={`${span.kind} span · ${span.scope.name || "unknown scope"} ${span.scope.version}`}
      title={span.name}
      onClose={onClose}
    >
      <Section title="Span">
        <Facts
          rows={[
            { name: "Service", value: span.service },
            { name: "Duration", value: asText(formatMs(span.durationMs)) },
            {
              name: "Start",
              value: new Date(Number(BigInt(span.startUnixNano) / 1_000_000n))
                .toISOString()
                .slice(0, 23)
                .replace("T", " "),
            },
            { name: "Status", value: `${span.status.code}${span.status.message ? `: ${span.status.message}` : ""}` },
            { name: "Span id", value: <code className="text-2xs">{span.spanId}</code> },
            {
              name: "Parent",
              value: span.parentSpanId ? <code className="text-2xs">{span.parentSpanId}</code> : "none",
            },
          ]}
        />
      </Section>
      <Attributes title="Attributes" list={span.attributes} />
      {span.events.map((event, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity
        <Attributes key={at} title={`Event ${event.name}`} list={event.attributes} />
      ))}
      {span.links.length > 0 && (
        <Section title="Links">
          <ul className="text-xs">
            {span.links.map((link) => (
              <li key={link.traceId + link.spanId}>
                <Link href={`/traces/${link.traceId}`} className="font-mono text-2xs hover:underline">
                  {link.traceId}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Attributes title="Resource" list={span.resource} />
    </Panel>
  );
}

function Attributes({ title, list }: { title: string; list: readonly TraceAttribute[] }) {
  if (list.length === 0) return null;
  return (
    <Section title={title}>
      <dl className="grid gap-y-1 text-xs">
        {list.map(({ key, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: keys may repeat
          <div key={at} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)] gap-3">
            <dt className="break-words text-ink-2">{key}</dt>
            <dd className="whitespace-pre-wrap break-all font-mono text-2xs">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

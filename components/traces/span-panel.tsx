import Link from "next/link";
import type { GraphParams } from "@/lib/client/api";
import type { TraceAttribute, TraceSpan } from "@/lib/contract/trace";
import { asText, formatMs } from "@/lib/domain/format-number";
import { Facts, Panel, Section } from "../panel/section";
import { servicePath } from "../services/service-path";
import { viewLink } from "../shell/view-link";
import { utcText } from "./utc-text";

/**
 * Everything that one span carries.
 * @param params the window and environment of the trace. @param pathMs what the span has of the critical path; null for nothing.
 */
export function SpanPanel({
  span,
  params,
  pathMs,
  onClose,
}: {
  span: TraceSpan;
  params: GraphParams;
  pathMs: number | null;
  onClose: () => void;
}) {
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
            {
              name: "Service",
              value: (
                <Link href={viewLink(params, servicePath(span.service))} className="break-words hover:underline">
                  {span.service}
                  {span.countedAs !== undefined && <span className="text-ink-3"> counted as {span.countedAs}</span>}
                </Link>
              ),
            },
            { name: "Duration", value: asText(formatMs(span.durationMs)) },
            { name: "On the critical path", value: pathMs === null ? "no" : asText(formatMs(pathMs)) },
            {
              name: "Start",
              value: utcText(span.startUnixNano),
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
        <Attributes
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity
          key={at}
          title={`Event ${event.name}`}
          hint={afterStart(event, span)}
          list={event.attributes}
          always
        />
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

/** How long after its span's start an event was: `12.3 ms after the start`. */
function afterStart({ timeUnixNano }: { timeUnixNano: string }, span: TraceSpan): string {
  const ms = Number(BigInt(timeUnixNano) - BigInt(span.startUnixNano)) / 1e6;
  return ms < 0 ? `${asText(formatMs(-ms))} before the start` : `${asText(formatMs(ms))} after the start`;
}

/** @param always shown without attributes too: that it happened is something to know. */
function Attributes({
  title,
  hint,
  list,
  always = false,
}: {
  title: string;
  hint?: string;
  list: readonly TraceAttribute[];
  always?: boolean;
}) {
  if (list.length === 0 && !always) return null;
  return (
    <Section title={title} hint={hint}>
      <dl className="grid gap-y-1 text-xs">
        {list.map(({ key, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: keys may repeat
          <div key={at} className="grid grid-cols-[minmax(0,9fr)_minmax(0,11fr)] gap-3">
            <dt className="[overflow-wrap:anywhere] text-ink-2">{key}</dt>
            <dd className="whitespace-pre-wrap break-all font-mono text-2xs">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

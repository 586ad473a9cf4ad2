// Errors by whose fault: what the callee answered, what happened between the sides, and what does not count.
import { type Counted, counted } from "@/components/ui/counted";
import { Sign } from "@/components/ui/sign";
import type { ErrorsBy } from "@/lib/contract/graph";
import { asText, formatCount, formatShare } from "@/lib/domain/format-number";
import { Facts, Section } from "./section";

export function Errors({
  by,
  errors,
  calls,
  callee,
  unit,
}: {
  by: ErrorsBy;
  errors: number;
  calls: number;
  callee: string;
  unit: Counted;
}) {
  const share = (part: number): string => asText(formatShare(part, calls));
  const width = (part: number): string => `${errors === 0 ? 0 : (part / errors) * 100}%`;
  return (
    <Section
      title="Errors by whose fault"
      end={
        <>
          <b className="font-semibold">{share(errors)}</b>{" "}
          <span className="text-ink-3">
            {asText(formatCount(errors))} of {counted(calls, unit)}
          </span>
        </>
      }
    >
      <div className="flex h-2 gap-px overflow-hidden rounded-xs bg-surface-2" aria-hidden="true">
        <i className="block h-full bg-bad" style={{ width: width(by.callee) }} />
        <i className="block h-full bg-warn" style={{ width: width(by.between) }} />
      </div>
      <div className="mt-1.5">
        <Facts
          rows={[
            {
              name: (
                <>
                  <Sign level="bad" /> <span className="max-w-44 truncate">{callee}</span> failed
                </>
              ),
              value: share(by.callee),
            },
            {
              name: (
                <>
                  <Sign level="warn" /> between them: timeout, reset
                </>
              ),
              value: share(by.between),
            },
            {
              name: (
                <>
                  <Sign level="none" /> 4xx, not a failure
                </>
              ),
              value: share(by.clientError),
              quiet: true,
            },
            ...(by.throttled > 0
              ? [
                  {
                    name: (
                      <>
                        <Sign level="none" /> throttled, not a failure
                      </>
                    ),
                    value: share(by.throttled),
                    quiet: true,
                  },
                ]
              : []),
          ]}
        />
      </div>
    </Section>
  );
}

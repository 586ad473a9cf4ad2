// What the sources page shows: doors with their counts, senders, and what did not make it.
import type { ImportResult, Sources } from "../contract/sources";
import { type IssueCode, isRejection, issueText } from "../domain/issue";
import type { Door } from "../engine/doors";
import type { EngineStatus } from "../engine/engine-status";
import type { ImportReport } from "../engine/import-session";
import type { StoreCondition } from "../engine/store-condition";
import type { CanaryState } from "./canary";

export interface DoorAddresses extends Record<Door, string> {}

export interface Retention {
  readonly spansMs: number;
  readonly spansBytes: number;
  readonly minutesMs: number;
  readonly hoursMs: number;
}

const HOUR_MS = 3_600_000;
const time = (ms: number): string => new Date(ms).toISOString();

export function toSources(
  status: EngineStatus & StoreCondition,
  addresses: DoorAddresses,
  retention: Retention,
  token: boolean,
  canary: CanaryState | null,
): Sources {
  return {
    since: time(status.startedMs),
    doors: status.doors.map(({ name, requests, refused, received, stored, duplicates, rejected, lastMs }) => ({
      name,
      address: addresses[name],
      open: true,
      requests,
      refused,
      received,
      stored,
      duplicates,
      rejected,
      lastAt: lastMs === 0 ? null : time(lastMs),
    })),
    senders: toSenders(status.senders),
    issues: status.issues.map(toIssue),
    refusals: status.refusals.map(({ lastMs, ...refusal }) => ({ ...refusal, lastAt: time(lastMs) })),
    store: {
      bytes: status.storeBytes,
      keepsSpansHours: retention.spansMs / HOUR_MS,
      keepsSpansBytes: retention.spansBytes,
      keepsMinutesDays: retention.minutesMs / HOUR_MS / 24,
      keepsHoursDays: retention.hoursMs / HOUR_MS / 24,
      oldestSpanAt: status.oldestMs === null ? null : time(status.oldestMs),
      cutForSize: status.cutForSize,
      failure: status.failure,
      notices: [...status.notices],
    },
    canary: canary && toCanary(canary),
    token,
  };
}

const toCanary = ({ everyMs, lagMs, lastMs, ...counts }: CanaryState): Sources["canary"] => ({
  everySeconds: everyMs / 1000,
  ...counts,
  lagSeconds: lagMs === null ? null : lagMs / 1000,
  lastAt: lastMs === null ? null : time(lastMs),
});

/** Instances of one service with the same SDK and version are one sender. */
function toSenders(instances: EngineStatus["senders"]): Sources["senders"] {
  const senders = new Map<string, Sources["senders"][number]>();
  for (const { service, environment, sdk, version, spans, lastMs } of instances) {
    const key = JSON.stringify([service, environment, sdk, version]);
    const known = senders.get(key);
    const lastAt = time(lastMs);
    if (!known) senders.set(key, { service, environment, sdk, version, instances: 1, spans, lastAt });
    else {
      known.instances++;
      known.spans += spans;
      if (lastAt > known.lastAt) known.lastAt = lastAt;
    }
  }
  return [...senders.values()].sort((a, b) => b.spans - a.spans || (a.service < b.service ? -1 : 1));
}

const toIssue = ({
  code,
  count,
  example,
}: {
  code: IssueCode;
  count: number;
  example: string;
}): Sources["issues"][number] => ({
  code,
  text: issueText(code),
  rejects: isRejection(code),
  count,
  example,
});

export const toImportResult = ({ startsUs, issues, environments, ...report }: ImportReport): ImportResult => ({
  ...report,
  environments: [...environments],
  issues: issues.map(toIssue),
  window: startsUs === null ? null : { from: time(startsUs.from / 1000), to: time(startsUs.to / 1000 + 1) },
});

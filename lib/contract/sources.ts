// What comes in, from whom, and what did not make it.
import { z } from "zod";

const count = z.int().min(0);
const notices = z
  .array(z.string())
  .describe("what should be known of the store besides: what of it is damaged, which files could not be opened");
const IssueEntry = z.object({
  code: z.string(),
  text: z.string().describe("what the code means"),
  rejects: z.boolean().describe("whether such spans are not stored"),
  count,
  example: z.string(),
});

export const Sources = z
  .object({
    since: z.iso.datetime().describe("counts are since the server started"),
    doors: z.array(
      z.object({
        name: z.string(),
        address: z.string(),
        open: z.boolean(),
        requests: count,
        refused: count,
        received: count,
        stored: count,
        duplicates: count,
        rejected: count,
        lastAt: z.iso.datetime().nullable(),
      }),
    ),
    senders: z.array(
      z.object({
        service: z.string(),
        environment: z.string(),
        sdk: z.string(),
        version: z.string(),
        instances: count.describe("distinct resources: pods, processes"),
        spans: count,
        lastAt: z.iso.datetime(),
      }),
    ),
    issues: z.array(IssueEntry),
    refusals: z.array(z.object({ door: z.string(), message: z.string(), count, lastAt: z.iso.datetime() })),
    store: z.object({
      bytes: count,
      keepsSpansHours: z.number().describe("after they arrived, or until they are too many"),
      keepsSpansBytes: count.describe("on disk; above it the oldest go first"),
      keepsMinutesDays: z.number().describe("calls minute by minute, which then are added up to hours"),
      keepsHoursDays: z.number(),
      oldestSpanAt: z.iso.datetime().nullable().describe("when the oldest span that is still there arrived"),
      cutForSize: z.boolean().describe("whether older ones went for the size of all, not for their age"),
      failure: z.string().nullable().describe("why no spans are taken; null while they are"),
      notices,
    }),
    canary: z
      .object({
        everySeconds: z.number(),
        written: count.describe("traces that the server sent itself and took"),
        missing: count.describe("those of them that could not be read back"),
        wrong: count.describe("those of them that were read back changed, or not as exactly one call more"),
        refused: count.describe("traces that it did not take"),
        lagSeconds: z.number().min(0).nullable().describe("from sending to reading, of the last that was found"),
        lastAt: z.iso.datetime().nullable().describe("when the last one was judged"),
      })
      .nullable()
      .describe("how the server watches itself; in no other count. null where that is switched off"),
    token: z.boolean().describe("whether senders need a token"),
  })
  .meta({ id: "Sources" });
export type Sources = z.infer<typeof Sources>;

export const ImportResult = z
  .object({
    format: z.string(),
    received: count,
    stored: count,
    duplicates: count,
    rejected: count,
    issues: z.array(IssueEntry),
    window: z
      .object({ from: z.iso.datetime(), to: z.iso.datetime() })
      .nullable()
      .describe("where the file's spans lie in time"),
    environments: z.array(z.string()).describe("the environments that they are of"),
  })
  .meta({ id: "ImportResult" });
export type ImportResult = z.infer<typeof ImportResult>;

export const HealthReason = z
  .object({
    code: z.string().describe("the same for the same kind of fault, for alerts"),
    text: z.string().describe("what is wrong, in words"),
  })
  .meta({ id: "HealthReason" });
export type HealthReason = z.infer<typeof HealthReason>;

export const Health = z
  .object({
    status: z.enum(["ok", "failing"]),
    version: z.string(),
    failure: z.string().nullable().describe("the texts of all reasons"),
    reasons: z.array(HealthReason).describe("everything that is wrong; empty while the server works"),
    notices,
    minutesToDerive: count.nullable().describe("minutes that wait to be derived; null while nobody can tell"),
  })
  .meta({ id: "Health" });
export type Health = z.infer<typeof Health>;

import { z } from "zod";

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    parameter: z.string().optional().describe("which parameter is wrong"),
    offset: z.int().optional().describe("byte at which reading failed"),
  })
  .meta({ id: "Problem", description: "What went wrong, as RFC 9457 problem+json." });
export type Problem = z.infer<typeof Problem>;

import { z } from "zod";

export const DemoRequest = z
  .object({
    running: z.boolean(),
    faults: z
      .array(z.string())
      .max(32)
      .optional()
      .describe("ids of what goes wrong from now on, and nothing else; what holds already when absent"),
  })
  .meta({ id: "DemoRequest" });
export type DemoRequest = z.infer<typeof DemoRequest>;

export const DemoState = z
  .object({
    running: z.boolean(),
    spansSent: z.int().min(0),
    faults: z
      .array(z.object({ id: z.string(), label: z.string(), sentence: z.string(), on: z.boolean() }))
      .describe("what can go wrong; none is on while the demo is off"),
  })
  .meta({ id: "DemoState" });
export type DemoState = z.infer<typeof DemoState>;

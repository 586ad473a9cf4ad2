import { z } from "zod";

export const DemoRequest = z.object({ running: z.boolean() }).meta({ id: "DemoRequest" });
export type DemoRequest = z.infer<typeof DemoRequest>;

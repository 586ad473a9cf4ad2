import { z } from "zod";

export const SessionRequest = z
  .object({ token: z.string().min(1).max(1024).describe("HEADWATER_TOKEN of the server") })
  .meta({ id: "SessionRequest" });
export type SessionRequest = z.infer<typeof SessionRequest>;

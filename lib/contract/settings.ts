// What a server runs with, and where each part of it is changed. Secrets are never in it.
import { z } from "zod";
import { Configuration } from "./configuration";
import { Perspective } from "./graph";

export const Setting = z
  .object({
    name: z.string().describe("as in headwater.yaml, below `server:`; `perspective` stands at its top level"),
    variable: z.string().describe("environment variable; it wins over the file"),
    meaning: z.string(),
    value: z
      .string()
      .nullable()
      .describe("in force, as one would write it; null for a secret, and for what is not set"),
    byDefault: z.string().nullable().describe("null: not set"),
    from: z.enum(["default", "file", "variable"]).describe("what set it"),
    secret: z.boolean(),
    pending: z.boolean().describe("the file says something else now, which counts from the next start"),
  })
  .meta({ id: "Setting" });
export type Setting = z.infer<typeof Setting>;

export const ServerSettings = z
  .object({
    version: z.string(),
    startedAt: z.iso.datetime(),
    addresses: z.array(z.object({ name: z.string(), address: z.string() })).describe("pages and API first"),
    data: z.object({ folder: z.string(), bytes: z.int().min(0) }),
    perspective: Perspective.describe("where a question does not say"),
    token: z.boolean().describe("whether callers have to show one"),
    file: Configuration.extend({
      exists: z.boolean(),
      nextStart: z
        .string()
        .nullable()
        .describe("why a start with this file and environment would fail now; null when it would not"),
    }),
    settings: z.array(Setting),
    unknownVariables: z
      .array(z.string())
      .describe("a sentence for every variable that looks like a setting and is none"),
  })
  .meta({ id: "ServerSettings" });
export type ServerSettings = z.infer<typeof ServerSettings>;

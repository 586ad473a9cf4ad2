// What headwater.yaml declares: how much of it is in force, and what is wrong with it.
import { z } from "zod";

const count = z.int().min(0);

export const ConfigProblem = z
  .object({
    severity: z.enum(["error", "notice"]).describe("error: the file is not in force as it stands"),
    file: z.string(),
    line: z.int().min(1).nullable(),
    key: z.string().describe("such as objectives.checkout.availability"),
    message: z.string(),
  })
  .meta({ id: "ConfigProblem" });
export type ConfigProblem = z.infer<typeof ConfigProblem>;

export const Configuration = z
  .object({
    path: z.string().describe("the file, there or not"),
    objectives: count.describe("objectives in force"),
    aliases: count.describe("names in force that are counted as another one"),
    gateways: count.describe("services in force as gateways"),
    problems: z
      .array(ConfigProblem)
      .describe("with an error among them, what the file declared last without one is in force"),
  })
  .meta({ id: "Configuration", description: "What headwater.yaml declares." });
export type Configuration = z.infer<typeof Configuration>;

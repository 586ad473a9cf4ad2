// Uptime from spans and headwater.yaml: the worked examples, through the server and the command line alike; and what becomes of
// headwater.yaml while the server runs.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Sla } from "@/lib/contract/sla";
import { DAY_MS, traceFileOf } from "@/test/helpers/call-trees";
import { event, eventsIn } from "@/test/helpers/log-events";
import { headwater } from "@/test/helpers/run-cli";
import { dropFolder, eventually, makeFolder, Server } from "@/test/helpers/server-process";
import { serviceOf, VECTORS, type Vector, wrongIn, yamlOf } from "@/test/helpers/sla-vectors";

let folder: string;
let config: string;
let server: Server;

beforeAll(async () => {
  folder = makeFolder();
  config = join(folder, "headwater.yaml");
  writeFileSync(config, "objectives: { checkout: { availability: 99.9 } }\n");
  server = await Server.start(join(folder, "data"), { HEADWATER_CONFIG: config });
});
afterAll(async () => {
  await server?.stop();
  dropFolder(folder);
});

const WINDOW = `from=${DAY_MS}&to=${DAY_MS + 60_000}`;
const environmentOf = ({ name }: Vector): string => name.slice(0, name.indexOf(":"));

async function fromServer(environment: string, whatIf: readonly string[] = []): Promise<Sla> {
  const changes = whatIf.map((change) => `&whatIf=${encodeURIComponent(change)}`).join("");
  return Sla.parse(await server.get(`/api/v1/sla?${WINDOW}&env=${environment}${changes}`));
}

describe("headwater.yaml with errors at the start", () => {
  it("does not keep the server from starting, and is said in the log and in every answer", async () => {
    const { configuration, services } = await fromServer("nowhere");
    expect(configuration).toEqual({
      path: config,
      objectives: 0,
      aliases: 0,
      gateways: 0,
      problems: [
        {
          severity: "error",
          file: config,
          line: 1,
          key: "objectives.checkout.availability",
          message: 'must be text such as "99.9%"; got 99.9',
        },
      ],
    });
    expect(services).toEqual([]);
    const message = `${config}:1: objectives.checkout.availability: must be text such as "99.9%"; got 99.9`;
    expect(eventsIn(server.errors)).toEqual([event("error", "declaration", message)]);
  });
});

describe.each(VECTORS)("$name", (vector) => {
  const environment = environmentOf(vector);
  let answer: Sla;

  it("by the API", async () => {
    const response = await fetch(`${server.base}/api/v1/import`, {
      method: "POST",
      body: traceFileOf(vector.trees, environment),
    });
    expect(await response.json()).toMatchObject({ duplicates: 0, rejected: 0 });
    writeFileSync(config, yamlOf(vector.objectives)); // in force at once, without a restart
    // A minute that has been counted before is counted again in the background.
    const isRight = (sla: Sla): boolean => sla.services.length > 1 && wrongIn(vector, sla).length === 0;
    answer = await eventually(() => fromServer(environment, vector.whatIf), isRight);
    expect(answer.configuration).toEqual({
      path: config,
      objectives: Object.keys(vector.objectives).length,
      aliases: 0,
      gateways: 0,
      problems: [],
    });
    expect(wrongIn(vector, answer)).toEqual([]);
  });

  it("by the command line, the same", async () => {
    const file = join(folder, `${environment}.json`);
    const objectives = join(folder, `${environment}.yaml`);
    writeFileSync(file, traceFileOf(vector.trees, environment));
    writeFileSync(objectives, yamlOf(vector.objectives));
    const changes = (vector.whatIf ?? []).flatMap((change) => ["--what-if", change]);
    const { code, stdout } = await headwater(["sla", "--config", objectives, ...changes, "--format", "json", file]);
    const offline = Sla.parse(JSON.parse(stdout));
    expect(wrongIn(vector, offline)).toEqual([]);
    expect([offline.services, offline.changed]).toEqual([answer.services, answer.changed]);
    expect(code).toBe((offline.changed ?? offline.services).some(({ verdict }) => verdict === "impossible") ? 1 : 0);
  });

  it("would be caught with other spans or objectives", () => {
    const shifted = structuredClone(answer);
    for (const service of [...shifted.services, ...(shifted.changed ?? [])])
      for (const figure of [service.declared.independent, service.observed.expected, service.declared.worst])
        if (figure) figure.availability -= 1e-9;
    for (const { declared } of shifted.services) if (declared.equalSplit) declared.equalSplit.halfBudget -= 1e-9;
    expect(wrongIn(vector, shifted)).not.toEqual([]);
  });
});

describe("headwater.yaml while the server runs", () => {
  const GOOD = yamlOf({ checkout: "99.9%", payments: "99.5%" });

  it("with errors leaves the last good objectives in force and says so; repaired it counts at once", async () => {
    writeFileSync(config, GOOD);
    const good = await fromServer("V1");
    expect(good.configuration).toMatchObject({ objectives: 2, problems: [] });
    expect(serviceOf(good.services, "checkout").declared).toMatchObject({
      atMost: true,
      missing: ["cart", "orders"],
      independent: { availability: 0.995 },
    });

    writeFileSync(config, `${GOOD}  cart: { availability: "100.5%" }\n`);
    const bad = await fromServer("V1");
    expect(bad.services).toEqual(good.services);
    expect(bad.configuration).toEqual({
      path: config,
      objectives: 2,
      aliases: 0,
      gateways: 0,
      problems: [
        {
          severity: "error",
          file: config,
          line: 4,
          key: "objectives.cart.availability",
          message: 'must be more than 0 % and at most 100 %; got "100.5%"',
        },
      ],
    });

    writeFileSync(join(folder, "next.yaml"), `${GOOD}  cart: { availability: "99.5%" }\n`);
    renameSync(join(folder, "next.yaml"), config); // as editors save
    expect(serviceOf((await fromServer("V1")).services, "checkout").declared).toMatchObject({
      missing: ["orders"],
      independent: { availability: 0.990025 },
    });

    rmSync(config);
    expect((await fromServer("V1")).configuration).toMatchObject({
      objectives: 3,
      problems: [{ severity: "error", line: null, message: "the file is gone; what it declared last is in force" }],
    });
  });

  it("names what is not there and the name that was probably meant, as a notice", async () => {
    writeFileSync(config, yamlOf({ chekout: "99.9%" }));
    expect((await fromServer("V1")).configuration).toEqual({
      path: config,
      objectives: 1,
      aliases: 0,
      gateways: 0,
      problems: [
        {
          severity: "notice",
          file: config,
          line: 2,
          key: "objectives.chekout",
          message: 'nothing of this name is in the window; did you mean "checkout"?',
        },
      ],
    });
  });
});

describe("whatIf", () => {
  beforeAll(() => writeFileSync(config, yamlOf(VECTORS[0]!.objectives)));

  it.each([
    ["checkout:payments:async", 0.999, 0.998001, 0.998, "unsupported"],
    ["checkout:payments:drop", 0.999, 0.998001, 0.998, "unsupported"],
    ["checkout:payments:fallback=99.9%", 0.999, 0.998001 * 0.999995, 0.997995, "unsupported"],
    ["checkout:payments:objective=99.95%", 0.999, 0.998001 * 0.9995, 0.9975, "unsupported"],
  ])("%s", async (change, best, independent, worst, verdict) => {
    const { services, changed, whatIf } = await fromServer("V1", [change]);
    expect(whatIf).toEqual({ applied: [change], unmatched: [] });
    expect(serviceOf(services, "checkout").declared.independent?.availability).toBeCloseTo(0.993010995, 12);
    const then = serviceOf(changed, "checkout");
    expect(then.declared.best?.availability).toBeCloseTo(best, 12);
    expect(then.declared.independent?.availability).toBeCloseTo(independent, 12);
    expect(then.declared.worst?.availability).toBeCloseTo(worst, 12);
    expect(then.verdict).toBe(verdict);
  });

  it("of a call that is not in the window changes nothing and is named", async () => {
    const { changed, whatIf } = await fromServer("V1", ["checkout:nobody:async"]);
    expect({ changed, whatIf }).toEqual({
      changed: null,
      whatIf: { applied: [], unmatched: ["checkout:nobody:async"] },
    });
  });

  it.each([
    ["checkout", "must be caller:callee:change"],
    ["checkout:async", "must be caller:callee:change"],
    ["checkout:payments:sync", "must end in async, drop, fallback=99.9% or objective=99.9%"],
    ["checkout:payments:async=1", "must end in"],
    ["checkout:payments:fallback", "fallback must be a percentage"],
    ["checkout:payments:objective=100.5%", "objective must be more than 0 % and at most 100 %"],
  ])("%s is refused", async (change, why) => {
    const response = await fetch(`${server.base}/api/v1/sla?${WINDOW}&whatIf=${encodeURIComponent(change)}`);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const problem = (await response.json()) as { parameter: string; detail: string };
    expect(problem.parameter).toBe("whatIf");
    expect(problem.detail).toContain(why);
    expect(problem.detail).toContain(`got ${change}`);
  });
});

describe("docs/sla.md", () => {
  const page = readFileSync("docs/sla.md", "utf8");
  const block = (language: string): string =>
    new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page)![1]!;
  const runs = Array.from(page.matchAll(/^```console\n\$ headwater (.+)\n([\s\S]*?)^```$/gm), ([, args, printed]) => ({
    args: args!.split(" "),
    printed: printed!,
  }));

  it("prints what its commands print", async () => {
    const here = join(folder, "docs");
    mkdirSync(here);
    writeFileSync(join(here, "traces.json"), block("json"));
    writeFileSync(join(here, "headwater.yaml"), block("yaml"));
    expect(runs).toHaveLength(2);
    const ended = await Promise.all(runs.map(({ args }) => headwater(args, { cwd: here })));
    expect(ended.map(({ stdout }) => stdout)).toEqual(runs.map(({ printed }) => printed));
    expect(ended[0]).toMatchObject({ code: 1, stderr: block("text") });
    expect(ended[0]!.stdout).toMatch(/^checkout .* 99\.301 % .* 61\.2 h /m);
    expect(ended[1]).toMatchObject({ code: 0, stderr: "" });
  });

  it("is what the API answers", async () => {
    writeFileSync(config, block("yaml"));
    await fetch(`${server.base}/api/v1/import`, { method: "POST", body: block("json") });
    const path = `/api/v1/sla?from=1760000000000&to=1760000060000&env=&whatIf=checkout:payments:async`;
    const { services, changed } = await eventually(
      async () => Sla.parse(await server.get(path)),
      ({ services }) => services.length === 4,
    );
    const now = serviceOf(services, "checkout");
    expect(now.declared.independent).toEqual({
      availability: 0.993010995,
      minutesPer30Days: 301.925016,
      hoursPerYear: 61.2236838,
    });
    expect(now.verdict).toBe("impossible");
    expect(serviceOf(changed, "checkout").declared.independent?.availability).toBe(0.998001);
  });
});

// Aliases and gateways of headwater.yaml on a running server: an edit counts at once for everything that is stored, on every
// route, and can be taken back.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyDelta } from "@/lib/client/graph-delta";
import { Configuration } from "@/lib/contract/configuration";
import { Cycles } from "@/lib/contract/cycles";
import { Graph, GraphDelta, NodeDetail } from "@/lib/contract/graph";
import { Sla } from "@/lib/contract/sla";
import { FoundTraces } from "@/lib/contract/trace";
import { type CallTree, DAY_MS, traceFileOf } from "@/test/helpers/call-trees";
import { dropFolder, eventually, makeFolder, Server } from "@/test/helpers/server-process";
import { GATEWAY_YAML, THROUGH_GATEWAY } from "@/test/helpers/through-gateway";

/** 4 requests by the new name, 2 by the old one, of which one fails. */
const TWO_NAMES: readonly CallTree[] = [
  ...Array.from({ length: 4 }, () => ({ service: "web", calls: [{ service: "checkout" }] })),
  { service: "web", calls: [{ service: "legacy-checkout" }] },
  { service: "web", calls: [{ service: "legacy-checkout", fails: true }] },
];
const ALIASES = "aliases:\n  checkout: [legacy-checkout]\n";

let folder: string;
let config: string;
let server: Server;

async function take(trees: readonly CallTree[], environment: string): Promise<void> {
  const body = traceFileOf(trees, environment);
  const response = await fetch(`${server.base}/api/v1/import`, { method: "POST", body });
  expect(await response.json()).toMatchObject({ duplicates: 0, rejected: 0 });
}

beforeAll(async () => {
  folder = makeFolder();
  config = join(folder, "headwater.yaml");
  writeFileSync(config, "gateways: api-gateway\n");
  server = await Server.start(join(folder, "data"), { HEADWATER_CONFIG: config });
  await take(TWO_NAMES, "production");
  await take(THROUGH_GATEWAY, "hubs");
  await eventually(
    () => graphOf(),
    ({ nodes }) => nodes.some(({ id }) => id === "legacy-checkout"),
  );
});
afterAll(async () => {
  await server?.stop();
  dropFolder(folder);
});

const query = (environment: string): string => `from=${DAY_MS}&to=${DAY_MS + 60_000}&env=${environment}`;
const graphOf = async (environment = "production"): Promise<Graph> =>
  Graph.parse(await server.get(`/api/v1/graph?${query(environment)}`));
const configurationOf = async (): Promise<Configuration> =>
  Configuration.parse(await server.get(`/api/v1/configuration?${query("production")}`));
const idsOf = ({ nodes }: Graph): string[] => nodes.map(({ id }) => id);

describe("a file that never was without errors", () => {
  it("is said to have nothing in force when it goes away", async () => {
    const wrong = await configurationOf();
    expect(wrong).toMatchObject({ gateways: 0, problems: [{ severity: "error", line: 1, key: "gateways" }] });
    rmSync(config);
    expect((await configurationOf()).problems).toEqual([
      {
        severity: "error",
        file: config,
        line: null,
        key: "",
        message: "the file is gone; nothing of it is in force",
      },
    ]);
  });
});

describe("an alias", () => {
  it("counts from the next answer on, for what was stored before, and can be taken back", async () => {
    writeFileSync(config, "");
    const apart = await graphOf();
    expect(idsOf(apart)).toEqual(["checkout", "entry:user", "legacy-checkout", "web"]);

    writeFileSync(config, ALIASES);
    const merged = await graphOf();
    expect(idsOf(merged)).toEqual(["checkout", "entry:user", "web"]);
    expect(merged.version).toBeGreaterThan(apart.version);
    expect(merged.nodes[0]).toMatchObject({ id: "checkout", aliases: ["legacy-checkout"], calls: 6, errors: 1 });
    expect(merged.edges.find(({ caller }) => caller === "web")).toMatchObject({
      callee: "checkout",
      calls: 6,
      errors: 1,
      errorsBy: { callee: 1, between: 0 },
      confidence: { paired: 6, n: 6 },
      latency: { client: { samples: 6 }, server: { samples: 6 } },
    });

    writeFileSync(config, "\n");
    expect({ ...(await graphOf()), version: 0 }).toEqual({ ...apart, version: 0 });
  });

  it("is the same node to panels, searches and uptime", async () => {
    writeFileSync(config, `${ALIASES}objectives: { legacy-checkout: { availability: "99%" } }\n`);
    const [canonical, alias] = await Promise.all(
      ["checkout", "legacy-checkout"].map(async (id) =>
        NodeDetail.parse(await server.get(`/api/v1/graph/node?${query("production")}&id=${id}`)),
      ),
    );
    expect(alias).toEqual(canonical);
    expect(canonical).toMatchObject({ node: { id: "checkout" }, operations: [{ calls: 6, errors: 1 }] });
    const found = await Promise.all(
      ["checkout", "legacy-checkout"].map(async (id) =>
        FoundTraces.parse(await server.get(`/api/v1/traces?${query("production")}&service=${id}`)),
      ),
    );
    expect(found[1]).toEqual(found[0]);
    expect(found[0]!.traces).toHaveLength(6);
    expect(new Set(found[0]!.traces.flatMap(({ services }) => services))).toEqual(
      new Set(["web", "checkout", "legacy-checkout"]), // what the spans themselves say
    );
    const sla = Sla.parse(
      await server.get(`/api/v1/sla?${query("production")}&whatIf=web:legacy-checkout:drop&whatIf=web:cart:drop`),
    );
    expect(sla.whatIf).toEqual({ applied: ["web:legacy-checkout:drop"], unmatched: ["web:cart:drop"] });
    expect(sla.services.map(({ id }) => id)).toEqual(["checkout", "web"]);
    expect(sla.configuration).toMatchObject({ objectives: 1, aliases: 1 });
    expect(sla.configuration.problems).toEqual([
      {
        severity: "notice",
        file: config,
        line: 3,
        key: "objectives.legacy-checkout",
        message: 'is an alias of "checkout": the objective belongs there',
      },
    ]);
  });

  it("reaches who watches the stream", async () => {
    writeFileSync(config, "");
    const events: { name: string; data: unknown }[] = [];
    const abort = new AbortController();
    const response = await fetch(`${server.base}/api/v1/graph/stream?${query("production")}`, {
      signal: abort.signal,
    });
    void (async () => {
      let text = "";
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += new TextDecoder().decode(part);
        const blocks = text.split("\n\n");
        text = blocks.pop()!;
        for (const block of blocks) {
          const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
          if (name) events.push({ name, data: JSON.parse(data!) });
        }
      }
    })().catch(() => {}); // closed by us
    const shown = (): string[] => {
      const [first, ...rest] = events;
      return first
        ? idsOf(rest.reduce((graph, { data }) => applyDelta(graph, GraphDelta.parse(data)), Graph.parse(first.data)))
        : [];
    };
    const whole = ["checkout", "entry:user", "legacy-checkout", "web"];
    expect(
      (
        await eventually(
          async () => shown(),
          (ids) => ids.length === whole.length,
        )
      ).sort(),
    ).toEqual(whole);
    writeFileSync(config, ALIASES);
    const merged = whole.filter((id) => id !== "legacy-checkout");
    expect(
      (
        await eventually(
          async () => shown(),
          (ids) => ids.length === merged.length,
        )
      ).sort(),
    ).toEqual(merged);
    abort.abort();
  });

  it("of what was never seen is a notice, with the name that was probably meant", async () => {
    writeFileSync(config, "aliases:\n  checkout: [legacy-chekout]\ngateways: [wep]\n");
    expect(await configurationOf()).toEqual({
      path: config,
      objectives: 0,
      aliases: 1,
      gateways: 1,
      problems: [
        {
          severity: "notice",
          file: config,
          line: 2,
          key: "aliases.checkout",
          message: 'nothing of the name "legacy-chekout" is in the window; did you mean "legacy-checkout"?',
        },
        {
          severity: "notice",
          file: config,
          line: 3,
          key: "gateways",
          message: 'nothing of the name "wep" is in the window; did you mean "web"?',
        },
      ],
    });
  });

  it("stays in force while the file has errors, which are said", async () => {
    writeFileSync(config, ALIASES);
    const good = await graphOf();
    writeFileSync(config, `${ALIASES}  legacy-checkout: [older]\n`);
    expect(await graphOf()).toEqual(good);
    expect(await configurationOf()).toMatchObject({
      aliases: 1,
      problems: [
        {
          severity: "error",
          line: 3,
          message: '"legacy-checkout" is an alias of "checkout" itself (line 2); list its names under "checkout"',
        },
      ],
    });
    rmSync(config);
    expect(await graphOf()).toEqual(good);
    expect((await configurationOf()).problems[0]!.message).toBe("the file is gone; what it declared last is in force");
  });

  it("leaves other environments alone", async () => {
    writeFileSync(config, "aliases: { orders: [checkout] }\n");
    expect(idsOf(await graphOf("hubs"))).toEqual(["api-gateway", "entry:user", "inventory", "orders"]);
    expect((await graphOf("hubs")).nodes.find(({ id }) => id === "orders")).not.toHaveProperty("aliases");
    expect((await graphOf()).nodes.find(({ id }) => id === "orders")).toMatchObject({
      aliases: ["checkout"],
      calls: 4,
    });
  });
});

describe("a gateway", () => {
  const cyclesOf = async (): Promise<Cycles> => Cycles.parse(await server.get(`/api/v1/cycles?${query("hubs")}`));

  it("is of its own kind, has a role and promises like a service", async () => {
    writeFileSync(config, GATEWAY_YAML);
    expect((await graphOf("hubs")).nodes[0]).toMatchObject({ id: "api-gateway", kind: "gateway", role: "both" });
    const sla = Sla.parse(await server.get(`/api/v1/sla?${query("hubs")}`));
    expect(sla.services.map(({ id }) => id)).toEqual(["api-gateway", "inventory", "orders"]);
  });

  it("makes a loop that closes only through it one through a hub, and nothing else does", async () => {
    writeFileSync(config, GATEWAY_YAML);
    const { cycles } = await cyclesOf();
    expect(cycles.map(({ type, witness, reentryDepth }) => [type, witness, reentryDepth])).toEqual([["hub", null, 0]]);
    expect(cycles[0]!.evidence).toMatchObject({ all: true, around: 0, incomplete: 0 });
    expect(cycles[0]!.evidence.traces).toBeGreaterThan(0);

    writeFileSync(config, "");
    expect((await cyclesOf()).cycles.map(({ type }) => type)).toEqual(["reentrant"]);
  });
});

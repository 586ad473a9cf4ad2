// A loop that closes only through a gateway, from spans and headwater.yaml to what the command line says.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Cycles } from "@/lib/contract/cycles";
import type { Graph } from "@/lib/contract/graph";
import { traceFileOf } from "@/test/helpers/call-trees";
import { headwater } from "@/test/helpers/run-cli";
import { GATEWAY_YAML, THROUGH_GATEWAY } from "@/test/helpers/through-gateway";

let folder: string;
let traces: string;
let config: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headwater-gateway-"));
  traces = join(folder, "traces.json");
  config = join(folder, "headwater.yaml");
  writeFileSync(traces, traceFileOf(THROUGH_GATEWAY, "production"));
  writeFileSync(config, GATEWAY_YAML);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function cycles(...options: string[]): Promise<{ code: number | null; types: string[]; members: string[][] }> {
  const { code, stdout } = await headwater(["cycles", ...options, "--format", "json", traces]);
  const found = (JSON.parse(stdout) as { environments: Cycles[] }).environments.flatMap((answer) => answer.cycles);
  return {
    code,
    types: found.map(({ type }) => type),
    members: found.map((cycle) => [...cycle.members, ...cycle.others].map(({ id }) => id).sort()),
  };
}

describe("headwater cycles", () => {
  it("says that the loop is through a hub where the gateway is declared, and finds nothing (exit code 0)", async () => {
    expect(await cycles("--config", config)).toEqual({
      code: 0,
      types: ["hub"],
      members: [["api-gateway", "inventory", "orders"]],
    });
    const { stdout } = await headwater(["cycles", "--config", config, traces]);
    expect(stdout).toContain("through a hub: ");
  });

  it("says otherwise where it is not: the gateway is entered again by the same request", async () => {
    expect(await cycles()).toEqual({
      code: 1,
      types: ["reentrant"],
      members: [["api-gateway", "inventory", "orders"]],
    });
  });
});

describe("headwater graph", () => {
  it("draws a declared gateway as one, in every format", async () => {
    const draw = async (format: string): Promise<string> =>
      (await headwater(["graph", "--config", config, "--format", format, traces])).stdout;
    const { nodes } = JSON.parse(await draw("json")) as Graph;
    expect(nodes.filter(({ kind }) => kind === "gateway").map(({ id }) => id)).toEqual(["api-gateway"]);
    expect(await draw("dot")).toMatch(/label="api-gateway", shape=component/);
    expect(await draw("mermaid")).toMatch(/\[\["api-gateway"\]\]/);
  });

  it("counts aliases as what they mean, and says them", async () => {
    const aliased = join(folder, "aliased.yaml");
    writeFileSync(aliased, "aliases: { stock: [inventory] }\n");
    const { stdout } = await headwater(["graph", "--config", aliased, "--format", "json", traces]);
    const { nodes, edges } = JSON.parse(stdout) as Graph;
    expect(nodes.map(({ id, aliases }) => [id, aliases])).toEqual([
      ["api-gateway", undefined],
      ["entry:user", undefined],
      ["orders", undefined],
      ["stock", ["inventory"]],
    ]);
    expect(edges.find(({ caller, callee }) => caller === "api-gateway" && callee === "stock")?.calls).toBe(6);
  });

  it("says which names nothing has, and what was probably meant", async () => {
    const mistyped = join(folder, "mistyped.yaml");
    const both = join(folder, "both.json");
    writeFileSync(mistyped, "aliases: { orders: [inventori] }\ngateways: [api-gateway, nobody]\n");
    writeFileSync(both, traceFileOf([{ service: "orders" }], "test"));
    const { code, stderr } = await headwater(["graph", "--config", mistyped, traces, both]);
    expect(code).toBe(0);
    expect(stderr).toContain(`${mistyped}:2: gateways: nothing of the name "nobody" is in the window`);
    expect(stderr).not.toContain("api-gateway"); // one of the two environments has it
    expect((await headwater(["cycles", "--config", mistyped, traces])).stderr).toContain(
      `${mistyped}:1: aliases.orders: nothing of the name "inventori" is in the window; did you mean "inventory"?`,
    );
  });

  it("ends with 2 and every wrong line where headwater.yaml has errors", async () => {
    const wrong = join(folder, "wrong.yaml");
    writeFileSync(wrong, "aliases: { a: [a] }\ngateways: edge\n");
    const { code, stdout, stderr } = await headwater(["graph", "--config", wrong, traces]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${wrong}:1: aliases.a: "a" is the name itself; leave it out of its own list`);
    expect(stderr).toContain(`${wrong}:2: gateways: must be a list such as [api-gateway]`);
  });
});

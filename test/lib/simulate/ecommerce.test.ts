// What five minutes of the demo look like under the health overlay: one thing fails, and nothing else catches the eye.
import { describe, expect, it } from "vitest";
import { healthLevel } from "@/lib/overlays/health";
import { ecommerce } from "@/lib/simulate/ecommerce";
import { seededRandom } from "@/lib/simulate/random";
import { Simulation } from "@/lib/simulate/run";
import type { Scenario } from "@/lib/simulate/scenario";
import { Truth } from "@/lib/simulate/truth";

const REQUESTS = 20 * 5 * 60;
const SEEDS = ["1", "2", "3", "4"];

/** Edges by how the map would colour them, as `caller -> callee`, of one run for each seed. */
function looks(scenario: Scenario): { bad: string[][]; warn: string[] } {
  const runs = SEEDS.map((seed) => {
    const truth = new Truth();
    const simulation = new Simulation(scenario, seededRandom(seed), truth);
    for (let i = 0; i < REQUESTS; i++) simulation.request(1_760_000_000_000_000 + i * 50_000);
    return truth.list().map(({ caller, callee, calls, calleeErrors, betweenErrors }) => ({
      name: `${caller} -> ${callee}`,
      level: healthLevel(calleeErrors + betweenErrors, calls),
    }));
  });
  const of = (level: string) => runs.map((run) => run.filter((edge) => edge.level === level).map(({ name }) => name));
  return { bad: of("bad"), warn: of("warn").flat() };
}

describe("the shop at rest", () => {
  it("has one failing edge, and next to none that looks degraded", () => {
    const { bad, warn } = looks(ecommerce);
    for (const names of bad) expect(names).toEqual(["inventory-service -> supplier-service"]);
    expect(warn.length, warn.join(", ")).toBeLessThanOrEqual(2);
  });

  it("would be told apart from a shop in which payments fail now and then", () => {
    const services = ecommerce.services.map((service) =>
      service.name === "payment-service"
        ? { ...service, operations: service.operations.map((operation) => ({ ...operation, errorRate: 0.005 })) }
        : service,
    );
    const { warn } = looks({ ...ecommerce, services });
    expect(warn.length).toBeGreaterThan(2);
  });
});

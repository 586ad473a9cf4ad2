// Where the perspective shows without a browser: the sides of the map, and the words of the outline.
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { layOut } from "@/components/map/layout";
import { mapModel } from "@/components/map/map-model";
import { branchesOf, sentenceOf } from "@/components/outline/outline-items";
import { inPerspective } from "@/lib/derive/service-roles";
import type { PerspectiveName } from "@/lib/domain/perspective";
import { health } from "@/lib/overlays/health";
import { graphEdge, graphOf } from "@/test/helpers/graph-answers";

const TOPIC = "topic:kafka/placed";
const shop = graphOf([
  graphEdge("web", "order"),
  graphEdge("order", "user"),
  graphEdge("order", "mail", { via: TOPIC, kind: "async" }),
]);
const modelUnder = (perspective: PerspectiveName) => mapModel(inPerspective(shop, perspective), health);

describe("the layout", () => {
  // Of a browser it needs a worker and the width of letters.
  beforeAll(() => {
    vi.stubGlobal("Worker", createRequire(import.meta.url)("elkjs/lib/elk-worker.min.js").Worker);
    const context = { font: "", measureText: (text: string) => ({ width: 7 * text.length }) };
    vi.stubGlobal("document", { createElement: () => ({ getContext: () => context }) });
  });
  afterAll(() => {
    vi.unstubAllGlobals();
  });

  const leftOf = async (perspective: PerspectiveName): Promise<(a: string, b: string) => boolean> => {
    const { positions } = await layOut(modelUnder(perspective));
    return (a, b) => positions.get(a)!.x < positions.get(b)!.x;
  };

  it("has a callee left of its caller in data flow, and right of it in request flow", async () => {
    const [inData, inRequests] = [await leftOf("data-flow"), await leftOf("request-flow")];
    for (const [caller, callee] of [
      ["web", "order"],
      ["order", "user"],
    ] as const) {
      expect([inData(callee, caller), inRequests(callee, caller)], `${caller} calls ${callee}`).toEqual([true, false]);
      expect([inData(caller, callee), inRequests(caller, callee)], `${caller} calls ${callee}`).toEqual([false, true]);
    }
  });

  it("has producer, topic and consumer from left to right in both", async () => {
    for (const perspective of ["data-flow", "request-flow"] as const) {
      const isLeftOf = await leftOf(perspective);
      expect([isLeftOf("order", TOPIC), isLeftOf(TOPIC, "mail")], perspective).toEqual([true, true]);
    }
  });
});

describe("the outline", () => {
  const told = (perspective: PerspectiveName, open: readonly string[] = []): string[] =>
    branchesOf(modelUnder(perspective), new Set(open)).flatMap((line) =>
      line.kind === "item" ? [sentenceOf(line, "health").split(". ")[0]!] : [],
    );

  it("says the role of each service, and none of what has no role", () => {
    expect(told("data-flow")).toEqual([
      "mail, purely downstream",
      "order, upstream and downstream",
      TOPIC,
      "user, purely upstream",
      "web, purely downstream",
    ]);
    expect(told("request-flow")).toEqual([
      "mail, purely downstream",
      "order, upstream and downstream",
      TOPIC,
      "user, purely downstream",
      "web, purely upstream",
    ]);
  });

  it("leaves it out below another service, whose group says the side", () => {
    expect(told("data-flow", ["web"]).slice(-2)).toEqual(["web, purely downstream", "order"]);
  });
});

// A large system: many services, three times as many edges, and an hour in which each edge is called once a minute.
import { type Attribute, type Span, SpanKind, StatusCode } from "@/lib/domain/span";
import { type Random, seededRandom } from "@/lib/simulate/random";

export const WIDE = { services: 500, edges: 1500 };

/** How far down the order of services a caller reaches: systems have layers, not one service that calls all others. */
const REACH = 60;
const MINUTE_US = 60_000_000;

type Edge = readonly [caller: number, callee: number];

/** Every service but the first has a caller; nobody calls in a circle. */
function edgesOf(random: Random): Edge[] {
  const seen = new Set<number>();
  const edges: Edge[] = [];
  const add = (caller: number, callee: number): void => {
    const key = caller * WIDE.services + callee;
    if (seen.has(key)) return;
    seen.add(key);
    edges.push([caller, callee]);
  };
  for (let callee = 1; callee < WIDE.services; callee++) {
    const reach = Math.min(REACH, callee);
    add(callee - 1 - random.below(reach), callee);
  }
  while (edges.length < WIDE.edges) {
    const callee = 1 + random.below(WIDE.services - 1);
    add(callee - 1 - random.below(Math.min(REACH, callee)), callee);
  }
  return edges;
}

/** One list of spans a minute, oldest first. @param endUs Unix microseconds. */
export function* wideMinutes(minutes: number, endUs: number): Generator<Span[]> {
  const random = seededRandom("wide");
  const edges = edgesOf(random);
  const resources = Array.from({ length: WIDE.services }, (_, i) => ({
    attributes: [
      ["service.name", `service-${String(i).padStart(3, "0")}`],
      ["deployment.environment.name", "bench"],
      ["telemetry.sdk.language", "go"],
    ] satisfies Attribute[],
  }));
  const scope = { name: "http", version: "1.0.0" };
  const id = (words: number): string =>
    Array.from({ length: words }, () => random.word().toString(16).padStart(8, "0")).join("");
  for (let minute = minutes; minute > 0; minute--) {
    yield edges.flatMap(([caller, callee]) => {
      const startUs = endUs - minute * MINUTE_US + random.below(MINUTE_US - 1_000_000);
      const clientUs = random.latency(20_000, 0.5);
      const gapUs = Math.floor(clientUs / 10);
      const failed = random.chance(0.01);
      const common = {
        traceId: id(4),
        traceState: "",
        attributes: [["http.request.method", "GET"]] satisfies Attribute[],
        events: [],
        links: [],
        status: { code: failed ? StatusCode.ERROR : StatusCode.UNSET, message: "" },
        scope,
      };
      const client = id(2);
      const span = (fromUs: number, toUs: number): Pick<Span, "startNs" | "endNs"> => ({
        startNs: BigInt(fromUs) * 1000n,
        endNs: BigInt(toUs) * 1000n,
      });
      return [
        {
          ...common,
          ...span(startUs, startUs + clientUs),
          spanId: client,
          parentSpanId: "",
          name: "GET",
          kind: SpanKind.CLIENT,
          resource: resources[caller]!,
        },
        {
          ...common,
          ...span(startUs + gapUs, startUs + clientUs - gapUs),
          spanId: id(2),
          parentSpanId: client,
          name: `GET /${callee % 3}`,
          kind: SpanKind.SERVER,
          resource: resources[callee]!,
        },
      ] satisfies Span[];
    });
  }
}

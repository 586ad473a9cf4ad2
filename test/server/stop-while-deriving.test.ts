// A stop in the middle of deriving minutes again, with a clock that the test moves: longer after the spans came than they are
// kept in mind as unresolved, so that only the list of minutes itself says what is left to do.
import { expect, it } from "vitest";
import { type Span, SpanKind, StatusCode } from "@/lib/domain/span";
import { EngineRig, expectedCounts } from "@/test/helpers/engine-rig";
import { newSpanId, newTraceId } from "@/test/helpers/server-spans";

const NOW = Date.UTC(2026, 0, 1, 12);
const resource = (name: string) => ({ attributes: [["service.name", name] as const] });
const shop = resource("shop");
const warehouse = resource("warehouse");
const scope = { name: "", version: "" };

function span(kind: SpanKind, traceId: string, spanId: string, parentSpanId: string, startMs: number): Span {
  const startNs = BigInt(startMs) * 1_000_000n;
  return {
    traceId,
    spanId,
    parentSpanId,
    kind,
    startNs,
    traceState: "",
    name: "GET /",
    endNs: startNs + 5_000_000n,
    attributes: [],
    events: [],
    links: [],
    status: { code: StatusCode.UNSET, message: "" },
    resource: kind === SpanKind.CLIENT ? shop : warehouse,
    scope,
  };
}

it("forgets no minute that was still to be derived", async () => {
  const rig = await EngineRig.open();
  try {
    const clients: Span[] = [];
    const servers: Span[] = [];
    for (let i = 0; i < 10; i++) {
      const [traceId, spanId] = [newTraceId(), newSpanId()];
      const startMs = NOW - 3_600_000 + i;
      clients.push(span(SpanKind.CLIENT, traceId, spanId, "", startMs));
      servers.push(span(SpanKind.SERVER, traceId, newSpanId(), spanId, startMs + 1));
    }
    await rig.deliver([{ atMs: NOW, spans: clients }]);
    await rig.engine.settle();
    await rig.restart();
    const idle = () => new Promise((resolve) => setTimeout(resolve, 200));
    rig.nowMs += 30_000;
    await rig.deliver([{ atMs: rig.nowMs, spans: servers.slice(0, 5) }]);
    await idle();
    // These touch a minute that was derived just now, and have to wait a second.
    await rig.deliver([{ atMs: rig.nowMs, spans: servers.slice(5) }]);
    await idle();
    rig.nowMs += 60_000;
    rig.engine.tick();
    await rig.restart();
    expect(await rig.counts()).toEqual(expectedCounts([...clients, ...servers]));
  } finally {
    await rig.close();
  }
});

// A copy that comes after its original has left memory is still known as a copy.
import { afterEach, describe, expect, it, vi } from "vitest";
import { TraceFilter } from "@/lib/derive/trace-filter";
import { type Span, SpanKind, StatusCode } from "@/lib/domain/span";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { EngineRig } from "@/test/helpers/engine-rig";

const START_MS = Date.UTC(2026, 0, 5);

const spanAt = (trace: number, atMs: number): Span => ({
  traceId: trace.toString(16).padStart(32, "0"),
  spanId: trace.toString(16).padStart(16, "0"),
  parentSpanId: "",
  traceState: "",
  name: "GET /",
  kind: SpanKind.SERVER,
  attributes: [],
  events: [],
  links: [],
  status: { code: StatusCode.UNSET, message: "" },
  scope: { name: "test", version: "1" },
  resource: { attributes: [["service.name", "web"]] },
  startNs: BigInt(atMs) * 1_000_000n,
  endNs: BigInt(atMs + 5) * 1_000_000n,
});

/** Copies that were known as such, of one that comes a minute late; memory holds a tenth of what lies between. */
async function copiesKnown(lostTraces: number): Promise<number> {
  const rig = await EngineRig.open({ memorySpans: 40, lostTraces });
  try {
    const late = spanAt(1, START_MS);
    await rig.deliver([{ atMs: START_MS + 10, spans: [late] }]);
    for (let i = 0; i < 40; i++) {
      const atMs = START_MS + 1_500 * (i + 1);
      await rig.deliver([
        { atMs: atMs + 10, spans: Array.from({ length: 10 }, (_, k) => spanAt(2 + i * 10 + k, atMs)) },
      ]);
    }
    const bytes = encodeSpans([late]);
    const report = await rig.engine.ingest({ bytes, gzip: null, door: "otlp-http", format: "protobuf" });
    return report.duplicates;
  } finally {
    await rig.close();
  }
}

describe("a copy of a span that has left memory", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is known while its trace is remembered", async () => {
    const looked = vi.spyOn(TraceFilter.prototype, "mayHave");
    expect(await copiesKnown(1024)).toBe(1);
    expect(looked).toHaveBeenCalled();
  });

  it("is not when the traces that have left memory are forgotten", async () => {
    vi.spyOn(TraceFilter.prototype, "mayHave").mockReturnValue(false);
    expect(await copiesKnown(1024)).toBe(0);
  });

  it("is known when its trace is not remembered any more", async () => {
    expect(await copiesKnown(4)).toBe(1);
  });

  it("is not when the memory of traces is thought to reach back for ever", async () => {
    vi.spyOn(TraceFilter.prototype, "coveredSince", "get").mockReturnValue(Number.NEGATIVE_INFINITY);
    expect(await copiesKnown(4)).toBe(0);
  });
});

// A stock Prometheus reads /metrics: with the token, in the format that it asks for, and what it then knows is what was sent.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METRICS } from "@/lib/services/metrics";
import { dropFolder, eventually, makeFolder, Server } from "@/test/helpers/server-process";
import { hasPrometheus, Prometheus } from "@/test/helpers/server-prometheus";
import { send } from "@/test/helpers/server-requests";
import { PROTOBUF, protobufOf } from "@/test/helpers/server-spans";

if (!hasPrometheus)
  console.warn("prometheus.test: skipped, the scripts that install peers are not beside this checkout");
const TOKEN = "a-secret-of-many-letters";

describe.skipIf(!hasPrometheus)("a stock Prometheus", () => {
  let folder: string;
  let server: Server;
  let prometheus: Prometheus;

  beforeAll(async () => {
    folder = makeFolder();
    server = await Server.start(folder, { HEADWATER_TOKEN: TOKEN, HEADWATER_CANARY: "500ms" });
    prometheus = await Prometheus.start(new URL(server.base).host, TOKEN, folder);
  });

  afterAll(async () => {
    await prometheus?.stop();
    await server?.stop();
    dropFolder(folder);
    expect(server.errors).toBe("");
  });

  it("scrapes every metric, each with its type and help", async () => {
    await send(server.traces, {
      headers: { ...PROTOBUF, authorization: `Bearer ${TOKEN}` },
      body: protobufOf([{}, {}, {}, { traceId: "00" }]),
    });
    const stored = 'headwater_spans_stored_total{door="otlp-http"}';
    expect(
      await eventually(
        () => prometheus.value(stored),
        (value) => value === 3,
      ),
    ).toBe(3);
    expect(await prometheus.value("up")).toBe(1);
    const known = await prometheus.metadata();
    // Read as OpenMetrics, in which a counter is called by its name without the suffix.
    for (const { name, type, help } of METRICS)
      expect(known.get(known.has(name) ? name : name.replace(/_total$/, "")), name).toMatchObject({ type, help });
    const balance =
      "sum(headwater_spans_received_total) - sum(headwater_spans_stored_total) - sum(headwater_spans_duplicate_total) - sum(headwater_spans_rejected_total)";
    expect([await prometheus.value("sum(headwater_spans_received_total)"), await prometheus.value(balance)]).toEqual([
      4, 0,
    ]);
    expect(
      await prometheus.value("histogram_quantile(0.99, sum by (le) (headwater_commit_duration_seconds_bucket))"),
    ).toBeGreaterThan(0);
    expect(await prometheus.value("headwater_canary_missing_total + headwater_canary_wrong_total")).toBe(0);
  });
});

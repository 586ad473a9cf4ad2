// A stock OpenTelemetry Collector between the SDK and the server: what services send to it arrives whole, by its bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Graph } from "@/lib/contract/graph";
import type { Sources } from "@/lib/contract/sources";
import type { Trace } from "@/lib/contract/trace";
import { Collector, hasCollector } from "@/test/helpers/server-collector";
import { OtelService } from "@/test/helpers/server-otel-service";
import { dropFolder, eventually, makeFolder, Server } from "@/test/helpers/server-process";

if (!hasCollector) console.warn("collector.test: skipped, the scripts that install peers are not beside this checkout");

describe.skipIf(!hasCollector)("a stock Collector", () => {
  let folder: string;
  let server: Server;
  let collector: Collector;

  beforeAll(async () => {
    folder = makeFolder();
    server = await Server.start(folder);
    collector = await Collector.start(new URL(server.traces).origin);
  });

  afterAll(async () => {
    await collector.stop();
    await server.stop();
    dropFolder(folder);
    expect(server.errors).toBe("");
  });

  it.each(["http-protobuf", "http-json", "grpc"] as const)(
    "that is sent to by %s passes on every span",
    async (exporter) => {
      const environment = `through-${exporter}`;
      const endpoint = exporter === "grpc" ? collector.grpc : collector.http;
      const till = await OtelService.start({ name: "till", environment, exporter, endpoint });
      const shop = await OtelService.start({ name: "shop", environment, exporter, endpoint, next: till.url });
      const traces: string[] = [];
      for (const fail of ["", "till", "", "", "till"])
        traces.push(await (await fetch(`${shop.url}/pay?fail=${fail}`)).text());
      expect([await shop.end(), await till.end()]).toEqual([0, 0]);

      // The Collector answers the SDK before it passes anything on.
      const graph = await eventually(
        () => server.get<Graph>(`/api/v1/graph?env=${environment}`),
        ({ stats }) => stats.spans === 15,
      );
      expect(graph.stats).toMatchObject({ spans: 15, orphans: 0, unpairedClients: 0 });
      const edges = graph.edges.map(
        ({ caller, callee, calls, errors }) => `${caller} -> ${callee}: ${calls}, ${errors}`,
      );
      expect(edges.sort()).toEqual(["entry:user -> shop: 5, 0", "shop -> till: 5, 2"]);
      const trace = await server.get<Trace>(`/api/v1/traces/${traces[1]}`);
      expect(trace.spans.map(({ service, kind, status }) => `${service} ${kind} ${status.code}`).sort()).toEqual([
        "shop client error",
        "shop server unset",
        "till server error",
      ]);
      const { senders, doors } = await server.get<Sources>("/api/v1/sources");
      const sent = senders.filter((sender) => sender.environment === environment);
      expect(sent.map(({ service, version, spans }) => `${service} ${version}: ${spans}`).sort()).toEqual([
        "shop 1.2.3: 10",
        "till 1.2.3: 5",
      ]);
      for (const { refused, rejected } of doors) expect({ refused, rejected }).toEqual({ refused: 0, rejected: 0 });
    },
  );
});

describe.skipIf(!hasCollector)("the Collector's bytes that are kept for the decoder's test", () => {
  const KEPT = "test/fixtures/collector-export.bin";

  it("are what it writes", async () => {
    let take: (body: Buffer) => void = () => {};
    const taken = new Promise<Buffer>((resolve) => {
      take = resolve;
    });
    const receiver = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
      const body = Buffer.concat(parts);
      take(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
    });
    await new Promise<void>((resolve) => {
      receiver.listen(0, "127.0.0.1", resolve);
    });
    const { port } = receiver.address() as { port: number };
    const collector = await Collector.start(`http://127.0.0.1:${port}`);
    try {
      const sent = await fetch(`${collector.http}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: readFileSync("test/fixtures/collector-export.json"),
      });
      expect(sent.status).toBe(200);
      const bytes = await taken;
      if (process.env.HEADWATER_UPDATE_FIXTURES) writeFileSync(KEPT, bytes);
      expect(bytes.equals(readFileSync(KEPT))).toBe(true);
    } finally {
      await collector.stop();
      receiver.close();
    }
  });
});

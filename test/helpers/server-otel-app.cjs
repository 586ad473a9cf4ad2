// A small service as a user would write it: node:http, the OpenTelemetry SDK and its instrumentation of node:http, nothing of
// the product. Calls NEXT, if there is one. `?fail=x` makes the services named in x answer 500. Ends, flushed, when its
// parent goes away or says so. CommonJS: the instrumentation hooks `require`.
const { NodeTracerProvider, BatchSpanProcessor } = require("@opentelemetry/sdk-trace-node");
const { resourceFromAttributes } = require("@opentelemetry/resources");
const { registerInstrumentations } = require("@opentelemetry/instrumentation");
const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
const { trace } = require("@opentelemetry/api");

const { SERVICE, ENVIRONMENT, EXPORTER, NEXT } = process.env;

/** Exporters take their target from OTEL_EXPORTER_OTLP_ENDPOINT, as they do at a user's. */
const exporters = {
  "http-protobuf": () => new (require("@opentelemetry/exporter-trace-otlp-proto").OTLPTraceExporter)(),
  "http-json": () => new (require("@opentelemetry/exporter-trace-otlp-http").OTLPTraceExporter)(),
  grpc: () => new (require("@opentelemetry/exporter-trace-otlp-grpc").OTLPTraceExporter)(),
};

const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({
    "service.name": SERVICE,
    "service.version": "1.2.3",
    "deployment.environment.name": ENVIRONMENT,
  }),
  spanProcessors: [new BatchSpanProcessor(exporters[EXPORTER](), { scheduledDelayMillis: 100 })],
});
provider.register();
registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });

const http = require("node:http");

const ask = (url) =>
  new Promise((resolve, reject) => {
    http
      .get(url, (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode));
      })
      .on("error", reject);
  });

const server = http.createServer(async (request, response) => {
  const fail = new URL(request.url, "http://localhost").searchParams.get("fail") ?? "";
  if (NEXT) await ask(`${NEXT}${request.url}`);
  response.statusCode = fail.split(",").includes(SERVICE) ? 500 : 200;
  response.end(trace.getActiveSpan()?.spanContext().traceId);
});

server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));

const end = async () => {
  server.close();
  server.closeAllConnections();
  await provider.shutdown();
  process.exit(0);
};
process.on("message", end);
process.on("disconnect", end);

import { route } from "@/lib/server/api";
import { processNumbers } from "@/lib/server/process-numbers";
import { metricsOf } from "@/lib/services/metrics";
import { metricsFormat, writeMetrics } from "@/lib/services/metrics-text";
import packageJson from "@/package.json";

/** What a scraper reads. It answers while the engine does not: that is when it is needed. */
export const GET = route(async (request, { engine, admission, requests, canary }) => {
  const status = await engine.status().catch(() => null);
  const families = metricsOf({
    version: packageJson.version,
    node: process.versions.node,
    status,
    failing: engine.condition.failure !== null,
    requests: requests.all,
    inFlight: { bytes: admission.bytes, limit: admission.limit },
    canary: canary?.state ?? null,
    process: processNumbers(),
  });
  const format = metricsFormat(request.headers.get("accept"));
  return new Response(writeMetrics(families, format), {
    headers: { "content-type": format.contentType, "cache-control": "no-store" },
  });
});

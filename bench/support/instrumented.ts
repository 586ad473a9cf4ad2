// The simulator writes what the graph needs. Instrumented services send more: what resource detectors find out about process,
// host and pod, and what instrumentations note of each request. None of it changes the graph; all of it has to be read.
import { hash32 } from "@/lib/domain/ids";
import { type Attribute, type Resource, type Span, SpanKind } from "@/lib/domain/span";

const resources = new WeakMap<Resource, Resource>();

/** Names as in OpenTelemetry's semantic conventions 1.30 for resources. */
function detected(resource: Resource): Resource {
  const known = resources.get(resource);
  if (known) return known;
  const seed = hash32(JSON.stringify(resource.attributes), 7) >>> 0;
  const hex = seed.toString(16).padStart(8, "0");
  const extra: Attribute[] = [
    ["process.pid", seed % 30_000],
    ["process.executable.path", "/usr/local/bin/server"],
    ["process.runtime.name", "runtime"],
    ["process.runtime.version", "21.0.4+7"],
    ["os.type", "linux"],
    ["os.version", "6.8.0-45-generic"],
    ["host.arch", "amd64"],
    ["k8s.cluster.name", "shop-eu-1"],
    ["k8s.namespace.name", "shop"],
    ["k8s.pod.name", `pod-${hex}-x7k2p`],
    ["k8s.pod.uid", `${hex}-3c1e-4f6a-9d52-${hex}${hex.slice(0, 4)}`],
    ["container.id", hex.repeat(8)],
  ];
  const whole = { attributes: [...resource.attributes, ...extra] };
  resources.set(resource, whole);
  return whole;
}

/** A span as an instrumented service sends it. */
export function instrumented(span: Span): Span {
  const seed = hash32(span.spanId, 3) >>> 0;
  const extra: Attribute[] = [
    ["thread.id", seed % 64],
    ["thread.name", `worker-${seed % 64}`],
    ["code.function.name", `com.example.shop.${span.name.replace(/\W+/g, "_")}.handle`],
  ];
  if (span.kind === SpanKind.SERVER)
    extra.push(
      ["url.scheme", "https"],
      ["url.path", `/v1/items/${seed % 5000}`],
      ["client.address", `10.1.${seed % 4}.${seed % 250}`],
      ["user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"],
    );
  return { ...span, resource: detected(span.resource), attributes: [...span.attributes, ...extra] };
}

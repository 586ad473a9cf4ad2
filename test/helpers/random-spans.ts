// Spans of every shape the wire allows, for decoders: names, kinds, codes and nested values at random.
import type { Attribute, AttributeValue, Span, SpanKind, StatusCode } from "@/lib/domain/span";
import type { Random } from "@/lib/simulate/random";

const KEYS = [
  "http.request.method",
  "http.response.status_code",
  "http.status_code",
  "url.full",
  "server.address",
  "server.port",
  "db.system.name",
  "db.namespace",
  "db.system",
  "db.name",
  "messaging.system",
  "messaging.destination.name",
  "messaging.operation.type",
  "peer.service",
  "rpc.grpc.status_code",
  "error.type",
  "thread.id",
  "custom.key",
  "net.peer.name",
  "network.peer.address",
  "__proto__",
  "ключ",
  "",
];
const TEXTS = [
  "GET",
  "cart",
  "postgresql",
  "kafka",
  "orders",
  "send",
  "process",
  "500",
  "true",
  "10.0.0.7",
  "",
  "日本語",
  "x".repeat(300),
  "http://a.example:8080/x?y",
];

export const hexId = (random: Random, words: number): string =>
  Array.from({ length: words }, () => random.word().toString(16).padStart(8, "0")).join("");

function randomValue(random: Random, depth = 0): AttributeValue {
  const pick = random.below(depth > 3 ? 5 : 8);
  if (pick === 0) return TEXTS[random.below(TEXTS.length)]!;
  if (pick === 1) return random.below(700);
  if (pick === 2) return random.chance(0.5);
  if (pick === 3) return random.next() * 1000 + 0.5;
  if (pick === 4) return -random.below(1 << 30);
  if (pick === 5) return Array.from({ length: random.below(4) }, () => randomValue(random, depth + 1));
  if (pick === 6) return { entries: [["k", randomValue(random, depth + 1)]] };
  return Uint8Array.of(1, 2, random.below(256));
}

const randomAttributes = (random: Random, most: number): Attribute[] =>
  Array.from(
    { length: random.below(most) },
    (): Attribute => [
      KEYS[random.below(KEYS.length)]!,
      random.chance(0.6) ? TEXTS[random.below(TEXTS.length)]! : randomValue(random),
    ],
  );

export function randomSpans(random: Random, count: number): Span[] {
  const resources = Array.from({ length: 4 }, (_, i) => ({
    attributes: [
      ["service.name", `service-${i}`],
      ["service.namespace", i % 2 ? "shop" : ""],
      ["deployment.environment.name", i === 3 ? "staging" : "production"],
      ["host.name", `host-${random.below(3)}`],
    ] as Attribute[],
  }));
  const scope = { name: "test", version: "1" };
  return Array.from({ length: count }, () => {
    const startNs = 1_760_000_000_000_000_000n + BigInt(random.word()) * 1000n + BigInt(random.below(1000));
    return {
      traceId: hexId(random, 4),
      spanId: hexId(random, 2),
      parentSpanId: random.chance(0.7) ? hexId(random, 2) : "",
      traceState: random.chance(0.1) ? "ot=th:c" : "",
      name: `op ${random.below(20)}`,
      kind: random.below(6) as SpanKind,
      startNs,
      endNs: startNs + BigInt(random.below(1_000_000_000)),
      attributes: randomAttributes(random, 12),
      events: Array.from({ length: random.below(3) }, () => ({
        timeNs: startNs,
        name: "event",
        attributes: randomAttributes(random, 3),
      })),
      links: Array.from({ length: random.chance(0.2) ? random.below(3) : 0 }, () => ({
        traceId: hexId(random, 4),
        spanId: hexId(random, 2),
        attributes: [],
      })),
      status: { code: random.below(3) as StatusCode, message: random.chance(0.2) ? "broken" : "" },
      resource: resources[random.below(resources.length)]!,
      scope,
    };
  });
}

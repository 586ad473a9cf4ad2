// Secrets are overwritten wherever an attribute can stand, and nothing else changes. protobufjs writes the bodies and reads
// what became of them.
import { describe, expect, it } from "vitest";
import { Redactor } from "@/lib/ingest/otlp/redact";
import { REDACTED_KEYS, SensitiveKeys } from "@/lib/ingest/otlp/sensitive-keys";
import { seededRandom } from "@/lib/simulate/random";
import { encodeWithOracle, RequestType } from "@/test/helpers/otlp-protobufjs";
import { permuteFields } from "@/test/helpers/permute-fields";

const seed = `redact ${Date.now()}`;
const random = seededRandom(seed);

interface Value {
  readonly [kind: string]: unknown;
}
interface Pair {
  readonly key: string;
  readonly value: Value;
}

const secret = (): string => `hush${random.word().toString(36)}${random.word().toString(36)}`;
const text = (value: string): Value => ({ stringValue: value });
const array = (...values: Value[]): Value => ({ arrayValue: { values } });
const list = (...values: Pair[]): Value => ({ kvlistValue: { values } });
const pair = (key: string, value: Value): Pair => ({ key, value });

/** Forty secrets, in every place and shape. */
function request(secrets: readonly string[]): object {
  let next = 0;
  const hidden = (): Value => text(secrets[next++]!);
  const attributes = (): Pair[] => [
    pair("http.request.method", text("GET")),
    pair("Authorization", hidden()),
    pair("http.request.header.set-cookie", array(hidden(), hidden())),
    pair("http.response.status_code", { intValue: "200" }),
    pair("request", list(pair("body", list(pair("userPassword", hidden()), pair("name", text("Ann")))))),
    pair("list", array(list(pair("X-API-KEY", hidden())), text("kept"))),
    pair("client_secret", { bytesValue: Buffer.from(secrets[next++]!).toString("base64") }),
    pair("token", list(pair("raw", hidden()), pair("more", array(hidden())))),
  ];
  return {
    resourceSpans: [
      {
        resource: { attributes: [pair("service.name", text("shop")), ...attributes()] },
        scopeSpans: [
          {
            scope: { name: "http", attributes: attributes() },
            spans: [
              {
                traceId: "AAAAAAAAAAAAAAAAAAAAAQ==",
                spanId: "AAAAAAAAAAE=",
                name: "GET /",
                attributes: attributes(),
                events: [{ name: "login", attributes: attributes() }],
                links: [{ traceId: "AAAAAAAAAAAAAAAAAAAAAg==", spanId: "AAAAAAAAAAI=", attributes: attributes() }],
              },
            ],
          },
        ],
      },
    ],
  };
}

const decoded = (bytes: Uint8Array): string =>
  JSON.stringify(RequestType.toObject(RequestType.decode(bytes), { bytes: Array, longs: String }));
const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const redactor = (keys: readonly string[] = REDACTED_KEYS): Redactor => new Redactor(new SensitiveKeys(keys));

const secrets = Array.from({ length: 40 }, secret);

describe("forty secrets", () => {
  const plain = encodeWithOracle(request(secrets));

  it.each(["ascending", "descending", "shuffled"] as const)("are gone, fields %s", (order) => {
    const bytes = permuteFields(plain, order, () => random.next());
    const length = bytes.length;
    expect(
      secrets.filter((one) => latin(bytes).includes(one)),
      seed,
    ).toEqual(secrets);
    // Five places of eight secrets; the values of "set-cookie" and of "token" are overwritten as a whole.
    expect(redactor().redact(bytes)).toBe(5 * 6);
    expect(
      secrets.filter((one) => latin(bytes).includes(one)),
      seed,
    ).toEqual([]);
    expect(bytes.length).toBe(length);
    const told = decoded(bytes);
    for (const kept of ["shop", "GET", "200", "Ann", "kept", "login", "client_secret", "userPassword", "***"])
      expect(told).toContain(kept);
  });

  it("the same check fails where nothing is overwritten", () => {
    const bytes = plain.slice();
    expect(redactor([]).redact(bytes)).toBe(0);
    expect(secrets.filter((one) => latin(bytes).includes(one))).toEqual(secrets);
  });

  it("nothing else changes: a body without secrets stays as it is, to the byte", () => {
    const bytes = plain.slice();
    expect(redactor(["passport"]).redact(bytes)).toBe(0);
    expect(latin(bytes)).toBe(latin(plain));
  });
});

describe("a value that is overwritten", () => {
  const spanWith = (key: string, value: Value): Uint8Array =>
    encodeWithOracle({
      resourceSpans: [
        {
          scopeSpans: [
            { spans: [{ name: "a", attributes: [pair("before", text("1")), pair(key, value)] }, { name: "b" }] },
          ],
        },
      ],
    });
  const attributesIn = (bytes: Uint8Array): { key: string; value: Record<string, unknown> }[] =>
    JSON.parse(decoded(bytes)).resourceSpans[0].scopeSpans[0].spans[0].attributes;

  it.each([0, 1, 2, 125, 126, 127, 128, 129, 130, 131, 16_380, 16_381, 16_382, 16_383, 16_384, 16_390, 70_000])(
    "is a text, whatever its length: %i",
    (length) => {
      for (const value of [text("x".repeat(length)), array(text("y".repeat(length)), text("z"))]) {
        const bytes = spanWith("password", value);
        expect(redactor().redact(bytes)).toBe(1);
        const [before, masked] = attributesIn(bytes);
        expect(before).toEqual({ key: "before", value: { stringValue: "1" } });
        expect(masked!.value.stringValue).toMatch(/^\**$/);
        expect(latin(bytes)).not.toMatch(/xxx|yyy/);
        expect(decoded(bytes)).toContain('"name":"b"');
      }
    },
  );

  it.each([{ intValue: "123456789" }, { intValue: "7" }, { doubleValue: 2.5 }, { boolValue: true }])(
    "is a text where it was %o: no number is made up",
    (value) => {
      const bytes = spanWith("db.password", value);
      expect(redactor().redact(bytes)).toBe(1);
      expect(attributesIn(bytes)[1]!.value.stringValue).toMatch(/^\**$/);
    },
  );

  it("is found ten thousand lists down", () => {
    const inner = encodeWithOracle({
      resourceSpans: [{ scopeSpans: [{ spans: [{ attributes: [pair("a", list(pair("secret", text("hush"))))] }] }] }],
    });
    // The innermost AnyValue, wrapped in arrays by hand: no encoder nests so deep.
    const at = latin(inner).indexOf("\x32");
    let value: Buffer = Buffer.from(inner.subarray(at));
    const varint = (size: number): number[] => {
      const out = [];
      for (; size > 127; size >>>= 7) out.push((size & 127) | 128);
      return [...out, size];
    };
    const wrap = (tag: number, content: Buffer): Buffer =>
      Buffer.concat([Buffer.from([tag, ...varint(content.length)]), content]);
    for (let depth = 0; depth < 10_000; depth++) value = wrap(0x2a, wrap(0x0a, value));
    const attribute = Buffer.concat([wrap(0x0a, Buffer.from("a")), wrap(0x12, value)]);
    const bytes = wrap(0x0a, wrap(0x12, wrap(0x12, wrap(0x4a, attribute))));
    expect(redactor().redact(bytes)).toBe(1);
    expect(latin(bytes)).not.toContain("hush");
  });
});

it("malformed where the decoder does not read is emptied, and the rest is kept", () => {
  const bytes = encodeWithOracle({
    resourceSpans: [{ scopeSpans: [{ spans: [{ name: "kept", events: [{ name: "secret hush", attributes: [] }] }] }] }],
  });
  const at = latin(bytes).indexOf("secret hush");
  bytes[at - 1] = 120; // the length of the event's name reaches beyond the event
  expect(redactor().redact(bytes)).toBe(0);
  expect(latin(bytes)).not.toContain("hush");
  expect(latin(bytes)).toContain("kept");
});

describe("which keys name a secret", () => {
  const keys = new SensitiveKeys(REDACTED_KEYS);
  it.each(
    "password|PASSWORD|db.password|user_password|userPassword|http.request.header.authorization|http.request.header.x-api-key|apiKey|APIKEY|apikey|Set-Cookie|cookie.session|aws.secret.access_key|accessToken|token|x/secret/y".split(
      "|",
    ),
  )("%s does", (key) => {
    expect(keys.has(key)).toBe(true);
    const bytes = new TextEncoder().encode(`..${key}..`);
    for (let again = 0; again < 2; again++)
      expect(keys.hasAt(new DataView(bytes.buffer), 2, bytes.length - 4)).toBe(true);
  });

  it.each(
    "gen_ai.usage.input_tokens|tokenizer|secretary|author|cookies|api.version|key|пароль||http.request.method".split(
      "|",
    ),
  )("%s does not", (key) => {
    expect(keys.has(key)).toBe(false);
    const bytes = new TextEncoder().encode(key);
    for (let again = 0; again < 2; again++) expect(keys.hasAt(new DataView(bytes.buffer), 0, bytes.length)).toBe(false);
  });

  it("keys that share a place in the memory of judged ones are told apart", () => {
    for (let i = 0; i < 20_000; i++) {
      const key = i % 3 === 0 ? `k${i}.token` : `k${i}.taken`;
      const bytes = new TextEncoder().encode(key);
      expect(keys.hasAt(new DataView(bytes.buffer), 0, bytes.length)).toBe(i % 3 === 0);
    }
  });
});

// Damaged gzip, at the doors and in files: it is inflated within its limit or refused, quickly, and nothing waits for ever.
import { deflateSync, gzipSync } from "node:zlib";
import { expect, it, onTestFailed } from "vitest";
import { DomainError } from "@/lib/domain/errors";
import type { Engine } from "@/lib/engine/engine";
import { ImportSession } from "@/lib/engine/import-session";
import { type Encoding, inflate } from "@/lib/engine/inflate";
import { seededRandom } from "@/lib/simulate/random";
import { jsonCorpus, protobufCorpus } from "@/test/helpers/decoder-corpus";
import { effort } from "@/test/helpers/effort";
import { expectWhole, FRESH, hammer, type Subject } from "@/test/helpers/hammer";
import { mutateBytes } from "@/test/helpers/mutate-bytes";

const COUNT = effort("HEADWATER_TEST_MUTATIONS");
const LIMIT = 16 << 10;
const zipkin = jsonCorpus("zipkin").filter(({ length }) => length < LIMIT);
/** What becomes too much, and what does not. */
const plain = [...protobufCorpus(), ...zipkin, new Uint8Array(LIMIT), new Uint8Array(LIMIT + 1)];

type Compress = (bytes: Uint8Array) => Uint8Array;

/** Damage to what was compressed, which a checksum finds nearly always, or before, which it cannot. */
const damage =
  (compress: Compress): Subject["mutate"] =>
  (random, corpus) =>
    random.chance(0.2) ? Uint8Array.from(compress(mutateBytes(random, plain))) : mutateBytes(random, corpus);

function door(encoding: Encoding, compress: Compress, limit = LIMIT): Subject {
  const read = (input: Uint8Array): void => {
    const { length } = inflate(input, encoding, limit);
    if (length > LIMIT) throw new Error(`unsound: ${length} bytes, the limit is ${LIMIT}`);
  };
  return { corpus: plain.map(compress), mutate: damage(compress), read };
}

// Nothing says how much a deflate becomes, so each takes a large buffer, and time.
const DOORS = [
  { encoding: "gzip", compress: gzipSync, count: COUNT },
  { encoding: "deflate", compress: deflateSync, count: Math.ceil(COUNT / 20) },
] as const;

it.each(DOORS)(
  "$encoding at a door stays whole under $count damaged inputs",
  { timeout: 60_000 + COUNT * 5 },
  ({ encoding, compress, count }) => {
    expectWhole(() => door(encoding, compress), count, 0.05);
  },
);

it("twin: a limit that does not hold is found", () => {
  expect(hammer(door("gzip", gzipSync, 2 * LIMIT), "twin", 2_000).finding).toMatch(/unsound: \d+ bytes, the limit/);
});

const nothing = { received: 0, stored: 0, duplicates: 0, rejected: 0, issues: [], startsUs: null, environments: [] };
/** Takes everything at once: what is under test lies before it. */
const engine = {
  ingestSpans: async () => nothing,
  ingestFile: async () => nothing,
  noteRefused: () => {},
  noteImported: () => {},
} as unknown as Engine;

it("gzip that is padded with zeros, in one piece or later, is read to its end", { timeout: 5_000 }, async () => {
  const bytes = gzipSync(zipkin[0]!);
  for (const zeros of [1, 512]) {
    for (const cut of [bytes.length, bytes.length + zeros]) {
      const padded = new Uint8Array(Buffer.concat([bytes, Buffer.alloc(zeros)]));
      const session = new ImportSession(engine, LIMIT);
      await session.piece(padded.slice(0, cut));
      if (cut < padded.length) await session.piece(padded.slice(cut));
      expect((await session.end()).format).toBe("Zipkin v2 JSON");
    }
  }
});

const FILES = Math.ceil(COUNT / 10);
const NEVER_MS = 10_000;

it(`a file of gzip ends, read or refused, under ${FILES} damaged ones`, { timeout: 60_000 + FILES * 20 }, async () => {
  onTestFailed(() => console.error(`HEADWATER_TEST_SEED="${FRESH}" brings the same new inputs again`));
  const corpus = plain.map((bytes) => gzipSync(bytes));
  const ends = { read: 0, refused: 0 };
  for (let i = 0; i < FILES; i++) {
    const random = seededRandom(`${i % 2 === 0 ? "fixed" : FRESH}/${i}`);
    const bytes = damage(gzipSync)(random, corpus);
    const most = random.chance(0.5) ? Math.max(1, bytes.length) : 1 + random.below(2_000);
    const readFile = async (): Promise<"read" | "refused"> => {
      const session = new ImportSession(engine, LIMIT);
      try {
        for (let at = 0; at < bytes.length; at += most) await session.piece(bytes.slice(at, at + most));
        await session.end();
        return "read";
      } catch (error) {
        if (error instanceof DomainError) return "refused";
        throw error;
      }
    };
    let timer: NodeJS.Timeout | undefined;
    const never = new Promise<"never">((resolve) => {
      timer = setTimeout(resolve, NEVER_MS, "never");
    });
    const end = await Promise.race([readFile(), never]);
    clearTimeout(timer);
    if (end === "never")
      throw new Error(`file ${i} does not end: ${Buffer.from(bytes).toString("base64").slice(0, 4_000)}`);
    ends[end]++;
  }
  expect(Math.min(ends.read, ends.refused)).toBeGreaterThan(FILES / 100);
});

// The readers of files, and of JSON requests, under damaged input, as mutations.test.ts of the decoder behind them.
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { readOtlpJson } from "@/lib/ingest/formats/otlp-json";
import { encodeSpans } from "@/lib/ingest/otlp/encode";
import { readSpans } from "@/lib/ingest/otlp/read-span";
import { TraceReader } from "@/lib/ingest/trace-reader";
import type { Random } from "@/lib/simulate/random";
import { CheckedIntake } from "@/test/helpers/checked-intake";
import { type JsonFormat, jsonCorpus, protobufCorpus } from "@/test/helpers/decoder-corpus";
import { effort } from "@/test/helpers/effort";
import { expectWhole, hammer, type Subject } from "@/test/helpers/hammer";
import { mutateBytes } from "@/test/helpers/mutate-bytes";
import { mutateJson } from "@/test/helpers/mutate-json";

const COUNT = effort("HEADWATER_TEST_MUTATIONS");

/** A file in pieces of any size: spans become OTLP, which must hold as many of them and say the same when read again. */
function file(corpus: Uint8Array[], read: (chunk: Uint8Array) => Uint8Array = (chunk) => chunk): Subject {
  const intake = new CheckedIntake();
  const readFile = (input: Uint8Array, random: Random): void => {
    const reader = new TraceReader((portion) => {
      if (portion.kind === "protobuf") {
        intake.take(portion.bytes);
        return;
      }
      const bytes = encodeSpans(portion.spans);
      const spans = intake.take(bytes);
      if (spans !== portion.spans.length) throw new Error(`unsound: ${portion.spans.length} spans became ${spans}`);
      if (!random.chance(0.3)) return; // the dearest of the checks
      const shown = readSpans(bytes);
      if (!isDeepStrictEqual(readSpans(encodeSpans(shown)), shown))
        throw new Error("unsound: reads back as something else");
    });
    const most = random.chance(0.5) ? input.length : 1 + random.below(700);
    for (let at = 0; at < input.length; at += most) reader.feed(read(input.slice(at, at + most)));
    reader.end();
  };
  return { corpus, mutate: mutateJson, read: readFile };
}

/** The body of a request, whole. */
function requestJson(): Subject {
  const intake = new CheckedIntake();
  const read = (input: Uint8Array): void => {
    const spans = readOtlpJson(new TextDecoder().decode(input));
    const taken = intake.take(encodeSpans(spans));
    if (taken !== spans.length) throw new Error(`unsound: ${spans.length} spans became ${taken}`);
  };
  return { corpus: jsonCorpus("otlp"), mutate: mutateJson, read };
}

const SUBJECTS: Record<string, () => Subject> = {
  "a file of OTLP protobuf": () => ({ ...file(protobufCorpus()), mutate: mutateBytes }),
  "OTLP JSON, as a request": requestJson,
  ...Object.fromEntries(
    (["otlp", "tempo", "jaeger", "zipkin"] as JsonFormat[]).map((format) => [
      `a file of ${format} JSON`,
      () => file(jsonCorpus(format)),
    ]),
  ),
};

describe.each(Object.entries(SUBJECTS))("%s", (_name, make) => {
  it(`stays whole under ${COUNT} damaged inputs`, { timeout: 60_000 + COUNT * 5 }, () =>
    expectWhole(make, COUNT, 0.02),
  );
});

describe("twin: the same check catches a reader", () => {
  it("that fails with an error of no kind", () => {
    const read = (chunk: Uint8Array): Uint8Array => {
      if (chunk.includes(0x7f)) throw new TypeError("no kind");
      return chunk;
    };
    expect(hammer(file(jsonCorpus("otlp"), read), "twin", 3_000).finding).toMatch(/TypeError: no kind/);
  });
});

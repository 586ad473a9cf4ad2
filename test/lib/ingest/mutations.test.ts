// The decoder of OTLP protobuf under damaged input: it reads or refuses, quickly, and what it takes is sound. Half of the inputs
// are the same each time, half are new; a finding prints the seed under which it comes again.
import { isDeepStrictEqual } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { unreadable } from "@/lib/domain/errors";
import { SpanColumns } from "@/lib/domain/span-columns";
import { Redactor } from "@/lib/ingest/otlp/redact";
import { REDACTED_KEYS, SensitiveKeys } from "@/lib/ingest/otlp/sensitive-keys";
import { Cursor } from "@/lib/ingest/otlp/wire";
import { CheckedIntake, type Decode } from "@/test/helpers/checked-intake";
import { protobufCorpus } from "@/test/helpers/decoder-corpus";
import { effort } from "@/test/helpers/effort";
import { expectWhole, hammer, type Subject } from "@/test/helpers/hammer";
import { mutateBytes } from "@/test/helpers/mutate-bytes";

const COUNT = effort("HEADWATER_TEST_MUTATIONS");

function protobuf(decode?: Decode): Subject {
  const intake = new CheckedIntake(decode);
  return { corpus: protobufCorpus(), mutate: mutateBytes, read: (input) => void intake.take(input) };
}

/**
 * Secrets are overwritten in the body itself, before it is decoded: what it is otherwise stays, to the byte. A body that the
 * decoder takes, it takes after that too.
 */
function redacted(): Subject {
  const intake = new CheckedIntake();
  const redactor = new Redactor(new SensitiveKeys([...REDACTED_KEYS, "url", "db", "service", "messaging", "k"]));
  const read = (input: Uint8Array<ArrayBuffer>): void => {
    const before = input.slice();
    const spans = intake.take(input);
    const count = redactor.redact(input);
    if (input.length !== before.length || (count === 0 && !isDeepStrictEqual(input, before)))
      throw new Error("unsound: changed without a secret");
    if (intake.take(input) !== spans) throw new Error("unsound: other spans without the secrets");
  };
  return { corpus: protobufCorpus(), mutate: mutateBytes, read };
}

const SUBJECTS: Record<string, () => Subject> = { "OTLP protobuf": protobuf, "OTLP protobuf with secrets": redacted };

describe.each(Object.entries(SUBJECTS))("%s", (_name, make) => {
  it(`stays whole under ${COUNT} damaged inputs`, { timeout: 60_000 + COUNT * 5 }, () =>
    expectWhole(make, COUNT, 0.02),
  );
});

describe("twins: the same check catches a reader", () => {
  const INPUTS = 3_000;
  const find = (subject: Subject, hangMs?: number): string => hammer(subject, "twin", INPUTS, hangMs).finding ?? "none";

  it("without a bounds check: a length may reach beyond its message", () => {
    const { lengthEnd } = Cursor.prototype;
    restore = () => Object.assign(Cursor.prototype, { lengthEnd });
    Cursor.prototype.lengthEnd = function (this: Cursor, end: number) {
      return this.at + this.varint(end);
    };
    expect(find(protobuf())).toMatch(/^input \d+ of seed "twin"/);
  });

  it("that keeps rows of what it refuses", () => {
    const truncate = SpanColumns.prototype.truncate;
    restore = () => Object.assign(SpanColumns.prototype, { truncate });
    SpanColumns.prototype.truncate = () => {};
    expect(find(protobuf())).toMatch(/rows of a refused request stayed/);
  });

  it("that loses a span without a word", () => {
    expect(find(protobuf((decoder, ...args) => decoder.decode(...args) + 1))).toMatch(/unsound: \d+ spans, but/);
  });

  it("that takes too long", () => {
    // Works, as a slow reader does: waiting for a busy machine is no work.
    const slow = (input: Uint8Array): void => {
      const began = process.cpuUsage();
      for (let us = input.length % 16 === 0 ? 0 : Number.POSITIVE_INFINITY; us < 300_000; ) {
        const { user, system } = process.cpuUsage(began);
        us = user + system;
      }
    };
    expect(find({ ...protobuf(), read: slow })).toMatch(/takes longer than 250 ms, 3 times/);
  });

  it("that never ends", () => {
    const stuck = (input: Uint8Array): void => {
      while (input.length % 16 === 0);
    };
    expect(find({ ...protobuf(), read: stuck }, 300)).toMatch(/does not end within 300 ms/);
  });

  it("and none of them is caught for nothing: damage that is refused is no finding", () => {
    const never = (): never => {
      throw unreadable("no");
    };
    expect(hammer({ ...protobuf(), read: never }, "twin", 100)).toEqual({ accepted: 0, refused: 100, finding: null });
  });
});

let restore = (): void => {};
afterEach(() => {
  restore();
  restore = () => {};
});

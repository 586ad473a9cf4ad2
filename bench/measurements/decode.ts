// Request bytes to columns, against protobufjs making objects of the same bytes, in the three orders that fields come in.
import { Directory } from "@/lib/domain/directory";
import { Issues } from "@/lib/domain/issue";
import { SpanColumns } from "@/lib/domain/span-columns";
import { ColumnDecoder } from "@/lib/ingest/otlp/decode-columns";
import { seededRandom } from "@/lib/simulate/random";
import { RequestType } from "@/test/helpers/otlp-protobufjs";
import { type FieldOrder, permuteFields } from "@/test/helpers/permute-fields";
import type { Figure, Measurement } from "../support/measurement";
import { median } from "../support/statistics";
import { patchesOf, Traffic } from "../support/traffic";

const ORDERS: readonly FieldOrder[] = ["ascending", "descending", "shuffled"];
const SPANS_PER_BODY = 2000;
const RANGE = { earliestUs: 0, latestUs: Number.MAX_SAFE_INTEGER };
/** Columns are emptied after so many bodies, as a batch is. */
const BODIES_PER_BATCH = 10;

interface Request {
  readonly bytes: Uint8Array;
  readonly spanIds: Int32Array;
  readonly traceIds: Int32Array;
}

export const decode: Measurement = {
  name: "decode",
  async run({ quick, log }) {
    const bodies = quick ? 6 : 20;
    const rounds = quick ? 5 : 15;
    const random = seededRandom("decode");
    const traffic = new Traffic({ seed: "decode", spansPerSecond: 50_000, spansPerBody: SPANS_PER_BODY, bodies });
    const requests = new Map<FieldOrder, Request[]>(
      ORDERS.map((order) => [
        order,
        Array.from({ length: bodies }, (_, i) => {
          const bytes = permuteFields(traffic.body(i, 1.75e12).bytes, order, random.next);
          return { bytes, ...patchesOf(bytes, () => 0) };
        }),
      ]),
    );
    const spans = bodies * SPANS_PER_BODY;
    const bytes = requests.get("ascending")!.reduce((sum, request) => sum + request.bytes.length, 0);
    log(`${bodies} requests of ${SPANS_PER_BODY} spans, ${Math.round(bytes / spans)} B a span, ${rounds} rounds`);

    const decoder = new ColumnDecoder(new Directory());
    const columns = new SpanColumns(SPANS_PER_BODY * BODIES_PER_BATCH);
    const issues = new Issues();
    const ours = (request: Request): number => {
      if (columns.length >= SPANS_PER_BODY * BODIES_PER_BATCH) columns.clear();
      return decoder.decode(request.bytes, 0, columns, issues, RANGE);
    };
    const objects = (request: Request): number => countSpans(RequestType.decode(request.bytes));

    /** Spans a second over all requests, each with new ids. */
    const round = (order: FieldOrder, decodeOne: (request: Request) => number): number => {
      let ms = 0;
      let seen = 0;
      for (const request of requests.get(order)!) {
        renewIds(request, random.word);
        const began = performance.now();
        seen += decodeOne(request);
        ms += performance.now() - began;
      }
      if (seen !== spans || issues.rejected > 0)
        throw new Error(`${spans} spans were decoded as ${seen}, ${issues.rejected} of them rejected`);
      return (spans / ms) * 1000;
    };

    for (let i = 0; i < 3; i++) {
      for (const order of ORDERS) round(order, ours);
      round("ascending", objects);
    }
    const speeds = new Map<FieldOrder, number[]>(ORDERS.map((order) => [order, []]));
    const baseline: number[] = [];
    for (let i = 0; i < rounds; i++) {
      // Each order begins a round as often as the others.
      for (let k = 0; k < ORDERS.length; k++) {
        const order = ORDERS[(i + k) % ORDERS.length]!;
        speeds.get(order)!.push(round(order, ours));
      }
      baseline.push(round("ascending", objects));
    }
    const medians = ORDERS.map((order) => median(speeds.get(order)!));
    return [
      {
        quantity: "decode OTLP protobuf, one core",
        unit: "spans/s",
        ours: speeds.get("ascending")!,
        baseline: { what: "protobufjs to objects", runs: baseline },
        target: { of: "ratio", atLeast: 8 },
      },
      ...(["descending", "shuffled"] as const).map<Figure>((order) => ({
        quantity: `decode, fields ${order}`,
        unit: "spans/s",
        ours: speeds.get(order)!,
        baseline: { what: "ours, ascending", runs: speeds.get("ascending")! },
        target: null,
      })),
      {
        quantity: "decode, fastest order over slowest",
        unit: "×",
        ours: [Math.max(...medians) / Math.min(...medians)],
        baseline: null,
        target: { of: "ours", atMost: 1.15 },
      },
    ];
  },
};

function renewIds({ bytes, traceIds, spanIds }: Request, word: () => number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mask = Array.from({ length: 4 }, word);
  const write = (patches: Int32Array, words: number): void => {
    for (let i = 0; i < patches.length; i += 2) {
      for (let k = 0; k < words; k++) {
        const at = patches[i]! + k * 4;
        view.setUint32(at, view.getUint32(at) ^ mask[k]!);
      }
    }
  };
  write(traceIds, 4);
  write(spanIds, 2);
}

interface Decoded {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly object[] }[] }[];
}

const countSpans = (message: object): number =>
  (message as Decoded).resourceSpans.reduce(
    (sum, { scopeSpans }) => sum + scopeSpans.reduce((inner, { spans }) => inner + spans.length, 0),
    0,
  );

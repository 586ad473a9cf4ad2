// Which attribute keys name a secret.

/** What is a secret where nobody says otherwise. */
export const REDACTED_KEYS = ["authorization", "cookie", "set-cookie", "password", "token", "api_key", "secret"];

/** Spans repeat a few keys: each is judged once, in as many places as this, a power of two; longer ones each time. */
const KEPT = 1024;
const LONGEST = 64;
/** Places that a key may be in. */
const PROBES = 4;

const text = new TextDecoder();

export class SensitiveKeys {
  private readonly names: readonly string[];
  private readonly judged = new DataView(new ArrayBuffer(KEPT * LONGEST));
  private readonly lengths = new Uint8Array(KEPT);
  private readonly verdicts = new Uint8Array(KEPT);

  /** @param names such as "api_key"; case and what separates words do not matter. */
  constructor(names: readonly string[]) {
    this.names = names.flatMap((name) => {
      const words = wordsOf(name);
      return words.length === 0 ? [] : [`.${words.join(".")}.`, `.${words.join("")}.`];
    });
  }

  get isEmpty(): boolean {
    return this.names.length === 0;
  }

  /** Whether a key has one of the names among its words: `http.request.header.x-api-key` and `userApiKey` have `api_key`. */
  has(key: string): boolean {
    const words = `.${wordsOf(key).join(".")}.`;
    return this.names.some((name) => words.includes(name));
  }

  /** The same for the bytes of a key, which `view` is of. */
  hasAt(view: DataView, start: number, length: number): boolean {
    if (length < 4 || length > LONGEST) return this.judge(view, start, length);
    const first = view.getInt32(start);
    const last = view.getInt32(start + length - 4);
    const hash = Math.imul(first ^ Math.imul(last, 31) ^ length, 0x9e3779b1) >>> 16;
    for (let probe = 0; probe < PROBES; probe++) {
      const place = (hash + probe) & (KEPT - 1);
      const known = this.lengths[place]!;
      if (known === length && this.isAt(place * LONGEST, view, start, length)) return this.verdicts[place] === 1;
      if (known === 0) return this.learn(place, view, start, length);
    }
    return this.learn(hash & (KEPT - 1), view, start, length);
  }

  private learn(place: number, view: DataView, start: number, length: number): boolean {
    const verdict = this.judge(view, start, length);
    for (let i = 0; i < length; i++) this.judged.setUint8(place * LONGEST + i, view.getUint8(start + i));
    this.lengths[place] = length;
    this.verdicts[place] = verdict ? 1 : 0;
    return verdict;
  }

  /** Four bytes at a time; the last four may overlap those before. */
  private isAt(place: number, view: DataView, start: number, length: number): boolean {
    const { judged } = this;
    const last = length - 4;
    for (let i = 0; i < last; i += 4) if (judged.getInt32(place + i) !== view.getInt32(start + i)) return false;
    return judged.getInt32(place + last) === view.getInt32(start + last);
  }

  private judge(view: DataView, start: number, length: number): boolean {
    return this.has(text.decode(new Uint8Array(view.buffer, view.byteOffset + start, length)));
  }
}

/** The words of a name in lower case: what stands between signs, and from one capital after a small letter to the next. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1.$2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

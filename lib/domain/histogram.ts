// Latency buckets: 16 per octave of microseconds, so a value is known within 3.1 %. The same buckets are used in memory,
// in every store and in every answer, because then histograms of minutes, operations and instances simply add up.
// Percentiles never add; buckets do.

const SUB = 16;
const SUB_BITS = 4;
/** Values above are counted in the last bucket: 2^47 us is 4.5 years. */
const MAX_OCTAVE = 47;

/** Number of buckets; bucket indexes are below it and fit 10 bits. */
export const BUCKETS = (MAX_OCTAVE - SUB_BITS + 2) * SUB;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
/** Which of the two words of a double holds its sign, exponent and first mantissa bits. */
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The bucket of a duration in microseconds; below 32 us a bucket holds exactly one value. */
export function bucketOf(us: number): number {
  if (us < 2 * SUB) return us < 0 ? 0 : Math.floor(us);
  // A double is its octave and the position in it: the exponent, and the first four bits of the mantissa.
  double[0] = us;
  const high = words[HIGH]!;
  const octave = (high >>> 20) - 1023;
  if (octave > MAX_OCTAVE) return BUCKETS - 1;
  return (octave - SUB_BITS + 1) * SUB + ((high >>> 16) & (SUB - 1));
}

/** The middle of a bucket in microseconds. */
export function bucketMiddle(bucket: number): number {
  if (bucket < 2 * SUB) return bucket;
  const exponent = (bucket >> SUB_BITS) - 1;
  const width = 2 ** exponent;
  return ((bucket & (SUB - 1)) + SUB) * width + width / 2;
}

/** Quantiles (nearest rank) of samples by bucket, in microseconds; nulls without samples. @param asked ascending. */
export function bucketQuantiles(buckets: ReadonlyMap<number, number>, asked: readonly number[]): (number | null)[] {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const samples = sorted.reduce((sum, [, count]) => sum + count, 0);
  let at = -1;
  let seen = 0;
  return asked.map((q) => {
    const rank = Math.max(1, Math.ceil(q * samples));
    if (samples === 0) return null;
    while (seen < rank) seen += sorted[++at]![1];
    return bucketMiddle(sorted[at]![0]);
  });
}

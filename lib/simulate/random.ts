// A seeded random source: the same seed gives the same spans, everywhere. sfc32 (Chris Doty-Humphrey, PractRand).
import { hash32 } from "../domain/ids";

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Integer in [0, below). */
  below(below: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** 32 random bits. */
  word(): number;
  /** A latency in microseconds: log-normal around the median, so that it has a tail as real ones have. */
  latency(medianUs: number, sigma: number): number;
  /** A new source that depends on this seed and the name only, not on how much was drawn before. */
  fork(name: string): Random;
}

export function seededRandom(seed: number | string): Random {
  const text = String(seed);
  let a = hash32(text, 1);
  let b = hash32(text, 2);
  let c = hash32(text, 3);
  let counter = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) word();
  const next = (): number => word() / 2 ** 32;
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    word,
    below: (below) => Math.floor(next() * below),
    chance: (probability) => next() < probability,
    latency: (medianUs, sigma) => Math.max(1, Math.round(medianUs * Math.exp(sigma * normal()))),
    fork: (name) => seededRandom(`${text}/${name}`),
  };
}

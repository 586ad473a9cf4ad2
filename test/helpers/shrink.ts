// Makes a failing list of spans small: drops spans one by one as long as it still fails.
export function shrink<T>(list: readonly T[], fails: (list: readonly T[]) => boolean): T[] {
  let current = [...list];
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = current.length - 1; i >= 0; i--) {
      const smaller = current.filter((_, at) => at !== i);
      if (fails(smaller)) {
        current = smaller;
        changed = true;
      }
    }
  }
  return current;
}

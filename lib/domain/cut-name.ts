/** Longest name of a service, an environment or a far side that is kept apart, in UTF-16 units. */
export const LONGEST_NAME = 255;

/** The text up to `limit` units, never half a character: that would be stored as another one. */
export function cutName(text: string, limit = LONGEST_NAME): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit);
}

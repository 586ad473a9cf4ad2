/** `11-23 08:27` of this year, the day alone of another one: `2022-06-20`. "–" for never. */
export function dayText(iso: string | null, year = new Date().getUTCFullYear()): string {
  if (iso === null) return "–";
  return iso.startsWith(`${year}-`) ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(0, 10);
}

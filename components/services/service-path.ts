// The path of a node's page. Browsers take `.` and `..` for steps in the path, however they are encoded, so a node of that name
// gets a tilde in front, and one that has tildes there already gets one more.
const STEP = /^~*\.{1,2}$/;

export const servicePath = (id: string): string => `/services/${encodeURIComponent(STEP.test(id) ? `~${id}` : id)}`;

/** The id in a segment of a path; null for what cannot be decoded. */
export function serviceOfPath(segment: string): string | null {
  try {
    const text = decodeURIComponent(segment);
    return /^~+\.{1,2}$/.test(text) ? text.slice(1) : text;
  } catch {
    return null;
  }
}

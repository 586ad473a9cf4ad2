import type { Cycle, CycleHop } from "../contract/cycles";

/** A call, and a message. */
export const ARROWS: Record<CycleHop["kind"], string> = { sync: "→", async: "⇢" };

/** `orders → inventory → pricing → orders`; a message is a dashed arrow. */
export function loopText({ members, hops }: Pick<Cycle, "members" | "hops">): string {
  const steps = members.map(({ name }, i) => `${name} ${ARROWS[hops[i]!.kind]} `);
  return `${steps.join("")}${members[0]!.name}`;
}

/** `pricing → orders`, or how many edges the cut has. */
export function cutText({ cut, hops, members, others }: Pick<Cycle, "cut" | "hops" | "members" | "others">): string {
  if (cut.edges.length > 1) return `${cut.edges.length} edges`;
  const names = new Map([...members, ...others].map(({ id, name }) => [id, name]));
  const hop = hops.find(({ edges }) => edges.includes(cut.edges[0]!));
  const { caller, callee } = hop ?? cut.alternatives.find(({ edge }) => edge === cut.edges[0])!;
  return `${names.get(caller) ?? caller} ${ARROWS[hop?.kind ?? "sync"]} ${names.get(callee) ?? callee}`;
}

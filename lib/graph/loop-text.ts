import type { Cycle, CycleHop, CycleOperations } from "../contract/cycles";
import { plural } from "../domain/format-number";

/** A call, and a message. */
export const ARROWS: Record<CycleHop["kind"], string> = { sync: "→", async: "⇢" };

/** `orders → inventory → pricing → orders`; a message is a dashed arrow. */
export function loopText({ members, hops }: Pick<Cycle, "members" | "hops">): string {
  const steps = members.map(({ name }, i) => `${name} ${ARROWS[hops[i]!.kind]} `);
  return `${steps.join("")}${members[0]!.name}`;
}

/** `pricing → orders`, or how many edges the cut has. */
export function cutText({ cut, hops, members, others }: Pick<Cycle, "cut" | "hops" | "members" | "others">): string {
  if (cut.edges.length > 1) return plural(cut.edges.length, "edge");
  const names = new Map([...members, ...others].map(({ id, name }) => [id, name]));
  const hop = hops.find(({ edges }) => edges.includes(cut.edges[0]!));
  const { caller, callee } = hop ?? cut.alternatives.find(({ edge }) => edge === cut.edges[0])!;
  return `${names.get(caller) ?? caller} ${ARROWS[hop?.kind ?? "sync"]} ${names.get(callee) ?? callee}`;
}

/** Whether the operations make a loop as their services do. */
export const BY_OPERATION: Record<CycleOperations["verdict"], string> = {
  loop: "loop",
  none: "no loop",
  unknown: "not known",
};

/** `POST /orders → GET /prices → POST /orders`: the circle, or the longest chain; "" when no call was seen. */
export function operationText({ verdict, steps }: CycleOperations): string {
  const path = steps.map(({ operation, kind }) => (kind ? `${operation} ${ARROWS[kind]} ` : operation));
  return verdict === "loop" ? `${path.join("")}${steps[0]!.operation}` : path.join("");
}

import type { ReactNode } from "react";
import type { GraphNode } from "@/lib/contract/graph";
import { plural } from "@/lib/domain/format-number";
import { type PerspectiveName, perspectiveWords } from "@/lib/domain/perspective";
import { countsOf, type RelationGroup } from "../map/relations";
import { ROLE_WORDS } from "../words";

const PHRASES: Record<RelationGroup["id"], (count: number) => string> = {
  calls: (count) => `the ${count} that it calls`,
  consumes: (count) => `the ${count} that it consumes from`,
  "called-by": (count) => `the ${count} that ${count === 1 ? "calls" : "call"} it`,
  publishes: (count) => `the ${count} that it publishes to`,
  "published-by": (count) => `the ${count} that ${count === 1 ? "publishes" : "publish"} to it`,
  "consumed-by": (count) => `the ${count} that ${count === 1 ? "consumes" : "consume"} from it`,
};

function phrasesOf({ id, relations }: RelationGroup): string[] {
  const { stores, users, others } = countsOf(relations);
  return [
    ...(others > 0 ? [PHRASES[id](others)] : []),
    ...(stores > 0 ? [`the ${plural(stores, "store")} that it uses`] : []),
    ...(users ? ["end users"] : []),
  ];
}

/** A gateway is one thing to those in front of it, end users too, and another to those behind it. */
function gatewayText(perspective: PerspectiveName): string {
  const { callee, caller } = perspectiveWords(perspective);
  const article = caller === "upstream" ? "an" : "a";
  return `As a gateway it is the single ${callee} of its clients, end users too, and ${article} ${caller} caller to the services behind it.`;
}

/** Where a node stands under the perspective, with the plain words beside. */
export function RoleSentence({
  node,
  groups,
  perspective,
}: {
  node: GraphNode;
  groups: readonly RelationGroup[];
  perspective: PerspectiveName;
}): ReactNode {
  const side = (word: RelationGroup["word"]): string =>
    groups
      .filter((group) => group.word === word)
      .flatMap(phrasesOf)
      .join(" and ");
  const [upstream, downstream] = [side("Upstream"), side("Downstream")];
  return (
    <>
      {node.role && (
        <>
          {node.name} is <b className="font-semibold">{ROLE_WORDS[node.role].replace("no neighbours", "alone")}</b>.{" "}
        </>
      )}
      {upstream && (
        <>
          <b className="font-semibold">Upstream</b> of it: {upstream}.{" "}
        </>
      )}
      {downstream && (
        <>
          <b className="font-semibold">Downstream</b> of it: {downstream}.{" "}
        </>
      )}
      {node.kind === "gateway" && gatewayText(perspective)}
    </>
  );
}

// A directory under the names that headwater.yaml declares. Nothing stored is rewritten: an id of the directory that means a
// node already known is answered by the first id that was given out for it, so an edit counts for all history at once and can
// be taken back. Environments stay apart.
import { canonicalId, type DeclaredNames } from "../domain/declared-names";
import type { Directory } from "../domain/directory";
import type { NodeIdentity } from "../domain/node";
import { nodeOfId } from "../domain/node-of-id";

export class NamedNodes {
  /** By id of the directory: the id that stands for its node, and, at that one, who the node is. */
  private readonly firsts: number[] = [0];
  private readonly identities: (NodeIdentity | undefined)[] = [undefined];
  private readonly firstOf = new Map<string, number>();
  private readonly canonicals: ReadonlySet<string>;

  constructor(
    private readonly directory: Pick<Directory, "node" | "nodeCount" | "operation">,
    private readonly names: DeclaredNames,
  ) {
    this.canonicals = new Set([...names.aliases.values()].map(({ canonical }) => canonical));
  }

  node(id: number): NodeIdentity {
    return this.identities[this.first(id)]!;
  }

  operation(id: number): string {
    return this.directory.operation(id);
  }

  /** The id that stands for the node of an id; 0, which is no node, stays 0. */
  first(id: number): number {
    for (let next = this.firsts.length; next < this.directory.nodeCount; next++) this.firsts.push(this.take(next));
    return this.firsts[id]!;
  }

  /** Takes in a node of the directory. @returns the id that stands for it. */
  private take(id: number): number {
    const seen = this.directory.node(id);
    const canonical = canonicalId(this.names, seen.id);
    const isAlias = canonical !== seen.id;
    const first = this.canonicals.has(canonical) ? this.firstIn(`${seen.environment}\0${canonical}`, id) : id;
    const known = this.identities[first];
    const identity = isAlias ? (known ?? nodeOfId(canonical, seen.environment)) : seen;
    const aliases = new Set([...(known?.aliases ?? []), ...(isAlias ? [seen.id] : [])]);
    this.identities[first] = {
      ...identity,
      system: identity.system || seen.system || (known?.system ?? ""),
      ...(this.names.gateways.has(canonical) && { kind: "gateway" }),
      ...(aliases.size > 0 && { aliases: [...aliases].sort() }),
    };
    return first;
  }

  private firstIn(group: string, id: number): number {
    const first = this.firstOf.get(group) ?? id;
    this.firstOf.set(group, first);
    return first;
  }
}

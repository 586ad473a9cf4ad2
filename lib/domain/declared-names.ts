// What the team says of names in headwater.yaml: which of them mean the same node, and which services are gateways.

/** A name that means another one. */
export interface Alias {
  /** The node id that it is counted as; no alias itself. */
  readonly canonical: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

export interface DeclaredNames {
  /** By node id. */
  readonly aliases: ReadonlyMap<string, Alias>;
  /** Lines of the file, from 1, by node id of the service. */
  readonly gateways: ReadonlyMap<string, number>;
}

export const NO_NAMES: DeclaredNames = { aliases: new Map(), gateways: new Map() };

/** The node id that an id means: itself, or what it is an alias of. */
export const canonicalId = ({ aliases }: DeclaredNames, id: string): string => aliases.get(id)?.canonical ?? id;

export const namesNothing = ({ aliases, gateways }: DeclaredNames): boolean => aliases.size + gateways.size === 0;

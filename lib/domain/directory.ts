// Names and their small integers: nodes, operations and resources. Columns hold the integers, so the directory is needed to
// read them again; what is new in it is stored in the same transaction as the spans that use it.
import { ByteDictionary, OVERFLOW_ID, viewOf } from "./byte-dictionary";
import { type NodeIdentity, OTHER, serviceNode } from "./node";

/** What a resource tells about the service that it describes. */
export interface ResourceFacts {
  /** Node id of the service. */
  readonly service: number;
  readonly environment: string;
  /** `telemetry.sdk.language`, `.name`, `.version`, joined with a space; "" when the sender did not say. */
  readonly sdk: string;
  /** `service.version`. */
  readonly version: string;
  /** The encoded Resource message, kept so that spans can be shown whole. */
  readonly bytes: Uint8Array;
}

export interface DirectoryLimits {
  readonly nodes: number;
  readonly operations: number;
}

export const DIRECTORY_LIMITS: DirectoryLimits = { nodes: 20_000, operations: 200_000 };

export interface DirectoryEntries {
  readonly nodes: { readonly id: number; readonly node: NodeIdentity }[];
  /** As bytes, because a name need not be valid UTF-8 and must find its id again. */
  readonly operations: { readonly id: number; readonly name: Uint8Array }[];
  readonly resources: { readonly id: number; readonly facts: ResourceFacts }[];
}

const decoder = new TextDecoder();

export class Directory {
  private readonly nodes: (NodeIdentity | undefined)[] = [undefined];
  private readonly nodeIds = new Map<string, number>();
  private readonly operationBytes: ByteDictionary;
  private readonly operationNames: string[] = [OTHER];
  private readonly resourceBytes = new ByteDictionary();
  private readonly resources: (ResourceFacts | undefined)[] = [undefined];
  private drained = { nodes: 1, operations: 1, resources: 1 };
  /** Names that went into `__other__`. */
  overflowed = 0;

  constructor(private readonly limits: DirectoryLimits = DIRECTORY_LIMITS) {
    this.operationBytes = new ByteDictionary(limits.operations);
  }

  /** The id of a node; the same identity always gets the same id, above the limit the environment's `__other__`. */
  internNode(node: NodeIdentity): number {
    const key = nodeKey(node);
    const known = this.nodeIds.get(key);
    if (known !== undefined) return known;
    const other = serviceNode(OTHER, "", node.environment);
    if (this.nodes.length > this.limits.nodes && key !== nodeKey(other)) {
      this.overflowed++;
      return this.internNode(other);
    }
    const id = this.nodes.length;
    this.nodes.push(node);
    this.nodeIds.set(key, id);
    return id;
  }

  node(id: number): NodeIdentity {
    const node = this.nodes[id];
    if (!node) throw new RangeError(`no node ${id}`);
    return node;
  }

  /** Ids run from 1 to this, exclusive. */
  get nodeCount(): number {
    return this.nodes.length;
  }

  internOperation(bytes: DataView, start: number, end: number): number {
    const id = this.operationBytes.intern(bytes, start, end);
    if (id === this.operationNames.length) this.operationNames.push(decoder.decode(range(bytes, start, end)));
    else if (id === OVERFLOW_ID) this.overflowed++;
    return id;
  }

  /** Ids run from 1 to this, exclusive. */
  get operationCount(): number {
    return this.operationNames.length;
  }

  operation(id: number): string {
    return this.operationNames[id] ?? OTHER;
  }

  /** The id of an encoded Resource message; `read` is asked for its facts when it is new. */
  internResource(bytes: DataView, start: number, end: number, read: (bytes: Uint8Array) => ResourceFacts): number {
    const id = this.resourceBytes.intern(bytes, start, end);
    if (id < this.resources.length) return id;
    try {
      this.resources.push(read(range(bytes, start, end).slice()));
    } catch (error) {
      this.resourceBytes.forgetNewest();
      throw error;
    }
    return id;
  }

  /** Ids run from 1 to this, exclusive. */
  get resourceCount(): number {
    return this.resources.length;
  }

  resource(id: number): ResourceFacts {
    const facts = this.resources[id];
    if (!facts) throw new RangeError(`no resource ${id}`);
    return facts;
  }

  /** What was added since the last call. */
  drain(): DirectoryEntries {
    const { nodes, operations, resources } = this.drained;
    const entries: DirectoryEntries = {
      nodes: this.nodes.slice(nodes).map((node, i) => ({ id: nodes + i, node: node! })),
      operations: this.operationNames.slice(operations).map((_, i) => ({
        id: operations + i,
        name: this.operationBytes.bytes(operations + i).slice(),
      })),
      resources: this.resources.slice(resources).map((facts, i) => ({ id: resources + i, facts: facts! })),
    };
    this.drained = {
      nodes: this.nodes.length,
      operations: this.operationNames.length,
      resources: this.resources.length,
    };
    return entries;
  }

  /** Rebuilds a directory from stored entries, which must be complete and in the order of their ids. */
  static restore(entries: DirectoryEntries, limits = DIRECTORY_LIMITS): Directory {
    const directory = new Directory({
      nodes: Math.max(limits.nodes, entries.nodes.length),
      operations: Math.max(limits.operations, entries.operations.length),
    });
    for (const { id, node } of entries.nodes) expectId(directory.internNode(node), id, node.id);
    for (const { id, name } of entries.operations) {
      expectId(directory.internOperation(viewOf(name), 0, name.length), id, "operation");
    }
    for (const { id, facts } of entries.resources) {
      expectId(
        directory.internResource(viewOf(facts.bytes), 0, facts.bytes.length, () => facts),
        id,
        "resource",
      );
    }
    directory.drain();
    directory.overflowed = 0;
    return directory;
  }
}

const range = (bytes: DataView, start: number, end: number): Uint8Array =>
  new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset + start, end - start);

const nodeKey = (node: NodeIdentity): string => `${node.kind}\0${node.id}\0${node.environment}`;

function expectId(got: number, stored: number, what: string): void {
  if (got !== stored)
    throw new RangeError(`stored directory is not complete: ${what} has id ${stored}, expected ${got}`);
}

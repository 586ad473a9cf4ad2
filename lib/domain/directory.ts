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
  readonly environments: number;
  readonly operations: number;
  readonly resources: number;
  /** Of all operations together, and of all resources. */
  readonly bytes: number;
}

export const DIRECTORY_LIMITS: DirectoryLimits = {
  nodes: 20_000,
  environments: 1_000,
  operations: 200_000,
  resources: 200_000,
  bytes: 64 << 20,
};

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
  private readonly resourceBytes: ByteDictionary;
  private readonly resources: (ResourceFacts | undefined)[] = [undefined];
  private drained = { nodes: 1, operations: 1, resources: 1 };
  private readonly environments = new Set<string>([OTHER]);
  /** Nodes that stand for more than one name. */
  private readonly others = new Set<number>();
  /** Names that went into `__other__`. */
  overflowed = 0;

  constructor(private readonly limits: DirectoryLimits = DIRECTORY_LIMITS) {
    this.operationBytes = new ByteDictionary(limits.operations, limits.bytes);
    this.resourceBytes = new ByteDictionary(limits.resources, limits.bytes);
  }

  /** The id of a node; the same identity always gets the same id, above the limit the environment's `__other__`. */
  internNode(node: NodeIdentity): number {
    const key = nodeKey(node);
    const known = this.nodeIds.get(key);
    if (known !== undefined) return known;
    if (this.environments.size > this.limits.environments && !this.environments.has(node.environment)) {
      this.overflowed++;
      return this.other(OTHER);
    }
    if (this.nodes.length <= this.limits.nodes) return this.addNode(key, node);
    this.overflowed++;
    return this.other(node.environment);
  }

  private other(environment: string): number {
    const node = serviceNode(OTHER, "", environment);
    const key = nodeKey(node);
    const id = this.nodeIds.get(key) ?? this.addNode(key, node);
    this.others.add(id);
    return id;
  }

  private addNode(key: string, node: NodeIdentity): number {
    const id = this.nodes.length;
    this.nodes.push(node);
    this.nodeIds.set(key, id);
    this.environments.add(node.environment);
    return id;
  }

  /** Whether a node stands for names beyond the limit. */
  isOther(id: number): boolean {
    return this.others.size > 0 && this.others.has(id);
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

  /** @param beyond the limits too. */
  internOperation(bytes: DataView, start: number, end: number, beyond = false): number {
    const id = this.operationBytes.intern(bytes, start, end, beyond);
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

  /**
   * The id of an encoded Resource message; `read` is asked for its facts when it is new.
   * @param beyond the limits too.
   * @returns OVERFLOW_ID for a new one beyond them.
   */
  internResource(
    bytes: DataView,
    start: number,
    end: number,
    read: (bytes: Uint8Array) => ResourceFacts,
    beyond = false,
  ): number {
    const id = this.resourceBytes.intern(bytes, start, end, beyond);
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
    // What is stored is kept, whatever the limits are by now.
    const directory = new Directory(limits);
    for (const { id, node } of entries.nodes) {
      const key = nodeKey(node);
      expectId(directory.nodeIds.get(key) ?? directory.addNode(key, node), id, node.id);
    }
    for (const { id, name } of entries.operations) {
      expectId(directory.internOperation(viewOf(name), 0, name.length, true), id, "operation");
    }
    for (const { id, facts } of entries.resources) {
      expectId(
        directory.internResource(viewOf(facts.bytes), 0, facts.bytes.length, () => facts, true),
        id,
        "resource",
      );
    }
    directory.drain();
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

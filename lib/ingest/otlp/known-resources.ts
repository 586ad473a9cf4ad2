// Which resource sent a span: a number for each that is told apart, and what it says of its service.
import { OVERFLOW_ID, viewOf } from "../../domain/byte-dictionary";
import { cutName } from "../../domain/cut-name";
import type { Directory, ResourceFacts } from "../../domain/directory";
import type { Issues } from "../../domain/issue";
import { serviceNode, UNKNOWN_SERVICE } from "../../domain/node";
import { textAttribute } from "../../domain/span";
import { encodeResource } from "./encode";
import { isResourceText, readResource } from "./read-span";

export class KnownResources {
  /** Those with names that are not UTF-8. */
  private readonly bad = new Set<number>();
  /** By service: what stands for its resources beyond the limit. */
  private readonly plain = new Map<number, number>();

  constructor(private readonly directory: Directory) {}

  /** The id of the Resource message in [start, end). @throws DomainError unreadable for a malformed one. */
  intern(bytes: DataView, start: number, end: number): number {
    const { directory } = this;
    const known = directory.resourceCount;
    const id = directory.internResource(bytes, start, end, this.read);
    if (id === OVERFLOW_ID) return this.internPlain(bytes, start, end);
    if (id === known && !isResourceText(directory.resource(id).bytes)) this.bad.add(id);
    return id;
  }

  /** Counts what is imperfect about a resource of so many spans. */
  report(resource: number, spans: number, issues: Issues): void {
    const { service } = this.directory.resource(resource);
    const { id, name } = this.directory.node(service);
    if (name === UNKNOWN_SERVICE) issues.add("no_service_name", `a resource of ${spans} spans`, spans);
    if (this.bad.has(resource)) issues.add("invalid_utf8", `the resource of ${name}`, spans);
    if (this.directory.isOther(service)) issues.add("too_many_names", `the service of ${spans} spans`, spans);
    if (this.plain.get(service) === resource) issues.add("too_many_resources", `a resource of ${id}`, spans);
  }

  /** The one resource of its service that stands for all beyond the limit: it says nothing but the service's name. */
  private internPlain(bytes: DataView, start: number, end: number): number {
    const own = new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset + start, end - start);
    const { service } = this.read(own);
    const known = this.plain.get(service);
    if (known !== undefined) return known;
    const { id: name, environment } = this.directory.node(service);
    const plain = encodeResource({
      attributes: [
        ["service.name", name],
        ["deployment.environment.name", environment],
      ],
    });
    const facts = { service, environment, sdk: "", version: "", bytes: plain };
    const id = this.directory.internResource(viewOf(plain), 0, plain.length, () => facts, true);
    this.plain.set(service, id);
    return id;
  }

  private readonly read = (bytes: Uint8Array): ResourceFacts => {
    const { attributes } = readResource(bytes);
    const a = (key: string): string => cutName(textAttribute(attributes, key) ?? "");
    const asSent = a("deployment.environment.name") || a("deployment.environment");
    const runtime = a("telemetry.sdk.language") || a("process.runtime.name");
    const service = this.directory.internNode(
      serviceNode(a("service.name") || UNKNOWN_SERVICE, a("service.namespace"), asSent, runtime),
    );
    const { environment } = this.directory.node(service);
    return {
      service,
      environment,
      sdk: [a("telemetry.sdk.language"), a("telemetry.sdk.name"), a("telemetry.sdk.version")].filter(Boolean).join(" "),
      version: a("service.version"),
      bytes,
    };
  };
}

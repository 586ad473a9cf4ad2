// What to set so that a service sends here; only what works now. Shared by the first run and the sources screen.
import type { Sources } from "@/lib/contract/sources";

export interface Recipe {
  readonly id: string;
  readonly label: string;
  readonly blocks: readonly { readonly label: string; readonly code: string }[];
}

/** An ellipsis until they are known: a usual one would be taken for this server's. */
const addressOf = (sources: Sources | undefined, name: RegExp): string =>
  sources?.doors.find((door) => name.test(door.name))?.address ?? "…";

export const httpAddress = (sources: Sources | undefined): string => addressOf(sources, /http/i);
export const grpcAddress = (sources: Sources | undefined): string => addressOf(sources, /grpc/i);

/** Commands with this server's addresses, and the token's place where one is needed. */
export function recipesOf(sources: Sources): Recipe[] {
  const http = httpAddress(sources).replace(/\/v1\/traces$/, "");
  const grpc = grpcAddress(sources);
  const { token } = sources;
  return [
    {
      id: "environment",
      label: "Environment",
      blocks: [
        {
          label: "Environment variables",
          code: [
            "# in the environment of any OpenTelemetry service",
            `export OTEL_EXPORTER_OTLP_ENDPOINT=${http}`,
            "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "export OTEL_SERVICE_NAME=checkout",
            ...(token ? ['export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer YOUR_TOKEN"'] : []),
          ].join("\n"),
        },
        {
          label: "Post one file",
          code: [
            "# or post one file by hand",
            `curl ${http}/v1/traces \\`,
            ...(token ? ["  -H 'authorization: Bearer YOUR_TOKEN' \\"] : []),
            "  -H content-type:application/json -d @trace.json",
          ].join("\n"),
        },
      ],
    },
    {
      id: "collector",
      label: "Collector",
      blocks: [
        {
          label: "Collector configuration",
          code: [
            "# in the Collector's configuration",
            "exporters:",
            "  otlp/headwater:",
            `    endpoint: ${grpc.replace(/^https?:\/\//, "")}`,
            "    tls: { insecure: true }",
            ...(token ? ['    headers: { authorization: "Bearer YOUR_TOKEN" }'] : []),
            "service:",
            "  pipelines:",
            "    traces:",
            "      exporters: [otlp/headwater]",
          ].join("\n"),
        },
      ],
    },
  ];
}

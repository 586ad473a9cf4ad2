// The floors of the house: imports go down, siblings do not know each other. docs/architecture.md draws them.
// Every rule is one sentence; test/repo/floors.test.ts proves that the rules bite and that modules are really read.

/** @type {(name: string, comment: string, from: string, to: string, extra?: { from?: object, to?: object }) => { name: string }} */
const never = (name, comment, from, to, extra = {}) => ({
  name,
  comment,
  severity: "error",
  from: { path: from, ...extra.from },
  to: { path: to, ...extra.to },
});

const CORE =
  "^lib/(domain|graph|contract|ingest|derive|reliability|walk|overlays|decisions|export|simulate|headwater-yaml)/";
const FLOOR_1 = "ingest|derive|reliability|walk|overlays|decisions|export|simulate";

export default {
  forbidden: [
    never("no-cycles", "Modules do not import each other in a circle.", ".*", ".*", { to: { circular: true } }),
    never(
      "floor-0-stands-alone",
      "domain, graph and contract import nothing of the house but each other.",
      "^lib/(domain|graph|contract)/",
      "^(app|bin|components|lib/(?!domain|graph|contract))",
    ),
    never(
      "domain-imports-nothing",
      "domain holds words, units and errors and imports no other room.",
      "^lib/domain/",
      "^lib/(?!domain/)",
    ),
    {
      name: "siblings-apart",
      comment: "Rooms of floor 1 do not import each other.",
      severity: "error",
      from: { path: `^lib/(${FLOOR_1})/` },
      to: { path: `^lib/(${FLOOR_1})/`, pathNot: "^lib/$1/" },
    },
    never(
      "floor-1-looks-down",
      "Floor 1 imports only floor 0.",
      `^lib/(${FLOOR_1})/`,
      "^(app|bin|components|lib/(engine|store|headwater-yaml|client|services|server))/",
    ),
    never(
      "floor-2-looks-down",
      "engine, store and headwater-yaml import nothing above them.",
      "^lib/(engine|store|headwater-yaml)/",
      "^(app|bin|components|lib/(client|services|server))/",
    ),
    never(
      "floor-3-looks-down",
      "client and services import nothing above them.",
      "^lib/(client|services)/",
      "^(app|bin|components|lib/server)/",
    ),
    never(
      "client-is-for-the-browser",
      "lib/client knows the contract and the words, never engine, store or services.",
      "^lib/client/",
      "^lib/(engine|store|headwater-yaml|services|ingest|derive|simulate)/",
    ),
    never(
      "components-see-little",
      "Components import client, contract, overlays, graph, export and domain, nothing of the server.",
      "^components/",
      "^lib/(?!client|contract|overlays|graph|domain|export)",
    ),
    never("server-below-app", "lib/server imports nothing of app or components.", "^lib/server/", "^(app|components)/"),
    never(
      "core-without-frameworks",
      "Floors 0 and 1 and headwater-yaml import no React, Next or store: they run in a test, a worker, a browser and a script alike.",
      CORE,
      "node_modules/(react|react-dom|next|@duckdb|@tanstack)/",
    ),
    {
      name: "core-without-node",
      comment: "Floors 0 and 1 and headwater-yaml import no Node built-in, for the same reason.",
      severity: "error",
      from: { path: CORE },
      to: { dependencyTypes: ["core"] },
    },
    never(
      "drivers-by-worker-only",
      "Store drivers are imported by entries of threads (and tests) only: exactly one thread may own the file.",
      "^(app|bin|components|instrumentation|lib/(?!store/drivers/|engine/(worker|check-store)\\.ts))",
      "^lib/store/drivers/",
    ),
    never(
      "simulate-is-no-product",
      "lib/simulate is for tests, bench, the command line and the demo.",
      "^(app|components|lib/(?!simulate/|services/demo))",
      "^lib/simulate/",
    ),
    never(
      "contract-from-zod",
      "Only contract, server configuration and the CLI's output shapes may depend on Zod.",
      "^lib/(?!contract/|server/|client/|export/)",
      "node_modules/zod/",
    ),
    {
      name: "no-unknown-packages",
      comment: "Whatever is imported is named in package.json.",
      severity: "error",
      from: { path: "^(app|bin|components|lib|instrumentation|proxy)" },
      // An import by "@/" is of no type that is known here, though it is resolved.
      to: {
        dependencyTypes: ["unknown", "undetermined", "npm-no-pkg", "npm-unknown"],
        pathNot: "^((app|bin|components|lib)/.*\\.|package\\.json$)",
      },
    },
    {
      name: "no-orphan-modules",
      comment: "A module that nobody imports is an entry or it is dead.",
      severity: "error",
      from: {
        orphan: true,
        pathNot:
          "(^app/.*(page|layout|route|error|loading|not-found|global-error)\\.tsx?$|\\.d\\.ts$|^(proxy|instrumentation)\\.ts$)",
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.\\./)*dist/" }, // bundles of these very sources, there or not
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".css"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};

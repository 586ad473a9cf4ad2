import type { NextConfig } from "next";
import { buildFolder } from "./scripts/build-folder.mjs";

/** Where a proxy mounts the server, such as `/headwater`; it is written into every link of the build. */
const basePath = process.env.HEADWATER_BASE_PATH ?? "";

const config: NextConfig = {
  basePath,
  distDir: buildFolder(basePath),
  env: { HEADWATER_BASE_PATH: basePath },
  typedRoutes: true,
  reactCompiler: true,
  typescript: {
    ignoreBuildErrors: true, // `npm run typecheck` does it, tests included, once
    tsconfigPath: basePath ? "tsconfig.build.json" : "tsconfig.json", // one that extends another is not written to
  },
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  turbopack: { root: import.meta.dirname },
  serverExternalPackages: ["@duckdb/node-api", "@duckdb/node-bindings"],
  images: { unoptimized: true },
};

export default config;

import type { NextConfig } from "next";

const config: NextConfig = {
  typedRoutes: true,
  reactCompiler: true,
  typescript: { ignoreBuildErrors: true }, // `npm run typecheck` does it, tests included, once
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  turbopack: { root: import.meta.dirname },
  serverExternalPackages: ["@duckdb/node-api", "@duckdb/node-bindings"],
  images: { unoptimized: true },
};

export default config;

import type { NextConfig } from "next";

const config: NextConfig = {
  typedRoutes: true,
  reactCompiler: true,
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  turbopack: { root: import.meta.dirname },
  serverExternalPackages: ["@duckdb/node-api", "@duckdb/node-bindings"],
  images: { unoptimized: true },
};

export default config;

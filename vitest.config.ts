import { fileURLToPath } from "node:url";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const alias = { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") };

/** Real third-party programs, built on first use: only on demand, by `vitest run --project peers`. */
const peers: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: "peers",
    include: ["test/peers/**/*.test.ts"],
    pool: "forks",
    fileParallelism: false,
    globalSetup: ["test/helpers/server-setup.ts"],
    testTimeout: 120_000,
    hookTimeout: 900_000,
  },
};
const wantsPeers = process.argv.some((argument) => /^(--project=)?peers$/.test(argument));

export default defineConfig({
  resolve: { alias },
  test: {
    reporters: ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: ["test/lib/**/*.test.ts", "test/components/**/*.test.ts", "test/repo/**/*.test.ts"],
          pool: "threads",
          isolate: false,
          testTimeout: 30_000, // a busy machine is no failure
        },
      },
      {
        extends: true,
        test: {
          name: "node",
          include: ["test/node/**/*.test.ts"],
          pool: "forks",
          globalSetup: ["test/helpers/bundle-setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "server",
          include: ["test/server/**/*.test.ts"],
          pool: "forks",
          fileParallelism: false,
          maxWorkers: 1,
          globalSetup: ["test/helpers/server-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      ...(wantsPeers ? [peers] : []),
    ],
  },
});

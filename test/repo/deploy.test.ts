// What docs/deploy.md hands out: read, not run. Whether an image really builds is for a machine with a container engine.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "@/lib/server/config";

const read = (path: string): string => readFileSync(path, "utf8");

interface Stage {
  readonly from: string;
  readonly lines: readonly { readonly word: string; readonly rest: string }[];
}

/** The stages of a Containerfile; continued lines are one. */
function stagesOf(text: string): Stage[] {
  const stages: { from: string; lines: { word: string; rest: string }[] }[] = [];
  for (const line of text
    .replaceAll(/^\s*#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")) {
    const [word = "", ...rest] = line.trim().split(/ +/);
    if (word === "") continue;
    if (word === "FROM") stages.push({ from: rest.join(" "), lines: [] });
    else stages.at(-1)!.lines.push({ word, rest: rest.join(" ") });
  }
  return stages;
}

const all = ({ lines }: Stage, word: string): string[] =>
  lines.filter((line) => line.word === word).map(({ rest }) => rest);

/** What is wrong with a Containerfile, one line each. */
function faultsOf(text: string): string[] {
  const faults: string[] = [];
  const [build, run, ...more] = stagesOf(text);
  if (!build || !run || more.length > 0) return ["there are not two stages"];
  if (!/ AS build$/.test(build.from)) faults.push("the first stage has no name");
  for (const { from } of [build, run])
    if (!/^node:(20|22)-bookworm-slim\b/.test(from)) faults.push(`${from} is another base`);
  for (const copy of all(build, "COPY")) {
    for (const source of copy.split(" ").slice(0, -1))
      if (source === "." || !existsSync(source)) faults.push(`COPY ${source}: not there, or everything`);
  }
  if (all(run, "COPY").some((copy) => !copy.startsWith("--from=build /app/")))
    faults.push("the second stage takes from elsewhere than the first");
  if (/node_modules/.test(all(run, "COPY").join()) && !/npm prune --omit=dev/.test(all(build, "RUN").join()))
    faults.push("development dependencies are in the image");
  const users = run.lines.findIndex(({ word, rest }) => word === "USER" && rest !== "root");
  const command = run.lines.findIndex(({ word }) => word === "CMD");
  if (users < 0 || users > command) faults.push("it runs as root");
  if (all(run, "EXPOSE").join(" ") !== "3000 4317 4318") faults.push("other ports are exposed");
  if (!all(run, "VOLUME").includes("/data") || !/HEADWATER_DATA_DIR=\/data\b/.test(all(run, "ENV").join()))
    faults.push("the data is not on the volume");
  if (all(run, "HEALTHCHECK").length !== 1) faults.push("there is no health check");
  if (/TOKEN|SECRET|PASSWORD/i.test(text)) faults.push("it names a secret");
  return faults;
}

describe("the Containerfile", () => {
  const text = read("Containerfile");

  it("has two stages, no root, no secrets, and copies what exists", () => {
    expect(faultsOf(text)).toEqual([]);
  });

  it("has a check that notices a broken one", () => {
    const broken = text
      .replace("USER node\n", "")
      .replace("COPY bin ./bin", "COPY binary ./bin")
      .replace("npm prune --omit=dev", "true")
      .replace("    PORT=3000", "    HEADWATER_TOKEN=0123456789abcdef PORT=3000");
    expect(faultsOf(broken)).toEqual([
      "COPY binary: not there, or everything",
      "development dependencies are in the image",
      "it runs as root",
      "it names a secret",
    ]);
  });

  it("lets to the builder what it copies, and no more", () => {
    const [build] = stagesOf(text);
    const copied = all(build!, "COPY").flatMap((copy) => copy.split(" ").slice(0, -1));
    const [first, ...let_] = read(".containerignore")
      .split("\n")
      .filter((line) => line && !line.startsWith("#"));
    expect(first).toBe("*");
    expect(let_.map((line) => line.slice(1)).sort()).toEqual([...copied].sort());
  });

  it("starts only with a token, because it listens beyond its machine", () => {
    const env = Object.fromEntries(
      all(stagesOf(text)[1]!, "ENV")
        .join(" ")
        .replaceAll(/\$\w+/g, "") // arguments of the build, which are empty by default
        .split(/ +/)
        .map((pair) => pair.split("=") as [string, string]),
    );
    expect(() => loadConfig(env, "/nowhere")).toThrow("set HEADWATER_TOKEN");
    const config = loadConfig({ ...env, HEADWATER_TOKEN: "0123456789abcdef" }, "/nowhere");
    expect(config).toMatchObject({ host: "0.0.0.0", port: 3000, otlpPort: 4318, otlpGrpcPort: 4317, dataDir: "/data" });
  });
});

describe("docs/deploy", () => {
  it("has a compose file that keeps the data, asks for the token, and is open to its own machine only", () => {
    const compose = parse(read("docs/deploy/compose.yaml")) as {
      services: Record<
        string,
        { build: { dockerfile: string }; environment: object; ports: string[]; volumes: string[] }
      >;
      volumes: object;
    };
    const { headwater } = compose.services;
    expect(existsSync(headwater!.build.dockerfile)).toBe(true);
    expect(headwater!.environment).toEqual({ HEADWATER_TOKEN: expect.stringMatching(/^\$\{HEADWATER_TOKEN:\?.+\}$/) });
    expect(headwater!.ports).toEqual(["3000", "4317", "4318"].map((port) => `127.0.0.1:${port}:${port}`));
    expect(headwater!.volumes).toEqual(["headwater-data:/data"]);
    expect(Object.keys(compose.volumes)).toEqual(["headwater-data"]);
  });

  it("has a systemd unit with a user of its own, a folder that systemd makes, and no secrets", () => {
    const sections = new Map<string, Map<string, string>>();
    for (const line of read("docs/deploy/headwater.service").split("\n")) {
      const section = /^\[(\w+)\]$/.exec(line)?.[1];
      const [key, ...value] = line.split("=");
      if (section) sections.set(section, new Map());
      else if (line !== "" && !line.startsWith("#")) [...sections.values()].at(-1)!.set(key!, value.join("="));
    }
    expect([...sections.keys()]).toEqual(["Unit", "Service", "Install"]);
    const service = sections.get("Service")!;
    expect(service.get("User")).toBe("headwater");
    const [, script] = /^\/usr\/bin\/node (\S+)$/.exec(service.get("ExecStart")!)!;
    expect(existsSync(script!)).toBe(true);
    expect(service.get("Environment")).toBe(`HEADWATER_DATA_DIR=/var/lib/${service.get("StateDirectory")}`);
    expect(service.get("EnvironmentFile")).toBeDefined();
    expect([...service.keys()].join()).not.toMatch(/token/i);
    // The server ends by itself within nine seconds of SIGTERM.
    expect(Number(service.get("TimeoutStopSec"))).toBeGreaterThan(9);
    expect(sections.get("Install")!.get("WantedBy")).toBe("multi-user.target");
  });
});

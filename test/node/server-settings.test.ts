// The settings that the page shows, against the table of the documentation and against what the server was started with.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ServerSettings } from "@/lib/contract/settings";
import { loadConfig } from "@/lib/server/config";
import { HeadwaterFile } from "@/lib/server/headwater-file";
import type { House } from "@/lib/server/house";
import { serverSettings } from "@/lib/server/server-settings";

const TOKEN = "never-to-be-seen-0123456789";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "headwater-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const answer = async (env: Record<string, string>, config = loadConfig(env, folder)): Promise<ServerSettings> => {
  const file = new HeadwaterFile(config.file);
  const house = {
    config,
    engine: { status: async () => ({ storeBytes: 4096 }) },
    declared: () => file.current(),
    ports: { otlpHttp: 4318, otlpGrpc: 4317 },
    startedMs: 0,
  } as unknown as House;
  return ServerSettings.parse(await serverSettings(house, "1.2.3", env, folder));
};
const setting = ({ settings }: ServerSettings, name: string) => settings.find((one) => one.name === name)!;

describe("the settings that are shown", () => {
  it("are those of the documentation, with their defaults", async () => {
    const rows = [
      ...readFileSync("docs/configuration.md", "utf8").matchAll(/^\| `(\w+)` \| `(\w+)`[^|]*\| ([^|]+) \|/gm),
    ];
    const documented = rows.map(([, variable, name, standard]) => [
      variable,
      name,
      standard!.trim() === "none" ? null : standard!.trim().replaceAll("`", ""),
    ]);
    const { settings } = await answer({});
    const shown = settings.map(({ variable, name, byDefault, value, from }) => {
      expect([value, from]).toEqual([byDefault, "default"]);
      return [variable, name, name === "dataDir" ? byDefault!.replace(`${folder}/`, "") : byDefault];
    });
    expect(documented.length).toBe(22);
    expect(new Set(shown.map(String))).toEqual(new Set(documented.map(String)));
  });

  it("say what set them: a variable wins over the file", async () => {
    writeFileSync(
      join(folder, "headwater.yaml"),
      "perspective: request-flow\nserver: { retainSpans: 90m, retainMinutes: 30d, corsOrigins: [https://a.example, https://b.example] }\n",
    );
    const shown = await answer({ HEADWATER_RETAIN_MINUTES: "48h", HEADWATER_MAX_BODY_MIB: "1.5", PORT: "" });
    const of = (name: string) => [setting(shown, name).value, setting(shown, name).from];
    expect(of("retainSpans")).toEqual(["90m", "file"]);
    expect(of("retainMinutes")).toEqual(["2d", "variable"]);
    expect(of("corsOrigins")).toEqual(["https://a.example,https://b.example", "file"]);
    expect(of("perspective")).toEqual(["request-flow", "file"]);
    expect(of("maxBodyMib")).toEqual(["1.5", "variable"]);
    expect(of("port")).toEqual(["3000", "default"]);
    expect(shown).toMatchObject({ perspective: "request-flow", data: { bytes: 4096 }, version: "1.2.3", token: false });
  });

  it("never hold the token, changed or not", async () => {
    const shown = await answer({ HEADWATER_TOKEN: `${TOKEN}-new` }, loadConfig({ HEADWATER_TOKEN: TOKEN }, folder));
    expect(JSON.stringify(shown)).not.toContain(TOKEN);
    expect(shown.token).toBe(true);
    expect(setting(shown, "token")).toMatchObject({ value: null, secret: true, from: "variable", pending: true });
    const refused = await answer({ HEADWATER_TOKEN: "short" }, loadConfig({}, folder));
    expect(refused.file.nextStart).toContain("HEADWATER_TOKEN=(hidden)");
  });

  it("say what the file would change at the next start", async () => {
    const before = await answer({});
    expect(before.file).toMatchObject({ exists: false, nextStart: null });
    expect(before.settings.some(({ pending }) => pending)).toBe(false);
    const config = loadConfig({}, folder);
    const file = join(folder, "headwater.yaml");
    writeFileSync(file, "server: { memorySpans: 20000 }\n");
    const after = await answer({}, config);
    expect(after.settings.filter(({ pending }) => pending).map(({ name }) => name)).toEqual(["memorySpans"]);
    expect(setting(after, "memorySpans")).toMatchObject({ value: "600000", from: "default" });
    writeFileSync(file, "server: { memorySpans: 1 }\n");
    const broken = await answer({}, config);
    expect(broken.file.nextStart).toBe(`${file}: server.memorySpans=1 must be at least 10000.`);
    expect(broken.settings.some(({ pending }) => pending)).toBe(false);
  });
});

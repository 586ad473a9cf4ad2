// What the server runs with, for people: read-only, without secrets, with what an edit of the file would change.
import { existsSync } from "node:fs";
import type { ServerSettings, Setting } from "../contract/settings";
import { addressesOf, pagesAddress } from "./addresses";
import {
  type Config,
  defaultConfig,
  loadConfig,
  type SettingName,
  StartError,
  unknownVariables,
  VARIABLES,
} from "./config";
import type { House } from "./house";
import { SETTINGS_TABLE } from "./settings-table";

type Environment = Readonly<Record<string, string | undefined>>;

/** @param folder and @param env what the server was started with. */
export async function serverSettings(
  house: House,
  version: string,
  env: Environment,
  folder: string,
): Promise<ServerSettings> {
  const { config, engine, startedMs } = house;
  const next = nextStart(env, folder);
  const standard = defaultConfig(config, folder);
  const { path, objectives, names, problems } = house.declared();
  return {
    version,
    startedAt: new Date(startedMs).toISOString(),
    addresses: [
      { name: "pages", address: pagesAddress(config) },
      ...Object.entries(addressesOf(house)).map(([name, address]) => ({ name, address })),
    ],
    data: { folder: config.dataDir, bytes: (await engine.status()).storeBytes },
    perspective: config.perspective,
    token: config.token !== undefined,
    file: {
      path,
      exists: existsSync(/* turbopackIgnore: true */ path),
      objectives: objectives.size,
      aliases: names.aliases.size,
      gateways: names.gateways.size,
      problems: [...problems],
      nextStart: next.failure,
    },
    settings: (Object.keys(SETTINGS_TABLE) as SettingName[]).map((name) =>
      settingOf(name, config, standard, next.config),
    ),
    unknownVariables: unknownVariables(env),
  };
}

/** What the next start would read, or why it would fail. */
function nextStart(env: Environment, folder: string): { config: Config | null; failure: string | null } {
  try {
    return { config: loadConfig(env, folder), failure: null };
  } catch (error) {
    if (error instanceof StartError) return { config: null, failure: error.message };
    throw error;
  }
}

function settingOf(name: SettingName, config: Config, standard: Config, next: Config | null): Setting {
  const { meaning, value, secret = false } = SETTINGS_TABLE[name];
  const shown = (of: Config): string | null => (secret ? null : value(of) || null);
  return {
    name,
    variable: VARIABLES[name],
    meaning,
    value: shown(config),
    byDefault: shown(standard),
    from: config.setBy.get(name) ?? "default",
    secret,
    pending: next !== null && value(next) !== value(config),
  };
}

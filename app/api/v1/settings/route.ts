import { json, route } from "@/lib/server/api";
import { serverSettings } from "@/lib/server/server-settings";
import packageJson from "@/package.json";

export const GET = route(async (_request, house) =>
  json(await serverSettings(house, packageJson.version, process.env, process.cwd())),
);

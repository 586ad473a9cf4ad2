import { openApi } from "@/lib/contract/openapi";
import { json, route } from "@/lib/server/api";
import packageJson from "@/package.json";

export const GET = route(async (_request, { config }) => json(openApi(packageJson.version, config.basePath)));

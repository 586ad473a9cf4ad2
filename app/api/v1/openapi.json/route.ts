import { openApi } from "@/lib/contract/openapi";
import { json, route } from "@/lib/server/api";
import packageJson from "@/package.json";

export const GET = route(async () => json(openApi(packageJson.version)));

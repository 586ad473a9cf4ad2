import { json, route } from "@/lib/server/api";
import packageJson from "@/package.json";

/** Whether the server works: 200, or 503 and why not. */
export const GET = route(async (_request, { engine }) => {
  if (engine.failure !== null) {
    return json({ status: "failing", version: packageJson.version, failure: engine.failure, minutesToDerive: 0 }, 503);
  }
  const { minutesToDerive } = await engine.status();
  return json({ status: "ok", version: packageJson.version, failure: null, minutesToDerive });
});

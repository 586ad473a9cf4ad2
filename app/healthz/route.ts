import { json, openRoute, refusal } from "@/lib/server/api";
import packageJson from "@/package.json";

/** Whether the server works: 200, or 503 and, for those who may know, why not. */
export const GET = openRoute(async (request, house) => {
  const { engine } = house;
  const { version } = packageJson;
  if (engine.failure !== null) {
    const failure = refusal(request, house) === null ? engine.failure : "The store failed.";
    return json({ status: "failing", version, failure, minutesToDerive: 0 }, 503);
  }
  const { minutesToDerive } = await engine.status();
  return json({ status: "ok", version, failure: null, minutesToDerive });
});

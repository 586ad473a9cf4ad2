import type { Health } from "@/lib/contract/sources";
import { json, openRoute, refusal } from "@/lib/server/api";
import { healthReasons } from "@/lib/server/health";
import packageJson from "@/package.json";

/** Whether the server works: 200, or 503 and, for those who may know, why not. */
export const GET = openRoute(async (request, house) => {
  const { version } = packageJson;
  const whole = refusal(request, house) === null;
  const reasons = healthReasons(house, whole);
  const notices = whole ? [...house.engine.condition.notices] : [];
  if (reasons.length > 0) {
    const failure = reasons.map(({ text }) => text).join(" ");
    return json({ status: "failing", version, failure, reasons, notices, minutesToDerive: null } satisfies Health, 503);
  }
  const { minutesToDerive } = await house.engine.status();
  return json({ status: "ok", version, failure: null, reasons, notices, minutesToDerive } satisfies Health);
});

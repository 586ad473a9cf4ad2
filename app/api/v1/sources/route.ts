import { addressesOf } from "@/lib/server/addresses";
import { json, route } from "@/lib/server/api";
import { toSources } from "@/lib/services/get-sources";

export const GET = route(async (_request, house) => {
  const { engine, config } = house;
  const retention = {
    spansMs: config.retainSpans,
    spansBytes: config.retainSpansBytes,
    minutesMs: config.retainMinutes,
    hoursMs: config.retainHours,
  };
  const { token } = config;
  const canary = house.canary?.state ?? null;
  return json(toSources(await engine.status(), addressesOf(house), retention, token !== undefined, canary));
});

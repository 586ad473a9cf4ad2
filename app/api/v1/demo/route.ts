import { DemoRequest } from "@/lib/contract/demo";
import { json, route } from "@/lib/server/api";
import { demoOf } from "@/lib/server/demo-house";
import { readJson } from "@/lib/server/read-json";

export const GET = route(async (_request, house) => json(demoOf(house).state));

export const POST = route(async (request, house) => {
  const { running, faults } = await readJson(request, DemoRequest);
  return json(await demoOf(house).set(running, faults));
});

import { json, route } from "@/lib/server/api";
import { readTraceSearch, toFoundTraces } from "@/lib/services/find-traces";

export const GET = route(async (request, { engine }) => {
  const search = readTraceSearch(new URL(request.url).searchParams, Date.now());
  return json(toFoundTraces(search, await engine.traces(search)));
});

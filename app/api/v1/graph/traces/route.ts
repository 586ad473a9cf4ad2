import { json, route } from "@/lib/server/api";
import { readMappedTraces } from "@/lib/services/find-traces";
import { readGraphQuestion } from "@/lib/services/graph-question";

export const GET = route(async (request, { engine, config }) => {
  const params = new URL(request.url).searchParams;
  const nowMs = Date.now();
  const { perspective } = readGraphQuestion(params, nowMs, config.perspective);
  return json(await engine.tracesGraph(readMappedTraces(params, nowMs), perspective));
});

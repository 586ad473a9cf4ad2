import { json, route } from "@/lib/server/api";
import { readGraphQuestion } from "@/lib/services/graph-question";

export const GET = route(async (request, { engine, config }) => {
  const question = readGraphQuestion(new URL(request.url).searchParams, Date.now(), config.perspective);
  return json(await engine.cycles(question));
});

import { json, route } from "@/lib/server/api";
import { readGraphQuestion } from "@/lib/services/graph-question";
import { configurationOf } from "@/lib/services/in-force";

export const GET = route(async (request, { engine, config, declared }) => {
  const question = readGraphQuestion(new URL(request.url).searchParams, Date.now(), config.perspective);
  return json(configurationOf(await engine.graph(question), declared()));
});

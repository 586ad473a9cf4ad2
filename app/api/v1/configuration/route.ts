import { json, route } from "@/lib/server/api";
import { readGraphQuestion } from "@/lib/services/graph-question";
import { configurationOf, declaresSomething } from "@/lib/services/in-force";

export const GET = route(async (request, { engine, config, declared }) => {
  const question = readGraphQuestion(new URL(request.url).searchParams, Date.now(), config.perspective);
  const inForce = declared();
  const graph = declaresSomething(inForce) ? await engine.graph(question) : null;
  return json(configurationOf(graph, inForce));
});

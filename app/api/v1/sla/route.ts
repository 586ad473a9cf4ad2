import { json, route } from "@/lib/server/api";
import { readGraphQuestion } from "@/lib/services/graph-question";
import { readWhatIfs, slaAnswer } from "@/lib/services/sla-answer";

export const GET = route(async (request, { engine, config, declared }) => {
  const params = new URL(request.url).searchParams;
  const question = readGraphQuestion(params, Date.now(), config.perspective);
  const whatIfs = readWhatIfs(params);
  return json(slaAnswer(await engine.graph(question), declared(), whatIfs));
});

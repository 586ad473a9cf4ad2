import { DomainError } from "@/lib/domain/errors";
import { json, route } from "@/lib/server/api";
import { readGraphQuestion, required } from "@/lib/services/graph-question";

export const GET = route(async (request, { engine, config }) => {
  const params = new URL(request.url).searchParams;
  const id = required(params, "id");
  const detail = await engine.node(readGraphQuestion(params, Date.now(), config.perspective), id);
  if (!detail) throw new DomainError("not_found", `no node ${id.slice(0, 80)} is known in this window`);
  return json(detail);
});

import { json, route } from "@/lib/server/api";
import { getTrace } from "@/lib/services/get-trace";

interface Context {
  params: Promise<{ traceId: string }>;
}

export const GET = route<Context>(async (_request, { engine, declared }, { params }) => {
  const { traceId } = await params;
  return json(await getTrace(engine, traceId, declared().names));
});

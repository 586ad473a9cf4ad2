import { openRoute } from "@/lib/server/api";

/** Whether spans are taken now. Says no more than that, so it asks for no token. */
export const GET = openRoute(async (_request, { engine }) =>
  engine.condition.failure === null ? new Response("ready\n") : new Response("not ready\n", { status: 503 }),
);

import { route } from "@/lib/server/api";

/** Whether spans are taken now. */
export const GET = route(async (_request, { engine }) =>
  engine.failure === null ? new Response("ready\n") : new Response(`${engine.failure}\n`, { status: 503 }),
);

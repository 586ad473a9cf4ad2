import { route } from "@/lib/server/api";
import { feedOf } from "@/lib/server/feeds";

const HEARTBEAT_MS = 15_000;
/** A client that does not read is dropped when this much waits for it. */
const MOST_WAITING = 64;

export const GET = route(async (request, house) => {
  const feed = feedOf(house, new URL(request.url).searchParams);
  const encoder = new TextEncoder();
  let stop = (): void => {};
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string): void => {
          if ((controller.desiredSize ?? 0) <= -MOST_WAITING) {
            stop();
            controller.error(new Error("the client does not read"));
            return;
          }
          controller.enqueue(encoder.encode(text));
        };
        const remove = feed.add({ send });
        const heartbeat = setInterval(() => send(": still here\n\n"), HEARTBEAT_MS);
        stop = () => {
          clearInterval(heartbeat);
          remove();
        };
        request.signal.addEventListener("abort", stop, { once: true });
      },
      cancel: () => stop(),
    },
    { highWaterMark: 1 },
  );
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
});

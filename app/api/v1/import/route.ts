import { DomainError } from "@/lib/domain/errors";
import { json, route } from "@/lib/server/api";
import { getHouse } from "@/lib/server/house";
import { toImportResult } from "@/lib/services/get-sources";

/** Bytes handed to the engine's thread at once. */
const PIECE = 1 << 20;

const take = route(async (request, { engine, config }) => {
  /** What is refused here has not reached the engine, which counts what it refuses itself. */
  const refuse = async (error: DomainError): Promise<never> => {
    await engine.noteRefused("import", error.message);
    throw error;
  };
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > config.importBytes) await refuse(tooLarge(config.importBytes));
  if (!request.body)
    return await refuse(new DomainError("unreadable", "the request has no body; send a trace file as it is"));
  const session = await engine.importBegin();
  try {
    let total = 0;
    let waiting: Uint8Array[] = [];
    let size = 0;
    const hand = async (): Promise<void> => {
      const piece = new Uint8Array(size);
      let at = 0;
      for (const part of waiting) {
        piece.set(part, at);
        at += part.length;
      }
      waiting = [];
      size = 0;
      await engine.importPiece(session, piece);
    };
    for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
      total += part.length;
      if (total > config.importBytes) await refuse(tooLarge(config.importBytes));
      waiting.push(part);
      size += part.length;
      if (size >= PIECE) await hand();
    }
    if (size > 0) await hand();
    return json(toImportResult(await engine.importEnd(session)));
  } catch (error) {
    await engine.importAbort(session).catch(() => {});
    if (request.signal.aborted)
      return await refuse(new DomainError("unreadable", "the upload was cut; what had arrived by then may be stored"));
    throw error;
  }
});

export async function POST(request: Request, context: unknown): Promise<Response> {
  const answer = await take(request, context);
  (await getHouse()).requests.note("import", answer.status);
  return answer;
}

const tooLarge = (limit: number): DomainError =>
  new DomainError("too_large", `the file is larger than ${limit >> 20} MiB; split it or raise HEADWATER_IMPORT_MIB`);

import type { z } from "zod";
import { DomainError, unreadable } from "../domain/errors";

/** Bodies read here are a few words, never data. */
const MOST_BYTES = 4096;

/**
 * The JSON body of a request, checked.
 * @throws DomainError unreadable, too_large, or invalid_parameter naming the first parameter that is wrong.
 */
export async function readJson<T>(request: Request, shape: z.ZodType<T>): Promise<T> {
  const parsed = shape.safeParse(parse(await readText(request)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const parameter = issue?.path.join(".") || "body";
  throw new DomainError("invalid_parameter", `${parameter}: ${issue?.message ?? "is wrong"}`, { parameter });
}

async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(part, { stream: true });
    if (text.length > MOST_BYTES) throw new DomainError("too_large", `the body is larger than ${MOST_BYTES} bytes`);
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable("the body is not JSON");
  }
}

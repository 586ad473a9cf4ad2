// Reads a question about the graph from a URL's parameters.
import { Perspective } from "../contract/graph";
import { DomainError } from "../domain/errors";
import { readWindow } from "../domain/window";
import type { GraphRequest } from "../engine/answers";

const MOST_NAME = 256;

/** @throws DomainError invalid_parameter, naming which. */
export function readGraphQuestion(params: URLSearchParams, nowMs: number, perspective: Perspective): GraphRequest {
  const asked = params.get("perspective");
  const parsed = Perspective.safeParse(asked ?? perspective);
  if (!parsed.success) {
    const message = `perspective must be data-flow or request-flow; got ${asked?.slice(0, 40)}`;
    throw new DomainError("invalid_parameter", message, { parameter: "perspective" });
  }
  const environment = params.get("env");
  if (environment !== null && environment.length > MOST_NAME) {
    throw new DomainError("invalid_parameter", "env is longer than 256 characters", { parameter: "env" });
  }
  return { ...readWindow(params, nowMs), environment, perspective: parsed.data };
}

/** A parameter that has to be there. @throws DomainError invalid_parameter */
export function required(params: URLSearchParams, name: string): string {
  const value = params.get(name);
  if (!value) throw new DomainError("invalid_parameter", `${name} is missing`, { parameter: name });
  return value;
}

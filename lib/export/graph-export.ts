import type { Graph } from "../contract/graph";

/** One way to write graphs down. A new one is a file beside this one and a line in index.ts. */
export interface GraphExport {
  readonly id: string;
  /** How people call it. */
  readonly label: string;
  /** File extension, without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /**
   * The graphs as one text that ends with a line break.
   * @param graphs one an environment; environments are never merged. Without calls, only what surrounds them is written.
   */
  write(graphs: readonly Graph[]): string;
}

import type { Issues } from "../../domain/issue";
import type { Span } from "../../domain/span";
import type { ListPath } from "../json-items";
import type { JsonObject } from "../json-value";

/** One format of trace files. A new one is a file beside this one and a line in index.ts. */
export interface TraceFormat {
  readonly id: string;
  /** How people call it. */
  readonly label: string;
  /** Whether an item of this list looks like this format's; asked in the order of the list, by content only. */
  ownsItem(path: ListPath, item: JsonObject | readonly unknown[]): boolean;
  /** Whether a whole document does; asked for documents without a list that was taken apart. */
  ownsDocument(document: JsonObject): boolean;
  /** Spans of an item or document. Never throws: what is imperfect becomes an issue. */
  read(value: JsonObject | readonly unknown[], issues: Issues): Span[];
  /** Mends what only shows when spans stand beside each other; given a portion of a file. */
  tidy?(spans: readonly Span[], issues: Issues): Span[];
}

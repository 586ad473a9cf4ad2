// The ways to write a graph down, by the name that the command line and the screens use.
import { csv } from "./csv";
import { dot } from "./dot";
import type { GraphExport } from "./graph-export";
import { json } from "./json";
import { mermaid } from "./mermaid";
import { table } from "./table";

export const EXPORTS: readonly GraphExport[] = [table, csv, json, mermaid, dot];

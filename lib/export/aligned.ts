// Rows of cells as aligned text for a terminal.

export type Column = readonly [title: string, align: "left" | "right"];

/** The titles and the rows, each line ended. */
export function aligned(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(([title]) => title), ...rows];
  const widths = columns.map((_, column) => lines.reduce((most, line) => Math.max(most, width(line[column]!)), 0));
  const pad = (cell: string, column: number): string => {
    const space = " ".repeat(widths[column]! - width(cell));
    return columns[column]![1] === "right" ? space + cell : cell + space;
  };
  return lines.map((line) => `${line.map(pad).join("  ").trimEnd()}\n`).join("");
}

const width = (cell: string): number => [...cell].length;

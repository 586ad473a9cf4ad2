// The map as a tree: the same nodes and edges for keyboard and screen reader. Open a node to see what it calls and who calls it;
// walk on from there.
"use client";
import { X } from "lucide-react";
import { type KeyboardEvent, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { Clipped } from "@/components/ui/clipped";
import { FoldButton } from "@/components/ui/fold-button";
import { DisplaySign, levelText } from "@/components/ui/sign";
import { TellingWords } from "@/components/ui/telling-words";
import { plural } from "@/lib/domain/format-number";
import { tellingWords } from "@/lib/graph/short-names";
import type { MapArc, MapModel } from "../map/map-model";
import { branchesOf, type Item, sentenceOf } from "./outline-items";

interface Props {
  readonly model: MapModel;
  readonly edges: number;
  onClose(): void;
  onNode(id: string): void;
  onArc(arc: MapArc): void;
  /** The node under the cursor, for the map beside it. */
  onCursor(id: string | null): void;
  onFocusMap(id: string): void;
}

const INDENT = 18;

export function Outline({ model, edges, onClose, onNode, onArc, onCursor, onFocusMap }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<string | null>(null);
  const tree = useRef<HTMLDivElement>(null);
  const telling = useMemo(() => tellingWords(model.nodes.map(({ node }) => node.name)), [model.nodes]);
  const lines = branchesOf(model, open);
  const items = lines.filter((line) => line.kind === "item");
  const at = Math.max(
    0,
    items.findIndex(({ path }) => path === cursor),
  );
  const current = items[at];

  const move = (to: Item | undefined): void => {
    if (!to) return;
    setCursor(to.path);
    onCursor(to.node.id);
    tree.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(to.path)}"]`)?.focus();
  };
  const toggle = (path: string, wanted: boolean): void =>
    setOpen((before) => {
      const next = new Set(before);
      if (wanted) next.add(path);
      else next.delete(path);
      return next;
    });
  const choose = (item: Item): void => {
    if (item.arc) onArc(item.arc);
    else onNode(item.node.id);
  };

  const onKey = (event: KeyboardEvent): void => {
    if (!current || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOpen = open.has(current.path);
    const keys = new Map<string, () => unknown>([
      ["ArrowDown", () => move(items[at + 1])],
      ["ArrowUp", () => move(items[at - 1])],
      ["Home", () => move(items[0])],
      ["End", () => move(items.at(-1))],
      ["ArrowRight", () => (isOpen ? move(items[at + 1]) : current.branches > 0 && toggle(current.path, true))],
      [
        "ArrowLeft",
        () => (isOpen ? toggle(current.path, false) : move(items.find(({ path }) => path === current.parent))),
      ],
      ["Enter", () => choose(current)],
      [" ", () => toggle(current.path, !isOpen)],
      ["f", () => onFocusMap(current.node.id)],
      ["F", () => onFocusMap(current.node.id)],
    ]);
    const act = keys.get(event.key);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  const left = useEffectEvent(() => onCursor(null));
  useEffect(() => {
    tree.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    return () => left();
  }, []);

  return (
    <section
      aria-label="Outline of the map"
      className="flex h-full w-(--outline-w) shrink-0 flex-col border-r border-line bg-surface"
    >
      <header className="flex items-center gap-2 border-b border-line py-1.5 pl-4 pr-2">
        <h2 className="flex-1 text-md font-semibold">Outline</h2>
        <span className="text-xs text-ink-3">
          {plural(model.nodes.length, "node")}, {plural(edges, "edge")}
        </span>
        <IconButton label="Close the outline" onClick={onClose}>
          <X size={16} strokeWidth={1.5} aria-hidden="true" />
        </IconButton>
      </header>
      <TellingWords value={telling}>
        <div
          ref={tree}
          role="tree"
          aria-label="Nodes of the map"
          className="min-h-0 flex-1 overflow-y-auto py-1"
          onKeyDown={onKey}
        >
          {lines.map((line) =>
            line.kind === "group" ? (
              <div
                key={line.path}
                role="presentation"
                className="pb-0.75 pr-4 pt-1.75 text-2xs font-medium text-ink-2"
                style={{ paddingLeft: 16 + line.depth * INDENT }}
              >
                {line.text} <span className="text-ink-3">{line.size}</span>
              </div>
            ) : (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the tree
              <div
                key={line.path}
                role="treeitem"
                aria-level={line.depth + 1}
                aria-expanded={line.branches > 0 ? open.has(line.path) : undefined}
                aria-selected={line.path === current?.path}
                aria-label={sentenceOf(line, model.hue)}
                tabIndex={line.path === current?.path ? 0 : -1}
                data-path={line.path}
                className={`flex h-7 cursor-pointer items-center gap-1.5 rounded-sm pr-4 text-xs outline-none focus:bg-accent-soft focus:ring-2 focus:ring-focus focus:ring-inset ${open.has(line.path) ? "bg-surface-2" : ""}`}
                style={{ paddingLeft: 12 + line.depth * INDENT }}
                onFocus={() => {
                  setCursor(line.path);
                  onCursor(line.node.id);
                }}
                onClick={() => choose(line)}
              >
                <FoldButton
                  open={line.branches > 0 ? open.has(line.path) : null}
                  onToggle={() => toggle(line.path, !open.has(line.path))}
                />
                <Clipped
                  said={false}
                  text={line.node.node.name}
                  className={open.has(line.path) ? "font-semibold" : ""}
                />
                {line.arc?.inferred && <span className="text-2xs text-ink-3">inferred</span>}
                <span className={`ml-auto shrink-0 ${levelText(line.display.level)}`}>{line.display.text}</span>
                <DisplaySign display={line.display} hue={model.hue} />
              </div>
            ),
          )}
        </div>
      </TellingWords>
      <div className="border-t border-line bg-surface-2 px-4 py-2.5 text-xs">
        <b className="mb-0.5 block text-2xs font-medium text-ink-3">Announced</b>
        {current ? sentenceOf(current, model.hue) : "Nothing on the map."}
      </div>
      <p className="flex flex-wrap gap-x-3 gap-y-1.25 border-t border-line px-4 py-2.25 text-2xs text-ink-3">
        {KEYS.map(([keys, text]) => (
          <span key={text}>
            {keys.map((key) => (
              <kbd key={key} className="mr-1 rounded-xs border border-line px-1 font-sans text-ink-2">
                {key}
              </kbd>
            ))}
            {text}
          </span>
        ))}
      </p>
    </section>
  );
}

const KEYS: readonly [readonly string[], string][] = [
  [["↑", "↓"], "next"],
  [["→"], "open, walk"],
  [["←"], "back"],
  [["Enter"], "panel"],
  [["F"], "find on the map"],
  [["O"], "outline"],
];

// What is seen, to take along: a picture, or the graph as text.
"use client";
import { Menu } from "@base-ui/react/menu";
import { Download } from "lucide-react";
import type { RefObject } from "react";
import type { Graph } from "@/lib/contract/graph";
import { EXPORTS } from "@/lib/export";
import { saveBlob } from "../ui/save-blob";
import type { MapCamera } from "./service-map";

const item = "flex h-7 cursor-pointer items-center rounded-sm px-2 text-ink outline-none data-highlighted:bg-surface-2";

/** @param graph the part that is shown. */
export function ExportMenu({ graph, camera }: { graph: Graph; camera: RefObject<MapCamera | null> }) {
  const name = `headwater-${graph.environment || "map"}-${graph.window.to.slice(0, 16).replace(/[:T]/g, "-")}`;
  const picture = async (): Promise<void> => {
    const blob = await camera.current?.picture();
    if (blob) saveBlob(blob, `${name}.png`);
  };
  const vector = (): void => {
    const text = camera.current?.vector();
    if (text) saveBlob(new Blob([text], { type: "image/svg+xml" }), `${name}.svg`);
  };
  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label="Export"
        title="Export"
        className="grid size-7 place-items-center text-ink-2 hover:bg-surface-2 active:bg-surface-3"
      >
        <Download size={16} strokeWidth={1.5} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="left" align="end" sideOffset={6} className="z-50">
          <Menu.Popup className="min-w-36 rounded-md border border-line bg-surface p-1 text-xs shadow-pop outline-none">
            <Menu.Item className={item} onClick={() => void picture()}>
              Picture (PNG)
            </Menu.Item>
            <Menu.Item className={item} onClick={vector}>
              Drawing (SVG)
            </Menu.Item>
            {EXPORTS.map((format) => (
              <Menu.Item
                key={format.id}
                className={item}
                onClick={() =>
                  saveBlob(new Blob([format.write([graph])], { type: format.mediaType }), `${name}.${format.extension}`)
                }
              >
                {format.label}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

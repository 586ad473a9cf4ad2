"use client";
import { ListTree, Maximize, Minus, Plus, RefreshCw } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { IconButton } from "@/components/ui/button";
import type { MapCamera } from "./service-map";

/** Camera buttons, and the map's twin for keyboard and screen reader. */
export function Zoom({
  camera,
  onOutline,
  onRearrange,
  children,
}: {
  camera: RefObject<MapCamera | null>;
  onOutline: () => void;
  onRearrange: () => void;
  /** Further buttons below. */
  children?: ReactNode;
}) {
  const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;
  return (
    <div className="absolute bottom-3 right-3 flex flex-col divide-y divide-line overflow-hidden rounded-sm border border-line bg-surface">
      <IconButton label="Zoom in" className="rounded-none!" onClick={() => camera.current?.zoomIn()}>
        <Plus {...icon} />
      </IconButton>
      <IconButton label="Zoom out" className="rounded-none!" onClick={() => camera.current?.zoomOut()}>
        <Minus {...icon} />
      </IconButton>
      <IconButton label="Fit the map" className="rounded-none!" onClick={() => camera.current?.fit()}>
        <Maximize {...icon} />
      </IconButton>
      <IconButton label="Lay out again" className="rounded-none!" onClick={onRearrange}>
        <RefreshCw {...icon} />
      </IconButton>
      {children}
      <IconButton label="Outline (O)" className="rounded-none!" onClick={onOutline}>
        <ListTree {...icon} />
      </IconButton>
    </div>
  );
}

"use client";
import { useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { plural } from "@/lib/domain/format-number";
import { countRemembered, forgetAll } from "../map/placement-memory";
import { type Theme, useTheme } from "../shell/use-theme";
import { useMedia } from "./use-media";

const THEMES = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

const never = () => () => {};
const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What is set for this browser alone. Everything else that a person sets is in the address of the page. */
export function BrowserCard() {
  const { chosen, choose } = useTheme();
  const calm = useMedia("(prefers-reduced-motion: reduce)");
  const yours = useSyncExternalStore(never, zone, () => "");
  const remembered = useSyncExternalStore(never, countRemembered, () => 0);
  const [forgotten, setForgotten] = useState(false);
  const maps = forgotten ? 0 : remembered;
  return (
    <Card title="In this browser" hint="nobody else sees these">
      <div className="grid grid-cols-1 gap-3 px-4 pb-4 text-xs">
        <div className="flex items-center justify-between gap-3">
          <h3 className="font-medium">Theme</h3>

          <Segmented<Theme | "system">
            label="Theme"
            options={THEMES}
            value={chosen ?? "system"}
            onChange={(next) => choose(next === "system" ? null : next)}
          />
        </div>
        <div>
          <h3 className="font-medium">Motion</h3>
          <p className="text-ink-2">
            {calm ? "Reduced" : "Shown"}, as this system asks for. Nothing moves where it asks for less motion.
          </p>
        </div>
        <div>
          <h3 className="font-medium">Times</h3>
          <p className="text-ink-2">
            UTC everywhere, so that two people read the same.{yours && yours !== "UTC" ? ` Yours is ${yours}.` : ""}
          </p>
        </div>
        <div className="flex items-center justify-between gap-3">
          <div>
            <h3 className="font-medium">Places on the map</h3>
            <p className="text-ink-2" role="status">
              {maps > 0 ? `Kept for ${plural(maps, "map")}: by environment and perspective.` : "None are kept."}
            </p>
          </div>
          {maps > 0 && (
            <Button
              onClick={() => {
                forgetAll();
                setForgotten(true);
              }}
            >
              Forget them
            </Button>
          )}
        </div>
        <p className="border-t border-line pt-3 text-ink-3">
          Window, filters, overlay, selection and perspective of a screen are in its address: a link shows the same.
        </p>
      </div>
    </Card>
  );
}

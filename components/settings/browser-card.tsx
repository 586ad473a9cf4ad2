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
      <dl className="grid gap-3 px-4 pb-4 text-xs">
        <div className="flex items-center justify-between gap-3">
          <dt className="font-medium">Theme</dt>
          <dd>
            <Segmented<Theme | "system">
              label="Theme"
              options={THEMES}
              value={chosen ?? "system"}
              onChange={(next) => choose(next === "system" ? null : next)}
            />
          </dd>
        </div>
        <div>
          <dt className="font-medium">Motion</dt>
          <dd className="text-ink-2">
            {calm ? "Reduced" : "Shown"}, as this system asks for. Nothing moves where it asks for less motion.
          </dd>
        </div>
        <div>
          <dt className="font-medium">Times</dt>
          <dd className="text-ink-2">
            UTC everywhere, so that two people read the same.{yours && yours !== "UTC" ? ` Yours is ${yours}.` : ""}
          </dd>
        </div>
        <div className="flex items-center justify-between gap-3">
          <div>
            <dt className="font-medium">Places on the map</dt>
            <dd className="text-ink-2" role="status">
              {maps > 0 ? `Kept for ${plural(maps, "map")}: by environment and perspective.` : "None are kept."}
            </dd>
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
      </dl>
    </Card>
  );
}

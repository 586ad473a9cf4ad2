"use client";
import { HueMark } from "@/components/ui/hue-mark";
import { ChoiceMenu } from "@/components/ui/menu";
import type { Sla } from "@/lib/contract/sla";
import { OVERLAYS } from "@/lib/overlays";
import type { OverlayKind } from "@/lib/overlays/overlay";
import { slaSide } from "@/lib/overlays/sla";
import type { View } from "../shell/use-view";

/** On a map of some traces only those that need nothing else: what services promise, and what was before, is not in them. */
const overlaysOf = ({ traces }: View): readonly OverlayKind[] =>
  traces === null
    ? OVERLAYS
    : OVERLAYS.filter(({ comparisons, needsSla, needsCycles }) => !(comparisons || needsSla || needsCycles));

/** The overlay that the URL names; the first one where it names none that there is. */
export const overlayKind = (view: View): OverlayKind =>
  overlaysOf(view).find(({ id }) => id === view.overlay) ?? OVERLAYS[0]!;

/** Which overlay, and which of its own choices. @param sla null while the answer about uptime is not there. */
export function OverlayMenu({ view, sla }: { view: View; sla: Sla | null }) {
  const kind = overlayKind(view);
  const sides = kind.id === "sla";
  const chosen = sides ? slaSide(sla, view.option) : view.option;
  const option = kind.options?.find(({ value }) => value === chosen) ?? kind.options?.[0];
  const against = kind.against?.({ sla, option: view.option ?? "", against: view.against });
  return (
    <>
      <ChoiceMenu
        label="Overlay"
        options={overlaysOf(view).map(({ id, label }) => ({ value: id, label }))}
        value={kind.id}
        onChange={(next) => view.setOverlay(next === OVERLAYS[0]!.id ? null : next)}
      >
        <span className="font-normal text-ink-3">Overlay</span>
        {kind.hue !== "health" && <HueMark hue={kind.hue} />}
        {kind.label}
      </ChoiceMenu>
      {kind.options && option && (
        <ChoiceMenu
          label={`${kind.label}: which`}
          options={kind.options}
          value={option.value}
          // Which side is the default depends on the objectives, so either choice of it stays in the URL.
          onChange={(next) => view.setOption(next === kind.options![0]!.value && !sides ? null : next)}
        >
          {option.label}
        </ChoiceMenu>
      )}
      {kind.comparisons && against && (
        <ChoiceMenu
          label={`${kind.label}: against what`}
          options={kind.comparisons}
          value={against.value}
          // The default depends on the targets, so every choice stays in the URL.
          onChange={view.setAgainst}
        >
          <span className="font-normal text-ink-3">vs</span>
          {against.label}
        </ChoiceMenu>
      )}
    </>
  );
}

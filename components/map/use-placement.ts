// The placement of the map that is shown. It changes when a node comes that has no place yet, never because numbers changed.
"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Placement, Point } from "./geometry";
import { layOut } from "./layout";
import type { MapModel } from "./map-model";
import { forget, recall, remember } from "./placement-memory";

export interface PlacementState {
  /** Null until the first layout is done. */
  readonly placement: Placement | null;
  /** Grows with every new layout, so that the camera can fit it. */
  readonly generation: number;
  readonly failure: string | null;
  move(id: string, to: Point): void;
  /** Forgets what was moved by hand. */
  rearrange(): void;
}

interface Held {
  readonly of: string;
  readonly placement: Placement;
  readonly generation: number;
  readonly lasting: boolean;
}

/** Parts of a map have placements of their own, which are not remembered. */
const scopeOf = ({ environment, perspective, focus }: MapModel): string =>
  JSON.stringify(focus === null ? [environment, perspective] : [environment, perspective, focus]);
const covers = (placement: Placement, model: MapModel): boolean =>
  model.nodes.every(({ id }) => placement.positions.has(id));

export function usePlacement(model: MapModel | null): PlacementState {
  const [held, setHeld] = useState<Held | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const generation = useRef(0);
  const scope = model ? scopeOf(model) : null;
  const placed = held !== null && model !== null && held.of === scope && covers(held.placement, model);
  const nodes =
    model?.nodes
      .map(({ id }) => id)
      .sort()
      .join("\n") ?? "";

  // biome-ignore lint/correctness/useExhaustiveDependencies: the model changes with every tick; only new nodes need places
  useEffect(() => {
    if (!model || model.nodes.length === 0 || (placed && round === 0)) return;
    let current = true;
    const of = scopeOf(model);
    const take = (placement: Placement): void => {
      generation.current += 1;
      setHeld({ of, placement, generation: generation.current, lasting: model.focus === null });
      setRound(0);
    };
    const known = recall(of);
    if (known && covers(known, model)) {
      take(known);
      return;
    }
    layOut(model).then(
      (placement) => {
        if (!current) return;
        if (model.focus === null) remember(of, placement);
        take(placement);
      },
      (error: unknown) => current && setFailure(String(error)),
    );
    return () => {
      current = false;
    };
  }, [scope, nodes, round]);

  const move = useCallback((id: string, to: Point): void => {
    setHeld((before) => {
      if (!before) return before;
      const placement = { ...before.placement, positions: new Map(before.placement.positions).set(id, to) };
      return { ...before, placement };
    });
  }, []);

  // Remembered a moment after the last move, not with every pixel.
  useEffect(() => {
    if (!held) return;
    if (!held.lasting) return;
    const timer = setTimeout(() => remember(held.of, held.placement), 400);
    return () => clearTimeout(timer);
  }, [held]);

  const rearrange = useCallback((): void => {
    if (!scope) return;
    forget(scope);
    setRound((before) => before + 1);
  }, [scope]);

  return {
    placement: placed ? held.placement : null,
    generation: placed ? held.generation : 0,
    failure,
    move,
    rearrange,
  };
}

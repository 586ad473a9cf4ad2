// The overlays, in the order of the menu.
import { health } from "./health";
import type { Overlay } from "./overlay";

export const OVERLAYS: readonly Overlay[] = [health];

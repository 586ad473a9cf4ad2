import type { Measurement } from "../support/measurement";
import { ack } from "./ack";
import { cycles } from "./cycles";
import { decode } from "./decode";
import { firstPaint } from "./first-paint";
import { graphAnswer } from "./graph-answer";
import { ingest } from "./ingest";
import { visible } from "./visible";

/** In the order in which they run. */
export const measurements: readonly Measurement[] = [decode, ingest, ack, visible, graphAnswer, cycles, firstPaint];

import type { Measurement } from "../support/measurement";
import { ack } from "./ack";
import { connections } from "./connections";
import { cycles } from "./cycles";
import { decode } from "./decode";
import { disk } from "./disk";
import { firstPaint } from "./first-paint";
import { graphAnswer } from "./graph-answer";
import { ingest } from "./ingest";
import { steady } from "./steady";
import { visible } from "./visible";

/** In the order in which they run. */
export const measurements: readonly Measurement[] = [
  decode,
  ingest,
  connections,
  ack,
  steady,
  visible,
  disk,
  graphAnswer,
  cycles,
  firstPaint,
];

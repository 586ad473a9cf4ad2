// The room that one body takes of what may be in flight: all that was announced while it may be on its way, then what has come of
// it, and more as it comes. A sender that announces much and sends little keeps others out for seconds, not for a whole request.
import type { Admission } from "./admission";

/** How long an announcement holds room. */
const PROMISE_MS = 5_000;

export class BodyRoom {
  private arrived = 0;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly admission: Admission,
    private room: number,
  ) {
    this.timer = setTimeout(() => {
      admission.give(this.room - this.arrived);
      this.room = this.arrived;
    }, PROMISE_MS);
  }

  /** @returns null when there is no room for so many bytes. */
  static take(admission: Admission, bytes: number): BodyRoom | null {
    return admission.take(bytes) ? new BodyRoom(admission, bytes) : null;
  }

  /** Notes how much has come by now; false when there is no room for it any more. */
  came(bytes: number): boolean {
    this.arrived = bytes;
    if (bytes <= this.room) return true;
    if (!this.admission.take(bytes - this.room, this.room)) return false;
    this.room = bytes;
    return true;
  }

  /** Nothing more comes; what is here stays until `end`. */
  whole(): void {
    clearTimeout(this.timer);
  }

  end(): void {
    clearTimeout(this.timer);
    this.admission.give(this.room);
  }
}

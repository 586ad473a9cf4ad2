// What can go wrong in the shop, by name. The one list for the command line, the demo and its switches.
import type { Fault } from "./scenario";

export interface NamedFault {
  readonly id: string;
  readonly label: string;
  /** What happens, and what follows from it, for people. */
  readonly sentence: string;
  /** Without its time: it holds while it is switched on. */
  readonly effect: Omit<Fault, "fromUs" | "toUs">;
}

export const ECOMMERCE_FAULTS: readonly NamedFault[] = [
  {
    id: "payment-slow",
    label: "Payment slow",
    sentence: "Charges take half a second longer: orders wait, and nothing fails.",
    effect: { service: "payment-service", slowdown: 250 },
  },
  {
    id: "payment-failing",
    label: "Payment failing",
    sentence: "Half of the charges fail: orders try once more, and a quarter of them fails.",
    effect: { service: "payment-service", errorRate: 0.5 },
  },
  {
    id: "inventory-failing",
    label: "Inventory failing",
    sentence: "Two in five questions to the stock fail, and product pages and orders with them.",
    effect: { service: "inventory-service", errorRate: 0.4 },
  },
  {
    id: "retry-storm",
    label: "Retry storm",
    sentence:
      "The user service fails two times in three, every caller tries up to six times more, and its calls nearly triple.",
    effect: { service: "user-service", errorRate: 2 / 3, callerRetries: 6 },
  },
  {
    id: "notification-down",
    label: "Notification down",
    sentence: "Nobody reads the messages: they wait in their topics until it is back, and nothing else fails.",
    effect: { service: "notification-service", down: true },
  },
];

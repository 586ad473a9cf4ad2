// orders needs inventory and inventory needs orders, each time by way of api-gateway, and no request comes back to a service
// that it has left but the gateway: the loop closes only through it.
import type { CallTree } from "./call-trees";

const through = (...calls: readonly CallTree[]): CallTree => ({ service: "api-gateway", calls });

export const THROUGH_GATEWAY: readonly CallTree[] = Array.from({ length: 6 }, (_, i) =>
  i % 2 === 0
    ? through({ service: "orders", calls: [through({ service: "inventory" })] })
    : through({ service: "inventory", calls: [through({ service: "orders" })] }),
);

export const GATEWAY_YAML = "gateways: [api-gateway]\n";

// A shop whose services depend on themselves through others, once of each kind: orders, inventory and pricing within one
// request; billing and ledger through a topic; catalog and reviews only across requests. tax calls itself, which is no loop.
import type { Call, Scenario } from "./scenario";

const call = (service: string, operation: string, probability = 1): Call => ({
  kind: "call",
  service,
  operation,
  probability,
});

export const loops: Scenario = {
  name: "loops",
  environment: "production",
  services: [
    {
      name: "storefront",
      language: "nodejs",
      version: "1.0.0",
      instances: 1,
      operations: [
        {
          name: "POST /orders",
          workUs: 1_500,
          steps: [call("orders", "POST /orders")],
        },
        {
          name: "POST /invoices",
          workUs: 1_200,
          steps: [call("billing", "POST /invoices")],
        },
        { name: "GET /items", workUs: 900, steps: [call("catalog", "GET /items")] },
        { name: "GET /reviews", workUs: 900, steps: [call("reviews", "GET /reviews")] },
      ],
    },
    {
      name: "orders",
      language: "java",
      version: "5.0.2",
      instances: 2,
      operations: [
        {
          name: "POST /orders",
          workUs: 2_000,
          internal: "place order",
          steps: [call("inventory", "POST /reservations")],
        },
        { name: "GET /orders/{id}", workUs: 900, steps: [] },
      ],
    },
    {
      name: "inventory",
      language: "go",
      version: "3.1.0",
      instances: 1,
      operations: [
        {
          name: "POST /reservations",
          workUs: 1_500,
          steps: [call("pricing", "GET /prices/{sku}")],
        },
      ],
    },
    {
      name: "pricing",
      language: "go",
      version: "4.8.0",
      instances: 1,
      operations: [
        {
          name: "GET /prices/{sku}",
          workUs: 1_100,
          steps: [call("orders", "GET /orders/{id}", 0.3), call("tax", "GET /rates")],
        },
      ],
    },
    {
      name: "tax",
      language: "python",
      version: "0.4.0",
      instances: 2,
      operations: [
        {
          name: "GET /rates",
          workUs: 800,
          steps: [call("tax", "GET /rates/base", 0.5)],
        },
        { name: "GET /rates/base", workUs: 500, steps: [] },
      ],
    },
    {
      name: "billing",
      language: "java",
      version: "2.2.0",
      instances: 1,
      operations: [
        {
          name: "POST /invoices",
          workUs: 1_800,
          steps: [call("ledger", "POST /entries")],
        },
        { name: "process ledger.closed", workUs: 1_400, steps: [] },
      ],
    },
    {
      name: "ledger",
      language: "java",
      version: "2.0.1",
      instances: 1,
      operations: [
        {
          name: "POST /entries",
          workUs: 2_100,
          steps: [{ kind: "publish", topic: "ledger.closed", probability: 0.6 }],
        },
      ],
    },
    {
      name: "catalog",
      language: "go",
      version: "1.9.0",
      instances: 1,
      operations: [
        {
          name: "GET /items",
          workUs: 1_000,
          steps: [call("reviews", "GET /ratings", 0.7)],
        },
        { name: "GET /titles", workUs: 500, steps: [] },
      ],
    },
    {
      name: "reviews",
      language: "nodejs",
      version: "1.3.0",
      instances: 1,
      operations: [
        {
          name: "GET /reviews",
          workUs: 1_000,
          steps: [call("catalog", "GET /titles")],
        },
        { name: "GET /ratings", workUs: 600, steps: [] },
      ],
    },
  ],
  subscriptions: [{ topic: "ledger.closed", service: "billing", operation: "process ledger.closed", lagUs: 15_000 }],
  entries: [
    { share: 4, service: "storefront", operation: "POST /orders" },
    { share: 2, service: "storefront", operation: "POST /invoices" },
    { share: 3, service: "storefront", operation: "GET /items" },
    { share: 1, service: "storefront", operation: "GET /reviews" },
  ],
};

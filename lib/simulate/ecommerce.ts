// The shop of the guide: users, inventory with its supplier, orders, payment, shipping and notification over a Kafka topic,
// behind a gateway, with a web client in front. user-service and supplier-service depend on nobody; notification-service
// only consumes; order-service and inventory-service stand in the middle.
// The supplier's answers fail one time in twenty, and inventory-service does without them: the one edge that fails for long.
// Everything else fails less than one time in a thousand, in minutes too, so that what goes wrong beside it is seen.
import type { Query, Scenario } from "./scenario";

const postgres = (namespace: string, name: string, workUs: number, errorRate = 0): Query => ({
  kind: "query",
  system: "postgresql",
  namespace,
  host: `${namespace}-db`,
  port: 5432,
  name,
  workUs,
  errorRate,
});
const redis = (name: string, workUs: number): Query => ({
  kind: "query",
  system: "redis",
  namespace: "0",
  host: "session-cache",
  port: 6379,
  name,
  workUs,
});

export const ecommerce: Scenario = {
  name: "ecommerce",
  environment: "production",
  services: [
    { name: "web-client", language: "webjs", version: "4.2.0", instances: 2, operations: [] },
    {
      name: "api-gateway",
      language: "nodejs",
      version: "2.7.1",
      instances: 2,
      operations: [
        {
          name: "GET /products/{id}",
          workUs: 1_500,
          clientErrorRate: 0.01,
          steps: [
            { kind: "call", service: "user-service", operation: "GET /users/{id}", probability: 0.6, optional: true },
            { kind: "call", service: "inventory-service", operation: "GET /stock/{sku}", timeoutUs: 2_000_000 },
          ],
        },
        {
          name: "POST /orders",
          workUs: 2_200,
          steps: [{ kind: "call", service: "order-service", operation: "POST /orders", timeoutUs: 5_000_000 }],
        },
        {
          name: "GET /orders/{id}",
          workUs: 1_300,
          clientErrorRate: 0.03,
          steps: [{ kind: "call", service: "order-service", operation: "GET /orders/{id}" }],
        },
      ],
    },
    {
      name: "user-service",
      language: "go",
      version: "1.14.3",
      instances: 2,
      operations: [
        {
          name: "GET /users/{id}",
          workUs: 900,
          steps: [redis("GET", 400), { ...postgres("users", "SELECT", 2_400), probability: 0.2 }],
        },
      ],
    },
    {
      name: "inventory-service",
      language: "java",
      version: "3.1.0",
      instances: 2,
      oldConventions: true,
      operations: [
        {
          name: "GET /stock/{sku}",
          workUs: 1_100,
          errorRate: 0.0001,
          steps: [
            postgres("stock", "SELECT", 3_000),
            {
              kind: "call",
              service: "supplier-service",
              operation: "GET /availability",
              probability: 0.06,
              timeoutUs: 900_000,
              optional: true,
            },
          ],
        },
        {
          name: "POST /reservations",
          workUs: 1_900,
          internal: "reserve stock",
          steps: [
            postgres("stock", "UPDATE", 4_200),
            {
              kind: "call",
              service: "supplier-service",
              operation: "POST /restock",
              probability: 0.15,
              optional: true,
            },
          ],
        },
      ],
    },
    {
      name: "supplier-service",
      language: "python",
      version: "0.9.8",
      instances: 1,
      operations: [
        { name: "GET /availability", workUs: 24_000, errorRate: 0.04, steps: [] },
        { name: "POST /restock", workUs: 38_000, errorRate: 0.06, steps: [] },
      ],
    },
    {
      name: "order-service",
      language: "java",
      version: "5.0.2",
      instances: 3,
      operations: [
        {
          name: "POST /orders",
          workUs: 2_600,
          internal: "place order",
          steps: [
            {
              kind: "parallel",
              steps: [
                { kind: "call", service: "user-service", operation: "GET /users/{id}", timeoutUs: 300_000 },
                { kind: "call", service: "inventory-service", operation: "POST /reservations", timeoutUs: 900_000 },
              ],
            },
            { kind: "call", service: "payment-service", operation: "POST /charges", timeoutUs: 3_000_000, retries: 1 },
            postgres("orders", "INSERT", 3_600, 0.0001),
            { kind: "publish", topic: "order.placed" },
          ],
        },
        { name: "GET /orders/{id}", workUs: 800, clientErrorRate: 0.01, steps: [postgres("orders", "SELECT", 2_100)] },
      ],
    },
    {
      name: "payment-service",
      language: "go",
      version: "2.3.0",
      instances: 2,
      operations: [
        {
          name: "POST /charges",
          workUs: 1_800,
          steps: [
            { kind: "external", host: "api.stripe.com", name: "POST /charges", workUs: 92_000, errorRate: 0.0001 },
            postgres("payments", "INSERT", 3_100),
          ],
        },
      ],
    },
    {
      name: "shipping-service",
      language: "nodejs",
      version: "1.8.4",
      instances: 2,
      oldConventions: true,
      operations: [
        {
          name: "process order.placed",
          workUs: 5_200,
          steps: [
            { kind: "call", service: "order-service", operation: "GET /orders/{id}", timeoutUs: 1_000_000 },
            { kind: "publish", topic: "shipment.created", probability: 0.97 },
          ],
        },
      ],
    },
    {
      name: "notification-service",
      language: "nodejs",
      version: "1.2.9",
      instances: 2,
      operations: [
        {
          name: "process order.placed",
          workUs: 3_400,
          steps: [
            {
              kind: "external",
              host: "api.mailgun.net",
              name: "POST /messages",
              workUs: 60_000,
              errorRate: 0.0002,
              optional: true,
            },
          ],
        },
        {
          name: "process shipment.created",
          workUs: 2_900,
          steps: [
            {
              kind: "external",
              host: "api.mailgun.net",
              name: "POST /messages",
              workUs: 60_000,
              errorRate: 0.0002,
              optional: true,
            },
          ],
        },
      ],
    },
  ],
  subscriptions: [
    { topic: "order.placed", service: "shipping-service", operation: "process order.placed", lagUs: 18_000 },
    { topic: "order.placed", service: "notification-service", operation: "process order.placed", lagUs: 25_000 },
    {
      topic: "shipment.created",
      service: "notification-service",
      operation: "process shipment.created",
      lagUs: 22_000,
    },
  ],
  entries: [
    { share: 42, service: "api-gateway", operation: "GET /products/{id}", from: "web-client" },
    { share: 26, service: "api-gateway", operation: "GET /products/{id}" },
    { share: 14, service: "api-gateway", operation: "POST /orders", from: "web-client" },
    { share: 8, service: "api-gateway", operation: "POST /orders" },
    { share: 10, service: "api-gateway", operation: "GET /orders/{id}", from: "web-client" },
  ],
};

// What a simulated system is: services, what each of their operations does, and what goes wrong when. Data only, so that a
// scenario reads like a description of the system; run.ts acts it out.

export interface Scenario {
  readonly name: string;
  readonly environment: string;
  readonly services: readonly Service[];
  /** Requests from outside, by share of the traffic. */
  readonly entries: readonly Entry[];
  readonly subscriptions: readonly Subscription[];
}

export interface Service {
  readonly name: string;
  /** `telemetry.sdk.language`. */
  readonly language: "go" | "java" | "nodejs" | "python" | "rust" | "webjs";
  readonly version: string;
  readonly instances: number;
  /** Attribute names of before 2023 (`http.status_code`, `db.system`, …), which half of the world still sends. */
  readonly oldConventions?: boolean;
  readonly operations: readonly Operation[];
}

export interface Operation {
  readonly name: string;
  /** Median of the operation's own work, in microseconds. */
  readonly workUs: number;
  /** Share of requests that fail by themselves. */
  readonly errorRate?: number;
  /** Share of requests answered with a 4xx. */
  readonly clientErrorRate?: number;
  /** An internal span around the steps. */
  readonly internal?: string;
  readonly steps: readonly Step[];
}

export type Step = Call | Query | External | Publish | Parallel;

interface Chance {
  /** Share of requests that take the step; 1 when absent. */
  readonly probability?: number;
}

export interface Call extends Chance {
  readonly kind: "call";
  readonly service: string;
  readonly operation: string;
  /** After this long the caller gives up: a failure between the two. */
  readonly timeoutUs?: number;
  /** Further attempts after a failed one. */
  readonly retries?: number;
  /** The caller answers without it when it fails. */
  readonly optional?: boolean;
}

export interface Query extends Chance {
  readonly kind: "query";
  readonly system: "postgresql" | "redis";
  readonly namespace: string;
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly workUs: number;
  readonly errorRate?: number;
}

export interface External extends Chance {
  readonly kind: "external";
  readonly host: string;
  readonly name: string;
  readonly workUs: number;
  readonly errorRate?: number;
  readonly optional?: boolean;
}

export interface Publish extends Chance {
  readonly kind: "publish";
  readonly topic: string;
}

export interface Parallel {
  readonly kind: "parallel";
  readonly steps: readonly Step[];
}

export interface Subscription {
  readonly topic: string;
  readonly service: string;
  /** The consumer's operation, run once per message. */
  readonly operation: string;
  /** Median time a message lies in the topic. */
  readonly lagUs: number;
}

export interface Entry {
  readonly share: number;
  readonly service: string;
  readonly operation: string;
  /** Name of a service (a browser) whose client span starts the trace; without it the server span is the root. */
  readonly from?: string;
}

/** Something that goes wrong for a while. */
export interface Fault {
  readonly service: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** Additional share of requests that fail. */
  readonly errorRate?: number;
  /** Factor on the service's own work. */
  readonly slowdown?: number;
  /** It answers nothing and consumes nothing; messages for it wait in their topics. */
  readonly down?: boolean;
  /** Further attempts that callers make when it fails, beside those of their own. */
  readonly callerRetries?: number;
}

import { CANARY_ENVIRONMENT } from "../../../domain/node";

/** What rows of `spans` meet that are counted where people see it: all but the product's own traces. */
export const COUNTED = `service NOT IN (SELECT id FROM nodes WHERE environment = '${CANARY_ENVIRONMENT}')`;

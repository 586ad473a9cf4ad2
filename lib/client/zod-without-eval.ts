// Zod compiles its schemas with `new Function` where that is allowed; asking whether it is would already break the page's
// content security policy.
import { config } from "zod";

config({ jitless: true });

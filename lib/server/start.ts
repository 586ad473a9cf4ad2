import { StartError } from "./config";
import { startHouse } from "./house";

/** Starts the house, or ends the process with a sentence: a throw while registering would leave a server that answers 500. */
export async function startOrExit(): Promise<void> {
  try {
    await startHouse();
  } catch (error) {
    console.error("headwater cannot start:", error instanceof StartError ? error.message : error);
    process.exit(1);
  }
}

/** A path of this server as the browser has to ask for it: below where the server is mounted. Links of the pages know by themselves. */
export const belowBase = (path: string): string => `${process.env.HEADWATER_BASE_PATH ?? ""}${path}`;

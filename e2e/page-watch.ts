import type { BrowserContext } from "@playwright/test";

/**
 * Collects what goes wrong in the pages of a context: errors on the console, uncaught errors, and violations of the content
 * security policy. Returns the list, which grows; one line an error. Workers of the pages are watched, too.
 */
export async function watchPages(context: BrowserContext): Promise<string[]> {
  const faults: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => {
    faults.push(`page: ${error.error().stack ?? error.error()}`);
  });
  // The console tells of most violations; the event tells of all.
  await context.exposeBinding("__headwaterViolation", (_source, text: string) => {
    faults.push(`policy: ${text}`);
  });
  await context.addInitScript(() => {
    document.addEventListener(
      "securitypolicyviolation",
      ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) => {
        const report = (window as unknown as { __headwaterViolation(text: string): void }).__headwaterViolation;
        report(`${effectiveDirective} forbids ${blockedURI} (${sourceFile}:${lineNumber})`);
      },
    );
  });
  return faults;
}

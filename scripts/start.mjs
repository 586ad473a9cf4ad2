// `npm start`: brings the checkout up to date, then becomes the server. Same process as Next, so signals need no forwarding;
// package.json starts this with `exec`, so that SIGTERM to npm reaches it too.
import { ensureBuild, ensureBundles } from "./ensure.mjs";

ensureBundles(); // the settings are read by one of them, and the build depends on a setting
const { basePath } = await (await import("./settings.mjs")).settings();
ensureBuild(basePath);
await import("./serve.mjs");

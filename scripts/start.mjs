// `npm start`: brings the checkout up to date, then becomes the server. Same process as Next, so signals need no forwarding;
// package.json starts this with `exec`, so that SIGTERM to npm reaches it too.
import { ensureBuild, ensureBundles } from "./ensure.mjs";

ensureBuild();
ensureBundles();
await import("./serve.mjs");

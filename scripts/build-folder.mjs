/** Where the build for a base path lies: the base path is part of a build, so each has one of its own. */
export const buildFolder = (basePath) => (basePath ? `dist/web${basePath}` : ".next");

/** Every row of the guide's table of what a role asks for, in its order. */
export const GUIDE_ASPECTS = [
  "Role",
  "Depends on",
  "If it fails",
  "Uptime",
  "Contract",
  "Releases",
  "Versions",
  "Caching",
  "Testing",
  "Watch",
  "Changes",
];

// Which API an address belongs to: here all of them share one host.

export const APIS = ["events", "rest", "centreon"] as const;
export type Api = (typeof APIS)[number];

/** The API of a path without its query; what belongs to none the Events API turns away. */
export function apiOf(path: string): Api {
  if (/^\/(?:incidents|services|oncalls)(?:\/|$)/.test(path)) return "rest";
  return path.startsWith("/centreon/") ? "centreon" : "events";
}

// The page's files: which address gives which, and what a browser is allowed to do with them. What the page shows
// comes by GET /sandbox/live.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Markup and style stay where they were written; scripts lie where they were compiled to. */
const WRITTEN = new URL("../../../tools/sandbox/page/", import.meta.url);
const COMPILED = new URL("page/", import.meta.url);

const SCRIPT = { folder: COMPILED, type: "text/javascript; charset=utf-8" };

const FILES = new Map([
  ["/", { folder: WRITTEN, name: "index.html", type: "text/html; charset=utf-8" }],
  ["/sandbox/page/style.css", { folder: WRITTEN, name: "style.css", type: "text/css; charset=utf-8" }],
  ...["main.js", "dom.js", "incidents.js", "timeline.js", "form.js", "faults.js", "responder.js"].map(
    (name) => [`/sandbox/page/${name}`, { ...SCRIPT, name }] as const,
  ),
]);

/**
 * What the page shows was written by others: nothing runs but the page's own scripts, nothing is fetched but from
 * here, and nobody may frame it.
 */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

export interface PageFile {
  headers: Record<string, string>;
  read: () => Promise<string>;
}

/** Finds the file that a request asks for; undefined: it asks for something else. */
export function findPageFile(method: string, url: string): PageFile | undefined {
  const file = method === "GET" ? FILES.get(url.split("?", 1)[0] ?? "") : undefined;
  if (file === undefined) return undefined;
  return {
    headers: { ...HEADERS, "content-type": file.type },
    read: () => readFile(fileURLToPath(new URL(file.name, file.folder)), "utf8"),
  };
}

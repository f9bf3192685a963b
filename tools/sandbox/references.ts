// How PagerDuty names things in the answers of its REST API: ids, references, addresses, times. Pure.
import { createHash } from "node:crypto";

/** Of the account; nothing answers there (RFC 2606). */
const ACCOUNT = "https://sandbox.pagerduty.example";
const API = "https://api.pagerduty.example";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** An id as PagerDuty has them, the same one for the same seed: `P` and six letters, an incident's `Q` and thirteen. */
export function idFrom(seed: string, kind: "incident" | "other" = "other"): string {
  const length = kind === "incident" ? 13 : 6;
  const digest = createHash("sha256").update(seed).digest().subarray(0, length);
  return (
    (kind === "incident" ? "Q" : "P") + [...digest].map((byte) => LETTERS[byte % LETTERS.length]).join("")
  );
}

export interface Reference {
  id: string;
  type: string;
  summary: string;
  self: string | null;
  html_url: string | null;
}

/** What names a thing without telling of it; `folder` is where it lives in the account and in the API. */
export function reference(type: string, id: string, summary: string, folder: string): Reference {
  return { id, type, summary, self: `${API}/${folder}/${id}`, html_url: `${ACCOUNT}/${folder}/${id}` };
}

export function personReference(name: string): Reference {
  return reference("user_reference", idFrom(`person ${name}`), name, "users");
}

/** Whole seconds of UTC, as PagerDuty's answers have them. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

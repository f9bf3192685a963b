// Makes what asks PagerDuty what people did, and what tells Centreon of it, and gives them what they need of the others;
// nothing where there is no key to ask with. How it is asked and told is feedback's.
import type { Book } from "../alerts/book";
import type { FetchingTransport } from "../delivery/transport";
import type { ReopenChoice } from "../feedback/apply";
import type { Carry } from "../feedback/carry";
import { createCentreonApi } from "../feedback/centreon_api";
import { createCentreonSession } from "../feedback/centreon_session";
import { type Feedback, createFeedback } from "../feedback/feedback";
import type { Watching } from "../feedback/orphan_watch";
import { createRestApi } from "../feedback/rest_api";
import { type Telling, createTelling } from "../feedback/telling";
import type { Journal } from "../journal/journal";
import { centreonAccountOf, restApiUrl } from "../settings/endpoint";
import { listOf } from "../settings/lists";
import type { CheckedSettings } from "../settings/settings";
import type { Log } from "../text/log";

export interface AskingPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly book: Book;
  readonly journal: Pick<Journal, "writeAlert">;
  readonly log: Log;
}

/** Without `get`, in a rehearsal, or without `watching`, where there is no key, nothing is asked. */
export function createAsking(
  { settings, routingKeys }: CheckedSettings,
  get: FetchingTransport<never>["get"] | undefined,
  watching: Watching | undefined,
  carry: Carry | undefined,
  { now, book, journal, log }: AskingPorts,
): Feedback | undefined {
  if (get === undefined || watching === undefined) return undefined;
  return createFeedback(
    {
      interval: settings.pdy_sync_interval,
      routingKeys,
      dedupPrefix: settings.pdy_dedup_prefix,
      serviceIds: listOf(settings.pdy_service_ids, ","),
      reopen: settings.pdy_reopen as ReopenChoice,
      resolvesOrphans: settings.pdy_resolve_orphans,
    },
    {
      now,
      api: createRestApi(restApiUrl(settings), settings.pdy_api_key, get),
      find: book.findAlert,
      eachAlert: book.eachAlert,
      isOfQuietPoller: book.isOfQuietPoller,
      learnt: book.learnt,
      noted: journal.writeAlert,
      resolveUnknown: book.resolveUnknown,
      watching,
      carry,
      info: log.info,
      warning: log.warning,
    },
  );
}

/** Without `send`, in a rehearsal, or where no Centreon is named, or PagerDuty not asked, nothing is told. */
export function createTellingOf(
  { settings }: CheckedSettings,
  send: FetchingTransport<never>["send"] | undefined,
  { now, book, journal, log }: AskingPorts,
): Telling | undefined {
  const { centreon_api_url: url, pdy_api_key: apiKey } = settings;
  const account = centreonAccountOf(settings);
  if (send === undefined || apiKey === "" || url === "" || account === undefined) return undefined;
  return createTelling({
    api: createCentreonApi(createCentreonSession(url, account, send)),
    now,
    find: book.findAlert,
    eachAlert: book.eachAlert,
    noted: journal.writeAlert,
    changed: book.learnt,
    info: log.info,
    warning: log.warning,
  });
}

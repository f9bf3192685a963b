// The loop: what runs at each event and at each flush(), and in which order. Makes none of the parts it runs, and decides
// nothing about alerts.
import { createFineClock, turnWhileSending } from "../delivery/waiting";
import type { Parts } from "./parts";

/** What the broker calls, once the connector runs. Both give what the broker acknowledges events by. */
export interface Connector {
  readonly write: (this: void, event: BrokerEvent) => boolean;
  readonly flush: (this: void) => boolean;
}

/**
 * The broker calls flush() as soon as no event waits, and then about once a second; but never under continuous load
 * (measured). Only then does write() have to move the delivery on: opening a connection can take libcurl some 50 ms
 * of work, most of it for reading the system's certificates. Two of the clock's whole seconds are one at least.
 */
const FLUSH_INTERVAL = 2;

/** Seconds between attempts to mend a journal that cannot be written. */
const JOURNAL_RETRY_SECONDS = 60;

/** Under continuous load, write() looks after the connector itself once in so many events. */
const WRITES_BETWEEN_LOOKS = 1000;

/** Makes the journal's file anew when it has grown, and tries to mend one that cannot be written. */
function createTidying({ now, journal, book }: Parts): (this: void) => void {
  let lastCompaction = now();
  return () => {
    if (!journal.needsCompaction()) return;
    if (!journal.isUsable() && now() - lastCompaction < JOURNAL_RETRY_SECONDS) return;
    lastCompaction = now();
    journal.compact(book);
  };
}

/** The running connector. */
export function createConnector(parts: Parts): Connector {
  const { now, record, take, book, watchChanges, journal, dispatcher, settling, watchItself, statusFile } =
    parts;
  const fineClock = createFineClock();
  const tidyJournal = createTidying(parts);
  // flush() delivers; write() does when flush() is not called.
  let writeDeliversFrom = settling.until;

  // write() looks at the clock for the status file's sake only now and then: flush() does it where it is called.
  let writes = 0;
  const tellWhenBusy = (): void => {
    writes = 0;
    watchItself();
    statusFile.writeIfDue();
  };

  /** What is in the journal is safe; without one, only what PagerDuty has. */
  const mayAcknowledge = (): boolean => journal.isUsable() || !dispatcher.hasUndelivered();

  return {
    write: (event) => {
      if (record !== undefined) record(event);
      take(event, book);
      if (watchChanges !== undefined) watchChanges(event);
      writes = writes + 1;
      if (writes === WRITES_BETWEEN_LOOKS) tellWhenBusy();
      if (dispatcher.isIdle()) return true;
      if (now() >= writeDeliversFrom) dispatcher.turn();
      return mayAcknowledge();
    },
    flush: () => {
      watchItself();
      parts.retrigger();
      tidyJournal();
      settling.until = 0;
      writeDeliversFrom = now() + FLUSH_INTERVAL;
      turnWhileSending(fineClock, dispatcher.isSending, parts.wait, dispatcher.turn);
      statusFile.writeIfDue();
      return mayAcknowledge();
    },
  };
}

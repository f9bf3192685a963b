// The loop: what runs at each event and at each flush(), and in which order. Makes none of the parts it runs, and decides
// nothing about alerts.
import { createFineClock, turnWhileSending } from "../delivery/waiting";
import { IGNORED } from "./intake";
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

/** Under continuous load, write() looks after the connector itself, and at the clock, once in so many events. */
const WRITES_BETWEEN_LOOKS = 1000;

/** Most alerts that are seen to in one flush(), and in one write(), which must be short: thousands come in turns. */
const MOST_READ_IN_FLUSH = 5000;
const MOST_ENDED_IN_FLUSH = 1000;
const MOST_IN_WRITE = 10;

/** Most transfers that one write() starts: what an event says takes a look at everything on its host. */
const MOST_STARTS_IN_WRITE = 1;

/**
 * Most bytes of what PagerDuty tells that are read in one go: two milliseconds of work (docs/benchmarks.md); how often in one
 * flush(); and most in one write(), a tenth of a millisecond.
 */
const MOST_READ_BYTES = 32768;
const MOST_READS_IN_FLUSH = 4;
const MOST_READ_BYTES_IN_WRITE = 1024;

/** Seconds that one flush() may wait for what PagerDuty tells: enough for a round trip, and alerts are not held up by it. */
const LONGEST_READING = 0.1;

/** Seconds between two lines of the journal that say that the connector runs. */
const ALIVE_INTERVAL = 60;

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

/** Looks that are taken often, and cost next to nothing when nothing is due. */
function createLooks(parts: Parts): (this: void) => void {
  const { now, journal } = parts;
  let lastAlive = now();
  return () => {
    parts.watchItself();
    if (parts.heartbeat !== undefined) parts.heartbeat.look();
    if (parts.feedback !== undefined) parts.feedback.look();
    if (parts.telling !== undefined) parts.telling.look();
    if (parts.takeOrders !== undefined) parts.takeOrders();
    if (parts.watchRules !== undefined) parts.watchRules();
    parts.retrigger();
    parts.namelessWatch.look();
    if (now() - lastAlive < ALIVE_INTERVAL) return;
    lastAlive = now();
    journal.writeAlive();
  };
}

/** The running connector. */
export function createConnector(parts: Parts): Connector {
  const {
    now,
    record,
    handlers,
    watchChanges,
    book,
    placeSweep,
    journal,
    dispatcher,
    settling,
    writeStatus,
  } = parts;
  const { heartbeat, feedback, telling } = parts;
  const fineClock = createFineClock();
  const tidyJournal = createTidying(parts);
  const look = createLooks(parts);
  // flush() delivers, and ends what a clock ends; write() does when flush() is not called.
  let writeDeliversFrom = settling.until;

  // False when nothing is left to do for sure, as most events leave it: then no part needs to be asked.
  let mayHaveWork = true;

  // write() takes the looks, and writes the status file, only now and then: flush() does it where it is called.
  let writes = 0;
  const lookWhenBusy = (): void => {
    writes = 0;
    mayHaveWork = true;
    look();
    writeStatus();
  };

  const isBeating = (): boolean => heartbeat?.isUnderWay() === true;
  const isSending = (): boolean => dispatcher.isSending() || isBeating();

  /** Something is under way that nobody waits for: it moves on with what is sent. */
  const isVisiting = (): boolean => isBeating() || telling?.isUnderWay() === true;

  const isAnyHoldOver = (): boolean => {
    const end = book.firstHoldEnd();
    return end !== undefined && end <= now();
  };

  const deliverWhenBusy = (): void => {
    const isSweeping = placeSweep.isUnderWay();
    if (isSweeping) placeSweep.turn(MOST_IN_WRITE);
    const isReading = feedback?.isUnderWay() === true;
    if (dispatcher.isIdle() && !isAnyHoldOver() && !isVisiting() && !isReading) {
      // Holds that end later are looked at again by the next look: thousands may be held for hours.
      mayHaveWork = isSweeping;
      return;
    }
    if (now() < writeDeliversFrom) return;
    book.endHolds(MOST_IN_WRITE);
    dispatcher.turn(MOST_STARTS_IN_WRITE);
    if (isReading) feedback.turn(MOST_READ_BYTES_IN_WRITE);
  };

  /** What PagerDuty tells, after everything that it is told. */
  const readWhenIdle = (): void => {
    if (feedback?.isUnderWay() !== true) return;
    let reads = 0;
    const mayRead = (): boolean => reads < MOST_READS_IN_FLUSH && feedback.isUnderWay();
    const turn = (): boolean => {
      const isAnyLeft = dispatcher.turn();
      const isMoreToRead = feedback.turn(MOST_READ_BYTES);
      if (isMoreToRead) reads = reads + 1;
      return (isMoreToRead || isAnyLeft) && mayRead();
    };
    turnWhileSending(fineClock, mayRead, parts.wait, turn, LONGEST_READING);
  };

  /** What is in the journal is safe; without one, only what PagerDuty has. */
  const mayAcknowledge = (): boolean => journal.isUsable() || !dispatcher.hasUndelivered();

  const write: Connector["write"] = (event) => {
    const handler = handlers.get(event._type);
    if (handler !== undefined && handler(event, book) !== IGNORED) mayHaveWork = true;
    writes = writes + 1;
    if (writes === WRITES_BETWEEN_LOOKS) lookWhenBusy();
    if (!mayHaveWork) return true;
    deliverWhenBusy();
    return mayAcknowledge();
  };

  /** For what sees each event beside its handler. A change that it tells of goes with what is sent next. */
  const writeWatched: Connector["write"] = (event) => {
    if (record !== undefined) record(event);
    const isAcknowledged = write(event);
    if (watchChanges !== undefined && watchChanges(event)) mayHaveWork = true;
    return isAcknowledged;
  };

  return {
    write: record === undefined && watchChanges === undefined ? write : writeWatched,
    flush: () => {
      mayHaveWork = true;
      if (placeSweep.isUnderWay()) placeSweep.turn(MOST_READ_IN_FLUSH);
      book.endHolds(MOST_ENDED_IN_FLUSH);
      look();
      tidyJournal();
      settling.until = 0;
      writeDeliversFrom = now() + FLUSH_INTERVAL;
      turnWhileSending(fineClock, isSending, parts.wait, dispatcher.turn);
      readWhenIdle();
      writeStatus();
      return mayAcknowledge();
    },
  };
}

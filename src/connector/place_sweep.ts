// Places that may be others than they were: all of them at a start, and when a group or category is called otherwise. Read
// anew in turns, since there may be thousands; whoever is told before its turn is read at once.
import type { Alert } from "../alerts/alert";
import type { Book } from "../alerts/book";

/** Most alerts of one turn: within flush(), and within write(), which must be short. */
export const MOST_IN_FLUSH = 5000;
export const MOST_IN_WRITE = 10;

export interface PlaceSweep {
  /** Every place may be another from now on. */
  readonly begin: (this: void) => void;
  /** Whether there are any left to read. */
  readonly isUnderWay: (this: void) => boolean;
  /** Reads the next ones, and has them judged anew. */
  readonly turn: (this: void, most: number) => void;
  /** Reads the place of one that is about to be told, if it may not be of today. */
  readonly readBefore: (this: void, alert: Alert) => void;
}

/** Nothing is to be read yet. */
export function createPlaceSweep(
  book: Pick<Book, "eachAlert" | "findAlert" | "refresh" | "readPlace">,
): PlaceSweep {
  let isWanted = false;
  let left: Alert[] = [];
  const list = (): void => {
    if (!isWanted) return;
    isWanted = false;
    left = [];
    book.eachAlert((alert) => left.push(alert));
  };
  return {
    begin: () => {
      isWanted = true;
    },
    isUnderWay: () => isWanted || left.length > 0,
    turn: (most) => {
      list();
      for (const _ of $range(1, most)) {
        const alert = left.pop();
        if (alert === undefined) return;
        // It may be settled and forgotten by now.
        if (book.findAlert(alert.resource) === alert) book.refresh(alert);
      }
    },
    readBefore: (alert) => {
      if (isWanted || left.length > 0) book.readPlace(alert);
    },
  };
}

// Places that may be others than they were: all of them at a start, and when a group or category is called otherwise. Read
// anew in turns, since there may be thousands; whoever is told before its turn is read at once.
import type { Alert } from "../alerts/alert";
import type { Book } from "../alerts/book";

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
  const left: Alert[] = [];
  /** What is being read is read to its end first: groups come by the hundred, and to list all for each would cost more. */
  const next = (): Alert | undefined => {
    if (left.length === 0 && isWanted) {
      isWanted = false;
      book.eachAlert((alert) => left.push(alert));
    }
    return left.pop();
  };
  return {
    begin: () => {
      isWanted = true;
    },
    isUnderWay: () => isWanted || left.length > 0,
    turn: (most) => {
      for (const _ of $range(1, most)) {
        const alert = next();
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

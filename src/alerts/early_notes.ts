// Notes of acknowledgements that came before the alert they are about: a SOFT problem can be acknowledged, too. Owns
// how long they are kept.
import type { AcknowledgementNote } from "./alert";

export interface EarlyNotes {
  readonly put: (this: void, dedupKey: string, note: AcknowledgementNote) => void;
  /** Gives the note, and forgets it. */
  readonly take: (this: void, dedupKey: string) => AcknowledgementNote | undefined;
}

/** Seconds for which an early note is kept at least, and at most twice as long: SOFT states last minutes. */
const EARLY_NOTE_SECONDS = 3600;

/** No notes yet. `now`: seconds that never go back. */
export function createEarlyNotes(now: (this: void) => number): EarlyNotes {
  // Two tables that take turns: the older one is dropped as a whole.
  let recent = new LuaTable<string, AcknowledgementNote | undefined>();
  let older = recent;
  let since = now();
  return {
    put: (dedupKey, note) => {
      if (now() - since >= EARLY_NOTE_SECONDS) {
        older = recent;
        recent = new LuaTable();
        since = now();
      }
      recent.set(dedupKey, note);
    },
    take: (dedupKey) => {
      const note = recent.get(dedupKey) ?? older.get(dedupKey);
      recent.set(dedupKey, undefined);
      older.set(dedupKey, undefined);
      return note;
    },
  };
}

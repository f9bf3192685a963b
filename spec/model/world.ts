// What the connector lives on in a history: a clock that is set rather than waited for, and a life that can end at
// any moment. Knows nothing of what the connector does.

/** Virtual time, in milliseconds since 1970. */
export interface Clock {
  now: number;
}

/** Unix time, in the whole seconds that os.time gives. */
export function secondsOf(clock: Clock): number {
  return math.floor(clock.now / 1000);
}

/**
 * The life of one process. An effect is whatever outlasts the process: bytes handed to the system, a file renamed, a
 * request begun. Once the life is over effects are no more: the code that still runs changes nothing.
 */
export interface Life {
  isOver: boolean;
  /** So many effects from now the life ends, within that effect. Undefined: it does not end by itself. */
  effectsLeft: number | undefined;
}

/** Counts an effect: it happens whole, is cut short by the end of the life, or comes too late. */
export function effect(life: Life): "whole" | "cut short" | "too late" {
  if (life.isOver) return "too late";
  if (life.effectsLeft === undefined) return "whole";
  life.effectsLeft -= 1;
  if (life.effectsLeft > 0) return "whole";
  life.isOver = true;
  return "cut short";
}

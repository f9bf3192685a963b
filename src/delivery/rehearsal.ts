// A transport that sends nothing: each event goes to the log, and counts as accepted (send_data_test). For looking at
// what would be sent, before PagerDuty gets any of it.
import type { Finished, Transport } from "./transport";

/** What PagerDuty answers when it accepts an event. */
const ACCEPTED = 202;

/** `log` takes the body of each event; it must hide the routing key that is in it. */
export function createRehearsal<Token>(
  maximumParallel: number,
  log: (this: void, text: string) => void,
): Transport<Token> {
  let waiting: Finished<Token>[] = [];
  return {
    maximumParallel,
    running: () => waiting.length,
    start: (token, body) => {
      log(`send_data_test: this would be sent: ${body}`);
      waiting.push({
        token,
        outcome: {
          kind: "answered",
          status: ACCEPTED,
          body: "",
          retryAfter: undefined,
          openedConnection: false,
        },
      });
    },
    poll: () => {
      const finished = waiting;
      waiting = [];
      return finished;
    },
    wait: () => undefined,
  };
}

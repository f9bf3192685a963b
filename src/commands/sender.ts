// Posts single events to PagerDuty for commands, and waits for what each answer means. What is sent is theirs to say.
import { createTransport } from "../delivery/transport";
import { type HttpOutcome, type Verdict, judge } from "../pagerduty/answer";
import { endpointOf } from "../settings/endpoint";
import { encode } from "../text/json";
import type { Setup } from "./output";

export interface Sender {
  /** Posts a body and waits for the outcome, which comes within the time limits of the settings. */
  readonly post: (this: void, body: string) => HttpOutcome;
  /** The same, and says what the outcome means. */
  readonly send: (this: void, body: string) => Verdict;
}

/** Longest single wait for the network, in milliseconds. */
const WAIT_STEP = 50;

/** `url`: where to, if not where the output's alerts go. */
export function createSender(curl: CurlModule, { settings }: Setup, url?: string): Sender {
  const transport = createTransport<undefined>(curl, endpointOf(settings, url));
  const post = (body: string): HttpOutcome => {
    transport.start(undefined, body);
    while (true) {
      const finished = transport.poll()[0];
      if (finished !== undefined) return finished.outcome;
      transport.wait(WAIT_STEP);
    }
  };
  return { post, send: (body) => judge(post(body)) };
}

/** The resolve of the alert with this dedup key, by this routing key. */
export function resolveBody(routingKey: string, sentKey: string): string {
  return encode({
    fields: [
      ["routing_key", routingKey],
      ["event_action", "resolve"],
      ["dedup_key", sentKey],
    ],
  });
}

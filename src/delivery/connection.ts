// A connection to PagerDuty and nothing sent over it: shows whether names resolve, the proxy lets us through and the
// certificate is trusted. With the very options that the transport sends with.
import type { HttpOutcome } from "../pagerduty/answer";
import type { Endpoint } from "../settings/endpoint";
import { problemText, setEndpointOptions } from "./transport";

export type ConnectionOutcome =
  | {
      readonly kind: "connected";
      /** The address of the other end: PagerDuty's, or the proxy's. */
      readonly address: string;
      readonly seconds: number;
    }
  | (HttpOutcome & { readonly kind: "failed" });

/** Longest single wait for the network, in milliseconds. */
const WAIT_STEP = 50;

/** Connects, waiting until that is done or has failed: at most as long as the settings allow. */
export function tryConnection(curl: CurlModule, settings: Endpoint): ConnectionOutcome {
  const multi = curl.multi();
  const easy = curl.easy();
  const [isPossible, refusal] = pcall(() => {
    setEndpointOptions(curl, easy, settings);
    easy.setopt({ connect_only: true });
    multi.add_handle(easy);
  });
  const failed = (reason: string, errorNumber: number, proxyStatus: number): ConnectionOutcome => ({
    kind: "failed",
    reason,
    errorNumber,
    proxyStatus,
    mayHaveArrived: false,
  });
  if (!isPossible) return failed(tostring(refusal), 0, 0);
  while (true) {
    multi.perform();
    // A multi gives errors with their numbers; an easy by itself raises them as texts on Lua 5.1.
    const [ended, , problem] = multi.info_read();
    if (typeof ended !== "number") {
      if (problem !== undefined) {
        return failed(
          problemText(problem, settings),
          problem.no(),
          math.floor(easy.getinfo_http_connectcode()),
        );
      }
      return {
        kind: "connected",
        address: easy.getinfo_primary_ip(),
        seconds: easy.getinfo_total_time(),
      };
    }
    multi.wait(WAIT_STEP);
  }
}

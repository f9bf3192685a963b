// The stage for stories: one sandbox PagerDuty, and brokers that each send to it with a routing key of their own, so
// that several stories can run at a time. A story ends by looking at what PagerDuty shows.
import { type Broker, type BrokerSetup, type Line, startBroker } from "./brokerhost";
import { type Incident, inShort, incidentsOf } from "./incidents";
import type { Sandbox } from "./sandbox";

export interface Actor extends Broker {
  readonly routingKey: string;
  /** Orders a fault of tools/sandbox/README.md for this broker's requests, those that `match` describes. */
  readonly orderFault: (this: void, fault: Line, match?: Line) => void;
  /** The incidents that PagerDuty has of this broker now. */
  readonly incidents: (this: void) => Incident[];
  /** Settles, and gives the incidents in short: `11_22 triggered critical, 1 page`. */
  readonly pagerduty: (this: void) => string[];
}

export interface Stage {
  /** A broker whose connector sends to the sandbox over plain HTTP, unless the parameters say otherwise. */
  readonly start: (this: void, setup?: BrokerSetup) => Actor;
  /** Ends all brokers; for after_each or teardown. */
  readonly clear: (this: void) => void;
}

let keysGiven = 0;

/** A routing key that no broker had before, told from the others by its last four characters. */
export function newRoutingKey(): string {
  keysGiven += 1;
  return string.format("0123456789abcdef0123456789ab%04d", keysGiven);
}

export function createStage(sandbox: Sandbox): Stage {
  let actors: Actor[] = [];
  return {
    start: (setup = {}) => {
      const routingKey = newRoutingKey();
      const broker = startBroker({
        ...setup,
        parameters: {
          pdy_routing_key: routingKey,
          http_server_url: `${sandbox.url}/v2/enqueue`,
          ...setup.parameters,
        },
      });
      const incidents = (): Incident[] => incidentsOf(sandbox, routingKey);
      const actor: Actor = {
        ...broker,
        routingKey,
        orderFault: (fault, match = {}) => {
          sandbox.post("/sandbox/faults", { ...fault, match: { routing_key: routingKey, ...match } });
        },
        incidents,
        pagerduty: () => {
          broker.settle();
          return incidents().map((incident) => inShort(incident));
        },
      };
      actors.push(actor);
      return actor;
    },
    clear: () => {
      const all = actors;
      actors = [];
      for (const actor of all) actor.discard();
    },
  };
}

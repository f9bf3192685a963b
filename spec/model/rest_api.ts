// What PagerDuty's REST API answers of its people's incidents, and how it fails: not at all, slowly, wrongly, late, or
// blind to what a key may not see. Owns what counts as one round of questions, and whether it was answered in full.
import { type People, type RestIncident, type Version, serviceOf } from "./people";
import type { Clock } from "./world";

/** How the REST API fares. `late`: it tells what was some seconds ago. `blind`: the key sees no incident. */
export type RestMode = "well" | "down" | "slow" | "429" | "503" | "garbage" | "cut off" | "late" | "blind";

/** An answer that comes after `delay` milliseconds; status 0: there is no connection. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly delay: number;
  readonly headers: readonly string[];
}

export interface RestApiPorts {
  readonly clock: Clock;
  readonly people: People;
  readonly routingKeys: readonly string[];
  /** Seconds by which it tells late. */
  readonly lateness: number;
  /** A round that began at `beganAt` was answered in full, and what was found has been applied. `toldOf`: as it was then. */
  readonly roundIsOver: (this: void, beganAt: number, toldOf: number) => void;
}

export interface ModelRestApi {
  readonly setMode: (this: void, mode: RestMode) => void;
  /** `path` with its query. */
  readonly answer: (this: void, path: string) => Answer;
  /** Who asked is gone. */
  readonly processGone: (this: void) => void;
}

const ANSWERED_AFTER = 30;
const SLOWLY_ANSWERED_AFTER = 20000;

export function createModelRestApi(ports: RestApiPorts): ModelRestApi {
  const { clock, people } = ports;
  let mode: RestMode = "well";
  let beganAt: number | undefined;
  let isComplete = false;
  let isListing = false;

  const answered = (body: string, status = 200): Answer => ({
    status,
    body,
    delay: mode === "slow" ? SLOWLY_ANSWERED_AFTER : ANSWERED_AFTER,
    headers: [],
  });

  const toldOf = (): number => clock.now - ports.lateness * 1000;

  const versionOf = (incident: RestIncident): Version | undefined => {
    const time = mode === "late" ? toldOf() : clock.now;
    let told: Version | undefined;
    for (const version of incident.versions) if (version.since <= time) told = version;
    return told;
  };

  /** A round begins: the one before is over, and what it found is applied. */
  const begin = (): void => {
    if (beganAt !== undefined && isComplete) ports.roundIsOver(beganAt, beganAt - ports.lateness * 1000);
    beganAt = clock.now;
    isComplete = false;
  };

  /** Only those of the services that are asked for, if some are. */
  const list = (path: string): string => {
    const open: string[] = [];
    const asksForSome = string.find(path, "service_ids", 1, true)[0] !== undefined;
    for (const incident of people.incidents) {
      if (asksForSome && string.find(path, incident.service, 1, true)[0] === undefined) continue;
      const version = mode === "blind" ? undefined : versionOf(incident);
      if (version?.isOpen === true) open.push(version.incident);
    }
    return `{"incidents":[${open.join(",")}],"limit":100,"offset":0,"more":false}`;
  };

  const read = (id: string, what: string | undefined): Answer => {
    const incident = people.incidents.find((it) => it.id === id);
    const version = incident === undefined || mode === "blind" ? undefined : versionOf(incident);
    if (version === undefined) return answered('{"error":{"message":"Not Found","code":2100}}', 404);
    if (what === "alerts") return answered(`{"alerts":[${version.alerts}],"more":false}`);
    if (what === "notes") return answered(`{"notes":[${version.notes}]}`);
    return answered(`{"incident":${version.incident}}`);
  };

  const answerOf = (path: string): Answer => {
    const [id, what] = string.match(path, "^/incidents/(%w+)/?(%w*)");
    if (id !== undefined) return read(id, what === "" ? undefined : what);
    if (string.match(path, "^/services")[0] !== undefined) {
      const services = ports.routingKeys.map(
        (key) => `{"id":"${serviceOf(key)}","name":"Shop","integrations":[{"integration_key":"${key}"}]}`,
      );
      return answered(`{"services":[${services.join(",")}],"more":false}`);
    }
    return answered(list(path));
  };

  const fails = (): Answer | undefined => {
    switch (mode) {
      case "down":
        return { ...answered(""), status: 0 };
      case "429":
        return { ...answered("", 429), headers: ["ratelimit-reset: 70\r\n"] };
      case "503":
        return answered("", 503);
      case "garbage":
        return answered("<html>Sign in</html>");
      default:
        return undefined;
    }
  };

  return {
    setMode: (now) => {
      mode = now;
    },
    answer: (path) => {
      const isOfServices = string.match(path, "^/services")[0] !== undefined;
      const isList = string.match(path, "^/incidents%?")[0] !== undefined;
      if (isOfServices || (isList && !isListing)) begin();
      isListing = isOfServices;
      const failure = fails();
      const answer = failure ?? answerOf(path);
      if (isList) isComplete = true;
      if (failure !== undefined || mode === "blind" || mode === "cut off") isComplete = false;
      if (mode === "cut off") return { ...answer, body: string.sub(answer.body, 1, answer.body.length / 2) };
      return answer;
    },
    processGone: () => {
      beganAt = undefined;
      isListing = false;
    },
  };
}

// The side of a history that people are on: PagerDuty with its REST API, Centreon's API, and the judge of what the connector
// does about them; what each step of theirs does. Nothing of it is there where no key to ask with is set.
import { type ModelCentreonApi, createModelCentreonApi, readAsked } from "./centreon_api";
import type { Resource } from "./engine";
import type { Setting } from "./history";
import type { Model } from "./model";
import { type People, createPeople } from "./people";
import { type PeopleJudge, type Reopen, TOKEN_USER, createPeopleJudge } from "./people_judge";
import type { PeopleStep } from "./people_steps";
import { type Answer, createModelRestApi } from "./rest_api";
import type { Clock } from "./world";

/** Seconds, by default. */
const DEFAULT_INTERVAL = 60;

export interface WithPeoplePorts {
  readonly clock: Clock;
  readonly parameters: Setting["parameters"];
  readonly routingKeys: readonly string[];
  readonly hasJournal: boolean;
  readonly resources: readonly Resource[];
  readonly model: Model;
  readonly setAcknowledgement: (
    this: void,
    resource: Resource,
    acknowledgement: number,
    note: { readonly author: string; readonly comment: string },
  ) => void;
  readonly note: ((this: void, text: string) => void) | undefined;
  readonly fail: (this: void, what: string) => void;
}

export interface WithPeople {
  readonly people: People;
  readonly judge: PeopleJudge;
  /** What comes of a request that is no event; undefined: it is one. */
  readonly visit: (this: void, options: CurlEasyOptions) => Answer | undefined;
  /** The answer to it has been read. */
  readonly visitEnded: (this: void, options: CurlEasyOptions, status: number) => void;
  readonly doStep: (this: void, step: PeopleStep, resource: Resource | undefined) => void;
  readonly processGone: (this: void) => void;
  /** Lets happen what is due. */
  readonly settle: (this: void) => void;
  /** Both APIs fare well from now on. */
  readonly calm: (this: void) => void;
}

export function createWithPeople(ports: WithPeoplePorts): WithPeople | undefined {
  const { clock, parameters, resources, note } = ports;
  if (parameters.pdy_api_key === undefined) return undefined;
  const interval = (parameters.pdy_sync_interval as number | undefined) ?? DEFAULT_INTERVAL;
  const people = createPeople({
    clock,
    did: (key, deed, by) => {
      note?.(`    PagerDuty: ${key} is ${deed}${by === undefined ? "" : ` by ${by}`}`);
      judge.did(key, deed, by);
    },
  });
  const judge: PeopleJudge = createPeopleJudge({
    clock,
    people,
    model: ports.model,
    resources,
    rules: {
      reopen: (parameters.pdy_reopen as Reopen | undefined) ?? "always",
      interval,
      hardOnly: parameters.hard_only !== 0,
      hasJournal: ports.hasJournal,
      resolvesRecoveries: parameters.pdy_resolve !== 0,
      downtimesAcknowledge: parameters.pdy_downtime_action === "acknowledge",
      repageOnEscalation: parameters.pdy_repage_on_escalation === 1,
      repageOnUnacknowledge: parameters.pdy_repage_on_unacknowledge === 1,
      tellsCentreon: parameters.centreon_api_url !== undefined && parameters.centreon_api_token !== undefined,
    },
    fail: ports.fail,
  });
  const restApi = createModelRestApi({
    clock,
    people,
    routingKeys: ports.routingKeys,
    // What is told later than that the connector need not reckon with.
    lateness: interval - 1,
    roundIsOver: judge.roundIsOver,
  });
  const centreon: ModelCentreonApi = createModelCentreonApi({
    clock,
    resources,
    acknowledge: (resource, comment) => {
      ports.setAcknowledgement(resource, 2, { author: TOKEN_USER, comment });
    },
    takeBack: (resource) => {
      ports.setAcknowledgement(resource, 0, { author: TOKEN_USER, comment: "" });
    },
    asked: judge.asked,
  });

  /** The path of an address of the REST API; undefined: it is another. */
  const restPath = ({ url = "" }: CurlEasyOptions): string | undefined =>
    string.match(url, "^https://api%.pagerduty%.com(.*)")[0];

  return {
    people,
    judge,
    visit: (options) => {
      const { url = "", postfields = "" } = options;
      const path = restPath(options);
      if (path !== undefined) {
        const answer = restApi.answer(path);
        note?.(`    REST API: ${string.match(path, "^[^?]*")[0]}: ${answer.status} ${answer.body}`);
        return answer;
      }
      if (string.find(url, "/api/latest/monitoring/", 1, true)[0] === undefined) return undefined;
      note?.(`    Centreon's API: ${postfields}`);
      return centreon.answer(postfields);
    },
    visitEnded: (options, status) => {
      if (restPath(options) !== undefined) return;
      const asked = readAsked(options.postfields ?? "", resources);
      if (asked !== undefined) judge.answered(asked, status);
    },
    doStep: (step, resource) => {
      if (step.step === "REST API") restApi.setMode(step.is);
      if (step.step === "Centreon's API") centreon.setMode(step.is);
      if (resource === undefined) return;
      const { key } = resource;
      if (step.step === "person acknowledges") people.acknowledge(key, step.by);
      if (step.step === "person un-acknowledges") people.unacknowledge(key, step.by);
      if (step.step === "person resolves") people.resolve(key, step.by);
      if (step.step === "person resolves the alert alone") people.resolveAlert(key, step.by);
      if (step.step === "person merges") people.merge(key, step.by);
      if (step.step === "person writes a note") people.note(key, step.by);
      if (step.step === "PagerDuty resolves by itself") people.resolve(key, undefined);
      if (step.step === "acknowledgement ends by itself") people.unacknowledge(key, undefined);
      if (step.step === "event rule suppresses") people.suppress(key, true);
      if (step.step === "event rule lets pass") people.suppress(key, false);
    },
    processGone: () => {
      restApi.processGone();
      judge.processGone();
    },
    settle: centreon.settle,
    calm: () => {
      restApi.setMode("well");
      centreon.setMode("well");
    },
  };
}

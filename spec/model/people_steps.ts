// What people, PagerDuty's timeouts and rules, and the two APIs do in a history, as plain steps; put into some of the random
// histories, by chance of their own.
import type { Random } from "../support/random";
import type { CentreonMode } from "./centreon_api";
import type { History, Setting, Step } from "./history";
import type { RestMode } from "./rest_api";

export type PeopleStep =
  | {
      readonly step:
        | "person acknowledges"
        | "person un-acknowledges"
        | "person resolves"
        | "person resolves the alert alone"
        | "person merges"
        | "person writes a note";
      of: number;
      by: string;
    }
  | {
      readonly step:
        | "PagerDuty resolves by itself"
        | "acknowledgement ends by itself"
        | "event rule suppresses"
        | "event rule lets pass";
      of: number;
    }
  | { readonly step: "REST API"; is: RestMode }
  | { readonly step: "Centreon's API"; is: CentreonMode };

const PEOPLE = ["Sam Rivera", "Kim Okafor"];

function randomParameters(random: Random): Setting["parameters"] {
  const tellsCentreon = random.integer(0, 1) === 1;
  return {
    pdy_api_key: "rest-key",
    pdy_sync_interval: random.oneOf([5, 5, 20]),
    pdy_reopen: random.oneOf(["always", "always", "timeout", "never"]),
    ...(random.integer(1, 4) === 1 && { pdy_repage_on_escalation: 1 }),
    ...(tellsCentreon && {
      centreon_api_url: "http://centreon.example.com/centreon",
      centreon_api_token: "token",
    }),
  };
}

/** The history with people in it, in half of all. */
export function withPeople(history: History, random: Random): History {
  const { setting } = history;
  if (random.integer(1, 2) > 1) return history;
  const parameters = { ...setting.parameters, ...randomParameters(random) };
  const resources = setting.hosts.length + setting.services.length;
  const isHost = (of: number): boolean => of < setting.hosts.length;
  const by = (): string => random.oneOf(PEOPLE);
  const check = (of: number, result: number): Step => ({
    step: "check",
    of,
    result,
    age: 0,
    isPassive: false,
  });
  const checks = (of: number, result: number): Step[] => {
    const { maximumAttempts } = (isHost(of)
      ? setting.hosts[of]
      : setting.services[of - setting.hosts.length]) ?? { maximumAttempts: 1 };
    const steps: Step[] = [];
    for (const _ of $range(1, maximumAttempts)) steps.push(check(of, result));
    return steps;
  };
  const time = (seconds: number): Step => ({ step: "time", seconds, isBusy: false });
  /** It is known by then, or not yet. */
  const while_ = (): Step => time(random.oneOf([1, 3, 20, 60, 60]));
  const bad = (of: number): Step[] => checks(of, isHost(of) ? 1 : random.oneOf([1, 2]));
  const acknowledges = (of: number): Step => ({ step: "person acknowledges", of, by: by() });
  const resolves = (of: number): Step => ({ step: "person resolves", of, by: by() });

  /** Something that happens after. */
  const then = (of: number): Step[] =>
    random.oneOf<() => Step[]>([
      () => [],
      () => [check(of, isHost(of) ? 1 : 2)],
      () => checks(of, isHost(of) ? 1 : 2),
      () => checks(of, 1),
      () => [check(of, 0)],
      () => [...checks(of, 0), ...bad(of)],
      () => [{ step: "status again", of }],
      () => [resolves(of)],
      () => [acknowledges(of)],
      () => [{ step: "person un-acknowledges", of, by: by() }],
      () => [{ step: "acknowledgement ends by itself", of }],
      () => [{ step: "PagerDuty resolves by itself", of }],
      () => [{ step: "acknowledge", of, isSticky: random.integer(0, 1) === 1 }],
      () => [{ step: "remove acknowledgement", of }],
      () => [{ step: random.oneOf(["stop", "kill"]) }, { step: "start", diesAt: undefined }],
    ])();
  const closing = (of: number): Step[] => [
    random.integer(0, 1) === 1 ? resolves(of) : { step: "PagerDuty resolves by itself", of },
  ];
  const merging = (of: number): Step[] => [
    { step: "person merges", of, by: by() },
    while_(),
    random.oneOf<Step>([{ step: "person resolves the alert alone", of, by: by() }, resolves(of)]),
  ];
  const acknowledging = (of: number): Step[] => [
    ...(random.integer(0, 1) === 1 ? [{ step: "person writes a note", of, by: by() } as const] : []),
    acknowledges(of),
  ];
  const acts = (of: number): Step[] =>
    random.oneOf([closing, closing, acknowledging, acknowledging, merging])(of);
  const story = (): Step[] => {
    const of = random.integer(0, resources - 1);
    const steps: Step[] = [...bad(of), while_(), ...acts(of), while_(), ...then(of), while_(), ...then(of)];
    const at = (): number => random.integer(0, steps.length);
    switch (random.integer(1, 5)) {
      case 1: {
        const is = random.oneOf<RestMode>([
          "down",
          "slow",
          "429",
          "503",
          "garbage",
          "cut off",
          "late",
          "blind",
        ]);
        steps.splice(at(), 0, { step: "REST API", is });
        steps.push(while_(), { step: "REST API", is: "well" });
        break;
      }
      case 2: {
        const is = random.oneOf<CentreonMode>(["down", "500", "refuses", "late"]);
        steps.splice(at(), 0, { step: "Centreon's API", is });
        steps.push(while_(), { step: "Centreon's API", is: "well" });
        break;
      }
      case 3:
        if (random.integer(0, 1) === 1) break;
        steps.splice(0, 0, { step: "event rule suppresses", of });
        steps.splice(at(), 0, { step: "event rule lets pass", of });
        break;
    }
    return steps;
  };

  /** A service that gets worse, or is well for a moment, while people have it in hand. */
  const turn = (): Step[] => {
    const of = setting.hosts.length + random.integer(0, setting.services.length - 1);
    const warned = checks(of, 1);
    const worse = checks(of, 2);
    const known = time(60);
    const soon = time(random.integer(5, 12));
    return random.oneOf<() => Step[]>([
      () => [...warned, known, ...closing(of), known, ...worse, soon],
      () => [...warned, known, acknowledges(of), soon, ...worse, soon],
      () => [
        ...warned,
        soon,
        { step: "acknowledge", of, isSticky: true },
        ...worse,
        known,
        acknowledges(of),
        known,
      ],
      () => [
        ...[...warned, known, { step: "Centreon's API", is: "down" } as const, acknowledges(of), known],
        ...[check(of, 0), ...warned, { step: "Centreon's API", is: "well" } as const, known],
      ],
    ])();
  };

  const steps = [...history.steps];
  for (const _ of $range(1, random.integer(1, 2))) {
    const place = random.integer(0, steps.length);
    (random.integer(1, 4) === 1 ? turn : story)().forEach((step, index) =>
      steps.splice(place + index, 0, step),
    );
  }
  return { setting: { ...setting, parameters }, steps };
}

const NAMES: Record<PeopleStep["step"], true> = {
  "person acknowledges": true,
  "person un-acknowledges": true,
  "person resolves": true,
  "person resolves the alert alone": true,
  "person merges": true,
  "person writes a note": true,
  "PagerDuty resolves by itself": true,
  "acknowledgement ends by itself": true,
  "event rule suppresses": true,
  "event rule lets pass": true,
  "REST API": true,
  "Centreon's API": true,
};

export function isPeopleStep(step: Step): step is PeopleStep {
  return step.step in NAMES;
}

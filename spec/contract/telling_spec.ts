// Who acknowledges in the sandbox's PagerDuty stands in the sandbox's Centreon: the shipped connector asks the one and tells
// the other, and what Centreon then does comes back as events.
import type { Line } from "../support/brokerhost";
import { CRITICAL, type Centreon, LOAD, OK, createCentreon } from "../support/events";
import { assertSays, logged } from "../support/log";
import { CENTREON_TOKEN, type Effect, effectsAfter, eventsOf, passTime, person } from "../support/people";
import { waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(() => {
  stage.clear();
  sandbox.remove("/sandbox/faults");
  sandbox.remove("/sandbox");
});

interface Staged {
  readonly broker: Actor;
  readonly centreon: Centreon;
  readonly person: (this: void, action: Parameters<typeof person>[3], more?: Line) => void;
  /** Gives the broker time until `what` is so. */
  readonly until: (this: void, what: string, isSo: (this: void) => boolean) => void;
  /** What PagerDuty tells from now on is known. */
  readonly sync: (this: void) => void;
}

interface SeenRequest {
  readonly path: string;
}

const PARAMETERS = { pdy_api_key: "secret-api-key", pdy_sync_interval: 1 };

type OutputParameters = Readonly<Record<string, string | number>>;

/** What the events tell of is in trouble, and PagerDuty's incident of it was seen open. */
function seenOpenOf(
  dedupKey: string,
  problem: readonly Line[],
  parameters: OutputParameters = {},
): Omit<Staged, "centreon"> {
  const broker = stage.start({
    clock: os.time(),
    parameters: {
      ...PARAMETERS,
      pdy_api_url: sandbox.url,
      centreon_api_url: `${sandbox.url}/centreon/`,
      centreon_api_token: CENTREON_TOKEN,
      ...parameters,
    },
  });
  const lists = (): number => {
    const all = sandbox.get("/sandbox/rest_requests") as SeenRequest[];
    return all.filter(({ path }) => string.match(path, "^/incidents%?")[0] !== undefined).length;
  };
  const until: Staged["until"] = (what, isSo) => {
    waitFor(what, () => {
      broker.give([{ control: "clock", advance: 2 }]);
      broker.settle();
      return isSo() ? true : undefined;
    });
  };
  const sync = (): void => {
    const before = lists();
    until("two rounds", () => lists() >= before + 3);
  };
  broker.give(problem);
  assert.same([`${dedupKey} triggered critical, 1 page`], broker.pagerduty());
  sync();
  return {
    broker,
    person: (action, more) => {
      person(sandbox, broker.routingKey, dedupKey, action, more);
    },
    until,
    sync,
  };
}

/** LOAD is in trouble, and PagerDuty's incident of it was seen open. */
function seenOpen(parameters: OutputParameters = {}, protocol: 2 | 3 = 3): Staged {
  const centreon = createCentreon(protocol);
  const problem = centreon.introduce();
  for (const line of centreon.check(LOAD, CRITICAL)) problem.push(line);
  return { ...seenOpenOf("11_22", problem, parameters), centreon };
}

/** A person acknowledges, and Centreon hears of it; gives what took effect there. */
function acknowledged({ person: act, until }: Omit<Staged, "centreon">): Effect {
  act("acknowledge");
  until("an acknowledgement in Centreon", () => effectsAfter(sandbox).length > 0);
  return effectsAfter(sandbox)[0] ?? error("nothing");
}

function requests(): SeenRequest[] {
  return sandbox.get("/sandbox/centreon_requests") as SeenRequest[];
}

/** Centreon is asked no more, though PagerDuty goes on being read. */
function assertQuiet({ sync }: Pick<Staged, "sync">, asked: number): void {
  sync();
  sync();
  assert.equal(asked, requests().length);
}

for (const protocol of [2, 3] as const)
  it(`what a person acknowledges is acknowledged in Centreon, once, and is not told to PagerDuty (BBDO ${protocol})`, () => {
    const staged = seenOpen({}, protocol);
    const { broker, centreon } = staged;
    staged.person("note", { note: 'it is the "disk"\nagain' });
    const effect = acknowledged(staged);
    assert.is_true(effect.is_sticky);
    assert.equal("service", effect.resource.type);
    assert.equal(22, effect.resource.id);
    assertSays(effect.comment, "Sam Rivera (PagerDuty #");
    assertSays(effect.comment, "): it is the disk again");
    const sent = (sandbox.get("/sandbox/requests") as unknown[]).length;
    broker.give(eventsOf(centreon, effect));
    assertQuiet(staged, 1);
    assert.equal(sent, (sandbox.get("/sandbox/requests") as unknown[]).length);
    assert.same([], logged(broker, CENTREON_TOKEN));
    broker.give(centreon.check(LOAD, OK));
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
  });

describe("Centreon is told of", () => {
  const status = { category: 1, state_type: 1, output: "x", last_check: os.time() };
  const HOST: Line[] = [
    { category: 1, element: 30, host_id: 11, name: "web-01", enabled: true },
    { ...status, element: 32, host_id: 11, state: 1 },
  ];
  const META: Line[] = [
    { category: 1, element: 30, host_id: 90, name: "_Module_Meta", enabled: true },
    { category: 1, element: 27, host_id: 90, service_id: 5, type: 2, description: "meta_7", enabled: true },
    { ...status, element: 29, host_id: 90, service_id: 5, type: 2, state: 2 },
  ];
  const cases: [what: string, key: string, problem: Line[], resource: Line][] = [
    ["a host by its own number", "11_H", HOST, { type: "host", id: 11 }],
    ["a meta-service by its own, not its service's", "90_5", META, { type: "metaservice", id: 7 }],
  ];
  for (const [what, key, problem, resource] of cases)
    it(`${what}, and of the end of it`, () => {
      const brokers = key === "90_5" ? { host_id: 90, service_id: 5 } : {};
      sandbox.put("/sandbox/centreon", {
        resources: [{ ...resource, ...brokers }],
      });
      const staged = seenOpenOf(key, problem);
      const { broker } = staged;
      const effect = acknowledged(staged);
      assert.same({ ...resource, ...brokers }, effect.resource);
      assert.is_true(effect.is_sticky);
      broker.give(sandbox.get("/sandbox/centreon_events") as Line[]);
      assertQuiet(staged, 1);
      staged.person("unacknowledge");
      staged.until("the end of it in Centreon", () => effectsAfter(sandbox, 1).length > 0);
      const [end] = effectsAfter(sandbox, 1);
      assert.equal("disacknowledge", end?.action);
      assert.same(effect.resource, end?.resource);
    });

  it("no business activity: it cannot be acknowledged there", () => {
    const activity = { category: 6, ba_id: 5 };
    const staged = seenOpenOf("ba_5", [
      { ...activity, element: 25, ba_name: "Web shop" },
      { ...activity, element: 19, state: 2, last_state_change: os.time(), output: "bad" },
    ]);
    staged.person("acknowledge");
    assertQuiet(staged, 0);
    for (const words of ["Centreon is told", "Centreon refuses"])
      assert.same([], logged(staged.broker, words));
  });
});

describe("an acknowledgement that ends in PagerDuty", () => {
  it("is taken back in Centreon, and is not given anew", () => {
    const staged = seenOpen();
    const { broker, centreon } = staged;
    const effect = acknowledged(staged);
    broker.give(eventsOf(centreon, effect));
    staged.sync();
    staged.person("unacknowledge");
    staged.until("the end of it in Centreon", () => effectsAfter(sandbox, 1).length > 0);
    const [end, ...others] = effectsAfter(sandbox, 1);
    assert.same([], others);
    assert.equal("disacknowledge", end?.action);
    assertQuiet(staged, 2);
    if (end !== undefined) broker.give(eventsOf(centreon, end));
    assertQuiet(staged, 2);
    const [incident] = broker.pagerduty();
    assertSays(incident, "11_22 triggered critical");
    // The next one is carried as the first was.
    staged.person("acknowledge", { by: "Kim Okafor" });
    staged.until("another one", () => effectsAfter(sandbox, 2).length > 0);
    assertSays(effectsAfter(sandbox, 2)[0]?.comment, "Kim Okafor (PagerDuty #");
  });

  it("by its timeout, over a restart, is taken back, too", () => {
    const staged = seenOpen();
    const { broker, centreon } = staged;
    sandbox.put("/sandbox/services", { routing_key: broker.routingKey, acknowledgement_timeout: 1800 });
    const effect = acknowledged(staged);
    broker.kill();
    broker.give(centreon.introduce(), eventsOf(centreon, effect));
    assertQuiet(staged, 1);
    passTime(sandbox, 1801);
    staged.until("the end of it in Centreon", () => effectsAfter(sandbox, 1).length > 0);
    assert.equal("disacknowledge", effectsAfter(sandbox, 1)[0]?.action);
  });

  it("with its incident is taken back, and a later check that finds the problem opens a new one", () => {
    const staged = seenOpen();
    const { broker, centreon } = staged;
    broker.give(eventsOf(centreon, acknowledged(staged)));
    staged.sync();
    staged.person("resolve");
    staged.until("the end of it in Centreon", () => effectsAfter(sandbox, 1).length > 0);
    broker.give(centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 resolved critical, 1 page", "11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  it("is left alone where a person acknowledged in Centreon since", () => {
    const staged = seenOpen();
    const { broker, centreon } = staged;
    broker.give(eventsOf(centreon, acknowledged(staged)));
    broker.give([{ control: "clock", advance: 60 }]);
    broker.give(centreon.acknowledge(LOAD, { author: "kim", comment: "mine", isSticky: true }));
    staged.sync();
    staged.person("unacknowledge");
    assertQuiet(staged, 1);
  });
});

it("what a person acknowledged in Centreon is not acknowledged there once more", () => {
  const staged = seenOpen();
  staged.broker.give(staged.centreon.acknowledge(LOAD, { author: "kim", comment: "mine", isSticky: true }));
  assert.same(["11_22 acknowledged critical, 1 page"], staged.broker.pagerduty());
  staged.person("acknowledge");
  assertQuiet(staged, 0);
});

it("what Centreon does not take back, though it says so, is said once with what to grant", () => {
  const staged = seenOpen();
  const { broker, centreon } = staged;
  sandbox.put("/sandbox/centreon", { may_disacknowledge_services: false });
  broker.give(eventsOf(centreon, acknowledged(staged)));
  staged.sync();
  staged.person("unacknowledge");
  staged.until("a request", () => requests().length > 1);
  staged.sync();
  assert.same([], logged(broker, "it still stands there"));
  broker.give([{ control: "clock", advance: 300 }]);
  assertQuiet(staged, 2);
  assert.equal(1, logged(broker, "it still stands there: its API leaves out silently").length);
});

describe("as a user with a password", () => {
  const USER = { centreon_api_token: "", centreon_api_user: "connector" };
  const PASSWORD = "sandbox-password";
  const paths = (): string[] =>
    requests().map(({ path }) => string.match(path, "^/centreon/api/latest/(.*)$")[0] ?? path);
  const ACKNOWLEDGE = "monitoring/resources/acknowledge";
  const TAKE_BACK = "monitoring/resources/acknowledgements";

  it("it logs in once, and anew where the token has ended", () => {
    const staged = seenOpen({ ...USER, centreon_api_password: PASSWORD });
    const { broker, centreon } = staged;
    broker.give(eventsOf(centreon, acknowledged(staged)));
    staged.sync();
    staged.person("unacknowledge");
    staged.until("the end of it in Centreon", () => effectsAfter(sandbox, 1).length > 0);
    assert.same(["login", ACKNOWLEDGE, TAKE_BACK], paths());
    broker.give(centreon.withdrawAcknowledgement(LOAD));
    staged.sync();
    passTime(sandbox, 7201);
    staged.person("acknowledge");
    staged.until("another one", () => effectsAfter(sandbox, 2).length > 0);
    assert.same(["login", ACKNOWLEDGE, TAKE_BACK, ACKNOWLEDGE, "login", ACKNOWLEDGE], paths());
    assert.same([], logged(broker, PASSWORD));
    assert.same([], logged(broker, "Centreon cannot be told"));
  });

  it("it says once that the password is wrong, and asks once an hour: no account is locked", () => {
    const staged = seenOpen({ ...USER, centreon_api_password: "a-wrong-one" });
    const { broker } = staged;
    staged.person("acknowledge");
    staged.until("a refusal", () => logged(broker, "Centreon cannot be told").length > 0);
    assertSays(
      logged(broker, "Centreon cannot be told")[0],
      'the log-in of "connector" is refused (HTTP 401)',
    );
    assertSays(
      logged(broker, "Centreon cannot be told")[0],
      "check centreon_api_user and centreon_api_password",
    );
    broker.give([{ control: "clock", advance: 1800 }]);
    assertQuiet(staged, 1);
    broker.give([{ control: "clock", advance: 1800 }]);
    staged.until("another try", () => requests().length > 1);
    assertQuiet(staged, 2);
    assert.same(["login", "login"], paths());
    assert.equal(1, logged(broker, "Centreon cannot be told").length);
    assert.same([], logged(broker, "a-wrong-one"));
    assert.same([], effectsAfter(sandbox));
  });

  it("it tries again soon where the log-in is not answered", () => {
    const staged = seenOpen({ ...USER, centreon_api_password: PASSWORD });
    sandbox.post("/sandbox/faults", { kind: "status", status: 503, times: 2, match: { api: "centreon" } });
    acknowledged(staged);
    assertSays(logged(staged.broker, "Centreon cannot be told")[0], "HTTP 503");
    assert.same(["login", "login", "login", ACKNOWLEDGE], paths());
  });

  it("it uses the token where there is one, too, and says so", () => {
    const staged = seenOpen({ centreon_api_user: "connector", centreon_api_password: "a-wrong-one" });
    acknowledged(staged);
    assert.same([ACKNOWLEDGE], paths());
    assertSays(logged(staged.broker, "are not used")[0], "since centreon_api_token is set");
  });
});

describe("while Centreon", () => {
  it("fails, it is tried again, and said once, and once when that is over", () => {
    const staged = seenOpen();
    sandbox.post("/sandbox/faults", { kind: "status", status: 503, times: 2, match: { api: "centreon" } });
    acknowledged(staged);
    const [warning, ...others] = logged(staged.broker, "Centreon cannot be told");
    assertSays(warning, "HTTP 503");
    assert.same([], others);
    staged.until("the end of it", () => logged(staged.broker, "can be reached again").length > 0);
    assert.equal(3, requests().length);
  });

  it("fails, a recovery drops what waits", () => {
    const staged = seenOpen();
    sandbox.post("/sandbox/faults", { kind: "status", status: 503, times: 1, match: { api: "centreon" } });
    staged.person("acknowledge");
    staged.until("a try", () => requests().length > 0);
    staged.broker.give(staged.centreon.check(LOAD, OK));
    assert.same(["11_22 resolved critical, 1 page"], staged.broker.pagerduty());
    for (const _ of $range(1, 10)) staged.broker.give([{ control: "clock", advance: 10 }]);
    assertQuiet(staged, 1);
  });

  it("refuses, it is said what to grant, and not asked again", () => {
    const staged = seenOpen();
    sandbox.put("/sandbox/centreon", { may_acknowledge_services: false, refuses: "aloud" });
    staged.person("acknowledge");
    staged.until("a refusal", () => logged(staged.broker, "Centreon refuses").length > 0);
    assertSays(
      logged(staged.broker, "Centreon refuses")[0],
      'HTTP 403; give the user of the API the actions "Ack',
    );
    assertQuiet(staged, 1);
  });

  it("takes it and does nothing, it is said once what to grant", () => {
    const staged = seenOpen();
    sandbox.put("/sandbox/centreon", { may_acknowledge_services: false });
    staged.person("acknowledge");
    staged.until("a request", () => logged(staged.broker, "Centreon is told").length > 0);
    assert.same([], logged(staged.broker, "nothing came of it"));
    staged.broker.give([{ control: "clock", advance: 300 }]);
    assertQuiet(staged, 1);
    assert.equal(1, logged(staged.broker, "nothing came of it").length);
  });
});

it("without centreon_api_url nothing is told", () => {
  const staged = seenOpen({ centreon_api_url: "" });
  staged.person("acknowledge");
  assertQuiet(staged, 0);
  assertSays(logged(staged.broker, "centreon_api_url is not set")[0], "expected Centreon's address");
});

// Orders of an administrator: taken from the file beside the journal, carried out, answered beside it.
import { learnClosed } from "../../src/alerts/learnt";
import { type Answer, answerLine, orderLine, orderPaths, readAnswers } from "../../src/connector/order_lines";
import { createOrders } from "../../src/connector/orders";
import type { FilePort } from "../../src/text/files";
import { CRITICAL, NO_CHOICES, OK, serviceOf } from "../support/alerts";
import { outputOf, readFile, temporaryPath, writeFile } from "../support/process";
import { type Scene, createScene } from "../support/scene";

const UNIX_TIME = 1700000000;

const files: FilePort = {
  open: (path, mode) => io.open(path, mode as "r"),
  rename: (from, to) => os.rename(from, to),
  makePrivate: () => undefined,
};

describe("orders", () => {
  let folder: string;
  let scene: Scene;
  let said: string[];
  let look: (this: void) => void;

  before_each(() => {
    folder = temporaryPath(".orders");
    outputOf(`mkdir ${folder}`);
    scene = createScene();
    lookAt(scene);
  });
  const lookAt = ({ now, book }: Scene): void => {
    said = [];
    look = createOrders(`${folder}/state`, {
      now,
      unixTime: () => UNIX_TIME,
      files,
      book,
      reopen: "always",
      info: (text) => said.push(text),
      warning: (text) => said.push(text),
    });
  };
  after_each(() => {
    outputOf(`rm -r ${folder}`);
  });

  const paths = (): { readonly orders: string; readonly answers: string } => orderPaths(`${folder}/state`);

  const order = (kind: "resolve" | "forget", key: string, until = UNIX_TIME + 30): string =>
    `${orderLine({ id: "7-1", kind, key, until })}\n`;

  /** Gives the lines of orders, and the answers after the next look. */
  const give = (...lines: string[]): string[] => {
    writeFile(paths().orders, lines.join(""));
    scene.pass(2);
    look();
    return readAnswers(readFile(paths().answers) ?? "").map(
      ({ id, key, name, outcome }: Answer) => `${id} ${key} ${name}: ${outcome}`,
    );
  };

  it("to resolve end the alert, and PagerDuty is told; a later problem opens a new one", () => {
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
    assert.same(["7-1 1_2 db-02/Ping: resolved"], give(order("resolve", "1_2")));
    assert.same(["resolve 1_2"], scene.sent());
    assert.same([], scene.remembered());
    assert.same(["1_2: it is resolved by hand (centreon-pagerduty resolve)"], scene.said());
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  /** PagerDuty was asked just now, and Kim Okafor, or PagerDuty itself where that is empty, had closed it. */
  const closed = (key: string, by = "Kim Okafor"): string =>
    `${orderLine({
      id: "7-1",
      kind: "close",
      key,
      closed: { by: by === "" ? undefined : by, at: "then", askedAt: UNIX_TIME },
      until: UNIX_TIME + 30,
    })}\n`;

  it("to take an alert for closed believe a person until a later check finds the problem, and a timeout never", () => {
    scene.service();
    scene.service({ resource: serviceOf(1, 3) });
    scene.sent();
    scene.pass(100);
    assert.same(
      ["7-1 1_2 db-02/Ping: by its next check", "7-1 1_3 db-02/Ping: opened anew"],
      give(closed("1_2"), closed("1_3", "")),
    );
    assert.same(["trigger critical 1_3"], scene.sent());
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("to take an alert for closed leave alone what was just sent, what is well, and hold what Centreon holds", () => {
    scene.service();
    scene.sent();
    scene.pass(50);
    assert.same(["7-1 1_2 db-02/Ping: sent too lately"], give(closed("1_2")));
    scene.pass(50);
    scene.adaptive(serviceOf(1, 2), { isAcknowledged: true });
    scene.sent();
    assert.same(["7-1 1_2 db-02/Ping: held here"], give(closed("1_2", "")));
    assert.same([], scene.sent());
    scene.adaptive(serviceOf(1, 2), { isAcknowledged: false });
    assert.same(["trigger critical 1_2"], scene.sent());
    scene.setAway(true);
    scene.service({ state: OK });
    assert.same(["7-1 1_2 db-02/Ping: ended"], give(closed("1_2")));
  });

  it("to take an alert for closed count anew what was left closed when other rules held", () => {
    scene.service();
    scene.sent();
    const alert = scene.book.findAlert(serviceOf(1, 2));
    if (alert !== undefined) learnClosed(alert, { by: "Kim Okafor", at: "then" }, "never");
    scene.pass(100);
    scene.service();
    assert.same([], scene.sent());
    assert.same(["7-1 1_2 db-02/Ping: by its next check"], give(closed("1_2")));
    scene.pass(10);
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("to resolve what no alert here has tell PagerDuty by the key that they name, and leave alerts alone", () => {
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
    const unknown = (key: string): string =>
      `${orderLine({ id: "7-1", kind: "resolve", key, route: "default", until: UNIX_TIME + 30 })}\n`;
    assert.same(
      ["7-1 1_2 db-02/Ping: a problem here", "7-1 9_9 : resolved", "7-1 odd : unknown"],
      give(unknown("1_2"), unknown("9_9"), unknown("odd")),
    );
    assert.same(["resolve 9_9"], scene.sent());
  });

  it("to resolve are carried out where people end incidents, too (pdy_resolve 0)", () => {
    scene = createScene({ actionRules: { ...NO_CHOICES, resolvesRecoveries: false } });
    lookAt(scene);
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
    assert.same(["7-1 1_2 db-02/Ping: resolved"], give(order("resolve", "1_2")));
    assert.same(["resolve 1_2"], scene.sent());
    // Another problem ends by a person again.
    scene.service();
    scene.service({ state: OK });
    assert.same([], scene.sent());
  });

  it("to resolve what PagerDuty has nothing of end it", () => {
    scene.service({ downtimeDepth: 1 });
    assert.same(["7-1 1_2 db-02/Ping: ended"], give(order("resolve", "1_2")));
    assert.same([], scene.sent());
    assert.same([], scene.remembered());
  });

  it("to forget let go without a word, of what waits, too", () => {
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
    scene.setAway(true);
    scene.service({ resource: serviceOf(1, 3) });
    const answers = give(order("forget", "1_2"), order("forget", "1_3"));
    assert.same(["7-1 1_2 db-02/Ping: forgotten", "7-1 1_3 db-02/Ping: forgotten"], answers);
    assert.same([], scene.remembered());
    assert.is_not_nil(string.find(said[0] ?? "", "forgotten by hand", 1, true)[0]);
    scene.setAway(false);
    assert.same([], scene.sent());
  });

  it("to forget wait until it is known what PagerDuty makes of an action", () => {
    scene.service();
    const alert = scene.book.findAlert(serviceOf(1, 2));
    if (alert === undefined) return error("no alert");
    alert.inFlight = "trigger";
    assert.same(["7-1 1_2 db-02/Ping: under way"], give(order("forget", "1_2")));
    assert.equal(alert, scene.book.findAlert(serviceOf(1, 2)));
    // The resolve follows the trigger that is under way.
    assert.same(["7-1 1_2 db-02/Ping: resolved"], give(order("resolve", "1_2")));
  });

  it("for what there is not are answered, and so is an alert that the one before has ended", () => {
    scene.service({ state: CRITICAL, downtimeDepth: 1 });
    const answers = give(order("resolve", "9_9"), order("resolve", "1_2"), order("resolve", "1_2"));
    assert.same(["7-1 9_9 : unknown", "7-1 1_2 db-02/Ping: ended", "7-1 1_2 : unknown"], answers);
  });

  it("that nobody waits for any more are not carried out, nor is what is no order", () => {
    scene.service();
    scene.sent();
    const answers = give(
      "nonsense\n",
      '{"id":"7-1","order":"destroy","key":"1_2","until":1800000000}\n',
      order("resolve", "1_2", UNIX_TIME),
    );
    assert.same([], answers);
    assert.same([], scene.sent());
    assert.same(["nobody waits any more for the order to resolve 1_2: it is not carried out"], said);
  });

  it("are carried out once, and their file becomes that of the answers, with its rights", () => {
    scene.service();
    writeFile(paths().orders, order("resolve", "1_2"));
    outputOf(`chmod 600 ${paths().orders}`);
    scene.pass(1);
    look();
    assert.is_not_nil(readFile(paths().orders));
    scene.pass(1);
    look();
    assert.equal("600 state.answers\n", outputOf(`cd ${folder}; stat -c '%a %n' *`));
    assert.equal(
      `${answerLine({ id: "7-1", key: "1_2", name: "db-02/Ping", outcome: "ended" })}\n`,
      readFile(paths().answers),
    );
    os.remove(paths().answers);
    scene.pass(2);
    look();
    assert.is_nil(readFile(paths().answers));
  });
});

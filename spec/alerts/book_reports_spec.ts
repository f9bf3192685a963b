// What the book reports is all that the journal ever sees: who keeps that knows what the book knows, and a book that
// is given it back goes on where the other stopped.
import type { Alert } from "../../src/alerts/alert";
import type { BookPorts } from "../../src/alerts/book";
import {
  CRITICAL,
  DOWN,
  OK,
  PENDING,
  UNREACHABLE,
  UP,
  WARNING,
  hostOf,
  placeWith,
  reportWith,
  serviceOf,
} from "../support/alerts";
import { type Random, createRandom } from "../support/random";
import { type Scene, createScene } from "../support/scene";

/** A text that is the same for the same contents. */
function textOf(value: unknown): string {
  if (type(value) !== "table") return tostring(value);
  const fields: [name: string, field: unknown][] = [];
  // No recursion within the loop: LuaJIT of Debian 12 crashes on one within a loop over pairs.
  for (const [name, field] of pairs(value as Record<string, unknown>)) fields.push([tostring(name), field]);
  const parts = fields.map(([name, field]) => `${name}=${textOf(field)}`);
  table.sort(parts);
  return `{${table.concat(parts, " ")}}`;
}

/** What must not be lost of an alert. When an alert that is sent was last checked matters to nobody. */
function textOfAlert(alert: Alert): string {
  const facts = { ...alert.facts };
  if (alert.desired === "triggered") facts.lastCheck = 0;
  return textOf({ ...alert, facts });
}

/** Keeps what is reported, and tells it from what a book holds. */
function createKeeper() {
  const kept = new LuaTable<string, string | undefined>();
  const ports: Partial<BookPorts> = {
    alertChanged: (alert) => kept.set(alert.dedupKey, textOfAlert(alert)),
    alertForgotten: (alert) => kept.set(alert.dedupKey, undefined),
    hostChanged: (hostId, facts) =>
      kept.set(`host ${hostId}`, facts === undefined ? undefined : textOf(facts)),
    parentChanged: (child, parent, isParent) =>
      kept.set(`${parent} above ${child}`, isParent ? "" : undefined),
  };
  const list = (entries: LuaTable<string, string | undefined>): string => {
    const lines: string[] = [];
    for (const [name, text] of entries) lines.push(`${name}: ${text ?? ""}`);
    table.sort(lines);
    return table.concat(lines, "\n");
  };
  return {
    ports,
    /** What delivering changes is the dispatcher's to report. */
    afterSending: ({ book }: Scene) => {
      book.eachAlert((alert) => kept.set(alert.dedupKey, textOfAlert(alert)));
    },
    kept: () => list(kept),
    held: ({ book }: Scene) => {
      const held = new LuaTable<string, string | undefined>();
      book.eachAlert((alert) => held.set(alert.dedupKey, textOfAlert(alert)));
      book.eachHost((hostId, facts) => held.set(`host ${hostId}`, textOf(facts)));
      book.eachParent((child, parent) => held.set(`${parent} above ${child}`, ""));
      return list(held);
    },
  };
}

/** Something that may happen in Centreon. Gives what it was, for the message of a failure. */
function anything(scene: Scene, { integer, oneOf }: Random): string {
  const service = serviceOf(integer(1, 2), integer(1, 2));
  const host = hostOf(integer(1, 4));
  const flag = (): boolean => integer(1, 4) === 1;
  const status = {
    isHard: !flag(),
    lastHardState: oneOf([OK, CRITICAL]),
    isAcknowledged: flag(),
    downtimeDepth: flag() ? 1 : 0,
    isFlapping: flag(),
    lastCheck: scene.now() - oneOf([0, 30, 90]),
  };
  const change = flag() ? { downtimeDepth: integer(0, 1) } : { isAcknowledged: flag() };
  const happenings: Record<string, () => void> = {
    "a service's status": () =>
      scene.service({ ...status, resource: service, state: oneOf([OK, WARNING, CRITICAL, PENDING]) }),
    "a host's status": () => scene.host({ ...status, resource: host, state: oneOf([UP, DOWN, UNREACHABLE]) }),
    "a service's change": () => scene.adaptive(service, change),
    "a host's change": () => scene.adaptive(host, change),
    "a parent": () => scene.book.setParent(integer(1, 4), integer(1, 4), flag()),
    "a note": () => scene.book.noteAcknowledgement(service, { author: "jdoe", comment: oneOf(["a", "b"]) }),
    "a removal": () => {
      scene.book.removed(flag() ? host : service, undefined);
      scene.book.configurationEnds(1);
    },
    "a definition": () => scene.book.defined(flag() ? host : service),
    "an engine's start": () => {
      scene.book.engineRuns(1, scene.now());
      if (flag()) scene.book.configurationEnds(1);
    },
    "an unknown recovery": () => {
      scene.book.resolveUnknown(service);
    },
    "PagerDuty comes or goes": () => scene.setAway(flag()),
    time: () => {
      scene.pass(oneOf([1, 3, 60, 400]));
      scene.book.endHolds();
    },
  };
  const what = oneOf([
    "a service's status",
    "a service's status",
    "a service's status",
    "a host's status",
    "a host's status",
    "a service's change",
    "a host's change",
    "a parent",
    "a note",
    "a removal",
    "a definition",
    "an engine's start",
    "an unknown recovery",
    "PagerDuty comes or goes",
    "time",
  ]);
  happenings[what]?.();
  return what;
}

describe("what the book reports", () => {
  it("is all that it knows, whatever happens", () => {
    const random = createRandom("book, reports");
    for (const _ of $range(1, 100)) {
      const keeper = createKeeper();
      let checks = 0;
      const scene = createScene(
        { keepsReportsOfOpen: random.integer(0, 1) === 1 },
        {
          ...keeper.ports,
          isVolatile: (resource) => "hostId" in resource && resource.serviceId === 2,
          reportOf: () => {
            checks = checks + 1;
            return reportWith({ output: `result ${checks}` });
          },
        },
      );
      let history = "";
      for (const _step of $range(1, 40)) {
        history = `${history}, ${anything(scene, random)}`;
        if (keeper.kept() !== keeper.held(scene)) assert.equal(keeper.held(scene), keeper.kept(), history);
        scene.sent();
        keeper.afterSending(scene);
      }
    }
  });
});

describe("a hold that a clock ends", () => {
  it("never outlasts it, whatever happens, restarts and clocks that are set back included", () => {
    const random = createRandom("book, holds");
    /** The next check of these is long in coming: only the clock can end what holds them. */
    const begin = (): Scene =>
      createScene(
        { hostGrace: 5 },
        { placeOf: () => placeWith({ pollerId: 1 }), reportOf: () => reportWith({ attempt: 1 }) },
      );
    for (const _ of $range(1, 100)) {
      let scene = begin();
      let history = "";
      for (const _step of $range(1, 20)) {
        history = `${history}, ${anything(scene, random)}`;
        scene.sent();
        if (random.integer(1, 8) === 1) {
          history = `${history}, a restart`;
          const after = begin();
          after.pass(random.integer(-100000, 2));
          scene.book.eachHost(after.book.restoreHost);
          scene.book.eachParent(after.book.restoreParent);
          scene.book.eachOwner(after.book.restoreOwner);
          scene.book.eachAlert(after.book.restoreAlert);
          scene = after;
        }
      }
      scene.pass(61);
      scene.book.endHolds();
      assert.is_nil(scene.book.firstHoldEnd(), history);
      scene.book.eachAlert(({ dedupKey, facts }) => {
        assert.is_nil(facts.earlyUntil ?? facts.goneAt, `${dedupKey} after${history}`);
      });
    }
  });
});

describe("a book", () => {
  it("that is given back what another knew goes on where that one stopped", () => {
    const before = createScene();
    before.book.setParent(10, 2, true);
    before.host();
    before.host({ resource: hostOf(2) });
    before.service();
    before.service({ resource: serviceOf(3, 1), state: WARNING });
    before.sent();

    const { book, service, host, hostIsUp, adaptive, pass, sent, remembered } = createScene();
    before.book.eachAlert((alert) => book.restoreAlert(alert));
    before.book.eachHost((hostId, facts) => book.restoreHost(hostId, facts));
    before.book.eachParent((child, parent) => book.restoreParent(child, parent));
    before.book.eachOwner(book.restoreOwner);
    assert.same(before.remembered(), remembered());
    pass(60);
    service();
    host({ resource: hostOf(10), state: UNREACHABLE });
    service({ resource: serviceOf(3, 1), state: OK });
    assert.same(["resolve 3_1"], sent());
    pass(60);
    hostIsUp();
    hostIsUp({ resource: hostOf(2) });
    assert.same(["resolve 1_H", "resolve 2_H"], sent());
    // The child is stale: its parent came back.
    for (const downtimeDepth of [1, 0]) adaptive(hostOf(10), { downtimeDepth });
    assert.same([], sent());
    pass(60);
    service();
    host({ resource: hostOf(10) });
    assert.same(["trigger critical 10_H", "trigger critical 1_2"], sent());
  });

  it("lists what it remembers of one host: of itself and of its services", () => {
    const { book, service, host } = createScene();
    host();
    service();
    service({ resource: serviceOf(2, 1) });
    const keysOf = (hostId: number): string[] => {
      const keys: string[] = [];
      book.eachAlertOfHost(hostId, ({ dedupKey }) => keys.push(dedupKey));
      return keys.sort();
    };
    assert.same(["1_2", "1_H"], keysOf(1));
    assert.same([], keysOf(3));
  });

  it("tells whose recovery could matter: of hosts and services it remembers something of", () => {
    const { book, service, host, hostIsUp, sent } = createScene();
    const known = (): boolean[] => [book.knowsHost(1), book.services.has(1)];
    assert.same([false, false], known());
    service();
    assert.same([false, true], known());
    host();
    assert.same([true, true], known());
    service({ state: OK });
    sent();
    assert.same([true, false], known());
    // Its return is remembered for a while.
    hostIsUp();
    sent();
    assert.same([true, false], known());
  });
});

describe("the reason a problem opens no alert", () => {
  const filtered: Partial<BookPorts> = { rejectionOf: () => "Linux is in rejected_hostgroups" };

  it("is the filter, in its own words", () => {
    const scene = createScene({}, filtered);
    scene.service();
    assert.same(["1_2: it is filtered out: Linux is in rejected_hostgroups"], scene.said());
  });

  it("is the hold alone where a filter would hold it, too", () => {
    const scene = createScene({}, filtered);
    scene.service({ downtimeDepth: 1 });
    assert.same(["1_2: it is in a downtime"], scene.said());
  });
});

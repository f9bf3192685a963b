// broker/changes: what the events of both protocols say that somebody did.
import type { Change } from "../../src/alerts/change";
import { readChange } from "../../src/broker/changes";
import { hostOf, serviceOf } from "../support/alerts";
import type { Line } from "../support/brokerhost";
import { createActivity } from "../support/changes";
import { LOAD, WEB, createCentreon } from "../support/events";
import { decodeJson } from "../support/json";
import { engineStory } from "../support/recorded";

const FROM = 1760000260;
const UNTIL = 1760002000;

function changeIn(event: Line): Change | undefined {
  return readChange(event as unknown as BrokerEvent);
}

function inShort(event: Line): string {
  const change = changeIn(event);
  return change === undefined ? "nothing" : `${change.kind} at ${change.at ?? "?"}`;
}

for (const protocol of [2, 3] as const) {
  const activity = createActivity(protocol);

  describe(`in BBDO ${protocol}`, () => {
    describe("an acknowledgement", () => {
      it("says who acknowledged what, when and why", () => {
        const { identity, ...rest } = changeIn(activity.acknowledgement(LOAD, FROM)) ?? error("nothing");
        assert.same(
          {
            kind: "acknowledged",
            resource: serviceOf(11, 22),
            at: FROM,
            author: "alice",
            comment: "on it",
            plannedStart: 0,
            plannedEnd: 0,
            engine: "",
          },
          rest,
        );
        assert.equal(identity, changeIn(activity.acknowledgement(LOAD, FROM))?.identity);
      });

      it("of a host is the host's", () => {
        assert.same(hostOf(11), changeIn(activity.acknowledgement(WEB, FROM))?.resource);
      });

      it("that is deleted says nothing: its deletion_time is unreliable", () => {
        assert.equal("nothing", inShort(activity.acknowledgement(LOAD, FROM, { deletion_time: UNTIL })));
      });

      it("is another one for another resource, time or person", () => {
        const identities = [
          activity.acknowledgement(LOAD, FROM),
          activity.acknowledgement(WEB, FROM),
          activity.acknowledgement(LOAD, FROM + 1),
          activity.acknowledgement(LOAD, FROM, { author: "carol" }),
        ].map((event) => changeIn(event)?.identity);
        assert.equal(4, identities.filter((one, index) => identities.indexOf(one) === index).length);
      });
    });

    describe("a downtime", () => {
      it("says who set it on what, for how long and why", () => {
        const { identity, ...rest } =
          changeIn(activity.downtime(LOAD, "started", FROM, UNTIL)) ?? error("nothing");
        assert.same(
          {
            kind: "downtime started",
            resource: serviceOf(11, 22),
            at: FROM,
            author: "bob",
            comment: "upgrade",
            plannedStart: FROM,
            plannedEnd: UNTIL,
            engine: "",
          },
          rest,
        );
        assert.equal(identity, changeIn(activity.downtime(LOAD, "started", FROM, UNTIL))?.identity);
      });

      const phases: [phase: Parameters<typeof activity.downtime>[1], said: string][] = [
        ["set", "nothing"],
        ["started", `downtime started at ${FROM}`],
        ["ended", `downtime ended at ${UNTIL}`],
        ["cancelled", `downtime cancelled at ${UNTIL}`],
        ["deleted", `downtime ended at ${UNTIL}`],
      ];
      for (const [phase, said] of phases) {
        it(`that was ${phase} says: ${said}`, () => {
          assert.equal(said, inShort(activity.downtime(WEB, phase, FROM, UNTIL)));
        });
      }

      it("that was cancelled before it started says nothing", () => {
        const event = activity.downtime(LOAD, "set", FROM, UNTIL, {
          cancelled: true,
          deletion_time: FROM - 5,
        });
        assert.equal("nothing", inShort(event));
      });

      it("that was set to begin in the past began when it was set", () => {
        const event = activity.downtime(LOAD, "started", FROM, UNTIL, { entry_time: FROM + 100 });
        assert.equal(`downtime started at ${FROM + 100}`, inShort(event));
      });

      it("that is flexible began when its problem did", () => {
        const some = { fixed: false, actual_start_time: FROM + 200 };
        assert.equal(
          `downtime started at ${FROM + 200}`,
          inShort(activity.downtime(LOAD, "started", FROM, UNTIL, some)),
        );
      });

      it("has one identity for its start and one for its end, in whatever form that comes", () => {
        const identityOf = (phase: Parameters<typeof activity.downtime>[1], some: Line = {}) =>
          changeIn(activity.downtime(LOAD, phase, FROM, UNTIL, some))?.identity;
        assert.equal(identityOf("ended"), identityOf("deleted"));
        assert.equal(identityOf("ended"), identityOf("cancelled"));
        assert.not_equal(identityOf("started"), identityOf("ended"));
        // An engine that restarts starts it anew.
        assert.equal(identityOf("started"), identityOf("started", { actual_start_time: FROM + 900 }));
        assert.not_equal(identityOf("started"), identityOf("started", { instance_id: 2 }));
      });
    });

    describe("a comment", () => {
      it("of a person says who wrote what, and when", () => {
        const { identity, ...rest } = changeIn(activity.comment(LOAD, FROM)) ?? error("nothing");
        assert.same(
          {
            kind: "commented",
            resource: serviceOf(11, 22),
            at: FROM,
            author: "carol",
            comment: "disk ordered",
            plannedStart: 0,
            plannedEnd: 0,
            engine: "",
          },
          rest,
        );
        assert.equal(identity, changeIn(activity.comment(LOAD, FROM))?.identity);
        assert.not_equal(identity, changeIn(activity.comment(LOAD, FROM, { internal_id: 73 }))?.identity);
        assert.same(hostOf(11), changeIn(activity.comment(WEB, FROM))?.resource);
      });

      for (const [what, some] of [
        ["that is deleted", { deletion_time: UNTIL }],
        ["of a downtime", { entry_type: 2 }],
        ["of an acknowledgement", { entry_type: 4 }],
      ] as const) {
        it(`${what} says nothing`, () => {
          assert.equal("nothing", inShort(activity.comment(LOAD, FROM, some)));
        });
      }

      it("of the engine's says when flapping started, and when it stopped, and is nobody's", () => {
        assert.equal(`flapping started at ${FROM}`, inShort(activity.flapping(LOAD, FROM)));
        assert.equal(`flapping stopped at ${UNTIL}`, inShort(activity.flapping(LOAD, FROM, UNTIL)));
        const started = changeIn(activity.flapping(LOAD, FROM));
        assert.same(["", ""], [started?.author, started?.comment]);
        assert.not_equal(started?.identity, changeIn(activity.flapping(LOAD, FROM, UNTIL))?.identity);
      });
    });

    describe("a poller", () => {
      it("that starts says when, and what engine it is", () => {
        const change = changeIn(activity.pollerStarted(2, FROM)) ?? error("nothing");
        assert.same({ kind: "poller", id: 2 }, change.resource);
        assert.equal("Centreon Engine 25.09.0", change.engine);
        assert.equal(`poller started at ${FROM}`, inShort(activity.pollerStarted(2, FROM)));
      });

      it("that stops says when", () => {
        assert.equal(`poller stopped at ${UNTIL}`, inShort(activity.pollerStopped(2, FROM, UNTIL)));
      });

      it("has another identity for each start and stop", () => {
        const identities = [
          activity.pollerStarted(2, FROM),
          activity.pollerStopped(2, FROM, UNTIL),
          activity.pollerStarted(2, UNTIL),
          activity.pollerStarted(1, FROM),
        ].map((event) => changeIn(event)?.identity);
        assert.equal(4, identities.filter((one, index) => identities.indexOf(one) === index).length);
      });

      it("with a new configuration says so, but not when, and a configuration that failed is none", () => {
        assert.equal("configuration deployed at ?", inShort(activity.deployment(2)));
        assert.equal("nothing", inShort(activity.deployment(2, false)));
      });
    });

    it("a real engine's story has one flapping with its start and its stop, and no comment of a person", () => {
      const kinds: string[] = [];
      for (const { event } of engineStory(protocol)) {
        if (string.find(event, '"entry_type":', 1, true)[0] !== undefined) {
          const change = changeIn(decodeJson(event) as Line);
          if (change !== undefined) kinds.push(`${change.kind} ${change.resource.kind}`);
        }
      }
      assert.same(["flapping started service", "flapping stopped service"], kinds);
    });

    it("a status says nothing that was done", () => {
      for (const event of createCentreon(protocol).check(LOAD, 2)) {
        const eventType = 65536 + (event["element"] as number);
        assert.equal("nothing", inShort({ ...event, _type: eventType }));
      }
    });
  });
}

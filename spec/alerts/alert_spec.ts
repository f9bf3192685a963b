// The alert: which action brings PagerDuty nearer to Centreon, and what each outcome leaves known. Row by row as
// design.md has it, and then in every state that can be reached, beside a PagerDuty that is simulated in full.
import {
  type Action,
  type ActionRules,
  type Alert,
  DEFAULT_ROUTE,
  type DeliveredState,
  type DesiredState,
  type Purpose,
  type Severity,
  createAlert,
  dedupKeyOf,
  isLeftToPeople,
  isOpen,
  isSettled,
  isWorse,
  nameOf,
  nextAction,
  purposeOf,
  recordAccepted,
  recordRefused,
  recordStarted,
  recordUnknownOutcome,
  setDesired,
  severityToTell,
} from "../../src/alerts/alert";
import {
  NO_CHOICES,
  REPAGING,
  SEVERITIES,
  alertFor,
  alertSaying,
  deliver,
  factsWith,
  hostOf,
  serviceOf,
} from "../support/alerts";

const CERTAIN = true;
const MAYBE = false;

/** An alert that Centreon wants so, and PagerDuty has so. */
function alertBetween(
  desired: DesiredState,
  severity: Severity,
  delivered: DeliveredState,
  deliveredSeverity: Severity,
  isCertain: boolean,
): Alert {
  const alert = deliver(alertFor(), delivered, deliveredSeverity, isCertain);
  setDesired(alert, desired, severity);
  if (desired === "acknowledged") alert.wantsAcknowledge = "new";
  return alert;
}

describe("an alert", () => {
  describe("needs, for what is desired and what is delivered,", () => {
    type Row = [
      desired: DesiredState,
      severity: Severity,
      delivered: DeliveredState,
      deliveredSeverity: Severity,
      isCertain: boolean,
      action: Action | "nothing",
      /** With pdy_repage_on_escalation, where that makes a difference. */
      withRepage?: Action,
    ];
    const rows: Row[] = [
      ["resolved", "critical", "none", "critical", CERTAIN, "nothing"],
      ["resolved", "critical", "triggered", "critical", CERTAIN, "resolve"],
      ["resolved", "critical", "triggered", "critical", MAYBE, "resolve"],
      ["resolved", "critical", "acknowledged", "critical", CERTAIN, "resolve"],
      ["resolved", "critical", "acknowledged", "critical", MAYBE, "resolve"],

      ["triggered", "warning", "none", "warning", CERTAIN, "trigger"],
      ["triggered", "warning", "triggered", "warning", MAYBE, "trigger"],
      ["triggered", "warning", "acknowledged", "warning", MAYBE, "trigger"],
      ["triggered", "critical", "triggered", "warning", CERTAIN, "trigger"],
      ["triggered", "warning", "triggered", "warning", CERTAIN, "nothing"],
      ["triggered", "warning", "triggered", "critical", CERTAIN, "nothing"],
      ["triggered", "warning", "acknowledged", "warning", CERTAIN, "nothing"],
      ["triggered", "warning", "acknowledged", "critical", CERTAIN, "nothing"],
      ["triggered", "critical", "acknowledged", "warning", CERTAIN, "nothing", "resolve"],

      ["resolved", "critical", "closed", "critical", CERTAIN, "nothing"],
      ["triggered", "warning", "closed", "warning", CERTAIN, "nothing"],
      ["triggered", "warning", "closed", "critical", CERTAIN, "nothing"],
      ["triggered", "critical", "closed", "warning", CERTAIN, "trigger"],
      ["acknowledged", "critical", "closed", "warning", CERTAIN, "nothing"],
      ["held", "critical", "closed", "warning", CERTAIN, "nothing"],

      ["acknowledged", "warning", "none", "warning", CERTAIN, "nothing"],
      ["acknowledged", "warning", "triggered", "warning", CERTAIN, "acknowledge"],
      ["acknowledged", "warning", "triggered", "warning", MAYBE, "acknowledge"],
      ["acknowledged", "critical", "triggered", "warning", CERTAIN, "acknowledge"],
      ["acknowledged", "warning", "acknowledged", "warning", CERTAIN, "nothing"],

      ["held", "critical", "none", "critical", CERTAIN, "nothing"],
      ["held", "critical", "triggered", "warning", CERTAIN, "nothing"],
      ["held", "critical", "triggered", "critical", MAYBE, "nothing"],
      ["held", "critical", "acknowledged", "critical", CERTAIN, "nothing"],
    ];
    for (const [desired, severity, delivered, deliveredSeverity, isCertain, action, withRepage] of rows) {
      const has = delivered === "none" ? "none" : `${delivered} ${deliveredSeverity}`;
      const surely = isCertain ? has : `maybe ${has}`;
      const wants = desired === "triggered" ? `${desired} ${severity}` : desired;
      const repage = withRepage === undefined ? "" : `; to page again, a ${withRepage}`;
      it(`${wants} | ${surely} | ${action}${repage}`, () => {
        const alert = alertBetween(desired, severity, delivered, deliveredSeverity, isCertain);
        assert.equal(action, nextAction(alert, NO_CHOICES) ?? "nothing");
        assert.equal(withRepage ?? action, nextAction(alert, REPAGING) ?? "nothing");
      });
    }

    it("triggered | maybe acknowledged | a resolve first, where the problem is to page again", () => {
      const alert = alertBetween("triggered", "warning", "acknowledged", "warning", CERTAIN);
      alert.wantsRepage = true;
      assert.equal("resolve", nextAction(alert, NO_CHOICES));
      recordUnknownOutcome(alert, "resolve", "warning");
      assert.equal("resolve", nextAction(alert, NO_CHOICES));
      recordAccepted(alert, "resolve", "warning", 5);
      assert.equal("trigger", nextAction(alert, NO_CHOICES));
    });

    it("triggered, less | triggered for certain | the same again, where the outcome of a trigger is unknown", () => {
      const alert = alertBetween("triggered", "warning", "triggered", "critical", CERTAIN);
      alert.wantsRetrigger = true;
      recordUnknownOutcome(alert, "trigger", "critical");
      assert.equal("trigger", nextAction(alert, NO_CHOICES));
      assert.equal("critical", severityToTell(alert));
      recordAccepted(alert, "trigger", severityToTell(alert), 5);
      assert.same(["critical", true], [alert.deliveredSeverity, alert.isCertain]);
      assert.is_nil(nextAction(alert, NO_CHOICES));
    });

    it("triggered | triggered | another trigger, when the problem is news again", () => {
      const alert = alertBetween("triggered", "warning", "triggered", "warning", CERTAIN);
      alert.wantsRetrigger = true;
      assert.equal("trigger", nextAction(alert, NO_CHOICES));
      recordAccepted(alert, "trigger", "warning", 5);
      assert.is_nil(nextAction(alert, NO_CHOICES));
    });

    it("resolved | open | nothing, where people end incidents, but for a resolve that was ordered", () => {
      const rules = { ...REPAGING, resolvesRecoveries: false };
      for (const isCertain of [CERTAIN, MAYBE]) {
        const alert = alertBetween("resolved", "critical", "triggered", "critical", isCertain);
        assert.is_nil(nextAction(alert, rules));
        assert.is_true(isLeftToPeople(alert, rules));
        assert.is_false(isLeftToPeople(alert, REPAGING));
        alert.inFlight = "trigger";
        assert.is_false(isLeftToPeople(alert, rules));
        alert.inFlight = undefined;
        alert.isResolveOrdered = true;
        assert.equal("resolve", nextAction(alert, rules));
        setDesired(alert, "triggered", "critical");
        setDesired(alert, "resolved", "critical");
        assert.is_nil(nextAction(alert, rules));
      }
      const worse = alertBetween("triggered", "critical", "acknowledged", "warning", CERTAIN);
      assert.equal("resolve", nextAction(worse, rules));
      assert.is_false(isLeftToPeople(worse, rules));
    });

    it("acknowledged | open | nothing, where acknowledgements are not passed on", () => {
      const rules = { ...REPAGING, passesOnAcknowledgements: false };
      for (const isCertain of [CERTAIN, MAYBE]) {
        const alert = alertBetween("acknowledged", "critical", "triggered", "critical", isCertain);
        assert.is_nil(nextAction(alert, rules));
        alert.wantsAcknowledge = "again";
        assert.is_nil(nextAction(alert, rules));
      }
      // Where it was passed on before that was chosen, it is resolved as ever.
      const before = alertBetween("resolved", "critical", "acknowledged", "critical", CERTAIN);
      assert.equal("resolve", nextAction(before, rules));
    });

    it("held | open | a resolve, where the hold calls for one, and once only", () => {
      const alert = alertBetween("held", "critical", "triggered", "critical", MAYBE);
      alert.holdAction = "resolve";
      assert.equal("resolve", nextAction(alert, NO_CHOICES));
      recordUnknownOutcome(alert, "resolve", "critical");
      assert.equal("resolve", nextAction(alert, NO_CHOICES));
      recordAccepted(alert, "resolve", "critical", 5);
      assert.is_nil(nextAction(alert, NO_CHOICES));
      assert.equal("taken", alert.holdAction);
      setDesired(alert, "triggered", "critical");
      assert.equal("trigger", nextAction(alert, NO_CHOICES));
    });

    it("held | open | an acknowledge, where the hold calls for one; after it a resolve, and a new incident", () => {
      for (const outcome of ["accepted", "unknown"] as const) {
        const alert = alertBetween("held", "critical", "triggered", "critical", CERTAIN);
        alert.holdAction = "acknowledge";
        assert.equal("acknowledge", nextAction(alert, NO_CHOICES));
        recordStarted(alert, "acknowledge");
        alert.inFlight = undefined;
        if (outcome === "accepted") recordAccepted(alert, "acknowledge", "critical", 5);
        else recordUnknownOutcome(alert, "acknowledge", "critical");
        assert.equal(
          outcome === "accepted" ? "nothing" : "acknowledge",
          nextAction(alert, NO_CHOICES) ?? "nothing",
        );
        setDesired(alert, "triggered", "critical");
        assert.equal("resolve", nextAction(alert, NO_CHOICES));
        recordAccepted(alert, "resolve", "critical", 6);
        assert.equal("trigger", nextAction(alert, NO_CHOICES));
        recordAccepted(alert, "trigger", "critical", 7);
        assert.is_nil(nextAction(alert, NO_CHOICES));
      }
    });

    it("triggered | acknowledged for a hold, and then by a person | nothing", () => {
      const alert = alertBetween("held", "critical", "triggered", "critical", CERTAIN);
      alert.holdAction = "acknowledge";
      recordStarted(alert, "acknowledge");
      alert.inFlight = undefined;
      recordAccepted(alert, "acknowledge", "critical", 5);
      setDesired(alert, "acknowledged", "critical");
      setDesired(alert, "triggered", "critical");
      assert.is_nil(nextAction(alert, NO_CHOICES));
    });

    it("held | acknowledged already | nothing, where the hold calls for an acknowledge", () => {
      const alert = alertBetween("held", "critical", "acknowledged", "critical", CERTAIN);
      alert.holdAction = "acknowledge";
      assert.is_nil(nextAction(alert, NO_CHOICES));
      setDesired(alert, "triggered", "critical");
      assert.is_nil(nextAction(alert, NO_CHOICES));
    });

    it("held | none | nothing, whatever the hold calls for", () => {
      const alert = alertBetween("held", "critical", "none", "critical", CERTAIN);
      for (const action of ["acknowledge", "resolve"] as const) {
        alert.holdAction = action;
        assert.is_nil(nextAction(alert, NO_CHOICES));
      }
    });

    it("triggered | closed | nothing, whatever else is news", () => {
      const alert = alertBetween("triggered", "warning", "closed", "warning", CERTAIN);
      alert.wantsRetrigger = true;
      alert.wantsUpdate = true;
      assert.is_nil(nextAction(alert, { ...NO_CHOICES, updatesState: true }));
    });

    it("triggered | none | nothing, as long as nothing was ever read that a trigger could say", () => {
      for (const unread of ["place", "report"] as const) {
        const alert: Alert = alertFor();
        alert[unread] = undefined;
        setDesired(alert, "triggered", "critical");
        assert.is_nil(nextAction(alert, NO_CHOICES), unread);
      }
    });
  });

  it("is settled only when Centreon and PagerDuty both say that all is well, and nothing is under way", () => {
    const alert = alertBetween("resolved", "critical", "none", "critical", CERTAIN);
    assert.is_true(isSettled(alert));
    alert.inFlight = "trigger";
    assert.is_false(isSettled(alert));
    for (const desired of ["triggered", "acknowledged", "held"] as const)
      assert.is_false(isSettled(alertBetween(desired, "critical", "none", "critical", CERTAIN)), desired);
    assert.is_false(isSettled(alertBetween("resolved", "critical", "triggered", "critical", MAYBE)));
    assert.is_true(isSettled(alertBetween("resolved", "critical", "closed", "critical", CERTAIN)));
    assert.is_false(isSettled(alertBetween("triggered", "critical", "closed", "critical", CERTAIN)));
  });

  it("is called by its names, or by its key when they are not known", () => {
    const alert: Alert = alertFor(serviceOf(7, 42));
    assert.equal("db-02/Ping", nameOf(alert));
    alert.place = undefined;
    assert.equal("7_42", nameOf(alert));
    const host = alertSaying({ serviceDescription: "" }, alertFor(hostOf(7)));
    assert.equal("db-02", nameOf(host));
  });

  it("has the key the predecessors gave it", () => {
    assert.equal("7_42", dedupKeyOf(serviceOf(7, 42)));
    assert.equal("7_H", dedupKeyOf(hostOf(7)));
    assert.equal("ba_7", dedupKeyOf({ kind: "business activity", id: 7 }));
    assert.equal("poller_7", dedupKeyOf({ kind: "poller", id: 7 }));
  });

  it("asks for nothing as long as nobody says what it is about", () => {
    const alert = createAlert(serviceOf(7, 42), factsWith(), "critical");
    assert.is_true(isSettled(alert));
    assert.is_nil(nextAction(alert, NO_CHOICES));
    assert.equal(DEFAULT_ROUTE, alert.route);
  });

  describe("of which a trigger was accepted", () => {
    it("knows since when, and is in full again the next time", () => {
      const alert = alertBetween("triggered", "warning", "none", "warning", CERTAIN);
      alert.ladderStep = 1;
      recordAccepted(alert, "trigger", "warning", 77);
      assert.equal(77, alert.triggeredAt);
      assert.equal(0, alert.ladderStep);
      recordAccepted(alert, "acknowledge", "warning", 99);
      assert.equal(77, alert.triggeredAt);
    });

    it("though it was closed is open again, and who closed it is past", () => {
      const alert = alertBetween("triggered", "critical", "closed", "warning", CERTAIN);
      recordAccepted(alert, "trigger", "critical", 5);
      assert.equal("triggered", alert.delivered);
      assert.is_nil(alert.closing);
      assert.is_nil(nextAction(alert, NO_CHOICES));
    });

    it("stays acknowledged where it was, since PagerDuty pages nobody for it", () => {
      const alert = alertBetween("triggered", "critical", "acknowledged", "warning", CERTAIN);
      recordAccepted(alert, "trigger", "critical", 5);
      assert.equal("acknowledged", alert.delivered);
      assert.equal("critical", alert.deliveredSeverity);
    });
  });

  it("ranks the severities as PagerDuty does", () => {
    for (const [rank, severity] of SEVERITIES.entries())
      for (const [otherRank, other] of SEVERITIES.entries())
        assert.equal(rank > otherRank, isWorse(severity, other), `${severity} ${other}`);
  });

  describe("tells what is new of what Centreon calls for:", () => {
    it("the same again is not", () => {
      const alert = alertBetween("triggered", "critical", "none", "critical", CERTAIN);
      assert.is_false(setDesired(alert, "triggered", "critical"));
      assert.is_true(setDesired(alert, "triggered", "warning"));
      assert.is_true(setDesired(alert, "held", "warning"));
    });

    it("what is new is sent in full again", () => {
      const alert = alertBetween("triggered", "warning", "none", "warning", CERTAIN);
      alert.ladderStep = 1;
      setDesired(alert, "triggered", "critical");
      assert.equal(0, alert.ladderStep);
    });

    it("a recovery ends the wish to send the trigger again", () => {
      const alert = alertBetween("triggered", "critical", "triggered", "critical", CERTAIN);
      alert.wantsRetrigger = true;
      setDesired(alert, "resolved", "critical");
      assert.is_false(alert.wantsRetrigger);
    });
  });

  describe("has an action to take, which", () => {
    const rows: [purpose: Purpose, action: Action, what: string, alert: Alert][] = [
      [
        "opens",
        "trigger",
        "of what PagerDuty has nothing of",
        alertBetween("triggered", "warning", "none", "info", CERTAIN),
      ],
      [
        "changes",
        "trigger",
        "of what got worse",
        alertBetween("triggered", "critical", "triggered", "warning", CERTAIN),
      ],
      [
        "changes",
        "trigger",
        "of unknown outcome",
        alertBetween("triggered", "critical", "triggered", "critical", MAYBE),
      ],
      [
        "repeats",
        "trigger",
        "of what is open",
        alertBetween("triggered", "info", "triggered", "critical", CERTAIN),
      ],
      [
        "calms",
        "acknowledge",
        "of what is open",
        alertBetween("acknowledged", "info", "triggered", "info", CERTAIN),
      ],
      [
        "repeats",
        "acknowledge",
        "once more",
        alertBetween("acknowledged", "info", "acknowledged", "info", CERTAIN),
      ],
      [
        "calms",
        "resolve",
        "of what is over",
        alertBetween("resolved", "info", "acknowledged", "info", CERTAIN),
      ],
      [
        "changes",
        "resolve",
        "for a new incident",
        alertBetween("triggered", "error", "acknowledged", "info", CERTAIN),
      ],
    ];
    for (const [purpose, action, what, alert] of rows) {
      it(`${purpose}: a ${action} ${what}`, () => assert.equal(purpose, purposeOf(alert, action)));
    }
  });

  describe("that PagerDuty refused for good", () => {
    const refused = (): Alert => {
      const alert = alertBetween("triggered", "warning", "none", "warning", CERTAIN);
      alert.ladderStep = 2;
      alert.wantsRetrigger = true;
      recordRefused(alert, "trigger", "warning", 0);
      return alert;
    };

    it("is not sent again, not even when it is news again", () => {
      const alert = refused();
      assert.is_false(alert.wantsRetrigger);
      alert.wantsRetrigger = true;
      assert.is_nil(nextAction(alert, NO_CHOICES));
    });

    it("is tried again, in full, at another severity or after another state", () => {
      const worse = refused();
      setDesired(worse, "triggered", "critical");
      const back = refused();
      setDesired(back, "held", "warning");
      assert.is_nil(nextAction(back, NO_CHOICES));
      setDesired(back, "triggered", "warning");
      for (const alert of [worse, back]) {
        assert.equal("trigger", nextAction(alert, NO_CHOICES));
        assert.equal(0, alert.ladderStep);
      }
    });

    it("is tried again when only an older severity of it was refused", () => {
      const alert = alertBetween("triggered", "critical", "none", "critical", CERTAIN);
      recordRefused(alert, "trigger", "warning", 0);
      assert.equal("trigger", nextAction(alert, NO_CHOICES));
    });

    it("is not told again and again where a milder state was to be told at the severity that PagerDuty has", () => {
      const alert = alertBetween("triggered", "warning", "triggered", "critical", CERTAIN);
      alert.wantsUpdate = true;
      assert.equal("trigger", nextAction(alert, NO_CHOICES));
      recordRefused(alert, "trigger", severityToTell(alert), 0);
      assert.is_nil(nextAction(alert, NO_CHOICES));
    });

    it("is resolved with its problem, since a person may have sent it from the quarantine", () => {
      const alert = refused();
      setDesired(alert, "resolved", "warning");
      assert.equal("resolve", nextAction(alert, NO_CHOICES));
      const escalated = alertBetween("triggered", "critical", "acknowledged", "warning", CERTAIN);
      recordRefused(escalated, "trigger", "critical", 0);
      assert.equal("acknowledged", escalated.delivered);
      assert.is_true(escalated.isCertain);
    });

    it("counts as resolved or acknowledged, when it was that which was refused", () => {
      const resolved = alertBetween("resolved", "critical", "triggered", "critical", MAYBE);
      recordRefused(resolved, "resolve", "critical", 0);
      assert.is_true(isSettled(resolved));
      const acknowledged = alertBetween("acknowledged", "critical", "triggered", "critical", CERTAIN);
      recordRefused(acknowledged, "acknowledge", "critical", 700);
      // The next one is due an interval after this, not after the trigger.
      assert.equal(700, acknowledged.acknowledgedAt);
      assert.is_nil(nextAction(acknowledged, NO_CHOICES));
      assert.is_true(isOpen(acknowledged));
    });
  });

  describe("in every state that can be reached", () => {
    /** PagerDuty as it is, whatever the connector could learn of it. */
    interface Incident {
      readonly isOpen: boolean;
      readonly isAcknowledged: boolean;
      readonly severity: Severity;
    }
    interface Sending {
      readonly action: Action;
      readonly severity: Severity;
    }
    interface World {
      readonly alert: Alert;
      readonly incident: Incident;
      readonly underWay: Sending | typeof NOTHING;
      /** How it came about, for the message of a failure. */
      readonly history: string;
    }

    /** Centreon calls for it; each time that it is acknowledged is an acknowledgement of its own. */
    function wants(alert: Alert, desired: DesiredState, severity: Severity): void {
      if (desired !== "acknowledged") alert.wantsAcknowledge = undefined;
      else if (alert.desired !== "acknowledged") alert.wantsAcknowledge = "new";
      setDesired(alert, desired, severity);
    }

    const NOTHING = "nothing";
    const NO_INCIDENT: Incident = { isOpen: false, isAcknowledged: false, severity: "warning" };

    /** What PagerDuty does with an action that reaches it. */
    function afterEffect(incident: Incident, action: Action, severity: Severity): Incident {
      if (action === "resolve") return NO_INCIDENT;
      if (action === "acknowledge") return { ...incident, isAcknowledged: incident.isOpen };
      if (!incident.isOpen) return { isOpen: true, isAcknowledged: false, severity };
      return isWorse(severity, incident.severity) ? { ...incident, severity } : incident;
    }

    /** Names the state: two worlds with the same name have the same future. */
    function stateOf({ alert, incident, underWay }: World): string {
      const parts: string[] = [
        alert.desired,
        alert.severity,
        alert.delivered,
        alert.deliveredSeverity,
        incident.severity,
      ];
      const flags = [alert.isCertain, alert.wantsRetrigger, incident.isOpen, incident.isAcknowledged];
      for (const flag of flags) parts.push(tostring(flag));
      parts.push(
        alert.refusedSeverity ?? "-",
        alert.wantsAcknowledge ?? "-",
        underWay === NOTHING ? "-" : `${underWay.action} ${underWay.severity}`,
      );
      return parts.join(" ");
    }

    /** Every state that some row of changes in Centreon and of outcomes leads to. */
    function everyWorld(rules: ActionRules, arrived: (before: World, after: World) => void): World[] {
      const alert = alertFor();
      const start: World = { alert, incident: NO_INCIDENT, underWay: NOTHING, history: "" };
      const worlds: World[] = [start];
      const seen = new LuaSet<string>();
      seen.add(stateOf(start));

      /** Adds the world that `what` makes of `before`, where it is new. */
      const reach = (
        before: World,
        what: string,
        change: (alert: Alert) => void,
        underWay: World["underWay"] = before.underWay,
        incident: Incident = before.incident,
      ): void => {
        const copy = { ...before.alert };
        change(copy);
        const after: World = { alert: copy, incident, underWay, history: `${before.history}, ${what}` };
        arrived(before, after);
        const state = stateOf(after);
        if (seen.has(state)) return;
        seen.add(state);
        worlds.push(after);
      };

      const centreonChanges = (before: World): void => {
        for (const desired of ["resolved", "triggered", "acknowledged", "held"] as const)
          for (const severity of ["warning", "critical"] as const)
            reach(before, `Centreon: ${desired} ${severity}`, (copy) => wants(copy, desired, severity));
        if (before.alert.desired === "triggered")
          reach(before, "news again", (copy) => (copy.wantsRetrigger = true));
      };

      const actionStarts = (before: World): void => {
        const action = nextAction(before.alert, rules);
        if (action === undefined) return;
        const { severity } = before.alert;
        reach(before, `${action} ${severity}`, () => undefined, { action, severity });
      };

      const actionEnds = (before: World, { action, severity }: Sending): void => {
        const effect = afterEffect(before.incident, action, severity);
        const recordUnknown = (copy: Alert) => recordUnknownOutcome(copy, action, severity);
        reach(before, "accepted", (copy) => recordAccepted(copy, action, severity, 0), NOTHING, effect);
        reach(before, "accepted but the answer lost", recordUnknown, NOTHING, effect);
        reach(before, "lost", recordUnknown, NOTHING);
        reach(before, "not sent", () => undefined, NOTHING);
        if (action === "trigger")
          reach(before, "refused", (copy) => recordRefused(copy, action, severity, 0), NOTHING);
      };

      /** `centreon-pagerduty retry` sends a refused trigger that is still called for. */
      const personRetries = (before: World): void => {
        const { desired, severity, refusedSeverity } = before.alert;
        if (desired !== "triggered" || refusedSeverity !== severity) return;
        const incident = afterEffect(before.incident, "trigger", severity);
        reach(before, "retried by a person", () => undefined, before.underWay, incident);
      };

      // Grows while it is walked.
      for (let index = 0; index < worlds.length; index++) {
        const world = worlds[index] as World;
        centreonChanges(world);
        personRetries(world);
        if (world.underWay === NOTHING) actionStarts(world);
        else actionEnds(world, world.underWay);
      }
      return worlds;
    }

    function expectAt(world: World, what: string, holds: boolean): void {
      if (!holds) error(`${what}: ${stateOf(world)}; after${world.history}`);
    }

    for (const rules of [NO_CHOICES, REPAGING]) {
      const { repageOnEscalation } = rules;
      const suffix = repageOnEscalation ? " (pdy_repage_on_escalation)" : "";

      it(`what it holds for certain is true, and no open alert loses severity${suffix}`, () => {
        const worlds = everyWorld(rules, (before, after) => {
          const { alert } = after;
          if (!isOpen(alert)) expectAt(after, "nothing open is certain", alert.isCertain);
          if (alert.isCertain) expectAt(after, "true", isOpen(alert) === after.incident.isOpen);
          const wasSure = before.alert.isCertain && isOpen(before.alert);
          if (wasSure && alert.isCertain && isOpen(alert))
            expectAt(
              after,
              "no less severe",
              !isWorse(before.alert.deliveredSeverity, alert.deliveredSeverity),
            );
          if (!before.alert.isCertain && alert.isCertain)
            expectAt(
              after,
              "a maybe ends with an accepted trigger or resolve",
              before.underWay !== NOTHING &&
                before.underWay.action !== "acknowledge" &&
                string.find(after.history, "accepted$")[0] !== undefined,
            );
        });
        // The walk went somewhere.
        assert.is_true(worlds.length > 500, `${worlds.length} states`);
      });

      it(`it needs few actions to be where Centreon is, once PagerDuty takes them${suffix}`, () => {
        for (const world of everyWorld(rules, () => undefined)) {
          const alert = { ...world.alert };
          let { incident } = world;
          const accept = (action: Action, severity: Severity): void => {
            incident = afterEffect(incident, action, severity);
            recordAccepted(alert, action, severity, 0);
          };
          if (world.underWay !== NOTHING) accept(world.underWay.action, world.underWay.severity);
          // One to get there; a resolve before it where an escalation is to page again.
          for (const _ of $range(1, 2)) {
            const action = nextAction(alert, rules);
            if (action !== undefined) accept(action, alert.severity);
          }
          const end: World = { ...world, alert, incident };
          expectAt(end, "at rest", nextAction(alert, rules) === undefined);
          const isRefused = alert.refusedSeverity === alert.severity;
          if (alert.desired === "resolved") expectAt(end, "resolved", !incident.isOpen && isSettled(alert));
          if (alert.desired === "acknowledged")
            expectAt(end, "acknowledged", incident.isAcknowledged || !incident.isOpen);
          if (alert.desired === "triggered" && !isRefused) {
            expectAt(end, "open", incident.isOpen);
            // Nobody is paged for an escalation of an acknowledged incident, unless that is wanted.
            const mustEscalate = repageOnEscalation || !incident.isAcknowledged;
            if (mustEscalate) expectAt(end, "severe enough", !isWorse(alert.severity, incident.severity));
          }
        }
      });
    }
  });
});

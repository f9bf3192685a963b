// What an event says beside its alert: what else is wrong on the host.
import { type Alert, createAlert } from "../../src/alerts/alert";
import { composeSettingsOf } from "../../src/connector/composing";
import { NO_TEXTS } from "../../src/pagerduty/compose";
import { readSettings } from "../../src/settings/settings";
import { readFile } from "../../src/text/files";
import { CRITICAL, OK, factsWith, hostOf, placeWith, reportWith, serviceOf } from "../support/alerts";

function problem(serviceId: number, serviceDescription: string, state = CRITICAL): Alert {
  const resource = serviceId === 0 ? hostOf(1) : serviceOf(1, serviceId);
  return {
    ...createAlert(resource, factsWith({ state }), "critical"),
    place: placeWith({ serviceDescription }),
    report: reportWith(),
  };
}

/** What `alert` tells of the others on its host. */
function toldBy(alert: Alert, others: readonly Alert[]): readonly string[] {
  const given = new LuaTable<string, unknown>();
  given.set("pdy_routing_key", "0123456789abcdef0123456789abcdef");
  const checked = readSettings(given, readFile);
  return composeSettingsOf(
    checked.settings,
    () => NO_TEXTS,
    (_hostId, visit) => {
      for (const other of others) visit(other);
    },
  ).otherProblems(alert);
}

describe("the other problems of a host", () => {
  it("are told by their names and states, the host's too, without the alert itself and what is well", () => {
    const alert = problem(1, "Disk");
    const others = [problem(3, "Ping"), alert, problem(4, "Mail", OK), problem(2, "Load"), problem(0, "")];
    assert.same(["Load: CRITICAL", "Ping: CRITICAL", "db-02: CRITICAL"], toldBy(alert, others));
  });

  it("are the first ten in the order of their names, in whichever order they are known", () => {
    const names = "kcgaiebhdjfml".split("");
    const others = names.map((name, index) => problem(index + 2, name));
    const expected = "abcdefghij".split("").map((name) => `${name}: CRITICAL`);
    assert.same(expected, toldBy(problem(1, "Disk"), others));
    assert.same(expected, toldBy(problem(1, "Disk"), [...others].reverse()));
  });

  it("are none for an alert without a host", () => {
    const alert = createAlert({ kind: "poller", id: 1 }, factsWith(), "critical");
    assert.same([], toldBy(alert, [problem(2, "Load")]));
  });
});

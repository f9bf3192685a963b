// Which team an alert goes to: the first of the administrator's rules that fits.
import type { Place, Resource } from "../../src/alerts/alert";
import { alertFor, factsWith, hostOf, placeWith, serviceOf } from "../support/alerts";
import { KEY, rulingsOf } from "../support/rules";

const HOST = hostOf(1);
const SERVICE = serviceOf(1, 2);
const ACTIVITY: Resource = { kind: "business activity", id: 3 };
const POLLER: Resource = { kind: "poller", id: 4 };

const KEYS = Object.fromEntries(
  ["team", "none", "database", "network"].map((name) => [`pdy_routing_key_${name}`, KEY]),
);

function routeOf(pdy_routes: string, resource: Resource, place: Place): string {
  const alert = Object.assign(alertFor(resource, factsWith()), { place });
  return rulingsOf({ ...KEYS, pdy_routes }).routeOf(alert);
}

describe("the route of an alert", () => {
  describe("by one rule:", () => {
    type Row = [subject: string, pattern: string, resource: Resource, place: Partial<Place>, fits: boolean];
    const rows: Row[] = [
      ["hostgroup", "^db$", HOST, { hostGroups: ["linux", "db"] }, true],
      ["hostgroup", "^db$", SERVICE, { hostGroups: ["linux", "db"] }, true],
      ["hostgroup", "^db$", SERVICE, { hostGroups: ["dbs"] }, false],
      ["hostgroup", "^db$", SERVICE, {}, false],
      ["servicegroup", "^web$", SERVICE, { serviceGroups: ["web"] }, true],
      ["poller", "^Lyon$", SERVICE, { poller: "Lyon" }, true],
      ["poller", "^Lyon$", POLLER, { hostName: "Lyon" }, true],
      ["poller", "^Lyon$", POLLER, { hostName: "Paris" }, false],
      ["host", "^db%-", HOST, { hostName: "db-02" }, true],
      ["host", "^db%-", SERVICE, { hostName: "db-02" }, true],
      ["host", "^db%-", ACTIVITY, { hostName: "db-02" }, false],
      ["service", "^Ping$", SERVICE, { serviceDescription: "Ping" }, true],
      ["service", "^$", HOST, { serviceDescription: "" }, false],
      ["ba", "^Shop$", ACTIVITY, { hostName: "Shop" }, true],
      ["ba", "^Shop$", HOST, { hostName: "Shop" }, false],
      ["bv", "^Sales$", ACTIVITY, { businessViews: ["Sales"] }, true],
      ["criticality", "2", SERVICE, { criticality: 1 }, true],
      ["criticality", "2", SERVICE, { criticality: 2 }, true],
      ["criticality", "2", SERVICE, { criticality: 3 }, false],
      // None at all is not the gravest.
      ["criticality", "2", SERVICE, { criticality: 0 }, false],
    ];
    for (const [subject, pattern, resource, place, fits] of rows) {
      const what = place.hostName ?? place.hostGroups?.join(", ") ?? place.criticality ?? "";
      it(`${subject} ${pattern} ${fits ? "fits" : "does not fit"} a ${resource.kind} ${what}`, () => {
        const routes = `${subject} ${pattern} -> team`;
        assert.equal(fits ? "team" : "default", routeOf(routes, resource, placeWith(place)));
      });
    }
  });

  it("is that of the first rule that fits", () => {
    const routes = "hostgroup ^nobody$ -> none; host db -> database; service Ping -> network";
    assert.equal("database", routeOf(routes, SERVICE, placeWith()));
  });

  describe("by several conditions, which must all hold:", () => {
    const rows: [conditions: string, place: Partial<Place>, fits: boolean][] = [
      ["hostgroup ^db$ and service ^Ping$", { hostGroups: ["db"] }, true],
      ["hostgroup ^db$ and service ^Load$", { hostGroups: ["db"] }, false],
      ["hostgroup ^web$ and service ^Ping$", { hostGroups: ["db"] }, false],
      ["hostgroup ^db$  and  criticality 2 and host ^db%-", { hostGroups: ["db"], criticality: 1 }, true],
      ["hostgroup ^db$ and criticality 2 and host ^web%-", { hostGroups: ["db"], criticality: 1 }, false],
      // Nothing that a rule looks at follows: it is part of the name.
      ["hostgroup ^Research and Development$", { hostGroups: ["Research and Development"] }, true],
      ["hostgroup ^Bed and$ and host db", { hostGroups: ["Bed and"] }, true],
      // And so it is written where something does.
      ["hostgroup ^Rack.and host 5$", { hostGroups: ["Rack and host 5"] }, true],
      ["hostgroup ^Rack and host 5$", { hostGroups: ["Rack and host 5"] }, false],
    ];
    for (const [conditions, place, fits] of rows) {
      it(`${conditions} ${fits ? "fits" : "does not fit"}`, () => {
        const route = routeOf(`${conditions} -> team`, SERVICE, placeWith(place));
        assert.equal(fits ? "team" : "default", route);
      });
    }
  });

  it("is the default one without rules", () => {
    assert.equal("default", routeOf("", SERVICE, placeWith()));
  });
});

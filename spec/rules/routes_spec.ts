// Which team an alert goes to: the first of the administrator's rules that fits.
import type { Place, Resource } from "../../src/alerts/alert";
import { type RouteRule, type RouteSubject, routeOf } from "../../src/rules/routes";
import { placeWith, hostOf, serviceOf } from "../support/alerts";

const HOST = hostOf(1);
const SERVICE = serviceOf(1, 2);
const ACTIVITY: Resource = { kind: "business activity", id: 3 };
const POLLER: Resource = { kind: "poller", id: 4 };

describe("the route of an alert", () => {
  describe("by one rule:", () => {
    type Row = [
      subject: RouteSubject,
      pattern: string,
      resource: Resource,
      place: Partial<Place>,
      fits: boolean,
    ];
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
        const rules = [{ subject, pattern, route: "team" }];
        assert.equal(fits ? "team" : "default", routeOf(rules, resource, placeWith(place)));
      });
    }
  });

  it("is that of the first rule that fits", () => {
    const rules: RouteRule[] = [
      { subject: "hostgroup", pattern: "^nobody$", route: "none" },
      { subject: "host", pattern: "db", route: "database" },
      { subject: "service", pattern: "Ping", route: "network" },
    ];
    assert.equal("database", routeOf(rules, SERVICE, placeWith()));
  });

  it("is the default one without rules", () => {
    assert.equal("default", routeOf([], SERVICE, placeWith()));
  });
});

// Which problems may open an alert by the administrator's filters, and the words that say why not.
import { type Place, type Resource, dedupKeyOf } from "../../src/alerts/alert";
import { type NameLists, authorRejection } from "../../src/rules/filter";
import {
  CRITICAL,
  DOWN,
  UNKNOWN,
  WARNING,
  alertFor,
  factsWith,
  hostOf,
  placeWith,
  serviceOf,
} from "../support/alerts";
import { type Parameters, rulingsOf } from "../support/rules";

const NO_LISTS: NameLists = { accepted: [], rejected: [] };

const HOST = hostOf(1);
const SERVICE = serviceOf(1, 2);
const ACTIVITY: Resource = { kind: "business activity", id: 3 };
const POLLER: Resource = { kind: "poller", id: 4 };

const accepting = (...accepted: string[]): NameLists => ({ accepted, rejected: [] });
const rejecting = (...rejected: string[]): NameLists => ({ accepted: [], rejected });

const AT_MOST_2 = { host: { host_severity_threshold: 2 }, service: { service_severity_threshold: 2 } };

/** Why a problem is filtered out. */
function rejection(parameters: Parameters, resource: Resource, state: number, place: Place) {
  const alert = Object.assign(alertFor(resource, factsWith({ state })), { place });
  return rulingsOf(parameters).rejectionOf(alert);
}

/** Why a change is. */
function changeRejection(parameters: Parameters, resource: Resource, place: Place) {
  return rulingsOf(parameters).changeRejectionOf({ dedupKey: dedupKeyOf(resource), resource, place });
}

describe("the filters", () => {
  it("let everything pass that they do not speak of", () => {
    for (const [resource, state] of [
      [HOST, DOWN],
      [SERVICE, UNKNOWN],
      [ACTIVITY, CRITICAL],
      [POLLER, 1],
    ] as const)
      assert.is_nil(rejection({}, resource, state, placeWith()));
  });

  type Row = [
    what: string,
    parameters: Parameters,
    resource: Resource,
    place: Partial<Place>,
    reason: string | false,
  ];
  const rows: Row[] = [
    [
      "a state that is none of those",
      { service_status: CRITICAL },
      SERVICE,
      {},
      "state 1 is not among those that alert",
    ],
    [
      "a group that is accepted",
      { accepted_hostgroups: "db" },
      SERVICE,
      { hostGroups: ["linux", "db"] },
      false,
    ],
    [
      "no group that is accepted",
      { accepted_hostgroups: "db" },
      SERVICE,
      { hostGroups: ["linux"] },
      "it is in none of accepted_hostgroups",
    ],
    [
      "a group that is rejected",
      { rejected_hostgroups: "test" },
      SERVICE,
      { hostGroups: ["test"] },
      "test is in rejected_hostgroups",
    ],
    [
      "a group that is accepted and one that is rejected",
      { accepted_hostgroups: "db", rejected_hostgroups: "test" },
      HOST,
      { hostGroups: ["db", "test"] },
      "test is in rejected_hostgroups",
    ],
    [
      "a service group",
      { accepted_servicegroups: "web" },
      SERVICE,
      {},
      "it is in none of accepted_servicegroups",
    ],
    ["a service group, which a host has none of", { accepted_servicegroups: "web" }, HOST, {}, false],
    ["a poller", { rejected_pollers: "Lyon" }, SERVICE, { poller: "Lyon" }, "Lyon is in rejected_pollers"],
    ["a host by pattern", { accepted_hosts: "^web%-" }, SERVICE, {}, "its name fits none of accepted_hosts"],
    [
      "a host by one of several patterns",
      { accepted_hosts: "^web%-,^db%-", accepted_hosts_enable_split_pattern: 1 },
      HOST,
      {},
      false,
    ],
    [
      "a rejected host by pattern",
      { rejected_hosts: "^db%-" },
      HOST,
      {},
      "its name fits rejected_hosts ^db%-",
    ],
    [
      "a rejected service by pattern",
      { rejected_services: "^Ping$" },
      SERVICE,
      {},
      "its name fits rejected_services ^Ping$",
    ],
    ["a service pattern, which a host has no use for", { accepted_services: "^Ping$" }, HOST, {}, false],
    ["a criticality that is grave enough", AT_MOST_2.service, SERVICE, { criticality: 2 }, false],
    [
      "a criticality that is not",
      AT_MOST_2.service,
      SERVICE,
      { criticality: 3 },
      "its criticality 3 does not pass service_severity_threshold",
    ],
    [
      "no criticality where one is asked for",
      AT_MOST_2.host,
      HOST,
      {},
      "its criticality 0 does not pass host_severity_threshold",
    ],
    ["a host's criticality, not asked of its services", AT_MOST_2.host, SERVICE, {}, false],
    [
      "a business view",
      { rejected_bvs: "Sales" },
      ACTIVITY,
      { businessViews: ["Sales"] },
      "Sales is in rejected_bvs",
    ],
    [
      "filters of hosts, for a business activity",
      { accepted_hosts: "^web", accepted_pollers: "Lyon" },
      ACTIVITY,
      {},
      false,
    ],
    [
      "filters of pollers, for a poller itself",
      { accepted_pollers: "Lyon" },
      POLLER,
      { hostName: "Paris" },
      false,
    ],
  ];
  for (const [what, parameters, resource, place, reason] of rows) {
    it(`${reason === false ? "let pass" : "keep out"} ${what}`, () => {
      const state = resource.kind === "service" ? WARNING : 1;
      const given = rejection(parameters, resource, state, placeWith(place));
      assert.equal(reason, given ?? false);
    });
  }

  it("compare the threshold with the criticality as the operator says", () => {
    const rows: [operator: string, passes: number[]][] = [
      ["<", [3]],
      ["<=", [2, 3]],
      [">", [1]],
      [">=", [1, 2]],
      ["==", [2]],
      ["~=", [1, 3]],
    ];
    for (const [operator, passes] of rows) {
      const parameters = { ...AT_MOST_2.host, host_severity_operator: operator };
      const passing = [1, 2, 3].filter(
        (criticality) => rejection(parameters, HOST, DOWN, placeWith({ criticality })) === undefined,
      );
      assert.same(passes, passing, operator);
    }
  });

  it("look at a resource without a state where there is none, and then at a poller, too", () => {
    const parameters = { accepted_elements: "service_status", rejected_pollers: "Lyon" };
    const lyon = placeWith({ hostName: "Lyon", poller: "Lyon" });
    assert.is_nil(changeRejection(parameters, HOST, placeWith()));
    assert.equal("Lyon is in rejected_pollers", changeRejection(parameters, HOST, lyon));
    assert.equal("Lyon is in rejected_pollers", changeRejection(parameters, POLLER, lyon));
    // Its silence is nobody's to filter.
    assert.is_nil(rejection(parameters, POLLER, 1, lyon));
  });
});

describe("the authors of acknowledgements", () => {
  const rows: [what: string, authors: NameLists, author: string | false, reason: string | false][] = [
    ["all count where no list is set", NO_LISTS, "bob", false],
    ["and so does one that nobody knows", NO_LISTS, false, false],
    ["one that is accepted counts", accepting("alice", "bob"), "bob", false],
    ["no other does", accepting("alice"), "bob", "bob is not in accepted_authors"],
    ["one that is rejected does not count", rejecting("bob"), "bob", "bob is in rejected_authors"],
    ["any other does", rejecting("bob"), "alice", false],
    [
      "one that is on both lists is rejected",
      { accepted: ["bob"], rejected: ["bob"] },
      "bob",
      "bob is in rejected_authors",
    ],
    ["one that nobody knows is not accepted", accepting("alice"), false, "nobody knows whose it is"],
    ["nor may it be one that is rejected", rejecting("bob"), false, "nobody knows whose it is"],
  ];
  for (const [what, authors, author, reason] of rows) {
    it(what, () =>
      assert.equal(reason, authorRejection(authors, author === false ? undefined : author) ?? false),
    );
  }
});

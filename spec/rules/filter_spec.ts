// Which problems may open an alert by the administrator's filters, and the words that say why not.
import type { Place, Resource } from "../../src/alerts/alert";
import {
  type FilterRules,
  type NameLists,
  type Threshold,
  authorRejection,
  rejection,
  rejectionOfPlace,
} from "../../src/rules/filter";
import { CRITICAL, DOWN, UNKNOWN, WARNING, placeWith, hostOf, serviceOf } from "../support/alerts";

const NO_LISTS: NameLists = { accepted: [], rejected: [] };

const OPEN: FilterRules = {
  states: {
    host: [1, 2],
    service: [1, 2, 3],
    "business activity": [1, 2],
    poller: [1],
    connector: [2],
    storm: [],
  },
  hostGroups: NO_LISTS,
  serviceGroups: NO_LISTS,
  businessViews: NO_LISTS,
  pollers: NO_LISTS,
  hosts: NO_LISTS,
  services: NO_LISTS,
  hostCriticality: undefined,
  serviceCriticality: undefined,
  authors: NO_LISTS,
};

const HOST = hostOf(1);
const SERVICE = serviceOf(1, 2);
const ACTIVITY: Resource = { kind: "business activity", id: 3 };
const POLLER: Resource = { kind: "poller", id: 4 };

const accepting = (...accepted: string[]): NameLists => ({ accepted, rejected: [] });
const rejecting = (...rejected: string[]): NameLists => ({ accepted: [], rejected });

const AT_MOST_2: Threshold = { threshold: 2, operator: ">=" };

describe("the filters", () => {
  it("let everything pass that they do not speak of", () => {
    for (const [resource, state] of [
      [HOST, DOWN],
      [SERVICE, UNKNOWN],
      [ACTIVITY, CRITICAL],
      [POLLER, 1],
    ] as const)
      assert.is_nil(rejection(OPEN, resource, state, placeWith()));
  });

  type Row = [
    what: string,
    rules: Partial<FilterRules>,
    resource: Resource,
    place: Partial<Place>,
    reason: string | false,
  ];
  const rows: Row[] = [
    [
      "a state that is none of those",
      { states: { ...OPEN.states, service: [CRITICAL] } },
      SERVICE,
      {},
      "state 1 is not among those that alert",
    ],
    [
      "a group that is accepted",
      { hostGroups: accepting("db") },
      SERVICE,
      { hostGroups: ["linux", "db"] },
      false,
    ],
    [
      "no group that is accepted",
      { hostGroups: accepting("db") },
      SERVICE,
      { hostGroups: ["linux"] },
      "it is in none of accepted_hostgroups",
    ],
    [
      "a group that is rejected",
      { hostGroups: rejecting("test") },
      SERVICE,
      { hostGroups: ["test"] },
      "test is in rejected_hostgroups",
    ],
    [
      "a group that is accepted and one that is rejected",
      { hostGroups: { accepted: ["db"], rejected: ["test"] } },
      HOST,
      { hostGroups: ["db", "test"] },
      "test is in rejected_hostgroups",
    ],
    [
      "a service group",
      { serviceGroups: accepting("web") },
      SERVICE,
      {},
      "it is in none of accepted_servicegroups",
    ],
    ["a service group, which a host has none of", { serviceGroups: accepting("web") }, HOST, {}, false],
    ["a poller", { pollers: rejecting("Lyon") }, SERVICE, { poller: "Lyon" }, "Lyon is in rejected_pollers"],
    [
      "a host by pattern",
      { hosts: accepting("^web%-") },
      SERVICE,
      {},
      "its name fits none of accepted_hosts",
    ],
    ["a host by one of several patterns", { hosts: accepting("^web%-", "^db%-") }, HOST, {}, false],
    [
      "a rejected host by pattern",
      { hosts: rejecting("^db%-") },
      HOST,
      {},
      "its name fits rejected_hosts ^db%-",
    ],
    [
      "a rejected service by pattern",
      { services: rejecting("^Ping$") },
      SERVICE,
      {},
      "its name fits rejected_services ^Ping$",
    ],
    ["a service pattern, which a host has no use for", { services: accepting("^Ping$") }, HOST, {}, false],
    [
      "a criticality that is grave enough",
      { serviceCriticality: AT_MOST_2 },
      SERVICE,
      { criticality: 2 },
      false,
    ],
    [
      "a criticality that is not",
      { serviceCriticality: AT_MOST_2 },
      SERVICE,
      { criticality: 3 },
      "its criticality 3 does not pass service_severity_threshold",
    ],
    [
      "no criticality where one is asked for",
      { hostCriticality: AT_MOST_2 },
      HOST,
      {},
      "its criticality 0 does not pass host_severity_threshold",
    ],
    ["a host's criticality, not asked of its services", { hostCriticality: AT_MOST_2 }, SERVICE, {}, false],
    [
      "a business view",
      { businessViews: rejecting("Sales") },
      ACTIVITY,
      { businessViews: ["Sales"] },
      "Sales is in rejected_bvs",
    ],
    [
      "filters of hosts, for a business activity",
      { hosts: accepting("^web"), pollers: accepting("Lyon") },
      ACTIVITY,
      {},
      false,
    ],
    [
      "filters of pollers, for a poller itself",
      { pollers: accepting("Lyon") },
      POLLER,
      { hostName: "Paris" },
      false,
    ],
  ];
  for (const [what, rules, resource, place, reason] of rows) {
    it(`${reason === false ? "let pass" : "keep out"} ${what}`, () => {
      const state = resource.kind === "service" ? WARNING : 1;
      const given = rejection({ ...OPEN, ...rules }, resource, state, placeWith(place));
      assert.equal(reason, given ?? false);
    });
  }

  it("compare the threshold with the criticality as the operator says", () => {
    const rows: [operator: Threshold["operator"], passes: number[]][] = [
      ["<", [3]],
      ["<=", [2, 3]],
      [">", [1]],
      [">=", [1, 2]],
      ["==", [2]],
      ["~=", [1, 3]],
    ];
    for (const [operator, passes] of rows) {
      const rules = { ...OPEN, hostCriticality: { threshold: 2, operator } };
      const passing = [1, 2, 3].filter(
        (criticality) => rejection(rules, HOST, DOWN, placeWith({ criticality })) === undefined,
      );
      assert.same(passes, passing, operator);
    }
  });

  it("look at a resource without a state where there is none, and then at a poller, too", () => {
    const rules = { ...OPEN, states: { ...OPEN.states, host: [] }, pollers: rejecting("Lyon") };
    const lyon = placeWith({ hostName: "Lyon", poller: "Lyon" });
    assert.is_nil(rejectionOfPlace(rules, HOST, placeWith()));
    assert.equal("Lyon is in rejected_pollers", rejectionOfPlace(rules, HOST, lyon));
    assert.equal("Lyon is in rejected_pollers", rejectionOfPlace(rules, POLLER, lyon));
    // Its silence is nobody's to filter.
    assert.is_nil(rejection(rules, POLLER, 1, lyon));
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

// pagerduty/links: the addresses that responders open. What whole events do with them is in compose_spec.ts.
import type { Resource } from "../../src/alerts/alert";
import {
  type LinkTemplate,
  appendCentreonLink,
  appendLink,
  appendOwnLinks,
  imagesOf,
} from "../../src/pagerduty/links";
import { readTemplate } from "../../src/pagerduty/template";
import { type JsonValue, encode } from "../../src/text/json";
import { type Some, alertSaying, hostOf, placeWith, serviceOf } from "../support/alerts";
import { decodeJson } from "../support/json";

interface Link {
  readonly href: string;
  readonly text: string;
}

/** What is added, as PagerDuty gets it. */
function added(add: (this: void, items: JsonValue[]) => void): Link[] {
  const items: JsonValue[] = [];
  add(items);
  return items.length === 0 ? [] : (decodeJson(encode({ items })) as Link[]);
}

/** The address of the page that shows `resource`. */
function pageOf(resource: Resource, some: Some = {}, centreonUrl = "https://centreon.example"): string {
  const links = added((items) => {
    appendCentreonLink(items, resource, placeWith(some), centreonUrl);
  });
  assert.equal("Open in Centreon", links[0]?.text);
  return links[0]?.href ?? "";
}

/** What the page is asked to show. */
function detailsIn(url: string): { readonly resourcesDetailsEndpoint: string } {
  const [encoded] = string.match(url, "/monitoring/resources%?details=([%w%%._~-]+)$");
  const [decoded] = string.gsub(encoded ?? "", "%%(%x%x)", (digits) =>
    string.char(tonumber(digits, 16) ?? 0),
  );
  return decodeJson(decoded) as { readonly resourcesDetailsEndpoint: string };
}

describe("the page of a resource", () => {
  const endpoint = "/centreon/api/latest/monitoring/resources";
  const panels: [what: string, resource: Resource, some: Some, details: Record<string, unknown>][] = [
    [
      "a host",
      hostOf(11),
      {},
      { id: 11, resourcesDetailsEndpoint: `${endpoint}/hosts/11`, type: "host", uuid: "h11" },
    ],
    [
      "a service",
      serviceOf(11, 22),
      {},
      {
        id: 22,
        parentId: 11,
        parentType: "host",
        resourcesDetailsEndpoint: `${endpoint}/hosts/11/services/22`,
        type: "service",
        uuid: "h11-s22",
      },
    ],
    [
      "a meta-service, by its own number",
      serviceOf(90, 1001),
      { metaServiceId: 7 },
      { id: 7, resourcesDetailsEndpoint: `${endpoint}/metaservices/7`, type: "metaservice", uuid: "m7" },
    ],
    [
      "an anomaly detection",
      serviceOf(11, 22),
      { isAnomalyDetection: true },
      {
        id: 22,
        resourcesDetailsEndpoint: `${endpoint}/anomaly-detection/22`,
        type: "anomaly-detection",
        uuid: "a22",
      },
    ],
  ];
  for (const [what, resource, some, details] of panels) {
    it(`is the panel of ${what}`, () => {
      assert.same({ ...details, tab: "details" }, detailsIn(pageOf(resource, some)));
    });
  }

  it("is the one that Centreon has for a business activity and for a poller", () => {
    const base = "https://centreon.example/centreon/main.php?";
    assert.equal(`${base}p=20701&o=d&ba_id=5`, pageOf({ kind: "business activity", id: 5 }));
    assert.equal(`${base}p=60901&o=c&server_id=2`, pageOf({ kind: "poller", id: 2 }));
  });

  it("is none for the connector itself, and where Centreon's address is not known", () => {
    const cases: [resource: Resource, centreonUrl: string][] = [
      [{ kind: "connector", id: 0 }, "https://centreon.example"],
      [hostOf(11), ""],
    ];
    for (const [resource, centreonUrl] of cases) {
      const links = added((items) => {
        appendCentreonLink(items, resource, placeWith(), centreonUrl);
      });
      assert.same([], links);
    }
  });

  const addresses: [written: string, site: string, path: string][] = [
    ["https://c.example", "https://c.example", "/centreon"],
    ["https://c.example/", "https://c.example", "/centreon"],
    ["https://c.example//", "https://c.example", "/centreon"],
    ["https://c.example/centreon", "https://c.example", "/centreon"],
    ["https://c.example/centreon/", "https://c.example", "/centreon"],
    ["http://c.example:8080/centreon", "http://c.example:8080", "/centreon"],
    ["https://c.example/centreon/monitoring/resources?filter=%7B%7D#a", "https://c.example", "/centreon"],
    ["https://c.example/centreon/main.php?p=1", "https://c.example", "/centreon"],
    ["https://c.example/?a/b", "https://c.example", "/centreon"],
    ["https://centreon", "https://centreon", "/centreon"],
    ["https://c.example/tools/centreon/", "https://c.example", "/tools/centreon"],
    ["https://c.example/centreon-lyon", "https://c.example", "/centreon-lyon"],
    ["https://c.example/supervision/", "https://c.example", "/supervision"],
  ];
  for (const [written, site, path] of addresses) {
    it(`is below ${site}${path} for ${written}`, () => {
      const url = pageOf(hostOf(11), {}, written);
      assert.equal(
        `${site}${path}/monitoring/resources?details=`,
        string.sub(url, 1, site.length + path.length + "/monitoring/resources?details=".length),
      );
      assert.equal(
        `${path}/api/latest/monitoring/resources/hosts/11`,
        detailsIn(url).resourcesDetailsEndpoint,
      );
    });
  }
});

describe("a link", () => {
  const linkTo = (url: string): Link[] =>
    added((items) => {
      appendLink(items, url, "Notes");
    });

  it("is added with every byte encoded that no address may have", () => {
    assert.same([{ href: "https://wiki/a%20b", text: "Notes" }], linkTo("https://wiki/a b"));
  });

  it("is added whichever way its scheme is written", () => {
    assert.same([{ href: "https://Wiki/a", text: "Notes" }], linkTo("HTTPS://Wiki/a"));
  });

  const unusable = ["", "wiki/page", "javascript:alert(1)", "ftp://wiki", "https:// wiki", "https://"];
  for (const url of [...unusable, `https://wiki/${string.rep("a", 8190)}`]) {
    it(`is none for "${string.sub(url, 1, 40)}"`, () => {
      assert.same([], linkTo(url));
    });
  }
});

describe("the administrator's own", () => {
  function templateOf(text: string, address: string): LinkTemplate {
    const read = [readTemplate(text, ["RUNBOOK"]), readTemplate(address, ["RUNBOOK"])] as const;
    if (typeof read[0] === "string" || typeof read[1] === "string") return error("no template");
    return { text: read[0], address: read[1] };
  }
  const said: Some = { hostName: "bücher & söhne", serviceDescription: "", notesUrl: "" };

  function subjectOf(some: Some): { alert: ReturnType<typeof alertSaying>; severity: "critical" } {
    return { alert: alertSaying({ ...said, ...some }), severity: "critical" };
  }
  function linksOf(text: string, address: string, some: Some = {}): Link[] {
    return added((items) => {
      appendOwnLinks(items, [templateOf(text, address)], subjectOf(some));
    });
  }

  it("links have placeholders in text and address, there with every byte encoded that could mean something", () => {
    assert.same(
      [
        {
          href: "https://wiki.example/b%C3%BCcher%20%26%20s%C3%B6hne?service=&state=CRITICAL",
          text: "Runbook of bücher & söhne",
        },
      ],
      linksOf("Runbook of {host}", "https://wiki.example/{host}?service={service}&state={state}"),
    );
  });

  it("links take a whole address from a placeholder at their beginning", () => {
    const customVariables = [{ name: "RUNBOOK", value: "https://wiki.example/?page=1" }];
    assert.same(
      [{ href: "https://wiki.example/?page=1&host=b%C3%BCcher%20%26%20s%C3%B6hne", text: "Runbook" }],
      linksOf("Runbook", "{macro:RUNBOOK}&host={host}", { customVariables }),
    );
    for (const value of ["javascript:alert(1)", "the runbook"]) {
      const others = [{ name: "RUNBOOK", value }];
      assert.same([], linksOf("Runbook", "{macro:RUNBOOK}", { customVariables: others }));
    }
  });

  it("links are left out where none of their placeholders says anything", () => {
    assert.same([], linksOf("Graph", "https://graphs.example/{macro:RUNBOOK}/{service}"));
    assert.same(
      [{ href: "https://graphs.example/", text: "Graphs" }],
      linksOf("Graphs", "https://graphs.example/"),
    );
  });

  it("links have a text of one line", () => {
    const [link] = linksOf("{output}\n", "https://wiki.example", { output: "a\tb" });
    assert.equal("a b", link?.text);
  });

  it("images have their address and their text, by https only", () => {
    const imageOf = (address: string): unknown => {
      const images = imagesOf([templateOf("Load of {host}", address)], subjectOf({}));
      return images === undefined ? undefined : decodeJson(encode(images));
    };
    assert.same(
      [
        {
          src: "https://graphs.example/b%C3%BCcher%20%26%20s%C3%B6hne.png",
          alt: "Load of bücher & söhne",
        },
      ],
      imageOf("https://graphs.example/{host}.png"),
    );
    assert.is_nil(imageOf("http://graphs.example/{host}.png"));
  });
});

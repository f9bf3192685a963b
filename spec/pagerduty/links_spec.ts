// pagerduty/links: the addresses that responders open. What whole events do with them is in compose_spec.ts.
import { appendLink, resourceUrl } from "../../src/pagerduty/links";
import type { JsonValue } from "../../src/text/json";
import { hostOf, serviceOf } from "../support/alerts";
import { decodeJson } from "../support/json";

/** What the page is asked to show. */
function detailsIn(url: string): unknown {
  const [encoded] = string.match(
    url,
    "^https://centreon%.example/centreon/monitoring/resources%?details=([%w%%._~-]+)$",
  );
  const [decoded] = string.gsub(encoded ?? "", "%%(%x%x)", (digits) =>
    string.char(tonumber(digits, 16) ?? 0),
  );
  return decodeJson(decoded);
}

describe("the address of a resource", () => {
  const endpoint = "/centreon/api/latest/monitoring/resources/hosts/11";
  it("opens a host's panel", () => {
    assert.same(
      { id: 11, resourcesDetailsEndpoint: endpoint, tab: "details", type: "host", uuid: "h11" },
      detailsIn(resourceUrl(hostOf(11), "https://centreon.example")),
    );
  });

  it("opens a service's panel", () => {
    assert.same(
      {
        id: 22,
        parentId: 11,
        parentType: "host",
        resourcesDetailsEndpoint: `${endpoint}/services/22`,
        tab: "details",
        type: "service",
        uuid: "h11-s22",
      },
      detailsIn(resourceUrl(serviceOf(11, 22), "https://centreon.example")),
    );
  });
});

describe("a link", () => {
  const linkTo = (url: string): JsonValue[] => {
    const links: JsonValue[] = [];
    appendLink(links, url, "Notes");
    return links;
  };

  it("is added with every byte encoded that no address may have", () => {
    const fields = [
      ["href", "https://wiki/a%20b"],
      ["text", "Notes"],
    ];
    assert.same([{ fields }], linkTo("https://wiki/a b"));
  });

  for (const url of ["", "wiki/page", "javascript:alert(1)", "ftp://wiki", "https:// wiki"]) {
    it(`is none for "${url}"`, () => {
      assert.same([], linkTo(url));
    });
  }
});

// What a person reads in an incident, through the whole connector: outputs as a real engine sent them, and the pages that
// links open.
import type { Line } from "../support/brokerhost";
import { requestsOf } from "../support/incidents";
import { decodeJson } from "../support/json";
import { linesOf } from "../support/recorded";
import { useSandbox } from "../support/sandbox";
import { createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

describe("outputs of a real engine", () => {
  const further = 'second line\nthird line with \n two chars\nfourth "quoted" C:\new\\table';
  const hosts: Record<2 | 3, string> = {
    2: "DOWN - first line | host second line\nhost third line\nhost fourth",
    3: "DOWN - host second line | host third line\nhost fourth",
  };
  for (const protocol of [2, 3] as const) {
    it(`of BBDO ${protocol} have their lines, and the state once`, () => {
      // What waits is one desired state: services of a host that is down alert only before it.
      const broker = stage.start({ parameters: { suppress_services_of_down_hosts: 0 } });
      broker.give(linesOf(`outputs-bbdo${protocol}`));
      broker.settle();
      const read = broker.incidents().map(({ summary, custom_details }) => {
        const lines = custom_details?.["long_output"] as string | undefined;
        return lines === undefined ? summary : `${summary} | ${lines}`;
      });
      assert.same(
        [
          `host 5/service 51: CRITICAL - first line | ${further}`,
          "host 5/service 53: CRITICAL - Überlauf: 90 % – größer als 80 % ✓ 日本語 🚒",
          "host 5/service 54: CRITICAL - Überlauf: größer",
          `host 5: ${hosts[protocol]}`,
        ],
        read,
      );
    });
  }
});

describe("links", () => {
  /** A problem of a service. Both events tell its type. */
  function service(id: number, description: string, serviceType: number): Line[] {
    const ids = { category: 1, host_id: 90, service_id: id, type: serviceType };
    return [
      { ...ids, element: 27, description, enabled: true },
      { ...ids, element: 29, state: 2, state_type: 1, output: "x" },
    ];
  }
  function host(name: string): Line {
    return { category: 1, element: 30, host_id: 90, name, enabled: true };
  }

  const panels: [what: string, events: Line[], endpoint: string][] = [
    ["a service", [host("web-01"), ...service(5, "Traffic", 0)], "hosts/90/services/5"],
    ["an anomaly detection", [host("web-01"), ...service(5, "Traffic", 4)], "anomaly-detection/5"],
    ["a meta-service", [host("_Module_Meta"), ...service(5, "meta_7", 2)], "metaservices/7"],
  ];
  for (const [what, events, endpoint] of panels) {
    it(`open ${what} as what it is`, () => {
      const broker = stage.start({ parameters: { pdy_centreon_url: "HTTPS://centreon.example/centreon/" } });
      broker.give(events);
      broker.settle();
      const [decoded] = string.gsub(broker.incidents()[0]?.links?.[0]?.href ?? "", "%%(%x%x)", (digits) =>
        string.char(tonumber(digits, 16) ?? 0),
      );
      const page = "https://centreon.example/centreon/monitoring/resources?details=";
      assert.equal(page, string.sub(decoded, 1, page.length));
      const { resourcesDetailsEndpoint } = decodeJson(string.sub(decoded, page.length + 1)) as {
        readonly resourcesDetailsEndpoint: string;
      };
      assert.equal(`/centreon/api/latest/monitoring/resources/${endpoint}`, resourcesDetailsEndpoint);
    });
  }

  it("and images are the administrator's own, too", () => {
    const broker = stage.start({
      parameters: {
        pdy_links: "Runbook=https://wiki.example/{service}",
        pdy_images: "Load=https://graphs.example/{host}.png",
      },
    });
    broker.give([host("web 01"), ...service(5, "HTTP checkout", 0)]);
    broker.settle();
    const sent = decodeJson(requestsOf(sandbox, broker.routingKey)[0]?.body ?? "{}") as {
      readonly links: unknown;
      readonly images: unknown;
    };
    assert.same([{ href: "https://wiki.example/HTTP%20checkout", text: "Runbook" }], sent.links);
    assert.same([{ src: "https://graphs.example/web%2001.png", alt: "Load" }], sent.images);
  });
});

// pagerduty/summary: what an alert says in one line, also of outputs that a real engine sent. What formats make of it is in
// template_spec.
import { names } from "../../src/broker/cache";
import { type HostStatus, type ServiceStatus, hostResource, serviceResource } from "../../src/broker/observe";
import { reportOfStatus } from "../../src/broker/report";
import { summaryOf } from "../../src/pagerduty/summary";
import { outputLines } from "../../src/text/lines";
import { type Some, descriptionWith, placeWith } from "../support/alerts";
import { cacheOf, installCache } from "../support/broker_cache";
import { linesOf } from "../support/recorded";

describe("the summary", () => {
  const service = { hostName: "db-02", serviceDescription: "Ping", stateName: "CRITICAL" };
  const host = { hostName: "db-02", serviceDescription: "", stateName: "DOWN" };
  const SHORT = "db-02/Ping: CRITICAL - no answer";
  const long = string.rep("é", 2000);

  const summaries: [what: string, some: Some, summary: string][] = [
    ["a service", { ...service, output: "no answer" }, SHORT],
    ["a host", { ...host, output: "no answer" }, "db-02: DOWN - no answer"],
    ["no output", { ...service, output: "" }, "db-02/Ping: CRITICAL"],
    ["an output of spaces", { ...service, output: " \t\n " }, "db-02/Ping: CRITICAL"],
    ["several lines", { ...service, output: "first\nsecond" }, "db-02/Ping: CRITICAL - first"],
    [
      "lines that end as on Windows",
      { ...service, output: "first\r\nsecond" },
      "db-02/Ping: CRITICAL - first",
    ],
    ["an empty first line", { ...service, output: "\n\nsecond\nthird" }, "db-02/Ping: CRITICAL - second"],
    [
      "spaces around the output",
      { ...service, output: "  no answer \n" },
      "db-02/Ping: CRITICAL - no answer",
    ],
    ["names that are not ASCII", { ...host, hostName: "bücher", output: "süß" }, "bücher: DOWN - süß"],
    [
      "1024 characters of several bytes each",
      { ...host, output: string.sub(long, 1, 2 * (1024 - "db-02: DOWN - ".length)) },
      `db-02: DOWN - ${string.sub(long, 1, 2 * (1024 - "db-02: DOWN - ".length))}`,
    ],
    [
      "more than 1024 characters",
      { ...host, output: long },
      `db-02: DOWN - ${string.sub(long, 1, 2 * (1023 - "db-02: DOWN - ".length))}…`,
    ],
    ["bytes that are not UTF-8", { ...host, output: `a${string.char(0xe9)}b` }, "db-02: DOWN - a\u{FFFD}b"],
    ["an output that begins with its state", { ...service, output: "CRITICAL - no answer" }, SHORT],
    [
      "an output that begins with its state and a colon",
      { ...service, output: "CRITICAL: no answer" },
      SHORT,
    ],
    ["an output that is its state", { ...host, output: "DOWN\n" }, "db-02: DOWN"],
    [
      "an output of another state",
      { ...service, output: "WARNING - no answer" },
      "db-02/Ping: CRITICAL - WARNING - no answer",
    ],
    [
      "a plugin that says what is critical",
      { ...service, output: "DISK CRITICAL - /var" },
      "db-02/Ping: CRITICAL - DISK CRITICAL - /var",
    ],
    ["control characters", { ...service, output: "\u{7}\u{1b}[31mno\0answer\u{1b}[0m\u{85}" }, SHORT],
    ["a tab in a name", { ...host, hostName: "db\t02", output: "" }, "db 02: DOWN"],
  ];
  for (const [what, some, summary] of summaries) {
    it(`of ${what}`, () => {
      assert.equal(summary, summaryOf(descriptionWith(some)));
    });
  }
});

describe("an output as a real engine sent it", () => {
  before_each(() => {
    installCache(cacheOf([]));
  });
  after_each(() => {
    installCache(undefined);
  });

  const further = 'second line\nthird line with \n two chars\nfourth "quoted" C:\new\\table';
  const read: [protocol: 2 | 3, line: number, summary: string, furtherLines: string][] = [
    [2, 1, "mail: CRITICAL - first line", further],
    [2, 2, "mail: CRITICAL - Überlauf: 90 % – größer als 80 % ✓ 日本語 🚒", ""],
    [2, 3, "mail: CRITICAL - Überlauf: größer", ""],
    [2, 4, "mail: DOWN - first line", "host second line\nhost third line\nhost fourth"],
    [3, 1, "mail: CRITICAL - first line", further],
    [3, 2, "mail: CRITICAL - Überlauf: 90 % – größer als 80 % ✓ 日本語 🚒", ""],
    [3, 3, "mail: CRITICAL - Überlauf: größer", ""],
    // The engine keeps a host's first line to itself.
    [3, 4, "mail: DOWN - host second line", "host third line\nhost fourth"],
  ];
  for (const [protocol, line, summary, furtherLines] of read) {
    it(`is read as lines: BBDO ${protocol}, ${summary}`, () => {
      const event = linesOf(`outputs-bbdo${protocol}`)[line - 1] as unknown as ServiceStatus | HostStatus;
      const serviceId = "service_id" in event ? event.service_id : undefined;
      const resource =
        serviceId === undefined ? hostResource(event.host_id) : serviceResource(event.host_id, serviceId);
      const report = reportOfStatus(event, resource, names);
      const place = placeWith({ hostName: "mail", serviceDescription: "" });
      assert.same(
        { summary, furtherLines },
        {
          summary: summaryOf({ place, report }),
          furtherLines: outputLines(report.output, report.longOutput).further,
        },
      );
    });
  }
});

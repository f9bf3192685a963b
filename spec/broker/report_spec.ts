// broker/report: what the last check said, for the recorded events, and for those that only tests could record.
import type { HostOrService, Report } from "../../src/alerts/alert";
import { names } from "../../src/broker/cache";
import { type HostStatus, type ServiceStatus, hostResource, serviceResource } from "../../src/broker/observe";
import { reportOfBusinessActivity, reportOfPoller, reportOfStatus } from "../../src/broker/report";
import { cacheOf, installCache } from "../support/broker_cache";
import type { Line } from "../support/brokerhost";
import { bytes } from "../support/hostile";
import { recordedEvents } from "../support/recorded";

const STORIES = { 2: recordedEvents(2), 3: recordedEvents(3) };

function recorded(protocol: 2 | 3, line: number): Line {
  return STORIES[protocol][line - 1] ?? error(`no line ${line}`);
}

function resourceOf(event: Line): HostOrService {
  const hostId = event["host_id"] as number;
  const serviceId = event["service_id"] as number | undefined;
  return serviceId === undefined ? hostResource(hostId) : serviceResource(hostId, serviceId);
}

function reportOf(event: Line): Report {
  return reportOfStatus(event as unknown as ServiceStatus | HostStatus, resourceOf(event), names);
}

/** Some of what the check of `event` said. */
function said<Name extends keyof Report>(event: Line, ...fields: Name[]): Pick<Report, Name> {
  const report = reportOf(event);
  const some: Partial<Pick<Report, Name>> = {};
  for (const field of fields) some[field] = report[field];
  return some as Pick<Report, Name>;
}

describe("the report of a check", () => {
  before_each(() => {
    installCache(cacheOf([...STORIES[2], ...STORIES[3]]));
  });
  after_each(() => {
    installCache(undefined);
  });

  it("has all that the event tells of a service", () => {
    assert.same(
      {
        stateName: "CRITICAL",
        output: "HTTP CRITICAL: HTTP/1.1 503 Service Unavailable - 312 bytes in 0.002 second response time",
        longOutput: 'first detail line\nsecond detail line\n\tindented "quoted" \\ backslash',
        perfdata: "time=0.002112s;;;0.000000;10.000000 size=312B;;;0",
        attempt: 3,
        maximumAttempts: 3,
        lastOk: 0,
        since: 1760004120,
      },
      reportOf(recorded(3, 55)),
    );
  });

  it("has when the resource was last well, of a service and of a host", () => {
    assert.equal(1759, said({ ...recorded(3, 35), last_time_ok: 1759 }, "lastOk").lastOk);
    assert.equal(1759, said({ ...recorded(3, 47), last_time_up: 1759 }, "lastOk").lastOk);
    assert.equal(0, said(recorded(2, 6), "lastOk").lastOk);
  });

  it("has the time of the last check where that of the state is not known", () => {
    const event = recorded(2, 6);
    assert.equal(1760000180, said({ ...event, last_check: 1 }, "since").since);
    for (const unknown of [{ last_hard_state_change: 0 }, { last_hard_state_change: -1 }]) {
      assert.equal(event["last_check"], said({ ...event, ...unknown }, "since").since);
    }
    const { last_hard_state_change: _change, ...rest } = event as Record<string, unknown>;
    assert.equal(event["last_check"], said(rest, "since").since);
    const { last_check: _check, ...nothing } = rest;
    assert.equal(0, said(nothing, "since").since);
  });

  it("has the most attempts, from the configuration or from the event itself", () => {
    assert.equal(3, said(recorded(3, 35), "maximumAttempts").maximumAttempts);
    installCache(cacheOf([]));
    assert.equal(0, said(recorded(3, 35), "maximumAttempts").maximumAttempts);
    for (const line of [6, 12]) assert.equal(3, said(recorded(2, line), "maximumAttempts").maximumAttempts);
  });

  const states: [what: string, event: Line, names: string[]][] = [
    ["a service", recorded(3, 35), ["OK", "WARNING", "CRITICAL", "UNKNOWN", "state 4"]],
    ["a host", recorded(3, 47), ["UP", "DOWN", "UNREACHABLE", "state 3", "state 4"]],
  ];
  for (const [what, event, stateNames] of states) {
    it(`names the states of ${what}: ${stateNames.join(", ")}`, () => {
      const named = stateNames.map((_name, state) => said({ ...event, state }, "stateName").stateName);
      assert.same(stateNames, named);
    });
  }

  it("has the texts as they came: nothing is read before it is told", () => {
    const raw = { output: " short\r\n\nlong 1\\nlong 2\n", perfdata: " 'a b'=1;; bad= " };
    for (const line of [6, 12]) {
      const texts = said({ ...recorded(2, line), ...raw }, "output", "longOutput", "perfdata");
      assert.same({ ...raw, longOutput: "" }, texts);
    }
    const apart = { ...raw, long_output: "long 1\\nlong 2\\n" };
    for (const line of [35, 47]) {
      const texts = said({ ...recorded(3, line), ...apart }, "output", "longOutput", "perfdata");
      assert.same({ ...raw, longOutput: apart.long_output }, texts);
    }
  });

  it("keeps 64 KB of each text, and no half metric", () => {
    const text = string.rep(bytes(0xff), 700000);
    const perfdata = string.rep("m=12345 ", 100000);
    const event = { ...recorded(3, 35), output: text, long_output: text, perfdata };
    const kept = said(event, "output", "longOutput", "perfdata");
    assert.equal(string.sub(text, 1, 65536), kept.output);
    assert.equal(string.sub(text, 1, 65536), kept.longOutput);
    assert.equal(string.sub(perfdata, 1, 65535), kept.perfdata);
  });
});

describe("the report of a business activity", () => {
  it("has its state and why", () => {
    const { stateName, output, since } = reportOfBusinessActivity(
      recorded(3, 58) as unknown as Bbdo3.BaStatus,
    );
    assert.same(
      { stateName: "CRITICAL", output: recorded(3, 58)["output"], since: 1760004420 },
      { stateName, output, since },
    );
  });

  it("of BBDO 2 has no output", () => {
    const event = { _type: 393217, ba_id: 7, state: 1, last_state_change: 1 } as unknown as Bbdo2.BaStatus;
    const { stateName, output } = reportOfBusinessActivity(event);
    assert.same({ stateName: "WARNING", output: "" }, { stateName, output });
  });
});

describe("the report of a silent poller", () => {
  it("says since when it is silent", () => {
    const { stateName, since } = reportOfPoller(1760004600);
    assert.same({ stateName: "NOT RESPONDING", since: 1760004600 }, { stateName, since });
  });
});

// The journal, in real files: what was written comes back, whatever happened to the file; and what it cannot write, it
// says. Which alerts there are and what becomes of them is not its business.
import {
  type Alert,
  type Place,
  isDescribed,
  isOpen,
  nameOf,
  nextAction,
  recordAccepted,
  setDesired,
} from "../../src/alerts/alert";
import {
  type PlaceInTheMaking,
  addCustomVariables,
  addKind,
  addNames,
  addText,
} from "../../src/alerts/place";
import { isConfirmed } from "../../src/alerts/policy";
import type { HostFacts } from "../../src/alerts/surroundings";
import {
  type Journal,
  type JournalPorts,
  type Loaded,
  type Snapshot,
  createJournal,
  loadJournal,
} from "../../src/journal/journal";
import { actionUrlOf, notesOf, notesUrlOf } from "../../src/pagerduty/notes";
import type { FilePort } from "../../src/text/files";
import {
  DOWN,
  NO_CHOICES,
  REPAGING,
  SEVERITIES,
  alertFor,
  deliver,
  factsWith,
  hostOf,
  placeWith,
  reportWith,
  serviceOf,
} from "../support/alerts";
import { outputOf, readFile, writeFile } from "../support/process";
import { type Random, createRandom } from "../support/random";

/** What the journal is told of, as the book would list it. */
interface Contents {
  readonly alerts: Alert[];
  readonly hosts: { readonly hostId: number; readonly facts: HostFacts }[];
  readonly parents: { readonly childId: number; readonly parentId: number }[];
  readonly owners: { readonly hostId: number; readonly pollerId: number }[];
  readonly stoppedPollers: number[];
}

const NOTHING: Contents = { alerts: [], hosts: [], parents: [], owners: [], stoppedPollers: [] };

const UNIX_TIME = 1700000000;

function snapshotOf({ alerts, hosts, parents, owners, stoppedPollers }: Contents): Snapshot {
  return {
    eachAlert: (visit) => {
      for (const alert of alerts) visit(alert);
    },
    eachHost: (visit) => {
      for (const { hostId, facts } of hosts) visit(hostId, facts);
    },
    eachParent: (visit) => {
      for (const { childId, parentId } of parents) visit(childId, parentId);
    },
    eachOwner: (visit) => {
      for (const { hostId, pollerId } of owners) visit(hostId, pollerId);
    },
    eachStoppedEngine: (visit) => {
      for (const pollerId of stoppedPollers) visit(pollerId);
    },
  };
}

function hostFacts(state: number, downtimeDepth: number, returnedAt?: number): HostFacts {
  return { state, downtimeDepth, checkedAtReturn: returnedAt, returnedAt };
}

/** In an order of their own: the journal's means nothing. */
function sorted({ alerts, hosts, parents, owners, stoppedPollers }: Contents): Contents {
  const listed = {
    alerts: [...alerts],
    hosts: [...hosts],
    parents: [...parents],
    owners: [...owners],
    stoppedPollers: [...stoppedPollers],
  };
  table.sort(listed.owners, (left, right) => left.hostId < right.hostId);
  table.sort(listed.stoppedPollers);
  table.sort(listed.alerts, (left, right) => left.dedupKey < right.dedupKey);
  table.sort(listed.hosts, (left, right) => left.hostId < right.hostId);
  table.sort(
    listed.parents,
    (left, right) => left.childId * 1e6 + left.parentId < right.childId * 1e6 + right.parentId,
  );
  return listed;
}

function sizeOf(path: string): number {
  const text = readFile(path) ?? "";
  return text.length;
}

/** A copy that later changes do not touch. */
function copyOf(alert: Alert): Alert {
  return { ...alert, facts: { ...alert.facts } };
}

const TEXTS = [
  "",
  "plain",
  'quotes " and \\',
  "two\nlines\tand\ra tab",
  "Ärger 日本",
  "\u0001\u007f",
  "null",
];

/** A place whose every field has some value that it can have, those that few have included. */
function randomPlace({ integer, oneOf }: Random): Place {
  const flag = (): boolean => integer(0, 1) === 1;
  const place: PlaceInTheMaking = placeWith({
    isKnown: flag(),
    pollerId: flag() ? undefined : integer(1, 1000),
    className: oneOf(TEXTS),
    hostName: oneOf(TEXTS),
    serviceDescription: oneOf(TEXTS),
    hostGroups: oneOf([[], ["one"], ["one", "two, three"]]),
    serviceGroups: oneOf([[], ["Ärger"]]),
    criticality: integer(0, 10),
    poller: oneOf(TEXTS),
    hostAlias: oneOf(TEXTS),
    hostAddress: oneOf(TEXTS),
  });
  addKind(place, integer(0, 9), flag());
  addNames(place, "businessViews", oneOf([[], ["shop"]]));
  addNames(place, "categories", oneOf([[], ["linux", "web"]]));
  addCustomVariables(
    place,
    oneOf([
      [],
      [{ name: "A", value: "" }],
      [
        { name: "a b", value: "ä" },
        { name: "c", value: "\n" },
      ],
    ]),
  );
  const seldom = [
    "criticalityName",
    "timeZone",
    "notes",
    "notesUrl",
    "actionUrl",
    "downtimeComment",
  ] as const;
  for (const field of seldom) addText(place, field, oneOf(TEXTS));
  return place;
}

/** An alert whose every field has some value that it can have. */
function randomAlert(random: Random, serviceId: number): Alert {
  const { integer, oneOf } = random;
  const flag = (): boolean => integer(0, 1) === 1;
  const facts = factsWith({
    state: integer(0, 3),
    isAcknowledged: flag(),
    downtimeDepth: integer(0, 3),
    isFlapping: flag(),
    lastCheck: UNIX_TIME - integer(0, 1e6),
  });
  if (flag()) {
    facts.staleness = {
      lastCheckAtReturn: UNIX_TIME - integer(0, 1e6),
      hostCheckedAt: UNIX_TIME - integer(0, 1e6),
      since: UNIX_TIME - integer(0, 1e6),
    };
  }
  facts.problemSince = flag() ? undefined : UNIX_TIME - integer(0, 1e6);
  facts.earlyUntil = flag() ? undefined : UNIX_TIME + integer(0, 5);
  facts.goneAt = flag() ? undefined : UNIX_TIME + integer(0, 60);
  facts.isNewToPoller = flag() ? undefined : true;
  facts.acknowledgedSeverity = flag() ? undefined : oneOf(SEVERITIES);
  facts.isAcknowledgementOutgrown = flag() ? undefined : true;
  const alert: Alert = alertFor(
    flag() ? serviceOf(integer(1, 1e6), serviceId) : hostOf(1e7 + serviceId),
    facts,
  );
  alert.place = flag() ? undefined : randomPlace(random);
  alert.report = flag()
    ? undefined
    : reportWith({
        stateName: oneOf(TEXTS),
        output: oneOf(TEXTS),
        longOutput: oneOf(TEXTS),
        perfdata: oneOf(TEXTS),
        attempt: integer(0, 10),
        maximumAttempts: integer(0, 10),
        lastOk: integer(0, UNIX_TIME),
        since: integer(0, UNIX_TIME),
      });
  alert.acknowledgement = flag()
    ? {
        author: oneOf(TEXTS),
        comment: oneOf(TEXTS),
        at: flag() ? undefined : UNIX_TIME - integer(0, 1e6),
        isPast: flag() ? true : undefined,
      }
    : undefined;
  alert.route = oneOf(["default", "database team"]);
  alert.rejection = flag() ? undefined : oneOf(TEXTS);
  alert.unnotified = flag() ? undefined : oneOf(TEXTS);
  alert.wait = flag() ? undefined : integer(1, 3600);
  const gathered = { route: oneOf(["default", "database team"]), at: UNIX_TIME - integer(0, 1000) };
  alert.gathered = flag() ? undefined : gathered;
  alert.verdict = flag()
    ? undefined
    : {
        isDropped: flag(),
        summary: flag() ? undefined : oneOf(TEXTS),
        severity: flag() ? undefined : oneOf(SEVERITIES),
        route: flag() ? undefined : "database team",
        details: oneOf([
          [],
          [
            { name: "a b", value: "ä" },
            { name: "c", value: false },
            { name: "d", value: 1.5 },
          ],
        ]),
      };
  const told = { stateName: oneOf(TEXTS), output: flag() ? undefined : oneOf(TEXTS) };
  alert.told = flag() ? undefined : told;
  const previous = { stateName: oneOf(TEXTS), seconds: flag() ? undefined : integer(0, 1e6) };
  alert.previous = flag() ? undefined : previous;
  alert.acknowledgedAt = flag() ? undefined : UNIX_TIME - integer(0, 1e6);
  alert.acknowledgedThereAs = flag() ? undefined : oneOf(SEVERITIES);
  alert.wantsUpdate = flag() ? undefined : true;
  alert.wantsAcknowledge = flag() ? undefined : oneOf(["new", "again"] as const);
  alert.wantsRepage = flag() ? undefined : true;
  alert.holdAction = flag() ? undefined : oneOf(["acknowledge", "resolve", "taken"] as const);
  alert.isAcknowledgedByHold = flag() ? undefined : true;
  alert.isResolveOrdered = flag() ? undefined : true;
  alert.isVolatile = flag();
  alert.desired = oneOf(["resolved", "triggered", "acknowledged", "held"] as const);
  alert.severity = oneOf(SEVERITIES);
  alert.delivered = oneOf(["none", "triggered", "acknowledged", "closed"] as const);
  alert.deliveredSeverity = oneOf(SEVERITIES);
  alert.isCertain = !isOpen(alert) || flag();
  const incident = { id: "PT4KHLK", number: integer(1, 1e6), address: "https://example.pagerduty.com/i/1" };
  alert.incident = isOpen(alert) && flag() ? incident : undefined;
  const by = flag() ? oneOf(TEXTS) : undefined;
  const closing = { at: "2026-11-26T12:00:00Z", by, lastCheck: flag() ? integer(0, UNIX_TIME) : undefined };
  alert.closing = alert.delivered === "closed" ? closing : undefined;
  alert.triggeredAt = integer(0, UNIX_TIME);
  alert.wantsRetrigger = flag();
  alert.refusedSeverity = flag() ? oneOf(SEVERITIES) : undefined;
  alert.ladderStep = integer(0, 2);
  alert.detour = flag() ? { meantFor: "database team", reason: oneOf(TEXTS) } : undefined;
  return alert;
}

describe("the journal", () => {
  let folder: string;
  let path: string;
  let errors: string[];
  let warnings: string[];
  const files: FilePort = {
    open: (name, mode) => io.open(name, mode as "r"),
    rename: (from, to) => os.rename(from, to),
    makePrivate: (name) => {
      os.execute(`chmod 600 '${name}'`);
    },
  };

  function ports(some: Partial<FilePort> = {}): JournalPorts {
    return {
      files: { ...files, ...some },
      error: (text) => errors.push(text),
      warning: (text) => warnings.push(text),
      unixTime: () => UNIX_TIME,
    };
  }

  /** A journal that holds these. */
  function journalWith(contents: Contents, some?: Partial<FilePort>): Journal {
    const journal = createJournal(path, ports(some));
    journal.compact(snapshotOf(contents));
    return journal;
  }

  function load(): Loaded {
    return loadJournal(path, ports());
  }

  /** Makes a new file: to overwrite one is slow on a file system that cares for its data. */
  function replaceFile(text: string): void {
    os.remove(path);
    writeFile(path, text);
  }

  /** Loads, and expects exactly these. */
  function expectLoaded(expected: Contents): void {
    const { alerts, hosts, parents, owners, stoppedPollers, hadJournal } = load();
    assert.same(sorted(expected), sorted({ alerts, hosts, parents, owners, stoppedPollers }));
    assert.is_true(hadJournal);
    assert.same([], errors);
  }

  function expectMention(lines: string[], ...words: string[]): void {
    assert.equal(1, lines.length);
    for (const word of words) {
      assert.is_not_nil(string.find(lines[0] ?? "", word, 1, true)[0], `"${lines[0] ?? ""}" lacks "${word}"`);
    }
  }

  /** The file does not take another byte while `isFull` says so: real writes to the real full device. */
  function fillableDisk(isFull: () => boolean): Partial<FilePort> {
    return {
      open: (name, mode) => {
        const [file, problem, code] = io.open(name, mode as "r");
        if (file === undefined) return $multi(undefined, problem ?? "", code ?? 0);
        const [full] = io.open("/dev/full", "wb");
        const current = (): LuaFile => (isFull() ? (full as LuaFile) : file);
        const wrapped = {
          read(format: "*a") {
            return file.read(format);
          },
          write(line: string, lineEnd: string) {
            return current().write(line, lineEnd);
          },
          flush() {
            return current().flush();
          },
          close() {
            return file.close();
          },
        };
        return $multi(wrapped as unknown as LuaFile);
      },
    };
  }

  before_each(() => {
    [folder] = string.gsub(outputOf("mktemp -d"), "%s+$", "");
    path = `${folder}/pagerduty.state`;
    errors = [];
    warnings = [];
  });
  after_each(() => {
    os.execute(`rm -rf '${folder}'`);
  });

  describe("gives back", () => {
    it("every field of every alert", () => {
      const random = createRandom("journal, fields");
      const alerts: Alert[] = [];
      for (const serviceId of $range(1, 300)) alerts.push(randomAlert(random, serviceId));
      const journal = journalWith({ ...NOTHING, alerts });
      expectLoaded({ ...NOTHING, alerts });
      for (const [index, alert] of alerts.entries()) {
        const { dedupKey, resource } = alert;
        Object.assign(alert, randomAlert(random, index), { dedupKey, resource });
        // What is known once stays: it is replaced, never lost.
        alert.place ??= placeWith();
        alert.report ??= reportWith();
        if (alert.delivered !== "closed") alert.closing = undefined;
        journal.writeAlert(alert);
      }
      expectLoaded({ ...NOTHING, alerts });
    });

    it("alerts of all kinds of resources", () => {
      const alerts = [
        alertFor(hostOf(1)),
        alertFor(serviceOf(1, 2)),
        alertFor({ kind: "business activity", id: 3 }),
        alertFor({ kind: "poller", id: 4 }),
        alertFor({ kind: "storm", route: "dba" }),
      ];
      journalWith({ ...NOTHING, alerts });
      expectLoaded({ ...NOTHING, alerts });
    });

    it("what is closed as nothing at all, to a connector that knows no such thing", () => {
      journalWith({ ...NOTHING, alerts: [deliver(alertFor(), "closed", "critical", true)] });
      assert.is_not_nil(string.find(readFile(path) ?? "", '"delivered":"none"', 1, true)[0]);
    });

    it("hosts, parents, whose hosts are, and engines that stopped", () => {
      const contents: Contents = {
        alerts: [],
        hosts: [
          { hostId: 1, facts: hostFacts(DOWN, 0) },
          { hostId: 2, facts: hostFacts(0, 2, 1000) },
        ],
        parents: [
          { childId: 10, parentId: 1 },
          { childId: 10, parentId: 2 },
        ],
        owners: [
          { hostId: 1, pollerId: 3 },
          { hostId: 2, pollerId: 3 },
        ],
        stoppedPollers: [3, 4],
      };
      const journal = journalWith(contents);
      expectLoaded(contents);
      journal.writeHost(1, undefined);
      journal.writeHost(2, hostFacts(DOWN, 1));
      journal.writeParent(10, 1, false);
      journal.writeParent(11, 2, true);
      journal.writeOwner(1, undefined);
      journal.writeOwner(2, 4);
      journal.writeOwner(5, 3);
      journal.writeEngine(3, false);
      journal.writeEngine(5, true);
      expectLoaded({
        alerts: [],
        hosts: [{ hostId: 2, facts: hostFacts(DOWN, 1) }],
        parents: [
          { childId: 10, parentId: 2 },
          { childId: 11, parentId: 2 },
        ],
        owners: [
          { hostId: 2, pollerId: 4 },
          { hostId: 5, pollerId: 3 },
        ],
        stoppedPollers: [4, 5],
      });
    });

    it("the last that was said of each, and nothing of what was forgotten", () => {
      const [kept, forgotten] = [alertFor(), alertFor(serviceOf(1, 3))];
      const journal = journalWith({ ...NOTHING, alerts: [kept, forgotten] });
      deliver(kept, "acknowledged", "critical", true);
      journal.writeAlert(kept);
      journal.writeForgotten(forgotten);
      expectLoaded({ ...NOTHING, alerts: [kept] });
    });

    it("place and report, though each is written only when it is new", () => {
      const alert = alertFor();
      const journal = journalWith(NOTHING);
      const isWritten = (): string => {
        const before = sizeOf(path);
        journal.writeAlert(alert);
        const line = string.sub(readFile(path) ?? "", before + 1);
        const has = (text: string): string => (string.find(line, text, 1, true)[0] === undefined ? "" : text);
        return `${has("place")} ${has("report")}`;
      };
      assert.equal("place report", isWritten());
      assert.equal(" ", isWritten());
      alert.report = reportWith({ output: "another" });
      assert.equal(" report", isWritten());
      alert.place = placeWith({ hostGroups: ["another"] });
      assert.equal("place ", isWritten());
      assert.equal(" ", isWritten());
      expectLoaded({ ...NOTHING, alerts: [alert] });
    });

    it("an action that was under way as one of unknown outcome", () => {
      const triggering = alertFor(serviceOf(1, 1));
      triggering.desired = "triggered";
      triggering.inFlight = "trigger";
      const resolving = deliver(alertFor(serviceOf(1, 2)), "triggered", "critical", true);
      resolving.desired = "triggered";
      resolving.inFlight = "resolve";
      journalWith({ ...NOTHING, alerts: [triggering, resolving] });
      for (const alert of load().alerts) {
        assert.is_nil(alert.inFlight);
        assert.is_false(alert.isCertain);
        // Settled by sending what is desired, though PagerDuty may have it.
        assert.equal("trigger", nextAction(alert, NO_CHOICES));
      }
    });

    it("no time that lies in the future because the clock was set back", () => {
      const alert = alertFor();
      alert.triggeredAt = UNIX_TIME + 7200;
      alert.facts.staleness = { lastCheckAtReturn: 1, hostCheckedAt: 2, since: UNIX_TIME + 7200 };
      journalWith({
        ...NOTHING,
        alerts: [alert],
        hosts: [{ hostId: 1, facts: hostFacts(0, 0, UNIX_TIME + 7200) }],
      });
      const { alerts, hosts } = load();
      assert.equal(UNIX_TIME, alerts[0]?.triggeredAt);
      assert.equal(UNIX_TIME, alerts[0]?.facts.staleness?.since);
      assert.equal(UNIX_TIME, hosts[0]?.facts.returnedAt);
    });
  });

  describe("is read without complaint", () => {
    it("where there is none yet", () => {
      assert.is_false(load().hadJournal);
      assert.same([], errors);
    });

    it("where the file is empty", () => {
      writeFile(path, "");
      assert.is_false(load().hadJournal);
      assert.same([], errors);
    });
  });

  describe("of version 0.1.0", () => {
    // What its dist/pagerduty.lua (commit 33f3638) left under brokerhost and a sandbox, with pdy_custom_variables
    // CRITICALITY_LEVEL: the story recorded in BBDO 3 up to the end's recoveries, and macros in notes of service 11_23.
    before_each(() => {
      writeFile(path, readFile("spec/fixtures/journal/version-0.1.0.jsonl") ?? error("no fixture"));
    });

    const loadedAlert = (dedupKey: string): Alert => {
      const { alerts } = load();
      return alerts.find((alert) => alert.dedupKey === dedupKey) ?? error(`no ${dedupKey}`);
    };

    it("is read without complaint, with what was open", () => {
      const { alerts, hosts, parents, hadJournal } = load();
      assert.is_true(hadJournal);
      assert.same([], errors);
      assert.same(
        [
          "11_23 triggered critical web-01/Disk-/var",
          "11_24 triggered critical web-01/HTTP checkout",
          "12_25 triggered critical db-02/MySQL connections",
          "13_26 triggered error edge-lyon/Traffic wan0",
          "14_27 triggered critical bücher & söhne/Swap",
          "ba_5 triggered critical Web shop",
        ],
        alerts
          .map((alert) => `${alert.dedupKey} ${alert.delivered} ${alert.deliveredSeverity} ${nameOf(alert)}`)
          .sort(),
      );
      assert.is_true(alerts.every((alert) => alert.isCertain && nextAction(alert, NO_CHOICES) === undefined));
      assert.same(
        [13],
        hosts.map(({ hostId }) => hostId),
      );
      assert.same([{ childId: 11, parentId: 13 }], parents);
    });

    it("gives each field of the place and the report that were one", () => {
      const { place, report } = loadedAlert("11_24");
      assert.same(
        {
          isKnown: true,
          className: "service",
          hostName: "web-01",
          serviceDescription: "HTTP checkout",
          hostGroups: ["Linux-Servers"],
          serviceGroups: ["Web-Shop"],
          criticality: 1,
          poller: "Central",
          customVariables: [{ name: "CRITICALITY_LEVEL", value: "1" }],
          hostAlias: "Web server 1",
          hostAddress: "192.0.2.11",
          notesUrl: "https://wiki.example/runbook/11-24",
        },
        place,
      );
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
        report,
      );
      assert.equal("bob: upgrade", loadedAlert("12_25").place?.downtimeComment);
      assert.equal("Europe/Paris", loadedAlert("13_26").place?.timeZone);
    });

    it("takes for known what is called by a name, and not by numbers", () => {
      const text = readFile(path) ?? "";
      assert.is_true(loadedAlert("14_27").place?.isKnown);
      for (const [name, madeUp] of [
        ["bücher & söhne", "host 14"],
        ["Swap", "service 27"],
      ] as const) {
        replaceFile(string.gsub(text, `"${name}"`, `"${madeUp}"`)[0]);
        assert.is_false(loadedAlert("14_27").place?.isKnown);
      }
    });

    it("gives notes as they were expanded then, and they stay so", () => {
      const alert = loadedAlert("11_23");
      if (!isDescribed(alert)) return error("nothing is known of it");
      assert.equal("rack of Web server 1, CRITICAL, $OTHER$", notesOf(alert));
      assert.equal("https://wiki.example/web-01/Disk-%2Fvar", notesUrlOf(alert));
      assert.equal("https://act.example/?ip=192.0.2.11", actionUrlOf(alert));
    });

    it("is written anew as one of today's, and nothing is lost by that", () => {
      const loaded = load();
      journalWith(loaded);
      assert.is_nil(string.find(readFile(path) ?? "", '"content"', 1, true)[0]);
      expectLoaded(loaded);
    });
  });

  it("comes back as far as whole lines go, wherever a crash cut it", () => {
    const [first, second] = [alertFor(serviceOf(1, 1)), alertFor(serviceOf(1, 2))];
    const journal = journalWith(NOTHING);
    const states: Contents[] = [NOTHING];
    const told = (alerts: Alert[], hosts: Contents["hosts"], parents: Contents["parents"]): void => {
      states.push({ ...NOTHING, alerts: alerts.map((alert) => copyOf(alert)), hosts, parents });
    };
    const down = [{ hostId: 1, facts: hostFacts(DOWN, 0) }];
    const behind = [{ childId: 2, parentId: 1 }];
    journal.writeAlert(first);
    told([first], [], []);
    journal.writeHost(1, hostFacts(DOWN, 0));
    told([first], down, []);
    journal.writeAlert(second);
    told([first, second], down, []);
    deliver(first, "triggered", "critical", true);
    journal.writeAlert(first);
    told([first, second], down, []);
    journal.writeParent(2, 1, true);
    told([first, second], down, behind);
    journal.writeForgotten(second);
    told([first], down, behind);
    journal.writeHost(1, undefined);
    told([first], [], behind);

    const text = readFile(path) ?? "";
    let lines = 0;
    for (const length of $range(0, text.length)) {
      if (string.sub(text, length, length) === "\n") lines = lines + 1;
      replaceFile(string.sub(text, 1, length));
      const { alerts, hosts, parents, owners, stoppedPollers } = load();
      // The first line tells that it is a journal at all, the second one that the connector ran.
      const expected = states[lines - 2] ?? NOTHING;
      assert.same(
        sorted(expected),
        sorted({ alerts, hosts, parents, owners, stoppedPollers }),
        `cut after ${length} bytes`,
      );
    }
    assert.equal(states.length + 1, lines);
  });

  describe("that is of another time", () => {
    const open = (): Alert => deliver(alertFor(serviceOf(1, 1)), "triggered", "critical", true);
    const unsent = (): Alert => alertFor(serviceOf(1, 2));
    const activity = (): Alert => alertFor({ kind: "business activity", id: 7 });

    const loadAfter = (seconds: number): Loaded => {
      journalWith({ ...NOTHING, alerts: [open(), unsent(), activity()] });
      return loadJournal(path, { ...ports(), unixTime: () => UNIX_TIME + seconds });
    };

    it("is believed for ten minutes after the connector last ran", () => {
      const { alerts, hadJournal } = loadAfter(600);
      assert.is_true(hadJournal);
      assert.same([], warnings);
      for (const { isCertain, facts } of alerts) {
        assert.is_true(isCertain);
        assert.is_nil(facts.staleness);
      }
    });

    it("is not believed of what was closed either, once it is old", () => {
      const closed = deliver(alertFor(serviceOf(1, 9)), "closed", "critical", true);
      journalWith({ ...NOTHING, alerts: [closed] });
      const { alerts } = loadJournal(path, { ...ports(), unixTime: () => UNIX_TIME + 601 });
      const [loaded] = alerts;
      assert.same(["triggered", false], [loaded?.delivered, loaded?.isCertain]);
      assert.is_nil(loaded?.closing);
    });

    it("is not believed later: what PagerDuty has is unknown, and a problem waits for a check that confirms it", () => {
      const { alerts, hadJournal } = loadAfter(601);
      assert.is_false(hadJournal);
      expectMention(warnings, path, "was last written 10 min", "settled anew");
      assert.equal(3, alerts.length);
      for (const { delivered, isCertain, facts, resource } of alerts) {
        assert.equal("triggered", delivered);
        assert.is_false(isCertain);
        // No check stands behind a business activity: nothing would confirm it.
        assert.equal("hostId" in resource, facts.staleness !== undefined);
        if (facts.staleness === undefined) continue;
        const now = UNIX_TIME + 601;
        assert.is_false(isConfirmed(facts.staleness, facts.lastCheck, now));
        assert.is_true(isConfirmed(facts.staleness, facts.lastCheck + 60, now));
      }
    });

    it("is known by a line that the connector writes while it runs", () => {
      const journal = journalWith({ ...NOTHING, alerts: [open()] });
      assert.is_nil(string.find(readFile(path) ?? "", '"alive":1700000000\n.*"alive"')[0]);
      journal.writeAlive();
      assert.is_not_nil(string.find(readFile(path) ?? "", '"alive":1700000000.*"alive":1700000000')[0]);
    });
  });

  describe("that is damaged", () => {
    const damaged = `${"x".repeat(3)}{"alert":"service"`;

    /** The names in the folder. */
    const names = (): string => outputOf(`ls '${folder}'`);

    it("is kept aside, said so, and what can be read of it used, as of unknown outcome", () => {
      const sent = deliver(alertFor(serviceOf(1, 1)), "triggered", "critical", true);
      const unsent = alertFor(serviceOf(1, 2));
      for (const alert of [sent, unsent]) alert.desired = "triggered";
      journalWith({ ...NOTHING, alerts: [sent, unsent] });
      writeFile(path, `${readFile(path) ?? ""}${damaged}\n`);
      const { alerts, hadJournal } = load();
      assert.is_true(hadJournal);
      assert.equal(2, alerts.length);
      for (const alert of alerts) {
        assert.equal("trigger", nextAction(alert, NO_CHOICES));
        setDesired(alert, "resolved", "critical");
        assert.equal("resolve", nextAction(alert, NO_CHOICES));
      }
      expectMention(errors, path, "1 unreadable line", `${path}.bad-${UNIX_TIME}`);
      assert.equal(`pagerduty.state.bad-${UNIX_TIME}\n`, names());
    });

    it("in its last line is only torn: that was never acted upon", () => {
      journalWith({ ...NOTHING, alerts: [alertFor()] });
      writeFile(path, `${readFile(path) ?? ""}${damaged}`);
      expectLoaded({ ...NOTHING, alerts: [alertFor()] });
      assert.equal("pagerduty.state\n", names());
    });

    const strangers: [what: string, text: string][] = [
      ["of another version", '{"journal":"centreon-pagerduty journal","version":999}\n{"alert":"host"}\n'],
      ["that somebody else wrote", "# my notes\nbuy milk\n"],
      ["of zero bytes", string.rep("\0", 4096)],
      ["of binary lines", "\0\xff\n\n\n\x80\n"],
    ];
    for (const [what, text] of strangers) {
      it(`or ${what} is kept aside and not believed`, () => {
        writeFile(path, text);
        const damage = `the journal ${path} is not a journal of this version`;
        assert.same({ ...NOTHING, hadJournal: false, wholeLines: 0, damage }, load());
        expectMention(errors, path, "not a journal of this version", `${path}.bad-${UNIX_TIME}`);
        assert.equal(text, readFile(`${path}.bad-${UNIX_TIME}`));
      });
    }

    it("or that may not be read is kept aside, whoever's it is", () => {
      writeFile(path, "somebody's");
      const refusal: FilePort["open"] = () => $multi(undefined, `${path}: Permission denied`, 13);
      assert.same(
        { ...NOTHING, hadJournal: false, wholeLines: 0 },
        loadJournal(path, ports({ open: refusal })),
      );
      expectMention(errors, `cannot be read: ${path}: Permission denied`, `kept as ${path}.bad-${UNIX_TIME}`);
      assert.equal("somebody's", readFile(`${path}.bad-${UNIX_TIME}`));
    });

    it("and cannot be kept aside is used all the same", () => {
      journalWith({ ...NOTHING, alerts: [alertFor()] });
      writeFile(path, `${readFile(path) ?? ""}${damaged}\n`);
      const loaded = loadJournal(path, ports({ rename: () => $multi(undefined, "no permission") }));
      assert.equal(1, loaded.alerts.length);
      expectMention(errors, "could not be kept aside", "no permission");
    });

    it("in any byte never stops the connector", () => {
      const random = createRandom("journal, damaged bytes");
      const alert = deliver(alertFor(), "triggered", "warning", false);
      alert.desired = "triggered";
      const host = { hostId: 1, facts: hostFacts(DOWN, 1) };
      const parent = { childId: 2, parentId: 1 };
      journalWith({
        alerts: [alert],
        hosts: [host],
        parents: [parent],
        owners: [{ hostId: 1, pollerId: 3 }],
        stoppedPollers: [3],
      });
      const text = readFile(path) ?? "";
      for (const position of $range(1, text.length)) {
        const byte = string.char(random.integer(0, 255));
        replaceFile(`${string.sub(text, 1, position - 1)}${byte}${string.sub(text, position + 1)}`);
        const where = `byte ${position} is ${string.format("%q", byte)}`;
        const [isDone, problem] = pcall(() => {
          const loaded = load();
          for (const found of loaded.alerts) {
            expectTypesOf(alert, found);
            // Nobody trips over a word that is none.
            for (const _ of $range(1, 3)) {
              const action = nextAction(found, REPAGING);
              if (action !== undefined) recordAccepted(found, action, found.severity, 0);
            }
            assert.is_nil(nextAction(found, REPAGING));
          }
          for (const found of loaded.hosts) expectTypesOf(host, found);
          for (const found of loaded.parents) expectTypesOf(parent, found);
        });
        assert.is_true(isDone, `${where}: ${tostring(problem)}`);
      }
    });

    /** Raises where a field of `actual` is not of the kind that it has in `sound`. */
    function expectTypesOf(sound: object, actual: object): void {
      const inner: [sound: object, actual: object][] = [];
      for (const [name, value] of pairs(sound as Record<string, unknown>)) {
        const other = (actual as Record<string, unknown>)[name];
        // Without its place or its report an alert waits for the next status.
        if ((name === "place" || name === "report") && other === undefined) continue;
        assert.equal(type(value), type(other), name);
        if (type(value) === "table") inner.push([value as object, other as object]);
      }
      // No recursion within the loop: LuaJIT of Debian 12 crashes on one within a loop over pairs.
      for (const [innerSound, innerActual] of inner) expectTypesOf(innerSound, innerActual);
    }
  });

  describe("that cannot be written", () => {
    it("because its folder is not there says so once, and is not usable", () => {
      path = `${folder}/missing/pagerduty.state`;
      const journal = journalWith(NOTHING);
      journal.compact(snapshotOf(NOTHING));
      journal.writeAlert(alertFor());
      assert.is_false(journal.isUsable());
      assert.is_true(journal.needsCompaction());
      expectMention(errors, path, "cannot be written", "No such file or directory", "state_path");
    });

    it("because its folder is a file says so", () => {
      writeFile(`${folder}/file`, "");
      path = `${folder}/file/pagerduty.state`;
      assert.is_false(journalWith(NOTHING).isUsable());
      expectMention(errors, "Not a directory");
    });

    it("because the disk is full says so when it happens, and goes on once there is room", () => {
      let isFull = false;
      const journal = journalWith(
        NOTHING,
        fillableDisk(() => isFull),
      );
      const [before, lost] = [alertFor(serviceOf(1, 1)), alertFor(serviceOf(1, 2))];
      journal.writeAlert(before);
      assert.is_true(journal.isUsable());
      isFull = true;
      journal.writeAlert(lost);
      assert.is_false(journal.isUsable());
      expectMention(errors, path, "is the disk full?");

      journal.compact(snapshotOf({ ...NOTHING, alerts: [before, lost] }));
      assert.is_false(journal.isUsable());
      assert.equal(1, errors.length);
      errors = [];
      // What it holds is out of date: a start at this moment must not believe it.
      assert.is_false(load().hadJournal);

      isFull = false;
      journal.compact(snapshotOf({ ...NOTHING, alerts: [before, lost] }));
      assert.is_true(journal.isUsable());
      expectMention(warnings, "can be written again");
      expectLoaded({ ...NOTHING, alerts: [before, lost] });
    });

    it("anew because it cannot be renamed keeps the old file, and says so", () => {
      let mayRename = true;
      const journal = journalWith(
        { ...NOTHING, alerts: [alertFor()] },
        {
          rename: (from, to) => {
            if (mayRename) return os.rename(from, to);
            return $multi(undefined, "Device busy");
          },
        },
      );
      mayRename = false;
      journal.compact(snapshotOf(NOTHING));
      assert.is_false(journal.isUsable());
      expectMention(errors, "Device busy");
      errors = [];
      expectLoaded({ ...NOTHING, alerts: [alertFor()] });
    });
  });

  describe("at a start", () => {
    const sent = deliver(alertFor(serviceOf(1, 1)), "triggered", "critical", true);
    const contents: Contents = {
      alerts: [sent, alertFor(hostOf(3))],
      hosts: [{ hostId: 1, facts: hostFacts(DOWN, 0) }],
      parents: [{ childId: 2, parentId: 1 }],
      owners: [{ hostId: 3, pollerId: 1 }],
      stoppedPollers: [7],
    };

    interface Start {
      readonly journal: Journal;
      readonly loaded: Loaded;
    }

    /** What a start after `seconds` makes of the file. */
    const start = (seconds = 0, some?: Partial<FilePort>): Start => {
      const later = { ...ports(some), unixTime: () => UNIX_TIME + seconds };
      const loaded = loadJournal(path, later);
      const journal = createJournal(path, later);
      journal.goOn(loaded);
      return { journal, loaded };
    };

    it("is gone on with as it is: what it holds of places and reports is not written again", () => {
      journalWith(contents);
      const before = readFile(path) ?? "";
      const { journal, loaded } = start(60);
      assert.is_true(journal.isUsable());
      assert.is_false(journal.needsCompaction());
      assert.equal(`${before}{"alive":${UNIX_TIME + 60}}\n`, readFile(path));

      const size = sizeOf(path);
      for (const alert of loaded.alerts) journal.writeAlert(alert);
      const news = string.sub(readFile(path) ?? "", size + 1);
      assert.is_not_nil(string.find(news, '"alert":"host"', 1, true)[0]);
      for (const known of ['"place"', '"report"']) assert.is_nil(string.find(news, known, 1, true)[0]);
      journal.writeHost(1, undefined);
      const another = alertFor(serviceOf(1, 4));
      journal.writeAlert(another);
      expectLoaded({ ...contents, alerts: [...contents.alerts, another], hosts: [] });
    });

    it("says the same at each of many starts, what was under way included", () => {
      const resolving = deliver(alertFor(serviceOf(1, 5)), "triggered", "critical", true);
      resolving.inFlight = "resolve";
      journalWith({ ...contents, alerts: [...contents.alerts, resolving] });
      const { alerts, hosts, parents, owners, stoppedPollers } = load();
      for (const _ of $range(1, 3)) start();
      expectLoaded({ alerts, hosts, parents, owners, stoppedPollers });
    });

    const wantsAnew = (found: Start): void => {
      assert.is_false(found.journal.isUsable());
      assert.is_true(found.journal.needsCompaction());
    };

    it("is to be made anew where its last line is torn: the next would be one with it", () => {
      journalWith(contents);
      const text = readFile(path) ?? "";
      for (const torn of ["{", text.slice(0, -1)]) {
        replaceFile(torn === "{" ? `${text}{` : torn);
        wantsAnew(start());
        assert.same([], errors);
      }
    });

    it("is to be made anew where it is damaged, of another time, or of another version", () => {
      journalWith(contents);
      const text = readFile(path) ?? "";
      wantsAnew(start(3600));
      replaceFile(`${text}rubbish\n`);
      wantsAnew(start());
      replaceFile(readFile("spec/fixtures/journal/version-0.1.0.jsonl") ?? error("no fixture"));
      wantsAnew(start());
    });

    it("is to be made anew where nothing can be added to it", () => {
      journalWith(contents);
      const refusal: FilePort["open"] = (name, mode) => {
        if (mode === "rb") return files.open(name, mode);
        return $multi(undefined, "Permission denied", 13);
      };
      wantsAnew(start(0, { open: refusal }));
    });

    it("is to be made anew where much more was written than is alive, at whatever start", () => {
      let journal = journalWith(contents);
      let starts = 0;
      while (!journal.needsCompaction()) {
        for (const _ of $range(1, 2000)) journal.writeAlert(sent);
        ({ journal } = start());
        starts = starts + 1;
      }
      assert.is_true(starts > 1 && starts < 10, `${starts} starts`);
      expectLoaded(contents);
    });

    it("can be read by nobody but its owner, gone on with or not", () => {
      journalWith(contents);
      os.execute(`chmod 644 '${path}'`);
      start();
      assert.equal("600\n", outputOf(`stat -c %a '${path}'`));
    });

    it("that finds the disk full says so, and leaves nothing behind that the next would believe", () => {
      journalWith(contents);
      const { journal } = start(
        0,
        fillableDisk(() => true),
      );
      assert.is_false(journal.isUsable());
      expectMention(errors, path, "is the disk full?");
      errors = [];
      assert.is_false(load().hadJournal);
    });
  });

  describe("made anew", () => {
    it("is worth it when much more was written than is alive, and shrinks to that", () => {
      const alert = alertFor();
      const contents = { ...NOTHING, alerts: [alert] };
      const journal = journalWith(contents);
      assert.is_false(journal.needsCompaction());
      let lines = 0;
      while (!journal.needsCompaction()) {
        journal.writeAlert(alert);
        lines = lines + 1;
      }
      assert.is_true(lines > 1000 && lines < 10000, `${lines} lines`);
      const grown = sizeOf(path);
      journal.compact(snapshotOf(contents));
      assert.is_false(journal.needsCompaction());
      assert.is_true(sizeOf(path) < grown / 1000);
      expectLoaded(contents);
    });

    it("goes on in the new file, and leaves no other behind", () => {
      const journal = journalWith(NOTHING);
      journal.compact(snapshotOf(NOTHING));
      journal.writeAlert(alertFor());
      expectLoaded({ ...NOTHING, alerts: [alertFor()] });
      assert.equal("pagerduty.state\n", outputOf(`ls -A '${folder}'`));
    });

    it("can be read by nobody but its owner", () => {
      writeFile(path, "");
      os.execute(`chmod 644 '${path}'`);
      const journal = journalWith(NOTHING);
      journal.writeAlert(alertFor());
      assert.equal("600\n", outputOf(`stat -c %a '${path}'`));
    });
  });
});

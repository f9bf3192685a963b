// tools/brokerhost against the contract of the broker (contracts/broker-host.md), with tiny connectors, in the host
// of the Lua that runs this spec. The connector's prints are what the specs look at.
import { decodeJson, encodeJson } from "../support/json";
import { engineStory } from "../support/recorded";
import { outputOf, readFile, shellWord, temporaryPath, writeFile } from "../support/process";

declare const jit: unknown;
const lua = jit === undefined ? string.sub(_VERSION, 5) : "jit";
const isLua51 = _VERSION === "Lua 5.1";
const connectors = "spec/fixtures/connectors";

interface Run {
  /** What the connector printed, without the report. */
  readonly printed: readonly string[];
  readonly errors: string;
  readonly exitCode: number;
  readonly report: Report;
}

interface Report {
  readonly [counter: string]: unknown;
  readonly init_errors: readonly string[];
  readonly error_lines: readonly string[];
  readonly field_reads: { readonly total: number; readonly max_of_one_event: number };
}

interface Setup {
  /** File name in spec/fixtures/connectors; scripted.lua if absent. */
  readonly connector?: string;
  /** String parameters. */
  readonly parameters?: Record<string, string>;
  /** More of the output in central-broker.json. */
  readonly output?: Record<string, unknown>;
  /** More of the command line. */
  readonly options?: string;
  /** Body of the filter of filtered.lua. */
  readonly filter?: string;
  /** Shell words in front of the host, such as a writer into its standard input. */
  readonly before?: string;
}

function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const [line] of string.gmatch(text, "[^\n]+")) lines.push(line ?? "");
  return lines;
}

/** Runs the host on the events and control lines. A string among them is a line as it stands. */
function run(setup: Setup, events: readonly unknown[] = []): Run {
  const configuration = temporaryPath(".json");
  const eventFile = temporaryPath(".jsonl");
  const errorFile = temporaryPath(".err");
  const parameters = Object.entries(setup.parameters ?? {}).map(([name, value]) => ({
    type: "string",
    name,
    value,
  }));
  const output = {
    name: "spec",
    type: "lua",
    path: `${connectors}/${setup.connector ?? "scripted.lua"}`,
    lua_parameter: parameters,
    ...setup.output,
  };
  writeFile(
    configuration,
    encodeJson({ centreonBroker: { output: [{ name: "other", type: "rrd" }, output] } }),
  );
  writeFile(
    eventFile,
    `${events.map((event) => (typeof event === "string" ? event : encodeJson(event))).join("\n")}\n`,
  );
  const source = setup.before === undefined ? `--events ${eventFile}` : "--events -";
  const text = outputOf(
    `export FILTER=${shellWord(setup.filter ?? "")}; ${setup.before ?? ""} ` +
      `build/brokerhost-${lua} --config ${configuration} ${source} ${setup.options ?? ""} 2>${errorFile}; echo $?`,
  );
  const printed = linesOf(text);
  const exitCode = Number(printed.pop());
  const hasReport = exitCode === 0 || exitCode === 3;
  const report = (hasReport ? decodeJson(printed.pop() ?? "") : {}) as Report;
  const errors = readFile(errorFile) ?? "";
  for (const file of [configuration, eventFile, errorFile]) os.remove(file);
  return { printed, errors, exitCode, report };
}

/** What a connector prints whose init runs `code`. */
function printedByInit(code: string): readonly string[] {
  return run({ parameters: { init: code } }).printed;
}

/** What a connector prints whose write runs `code` for the events. */
function printedByWrite(code: string, events: readonly unknown[], options = "--api 2"): readonly string[] {
  return run({ parameters: { write: `${code} return true` }, options }, events).printed;
}

function contains(text: string, part: string): boolean {
  return string.find(text, part, 1, true)[0] !== undefined;
}

function assertContains(text: string, part: string): void {
  assert.is_true(contains(text, part), `expected "${part}" in: ${text}`);
}

const serviceStatus = { category: 1, element: 29, host_id: 11, service_id: 22, state: 2, output: "CRITICAL" };
const hostStatus = { category: 1, element: 32, host_id: 11, state: 1 };
const legacyServiceStatus = { category: 1, element: 24, host_id: 11, service_id: 22, state: 2 };
const adaptive = { category: 1, element: 55, host_id: 11, service_id: 22, acknowledgement_type: 2 };
const host = { category: 1, element: 30, host_id: 11, name: "web-01", enabled: true };

/** Service statuses told apart by their service's id, 1 to `count`. */
function statuses(count: number): unknown[] {
  const events: unknown[] = [];
  for (const id of $range(1, count)) events.push({ ...serviceStatus, service_id: id });
  return events;
}

const printService = "print(event.service_id)";

describe("brokerhost: loading", () => {
  it("runs the top level and filter(1, 2) without the broker's globals, then init, write and flush with them", () => {
    const { printed } = run({ connector: "load_order.lua" }, [serviceStatus]);
    const all = "broker broker_log broker_cache";
    assert.same(
      [
        "top level | - - -",
        "filter | - - - | 1:2",
        `init | ${all} | ${isLua51 ? "other pairs" : "same pairs"}`,
        `filter | ${all} | 1:29`,
        `write | ${all} | userdata`,
        `flush | ${all}`,
      ],
      printed,
    );
  });

  it("leaves pairs alone for connectors of API 1", () => {
    const { printed } = run({ connector: "load_order.lua", options: "--api 1" });
    assertContains(printed[2] ?? "", "same pairs");
  });

  it("hides the cause of an error at the top level, as the broker does, and tells it in the report", () => {
    const { exitCode, errors, report } = run({ connector: "raises_at_top_level.lua" });
    assert.equal(3, exitCode);
    assertContains(errors, "raises_at_top_level.lua' could not be compiled");
    assert.is_false(contains(errors, "a library is missing"));
    assertContains(tostring(report.hidden_load_error), "a library is missing");
  });

  it("refuses a script without write", () => {
    const { exitCode, errors } = run({ connector: "without_write.lua" });
    assert.equal(3, exitCode);
    assertContains(errors, "write() global function is missing");
  });

  it("finds modules beside the script, and a folder lib for C modules", () => {
    const code = `print((require("neighbour"))) print(package.cpath:sub(-${"spec/fixtures/connectors/lib/?.so".length}))`;
    assert.same(["the neighbour", "spec/fixtures/connectors/lib/?.so"], printedByInit(code));
  });

  for (const filter of ["error('not ready')", "return 1"]) {
    it(`switches the filter off for good when its first call does: ${filter}`, () => {
      const { report, errors } = run({ connector: "filtered.lua", filter }, [serviceStatus, hostStatus]);
      assertContains(errors, "the filter is switched off");
      assert.equal(2, report.written);
      assert.equal(0, report.filter_errors);
    });
  }

  it("gives write what the filter lets through, and counts a later error of the filter as a rejection", () => {
    const filter = "if element == 32 then error('oh') end return element ~= 24";
    const { report } = run({ connector: "filtered.lua", filter }, [
      serviceStatus,
      legacyServiceStatus,
      hostStatus,
    ]);
    assert.same([1, 1, 1], [report.written, report.rejected_by_filter, report.filter_errors]);
  });
});

describe("brokerhost: parameters", () => {
  const describeParameters =
    "for _, name in ipairs({'text', 'secret', 'count', 'flag'}) do local v = parameters[name] " +
    "print(name, (math.type and math.type(v)) or type(v), v) end";

  it("gives strings and passwords as strings, numbers as integers, and drops types the broker ignores", () => {
    const given = [
      { type: "string", name: "init", value: describeParameters },
      { type: "string", name: "text", value: "7" },
      { type: "password", name: "secret", value: "raw::s" },
      { type: "number", name: "count", value: "-2" },
      { type: "boolean", name: "flag", value: "true" },
    ];
    const { printed, errors } = run({ output: { lua_parameter: given } });
    const integer = isLua51 ? "number" : "integer";
    assert.same(
      ["text\tstring\t7", "secret\tstring\traw::s", `count\t${integer}\t-2`, "flag\tnil\tnil"],
      printed,
    );
    assertContains(errors, "ignores the type boolean");
  });

  it("adds and overrides with --param", () => {
    const options = `--param a=2 --param init=${shellWord("print(parameters.a)")}`;
    assert.same(["2"], run({ parameters: { a: "1" }, options }).printed);
  });

  for (const value of ["5.5", "3000000000", "many"]) {
    it(`dies loudly of a number parameter of ${value}`, () => {
      const { exitCode, errors } = run({ output: { lua_parameter: { type: "number", name: "n", value } } });
      assert.equal(99, exitCode);
      assertContains(errors, `the number parameter n=${value}`);
    });
  }

  it("refuses a value that is not a JSON string, a wrong option, and an event that the broker does not have", () => {
    const wrong: Run[] = [
      run({ output: { lua_parameter: [{ type: "number", name: "n", value: 5 }] } }),
      run({ options: "--no-such-option" }),
      run({}, [{ category: 1, element: 29, stat: 2 }]),
      run({}, [{ category: 1, element: 99 }]),
      run({}, [{ control: "no such control" }]),
    ];
    assert.same(
      [2, 2, 2, 2, 2],
      wrong.map((each) => each.exitCode),
    );
    assertContains(wrong[2]?.errors ?? "", ":1: event ServiceStatus has no field stat");
  });
});

describe("brokerhost: what kills the broker", () => {
  const deaths: readonly (readonly [string, string])[] = [
    ["broker_cache:get_hostname(1)", "broker_cache:get_hostname() inside init"],
    ["pcall(broker_cache.get_ba, broker_cache, 1)", "broker_cache:get_ba() inside init"],
    ["broker_log:set_parameters(3, '') broker_log:info(0, nil)", "broker_log:info(level, nil)"],
    ["broker_log:set_parameters(3, '') broker_log:warning(3)", "broker_log:warning(level, nil)"],
    ["broker_log:set_parameters(0, '') broker_log:error(0, nil)", "broker_log:error(level, nil)"],
    ["pcall(broker_log.set_parameters, broker_log, 1, nil)", "broker_log:set_parameters(level, nil)"],
    ["pcall(broker.url_encode, nil)", "broker.url_encode(nil)"],
    ["broker.parse_perfdata(nil)", "broker.parse_perfdata(nil)"],
    ["broker.md5(nil)", "broker.md5(nil)"],
  ];
  for (const [code, call] of deaths) {
    it(`dies loudly of ${code}`, () => {
      const { exitCode, errors, printed } = run({
        parameters: { init: `${code} print("survived")` },
        options: "--quiet",
      });
      assert.equal(99, exitCode);
      assertContains(errors, call);
      assertContains(errors, "THE BROKER DIES HERE");
      assert.same([], printed);
    });
  }

  it("dies of an error that no protected call catches", () => {
    const init =
      "setmetatable(_G, {__index = function(_, name) error('no global ' .. name) end}) write = nil";
    const { exitCode, errors } = run({ parameters: { init } }, [serviceStatus]);
    assert.equal(99, exitCode);
    assertContains(errors, "no global write");
  });

  const raises: readonly string[] = [
    "broker_log:set_parameters(-1, '')",
    "broker_log:set_parameters(4, '')",
    "broker_cache:get_hostname(nil)",
    "broker_cache:get_hostname()",
    "broker_cache:get_service_description(11, nil)",
    "broker_cache:get_severity(11, nil)",
    "broker_cache:get_notes_url(nil)",
  ];
  for (const code of raises) {
    it(`only raises in ${code}`, () => {
      assert.same(["false"], printedByWrite(`print((pcall(function() ${code} end)))`, [serviceStatus]));
    });
  }
});

describe("brokerhost: events", () => {
  it("are tables of every field in API 1", () => {
    const code =
      "print(type(event), event._type, event.output, event.long_output) event.output = 'mine' print(event.output)";
    assert.same(["table\t65565\tCRITICAL\t", "mine"], printedByWrite(code, [serviceStatus], "--api 1"));
  });

  it("are read-only userdata in API 2", () => {
    const code =
      "print(type(event), event._type, event.output, event.nothing, (pcall(function() event.output = 'mine' end)))";
    assert.same(["userdata\t65565\tCRITICAL\tnil\tfalse"], printedByWrite(code, [serviceStatus]));
  });

  it("have defaults in BBDO 3, and nil for optional fields that are not set", () => {
    const code = "print(event.acknowledgement_type, event.scheduled_downtime_depth, event.internal_id)";
    assert.same(["0\t0\t0", "2\tnil\t0"], printedByWrite(code, [serviceStatus, adaptive]));
    assert.same(["0\t0\t0", "2\tnil\t0"], printedByWrite(code, [serviceStatus, adaptive], "--api 1"));
  });

  it("read nil for zero ids and times in BBDO 2", () => {
    const event = { ...legacyServiceStatus, service_id: 0, last_check: 0 };
    const code = "print(event.host_id, event.service_id, event.last_check, event.check_attempt)";
    assert.same(["11\tnil\tnil\t0"], printedByWrite(code, [event]));
    assert.same(["11\tnil\tnil\t0"], printedByWrite(code, [event], "--api 1"));
  });

  const collect = "local names = {} for name in pairs(event) do names[#names + 1] = name end";

  it("stop pairs at the first unset field of BBDO 3", () => {
    assert.same(
      ["_type category element host_id service_id type internal_id"],
      printedByWrite(`${collect} print(table.concat(names, " "))`, [adaptive]),
    );
  });

  it("let pairs go through all fields, in the message's order, when all are set", () => {
    const code = `${collect} print(#names, names[1], names[4], names[#names])`;
    const whole = { ...adaptive, scheduled_downtime_depth: 0, notification_number: 0 };
    assert.same(["10\t_type\thost_id\tnotification_number"], printedByWrite(code, [whole]));
    // In BBDO 2 unset fields come with nil.
    assert.same(["47\t_type\tacknowledged\tperfdata"], printedByWrite(code, [legacyServiceStatus]));
  });

  it("have floats, messages and arrays as the broker's types say", () => {
    const service = { category: 1, element: 27, host_id: 11, service_id: 1, tags: [{ id: 3, type: 1 }] };
    const code = "print(event.latency, #event.tags, event.tags[1].id, event.tags[1].type)";
    assert.same([isLua51 ? "0\t1\t3\t1" : "0.0\t1\t3\t1"], printedByWrite(code, [service]));
    const member = { category: 1, element: 50, host_id: 1, hostgroup_id: 2 };
    assert.same(["0"], printedByWrite("print(event.header.conf_version)", [member]));
  });

  it("carry any bytes, which end at a NUL in BBDO 2", () => {
    const output = { base64: "/wBh" };
    const code = "print(event.output:gsub('.', function(c) return c:byte() .. ' ' end))";
    assert.same(
      ["255 0 97 \t3", "255 \t1"],
      [
        ...printedByWrite(code, [{ ...serviceStatus, output }]),
        ...printedByWrite(code, [{ ...legacyServiceStatus, output }]),
      ],
    );
  });

  it("reach the connector only in the categories of the output's filter", () => {
    const activity = { category: 6, element: 19, ba_id: 5 };
    const output = { filters: { category: ["neb"] } };
    const { report, printed } = run({ output, parameters: { write: "print(event.category) return true" } }, [
      activity,
      serviceStatus,
    ]);
    assert.same(["1"], printed);
    assert.same([1, 1, 1], [report.filtered_by_category, report.written, report.acknowledged]);
  });

  it("have their field reads counted in API 2", () => {
    const write =
      "local _ = event.state, event.output if event.service_id then _ = event.host_id end return true";
    const { report } = run({ parameters: { write }, options: "--api 2" }, [serviceStatus, hostStatus]);
    assert.same([7, 4], [report.field_reads.total, report.field_reads.max_of_one_event]);
  });
});

describe("brokerhost: broker_cache", () => {
  const group = {
    category: 1,
    element: 49,
    hostgroup_id: 1,
    name: "Linux",
    alias: "All Linux",
    enabled: true,
  };
  const member = { category: 1, element: 50, hostgroup_id: 1, host_id: 11, name: "Linux", enabled: true };
  const service = {
    category: 1,
    element: 27,
    host_id: 11,
    service_id: 22,
    description: "Load",
    notes: "n",
    enabled: true,
  };
  const known = [
    { ...host, notes_url: "http://n", action_url: "http://a", check_command: "ping" },
    service,
    group,
    member,
    { category: 1, element: 51, servicegroup_id: 7, name: "Shop", enabled: true },
    {
      category: 1,
      element: 52,
      servicegroup_id: 7,
      host_id: 11,
      service_id: 22,
      name: "Shop",
      enabled: true,
    },
    { category: 1, element: 44, instance_id: 1, name: "Central" },
    {
      category: 1,
      element: 37,
      host_id: 11,
      service_id: 22,
      name: "CRITICALITY_LEVEL",
      value: "4",
      enabled: true,
    },
    { category: 1, element: 37, host_id: 11, name: "OTHER", value: "9", enabled: true },
    { category: 6, element: 25, ba_id: 5, ba_name: "Web shop" },
    { category: 6, element: 22, bv_id: 8, bv_name: "Front" },
    { category: 6, element: 23, ba_id: 5, bv_id: 8 },
    { category: 3, element: 11, index_id: 30, host_id: 11, service_id: 22 },
    { category: 3, element: 12, index_id: 30, metric_id: 40 },
  ];
  const cacheOnly = [
    { control: "cache_only", value: true },
    ...known,
    { control: "cache_only", value: false },
  ];

  it("tells what the events before said", () => {
    const code =
      "local c = broker_cache print(c:get_hostname(11), c:get_service_description(11, 22), c:get_instance_name(1)) " +
      "print(c:get_hostgroup_name(1), c:get_hostgroup_alias(1), c:get_servicegroup_name(7)) " +
      "print(#c:get_hostgroups(11), c:get_hostgroups(11)[1].group_id, c:get_hostgroups(11)[1].group_name) " +
      "print(#c:get_servicegroups(11, 22), c:get_servicegroups(11, 22)[1].group_name) " +
      "print(c:get_severity(11, 22), c:get_severity(11)) " +
      "print(c:get_notes(11, 22), c:get_notes_url(11), c:get_action_url(11), c:get_check_command(11)) " +
      "print(c:get_ba(5).ba_name, c:get_bv(8).bv_name, #c:get_bvs(5), c:get_bvs(5)[1]) " +
      "print(c:get_index_mapping(30).service_id, c:get_metric_mapping(40).index_id)";
    const expected = [
      "web-01\tLoad\tCentral",
      "Linux\tAll Linux\tShop",
      "1\t1\tLinux",
      "1\tShop",
      "4\tnil",
      "n\thttp://n\thttp://a\tping",
      "Web shop\tFront\t1\t8",
      "22\t30",
    ];
    for (const options of ["--api 1", "--api 2"])
      assert.same(expected, printedByWrite(code, [...cacheOnly, serviceStatus], options));
  });

  it("loses what it knew of business activities when they are about to be told anew", () => {
    const code = "local c = broker_cache print(c:get_ba(5), c:get_bv(8), #c:get_bvs(5))";
    for (const element of [11, 30]) {
      const signal = { category: 6, element, update_started: true };
      const isOver = { ...signal, update_started: false };
      const [begin, end] = [cacheOnly.slice(0, -1), cacheOnly.slice(-1)];
      assert.same(["nil\tnil\t0"], printedByWrite(code, [...begin, signal, ...end, serviceStatus]));
      const views = "print(#broker_cache:get_bvs(5))";
      assert.same(["1"], printedByWrite(views, [...begin, isOver, ...end, serviceStatus]));
    }
  });

  it("is nil, or an empty array of groups, for what no event said", () => {
    const code =
      "local c = broker_cache print(c:get_hostname(1), c:get_service_description(1, 2), c:get_instance_name(9), " +
      "c:get_ba(1), c:get_severity(1), c:get_notes(1, 2), c:get_host(1), #c:get_hostgroups(1), #c:get_servicegroups(1, 2))";
    assert.same(["nil\tnil\tnil\tnil\tnil\tnil\tnil\t0\t0"], printedByWrite(code, [serviceStatus]));
  });

  it("knows the event itself when write runs, in both kinds of BBDO, and forgets what is removed", () => {
    const code = "print(broker_cache:get_hostname(11), #broker_cache:get_hostgroups(11))";
    const legacy = { category: 1, element: 12, host_id: 11, name: "web-02", enabled: true };
    assert.same(
      ["web-01\t0", "web-01\t1", "web-02\t1", "web-02\t0", "nil\t0"],
      printedByWrite(code, [
        host,
        member,
        legacy,
        { ...member, enabled: false },
        { ...host, enabled: false },
      ]),
    );
  });

  it("hands out live objects, which later statuses change", () => {
    const code = "kept = kept or broker_cache:get_host(11) print(type(kept), kept.name, kept.state)";
    assert.same(["userdata\tweb-01\t0", "userdata\tweb-01\t1"], printedByWrite(code, [host, hostStatus]));
    assert.same(
      ["table\tweb-01\t0", "table\tweb-01\t0"],
      printedByWrite(code, [host, hostStatus], "--api 1"),
    );
  });
});

describe("brokerhost: acknowledgement", () => {
  function counts(
    parameters: Record<string, string>,
    events: readonly unknown[],
    filter?: string,
  ): unknown[] {
    const setup = { parameters: { flush: "return false", ...parameters } };
    const { report } = run(
      filter === undefined ? setup : { ...setup, connector: "filtered.lua", filter },
      events,
    );
    return [report.acknowledged, report.unacknowledged];
  }

  it("is of all so far when write returns true: rejected and failed events, too", () => {
    const filter = "return element ~= 32";
    const write = "if event.service_id == 1 then error('oh') end return event.service_id == 3";
    assert.same([4, 2], counts({ write }, [hostStatus, ...statuses(3), hostStatus, ...statuses(1)], filter));
  });

  it("is of nothing when write returns false", () => {
    assert.same([0, 3], counts({ write: "return false" }, statuses(3)));
  });

  it("is of all when flush returns true", () => {
    assert.same([3, 0], counts({ write: "return false", flush: "return true" }, statuses(3)));
  });

  for (const [write, logged] of [
    ["error('oh')", "error running function `write' write:1: oh"],
    ["error({})", "unknown error running function `write'"],
    ["return", "`write' must return a boolean"],
    ["return 1", "`write' must return a boolean"],
  ] as const) {
    it(`is of nothing, and a line is logged, when write does: ${write}`, () => {
      const { report, errors } = run({ parameters: { write, flush: "return false" } }, statuses(2));
      assert.same(
        [2, 2, 0, 2],
        [report.written, report.write_errors, report.acknowledged, report.unacknowledged],
      );
      assertContains(errors, logged);
      assertContains(report.error_lines[0] ?? "", logged);
    });
  }

  for (const flush of ["error('oh')", "return 'yes'"]) {
    it(`is of nothing when flush does: ${flush}`, () => {
      const { report, errors } = run({ parameters: { write: "return false", flush } }, statuses(2));
      assert.same([1, 0, 2], [report.flush_errors, report.acknowledged, report.unacknowledged]);
      assertContains(errors, "`flush'");
    });
  }

  it("does not give again what was not acknowledged while the stream lives", () => {
    const parameters = { write: `${printService} return false`, flush: "return false" };
    const { printed } = run({ parameters }, [...statuses(2), { control: "flush" }, { control: "flush" }]);
    assert.same(["1", "2"], printed);
  });
});

describe("brokerhost: a full queue", () => {
  const parameters = {
    write: `${printService} return false`,
    flush: "print('flush') return may_acknowledge",
  };

  it("stalls the output: only flush is called until something is acknowledged", () => {
    const { report, printed } = run({ parameters, options: "--queue-max 2" }, statuses(5));
    assert.same(["1", "2", "flush", "flush"], printed);
    assert.same([2, 2, 3, 1], [report.written, report.unacknowledged, report.waiting, report.stalls]);
  });

  it("goes on when flush acknowledges", () => {
    const flush = "count = (count or 0) + 1 print('flush') return count > 1";
    const { report, printed } = run({ parameters: { ...parameters, flush }, options: "--queue-max 2" }, [
      ...statuses(3),
      { control: "flush" },
      { control: "stop" },
    ]);
    assert.same(["1", "2", "flush", "flush", "3", "flush"], printed);
    assert.same([3, 0], [report.acknowledged, report.waiting]);
  });

  it("is filled by rejected events, too, and without a flush it stays full for ever", () => {
    const setup = { connector: "filtered.lua", filter: "return element == 32", options: "--queue-max 3" };
    const { report } = run({ ...setup, parameters: { init: "flush = nil", flush: "return false" } }, [
      ...statuses(3),
      hostStatus,
      { control: "wait_until_acknowledged", seconds: 0.1 },
    ]);
    assert.same([0, 3, 1, 1], [report.written, report.unacknowledged, report.waiting, report.stalls]);
  });

  it("has the size of the configuration's event_queue_max_size", () => {
    const configuration = temporaryPath(".json");
    const output = { name: "spec", type: "lua", path: `${connectors}/scripted.lua` };
    writeFile(configuration, encodeJson({ centreonBroker: { event_queue_max_size: 2, output: [output] } }));
    const options = `--config ${configuration} --param ${shellWord("write=return false")}`;
    const { report } = run({ options }, statuses(4));
    os.remove(configuration);
    assert.equal(1, report.stalls);
  });
});

describe("brokerhost: flush", () => {
  const parameters = { write: "print('write') return true", flush: "print('flush') return true" };

  it("is never called under continuous load, and once at the stop", () => {
    const { printed } = run({ parameters }, statuses(3));
    assert.same(["write", "write", "write", "flush"], printed);
  });

  it("is called at once after a burst, then about once a second", () => {
    const { report } = run({ parameters }, [
      ...statuses(3),
      { control: "wait", seconds: 2.5 },
      { control: "mark" },
    ]);
    // At 0, 1 and 2 s, and at the stop; a slow machine may miss one.
    const calls = report.flush_calls as number;
    assert.is_true(calls === 4 || calls === 3, `${calls} calls`);
  });

  it("follows the same cadence on a live input", () => {
    const before = `{ echo ${shellWord(encodeJson(serviceStatus))}; sleep 2.5; } |`;
    const { printed, report } = run({ parameters, before });
    assert.same(["write", "flush"], [printed[0], printed[1]]);
    const calls = report.flush_calls as number;
    assert.is_true(calls === 4 || calls === 3, `${calls} calls`);
  });

  it("goes on until all is acknowledged when the events say so", () => {
    const flush = "count = (count or 0) + 1 return count == 2";
    const { report } = run({ parameters: { write: "return false", flush } }, [
      serviceStatus,
      { control: "wait_until_acknowledged", seconds: 10 },
      { control: "kill" },
    ]);
    assert.same([1, 0], [report.acknowledged, report.lost]);
  });
});

describe("brokerhost: init", () => {
  it("is tried again with a new state every retry_interval, while events pile up", () => {
    const attempts = temporaryPath(".attempts");
    const init =
      `print("init", state_is_old) state_is_old = true local file = io.open("${attempts}", "a+") ` +
      `file:write(".") file:seek("set") local count = #file:read("*a") file:close() ` +
      `if count < 3 then error("not yet") end`;
    const { report, printed, exitCode } = run(
      { parameters: { init, write: `${printService} return true` }, output: { retry_interval: "0.2" } },
      [...statuses(2), { control: "wait_until_acknowledged", seconds: 10 }],
    );
    os.remove(attempts);
    assert.same(["init\tnil", "init\tnil", "init\tnil", "1", "2"], printed);
    assert.equal(0, exitCode);
    assert.equal(3, report.init_attempts);
    assertContains(report.init_errors[1] ?? "", "error running function `init' init:1: not yet");
  });

  it("that never succeeds ends with exit code 3, and no event is lost", () => {
    const { report, exitCode, errors } = run({ parameters: { init: "error({})" } }, statuses(2));
    assert.same([3, 1, 2, 0], [exitCode, report.init_attempts, report.waiting, report.written]);
    assertContains(errors, "unknown error running function `init'");
  });
});

describe("brokerhost: stop and start", () => {
  const parameters = {
    init: "print('init')",
    write: `${printService} return event.service_id == 1`,
    flush: "print('flush') return false",
  };

  it("restarts with a last flush, a new state, and what was not acknowledged first", () => {
    const { report, printed } = run({ parameters }, [...statuses(3), { control: "restart" }, hostStatus]);
    assert.same(["init", "1", "2", "3", "flush", "init", "2", "3", "nil", "flush"], printed);
    assert.same([1, 1, 3], [report.restarts, report.acknowledged, report.unacknowledged]);
  });

  it("gives unacknowledged events, then those of the queue file, then new ones", () => {
    const write = `${printService} return false`;
    const { printed } = run({ parameters: { ...parameters, write }, options: "--queue-max 2" }, [
      ...statuses(3),
      { control: "restart" },
    ]);
    assert.same(["init", "1", "2", "flush", "flush", "init", "1", "2", "flush", "flush"], printed);
  });

  it("writes the cache at a clean stop only: a crash leaves what the last one wrote", () => {
    const write = "print(broker_cache:get_hostname(11), broker_cache:get_hostname(12)) return true";
    const { printed } = run({ parameters: { write, flush: "return true" } }, [
      host,
      { control: "kill" },
      serviceStatus,
      host,
      { control: "restart" },
      { ...host, host_id: 12, name: "web-02" },
      { ...host, name: "renamed" },
      { control: "kill" },
      serviceStatus,
    ]);
    const [before, crashed, , , renamed, crashedAgain] = printed;
    assert.same(["web-01\tnil", "nil\tnil"], [before, crashed]);
    assert.same(["renamed\tweb-02", "web-01\tnil"], [renamed, crashedAgain]);
  });

  it("loses the memory queue when killed, without a flush", () => {
    const { report, printed } = run({ parameters }, [...statuses(3), { control: "kill" }, hostStatus]);
    assert.same(["init", "1", "2", "3", "init", "nil", "flush"], printed);
    assert.same([1, 2], [report.kills, report.lost]);
  });

  it("writes out no buffer, runs no finaliser and closes the files of a killed connector", () => {
    const file = temporaryPath(".buffered");
    const finaliser = isLua51
      ? "kept = newproxy(true) getmetatable(kept).__gc = function() print('finalised') end"
      : "kept = setmetatable({}, {__gc = function() print('finalised') end})";
    const init =
      `${finaliser} journal = io.open("${file}", "a") journal:setvbuf("full") ` +
      `local files = io.popen("ls -l /proc/$PPID/fd | grep -c ${file}") print("open", files:read("*l")) files:close() ` +
      'journal:write("text")'; // last, since popen writes out all buffers
    const { printed } = run({ parameters: { init } }, [{ control: "kill" }, { control: "kill" }]);
    const written = readFile(file);
    os.remove(file);
    // Only the last state ends in order.
    assert.equal("text", written);
    assert.same(["open\t1", "open\t1", "open\t1", "finalised"], printed);
  });
});

describe("brokerhost: broker_log", () => {
  it("writes lines up to the level set, whatever the method, to the broker's own log for the path ''", () => {
    const init =
      "broker_log:set_parameters(1, '') broker_log:info(1, 'one') broker_log:warning(0, 'zero') " +
      "broker_log:error(2, 'two') broker_log:error(1, 'bad')";
    const { errors, report } = run({ parameters: { init } });
    assertContains(errors, "[info] one");
    assertContains(errors, "[warning] zero");
    assertContains(errors, "[error] bad");
    assert.is_false(contains(errors, "two"));
    assert.same(["bad"], report.error_lines);
  });

  it("opens the file for every line, and writes (null) there", () => {
    const file = temporaryPath(".log");
    const init =
      `broker_log:set_parameters(3, "${file}") broker_log:info(3, "first") os.rename("${file}", "${file}.1") ` +
      "broker_log:warning(3, 'second') broker_log:error(0, nil)";
    const { errors } = run({ parameters: { init } });
    const first = readFile(`${file}.1`) ?? "";
    const second = linesOf(readFile(file) ?? "");
    os.remove(file);
    os.remove(`${file}.1`);
    assert.equal("", errors);
    assertContains(first, ": INFO: first\n");
    assertContains(second[0] ?? "", ": WARNING: second");
    assertContains(second[1] ?? "", ": ERROR: (null)");
  });

  it("says so when the file cannot be opened", () => {
    const init = "broker_log:set_parameters(3, '/no/such/folder/log') broker_log:info(0, 'text')";
    assertContains(run({ parameters: { init } }).errors, "Unable to open the log file '/no/such/folder/log'");
  });

  it("counts lines before set_parameters, where the broker's level is undefined", () => {
    const { report, errors } = run({ parameters: { init: "broker_log:info(3, 'early')" } });
    assert.equal(1, report.log_calls_before_level);
    assertContains(errors, "early");
  });

  it("goes to the file of --log instead of standard error", () => {
    const file = temporaryPath(".log");
    const init = "broker_log:set_parameters(3, '') broker_log:info(0, 'text')";
    const { errors } = run({ parameters: { init }, options: `--log ${file}` });
    const logged = readFile(file) ?? "";
    os.remove(file);
    assert.equal("", errors);
    assertContains(logged, "[lua] [info] text");
  });
});

describe("brokerhost: the recorded engine stories", () => {
  for (const protocol of [2, 3] as const) {
    it(`give a connector the names that the real broker's cache had, in BBDO ${protocol}`, () => {
      const story = engineStory(protocol);
      const write =
        "local h, s = event.host_id, event.service_id if s == 0 then s = nil end " +
        "print(h and broker_cache:get_hostname(h) or '-', h and s and broker_cache:get_service_description(h, s) or '-') " +
        "return true";
      const { printed } = run(
        { parameters: { write } },
        story.map(({ event }) => event),
      );
      story.forEach(({ at, host, service }, index) => {
        const names = `${host ?? "-"}\t${service ?? "-"}`;
        if (printed[index] !== names) {
          error(`event ${index + 1}, at ${at}: ${printed[index] ?? "nothing"} instead of ${names}`);
        }
      });
      assert.equal(story.length, printed.length);
    });
  }
});

describe("brokerhost: broker", () => {
  const quirks: readonly (readonly [string, string])[] = [
    ["broker.json_encode({a = 'x\"\\\\\\t\\r\\n\\1'}):gsub('\\1', '<1>')", '{"a":"x\\"\\\\\\t\\r\\n<1>"}\t1'],
    ["broker.json_encode({['k\"'] = true})", '{"k"":true}'],
    ["broker.json_encode('cut\\0here')", '"cut"'],
    ["broker.json_encode({})", "[]"],
    ["broker.json_encode({1, {2}, 'x'})", '[1,[2],"x"]'],
    ["broker.json_encode({0/0}):gsub('%-', '')", "[nan]"],
    ["pcall(broker.json_encode, {[2] = 1})", "false\tinvalid key to 'next'"],
    ["pcall(broker.json_encode, {print})", "false\tjson_encode: type not implemented"],
    ["broker.json_decode('[4294967298, 1.5, true, null, -1]')[1]", "2"],
    [`broker.json_decode('["a\\\\\\\\nb"]')[1]`, "a"],
    ["broker.json_decode('nonsense')", "nil"],
    ["broker.url_encode('a b/\\233~-_.')", "a%20b%2F%E9~-_."],
    ["broker.md5('abc')", "900150983cd24fb0d6963f7d28e17f72"],
    ["broker.md5(('a\\0b'):rep(100))", "1426de210b5e29ff6fc2d4da8e5ecd7c"],
    [
      "broker.base64_encode('a\\0bc'), broker.base64_decode('YWI='), #broker.base64_decode('AA==')",
      "YQBiYw==\tab\t1",
    ],
    ["broker.bbdo_version()", "3.0.1"],
    ["broker.stat('/no/such/file')", "nil\tNo such file or directory"],
    ["broker.stat('/').uid, broker.stat('/').mtime > 0", "0\ttrue"],
  ];
  for (const [code, expected] of quirks) {
    it(`has ${code}`, () => {
      const [first] = printedByInit(`print(${code})`);
      if (contains(expected, "\t")) assert.equal(expected, first);
      else assert.equal(expected, string.gsub(first ?? "", "\t.*", "")[0]);
    });
  }

  it("reads perfdata into 32-bit floats by name, the last of a name winning", () => {
    const code =
      "local m = broker.parse_perfdata('rta=0.1ms;1;5 pl=0% rta=0.2ms') print(m.pl) print(('%.9f'):format(m.rta))";
    assert.same([isLua51 ? "0" : "0.0", "0.200000003"], printedByInit(code));
  });

  it("reads full perfdata with thresholds, NaN where a number is missing", () => {
    const code =
      "local m = broker.parse_perfdata(\"'eth 0~in#net.traffic.bits'=5b;@10:20;~:30;0\", true)['eth 0~in#net.traffic.bits'] " +
      "print(m.value == 5, m.uom, m.metric_name, m.metric_unit, m.instance, m.subinstance[1], m.metric_fields[2]) " +
      "print(m.warning_low == 10, m.warning_high == 20, m.warning_mode, m.critical_low == -math.huge, m.critical_high == 30, " +
      "m.critical_mode, m.min == 0, m.max ~= m.max)";
    assert.same(
      [
        "true\tb\tnet.traffic.bits\tbits\teth 0\tin\ttraffic",
        "true\ttrue\ttrue\ttrue\ttrue\tfalse\ttrue\ttrue",
      ],
      printedByInit(code),
    );
  });
});

describe("brokerhost: a clock", () => {
  it("stands where --clock puts it, and moves when a line says so, over restarts and crashes", () => {
    const write = "print(os.time()) return true";
    const parameters = { init: "print(os.time())", write, flush: "return true" };
    const { printed } = run({ parameters, options: "--clock 1795700000" }, [
      serviceStatus,
      { control: "clock", advance: 61 },
      serviceStatus,
      { control: "restart" },
      { control: "clock", advance: 1 },
      { control: "kill" },
    ]);
    assert.same(["1795700000", "1795700000", "1795700061", "1795700061", "1795700062"], printed);
  });

  it("leaves os.time of a table alone, and dates the connector's log", () => {
    const log = temporaryPath(".log");
    const init =
      "print(os.time({year=2026, month=1, day=2}) - os.time({year=2026, month=1, day=1})) " +
      `broker_log:set_parameters(3, '${log}') broker_log:info(0, 'text')`;
    const { printed } = run({ parameters: { init }, options: "--clock 1795700000" });
    const text = readFile(log) ?? "";
    os.remove(log);
    assert.same(["86400"], printed);
    assertContains(text, os.date("%c", 1795700000) as string);
  });

  it("is not moved without --clock", () => {
    const { exitCode, errors } = run({}, [{ control: "clock", advance: 1 }]);
    assert.equal(2, exitCode);
    assertContains(errors, "a clock line needs --clock");
  });
});

describe("brokerhost: settle", () => {
  it("flushes until a flush has nothing to wait for", () => {
    const flush =
      "count = (count or 0) + 1 local start = os.clock() " +
      "while count < 3 and os.clock() < start + 1 do end return true";
    const { printed } = run({ parameters: { flush } }, [
      { control: "settle" },
      { control: "report" },
      { control: "stop" },
    ]);
    assert.equal(3, (decodeJson(printed[0] ?? "") as Report).flush_calls);
  });
});

describe("brokerhost: reports", () => {
  it("come when asked for, and echo marks", () => {
    const { printed, report } = run({}, [
      serviceStatus,
      { control: "report" },
      { control: "mark", name: "half" },
      serviceStatus,
    ]);
    const early = decodeJson(printed[0] ?? "") as Report;
    assert.same([1, 2], [early.events, report.events]);
    const [mark] = report.marks as { unix_ms: number }[];
    assert.same(
      [{ name: "half", events: 1, written: 1, acknowledged: 1, unix_ms: mark?.unix_ms }],
      report.marks,
    );
    assert.is_true(math.abs((mark?.unix_ms ?? 0) / 1000 - os.time()) < 60);
  });

  it("tell the memory in use after a collection that was asked for", () => {
    const { printed } = run({}, [
      { control: "report" },
      serviceStatus,
      { control: "collect" },
      { control: "report" },
    ]);
    const [before, after] = printed.map((line) => (decodeJson(line) as Report).lua_memory_kb as number);
    assert.equal(0, before);
    assert.is_true((after ?? 0) > 10, `${after} kB`);
  });

  it("measure a connector with --bench", () => {
    const { report } = run({ options: "--bench 50" }, statuses(4));
    const bench = report.bench as { ns_per_event: number };
    assert.equal(200, report.written);
    assert.is_true(bench.ns_per_event > 0);
  });

  it("play the recorded stories in both APIs", () => {
    for (const story of ["bbdo2", "bbdo3"])
      for (const api of [1, 2]) {
        const options = `--api ${api} --events spec/fixtures/events/story-${story}.jsonl`;
        const { report, exitCode } = run({ options });
        assert.equal(0, exitCode);
        assert.equal(report.events, report.write_true);
        assert.is_true((report.events as number) > 10);
      }
  });
});

// text/perfdata: what real plugins print, and what no plugin should.
import { type Metric, parsePerfdata } from "../../src/text/perfdata";
import { hostileText } from "../support/hostile";
import { createRandom } from "../support/random";

const NO_LIMIT = 100000;

/** A metric in short: name, value, unit, warning, critical, minimum, maximum; "-" for what is undefined. */
function short(metric: Metric): string {
  const { name, value, unit, warning, critical, minimum, maximum } = metric;
  const parts = [value ?? "-", unit, warning ?? "-", critical ?? "-", minimum ?? "-", maximum ?? "-"];
  return `${name}|${parts.join("|")}`;
}

function read(perfdata: string): string[] {
  return parsePerfdata(perfdata, NO_LIMIT).map((metric) => short(metric));
}

describe("parsePerfdata", () => {
  const outputs: [what: string, perfdata: string, metrics: string[]][] = [
    [
      "check_icmp",
      "rta=0.055000ms;1.000000;5.000000;0.000000 pl=0%;1;5;0;",
      ["rta|0.055000|ms|1.000000|5.000000|0.000000|-", "pl|0|%|1|5|0|-"],
    ],
    [
      "check_disk: every digit of a large number",
      "/=28832694272B;216442024755;243497277849;0;270552530944",
      ["/|28832694272|B|216442024755|243497277849|0|270552530944"],
    ],
    [
      "check_load, with a space at the end",
      "load1=0.320;0.010;0.020;0; load5=0.240;0.010;0.020;0; ",
      ["load1|0.320||0.010|0.020|0|-", "load5|0.240||0.010|0.020|0|-"],
    ],
    [
      "check_http: parts left empty",
      "time=0.002112s;;;0.000000;10.000000 size=312B;;;0",
      ["time|0.002112|s|-|-|0.000000|10.000000", "size|312|B|-|-|0|-"],
    ],
    ["a value alone", "procs=12", ["procs|12||-|-|-|-"]],
    [
      "Centreon's plugins",
      "'eth0~in#interface.traffic.in.bitspersecond'=120.50b/s;;;0;1000000000",
      ["eth0~in#interface.traffic.in.bitspersecond|120.50|b/s|-|-|0|1000000000"],
    ],
    [
      "spaces in a quoted name",
      "'C:\\ Used Space'=45%;80;90 'D:\\'=1GB",
      ["C:\\ Used Space|45|%|80|90|-|-", "D:\\|1|GB|-|-|-|-"],
    ],
    [
      "quotes in a quoted name, written twice",
      "'it''s here'=5 'end'''=6",
      ["it's here|5||-|-|-|-", "end'|6||-|-|-|-"],
    ],
    ["an equals sign in a quoted name", "'a=b'=5 'c''=d'=6", ["a=b|5||-|-|-|-", "c'=d|6||-|-|-|-"]],
    ["spaces in a name without quotes", "used space=5 free=6", ["used space|5||-|-|-|-", "free|6||-|-|-|-"]],
    ["names that are not ASCII", "'Größe'=5 温度=21C", ["Größe|5||-|-|-|-", "温度|21|C|-|-|-|-"]],
    ["a decimal comma", "temp=21,5C", ["temp|21.5|C|-|-|-|-"]],
    [
      "a value that could not be determined",
      "rta=U;200;500 pl=100%",
      ["rta|-||200|500|-|-", "pl|100|%|-|-|-|-"],
    ],
    ["ranges", "users=5;~:10;@20:30;0 temp=4;10:;:5", ["users|5||~:10|@20:30|0|-", "temp|4||10:|:5|-|-"]],
    ["signs", "a=-5 b=+5 c=-0.5C", ["a|-5||-|-|-|-", "b|5||-|-|-|-", "c|-0.5|C|-|-|-|-"]],
    [
      "points without digits on one side",
      "a=.5s b=-.5 c=5.s",
      ["a|0.5|s|-|-|-|-", "b|-0.5||-|-|-|-", "c|5|s|-|-|-|-"],
    ],
    [
      "exponents",
      "a=1e5 b=1.5E-7s c=2e+3B d=.5e3 e=1.e5 f=3e",
      [
        "a|1e5||-|-|-|-",
        "b|1.5E-7|s|-|-|-|-",
        "c|2e+3|B|-|-|-|-",
        "d|0.5e3||-|-|-|-",
        "e|1e5||-|-|-|-",
        "f|3|e|-|-|-|-",
      ],
    ],
    [
      "tabs and line ends between metrics",
      "a=1\tb=2\r\nc=3",
      ["a|1||-|-|-|-", "b|2||-|-|-|-", "c|3||-|-|-|-"],
    ],
    ["the same name twice", "a=1 a=2", ["a|1||-|-|-|-", "a|2||-|-|-|-"]],
    ["more parts than there are", "a=1;2;3;4;5;6;7", ["a|1||2|3|4|5"]],
    ["nothing", "", []],
    ["spaces only", " \t\n", []],
    ["a text without a metric", "no performance data", []],
    ["a name without data", "a= b=1", ["a|-||-|-|-|-", "b|1||-|-|-|-"]],
    [
      "a value that is no number",
      "a=abc b=1.2.3 c=1,234,567 d=--5 e=nan",
      ["a|-||-|-|-|-", "b|-||-|-|-|-", "c|-||-|-|-|-", "d|-||-|-|-|-", "e|-||-|-|-|-"],
    ],
    ["a quote that is never closed: what came before it", "a=1 'b=2 c=3", ["a|1||-|-|-|-"]],
  ];
  for (const [what, perfdata, metrics] of outputs) {
    it(`reads ${what}`, () => {
      assert.same(metrics, read(perfdata));
    });
  }

  it("reads thousands of metrics in their order, and no more than asked for", () => {
    const names: string[] = [];
    for (const index of $range(1, 4000)) names.push(`m${4001 - index}`);
    const perfdata = names.map((name) => `${name}=1;2;3`).join(" ");
    assert.same(
      names,
      parsePerfdata(perfdata, NO_LIMIT).map(({ name }) => name),
    );
    assert.same(
      names.slice(0, 100),
      parsePerfdata(perfdata, 100).map(({ name }) => name),
    );
  });

  it("never fails on 10,000 hostile texts, and makes no name or digit up", () => {
    const random = createRandom("text/perfdata");
    const wrong: string[] = [];
    for (const _ of $range(1, 10000)) {
      const perfdata = [hostileText(random, 8), "m=1.5;2", hostileText(random, 8)].join(
        random.oneOf(["", " "]),
      );
      for (const metric of parsePerfdata(perfdata, NO_LIMIT)) {
        const isNumber = metric.value === undefined || tonumber(metric.value) !== undefined;
        const [unquoted] = string.gsub(perfdata, "''", "'");
        const isName =
          string.find(unquoted, string.gsub(metric.name, "''", "'")[0], 1, true)[0] !== undefined;
        if (!isNumber || !isName) wrong.push(`${short(metric)} of ${perfdata}`);
      }
    }
    assert.same([], wrong.slice(0, 5));
  });

  // What a monitored host prints must not hold up the output. 64 KB is the most that is kept of an event's text.
  const sizes: Record<string, string> = {
    spaces: `a${string.rep(" ", 65000)}b=1`,
    quotes: `'${string.rep("'", 65000)}=1`,
    "equals signs": string.rep("=", 65000),
    semicolons: `a=${string.rep(";", 65000)}`,
    digits: `a=${string.rep("1", 65000)}`,
    "a name without an end": string.rep("a ", 32500),
  };
  for (const [what, perfdata] of Object.entries(sizes)) {
    it(`reads 64 KB of ${what} in less than a second`, () => {
      const start = os.clock();
      parsePerfdata(perfdata, NO_LIMIT);
      assert.is_true(os.clock() - start < 1, `${os.clock() - start} s`);
    });
  }
});

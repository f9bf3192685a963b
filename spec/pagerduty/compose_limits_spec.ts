// pagerduty/compose, fed what no plugin should print and no administrator should write: every event is one that
// PagerDuty takes, and that others read back as it was meant.
import type { Action, DescribedAlert } from "../../src/alerts/alert";
import { LADDER } from "../../src/pagerduty/event";
import { outputLines } from "../../src/text/lines";
import { validUtf8 } from "../../src/text/utf8";
import { alertFor, alertSaying, hostOf, serviceOf } from "../support/alerts";
import { type Fields, type SomeSettings, bodyOf, detailsIn } from "../support/composing";
import { bytes, hostileText } from "../support/hostile";
import { decodeJson } from "../support/json";
import { readByCjson, rewriteByNode, sameJson } from "../support/json_readers";
import { faultsOf } from "../support/published_rules";
import { type Random, createRandom } from "../support/random";

/** `piece` again and again, 700 KB of it: more than PagerDuty takes in all. */
function flood(piece: string): string {
  return string.rep(piece, math.floor(700000 / piece.length));
}

const PIECES: Record<string, string> = {
  letters: "a",
  "control characters, six bytes each in JSON": bytes(0x01),
  NUL: bytes(0x00),
  quotes: '"',
  backslashes: "\\",
  "characters of three bytes": "€",
  "characters of four bytes": "😀",
  "bytes that are not UTF-8, three bytes each when replaced": bytes(0xff),
  "lines of a letter": "a\n",
};

describe("700 KB", () => {
  for (const [what, piece] of Object.entries(PIECES)) {
    it(`of ${what} in every text make an event that PagerDuty takes, with as much of them as it holds`, () => {
      const text = flood(piece);
      const name = string.sub(text, 1, 10000);
      const alert = alertSaying({
        hostName: name,
        serviceDescription: name,
        output: text,
        longOutput: `more ${text}`,
        perfdata: `'${name}'=1 load=0.5`,
        hostGroups: [name, name],
        serviceGroups: [name],
        poller: name,
        hostAlias: name,
        hostAddress: name,
        notes: name,
        notesUrl: `https://wiki.example/${name}`,
        criticalityName: name,
        categories: [name],
        customVariables: [{ name, value: name }],
        downtimeComment: name,
      });
      alert.acknowledgement = { author: name, comment: name };
      const body = bodyOf(alert);
      assert.same([], faultsOf(body));
      assert.is_true(((detailsIn(body)["long_output"] as string | undefined) ?? "").length > 2000);
    });
  }

  it("of an address of notes cost the links, not the alert", () => {
    const alert = alertSaying({ notesUrl: `https://wiki.example/${flood("e")}`, hostGroups: ["Paris"] });
    const body = bodyOf(alert);
    assert.same([], faultsOf(body));
    assert.equal("Paris", (decodeJson(body) as { payload: Fields }).payload["group"]);
  });
});

describe("thousands", () => {
  function counted(prefix: string, count: number): string[] {
    const names: string[] = [];
    for (const index of $range(1, count)) names.push(`${prefix}${index}`);
    return names;
  }

  it("of groups become a text that a person reads, with an ellipsis", () => {
    const alert = alertSaying({ hostGroups: counted("group ", 5000), serviceGroups: counted("é", 5000) });
    const body = bodyOf(alert);
    assert.same([], faultsOf(body));
    const { host_groups, service_groups } = detailsIn(body) as Record<string, string>;
    assert.equal("group 1, group 2, ", string.sub(host_groups ?? "", 1, 18));
    for (const groups of [host_groups, service_groups]) assert.equal("…", string.sub(groups ?? "", -3));
  });

  it("of metrics become the first ones, in order", () => {
    const alert = alertSaying({
      perfdata: counted("'metric ", 4000)
        .map((name) => `${name}'=1;2;3;4;5`)
        .join(" "),
    });
    const body = bodyOf(alert);
    assert.same([], faultsOf(body));
    const metrics = detailsIn(body)["metrics"] as { name: string }[];
    assert.same(
      counted("metric ", 100),
      metrics.map(({ name }) => name),
    );
  });

  it("of bytes of metrics are cut between two metrics: no number is cut", () => {
    const digits = `0.${string.rep("1", 1000)}`;
    const text = flood(bytes(0x01));
    const perfdata = counted("m", 60)
      .map((name) => `${name}=${digits}`)
      .join(" ");
    const alert = alertSaying({ output: text, longOutput: `more ${text}`, perfdata });
    const body = bodyOf(alert);
    const [others, count] = string.gsub(body, `"value":${digits}}`, "");
    assert.is_true(count > 10 && count < 60, `${count} metrics`);
    assert.is_nil(string.find(others, "%d%.1")[0]);
  });
});

/** An alert with hostile texts everywhere, short enough to arrive whole. */
function hostileAlert(random: Random): DescribedAlert {
  const text = (): string => hostileText(random, 4);
  const isService = random.integer(1, 2) === 1;
  const ids = [random.integer(0, 9), random.integer(0, 2147483647)] as const;
  const alert = alertSaying(
    {
      // The one thing that must be there: Centreon takes no host without a name.
      hostName: `h${text()}`,
      serviceDescription: isService ? text() : "",
      output: text(),
      longOutput: text(),
      perfdata: `${text()} m=1.50;2 ${text()}`,
      hostGroups: [text(), text()],
      serviceGroups: [text()],
      poller: text(),
      notesUrl: random.oneOf(["", "https://", "http://wiki.example/"]) + text(),
      actionUrl: text(),
      hostAlias: text(),
      notes: text(),
      categories: [text()],
      customVariables: [{ name: text(), value: text() }],
      attempt: random.integer(0, 5),
      since: random.oneOf([0, 1, 1760000180, 4294967295, 1e15]),
      lastOk: random.oneOf([0, 1e18]),
    },
    alertFor(isService ? serviceOf(ids[0], ids[1]) : hostOf(ids[1])),
  );
  if (random.integer(1, 2) === 1) alert.acknowledgement = { author: text(), comment: text() };
  alert.ladderStep = random.oneOf([0, 0, 0, random.integer(0, LADDER.length)]);
  return alert;
}

function hostileSettings(random: Random): SomeSettings {
  const text = (): string => hostileText(random, 2);
  const source = text();
  // Settings are trimmed: a source of spaces is none.
  const isBlank = string.find(source, "%S")[0] === undefined;
  return { source: isBlank ? "" : source, client: text(), dedupPrefix: text() };
}

describe("10,000 hostile alerts", () => {
  it("become events that PagerDuty takes, and that lua-cjson, lua-dkjson and Node read alike", () => {
    const random = createRandom("pagerduty/compose");
    const wrong: string[] = [];
    const bodies: string[] = [];
    const events: unknown[] = [];
    for (const _ of $range(1, 10000)) {
      const alert = hostileAlert(random);
      const action = random.oneOf<Action>(["trigger", "trigger", "trigger", "acknowledge", "resolve"]);
      const body = bodyOf(alert, action, hostileSettings(random));
      const event = readByCjson(body) as { payload?: { custom_details?: Fields } };
      const details = event.payload?.custom_details;
      if (!sameJson(event, decodeJson(body))) wrong.push(`is not read alike: ${body}`);
      for (const fault of faultsOf(body)) wrong.push(`${fault}: ${body}`);
      const { first } = outputLines(alert.report.output, alert.report.longOutput);
      if (details !== undefined && (details["output"] ?? "") !== validUtf8(first))
        wrong.push(`says another output: ${body}`);
      bodies.push(body);
      events.push(event);
    }
    rewriteByNode(bodies).forEach((line, index) => {
      if (line === "" || !sameJson(events[index], readByCjson(line)))
        wrong.push(`is not read alike by Node: ${bodies[index] ?? ""}`);
    });
    assert.same([], wrong.slice(0, 5));
  });
});

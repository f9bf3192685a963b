// `replay`: the connector really sends what a file of events calls for, to an address of your choice, such as the
// sandbox. The true routing keys go to PagerDuty only, and only where that is asked for.
import { serverUrl } from "../settings/endpoint";
import type { Arguments, Syntax } from "./arguments";
import { loadCurl } from "./curl";
import { eventText, readEvents } from "./event_file";
import { wordsOf } from "./event_words";
import { withRemedy } from "./file_problem";
import { type Setup, openOutput, withOutputOptions } from "./output";
import { beginPlayback } from "./playback";
import { EXIT, type Report, counted } from "./report";
import { withTemporaryFolder } from "./shell";
import type { LogLine } from "./stand_in";
import { ROUTING_KEY_LENGTH } from "../settings/routing_keys";

export const REPLAY: Syntax = {
  command: "replay",
  purpose: "Sends what a file of events calls for to another address, such as the sandbox.",
  operands: ["EVENTS"],
  options: withOutputOptions([
    { name: "--url", value: "URL", meaning: "where to send to, such as http://127.0.0.1:8080/v2/enqueue" },
    { name: "--ca-file", value: "FILE", meaning: "the authorities to trust there" },
    { name: "--really", meaning: "send to PagerDuty, with the true keys: this pages people" },
  ]),
};

/** Longest time, in seconds, that the rest may take after the last event. */
const LONGEST_REST = 30;

/** Whether an address is PagerDuty's, or the one that alerts are sent to. */
function isForReal(url: string, configured: string): boolean {
  const [host] = string.match(string.lower(url), "^https?://([^/:]*)");
  return url === configured || string.find(host ?? "", "pagerduty%.com%.?$")[0] !== undefined;
}

/** A key that opens nothing, and whose end tells the team: `0000…dba`. */
function harmlessKey(label: string): string {
  const [letters] = string.gsub(string.lower(label), "[^%w]", "");
  const end = string.sub(letters, -ROUTING_KEY_LENGTH);
  return string.rep("0", ROUTING_KEY_LENGTH - end.length) + end;
}

/** Everything about the way to the real PagerDuty: another address has another way. */
const WAY = [
  "^http_proxy_string$",
  "^proxy_",
  "^no_proxy$",
  "^http_ca_",
  "^http_client_",
  "^verify_certificate$",
  "^allow_insecure_connection$",
];

function isOfTheWay(name: string): boolean {
  for (const pattern of WAY) if (string.find(name, pattern)[0] !== undefined) return true;
  return false;
}

/** The output's parameters, with a direct way to `url` where it is not the real one. */
function parametersFor(
  setup: Setup,
  url: string,
  isReal: boolean,
  caFile: string | undefined,
): LuaTable<string, string | number> {
  const parameters = new LuaTable<string, string | number>();
  for (const [name, value] of setup.output.parameters)
    if (isReal || !isOfTheWay(name)) parameters.set(name, value);
  parameters.set("http_server_url", url);
  if (caFile !== undefined) parameters.set("http_ca_file", caFile);
  return parameters;
}

/** The output's keys, or harmless ones in their places. */
function keysFor({ routingKeys }: Setup, isReal: boolean): Record<string, string> {
  const keys: Record<string, string> = {};
  for (const [label, key] of pairs(routingKeys)) keys[label] = isReal ? key : harmlessKey(label);
  return keys;
}

export function replay(given: Arguments, report: Report): number {
  const url = given.value("--url");
  const setup = openOutput(given, report);
  if (typeof setup === "number") return setup;
  const fail = (problem: string, code: number): number => {
    report.print(`FAILED replay: ${problem}`);
    return code;
  };
  if (url === undefined || string.find(url, "^https?://[^%s/]")[0] === undefined)
    return fail("--url URL is needed, such as --url http://127.0.0.1:8080/v2/enqueue", EXIT.usage);
  const isReal = isForReal(url, serverUrl(setup.settings));
  if (isReal && !given.has("--really"))
    return fail(
      `${url} is where real alerts go: this would page people; say --really if you mean it`,
      EXIT.usage,
    );
  const [text, problem] = eventText(given.operands[0] ?? "");
  if (text === undefined) return fail(withRemedy(problem, "correct the path"), EXIT.problem);
  const curl = loadCurl();
  if (typeof curl === "string") return fail(curl, EXIT.problem);
  if (!setup.canSend) return fail('there is no usable pdy_routing_key: "check" tells more', EXIT.problem);
  const { events, problems } = readEvents(text);
  for (const each of problems) report.find("FAILED", given.operands[0] ?? "", each);

  let accepted = 0;
  let troubles = 0;
  const tell = (lines: readonly LogLine[], heading: string): void => {
    let isHeaded = heading === "";
    for (const { kind, text: line } of lines) {
      if (string.find(line, "^PagerDuty accepted the")[0] !== undefined) accepted = accepted + 1;
      if (kind === "error" || kind === "warning") troubles = troubles + 1;
      if (kind !== "debug") {
        if (!isHeaded) report.add(heading);
        isHeaded = true;
        report.add(`    ${line}`);
      }
    }
  };
  const outcome = withTemporaryFolder((folder) => {
    const playback = beginPlayback(
      {
        connector: setup.connector,
        parameters: parametersFor(setup, url, isReal, given.value("--ca-file")),
        routingKeys: keysFor(setup, isReal),
        folder,
        curl,
        clockRuns: true,
        complain: ({ kind, text: complaint }) => {
          if (kind === "error") report.find("WARNING", "parameters", complaint);
        },
      },
      events[0]?.time ?? 0,
    );
    if (typeof playback === "string") return playback;
    for (const event of events) {
      const effect = playback.take(event);
      tell(effect.log, string.format("line %d  %s: %s", effect.line, effect.name, wordsOf(effect.event)));
    }
    const end = os.time() + LONGEST_REST;
    while (playback.waiting() > 0 && os.time() < end) tell(playback.wait(), "");
    return playback.waiting();
  });
  if (typeof outcome === "string") return fail(outcome, EXIT.problem);
  const done = `${counted(accepted, "request")} accepted at ${url} for ${counted(events.length, "event")}`;
  if (outcome > 0) return fail(`${done}, and ${counted(outcome, "alert")} not delivered`, EXIT.problem);
  if (problems.length > 0 || troubles > 0) return fail(`${done}, with trouble on the way`, EXIT.problem);
  report.print(`ok: ${done}`);
  return EXIT.good;
}

// `smoke`: sends a change event with each routing key. PagerDuty shows it among the service's changes and tells nobody:
// it proves key, proxy and TLS.
import { type HttpOutcome, type Verdict, judge } from "../pagerduty/answer";
import { takesChangeEvents } from "../pagerduty/event";
import { changeServerUrl, serverUrl } from "../settings/endpoint";
import { encode } from "../text/json";
import { utcTimestamp } from "../text/time";
import type { Arguments, Syntax } from "./arguments";
import { loadCurl } from "./curl";
import { type Setup, noSuchRoute, openOutput, withOutputOptions } from "./output";
import { EXIT, NOT_RETRIED, type Report, counted, tellDataTest } from "./report";
import { createSender } from "./sender";
import { machineName } from "./shell";

export const SMOKE: Syntax = {
  command: "smoke",
  purpose: "Sends a change event with each routing key: proves key, proxy and TLS, and wakes nobody.",
  operands: [],
  options: withOutputOptions([
    { name: "--route", value: "NAME", meaning: "only with this key: default, or a name of pdy_routes" },
  ]),
};

function changeEvent(routingKey: string, output: string): string {
  const host = machineName();
  const detail = { fields: [["output", output] as const] };
  return encode({
    fields: [
      ["routing_key", routingKey],
      [
        "payload",
        {
          fields: [
            ["summary", `TEST of the connection from Centreon on ${host}: nothing has changed`],
            ["source", host],
            ["timestamp", utcTimestamp(os.time())],
            ["custom_details", detail],
          ],
        },
      ],
    ],
  });
}

/** What to do when a change event was not accepted. */
function remedyFor(verdict: Verdict, outcome: HttpOutcome): string {
  if (verdict.kind === "misconfigured") return verdict.remedy;
  if (verdict.kind === "refused") return "it is the event that it does not take: please report this";
  if (outcome.kind === "answered") return "not sent, nothing will be retried: try again later";
  return `${outcome.mayHaveArrived ? "not confirmed" : "not sent"}, ${NOT_RETRIED}`;
}

/** Tries one key. */
function tryKey(
  curl: CurlModule,
  setup: Setup,
  url: string,
  label: string,
  key: string,
  report: Report,
): void {
  if (!takesChangeEvents(key)) {
    report.find(
      "FAILED",
      label,
      `its key is one of an event orchestration (it begins with R), and such a key takes no change events: try it with fire --route '${label}', and then clear --route '${label}'`,
    );
    return;
  }
  const outcome = createSender(curl, setup, url).post(changeEvent(key, setup.output.name));
  const verdict = judge(outcome);
  if (verdict.kind === "accepted")
    report.find("ok", label, "PagerDuty accepted a change event with this key");
  else report.find("FAILED", label, `${verdict.reason}: ${remedyFor(verdict, outcome)}`);
}

export function smoke(given: Arguments, report: Report): number {
  const setup = openOutput(given, report);
  if (typeof setup === "number") return setup;
  const { settings, routingKeys } = setup;
  const curl = loadCurl();
  const url = changeServerUrl(settings);
  const fail = (problem: string, code: number = EXIT.problem): number => {
    report.print(`FAILED smoke: ${problem}`);
    return code;
  };
  if (typeof curl === "string") return fail(curl);
  if (!setup.canSend) return fail('there is no usable pdy_routing_key: "check" tells more');
  if (url === undefined)
    return fail(
      `${serverUrl(settings)} does not end in /enqueue, as PagerDuty's does: check http_server_url; where that takes change events is not known`,
    );
  const wanted = given.value("--route");
  const labels: string[] = [];
  for (const [label] of pairs(routingKeys)) if (wanted === undefined || label === wanted) labels.push(label);
  if (labels.length === 0) return fail(noSuchRoute(wanted ?? ""), EXIT.usage);
  table.sort(labels);
  tellDataTest(settings.send_data_test, report);
  for (const label of labels) tryKey(curl, setup, url, label, routingKeys[label] ?? "", report);
  const failures = report.count("FAILED");
  if (failures > 0) {
    report.print(
      `FAILED smoke: ${counted(failures, "key")} of ${counted(labels.length, "key")} not proven at ${url}`,
    );
    return EXIT.problem;
  }
  report.print(`ok: ${url} takes events with ${counted(labels.length, "routing key")}`);
  return EXIT.good;
}

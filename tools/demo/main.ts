// `make demo`: plays the recorded stories to the connector in brokerhost, and shows beside each other what Centreon
// said, what the connector did, and what PagerDuty (the sandbox) makes of it. Exits with 0 only if the incidents are
// what the stories call for. KEEP=1 leaves the sandbox running.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../sandbox/event_rules.js";
import type { Incident } from "../sandbox/incidents.js";
import type { RequestRecord } from "../sandbox/state.js";
import { CONNECTOR, ROOT, startHost } from "../trial/host.js";
import { heading, line, timeOfDay } from "./layout.js";
import { type RecordedEvent, createNarrator } from "./narration.js";
import { type SandboxProgram, startSandbox } from "./sandbox_program.js";
import { STORIES, type Story, differences } from "./stories.js";

/** Columns: time, resource, what was said; the rest is what the connector did. */
const EVENT_WIDTHS = [8, 24, 32];
/** Columns: state, severity, pages, time; the rest is the summary. */
const INCIDENT_WIDTHS = [12, 8, 5, 8];

const LOG_FILE = "connector.log";

interface SentEvent extends JsonObject {
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload?: { readonly severity: string };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A made-up integration key, one for each story: their incidents stay apart. */
function routingKeyOf(story: Story): string {
  return story.title.replace(" ", "").padStart(32, "0");
}

/** The parameters of the story's output, as an administrator would set them. */
function parametersOf(story: Story, folder: string, sandbox: SandboxProgram): Record<string, string> {
  return {
    pdy_routing_key: routingKeyOf(story),
    pdy_centreon_url: "https://centreon.example.com",
    http_server_url: `${sandbox.tls_url}/v2/enqueue`,
    http_ca_file: sandbox.ca_file,
    // Whatever proxy the environment names, the sandbox is on this machine.
    no_proxy: "localhost",
    state_path: join(folder, "pagerduty.state"),
    quarantine_path: join(folder, "pagerduty.quarantine"),
    status_path: join(folder, "pagerduty.status"),
    log_path: join(folder, LOG_FILE),
    log_level: "3",
  };
}

/** Why the connector sent nothing, from what its log says since the last look. */
function reasonIn(logged: string): string {
  const reason = /no alert for .* now: (.*)/.exec(logged)?.[1];
  return reason === undefined ? "" : `held: ${reason}`;
}

function actionWords({ answer, body }: RequestRecord): string {
  const { event_action, payload } = JSON.parse(body) as SentEvent;
  const refusal = answer === 202 ? "" : `: HTTP ${answer ?? "-"}`;
  return `→ ${event_action}${payload === undefined ? "" : `, ${payload.severity}`}${refusal}`;
}

/** Plays one story, and prints it. Gives what is wrong with how it went. */
async function play(story: Story, folder: string, sandbox: SandboxProgram): Promise<string[]> {
  const events = readFileSync(join(ROOT, "spec/fixtures/events", story.file), "utf8")
    .trimEnd()
    .split("\n");
  print(heading(`${story.title}: what Centreon said, and what the connector did`));
  const parameters = parametersOf(story, folder, sandbox);
  const host = startHost({ lua: "5.3", script: CONNECTOR, parameters, folder });
  const logFile = join(folder, LOG_FILE);
  const readLog = () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  const getRequests = () => sandbox.get<RequestRecord[]>("/sandbox/requests");
  const narrate = createNarrator();
  let requestsSeen = (await getRequests()).length;
  let logSeen = 0;
  let configurationEvents = 0;
  for (const text of events) {
    const told = narrate(JSON.parse(text) as RecordedEvent);
    await host.take([text, '{"control":"flush"}']);
    const [requests, log] = [await getRequests(), readLog()];
    const actions = requests.slice(requestsSeen).map(actionWords);
    const did = actions.length > 0 ? actions.join(", ") : reasonIn(log.slice(logSeen));
    [requestsSeen, logSeen] = [requests.length, log.length];
    if (told === undefined) configurationEvents += 1;
    else print(line([timeOfDay(told.time), told.resource, told.words, did], EVENT_WIDTHS));
  }
  print(`\n  (and ${configurationEvents} events of the configuration: hosts, services, groups, pollers)`);
  const { write_errors, flush_errors, filter_errors, unacknowledged, error_lines } = await host.stop();

  const complaints: string[] = [...error_lines];
  if (write_errors + flush_errors + filter_errors > 0) complaints.push("an error came out of the connector");
  if (unacknowledged > 0) complaints.push(`${unacknowledged} events were not acknowledged`);
  return complaints;
}

function printIncidents(story: Story, incidents: readonly Incident[]): void {
  print(heading(`${story.title}: what PagerDuty shows`));
  print(line(["state", "severity", "pages", "since", "summary"], INCIDENT_WIDTHS));
  for (const { state, severity, pages, timestamp, summary } of incidents) {
    print(line([state, severity, `${pages}`, timeOfDay(timestamp), summary], INCIDENT_WIDTHS));
  }
}

/** The first trigger that was sent, as it was sent. */
function firstTrigger(requests: readonly RequestRecord[]): SentEvent | undefined {
  return requests
    .map(({ body }) => JSON.parse(body) as SentEvent)
    .find(({ event_action }) => event_action === "trigger");
}

async function demonstrate(folder: string, isKept: boolean): Promise<string[]> {
  const sandbox = await startSandbox(join(ROOT, "build/tools/sandbox/main.js"), isKept);
  print(`PagerDuty:  ${sandbox.tls_url}/v2/enqueue (a sandbox on this machine: tools/sandbox)`);
  print("Connector:  dist/pagerduty.lua, run as Centreon Broker runs it (tools/brokerhost), Lua 5.3");
  const complaints: string[] = [];
  for (const [index, story] of STORIES.entries()) {
    const storyFolder = join(folder, `${index}`);
    mkdirSync(storyFolder);
    const problems = await play(story, storyFolder, sandbox);
    const incidents = await sandbox.get<Incident[]>("/sandbox/alerts");
    const own = incidents.filter(({ routing_key_end }) => routingKeyOf(story).endsWith(routing_key_end));
    printIncidents(story, own);
    problems.push(...differences(story.expected, own));
    complaints.push(...problems.map((problem) => `${story.title}: ${problem}`));
  }
  print(heading("The first trigger in full"));
  const trigger = firstTrigger(await sandbox.get<RequestRecord[]>("/sandbox/requests"));
  print(trigger === undefined ? "(none was sent)" : JSON.stringify(trigger, null, 2));
  if (isKept) {
    print(`\nThe sandbox stays for an hour:  curl ${sandbox.url}/sandbox/alerts`);
    print(`To end it:                      curl -X POST ${sandbox.url}/sandbox/stop`);
  }
  await sandbox.leave();
  return complaints;
}

const temporary = mkdtempSync(join(tmpdir(), "pagerduty-demo-"));
process.on("exit", () => {
  rmSync(temporary, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

const complaints = await demonstrate(temporary, process.env["KEEP"] === "1").catch((error: unknown) => [
  error instanceof Error ? error.message : String(error),
]);
print("");
for (const complaint of complaints) print(`NOT AS IT SHOULD BE  ${complaint}`);
if (complaints.length === 0) print("The incidents are what the stories call for.");
process.exit(complaints.length === 0 ? 0 : 1);

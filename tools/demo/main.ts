// `make demo`: plays the recorded stories to the connector in brokerhost, and shows beside each other what Centreon
// said, what the connector did, and what PagerDuty (the sandbox) makes of it. Exits with 0 only if the incidents are
// what the stories call for. KEEP=1 leaves the sandbox's page open, with the connector behind it, until Ctrl-C.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../sandbox/event_rules.js";
import type { Alert } from "../sandbox/incidents.js";
import { type Sandbox, startSandbox } from "../sandbox/server.js";
import type { RequestRecord } from "../sandbox/state.js";
import { CONNECTOR, ROOT, startHost } from "../trial/host.js";
import { answer, hearingPeople } from "./answer.js";
import { startConnectorFeed } from "./connector_feed.js";
import { heading, line, timeOfDay } from "./layout.js";
import { type RecordedEvent, createNarrator } from "./narration.js";
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
function parametersOf(story: Story, folder: string, sandbox: Sandbox) {
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

function actionWords({ answer, body, met_nothing }: RequestRecord): string {
  const { event_action, payload } = JSON.parse(body) as SentEvent;
  const refusal = answer === 202 ? "" : `: HTTP ${answer ?? "-"}`;
  const severity = payload === undefined ? "" : `, ${payload.severity}`;
  return `→ ${event_action}${severity}${refusal}${met_nothing ? " (met nothing)" : ""}`;
}

/** Said once where a request has met nothing. docs/how-it-decides.md, "After a start". */
const WHY_IT_MET_NOTHING = `
  Met nothing: the connector has just started, without a journal, so nobody knows what was open
  before. For its first hour it resolves what recovers, to be sure; PagerDuty drops a resolve of
  nothing, and nobody is paged.`;

/** How a story went. */
interface Played {
  /** The story's clock, in Unix time, when each alert was triggered first, by its dedup key. */
  readonly triggeredAt: ReadonlyMap<string, number>;
  /** The story's clock at its end. */
  readonly endedAt: number;
  /** What is wrong with it. */
  readonly complaints: string[];
}

/** The recorded events, a line each. */
function eventsOf(story: Story): string[] {
  return readFileSync(join(ROOT, "spec/fixtures/events", story.file), "utf8")
    .trimEnd()
    .split("\n");
}

/** What a control endpoint of the sandbox says. */
async function ask<Answer>(sandbox: Sandbox, path: string): Promise<Answer> {
  return (await (await fetch(sandbox.url + path)).json()) as Answer;
}

/** Plays one story, and prints it. */
async function play(story: Story, folder: string, sandbox: Sandbox): Promise<Played> {
  print(heading(`${story.title}: what Centreon said, and what the connector did`));
  const parameters = parametersOf(story, folder, sandbox);
  const host = startHost({ lua: "5.3", script: CONNECTOR, parameters, folder });
  const logFile = join(folder, LOG_FILE);
  const readLog = () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  const getRequests = () => ask<RequestRecord[]>(sandbox, "/sandbox/requests");
  const narrate = createNarrator();
  let requestsSeen = (await getRequests()).length;
  let logSeen = 0;
  let configurationEvents = 0;
  let clock = 0;
  let hasMetNothing = false;
  const triggeredAt = new Map<string, number>();
  for (const text of eventsOf(story)) {
    const told = narrate(JSON.parse(text) as RecordedEvent);
    // One flush() waits for a second at most: the second ends what a busy machine has not finished by then.
    await host.take([text, '{"control":"flush"}', '{"control":"flush"}']);
    const [requests, log] = [await getRequests(), readLog()];
    const fresh = requests.slice(requestsSeen);
    const actions = fresh.map(actionWords);
    const did = actions.length > 0 ? actions.join(", ") : reasonIn(log.slice(logSeen));
    [requestsSeen, logSeen] = [requests.length, log.length];
    // What comes without a time of its own, or with one of before, comes now.
    clock = Math.max(clock, told?.time ?? 0);
    hasMetNothing ||= fresh.some(({ met_nothing }) => met_nothing);
    for (const { body } of fresh) {
      const { event_action, dedup_key } = JSON.parse(body) as SentEvent;
      if (event_action === "trigger" && !triggeredAt.has(dedup_key)) triggeredAt.set(dedup_key, clock);
    }
    if (told === undefined) configurationEvents += 1;
    else print(line([timeOfDay(clock), told.resource, told.words, did], EVENT_WIDTHS));
  }
  if (hasMetNothing) print(WHY_IT_MET_NOTHING);
  print(`\n  (and ${configurationEvents} events of the configuration: hosts, services, groups, pollers)`);
  const { write_errors, flush_errors, filter_errors, unacknowledged, error_lines } = await host.stop();

  const complaints: string[] = [...error_lines];
  if (write_errors + flush_errors + filter_errors > 0) complaints.push("an error came out of the connector");
  if (unacknowledged > 0) complaints.push(`${unacknowledged} events were not acknowledged`);
  return { triggeredAt, endedAt: clock, complaints };
}

/** Since when, by the story's clock: a problem whose event has no time bears the time of this machine. */
function sinceWhen({ timestamp, dedup_key }: Alert, { triggeredAt, endedAt }: Played): number {
  const said = Date.parse(timestamp ?? "") / 1000;
  return said <= endedAt ? said : (triggeredAt.get(dedup_key) ?? 0);
}

function printIncidents(story: Story, incidents: readonly Alert[], played: Played): void {
  print(heading(`${story.title}: what PagerDuty shows`));
  print(line(["state", "severity", "pages", "since", "summary"], INCIDENT_WIDTHS));
  for (const incident of incidents) {
    const { state, severity, pages, summary } = incident;
    const since = timeOfDay(sinceWhen(incident, played));
    print(line([state, severity, `${pages}`, since, summary], INCIDENT_WIDTHS));
  }
}

/** The first trigger that was sent, as it was sent. */
function firstTrigger(requests: readonly RequestRecord[]): SentEvent | undefined {
  return requests
    .map(({ body }) => JSON.parse(body) as SentEvent)
    .find(({ event_action }) => event_action === "trigger");
}

/** Plays all stories, each with a connector and a folder of its own below `folder`. Gives what is wrong. */
async function demonstrate(folder: string, sandbox: Sandbox): Promise<string[]> {
  const complaints: string[] = [];
  for (const story of STORIES) {
    const storyFolder = join(folder, story.file);
    mkdirSync(storyFolder);
    const played = await play(story, storyFolder, sandbox);
    const problems = played.complaints;
    const incidents = await ask<Alert[]>(sandbox, "/sandbox/alerts");
    const own = incidents.filter(({ routing_key_end }) => routingKeyOf(story).endsWith(routing_key_end));
    printIncidents(story, own, played);
    problems.push(...differences(story.expected, own));
    complaints.push(...problems.map((problem) => `${story.title}: ${problem}`));
  }
  print(heading("The first trigger in full"));
  const trigger = firstTrigger(await ask<RequestRecord[]>(sandbox, "/sandbox/requests"));
  print(trigger === undefined ? "(none was sent)" : JSON.stringify(trigger, null, 2));
  return complaints;
}

/** Columns: who; the rest is what they did. */
const ANSWER_WIDTHS = [13];

/** A person answers in a sandbox of its own, and Centreon hears of it. Gives what is wrong. */
async function demonstrateAnswer(
  folder: string,
  options: Parameters<typeof startSandbox>[0],
): Promise<readonly string[]> {
  const [story] = STORIES;
  if (story === undefined) return [];
  const ownFolder = join(folder, "answer");
  mkdirSync(ownFolder);
  const sandbox = await startSandbox({ ...options, tlsDir: ownFolder });
  print(heading("A person answers in PagerDuty, and Centreon hears of it"));
  const { rows, complaints } = await answer({
    sandbox,
    lua: "5.3",
    parameters: { ...parametersOf(story, ownFolder, sandbox), ...hearingPeople(sandbox) },
    folder: ownFolder,
    known: eventsOf(story),
  });
  for (const row of rows) print(line(row, ANSWER_WIDTHS));
  await sandbox.close();
  return complaints;
}

/** Leaves the page open with the connector of the first story behind it, its journal included, until told to end. */
async function keep(folder: string, sandbox: Sandbox, untilEnd: Promise<void>): Promise<void> {
  const [story] = STORIES;
  if (story === undefined) return;
  const storyFolder = join(folder, story.file);
  const feed = await startConnectorFeed({
    sandbox,
    lua: "5.3",
    parameters: { ...parametersOf(story, storyFolder, sandbox), ...hearingPeople(sandbox) },
    folder: storyFolder,
    known: eventsOf(story),
  });
  print(`\nThe page stays open:  ${sandbox.url}/`);
  print("Send events and switch faults there. Ctrl-C ends the sandbox and the connector.");
  await untilEnd;
  await feed.stop();
  print("\nThe sandbox and the connector have ended.");
}

const temporary = mkdtempSync(join(tmpdir(), "pagerduty-demo-"));
process.on("exit", () => {
  rmSync(temporary, { recursive: true, force: true });
});

const endAtOnce = (): void => process.exit(130);
/** What a signal does. */
let end = endAtOnce;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    end();
  });
}

const isKept = process.env["KEEP"] === "1";
const complaints: string[] = [];
try {
  const options = {
    port: 0,
    tlsPort: 0,
    tlsDir: temporary,
    http2: true,
    rateLimit: 120,
    routingKeys: [],
    now: () => performance.timeOrigin + performance.now(),
    onStop: () => {
      end();
    },
  };
  const sandbox = await startSandbox(options);
  print(`PagerDuty:  ${sandbox.tls_url}/v2/enqueue (a sandbox on this machine: tools/sandbox)`);
  print(`Its page:   ${sandbox.url}/${isKept ? "" : " (KEEP=1 make demo leaves it open)"}`);
  print("Connector:  dist/pagerduty.lua, run as Centreon Broker runs it (tools/brokerhost), Lua 5.3");
  complaints.push(...(await demonstrate(temporary, sandbox)));
  complaints.push(...(await demonstrateAnswer(temporary, options)));
  print("");
  for (const complaint of complaints) print(`NOT AS IT SHOULD BE  ${complaint}`);
  if (complaints.length === 0) print("The incidents are what the stories call for.");
  if (isKept) {
    const untilEnd = new Promise<void>((resolve) => {
      end = () => {
        // A second signal does not wait.
        end = endAtOnce;
        resolve();
      };
    });
    await keep(temporary, sandbox, untilEnd);
  }
  await sandbox.close();
} catch (error) {
  complaints.push(error instanceof Error ? error.message : String(error));
  print(`\nNOT AS IT SHOULD BE  ${complaints.at(-1) ?? ""}`);
}
process.exit(complaints.length === 0 ? 0 : 1);

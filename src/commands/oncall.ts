// `oncall`: who is on call for what each team's routing key pages, by PagerDuty's REST API; with --plugin in the form of a
// monitoring plugin.
import type { OnCall } from "../feedback/answers";
import { listOnCalls } from "../feedback/queries";
import { type JsonValue, encode } from "../text/json";
import type { Arguments, Syntax } from "./arguments";
import { LEVEL, LEVEL_WORDS, type Level } from "./health_report";
import { withOutputOptions } from "./output";
import { PLUGIN_OPTION, cannotTell, pluginLine } from "./plugin";
import { EXIT, type Report, counted } from "./report";
import {
  type Asking,
  type AskingProblem,
  type ServicesSeen,
  isOrchestrations,
  labelsOf,
  openAsked,
} from "./rest_asking";

export const ONCALL: Syntax = {
  command: "oncall",
  purpose: "Tells who is on call for each routing key's service. With --plugin as a plugin does.",
  operands: [],
  options: withOutputOptions([PLUGIN_OPTION, { name: "--json", meaning: "the same as one JSON object" }]),
};

/** A service that our alerts go to, and who is on call for it. */
interface Team {
  /** The label of the routing key; undefined: the service stands in pdy_service_ids. */
  readonly label: string | undefined;
  /** Undefined: an orchestration's key, or one whose service pdy_api_key does not see. */
  readonly service: { readonly id: string; readonly name: string } | undefined;
  readonly escalationPolicyId: string | undefined;
  readonly isOrchestrations: boolean;
}

function teamsOf(services: ServicesSeen, routingKeys: Record<string, string>): Team[] {
  const teams: Team[] = [];
  const isNamed = new LuaSet<string>();
  for (const label of labelsOf(routingKeys)) {
    const service = services.find(services.known.serviceOf(label) ?? "");
    if (service !== undefined) isNamed.add(service.id);
    teams.push({
      label,
      service,
      escalationPolicyId: service?.escalationPolicyId,
      isOrchestrations: isOrchestrations(routingKeys[label] ?? ""),
    });
  }
  for (const id of services.given) {
    const service = services.find(id);
    if (service !== undefined && !isNamed.has(id))
      teams.push({
        label: undefined,
        service,
        escalationPolicyId: service.escalationPolicyId,
        isOrchestrations: false,
      });
  }
  return teams;
}

/** Who is on call now, by escalation policy. */
type OnCallByPolicy = LuaTable<string, OnCall[] | undefined>;

/** Fills in who is on call for the policies in `byPolicy`. */
function askOnCall({ api, wait }: Asking, byPolicy: OnCallByPolicy): AskingProblem | undefined {
  const policyIds: string[] = [];
  for (const [id] of byPolicy) policyIds.push(id);
  const take = (onCall: OnCall): void => {
    byPolicy.get(onCall.escalationPolicyId)?.push(onCall);
  };
  const problem = wait((ended) => {
    listOnCalls(api, policyIds, take, ended);
  });
  for (const [, all] of byPolicy)
    table.sort(all ?? [], (left, right) =>
      left.level === right.level ? left.person < right.person : left.level < right.level,
    );
  return problem;
}

function untilWords({ until }: OnCall): string {
  return until === undefined ? "always" : `until ${until}`;
}

function titleOf({ label, service }: Team): string {
  const name = service === undefined ? "" : `"${service.name}" (${service.id})`;
  if (label === undefined) return `service ${name}`;
  return service === undefined ? label : `${label}: ${name}`;
}

function jsonOf(teams: readonly Team[], onCallOf: (this: void, team: Team) => readonly OnCall[]): string {
  const items: JsonValue[] = [];
  for (const team of teams) {
    const onCall: JsonValue[] = [];
    for (const { level, person, schedule, until } of onCallOf(team))
      onCall.push({
        fields: [
          ["level", level],
          ["person", person],
          ["schedule", schedule],
          ["until", until],
        ],
      });
    const { label, service } = team;
    items.push({
      fields: [
        ["route", label],
        [
          "service",
          service === undefined
            ? undefined
            : {
                fields: [
                  ["id", service.id],
                  ["name", service.name],
                ],
              },
        ],
        ["on_call", { items: onCall }],
      ],
    });
  }
  return encode({ fields: [["teams", { items }]] });
}

/** Which of the teams somebody is on call for, in words. */
interface Coverage {
  readonly covered: readonly string[];
  /** Nobody is on call. */
  readonly uncovered: readonly string[];
  /** Nobody can tell. */
  readonly unseen: readonly string[];
  /** For a person. */
  readonly lines: readonly string[];
}

function coverageOf(
  teams: readonly Team[],
  onCallOf: (this: void, team: Team) => readonly OnCall[],
): Coverage {
  const covered: string[] = [];
  const uncovered: string[] = [];
  const unseen: string[] = [];
  const lines: string[] = [];
  for (const team of teams) {
    const { label, service } = team;
    const title = titleOf(team);
    const onCall = onCallOf(team);
    const first = onCall[0];
    if (service === undefined) {
      unseen.push(title);
      lines.push(
        team.isOrchestrations
          ? `${title}: an event orchestration's key, of no one service: pdy_service_ids names those that count`
          : `${title}: pdy_api_key sees no service that has this key`,
      );
    } else if (first === undefined) {
      uncovered.push(title);
      lines.push(`${title}: NOBODY is on call`);
    } else {
      covered.push(`${label ?? service.name}: ${first.person} ${untilWords(first)}`);
      lines.push(title);
      for (const one of onCall) {
        const schedule = one.schedule === undefined ? "" : `, schedule ${one.schedule}`;
        lines.push(string.format("  level %.0f  %s, %s%s", one.level, one.person, untilWords(one), schedule));
      }
    }
  }
  return { covered, uncovered, unseen, lines };
}

function levelOf({ covered, uncovered }: Coverage): Level {
  if (uncovered.length > 0) return LEVEL.critical;
  return covered.length > 0 ? LEVEL.ok : LEVEL.unknown;
}

function wordsOf({ covered, uncovered, unseen }: Coverage, isPlugin: boolean): string {
  if (uncovered.length > 0) return `nobody is on call for ${table.concat(uncovered as string[], ", ")}`;
  if (covered.length === 0)
    return `pdy_api_key sees no service of our keys: ${table.concat(unseen as string[], ", ")}`;
  if (isPlugin) return table.concat(covered as string[], ", ");
  return `somebody is on call for ${counted(covered.length, "service")}`;
}

export function oncall(given: Arguments, report: Report): number {
  const isPlugin = given.has("--plugin");
  const opened = openAsked(ONCALL.command, given, report);
  if (typeof opened === "number") return opened;
  const { setup, asking, services } = opened;
  const teams = teamsOf(services, setup.routingKeys);
  const byPolicy: OnCallByPolicy = new LuaTable();
  for (const { escalationPolicyId } of teams)
    if (escalationPolicyId !== undefined) byPolicy.set(escalationPolicyId, []);
  // Without a policy that is named, those of the whole account would come.
  const isAny = next(byPolicy)[0] !== undefined;
  const problem = isAny ? askOnCall(asking, byPolicy) : undefined;
  if (problem !== undefined) return cannotTell(ONCALL.command, problem.text, isPlugin, report);
  const onCallOf = ({ escalationPolicyId }: Team): readonly OnCall[] =>
    byPolicy.get(escalationPolicyId ?? "") ?? [];
  const coverage = coverageOf(teams, onCallOf);
  const level = levelOf(coverage);
  const text = wordsOf(coverage, isPlugin);
  if (isPlugin) {
    const performance = string.format(
      "services.covered.count=%d;;;0 services.uncovered.count=%d;;1;0",
      coverage.covered.length,
      coverage.uncovered.length,
    );
    report.print(pluginLine(level, text, performance));
    return level;
  }
  if (given.has("--json")) {
    report.print(jsonOf(teams, onCallOf));
  } else {
    for (const line of coverage.lines) report.add(line);
    report.print(`${level === LEVEL.ok ? "ok" : LEVEL_WORDS[level]}: ${text}`);
  }
  return level === LEVEL.ok ? EXIT.good : EXIT.problem;
}

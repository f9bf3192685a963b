// How late pages are, and how far PagerDuty is from Centreon, when more is to be sent than PagerDuty's limit lets
// through. In virtual time: the shipped file runs in the surroundings of spec/model, and an hour takes seconds.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { CONNECTOR, ROOT } from "../tools/trial/host.js";
import { type Row, atMost } from "./rows.js";

/** What spec/model/load_main.ts prints. */
interface Measured {
  readonly firstHour: {
    readonly services: number;
    readonly requests: number;
    readonly criticalLatencies: readonly number[];
    readonly warningLatencies: readonly number[];
  };
  readonly overload: {
    readonly changes: number;
    readonly requests: number;
    readonly problems: number;
    readonly incidents: number;
    readonly differences: number;
    readonly criticalLatencies: readonly number[];
  };
  readonly mostIncidents: number;
}

/** Seconds: the broker calls flush() once a second, and an answer takes a moment. */
const LATEST_PAGE = 2;

/** Most requests for each service in the first hour. */
const MOST_REQUESTS = 1.5;

async function play(): Promise<Measured> {
  const { stdout } = await promisify(execFile)("lua5.3", ["build/spec/model/load_main.lua", CONNECTOR], {
    cwd: ROOT,
    env: { ...process.env, LUA_PATH: `${join(ROOT, "build")}/?.lua;;` },
  });
  return JSON.parse(stdout) as Measured;
}

function latest(what: string, latencies: readonly number[]): Row {
  const worst = Math.max(...latencies);
  const average = latencies.reduce((sum, latency) => sum + latency, 0) / latencies.length;
  const measured = `${worst.toFixed(2).padStart(6)} s, on average ${average.toFixed(2)} s, of ${latencies.length}`;
  return atMost(what, measured, worst, LATEST_PAGE, `at most ${LATEST_PAGE} s`);
}

/** Plays the first hour of a start without a journal, and ten minutes of overload. */
export async function underLoad(): Promise<Row[]> {
  const { firstHour, overload, mostIncidents } = await play();
  const perService = firstHour.requests / firstHour.services;
  const perProblem = overload.incidents / overload.problems;
  return [
    latest("first hour, 2000 new services: the latest critical page", firstHour.criticalLatencies),
    latest("first hour, 2000 new services: the latest warning", firstHour.warningLatencies),
    atMost(
      "first hour, 2000 new services: requests",
      `${`${firstHour.requests}`.padStart(6)}, ${perService.toFixed(2)} for each service`,
      perService,
      MOST_REQUESTS,
      `at most ${MOST_REQUESTS} for each service`,
    ),
    latest("370 changes a minute, 110 allowed: the latest critical page", overload.criticalLatencies),
    atMost(
      "370 changes a minute: open incidents after ten minutes",
      `${`${overload.incidents}`.padStart(6)} of ${overload.problems} problems, ${overload.differences} differences (${overload.changes} changes, ${overload.requests} requests)`,
      perProblem,
      mostIncidents,
      `at most ${mostIncidents} for each problem`,
    ),
  ];
}

// What was told of an open alert, and whether the output says something else by now (pdy_updates `output`). Pure.
import { outputLines } from "../text/lines";
import { type ActionRules, type Alert, type Report, type Told, isOpen } from "./alert";

/** Seconds between two tellings of one alert, at least: each is a line in the incident's log. */
export const UPDATE_INTERVAL = 300;

/** The first line of an output without its numbers: values and times change with each check, and say nothing new. */
function withoutNumbers({ output, longOutput }: Report): string {
  const [bare] = string.gsub(outputLines(output, longOutput).first, "%d+", "0");
  return bare;
}

const STATES_TOLD = new LuaTable<string, Told | undefined>();

/** That this state was told; one and the same record for all the alerts of which that is all that is compared. */
export function toldState(stateName: string): Told {
  const told = STATES_TOLD.get(stateName) ?? { stateName };
  STATES_TOLD.set(stateName, told);
  return told;
}

/** What a trigger with this report tells. */
export function toldBy(report: Report, { updatesOutput }: ActionRules): Told {
  const { stateName } = report;
  return updatesOutput ? { stateName, output: withoutNumbers(report) } : toldState(stateName);
}

/** Whether the output of an open alert differs from what was told in more than its numbers. `now`: the connector's clock. */
export function isOutputNews(alert: Alert, now: number): boolean {
  const { told, report } = alert;
  if (told?.output === undefined || report === undefined || !isOpen(alert)) return false;
  if (now - alert.triggeredAt < UPDATE_INTERVAL) return false;
  return told.output !== withoutNumbers(report);
}

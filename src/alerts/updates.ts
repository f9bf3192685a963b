// What was told of an open alert, and whether the output says something else by now (pdy_updates `output`). Pure.
import { outputLines } from "../text/lines";
import { type Alert, type Report, type Told, isOpen } from "./alert";

/** Seconds between two tellings of one alert, at least: each is a line in the incident's log. */
export const UPDATE_INTERVAL = 300;

/** The first line of an output without its numbers: values and times change with each check, and say nothing new. */
function withoutNumbers({ output, longOutput }: Report): string {
  const [bare] = string.gsub(outputLines(output, longOutput).first, "%d+", "0");
  return bare;
}

/** What a trigger with this report tells. */
export function toldBy(report: Report): Told {
  return { stateName: report.stateName, output: withoutNumbers(report) };
}

/** Whether the output of an open alert differs from what was told in more than its numbers. `now`: the connector's clock. */
export function isOutputNews(alert: Alert, now: number): boolean {
  const { told, report } = alert;
  if (told === undefined || report === undefined || !isOpen(alert)) return false;
  if (now - alert.triggeredAt < UPDATE_INTERVAL) return false;
  return told.output !== withoutNumbers(report);
}

// What was told of an open alert, and whether the output says something else by now (pdy_updates `output`). Pure.
import { type Alert, type Report, type Told, isOpen } from "./alert";

/** Seconds between two tellings of one alert, at least: each is a line in the incident's log. */
export const UPDATE_INTERVAL = 300;

/** Most bytes that are compared of an output. */
const COMPARED_BYTES = 1024;

/** The first line of an output without its numbers: values and times change with each check, and say nothing new. */
function withoutNumbers(output: string): string {
  const [line] = string.match(string.sub(output, 1, COMPARED_BYTES), "^%s*([^\r\n]*)");
  const [bare] = string.gsub(line ?? "", "%d+", "0");
  return bare;
}

/** What a trigger with this report tells. */
export function toldBy({ stateName, output }: Report): Told {
  return { stateName, output: withoutNumbers(output) };
}

/** Whether the output of an open alert differs from what was told in more than its numbers. `now`: the connector's clock. */
export function isOutputNews(alert: Alert, now: number): boolean {
  const { told, report } = alert;
  if (told === undefined || report === undefined || !isOpen(alert)) return false;
  if (now - alert.triggeredAt < UPDATE_INTERVAL) return false;
  return told.output !== withoutNumbers(report.output);
}

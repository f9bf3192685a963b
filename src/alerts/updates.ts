// When the text of an open alert is to be told anew because the output says something else (pdy_updates `output`). Pure.
import { type Alert, isOpen } from "./alert";

/** Seconds between two tellings of one alert, at least: each is a line in the incident's log. */
export const UPDATE_INTERVAL = 300;

/** `text` without the numbers in it: values and times change with each check, and say nothing new. */
function withoutNumbers(text: string): string {
  const [bare] = string.gsub(text, "%d+", "0");
  return bare;
}

/** Whether the output of an open alert differs from what was told in more than its numbers. `now`: the connector's clock. */
export function isOutputNews(alert: Alert, now: number): boolean {
  const { told, report } = alert;
  if (told === undefined || report === undefined || !isOpen(alert)) return false;
  if (now - alert.triggeredAt < UPDATE_INTERVAL) return false;
  return withoutNumbers(told.output) !== withoutNumbers(report.output);
}

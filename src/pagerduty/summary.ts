// What an alert says in one line: the usual summary, and the administrator's. Owns what a summary may be.
import { type Description, nameOfPlace } from "../alerts/alert";
import { oneLine, outputLines, withoutState } from "../text/lines";
import { cutToCharacters, validUtf8 } from "../text/utf8";
import { MAXIMUM_SUMMARY_CHARACTERS } from "./event";
import { type Subject, type Template, fillTemplate } from "./template";

/** `text` as a summary: valid, on one line, not too long; empty when nothing of it can be seen. */
export function asSummary(text: string): string {
  return cutToCharacters(oneLine(validUtf8(text)), MAXIMUM_SUMMARY_CHARACTERS);
}

/** `host/service: STATE - output` or `host: STATE - output`, with the first line of the output. */
export function summaryOf({ place, report }: Description): string {
  const { first } = outputLines(report.output, report.longOutput);
  const output = withoutState(oneLine(validUtf8(first)), report.stateName);
  const ending = output === "" ? "" : ` - ${output}`;
  return asSummary(`${nameOfPlace(place)}: ${report.stateName}${ending}`);
}

/** The summary by the administrator's format; the usual one where there is none, or nothing comes of it. */
export function formattedSummary(subject: Subject, template: Template | undefined): string {
  const formatted = template === undefined ? "" : asSummary(fillTemplate(template, subject));
  return formatted === "" ? summaryOf(subject.alert) : formatted;
}

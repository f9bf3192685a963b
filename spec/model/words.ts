// Histories in words, for whoever has to find out what went wrong in one.
import type { Resource, Status, Told } from "./engine";
import type { Setting, Step } from "./history";
import type { Fault } from "./network";
import { linesOf } from "./rulebook";
import type { Written } from "./rules_file";

const SERVICE_STATES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
const HOST_STATES = ["UP", "DOWN", "UNREACHABLE"];

export function wordsOfFault(fault: Fault): string {
  if ("isTaken" in fault) return `${fault.kind}, the event ${fault.isTaken ? "taken" : "not taken"}`;
  return "seconds" in fault ? `${fault.kind} ${fault.seconds}` : fault.kind;
}

/** As Centreon and the pages call it. */
export function stateName({ kind }: Resource, state: number): string {
  return (kind === "host" ? HOST_STATES : SERVICE_STATES)[state] ?? `state ${state}`;
}

function wordsOfStatus(resource: Resource, status: Status): string {
  const words = [
    resource.key,
    status.results > 0 ? stateName(resource, status.state) : "PENDING",
    status.isHard ? "HARD" : "SOFT",
    `${status.attempt}/${resource.maximumAttempts}`,
  ];
  if (!status.isHard) words.push(`(last HARD ${stateName(resource, status.lastHardState)})`);
  if (status.acknowledgement !== 0) words.push("acknowledged");
  if (status.acknowledgement === 2) words.push("(sticky)");
  if (status.downtimeDepth > 0) words.push(`in ${status.downtimeDepth} downtime(s)`);
  if (status.isFlapping) words.push("flapping");
  words.push(`checked at ${status.lastCheck}`);
  const { output, longOutput, load } = status.said;
  if (output !== "") words.push(`"${output}"`);
  if (longOutput !== "") words.push(`and "${longOutput}"`);
  if (load !== undefined) words.push(`load=${load}`);
  return words.join(" ");
}

/** The fields of an event, in order. */
function wordsOfBusiness(event: BrokerEvent): string {
  const fields = Object.entries(event).map(([name, value]) => `${name}=${tostring(value)}`);
  return `of business activities: ${fields.sort().join(" ")}`;
}

/** An event in words. */
export function wordsOfTold({ event, says, resource, status, poller }: Told): string {
  if (says === "tag") {
    const { type, id, action, name } = event as Bbdo3.Tag;
    return `poller ${poller}: tag ${id} of type ${type}, action ${action}, "${name}"`;
  }
  if (says === "business") return wordsOfBusiness(event);
  if (resource === undefined) return `poller ${poller}: ${says}`;
  if ((says === "status" || says === "change") && status !== undefined)
    return wordsOfStatus(resource, status);
  return `poller ${poller}: ${says} of ${resource.key}, ${resource.name}`;
}

function wordsOfWritten(written: Written): string {
  return typeof written === "string" ? written : linesOf(written).join("\n   ");
}

export function wordsOfStep(step: Step, resources: readonly Resource[]): string {
  const resource = "of" in step ? resources[step.of] : undefined;
  const words: string[] = [step.step];
  if (resource !== undefined) words.push(resource.key);
  if (step.step === "check" && resource !== undefined) {
    words.push(`gives ${step.isPassive ? "passively " : ""}${stateName(resource, step.result)}`);
    if (step.age > 0) words.push(`after ${step.age} s`);
  }
  if ("isSticky" in step && step.isSticky) words.push("(sticky)");
  if ("seconds" in step) words.push(`${step.seconds} s`);
  if ("isOldFirst" in step) words.push(step.isOldFirst ? "old poller first" : "new poller first");
  if ("id" in step) words.push(`${"kind" in step ? `of a ${step.kind}, ` : ""}number ${step.id}`);
  if ("activity" in step) words.push(`number ${step.activity + 1}`);
  if ("view" in step) words.push(`view ${step.view + 1}`);
  if ("state" in step) words.push(`state ${step.state}`);
  if ("poller" in step) words.push(`of poller ${step.poller}`);
  if ("after" in step && step.after !== undefined)
    words.push(`broken off by ${step.breaks} after ${step.after}`);
  if ("meanwhile" in step && step.meanwhile !== "nothing") words.push(`meanwhile: ${step.meanwhile}`);
  if ("isBusy" in step && step.isBusy) words.push("without a flush");
  if ("effects" in step) words.push(`effect ${step.effects} from now`);
  if ("repeats" in step && step.repeats) words.push("and repeat the event");
  if ("diesAt" in step && step.diesAt !== undefined) words.push(`and die at effect ${step.diesAt}`);
  if ("by" in step) words.push(`by ${step.by}`);
  if ("is" in step) words.push(`is ${step.is}`);
  if ("fault" in step) words.push(wordsOfFault(step.fault));
  if ("written" in step) words.push(wordsOfWritten(step.written));
  return words.join(" ");
}

export function wordsOfSetting(setting: Setting, resources: readonly Resource[]): string[] {
  const lines = [`Centreon speaks ${setting.protocol}`];
  for (const { key, parent, maximumAttempts, isVolatile } of resources) {
    const behind = parent === undefined ? "" : `, behind ${parent.key}`;
    lines.push(`${key}: HARD at attempt ${maximumAttempts}${behind}${isVolatile ? ", volatile" : ""}`);
  }
  for (const name of Object.keys(setting.parameters)) {
    lines.push(`${name} = ${setting.parameters[name] ?? ""}`);
  }
  const { rules } = setting;
  if (rules === undefined) return lines;
  const { ahead, change } = rules.clock;
  lines.push(
    `the rules are: ${wordsOfWritten(rules.first)}`,
    `the clock is ${ahead / 60} minutes ahead of UTC`,
  );
  if (change !== undefined) lines.push(`and ${change.ahead / 60} minutes from ${change.at} on`);
  return lines;
}

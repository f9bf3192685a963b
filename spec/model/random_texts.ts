// Texts of rules by chance: short ones of ours with placeholders of all kinds, such as say nothing of some problems, too.
import type { Random } from "../support/random";
import type { DetailText, LinkText, Texts } from "./rule_texts";

const SUMMARIES = [
  "{resource} is {state}: {output}",
  "[{severity}] {host} {service}: {output}",
  "{output}",
  "{service}",
  "team {macro:ONCALL}, {criticality}: {key} of {poller}",
  "a {class} of {categories}",
];
const NAMES = [
  "{poller}",
  "{service}",
  "{macro:ONCALL}",
  "{hostgroups}{servicegroups}",
  "{class} {state}",
  "ours",
];

/** The details that rules name: what they alone say, and one of the connector's own. */
export const OWN_DETAILS = ["team", "told"];
const DETAIL_NAMES = [...OWN_DETAILS, "attempt"];
const DETAILS = [
  "{macro:ONCALL}",
  "{output}",
  "{long_output}",
  "{metric:load}",
  "{state} at {poller}",
  "{categories}",
];

const LINKS: readonly LinkText[] = [
  { text: "Runbook", address: "https://wiki.example.com/{service}" },
  { text: "Runbook of {host}", address: "http://wiki.example.com/{host}?is={state}&what={service}" },
  { text: "Who", address: "{macro:ONCALL}" },
  { text: "{state}", address: "https://chat.example.com/{macro:ONCALL}" },
  { text: "What it said", address: "https://search.example.com/?q={output}" },
];
const IMAGES: readonly LinkText[] = [
  { text: "Load of {host}", address: "https://graphs.example.com/{host}.png" },
  { text: "A face", address: "{macro:ONCALL}.png" },
];

function randomDetails(random: Random): DetailText[] {
  return DETAIL_NAMES.filter(() => random.integer(1, 2) === 1).map((name) => ({
    name,
    text: random.oneOf(DETAILS),
  }));
}

export function randomTexts(random: Random): Texts {
  const isSaid = (): boolean => random.integer(1, 3) === 1;
  const details = random.integer(1, 2) === 1 ? randomDetails(random) : [];
  const some = (links: readonly LinkText[]): LinkText[] => links.filter(() => random.integer(1, 3) === 1);
  const links = isSaid() ? some(LINKS) : [];
  const images = isSaid() ? some(IMAGES) : [];
  return {
    ...(isSaid() && { summary: random.oneOf(SUMMARIES) }),
    ...(isSaid() && { [random.oneOf(["source", "component", "group", "class"])]: random.oneOf(NAMES) }),
    ...(details.length > 0 && { details }),
    ...(links.length > 0 && { links }),
    ...(images.length > 0 && { images }),
  };
}

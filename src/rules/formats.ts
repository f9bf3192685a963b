// The texts of alerts that an administrator writes: summary, details, links and images; of parameters and of rules. What
// cannot be used is left out, with a complaint.
import type { LinkTemplate } from "../pagerduty/links";
import { type DetailTemplate, type Template, readTemplate } from "../pagerduty/template";
import type { Complaint } from "../settings/complaint";
import { listOf } from "../settings/lists";
import type { Settings } from "../settings/settings";
import type { Rule, RuleInTheMaking } from "./rule";

/** The names of the custom variables that pdy_custom_variables lists, as events spell them. */
export function customVariablesOf(settings: Settings): string[] {
  return listOf(string.upper(settings.pdy_custom_variables), ",");
}

/** The summary's template; undefined when none is set, or it cannot be used. */
function summaryTemplate(settings: Settings, complaints: Complaint[]): Template | undefined {
  if (settings.pdy_summary_format === "") return undefined;
  const template = readTemplate(settings.pdy_summary_format, customVariablesOf(settings));
  if (typeof template !== "string") return template;
  complaints.push({
    isError: true,
    text: `parameter pdy_summary_format: ${template}; the usual summary is used instead`,
  });
  return undefined;
}

function detailTemplates(settings: Settings, complaints: Complaint[]): DetailTemplate[] {
  const templates: DetailTemplate[] = [];
  for (const item of listOf(settings.pdy_details_format, ";")) {
    const [name, text] = string.match(item, "^([%w_]+)%s*=%s*(.+)$");
    const template =
      name === undefined || text === undefined
        ? "expected `name=text`, such as `rack={macro:RACK}`"
        : readTemplate(text, customVariablesOf(settings));
    if (name !== undefined && typeof template !== "string") templates.push({ name, template });
    else
      complaints.push({
        isError: true,
        text: `parameter pdy_details_format: "${item}" is left out: ${template as string}`,
      });
  }
  return templates;
}

/** What an address may begin with; a placeholder at the beginning is looked at when it is filled in. */
const ADDRESS_BEGINNINGS = { links: "https?://[^%s/]", images: "https://[^%s/]" } as const;

/**
 * Reads a link or an image. Gives it, or what is wrong with it. `customVariables`: those that `{macro:…}` may ask for;
 * undefined: any.
 */
export function readLink(
  kind: "links" | "images",
  textFormat: string,
  addressFormat: string,
  customVariables: readonly string[] | undefined,
): LinkTemplate | string {
  const isAddress =
    string.sub(addressFormat, 1, 1) === "{" ||
    string.find(string.lower(addressFormat), `^${ADDRESS_BEGINNINGS[kind]}`)[0] !== undefined;
  if (!isAddress) {
    return kind === "links"
      ? "its address must begin with https:// (or http://), or with a placeholder"
      : "its address must begin with https://, or with a placeholder: PagerDuty loads no other";
  }
  const text = readTemplate(textFormat, customVariables);
  if (typeof text === "string") return text;
  const address = readTemplate(addressFormat, customVariables);
  return typeof address === "string" ? address : { text, address };
}

function linkTemplates(
  kind: "links" | "images",
  settings: Settings,
  complaints: Complaint[],
): LinkTemplate[] {
  const name = `pdy_${kind}` as const;
  const templates: LinkTemplate[] = [];
  for (const item of listOf(settings[name], ";")) {
    const [text, address] = string.match(item, "^([^=]-)%s*=%s*(.+)$");
    const link =
      text === undefined || address === undefined || text === ""
        ? "expected `text=address`, such as `Runbook=https://wiki.example.com/{service}`"
        : readLink(kind, text, address, customVariablesOf(settings));
    if (typeof link !== "string") templates.push(link);
    else complaints.push({ isError: true, text: `parameter ${name}: "${item}" is left out: ${link}` });
  }
  return templates;
}

function rule(name: string): RuleInTheMaking {
  return { name, origin: name, fits: () => true };
}

/** The rules for texts. */
export function formatRules(settings: Settings, complaints: Complaint[]): Rule[] {
  const rules: Rule[] = [];
  const summary = summaryTemplate(settings, complaints);
  if (summary !== undefined) {
    const ofSummary = rule("pdy_summary_format");
    ofSummary.summary = summary;
    rules.push(ofSummary);
  }
  const details = detailTemplates(settings, complaints);
  if (details.length > 0) {
    const ofDetails = rule("pdy_details_format");
    ofDetails.details = details;
    rules.push(ofDetails);
  }
  for (const kind of ["links", "images"] as const) {
    const templates = linkTemplates(kind, settings, complaints);
    if (templates.length > 0) {
      const ofLinks = rule(`pdy_${kind}`);
      ofLinks[kind] = templates;
      rules.push(ofLinks);
    }
  }
  return rules;
}

// The manual page of centreon-pagerduty, made from what its --help says: a new command or option appears by itself. Pure:
// runs nothing, reads and writes no file.

/** What the program says of one command. */
export interface CommandHelp {
  readonly command: string;
  readonly purpose: string;
  readonly help: string;
}

const FILES: readonly (readonly [string, string])[] = [
  ["/usr/share/centreon-broker/lua/pagerduty.lua", "the connector"],
  ["/etc/centreon-broker/*.json", "the broker's configuration, where the commands find the output"],
  ["/var/lib/centreon-broker/pagerduty.*", "journal, quarantine and status, unless parameters name others"],
  [
    "/var/log/centreon-broker/stream-connector-pagerduty.log",
    "the connector's log, unless log_path names another",
  ],
  ["/usr/share/doc/centreon-pagerduty", "the documents"],
];

/** `text` so that roff prints it as it is. */
function plain(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/gm, "\\&");
}

/** The commands of the overview, with what each does. */
export function commandsOf(overview: string): { command: string; purpose: string }[] {
  return [...overview.matchAll(/^ {2}([a-z]+) {2,}(\S.*)$/gm)].map(([, command = "", purpose = ""]) => ({
    command,
    purpose,
  }));
}

/** An option at the left, its meaning two spaces or more further right, also on the lines that follow. */
const OPTION = /^ {2}(--[a-z-]+(?: \S+(?= {2}))?) {2,}(\S.*(?:\n {4,}\S.*)*)$/gm;

/** Options as tagged paragraphs; text stays text. */
function body(help: string): string {
  const parts: string[] = [];
  let end = 0;
  const addText = (text: string): void => {
    const paragraphs = text.split(/\n\s*\n/).map((paragraph) => paragraph.trim().replaceAll(/\s+/g, " "));
    for (const paragraph of paragraphs) {
      if (paragraph !== "" && paragraph !== "options:") parts.push(`.PP\n${plain(paragraph)}`);
    }
  };
  for (const match of help.matchAll(OPTION)) {
    const [, left = "", meaning = ""] = match;
    addText(help.slice(end, match.index));
    parts.push(`.TP\n.B ${plain(left)}\n${plain(meaning.replaceAll(/\s+/g, " "))}`);
    end = match.index + match[0].length;
  }
  addText(help.slice(end));
  return parts.join("\n");
}

/** The page, for section 8. */
export function manPage(overview: string, commands: readonly CommandHelp[]): string {
  const closing = overview.slice(overview.lastIndexOf("\n\n") + 2);
  const lines = [
    '.\\" Made by `make docs` from what centreon-pagerduty --help says: change that, not this.',
    '.TH CENTREON\\-PAGERDUTY 8 "" centreon\\-pagerduty "Centreon"',
    ".SH NAME",
    "centreon\\-pagerduty \\- install, check, try and watch Centreon's connector for PagerDuty",
    ".SH SYNOPSIS",
    ".B centreon\\-pagerduty",
    "COMMAND [options]",
    ".SH DESCRIPTION",
    body(closing),
    ".SH COMMANDS",
  ];
  for (const { command, purpose, help } of commands) {
    const [usage = "", ...rest] = help.split("\n");
    const text = rest.join("\n").replace(`  ${purpose}\n`, "");
    lines.push(
      `.SS ${plain(command)}`,
      `.B ${plain(usage.replace(/^usage: /, ""))}`,
      `.PP\n${plain(purpose)}`,
      body(text),
    );
  }
  lines.push(".SH FILES");
  for (const [path, meaning] of FILES) lines.push(".TP", `.I ${plain(path)}`, plain(meaning));
  return `${lines.filter((line) => line !== "").join("\n")}\n`;
}

// Command line: `node build/tools/docs/man.js` prints packaging/man/centreon-pagerduty.8. `make docs` keeps it.
import { execFileSync } from "node:child_process";
import { commandsOf, manPage } from "./man_page.js";

const run = (...words: string[]): string =>
  execFileSync("packaging/centreon-pagerduty", words, { encoding: "utf8" });

const overview = run("--help");
if (overview.includes("need Lua"))
  throw new Error("the program finds no Lua, and cannot tell all its commands");
const commands = commandsOf(overview).map((each) => ({ ...each, help: run("help", each.command) }));
process.stdout.write(manPage(overview, commands));

// What of the machine around the connector may be in the way, and where its files do not show it: SELinux, the engine's
// list of allowed commands, the proxy of the environment.
import type { Finding } from "./report";
import { linesOf, outputOf, readFile, shellWord } from "./shell";

/** 1 while SELinux is enforcing (selinux(8)). */
export const SELINUX_STATE = "/sys/fs/selinux/enforce";

/** What SELinux may have to do with it; undefined: it is not enforcing. */
export function selinuxFinding(
  statePath: string,
  isOutputRunning: boolean,
): LuaMultiReturn<[Finding, string] | [undefined, undefined]> {
  if (string.sub(readFile(statePath)[0] ?? "", 1, 1) !== "1") return $multi(undefined, undefined);
  if (isOutputRunning) return $multi("ok", "it is enforcing, and lets the broker run the connector");
  return $multi(
    "WARNING",
    "it is enforcing, and what it forbids the broker does not show here: ausearch -m avc -ts recent -c cbd tells",
  );
}

/** Where the engine's lists of allowed commands are (Centreon Engine, 23.10 and later). */
export const WHITELIST_FOLDERS = [
  "/etc/centreon-engine-whitelist",
  "/usr/share/centreon-engine/whitelist.conf.d",
];

/** What the plugin's command line begins with. */
const PLUGIN = "/usr/bin/centreon-pagerduty";

/** Whether the engine would run the monitoring plugin; undefined: it runs everything, or its lists cannot be read. */
export function whitelistFinding(
  folders: readonly string[],
): LuaMultiReturn<[Finding, string] | [undefined, undefined]> {
  let listing: string | undefined;
  for (const folder of folders) {
    for (const path of linesOf(outputOf(`ls -d ${shellWord(folder)}/* 2>/dev/null`))) {
      const [text] = readFile(path);
      if (text !== undefined) {
        listing = listing ?? path;
        if (string.find(text, "centreon-pagerduty", 1, true)[0] !== undefined)
          return $multi("ok", `${path} allows the monitoring plugin`);
      }
    }
  }
  if (listing === undefined) return $multi(undefined, undefined);
  return $multi(
    "WARNING",
    `the engine runs only what ${listing} and its like allow: add ${PLUGIN} if "status --plugin" is to be a service`,
  );
}

/** The variable by which the environment names a proxy, which the connector does not use; undefined: none does. */
export function environmentProxy(): string | undefined {
  for (const name of ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"])
    if ((os.getenv(name) ?? "") !== "") return name;
  return undefined;
}

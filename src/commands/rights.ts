// Whether the broker's user may read and write files: asks the system as that user. Changes nothing.
import { linesOf, outputOf, shellWord, succeeds } from "./shell";

export interface Rights {
  /** As whom was asked. */
  readonly user: string;
  /** Why a file cannot be read, and what to do; undefined: it can. */
  readonly whyNotReadable: (this: void, path: string) => string | undefined;
  /** Why a file cannot be written, or made where it is not there yet, and what to do; undefined: it can. */
  readonly whyNotWritable: (this: void, path: string) => string | undefined;
  /** The same of a file that is replaced by a new one beside it. */
  readonly whyNotReplaceable: (this: void, path: string) => string | undefined;
}

/** The folder that a path lies in. */
function folderOf(path: string): string {
  const [folder] = string.match(path, "^(.*)/[^/]*$");
  if (folder === undefined) return ".";
  return folder === "" ? "/" : folder;
}

/**
 * The rights of `user`. Only root can ask as somebody else; where that is not possible the rights are our own, and
 * `user` says whose.
 */
export function rightsOf(user: string): Rights {
  const own = linesOf(outputOf("id -un 2>/dev/null"))[0] ?? "";
  const canBecome =
    user !== own && succeeds(`id -u ${shellWord(user)}`) && succeeds(`runuser -u ${shellWord(user)} -- true`);
  const asked = canBecome ? user : own;
  const asUser = canBecome ? `runuser -u ${shellWord(user)} -- ` : "";
  const test = (what: string, path: string): boolean => succeeds(`${asUser}test ${what} ${shellWord(path)}`);

  const whyNoFolder = (path: string): string | undefined => {
    const folder = folderOf(path);
    if (!succeeds(`test -d ${shellWord(folder)}`))
      return `the folder ${folder} is not there: make it for ${asked}`;
    return test("-w", folder) && test("-x", folder)
      ? undefined
      : `${asked} may not write in the folder ${folder}: let ${asked} write there`;
  };
  const whyNotFile = (path: string): string | undefined => {
    if (test("-d", path)) return "it is a folder: name a file";
    return test("-w", path) ? undefined : `${asked} may not write it: let ${asked} write it`;
  };
  return {
    user: asked,
    whyNotReadable: (path) => {
      if (test("-r", path)) return undefined;
      return succeeds(`test -e ${shellWord(path)}`)
        ? `${asked} may not read it: correct its rights, and those of its folders`
        : "it is not there: correct the path";
    },
    whyNotWritable: (path) => (test("-e", path) ? whyNotFile(path) : whyNoFolder(path)),
    whyNotReplaceable: (path) => whyNoFolder(path) ?? (test("-e", path) ? whyNotFile(path) : undefined),
  };
}

/** Who beside `user` may come at what a secret file holds, and what to do; undefined: nobody but root. */
export function whoElseReads(path: string, user: string): string | undefined {
  const [mode, owner] = string.match(
    outputOf(`stat -L -c '%a %U' ${shellWord(path)} 2>/dev/null`),
    "^(%d+) (%S+)",
  );
  if (mode === undefined || owner === undefined) return undefined;
  const remedy = `chown ${user} ${path} && chmod 600 ${path}`;
  if (owner !== user && owner !== "root") return `it belongs to ${owner}: ${remedy}`;
  const [group, others] = string.match(mode, "(%d)(%d)$");
  if (others !== "0") return `every local user may read or change it (mode ${mode}): ${remedy}`;
  if (group !== "0") return `its group may read or change it (mode ${mode}): ${remedy}`;
  return undefined;
}

/** What to do about a file that every local user may change; undefined: not everybody may. */
export function whyEverybodyWrites(path: string): string | undefined {
  const [mode] = string.match(outputOf(`stat -L -c %a ${shellWord(path)} 2>/dev/null`), "(%d)%s*$");
  const others = tonumber(mode ?? "") ?? 0;
  return others % 4 < 2 ? undefined : `every local user may change it: chmod o-w ${path}`;
}

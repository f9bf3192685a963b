// Whether the broker's user may read and write files: asks the system as that user. Changes nothing.
import { linesOf, outputOf, shellWord, succeeds } from "./shell";

export interface Rights {
  /** As whom was asked. */
  readonly user: string;
  readonly mayRead: (this: void, path: string) => boolean;
  /** Why a file cannot be written, or made where it is not there yet; undefined: it can. */
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
    if (!test("-d", folder)) return `the folder ${folder} is not there`;
    return test("-w", folder) && test("-x", folder)
      ? undefined
      : `${asked} may not write in the folder ${folder}`;
  };
  const whyNotFile = (path: string): string | undefined => {
    if (test("-d", path)) return "it is a folder";
    return test("-w", path) ? undefined : `${asked} may not write it`;
  };
  return {
    user: asked,
    mayRead: (path) => test("-r", path),
    whyNotWritable: (path) => (test("-e", path) ? whyNotFile(path) : whyNoFolder(path)),
    whyNotReplaceable: (path) => whyNoFolder(path) ?? (test("-e", path) ? whyNotFile(path) : undefined),
  };
}

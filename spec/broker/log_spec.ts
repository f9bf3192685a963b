// broker/log: what gets written at which level, and that no secret ever is.
import { createLog } from "../../src/broker/log";
import { type Log, presentable } from "../../src/text/log";
import { bytes } from "../support/hostile";

/** The broker's log, as far as a script sees it: it writes what is at most at the level set, whichever the method. */
function installBrokerLog(): { readonly lines: string[]; path: string | undefined } {
  const written: { lines: string[]; path: string | undefined } = { lines: [], path: undefined };
  let limit = -1;
  const write = (method: string) => (level: number, text: string) => {
    if (level <= limit) written.lines.push(`${method}: ${text}`);
  };
  const info = write("info");
  const warning = write("warning");
  const problem = write("error");
  const log: BrokerLog = {
    set_parameters(level, path) {
      limit = level;
      written.path = path;
    },
    info(level, text) {
      info(level, text);
    },
    warning(level, text) {
      warning(level, text);
    },
    error(level, text) {
      problem(level, text);
    },
  };
  (_G as unknown as { broker_log: BrokerLog }).broker_log = log;
  return written;
}

const METHODS = ["error", "warning", "info", "debug"] as const;

function sayEverything(log: Log): void {
  for (const method of METHODS) log[method](method);
}

describe("the log", () => {
  const levels: [level: number, what: string, lines: string[]][] = [
    [0, "errors", ["error: error"]],
    [1, "also warnings", ["error: error", "warning: warning"]],
    [2, "also what was sent", ["error: error", "warning: warning", "info: info"]],
    [3, "also why something was not", ["error: error", "warning: warning", "info: info", "info: debug"]],
  ];
  for (const [level, what, lines] of levels) {
    it(`has at level ${level} ${what}`, () => {
      const written = installBrokerLog();
      const log = createLog(level, "/var/log/pagerduty.log", []);
      sayEverything(log);
      assert.same(lines, written.lines);
      assert.equal("/var/log/pagerduty.log", written.path);
      assert.equal(level === 3, log.isDebug);
    });
  }

  it("has no secret, whichever the method", () => {
    const written = installBrokerLog();
    const log = createLog(3, "", ["s3cr3t"]);
    for (const method of METHODS) log[method]("key s3cr3t");
    assert.same(["error: key ***", "warning: key ***", "info: key ***", "info: key ***"], written.lines);
  });
});

describe("a presentable text", () => {
  const texts: [what: string, text: string, secrets: string[], shown: string][] = [
    ["nothing secret", "all is well", ["s3cr3t"], "all is well"],
    ["a secret at the beginning", "s3cr3t!", ["s3cr3t"], "***!"],
    ["a secret at the end", "key=s3cr3t", ["s3cr3t"], "key=***"],
    ["a secret alone", "s3cr3t", ["s3cr3t"], "***"],
    ["a secret several times, also next to itself", "s3cr3ts3cr3t, s3cr3t", ["s3cr3t"], "******, ***"],
    ["several secrets", "one two one", ["one", "two"], "*** *** ***"],
    ["a secret of characters that mean something to Lua's patterns", "a%d+[x](.*)b", ["%d+[x](.*)"], "a***b"],
    ["a secret of stars", "a***b", ["*"], "a*********b"],
    ["a secret that is part of another", "password1", ["pass", "password1"], "***"],
    ["a secret with a control character", "key a\tb.", ["a\tb"], "key ***."],
    ["a secret of no letters, which hides nothing", "all is well", [""], "all is well"],
    ["line ends and other control characters", `a\r\nb${bytes(0x00, 0x1b)}c\td`, [], "a b c d"],
    ["letters that are not ASCII", "süß", [], "süß"],
  ];
  for (const [what, text, secrets, shown] of texts) {
    it(`of a text with ${what}: ${shown}`, () => {
      assert.equal(shown, presentable(text, secrets));
    });
  }
});

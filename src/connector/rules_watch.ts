// The rules' file while the connector runs: read at the start and whenever it changes, as a whole or not at all; where it
// cannot be used, the last good one holds. Says what a change frees. What stands in it is the rules' to know.
import { type Alert, isOpen } from "../alerts/alert";
import type { ParameterRules } from "../rules/from_parameters";
import type { Rule } from "../rules/rule";
import { copyPathOf, knowledgeOf, readCopy, readText, rulesIn, writeCopy } from "../rules/rules_file";
import type { CheckedSettings } from "../settings/settings";
import type { FilePort } from "../text/files";
import type { Log } from "../text/log";

/** Seconds between looks at the file. */
const LOOK_INTERVAL = 30;

/** Seconds after which a fault is believed: while an editor writes a file, it may be gone, or half there. */
const CONFIRM_INTERVAL = 2;

/** A change that frees more problems than this at once is a WARNING. */
export const MANY_FREED = 50;

/** Most of the reasons that held what is freed, that are told. */
const MOST_REASONS = 5;

export interface RulesWatchSettings {
  /** pdy_rules_file. */
  readonly path: string;
  /** Where the last good one is kept; undefined: nowhere. */
  readonly copyPath: string | undefined;
}

export interface RulesWatchPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly files: FilePort;
  /** Puts the rules in `text` in place, and gives how many they are; or says what is wrong with them, and changes nothing. */
  readonly take: (this: void, text: string) => number | string;
  /** Has every alert judged anew, in turns; and whether that goes on. */
  readonly judgeAll: (this: void) => void;
  readonly isJudging: (this: void) => boolean;
  readonly log: Pick<Log, "info" | "warning" | "error">;
}

export interface RulesWatch {
  /** A look at whether the file has changed, to be taken often. */
  readonly look: (this: void) => void;
  /** Judges as `judge` does, and sees what that frees. */
  readonly watching: (this: void, judge: Judge) => Judge;
}

/** Judges an alert anew. */
type Judge = (this: void, alert: Alert) => void;

/** What became of the alerts since the rules changed. */
interface Outcome {
  /** No rules of a file held before: that they do now has been said. */
  readonly isFirst: boolean;
  freed: number;
  held: number;
  /** How many of those that are freed were held for which reason. */
  readonly freedFrom: LuaTable<string, number | undefined>;
}

function counted(count: number, noun: string): string {
  return string.format(count === 1 ? "%d %s" : "%d %ss", count, noun);
}

/** `1 problem is`, `2 problems are`. */
function problemsAre(count: number): string {
  return count === 1 ? "1 problem is" : string.format("%d problems are", count);
}

/** The reasons that held what is freed, and how many each; those of the most problems first. */
function wordsOfReasons({ freedFrom }: Outcome): string {
  const reasons: { reason: string; count: number }[] = [];
  for (const [reason, count] of freedFrom) reasons.push({ reason, count: count ?? 0 });
  table.sort(reasons, (left, right) =>
    left.count === right.count ? left.reason < right.reason : left.count > right.count,
  );
  const words: string[] = [];
  for (const { reason, count } of reasons)
    if (words.length < MOST_REASONS) words.push(string.format("%s (%d)", reason, count));
  if (reasons.length > MOST_REASONS) words.push("and others");
  return table.concat(words, "; ");
}

/** Reads the file, and watches it from then on. */
export function createRulesWatch({ path, copyPath }: RulesWatchSettings, ports: RulesWatchPorts): RulesWatch {
  const { now, files, log } = ports;
  const what = `pdy_rules_file ${path}`;
  let nextLook = now() + LOOK_INTERVAL;
  /** The text whose rules hold, and how many they are; undefined: there are none but the parameters'. */
  let current: string | undefined;
  let ruleCount = 0;
  /** What was seen of a file that cannot be used: not believed yet, and complained of. */
  let suspected: string | undefined;
  let complainedOf: string | undefined;
  let outcome: Outcome | undefined;

  const keep = (text: string): void => {
    const problem = copyPath === undefined ? undefined : writeCopy(files, copyPath, path, text);
    if (problem === undefined) return;
    log.warning(
      `${what}: the last good one cannot be kept in ${copyPath as string}: ${problem}; it would be missing where the file is bad at a start`,
    );
  };

  /** Has the rules in `text` hold from now on; or gives what is wrong with them. */
  const use = (text: string): string | undefined => {
    const taken = ports.take(text);
    if (typeof taken === "string") return taken;
    current = text;
    ruleCount = taken;
    suspected = undefined;
    complainedOf = undefined;
    return undefined;
  };

  const complain = (problem: string): void => {
    const instead =
      current === undefined
        ? "there is no last good one, so the parameters alone hold"
        : `the last good one holds instead (${counted(ruleCount, "rule")})`;
    log.error(`${what} is not used: ${problem}; ${instead}`);
  };

  const begin = (isFirst: boolean): void => {
    outcome = { isFirst, freed: 0, held: 0, freedFrom: new LuaTable() };
  };

  const tell = (result: Outcome): void => {
    const { freed, held } = result;
    if (freed + held === 0 && result.isFirst) return;
    const rules = counted(ruleCount, "rule");
    const heldWords = held === 0 ? "" : `; ${problemsAre(held)} held now`;
    const freedWords =
      freed === 0
        ? ""
        : `; ${problemsAre(freed)} freed, to page now. What held before: ${wordsOfReasons(result)}`;
    const say = freed > MANY_FREED ? log.warning : log.info;
    say(`${what} has changed: ${rules}${heldWords}${freedWords}`);
  };

  const start = (): void => {
    const [text, readProblem] = readText(files, path);
    const copy = copyPath === undefined ? undefined : readCopy(files, copyPath, path);
    const problem = text === undefined ? readProblem : use(text);
    if (problem !== undefined) {
      if (copy !== undefined) use(copy);
      complainedOf = text ?? readProblem;
      complain(problem);
      return;
    }
    const isFirst = copy === undefined;
    if (isFirst || text === copy) log.info(`${what}: ${counted(ruleCount, "rule")}`);
    if (text === copy) return;
    keep(text as string);
    begin(isFirst);
  };
  start();

  const readAgain = (): void => {
    const [text, readProblem] = readText(files, path);
    if (text !== undefined && text === current) {
      if (complainedOf !== undefined) log.info(`${what} is as it was before: ${counted(ruleCount, "rule")}`);
      suspected = undefined;
      complainedOf = undefined;
      return;
    }
    const seen = text ?? readProblem;
    if (seen === complainedOf) return;
    const problem = text === undefined ? readProblem : use(text);
    if (problem === undefined) {
      keep(text as string);
      begin(false);
      ports.judgeAll();
    } else if (seen === suspected) {
      complainedOf = seen;
      complain(problem);
    } else {
      suspected = seen;
      nextLook = now() + CONFIRM_INTERVAL;
    }
  };

  return {
    look: () => {
      if (outcome !== undefined && !ports.isJudging()) {
        tell(outcome);
        outcome = undefined;
      }
      if (now() < nextLook) return;
      nextLook = now() + LOOK_INTERVAL;
      readAgain();
    },
    watching: (judge) => (alert) => {
      const heldBefore = alert.desired === "held" ? alert.rejection : undefined;
      const wasRejected = alert.rejection !== undefined;
      judge(alert);
      if (outcome === undefined) return;
      if (heldBefore !== undefined && alert.desired === "triggered") {
        outcome.freed = outcome.freed + 1;
        outcome.freedFrom.set(heldBefore, (outcome.freedFrom.get(heldBefore) ?? 0) + 1);
      } else if (!wasRejected && alert.rejection !== undefined && !isOpen(alert)) {
        outcome.held = outcome.held + 1;
      }
    },
  };
}

/** What the output's parameters and the connector have for the watch. */
export interface WatchingPorts extends Pick<
  RulesWatchPorts,
  "now" | "files" | "log" | "judgeAll" | "isJudging"
> {
  /** Has the rules of the file hold from now on. */
  readonly use: (this: void, rules: readonly Rule[]) => void;
}

/** Watches pdy_rules_file; undefined where none is set. */
export function watchRules(
  { settings, routingKeys }: CheckedSettings,
  parameterRules: ParameterRules,
  ports: WatchingPorts,
): RulesWatch | undefined {
  const path = settings.pdy_rules_file;
  if (path === "") return undefined;
  const knowledge = knowledgeOf(parameterRules, routingKeys, os.time, ports.log.warning);
  // A rehearsal writes no file of the output's.
  const copyPath = settings.send_data_test ? undefined : copyPathOf(settings.state_path);
  return createRulesWatch(
    { path, copyPath },
    {
      now: ports.now,
      files: ports.files,
      log: ports.log,
      judgeAll: ports.judgeAll,
      isJudging: ports.isJudging,
      take: (text) => {
        const read = rulesIn(text, knowledge);
        if ("problem" in read) return read.problem;
        ports.use(read.rules);
        return read.rules.length;
      },
    },
  );
}

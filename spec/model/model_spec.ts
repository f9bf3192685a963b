// Random histories of Centreon, of PagerDuty's faults and of restarts, played to the shipped file in virtual time: at
// the end PagerDuty must have what the model calls for, and nobody was paged without reason. The test is proved by
// defects that it must find.
//
// MODEL_SEED and MODEL_HISTORIES choose other histories, and more of them; MODEL_DEFECTS=all finds all defects on one Lua.
import { LUA } from "../support/brokerhost";
import { readFile } from "../support/process";
import { type Script, compile } from "./broker";
import { DEFECTS, withDefect } from "./defects";
import { type History, randomHistory } from "./history";
import { PEOPLE_DEFECTS } from "./people_defects";
import { play } from "./play";
import { RULE_DEFECTS } from "./rule_defects";
import { shrink } from "./shrink";
import { TEXT_DEFECTS } from "./text_defects";

declare const jit: { off(this: void): void } | undefined;

// Each history runs the file anew: LuaJIT spends more on compiling it than it gains.
if (jit !== undefined) jit.off();

const HISTORIES = Number(os.getenv("MODEL_HISTORIES") ?? "800");

/** So many histories must be enough to find any of the defects. */
const HISTORIES_FOR_A_DEFECT = 5000;

/**
 * What a judge hears is the same on each Lua, and takes minutes: each of the four that `make test` runs plays histories of its
 * own, and finds its share of the defects. MODEL_DEFECTS=all has one find all of them.
 */
const LUAS = ["5.1", "5.3", "5.4", "jit"];
const share = LUAS.indexOf(LUA);

/** A run is the same each time, unless it is asked for another: what fails today failed yesterday, too. */
const chosenSeed = os.getenv("MODEL_SEED");
const firstSeed = Number(chosenSeed ?? `${1 + share * HISTORIES}`);

const findsAll = os.getenv("MODEL_DEFECTS") === "all";

const shipped = readFile("dist/pagerduty.lua") ?? error("dist/pagerduty.lua is not there: make build");

/** The first of `count` histories from `from` on that goes wrong with `script`. */
function firstFailure(script: Script, from: number, count: number): History | undefined {
  for (const seed of $range(from, from + count - 1)) {
    const history = randomHistory(seed);
    if (play(history, script) !== undefined) return history;
  }
  return undefined;
}

/** What goes wrong in a history, made as short as it can be, step by step. */
function storyOf(history: History, script: Script): string {
  const shortest = shrink(history, (candidate) => play(candidate, script) !== undefined);
  const lines: string[] = [];
  play(shortest, script, (line) => {
    lines.push(line);
  });
  return lines.join("\n");
}

describe("whatever happens, PagerDuty ends up equal to Centreon", () => {
  print(`model: MODEL_SEED=${firstSeed} MODEL_HISTORIES=${HISTORIES}`);

  it(`in ${HISTORIES} random histories`, () => {
    const script = compile(shipped);
    const failed = firstFailure(script, firstSeed, HISTORIES);
    assert.is_nil(failed, failed === undefined ? undefined : storyOf(failed, script));
  });
});

/** Whether a history shows what was changed in `script`. */
function isFound(script: Script, seed: number | undefined): boolean {
  const isShown = seed !== undefined && play(randomHistory(seed), script) !== undefined;
  return isShown || firstFailure(script, Number(chosenSeed ?? "1"), HISTORIES_FOR_A_DEFECT) !== undefined;
}

describe("the model finds", () => {
  for (const [index, defect] of ipairs([...DEFECTS, ...PEOPLE_DEFECTS, ...RULE_DEFECTS, ...TEXT_DEFECTS])) {
    if (findsAll || index % LUAS.length === share) {
      it(`that ${defect.name}`, () => {
        assert.is_true(isFound(compile(withDefect(shipped, defect)), defect.seed));
      });
    }
  }
});

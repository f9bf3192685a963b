// Plays what load.ts has to the script that the first argument names, and prints what was measured as one JSON line:
// for `make bench`.
import { encodeJson } from "../support/json";
import { readFile } from "../support/process";
import { compile } from "./broker";
import { MOST_INCIDENTS, playFirstHour, playOverload } from "./load";

declare const arg: Record<number, string | undefined>;

const path = arg[1] ?? error("give the script's path");
const script = compile(readFile(path) ?? error(`${path} is not there`));
print(
  encodeJson({
    firstHour: playFirstHour(script, 2000),
    overload: playOverload(script, 400),
    mostIncidents: MOST_INCIDENTS,
  }),
);

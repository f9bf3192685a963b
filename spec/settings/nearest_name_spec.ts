// settings/nearest_name: which known name somebody meant.
import { nearestName } from "../../src/settings/nearest_name";

const KNOWN = ["down", "http_timeout", "log_level", "log_path", "pdy_routing_key"];

describe("nearestName", () => {
  const names: [what: string, name: string, meant: string | undefined][] = [
    ["a known name", "log_level", "log_level"],
    ["capitals", "PDY_Routing_Key", "pdy_routing_key"],
    ["a letter left out", "pdy_routin_key", "pdy_routing_key"],
    ["a letter too many", "log_levell", "log_level"],
    ["two letters swapped", "log_leevl", "log_level"],
    ["three wrong letters", "http_tineuot", "http_timeout"],
    ["four wrong letters", "http_xxxxout", undefined],
    ["the nearer of two", "log_patl", "log_path"],
    ["another name", "user", undefined],
    ["a name of which hardly a letter fits", "ok", undefined],
    ["no name", "", undefined],
  ];
  for (const [what, name, meant] of names) {
    it(`takes ${what}, "${name}", for ${meant ?? "nothing known"}`, () => {
      assert.equal(meant, nearestName(name, KNOWN));
    });
  }
});

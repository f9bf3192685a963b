// What of the machine may be in the way: said where it applies, and not where it does not.
import { selinuxFinding, whitelistFinding } from "../../src/commands/surroundings";
import { outputOf, temporaryPath, writeFile } from "../support/process";

describe("the machine's own files", () => {
  let folder: string;
  before_each(() => {
    folder = temporaryPath(".machine");
    outputOf(`mkdir ${folder}`);
  });
  after_each(() => {
    outputOf(`rm -r ${folder}`);
  });

  it("tell of SELinux only where it is enforcing, and how to see what it forbids while no broker runs the output", () => {
    const state = `${folder}/enforce`;
    assert.is_nil(selinuxFinding(state, false)[0]);
    writeFile(state, "0");
    assert.is_nil(selinuxFinding(state, false)[0]);
    writeFile(state, "1");
    const [finding, text] = selinuxFinding(state, false);
    assert.equal("WARNING", finding);
    assert.is_not_nil(string.find(text ?? "", "ausearch -m avc", 1, true)[0]);
    assert.equal("ok", selinuxFinding(state, true)[0]);
  });

  it("tell of the engine's lists of commands only where there are any, and which one lacks the plugin", () => {
    const folders = [`${folder}/missing`, folder];
    assert.is_nil(whitelistFinding(folders)[0]);
    writeFile(`${folder}/ours.yml`, "whitelist:\n  wildcard:\n    - /usr/lib/centreon/plugins/*\n");
    const [finding, text] = whitelistFinding(folders);
    assert.equal("WARNING", finding);
    assert.is_not_nil(string.find(text ?? "", `${folder}/ours.yml`, 1, true)[0], text);
    writeFile(`${folder}/zzz.json`, '{"whitelist":{"wildcard":["/usr/bin/centreon-pagerduty *"]}}');
    assert.equal("ok", whitelistFinding(folders)[0]);
  });
});

// The transport that sends nothing: what would be sent is logged, and taken for accepted.
import { createRehearsal } from "../../src/delivery/rehearsal";
import { judge } from "../../src/pagerduty/answer";

describe("a rehearsal", () => {
  it("logs each event, and ends it as accepted with the next look", () => {
    const lines: string[] = [];
    const { start, poll, running } = createRehearsal<string>(8, (text) => lines.push(text));
    start("first", '{"a":1}');
    start("second", '{"b":2}');
    assert.equal(2, running());
    const finished = poll().map(({ token, outcome }) => `${token} ${judge(outcome).kind}`);
    assert.same(["first accepted", "second accepted"], finished);
    assert.same([0, []], [running(), poll()]);
    assert.same(
      ['send_data_test: this would be sent: {"a":1}', 'send_data_test: this would be sent: {"b":2}'],
      lines,
    );
  });
});

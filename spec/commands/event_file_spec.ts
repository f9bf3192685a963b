// Files of events, as they are recorded and as people write them.
import { readEvents } from "../../src/commands/event_file";

/** The fields of an event, whatever its kind. */
type Fields = Readonly<Record<string, unknown>>;

describe("a file of events", () => {
  it("is read line by line; empty lines and those that steer brokerhost are passed over", () => {
    const { events, problems } = readEvents(
      '{"_type":65565,"host_id":1}\n\n{"control":"flush"}\n  \n{"category":1,"element":32,"host_id":2}',
    );
    assert.same([], problems);
    assert.same(
      [
        [1, 65565, 1, 29, 1],
        [5, 65568, 1, 32, 2],
      ],
      events.map(({ line, event }) => {
        const { _type, category, element, host_id } = event as unknown as Fields;
        return [line, _type, category, element, host_id];
      }),
    );
  });

  it("may leave out of a status what has a default", () => {
    const [status] = readEvents('{"_type":65565}').events;
    const fields = status?.event as unknown as Fields;
    assert.same(
      [0, 0, 0, 0, false, ""],
      ["state", "state_type", "acknowledgement_type", "scheduled_downtime_depth", "flapping", "output"].map(
        (name) => fields[name],
      ),
    );
    // What an adaptive status does not carry has not changed.
    const [adaptive] = readEvents('{"_type":65591}').events;
    assert.is_nil((adaptive?.event as unknown as Fields)["scheduled_downtime_depth"]);
  });

  it("tells the time by its newest event, and never backwards", () => {
    const { events } = readEvents(
      '{"_type":1}\n{"_type":65565,"last_check":50}\n{"_type":65581,"entry_time":40}\n{"_type":2,"last_update":60}',
    );
    assert.same(
      [0, 50, 50, 60],
      events.map(({ time }) => time),
    );
  });

  it("does not tell of each line where it is a file of something else", () => {
    const { problems } = readEvents(string.rep("Nov 27 02:41:26 central cbd[1]: hello\n", 1000));
    assert.equal(21, problems.length);
    assert.equal("and so on: 1000 lines cannot be read", problems[20]);
  });

  it("tells where it cannot be read, and of the rest all the same", () => {
    const { events, problems } = readEvents('{"_type":\n[]\n7\n{"state":1}\n{"_type":65565}');
    assert.equal(1, events.length);
    assert.equal(4, problems.length);
    assert.equal("line 3: it is not a JSON object", problems[2]);
    for (const [index, problem] of ipairs(problems))
      assert.equal(1, string.find(problem, `line ${index}: `, 1, true)[0]);
  });
});

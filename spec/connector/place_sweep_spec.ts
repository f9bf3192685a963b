// The sweep over the places: each is read within some turns, also when it is wanted anew meanwhile.
import type { Alert } from "../../src/alerts/alert";
import { createPlaceSweep } from "../../src/connector/place_sweep";
import { placeWith, serviceOf } from "../support/alerts";
import { createScene } from "../support/scene";

describe("a sweep over the places", () => {
  /** A book with 25 problems, and what their poller is called now. */
  const begin = () => {
    let poller = "one";
    const scene = createScene({}, { placeOf: () => placeWith({ poller }) });
    for (const id of $range(1, 25)) scene.service({ resource: serviceOf(1, id) });
    scene.sent();
    const count = (): number => {
      let current = 0;
      scene.book.eachAlert(({ place }) => {
        if (place?.poller === poller) current = current + 1;
      });
      return current;
    };
    return {
      scene,
      sweep: createPlaceSweep(scene.book),
      count,
      pollerIs: (name: string) => {
        poller = name;
      },
    };
  };

  it("reads all of them in turns, and then no more", () => {
    const { sweep, count, pollerIs } = begin();
    assert.is_false(sweep.isUnderWay());
    pollerIs("two");
    sweep.begin();
    for (const expected of [10, 20, 25]) {
      assert.is_true(sweep.isUnderWay());
      sweep.turn(10);
      assert.equal(expected, count());
    }
    assert.is_false(sweep.isUnderWay());
  });

  it("reads all of them again when that is wanted meanwhile", () => {
    const { sweep, count, pollerIs } = begin();
    pollerIs("two");
    sweep.begin();
    sweep.turn(10);
    pollerIs("three");
    sweep.begin();
    let turns = 0;
    while (sweep.isUnderWay() && turns < 10) {
      turns = turns + 1;
      sweep.turn(10);
    }
    assert.equal(25, count());
  });

  it("comes to its end however often it is wanted", () => {
    const { sweep, count, pollerIs } = begin();
    pollerIs("two");
    for (const _ of $range(1, 3)) {
      sweep.begin();
      sweep.turn(10);
    }
    assert.equal(25, count());
  });

  it("lets alone what is forgotten meanwhile, and reads what is about to be told before its turn", () => {
    const { scene, sweep, pollerIs } = begin();
    const alert = scene.book.findAlert(serviceOf(1, 1)) as Alert;
    pollerIs("two");
    sweep.readBefore(alert);
    assert.equal("one", alert.place?.poller);
    sweep.begin();
    sweep.readBefore(alert);
    assert.equal("two", alert.place?.poller);
    sweep.turn(1);
    scene.book.eachAlert(({ resource }) => {
      scene.service({ resource, state: 0 });
    });
    scene.sent();
    pollerIs("three");
    scene.reported();
    sweep.turn(100);
    assert.same([], scene.reported());
    assert.is_false(sweep.isUnderWay());
  });
});

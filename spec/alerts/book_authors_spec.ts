// Whose acknowledgements count: the author comes with an event of its own, before or after the status that says that
// the problem is acknowledged. Nobody's acknowledgement may cost a page because its author is not known.
import type { Alert } from "../../src/alerts/alert";
import { type NameLists, authorRejection } from "../../src/rules/filter";
import { OK, WARNING, serviceOf } from "../support/alerts";
import { NOTHING_REMEMBERED, type Step, createScene, story } from "../support/scene";

const SERVICE = serviceOf(1, 2);

const ONLY_ALICE = { accepted: ["alice"], rejected: [] };
const NOT_BOB = { accepted: [], rejected: ["bob"] };

function portsFor(authors: NameLists) {
  return {
    acknowledgementRejectionOf: ({ acknowledgement }: Alert) =>
      authorRejection(authors, acknowledgement?.isPast === true ? undefined : acknowledgement?.author),
  };
}

function noteBy(author: string, ...sent: string[]): Step {
  return [
    `the event of ${author}'s acknowledgement`,
    ({ book }) => book.noteAcknowledgement(SERVICE, { author, comment: "on it" }),
    ...sent,
  ];
}

function status(isAcknowledged: boolean, ...sent: string[]): Step {
  return [
    isAcknowledged ? "a status: acknowledged" : "a status: not acknowledged",
    ({ adaptive }) => adaptive(SERVICE, { isAcknowledged }),
    ...sent,
  ];
}

const critical: Step = ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"];
const recovery: Step = ["OK", ({ service }) => service({ state: OK }), "resolve 1_2"];

for (const [what, authors] of [
  ["accepted_authors", ONLY_ALICE],
  ["rejected_authors", NOT_BOB],
] as const) {
  const ports = portsFor(authors);
  const inTime: [what: string, steps: Step[]][] = [
    [
      "counts one of alice, whose event comes before the status",
      [critical, noteBy("alice"), status(true, "acknowledge 1_2"), recovery, NOTHING_REMEMBERED],
    ],
    [
      "counts one of alice, whose event comes after the status",
      [critical, status(true), noteBy("alice", "acknowledge 1_2"), recovery, NOTHING_REMEMBERED],
    ],
    [
      "does not count one of bob, whose event comes before the status",
      [critical, noteBy("bob"), status(true), recovery, NOTHING_REMEMBERED],
    ],
    [
      "does not count one of bob, whose event comes after the status",
      [critical, status(true), noteBy("bob"), recovery, NOTHING_REMEMBERED],
    ],
    [
      "takes it for bob's no longer when alice acknowledges, too",
      [critical, noteBy("bob"), status(true), noteBy("alice", "acknowledge 1_2"), recovery],
    ],
    [
      "does not take the next one for alice's because the one before was",
      [
        critical,
        noteBy("alice"),
        status(true, "acknowledge 1_2"),
        status(false),
        ["worse is not possible, so nothing", ({ service }) => service({ isAcknowledged: true })],
        noteBy("bob"),
        recovery,
      ],
    ],
    [
      "pages a problem that bob acknowledged before it became HARD",
      [
        ["SOFT", ({ service }) => service({ isHard: false, lastHardState: OK })],
        noteBy("bob"),
        ["HARD", ({ service }) => service({ isAcknowledged: true }), "trigger critical 1_2"],
      ],
    ],
    [
      "does not page one that alice acknowledged before it became HARD",
      [
        ["SOFT", ({ service }) => service({ isHard: false, lastHardState: OK })],
        noteBy("alice"),
        ["HARD", ({ service }) => service({ isAcknowledged: true })],
        status(false, "trigger critical 1_2"),
      ],
    ],
    [
      "pages one that is first seen acknowledged, nobody knows by whom",
      [["CRITICAL", ({ service }) => service({ isAcknowledged: true }), "trigger critical 1_2"]],
    ],
    [
      "forgets in time who acknowledged a problem that never became one",
      [
        noteBy("alice"),
        ["hours pass", ({ pass }) => pass(3600)],
        [
          "somebody else's",
          ({ book }) => book.noteAcknowledgement(serviceOf(7, 7), { author: "alice", comment: "" }),
        ],
        ["hours pass", ({ pass }) => pass(3600)],
        [
          "somebody else's",
          ({ book }) => book.noteAcknowledgement(serviceOf(7, 8), { author: "alice", comment: "" }),
        ],
        ["CRITICAL", ({ service }) => service({ isAcknowledged: true }), "trigger critical 1_2"],
      ],
    ],
    [
      "holds a problem in a downtime all the same",
      [
        noteBy("bob"),
        ["CRITICAL", ({ service }) => service({ isAcknowledged: true, downtimeDepth: 1 })],
        ["the end", ({ adaptive }) => adaptive(SERVICE, { downtimeDepth: 0 }), "trigger critical 1_2"],
      ],
    ],
    [
      "lets a problem that bob acknowledged get worse",
      [
        ["WARNING", ({ service }) => service({ state: WARNING }), "trigger warning 1_2"],
        noteBy("bob"),
        status(true),
        ["CRITICAL", ({ service }) => service({ isAcknowledged: true }), "trigger critical 1_2"],
      ],
    ],
  ];
  describe(`an acknowledgement, with ${what},`, () => {
    for (const [spec, steps] of inTime) it(spec, story(steps, {}, ports));
  });
}

describe("the log", () => {
  it("says whose acknowledgement does not count, and why", () => {
    const { book, service, adaptive, said } = createScene({}, portsFor(NOT_BOB));
    service();
    adaptive(SERVICE, { isAcknowledged: true });
    book.noteAcknowledgement(SERVICE, { author: "bob", comment: "" });
    assert.same(
      [
        "1_2: its acknowledgement does not count: nobody knows whose it is",
        "1_2: its acknowledgement does not count: bob is in rejected_authors",
      ],
      said(),
    );
  });
});

describe("who acknowledged last", () => {
  it("is no news when it is told again", () => {
    const { book, service, adaptive, reported } = createScene();
    service();
    adaptive(SERVICE, { isAcknowledged: true });
    const tell = (at: number): string[] => {
      reported();
      book.noteAcknowledgement(SERVICE, { author: "alice", comment: "on it", at });
      return reported();
    };
    assert.same(["1_2"], tell(100));
    assert.same([], tell(100));
    assert.same(["1_2"], tell(200));
  });

  it("stays with the alert when the acknowledgement has ended", () => {
    const { book, service, adaptive } = createScene();
    service();
    book.noteAcknowledgement(SERVICE, { author: "alice", comment: "on it" });
    adaptive(SERVICE, { isAcknowledged: true });
    adaptive(SERVICE, { isAcknowledged: false });
    assert.same(
      { author: "alice", comment: "on it", isPast: true },
      book.findAlert(SERVICE)?.acknowledgement,
    );
  });
});

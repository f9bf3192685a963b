// pagerduty/notes: the notes and addresses of Centreon, as a responder reads them.
import { actionUrlOf, notesOf, notesUrlOf } from "../../src/pagerduty/notes";
import { type Some, alertFor, alertSaying, hostOf } from "../support/alerts";

const CONFIGURED: Some = {
  hostName: "web-01",
  serviceDescription: "HTTP checkout",
  hostAlias: "Web server 1",
  hostAddress: "192.0.2.11",
  notes: "rack of $HOSTALIAS$, $SERVICESTATE$, $OTHER$",
  notesUrl: "https://wiki.example/$HOSTNAME$/$SERVICEDESC$",
  actionUrl: "https://act.example/?ip=$HOSTADDRESS$&state=$HOSTSTATE$",
};

describe("notes and addresses", () => {
  it("have their macros expanded, as Centreon's pages show them", () => {
    const alert = alertSaying(CONFIGURED);
    assert.equal("rack of Web server 1, CRITICAL, $OTHER$", notesOf(alert));
    assert.equal("https://wiki.example/web-01/HTTP%20checkout", notesUrlOf(alert));
    assert.equal("https://act.example/?ip=192.0.2.11&state=$HOSTSTATE$", actionUrlOf(alert));
  });

  it("of a host have the host's state, and nothing of a service", () => {
    const alert = alertSaying(
      { ...CONFIGURED, serviceDescription: "", stateName: "DOWN" },
      alertFor(hostOf(11)),
    );
    assert.equal("rack of Web server 1, $SERVICESTATE$, $OTHER$", notesOf(alert));
    assert.equal("https://act.example/?ip=192.0.2.11&state=DOWN", actionUrlOf(alert));
  });
});

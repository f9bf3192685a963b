// `smoke`, `fire` and `clear`: what an administrator tries before trusting the way to PagerDuty.
import {
  type Configuration,
  type OutputSetup,
  type Run,
  type RunOptions,
  assertLine,
  assertNowhere,
  runCommand,
  writeConfiguration,
} from "../support/commands";
import { type Incident, inShort } from "../support/incidents";
import { REFUSING_URL } from "../support/ports";
import { outputOf, temporaryPath } from "../support/process";
import { useSandbox } from "../support/sandbox";

const KEY = "0123456789abcdef0123456789abcdef";
const TEAM_KEY = "fedcba9876543210fedcba9876543210";

const sandbox = useSandbox();
let configuration: Configuration | undefined;

/** Runs a command for an output with these parameters. */
function run(
  words: readonly string[],
  parameters: OutputSetup["parameters"] = {},
  options: RunOptions = {},
): Run {
  configuration?.remove();
  configuration = writeConfiguration({
    parameters: { pdy_routing_key: KEY, http_server_url: `${sandbox.url}/v2/enqueue`, ...parameters },
  });
  const result = runCommand([...words, "--config", configuration.file], options);
  for (const key of [KEY, TEAM_KEY]) assertNowhere(result, key);
  return result;
}

function incidents(): string[] {
  return (sandbox.get("/sandbox/alerts") as Incident[]).map(
    (incident) => `${string.sub(incident.routing_key_end, -4)} ${inShort(incident)}`,
  );
}

describe("centreon-pagerduty", () => {
  before_each(() => {
    sandbox.remove("/sandbox");
  });
  after_each(() => {
    configuration?.remove();
    configuration = undefined;
  });

  const tls = (): OutputSetup["parameters"] => ({
    http_server_url: `${sandbox.tlsUrl}/v2/enqueue`,
    http_ca_file: sandbox.caFile,
  });

  describe("smoke", () => {
    it("sends a change event with each key, over HTTP and TLS, and pages nobody", () => {
      for (const parameters of [{}, tls()]) {
        sandbox.remove("/sandbox");
        const good = run(["smoke"], { ...parameters, pdy_routing_key_dba: TEAM_KEY });
        assert.equal(0, good.code, good.output);
        assertLine(good, "ok: ", "/v2/change/enqueue takes events with 2 routing keys");
        for (const label of ["dba", "default"])
          assertLine(good, `ok      ${label}`, "accepted a change event");
        const changes = sandbox.get("/sandbox/changes") as { readonly summary: string }[];
        assert.equal(2, changes.length);
        for (const { summary } of changes) assert.equal("TEST", string.sub(summary, 1, 4));
        assert.same([], incidents());
      }
    });

    it("tries one key only where that is asked for", () => {
      const one = run(["smoke", "--route=dba"], { pdy_routing_key_dba: TEAM_KEY });
      assert.equal(0, one.code);
      assert.equal(1, (sandbox.get("/sandbox/changes") as unknown[]).length);
      const none = run(["smoke", "--route", "nobody"]);
      assert.equal(2, none.code);
      assertLine(none, 'there is no usable routing key called "nobody"');
    });

    it("says what to do instead with the key of an event orchestration", () => {
      const orchestration = run(["smoke"], { pdy_routing_key: `R${string.sub(KEY, 2)}` });
      assert.equal(1, orchestration.code);
      assertLine(orchestration, "FAILED  default", "event orchestration", "fire --route 'default'");
      assert.same([], sandbox.get("/sandbox/requests"));
    });

    it("tells a key that PagerDuty does not know, and an address that does not answer", () => {
      sandbox.post("/sandbox/faults", { kind: "status", status: 400, body: "Invalid routing key" });
      const unknown = run(["smoke"]);
      assert.equal(1, unknown.code);
      assertLine(unknown, "FAILED  default", "Invalid routing key", "check pdy_routing_key");
      const nowhere = `${REFUSING_URL}/v2/enqueue`;
      const unreachable = run(["smoke"], { http_server_url: nowhere });
      assert.equal(1, unreachable.code);
      assertLine(
        unreachable,
        "FAILED  default",
        "COULDNT_CONNECT",
        "not sent, nothing will be retried: run check",
      );
      sandbox.post("/sandbox/faults", { kind: "status", status: 503 });
      assertLine(run(["smoke"]), "FAILED  default", "HTTP 503", "nothing will be retried: try again later");
      const strange = run(["smoke"], { http_server_url: `${sandbox.url}/gateway` });
      assert.equal(1, strange.code);
      assertLine(strange, "does not end in /enqueue");
    });
  });

  describe("fire and clear", () => {
    it("open a test alert that says what it is, and close it, over HTTP and TLS", () => {
      for (const parameters of [{}, tls()]) {
        sandbox.remove("/sandbox");
        const fired = run(["fire"], parameters);
        assert.equal(0, fired.code, fired.output);
        assertLine(fired, "ok: the test alert", "is open at PagerDuty (default): close it with clear");
        const [incident] = sandbox.get("/sandbox/alerts") as Incident[];
        assert.equal("TEST", string.sub(incident?.summary ?? "", 1, 4));
        assert.same(["cdef 2147483647_2147483647 triggered critical, 1 page"], incidents());
        const cleared = run(["clear"], parameters);
        assert.equal(0, cleared.code, cleared.output);
        assert.same(["cdef 2147483647_2147483647 resolved critical, 1 page"], incidents());
        for (const { lines } of [fired, cleared]) assert.equal(1, lines.length);
      }
    });

    it("say that they are sent though send_data_test is 1, as does smoke", () => {
      for (const command of ["smoke", "fire", "clear"]) {
        const sent = run([command], { send_data_test: 1 });
        assert.equal(0, sent.code, sent.output);
        assertLine(sent, "WARNING send_data_test: it is 1", "this test is sent all the same");
      }
      assert.same(["cdef 2147483647_2147483647 resolved critical, 1 page"], incidents());
    });

    it("do so with the key and the severity asked for, whatever the filters say of real alerts", () => {
      const parameters = {
        pdy_routing_key_dba: TEAM_KEY,
        pdy_routes: "host . -> dba",
        rejected_hosts: ".",
        accepted_hostgroups: "nothing",
        service_status: "1",
        max_buffer_size: 1000,
        pdy_summary_format: "{state}",
        send_data_test: 1,
        pdy_dedup_prefix: "site-a_",
      };
      assert.equal(0, run(["fire", "--severity", "info"], parameters).code);
      assert.equal(0, run(["fire", "--route", "dba", "--severity", "warning"], parameters).code);
      const key = "site-a_2147483647_2147483647";
      assert.same(
        [`cdef ${key} triggered info, 1 page`, `3210 ${key} triggered warning, 1 page`],
        incidents(),
      );
      assert.equal(0, run(["clear", "--route", "dba"], parameters).code);
      assert.same(
        [`cdef ${key} triggered info, 1 page`, `3210 ${key} resolved warning, 1 page`],
        incidents(),
      );
    });

    it("leave nothing behind", () => {
      const temporary = temporaryPath(".folder");
      outputOf(`mkdir ${temporary}`);
      const options = { environment: `TMPDIR=${temporary}` };
      assert.equal(0, run(["fire"], {}, options).code);
      assert.equal(0, run(["clear"], {}, options).code);
      assert.equal("", outputOf(`ls -A ${temporary}; rm -r ${temporary}`));
      const folder = configuration?.folder ?? "";
      assert.equal("central-broker.json\n", outputOf(`ls ${folder}`));
    });

    it("tell what PagerDuty, or the network, has against them", () => {
      sandbox.post("/sandbox/faults", { kind: "status", status: 400, body: "Invalid routing key", times: 0 });
      const refused = run(["fire"]);
      assert.equal(1, refused.code);
      assertLine(refused, "FAILED fire: ", "was not sent: ", "Invalid routing key", "check pdy_routing_key");
      assertLine(refused, "nothing will be retried: run check");
      sandbox.remove("/sandbox/faults");
      const nowhere = `${REFUSING_URL}/v2/enqueue`;
      const unreachable = run(["clear"], { http_server_url: nowhere });
      assert.equal(1, unreachable.code);
      assertLine(unreachable, "FAILED clear: ", "COULDNT_CONNECT", "; nothing will be retried: run check");
      for (const command of ["fire", "clear"]) {
        const failed = run([command], { http_server_url: nowhere });
        assertLine(failed, `the test alert "TEST of Centreon's alerts/no action needed" `);
        for (const part of ["next try", "2147483647"]) assertNowhere(failed, part);
      }
      assertLine(run(["fire"], { http_server_url: nowhere }), "was not sent: ");
      sandbox.post("/sandbox/faults", { kind: "delay", seconds: 3 });
      const late = run(["fire"], { http_timeout: 1 });
      assert.equal(1, late.code);
      assertLine(late, "is not confirmed: ", "OPERATION_TIMEDOUT", "nothing will be retried: run check");
      sandbox.remove("/sandbox/faults");
      const unset = run(["fire"], { pdy_routing_key: "" });
      assert.equal(1, unset.code);
      assertLine(unset, "there is no usable pdy_routing_key");
    });

    it("take only routes and severities that there are", () => {
      for (const words of [
        ["fire", "--route", "nobody"],
        ["fire", "--severity", "grave"],
      ]) {
        assert.equal(2, run(words).code);
      }
      assert.same([], sandbox.get("/sandbox/requests"));
    });
  });
});

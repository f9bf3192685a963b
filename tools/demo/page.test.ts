// The sandbox's page in a browser, as KEEP=1 make demo leaves it open, with the real connector behind it: driven by
// keyboard alone, looked at in light and dark, and on a phone. SCREENSHOT=FILE has it leave a picture.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type BrowserContextOptions, type Page, chromium } from "playwright-core";
import type { Effect } from "../install/acknowledgements.js";
import type { JsonObject } from "../sandbox/event_rules.js";
import { followUp, trigger } from "../sandbox/test_support.js";
import { startKeptDemo } from "./test_support.js";

const DESK: BrowserContextOptions = { viewport: { width: 1440, height: 1180 } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

/** WCAG 2.1, 1.4.3: the least contrast of text. */
const LEAST_CONTRAST = 4.5;

/** The recorded story's routing key, and two of its resources. */
const STORY_KEY = "BBDO3".padStart(32, "0");
const DISK_KEY = "11_23";
const SWAP_KEY = "14_27";

/** Milliseconds that the page may take to show something. The connector may be waiting for its next try by then. */
const PATIENCE = 15_000;

/** Milliseconds until a connector tries again that PagerDuty has turned away since the page was opened. */
const LONGEST_PAUSE = 60_000;

/** Opens a page, and notes what must not happen on it: errors, and requests to other addresses. */
async function openPage(context: TestContext, url: string, device: BrowserContextOptions) {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      // Chromium refuses to run as root with its sandbox.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  context.after(() => browser.close());
  const page = await browser.newPage({ ...device, colorScheme: "light" });
  page.setDefaultTimeout(PATIENCE);
  const mishaps: string[] = [];
  page.on("pageerror", ({ message }) => mishaps.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") mishaps.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:")) mishaps.push(request.url());
  });
  await page.goto(url);
  return { page, mishaps };
}

/** Sends PagerDuty an event that the connector knows nothing of. */
async function postEvent(url: string, event: JsonObject): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}v2/enqueue`, { method: "POST", headers, body: JSON.stringify(event) });
  assert.equal(response.status, 202);
}

/** What of the focused element tells it apart. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    "[document.activeElement.name, document.activeElement.textContent].filter(Boolean).join(' ')",
  );
}

/** Presses Tab, or Shift+Tab, until something has the focus that says so. */
async function tabTo(page: Page, name: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let presses = 0; presses < 100; presses += 1) {
    if ((await focused(page)).startsWith(name)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`Tab never reaches ${name}`);
}

interface Entered {
  readonly host: string;
  readonly service: string;
  /** How often to press an arrow key from CRITICAL, to the left. */
  readonly stepsLeft: number;
  readonly output: string;
  readonly isAcknowledged?: boolean;
}

/** Fills the form by keyboard alone, and sends it. */
async function sendByKeyboard(
  page: Page,
  { host, service, stepsLeft, output, isAcknowledged }: Entered,
): Promise<void> {
  const typeOver = async (text: string): Promise<void> => {
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
  };
  await tabTo(page, "host", "Shift+Tab");
  await typeOver(host);
  await page.keyboard.press("Tab");
  await typeOver(service);
  // One of the states has the focus at a time, the one that is chosen.
  await page.keyboard.press("Tab");
  while ((await page.locator("#states :checked").getAttribute("value")) !== "2")
    await page.keyboard.press("ArrowRight");
  for (let step = 0; step < stepsLeft; step += 1) await page.keyboard.press("ArrowLeft");
  await tabTo(page, "isAcknowledged");
  if ((await page.getByLabel("Acknowledged").isChecked()) !== (isAcknowledged ?? false))
    await page.keyboard.press("Space");
  await tabTo(page, "output");
  await typeOver(output);
  await page.keyboard.press("Enter");
  await page.getByText(`The connector was told of ${host}/${service}.`).waitFor();
}

async function toggleByKeyboard(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press("Space");
}

/** The incident, open or resolved, whose summary says this. */
function incident(page: Page, state: string, summary: string) {
  return page.locator(`.incident.${state}`, { hasText: summary });
}

/** Texts whose contrast with what they lie on is too low, and how many texts there were. */
function lookAtContrast(page: Page): Promise<{ texts: number; weak: string[] }> {
  return page.evaluate<{ texts: number; weak: string[] }>(`(() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = (color) => {
      const [red, green, blue] = channels(color).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = (element) => {
      const color = getComputedStyle(element).backgroundColor;
      return channels(color)[3] === 0 ? ground(element.parentElement) : color;
    };
    const weak = [];
    let texts = 0;
    for (const element of document.querySelectorAll("body *")) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
      if (!hasText || !element.checkVisibility()) continue;
      texts += 1;
      const [light, dark] = [getComputedStyle(element).color, ground(element)].map(luminance).sort((a, b) => b - a);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < ${LEAST_CONTRAST}) weak.push(contrast.toFixed(2) + " " + element.textContent);
    }
    return { texts, weak };
  })()`);
}

test("a responder's evening, by keyboard, in light and dark", { timeout: 120_000 }, async (context) => {
  const demo = await startKeptDemo(context);
  const { page, mishaps } = await openPage(context, demo.url, DESK);
  const openCount = page.locator("#open-count");
  const untilOpen = (count: number): Promise<void> =>
    openCount.getByText(`${count}`, { exact: true }).waitFor();

  // What the stories left behind.
  await page.locator("#live.on").waitFor();
  await untilOpen(4);
  await incident(page, "triggered.high", "db-02/MySQL connections: CRITICAL").waitFor();

  // The form comes first.
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "host");

  // An incident appears as its event is sent, and is acknowledged.
  const load = {
    host: "web-01",
    service: "Load",
    stepsLeft: 0,
    output: "LOAD CRITICAL - load average: 12.71",
  };
  await sendByKeyboard(page, load);
  await untilOpen(5);
  await incident(
    page,
    "triggered.high",
    "web-01/Load: CRITICAL - LOAD CRITICAL - load average: 12.71",
  ).waitFor();
  await page
    .locator("#announcement", { hasText: "triggered, high urgency: web-01/Load: CRITICAL" })
    .waitFor();
  await sendByKeyboard(page, { ...load, isAcknowledged: true });
  await incident(page, "acknowledged", "load average: 12.71").waitFor();
  await sendByKeyboard(page, load);
  await page.locator("#check-result", { hasText: "cannot take an acknowledgement back" }).waitFor();
  await page.locator("#timeline .centreon", { hasText: "cannot take an acknowledgement back" }).waitFor();

  // A warning is of low urgency, and below what is urgent.
  await sendByKeyboard(page, {
    host: "db-02",
    service: "Ping",
    stepsLeft: 1,
    output: "PING WARNING - rta 180 ms",
  });
  await untilOpen(6);
  await incident(page, "triggered.low", "db-02/Ping: WARNING").waitFor();
  assert.match((await page.locator(".incident").nth(4).textContent()) ?? "", /low urgency.*db-02\/Ping/);

  // While PagerDuty fails, an alert waits.
  const late = "web-01/HTTP checkout: CRITICAL - HTTP CRITICAL - no answer within 10 s";
  await toggleByKeyboard(page, "503 errors");
  await page.getByText("Every request is answered 503.").waitFor();
  await sendByKeyboard(page, {
    host: "web-01",
    service: "HTTP checkout",
    stepsLeft: 0,
    output: "HTTP CRITICAL - no answer within 10 s",
  });
  const timeline = page.locator("#timeline");
  await timeline
    .locator(".pagerduty", { hasText: "trigger web-01/HTTP checkout, critical" })
    .getByText("503")
    .first()
    .waitFor();
  await timeline
    .locator(".connector", { hasText: "web-01/HTTP checkout was not accepted" })
    .first()
    .waitFor();
  assert.equal(await openCount.textContent(), "6");
  assert.equal(await incident(page, "triggered", late).count(), 0);

  // Every text can be read, in light and dark, with an incident folded out and a fault on.
  const disk = "triggeredhigh urgencyweb-01/Disk-/var";
  const foldedOut = page.locator(".incident > [open]").getByText("Web server 1");
  await tabTo(page, disk);
  await page.keyboard.press("Enter");
  await foldedOut.waitFor();
  const colors: string[] = [];
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { texts, weak } = await lookAtContrast(page);
    assert.ok(texts > 100, `${texts} texts`);
    assert.deepEqual(weak, [], colorScheme);
    colors.push(await page.evaluate<string>("getComputedStyle(document.body).backgroundColor"));
  }
  assert.notEqual(colors[0], colors[1]);

  const picture = process.env["SCREENSHOT"];
  if (picture !== undefined) {
    await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
    await page.screenshot({ path: picture });
  }

  // A responder acknowledges and resolves; the focus stays with the incident when a button goes.
  await tabTo(page, "triggeredhigh urgencybücher & söhne/Swap", "Shift+Tab");
  await tabTo(page, "Acknowledge");
  await page.keyboard.press("Enter");
  await incident(page, "acknowledged", "acknowledged by Sam Rivera").waitFor();
  assert.match(await focused(page), /^acknowledgedhigh urgencybücher & söhne\/Swap/);
  await tabTo(page, "triggeredhigh urgencydb-02/MySQL", "Shift+Tab");
  await tabTo(page, "Resolve");
  await page.keyboard.press("Enter");
  await incident(page, "resolved", "resolved by Sam Rivera").waitFor();
  assert.match(await focused(page), /^resolvedhigh urgencydb-02\/MySQL/);
  await timeline.locator(".responder", { hasText: "Sam Rivera resolves db-02/MySQL connections" }).waitFor();
  await untilOpen(5);

  // Times have ages beside them, and ages grow.
  const age = timeline.locator(".responder .age").first();
  await age.getByText(/^[1-9]\d* s ago$/).waitFor();

  // When it no longer fails, the alert arrives without being sent again, and its recovery resolves it.
  await tabTo(page, "503 errors", "Shift+Tab");
  await page.keyboard.press("Space");
  await page.getByText("All is well").waitFor();
  // The next try may be as far away again as the failure has lasted.
  await incident(page, "triggered.high", late).waitFor({ timeout: LONGEST_PAUSE });
  await untilOpen(6);
  await sendByKeyboard(page, { host: "web-01", service: "HTTP checkout", stepsLeft: 2, output: "HTTP OK" });
  await incident(page, "resolved", late).waitFor();
  await untilOpen(5);

  // Centreon's recovery of what a person has resolved meets nothing, and says so.
  await sendByKeyboard(page, { host: "db-02", service: "MySQL connections", stepsLeft: 2, output: "OK" });
  await timeline
    .locator(".pagerduty", { hasText: "resolve db-02/MySQL connections" })
    .getByText("202, met nothing")
    .waitFor();

  // What others wrote stays text, and what comes takes away neither the focus nor what is folded out.
  await tabTo(page, disk);
  const payload = {
    summary: `<img src=x onerror="document.title='hit'">`,
    source: "<b>db01</b>",
    severity: "critical",
    custom_details: { "<i>": [{ "<u>": "<script>document.title='hit'</script>" }] },
  };
  const links = [{ href: "javascript:document.title='hit'", text: "Runbook" }];
  await postEvent(demo.url, trigger("hostile", { payload, links }));
  const hostile = incident(page, "triggered.high", payload.summary);
  await hostile.waitFor();
  assert.equal(await page.title(), "PagerDuty sandbox");
  for (const dedup_key of [DISK_KEY, SWAP_KEY])
    await postEvent(demo.url, followUp("acknowledge", dedup_key, STORY_KEY));
  await incident(page, "acknowledged", "web-01/Disk-/var").waitFor();
  await incident(page, "acknowledged", "bücher & söhne/Swap").waitFor();
  assert.match(await focused(page), /^acknowledgedhigh urgencyweb-01\/Disk-\/var/);
  await postEvent(demo.url, followUp("resolve", DISK_KEY, STORY_KEY));
  await incident(page, "resolved", "web-01/Disk-/var").waitFor();
  assert.match(await focused(page), /^resolvedhigh urgencyweb-01\/Disk-\/var/);
  assert.ok(await foldedOut.isVisible());
  await hostile.locator("summary").click();
  await hostile.getByText("<script>document.title='hit'</script>").waitFor();
  await hostile.getByText("Runbook: javascript:document.title='hit'").waitFor();
  assert.equal(await page.locator("main :is(img, script, b, i, u, a[href^=javascript])").count(), 0);

  // Starting over asks first.
  const answers = [false, true];
  page.on("dialog", (dialog) => (answers.shift() === true ? dialog.accept() : dialog.dismiss()));
  await tabTo(page, "Start over", "Shift+Tab");
  await page.keyboard.press("Enter");
  assert.notEqual(await openCount.textContent(), "0");
  await page.keyboard.press("Enter");
  await page.getByText("Nothing is open. Nobody is paged.").waitFor();
  await page.getByText("No event has come yet.").waitFor();

  assert.deepEqual(mishaps, []);
  assert.equal(await demo.interrupt(), 0);
  await page.getByText("the sandbox does not answer").waitFor();
});

test("on a phone", { timeout: 120_000 }, async (context) => {
  const demo = await startKeptDemo(context);
  const { page, mishaps } = await openPage(context, demo.url, PHONE);
  await page.locator("#live.on").waitFor();
  const topOf = (selector: string): Promise<number> =>
    page.evaluate<number>(`document.querySelector("${selector}").getBoundingClientRect().top`);
  const isTooWide = (): Promise<boolean> =>
    page.evaluate<boolean>("document.documentElement.scrollWidth > 390 || innerWidth > 390");

  // The form first, then what is open, then the latest events; what is over is folded in.
  await incident(page, "triggered", "bücher & söhne/Swap").waitFor();
  const order = ["#check", "#open", "#timeline"];
  const tops = await Promise.all(order.map(topOf));
  assert.deepEqual(
    tops,
    [...tops].sort((left, right) => left - right),
  );
  assert.equal(await incident(page, "resolved", "web-01/Load").first().isVisible(), false);
  await page.locator("#resolved-fold > summary").tap();
  await incident(page, "resolved", "web-01/Load").first().waitFor();

  // A SOFT problem explains itself, and the longest output scrolls in itself.
  const output = `LOAD CRITICAL - ${"a plugin that says a lot, ".repeat(150)}`;
  await page.getByLabel("Host").fill("web-01");
  await page.getByLabel("Service").fill("Load");
  await page.getByLabel("Output of the check").fill(output);
  await page.locator("label", { hasText: "Soft" }).tap();
  await page.getByText("Send to the connector").tap();
  await page.locator("#check-result", { hasText: "SOFT: Centreon is not sure yet" }).waitFor();
  await page.locator("label", { hasText: "Hard" }).tap();
  await page.getByText("Send to the connector").tap();
  const opened = incident(page, "triggered", "web-01/Load: CRITICAL");
  await opened.locator("summary").tap();
  await opened.getByText("Custom details").waitFor();
  const longTexts = await page.evaluate<[number, number][]>(`
    [...document.querySelectorAll(".incident > [open] :is(.text, dd)")]
      .filter((element) => element.textContent.includes("a plugin that says a lot, a plugin"))
      .map((element) => [element.scrollHeight, element.clientHeight])`);
  assert.equal(longTexts.length, 2);
  for (const [whole, shown] of longTexts) {
    assert.ok(shown > 100 && shown < 300 && whole > shown, `${shown} of ${whole} pixels`);
  }

  // Every line of the timeline has the whole width for its text; nothing is wider than the screen.
  const widths = await page.evaluate<number[]>(
    '[...document.querySelectorAll("#timeline .text")].map((text) => text.getBoundingClientRect().width)',
  );
  assert.ok(widths.length > 10 && Math.min(...widths) > 300, widths.join(", "));
  assert.equal(await isTooWide(), false);

  await opened.getByRole("button", { name: "Acknowledge" }).tap();
  await incident(page, "acknowledged", "acknowledged by Sam Rivera").waitFor();
  assert.deepEqual(mishaps, []);
});

test(
  "what is acknowledged on the page stands in Centreon, until it ends there",
  { timeout: 120_000 },
  async (context) => {
    const demo = await startKeptDemo(context);
    const { page, mishaps } = await openPage(context, demo.url, DESK);
    const effects = async () =>
      (await (await fetch(`${demo.url}sandbox/centreon_effects`)).json()) as Effect[];
    const saidByCentreon = (text: string) => page.locator("#timeline .centreon", { hasText: text });
    const incidentOf = (state: string) => incident(page, state, "web-01/Load: CRITICAL");

    await sendByKeyboard(page, { host: "web-01", service: "Load", stepsLeft: 0, output: "LOAD CRITICAL" });
    await incidentOf("triggered").getByRole("button", { name: "Acknowledge" }).click();
    await saidByCentreon("web-01/Load: acknowledged by connector: Sam Rivera (PagerDuty #").waitFor();
    const [effect] = await effects();
    assert.equal(effect?.action, "acknowledge");
    assert.equal(effect.is_sticky, true);
    assert.deepEqual(effect.resource, { type: "service", id: 22, parent: { id: 11 } });

    // Only of what came back to it as an event the connector knows that it may take it back.
    await incidentOf("acknowledged").getByRole("button", { name: "Un-acknowledge" }).click();
    await saidByCentreon("web-01/Load: acknowledgement taken back by connector").waitFor();
    assert.deepEqual(
      (await effects()).map(({ action }) => action),
      ["acknowledge", "disacknowledge"],
    );
    assert.deepEqual(mishaps, []);
  },
);

test("what people do with an incident beyond that", { timeout: 120_000 }, async (context) => {
  const demo = await startKeptDemo(context);
  const { page, mishaps } = await openPage(context, demo.url, DESK);
  for (const dedup_key of ["first", "second"]) {
    const payload = { summary: `db01: ${dedup_key}`, source: "db01", severity: "critical" };
    await postEvent(demo.url, trigger(dedup_key, { payload }));
  }
  const first = (state: string) => incident(page, state, "db01: first");
  await first("triggered").getByRole("button", { name: "Acknowledge" }).click();
  await first("acknowledged").getByRole("button", { name: "Un-acknowledge" }).click();
  await first("triggered").getByText("triggered again by Sam Rivera").waitFor();
  await first("triggered").getByText("paged 2 times").waitFor();

  // What is being typed stays when something comes.
  const submit = async (label: string, text: string): Promise<void> => {
    await first("triggered").getByLabel(label).fill(text);
    await page.keyboard.press("Enter");
  };
  await first("triggered").locator("summary").click();
  await first("triggered").getByLabel("Note").fill("disk is being ");
  await postEvent(demo.url, trigger("first"));
  await first("triggered").locator(".log li", { hasText: "trigger" }).nth(1).waitFor();
  await page.keyboard.type("replaced");
  await page.keyboard.press("Enter");
  await first("triggered").locator("dd", { hasText: "disk is being replaced" }).waitFor();
  await submit("Reassign to", "Kim Okafor");
  await first("triggered").locator("dd", { hasText: "Kim Okafor" }).waitFor();

  const remark = (await incident(page, "triggered", "db01: second").locator(".remark").textContent()) ?? "";
  await submit("Merge into incident", /^#(\d+)/.exec(remark)?.[1] ?? "");
  await first("resolved").getByText("merged into #").waitFor();
  await incident(page, "triggered", "db01: second").getByText("2 alerts").waitFor();
  assert.deepEqual(mishaps, []);
});

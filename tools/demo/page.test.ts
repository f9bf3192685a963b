// The sandbox's page in a browser, as KEEP=1 make demo leaves it open, with the real connector behind it: driven by
// keyboard alone, looked at in light and dark. SCREENSHOT=FILE has it leave a picture.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Page, chromium } from "playwright-core";
import type { JsonObject } from "../sandbox/event_rules.js";
import { followUp, trigger } from "../sandbox/test_support.js";
import { startKeptDemo } from "./test_support.js";

const SIZE = { width: 1440, height: 1180 };

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
async function openPage(context: TestContext, url: string) {
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
  const page = await browser.newPage({ viewport: SIZE, colorScheme: "light" });
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
  const { page, mishaps } = await openPage(context, demo.url);
  const openCount = page.locator("#open-count");
  const untilOpen = (count: number): Promise<void> =>
    openCount.getByText(`${count}`, { exact: true }).waitFor();

  // What the stories left behind.
  await page.locator("#live.on").waitFor();
  await untilOpen(4);
  await incident(page, "triggered.high", "db-02/MySQL connections: CRITICAL").waitFor();

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
  const foldedOut = page.locator("details[open]").getByText("Web server 1");
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

  // When it no longer fails, the alert arrives without being sent again, and its recovery resolves it.
  await toggleByKeyboard(page, "503 errors");
  await page.getByText("All is well").waitFor();
  // The next try may be as far away again as the failure has lasted.
  await incident(page, "triggered.high", late).waitFor({ timeout: LONGEST_PAUSE });
  await untilOpen(7);
  await sendByKeyboard(page, { host: "web-01", service: "HTTP checkout", stepsLeft: 2, output: "HTTP OK" });
  await incident(page, "resolved", late).waitFor();
  await untilOpen(6);

  // What others wrote stays text, and what comes takes away neither the focus nor what is folded out.
  await tabTo(page, disk, "Shift+Tab");
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

  assert.deepEqual(mishaps, []);
  assert.equal(await demo.interrupt(), 0);
  await page.getByText("the sandbox does not answer").waitFor();
});

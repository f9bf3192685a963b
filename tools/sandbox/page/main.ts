// The page: listens to the sandbox, and gives each part what is told of it. What the parts show is theirs.
import { byId, keepingFocus, refreshAges } from "./dom.js";
import { showFaults } from "./faults.js";
import { showConnector } from "./form.js";
import { forgetIncidents, showIncidents } from "./incidents.js";
import { forgetTimeline, showEvents } from "./timeline.js";
import type { Told } from "./told.js";

/** The finest age is a second. */
const AGES_INTERVAL_MS = 1000;

function take(news: readonly Told[]): void {
  const isStart = news[0]?.kind === "start";
  if (isStart) {
    forgetIncidents();
    forgetTimeline();
  }
  showIncidents(
    news.filter((told) => told.kind === "incident"),
    isStart,
  );
  showEvents(news.filter((told) => told.kind === "event"));
  for (const told of news) {
    if (told.kind === "faults") showFaults(told);
    if (told.kind === "connector") showConnector(told);
  }
}

setInterval(refreshAges, AGES_INTERVAL_MS);

// On a phone the latest events come before what is over.
if (matchMedia("(width < 1000px)").matches) byId("resolved-fold").removeAttribute("open");

const live = byId("live");
// It connects again by itself.
const stream = new EventSource("/sandbox/live");
stream.onmessage = ({ data }: MessageEvent<string>) => {
  keepingFocus(() => {
    take(JSON.parse(data) as Told[]);
  });
};
stream.onopen = () => {
  live.textContent = "live";
  live.className = "on";
};
stream.onerror = () => {
  live.textContent = "the sandbox does not answer";
  live.className = "off";
};

// Centreon's API as far as it acknowledges: takes what it is asked for, and carries it out a little later, or leaves it
// out. What an acknowledgement makes of a resource is the engine's to know.
import { type Resource, UP } from "./engine";
import type { Answer } from "./rest_api";
import type { Clock } from "./world";

/** How Centreon's API fares. `late`: it takes effect long after it was taken. */
export type CentreonMode = "well" | "down" | "500" | "refuses" | "late";

/** What it is asked for. */
export interface Asked {
  readonly what: "acknowledge" | "take back";
  readonly resource: Resource;
  readonly comment: string;
}

export interface CentreonApiPorts {
  readonly clock: Clock;
  readonly resources: readonly Resource[];
  /** It takes effect. */
  readonly acknowledge: (this: void, resource: Resource, comment: string) => void;
  readonly takeBack: (this: void, resource: Resource) => void;
  readonly asked: (this: void, asked: Asked) => void;
}

export interface ModelCentreonApi {
  readonly setMode: (this: void, mode: CentreonMode) => void;
  readonly answer: (this: void, body: string) => Answer;
  /** Carries out what is due. */
  readonly settle: (this: void) => void;
}

/** Milliseconds. */
const ANSWERED_AFTER = 30;
const TAKES_EFFECT_AFTER = 1500;
const TAKES_EFFECT_LATE = 30000;

export function readAsked(body: string, resources: readonly Resource[]): Asked | undefined {
  const [type, id] = string.match(body, '"resources":%[{"type":"(%a+)","id":(%d+),');
  const [parent] = string.match(body, '"parent":{"id":(%d+)}');
  const key = type === "host" ? `${id}_H` : `${parent}_${id}`;
  const resource = resources.find((it) => it.key === key);
  if (resource === undefined) return undefined;
  const [comment] = string.match(body, '"comment":"([^"]*)"');
  const isTakenBack = string.find(body, '"disacknowledgement"', 1, true)[0] !== undefined;
  const [text] = string.gsub(comment ?? "", "\\/", "/");
  return { what: isTakenBack ? "take back" : "acknowledge", resource, comment: text };
}

export function createModelCentreonApi(ports: CentreonApiPorts): ModelCentreonApi {
  const { clock } = ports;
  let mode: CentreonMode = "well";
  let pending: { readonly asked: Asked; readonly at: number }[] = [];

  const carryOut = ({ what, resource, comment }: Asked): void => {
    const { status } = resource;
    // There must be a problem, or an acknowledgement.
    if (status === undefined) return;
    if (what === "acknowledge" && status.state !== UP) ports.acknowledge(resource, comment);
    if (what === "take back" && status.acknowledgement !== 0) ports.takeBack(resource);
  };

  return {
    setMode: (now) => {
      mode = now;
    },
    answer: (body) => {
      const answered = (status: number): Answer => ({ status, body: "", delay: ANSWERED_AFTER, headers: [] });
      const asked = readAsked(body, ports.resources);
      if (asked === undefined) return answered(404);
      ports.asked(asked);
      if (mode === "down") return answered(0);
      if (mode === "500") return answered(500);
      if (mode === "refuses" && asked.what === "acknowledge") return answered(403);
      const delay = mode === "late" ? TAKES_EFFECT_LATE : TAKES_EFFECT_AFTER;
      pending.push({ asked, at: clock.now + delay });
      return answered(204);
    },
    settle: () => {
      const due = pending.filter(({ at }) => at <= clock.now);
      if (due.length === 0) return;
      pending = pending.filter(({ at }) => at > clock.now);
      for (const { asked } of due) carryOut(asked);
    },
  };
}

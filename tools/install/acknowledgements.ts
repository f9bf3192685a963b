// Centreon's acknowledge and disacknowledge of resources, and what the engine then says of them; what an account may do and
// see. Owns the strict bodies, the rights and the record of what took effect; tokens and the other routes are centreon's
// (AcknowledgementController, UserController and EngineService of centreon/centreon).

/** A resource as a request names it: a meta-service by its own number. */
export interface ResourceName {
  type: "host" | "service" | "metaservice";
  id: number;
  /** The host of a service. */
  parent: { id: number } | null;
}

/** A resource that is monitored. */
export interface MonitoredResource extends ResourceName {
  /** By which the broker's events name it; for a host or service what its name says, if they are not given. */
  host_id?: number;
  service_id?: number;
  /** The fields of its last status event: BBDO 2 says all of it again. */
  status?: Record<string, unknown>;
}

export interface AcknowledgementSettings {
  /** The token's user. */
  author: string;
  /** Whether the account may use the API for what happens now; otherwise 403, whatever it asks for. */
  may_use_realtime: boolean;
  /** Whether it may use the API for the configuration: only then its actions are told, 403 otherwise. */
  may_use_configuration: boolean;
  /** Actions of their own, each: "Acknowledge a host" gives no right to take that back. */
  may_acknowledge_hosts: boolean;
  may_acknowledge_services: boolean;
  may_disacknowledge_hosts: boolean;
  may_disacknowledge_services: boolean;
  /** Those that the account may see; null: whatever is asked for. */
  resources: MonitoredResource[] | null;
  /**
   * `silently`: Centreon's code leaves out what is unknown or not allowed, and answers 204 all the same (read in three
   * versions of AcknowledgementController, the latest of 2025). `aloud`: 403 and 404.
   */
  refuses: "aloud" | "silently";
}

/** What a request did to one resource. */
export interface Effect {
  /** From 1. */
  number: number;
  /** ISO 8601. */
  at: string;
  action: "acknowledge" | "disacknowledge";
  resource: MonitoredResource;
  author: string;
  comment: string;
  is_sticky: boolean;
  is_notify_contacts: boolean;
  is_persistent_comment: boolean;
}

interface Answer {
  status: number;
  body?: unknown;
}

export interface AcknowledgementDesk {
  settings: AcknowledgementSettings;
  /** In order. */
  effects: Effect[];
  /** Answers a call such as `POST /monitoring/resources/acknowledge`; undefined: it is another one. */
  answer: (call: string, body: unknown) => Answer | undefined;
}

type Check = (value: unknown) => boolean;
type Shape = Record<string, Check>;

const isBoolean: Check = (value) => typeof value === "boolean";
const isText: Check = (value) => typeof value === "string";
const isId: Check = (value) => Number.isInteger(value);
const isType: Check = (value) => value === "host" || value === "service" || value === "metaservice";
const isParent: Check = (value) =>
  value === null || complaintAbout(value, "parent", { id: isId }) === undefined;

const ACKNOWLEDGEMENT: Shape = {
  comment: isText,
  is_sticky: isBoolean,
  is_notify_contacts: isBoolean,
  is_persistent_comment: isBoolean,
  with_services: isBoolean,
  force_active_checks: isBoolean,
};
const DISACKNOWLEDGEMENT: Shape = { with_services: isBoolean };
const RESOURCE: Shape = { type: isType, id: isId, parent: isParent };

const complaint = (status: number, message: string): Answer => ({ status, body: { code: status, message } });

/** What Centreon says against this object, whose fields all must be there, and no others. */
function complaintAbout(value: unknown, name: string, shape: Shape): string | undefined {
  if (typeof value !== "object" || value === null) return `[${name}] Object value found is required`;
  const fields = value as Record<string, unknown>;
  const other = Object.keys(fields).find((field) => !Object.hasOwn(shape, field));
  if (other !== undefined) return `[${name}] The property ${other} is not defined`;
  for (const [field, allows] of Object.entries(shape)) {
    if (!(field in fields)) return `[${name}.${field}] The property ${field} is required`;
    if (!allows(fields[field])) return `[${name}.${field}] ${JSON.stringify(fields[field])} is invalid`;
  }
  return undefined;
}

/** What Centreon says against a body with this part and a list of resources. */
function complaintAboutBody(body: unknown, part: string, shape: Shape): string | undefined {
  const wrong = complaintAbout(body, "body", { [part]: () => true, resources: Array.isArray });
  if (wrong !== undefined) return wrong;
  const { [part]: said, resources } = body as { resources: unknown[] } & Record<string, unknown>;
  const complaints = resources.map((each, index) => complaintAbout(each, `resources[${index}]`, RESOURCE));
  const orphan = resources.findIndex((each) => {
    const { type, parent } = (each ?? {}) as Partial<ResourceName>;
    return type === "service" && parent === null;
  });
  if (orphan >= 0)
    complaints.push(`[resources[${orphan}].parent] NULL value found, but an object is required`);
  return complaintAbout(said, part, shape) ?? complaints.find((each) => each !== undefined);
}

/** What each setting may be. */
const SETTINGS: Record<keyof AcknowledgementSettings, Check> = {
  author: isText,
  may_use_realtime: isBoolean,
  may_acknowledge_hosts: isBoolean,
  may_acknowledge_services: isBoolean,
  may_use_configuration: isBoolean,
  may_disacknowledge_hosts: isBoolean,
  may_disacknowledge_services: isBoolean,
  resources: (value) => value === null || Array.isArray(value),
  refuses: (value) => value === "aloud" || value === "silently",
};

/** Takes what a test wants otherwise; gives what is wrong with it, and then changes nothing. */
export function changeSettings(settings: AcknowledgementSettings, wanted: unknown): string[] {
  if (typeof wanted !== "object" || wanted === null) return ["settings are an object"];
  const wrong = Object.entries(wanted).filter(
    ([name, value]) =>
      !Object.hasOwn(SETTINGS, name) || !SETTINGS[name as keyof AcknowledgementSettings](value),
  );
  if (wrong.length === 0) Object.assign(settings, wanted);
  return wrong.map(([name]) => `'${name}' is unknown, or cannot be that`);
}

/** Gives a desk that nothing was asked of; `now` is in milliseconds since 1970, `onEffect` is called with each effect. */
export function createAcknowledgementDesk(
  given: Partial<AcknowledgementSettings>,
  now: () => number,
  onEffect: (effect: Effect) => void,
): AcknowledgementDesk {
  const settings: AcknowledgementSettings = {
    author: "admin",
    may_use_realtime: true,
    may_use_configuration: true,
    may_acknowledge_hosts: true,
    may_acknowledge_services: true,
    may_disacknowledge_hosts: true,
    may_disacknowledge_services: true,
    resources: null,
    refuses: "silently",
    ...given,
  };
  const effects: Effect[] = [];

  const find = (name: ResourceName): MonitoredResource | undefined =>
    settings.resources === null
      ? name
      : settings.resources.find(
          ({ type, id, parent }) => type === name.type && id === name.id && parent?.id === name.parent?.id,
        );
  const may = (action: Effect["action"], { type }: ResourceName): boolean =>
    settings[`may_${action}_${type === "host" ? "hosts" : "services"}` as const];

  const takeEffect = (
    names: readonly ResourceName[],
    effect: Pick<Effect, "action"> & Partial<Effect>,
  ): Answer => {
    if (settings.refuses === "aloud") {
      if (!names.every((name) => may(effect.action, name)))
        return complaint(403, "You are not allowed to do that");
      const unknown = names.find((name) => find(name) === undefined);
      if (unknown !== undefined) return complaint(404, `${unknown.type} ${unknown.id} not found`);
    }
    for (const name of names) {
      const resource = find(name);
      if (resource === undefined || !may(effect.action, name)) continue;
      const done: Effect = {
        number: effects.length + 1,
        at: new Date(now()).toISOString(),
        resource,
        author: settings.author,
        comment: "",
        is_sticky: false,
        is_notify_contacts: false,
        is_persistent_comment: false,
        ...effect,
      };
      effects.push(done);
      onEffect(done);
    }
    return { status: 204 };
  };

  const acknowledge = (body: unknown): Answer => {
    const wrong = complaintAboutBody(body, "acknowledgement", ACKNOWLEDGEMENT);
    if (wrong !== undefined) return complaint(400, wrong);
    const { acknowledgement, resources } = body as {
      acknowledgement: Pick<Effect, "comment" | "is_sticky" | "is_notify_contacts" | "is_persistent_comment">;
      resources: ResourceName[];
    };
    const { comment, is_sticky, is_notify_contacts, is_persistent_comment } = acknowledgement;
    return takeEffect(resources, {
      action: "acknowledge",
      // It becomes a line of the engine's command file.
      comment: comment.replaceAll('"', "").replaceAll("\n", "<br/>"),
      is_sticky,
      is_notify_contacts,
      is_persistent_comment,
    });
  };

  const disacknowledge = (body: unknown): Answer => {
    const wrong = complaintAboutBody(body, "disacknowledgement", DISACKNOWLEDGEMENT);
    if (wrong !== undefined) return complaint(400, wrong);
    return takeEffect((body as { resources: ResourceName[] }).resources, { action: "disacknowledge" });
  };

  const list = (): Answer => {
    // Without a limit that was set there is something to see.
    const result = settings.resources ?? [{ type: "host", id: 11, parent: null }];
    return { status: 200, body: { result, meta: { page: 1, limit: 10, total: result.length } } };
  };

  const actions = (): Answer => {
    if (!settings.may_use_configuration)
      return complaint(403, "You are not authorized to access this resource");
    const host = {
      acknowledgement: settings.may_acknowledge_hosts,
      disacknowledgement: settings.may_disacknowledge_hosts,
    };
    const service = {
      acknowledgement: settings.may_acknowledge_services,
      disacknowledgement: settings.may_disacknowledge_services,
    };
    return { status: 200, body: { host, service, metaservice: service } };
  };

  return {
    settings,
    effects,
    answer: (call, body) => {
      if (call === "GET /users/acl/actions") return actions();
      const answerTo =
        call === "POST /monitoring/resources/acknowledge"
          ? acknowledge
          : call === "DELETE /monitoring/resources/acknowledgements"
            ? disacknowledge
            : call === "GET /monitoring/resources"
              ? list
              : undefined;
      if (answerTo === undefined) return undefined;
      if (!settings.may_use_realtime) return complaint(403, "You are not authorized to access this resource");
      return answerTo(body);
    },
  };
}

/** `web-01/Load: acknowledged by connector: on it`; the name is the resource's. */
export function effectInWords({ action, author, comment }: Effect, name: string): string {
  return action === "acknowledge"
    ? `${name}: acknowledged by ${author}: ${comment}`
    : `${name}: acknowledgement taken back by ${author}`;
}

const ELEMENTS = {
  2: { acknowledgement: 1, host: 14, service: 24 },
  3: { acknowledgement: 45, host: 56, service: 55 },
} as const;

/**
 * The broker's events that tell of an effect: of an acknowledgement itself, and of the status that follows from it. BBDO
 * 3 tells only what changed of the status. None for a meta-service whose numbers are not known.
 */
export function eventsOf(effect: Effect, protocol: 2 | 3): Record<string, unknown>[] {
  const { action, resource, author, comment, is_sticky } = effect;
  const isHost = resource.type === "host";
  const host_id = resource.host_id ?? (isHost ? resource.id : resource.parent?.id);
  const service_id = isHost
    ? 0
    : (resource.service_id ?? (resource.parent === null ? undefined : resource.id));
  if (host_id === undefined || service_id === undefined) return [];
  const elements = ELEMENTS[protocol];
  const acknowledgement_type = action === "disacknowledge" ? 0 : is_sticky ? 2 : 1;
  // BBDO 2 leaves out what is zero.
  const ids = isHost && protocol === 2 ? { host_id } : { host_id, service_id };
  const status = {
    category: 1,
    element: isHost ? elements.host : elements.service,
    ...(protocol === 2 ? { ...resource.status, acknowledged: acknowledgement_type > 0 } : {}),
    ...(isHost ? { host_id } : ids),
    acknowledgement_type,
  };
  if (action === "disacknowledge") return [status];
  const said = {
    category: 1,
    element: elements.acknowledgement,
    ...ids,
    type: isHost ? 0 : 1,
    instance_id: 1,
    author,
    comment_data: comment,
    entry_time: Math.floor(Date.parse(effect.at) / 1000),
    ...(protocol === 3 ? { deletion_time: 0 } : {}),
    state: resource.status?.["state"] ?? (isHost ? 1 : 2),
    sticky: is_sticky,
    notify_contacts: effect.is_notify_contacts,
    persistent_comment: effect.is_persistent_comment,
  };
  return [said, status];
}

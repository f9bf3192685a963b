// Lines of events as brokerhost reads them, BBDO 3. Owns their numbers and the fields that matter; brokerhost fills in
// the rest as the broker does.

/** What a check of a host or service found. */
export interface CheckResult {
  readonly hostId: number;
  /** 0: the host itself. */
  readonly serviceId: number;
  readonly state: number;
  readonly isHard: boolean;
  readonly lastHardState: number;
  /** Unix times. */
  readonly lastCheck: number;
  readonly lastHardStateChange: number;
  readonly isAcknowledged: boolean;
  readonly downtimeDepth: number;
  /** What the plugin printed; a made-up text with performance data if not given. */
  readonly output?: string;
}

const SERVICE_STATE_NAMES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
const HOST_STATE_NAMES = ["UP", "DOWN", "UNREACHABLE"];

function idsOf({ hostId, serviceId }: Pick<CheckResult, "hostId" | "serviceId">) {
  return serviceId === 0 ? { host_id: hostId } : { host_id: hostId, service_id: serviceId };
}

/** A full status. */
export function status(result: CheckResult): string {
  const isHost = result.serviceId === 0;
  const stateName = (isHost ? HOST_STATE_NAMES : SERVICE_STATE_NAMES)[result.state] ?? "";
  const madeUp = `${stateName} - 3 of 12 backends answer, the slowest after 1240 ms, last seen at ${result.lastCheck}`;
  return JSON.stringify({
    category: 1,
    element: isHost ? 32 : 29,
    ...idsOf(result),
    state: result.state,
    state_type: result.isHard ? 1 : 0,
    last_hard_state: result.lastHardState,
    last_check: result.lastCheck,
    last_hard_state_change: result.lastHardStateChange,
    acknowledgement_type: result.isAcknowledged ? 1 : 0,
    scheduled_downtime_depth: result.downtimeDepth,
    check_attempt: result.isHard ? 3 : 1,
    output: result.output ?? madeUp,
    perfdata: result.output === undefined ? "backends=3;6;4;0;12 slowest=1240ms;500;1000;0;" : "",
  });
}

/** An adaptive status: the one field that changed. */
export function adaptiveStatus(
  ids: Pick<CheckResult, "hostId" | "serviceId">,
  change: { readonly acknowledgement_type: number } | { readonly scheduled_downtime_depth: number },
): string {
  return JSON.stringify({ category: 1, element: ids.serviceId === 0 ? 56 : 55, ...idsOf(ids), ...change });
}

/** The poller that has all hosts. */
const POLLER = 1;

/** Its engine starts at `startedAt` (Unix time); what it monitors comes between the two. */
export function engineStarts(startedAt: number): string {
  return JSON.stringify({ _type: 65580, instance_id: POLLER, running: true, start_time: startedAt });
}
export function configurationEnds(): string {
  return JSON.stringify({ _type: 65590, poller_id: POLLER });
}

/** What the broker's cache learns names from. */
export function hostDefinition(hostId: number, name = `server-${hostId}`): string {
  return JSON.stringify({
    category: 1,
    element: 30,
    instance_id: POLLER,
    host_id: hostId,
    name,
    enabled: true,
  });
}

export function serviceDefinition(
  hostId: number,
  serviceId: number,
  host_name = `server-${hostId}`,
  description = `Backend pool ${serviceId}`,
): string {
  return JSON.stringify({
    category: 1,
    element: 27,
    ...idsOf({ hostId, serviceId }),
    host_name,
    description,
    enabled: true,
  });
}

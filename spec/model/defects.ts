// Defects to be put into the shipped file on purpose: the model must find each of them. A defect is a change of its
// text; one that no longer fits is an error, so that none is lost when the source changes.

export interface Defect {
  readonly name: string;
  /** Stands exactly once in the shipped file. */
  readonly text: string;
  readonly instead: string;
  /** Of a history that shows it, where many do not: tried first. Histories that are made otherwise may not show it. */
  readonly seed?: number;
}

export const DEFECTS: readonly Defect[] = [
  {
    name: "there is no staleness: a service pages for what was known before its host came back",
    text: "if facts.staleness ~= nil then",
    instead: "if false then",
  },
  {
    name: "staleness ends with any status",
    text: "if lastCheck == staleness.lastCheckAtReturn then",
    instead: "if false then",
  },
  {
    name: "there is no maybe: an unknown outcome is taken for not accepted",
    text: "function exports.recordUnknownOutcome(alert, action, severity)",
    instead: "function exports.recordUnknownOutcome() do return end",
  },
  {
    name: "the outcome of a trigger that was repeated by libcurl is believed",
    text: "openedConnection = easy:getinfo_num_connects() > 0",
    instead: "openedConnection = false",
    seed: 5094,
  },
  {
    name: "adaptive status events are ignored",
    text: "function exports.observeAdaptive(event, resource)",
    instead: "function exports.observeAdaptive(event, resource) do return {resource = resource} end",
  },
  {
    name: "flapping is ignored",
    text: "isFlapping = event.flapping",
    instead: "isFlapping = false",
  },
  {
    name: "acknowledgements are ignored",
    text: 'if facts.isAcknowledged then\n        return "acknowledged"',
    instead: 'if false then\n        return "acknowledged"',
  },
  {
    name: "a downtime of the host does not hold its services",
    text: "if around.hostDowntimeDepth > 0 then",
    instead: "if false then",
  },
  {
    name: "a host that is not UP does not hold its services",
    text: "if around.isHostDown then",
    instead: "if false then",
  },
  {
    name: "a host behind a dead parent is not held",
    text: "if around.isBehindDownParent then",
    instead: "if false then",
  },
  {
    name: "a recovery is held in a downtime",
    text: 'return facts.flapping == "yes" and "held" or "resolved"',
    instead: 'return (facts.flapping == "yes" or facts.downtimeDepth > 0) and "held" or "resolved"',
  },
  {
    name: "a problem that gets worse is not said again",
    text: "(exports.isWorse(alert.severity, alert.deliveredSeverity) or isOutdated(alert, rules))",
    instead: "false",
  },
  {
    name: "what failed is not tried again",
    text: "offer(alert)\n        ports.actionEnded(alert)",
    instead: "ports.actionEnded(alert)",
  },
  {
    name: "an alert is sent again while it is under way",
    text: "alert.inFlight = action",
    instead: "",
  },
  {
    name: "the journal is not read",
    text: "function exports.loadJournal(path, ports)",
    instead: "function exports.loadJournal(path, ports) do return NOTHING end",
  },
  {
    name: "an action that goes out is not journaled",
    text: "actionStarts = function(alert)\n                journal.writeAlert(alert)",
    instead: "actionStarts = function(alert)",
  },
  {
    name: "hosts that are not UP are not journaled",
    text: "hostChanged = journal.writeHost",
    instead: "hostChanged = function() end",
  },
  {
    name: "a journal that could not be written any more is believed",
    text: 'ports.files.rename(path, path .. ".out-of-date")',
    instead: "",
    seed: 210,
  },
  {
    name: "without a journal nothing is thought to be open",
    text: "return not hadJournal",
    instead: "return false and not hadJournal",
    seed: 519,
  },
  {
    name: "a removed resource keeps its alert",
    text: 'ports.resolveNow(alert, "its engine does not monitor it any more")',
    instead: "do end",
  },
  {
    name: "an incident closed by hand stays closed",
    text: "return retriggerInterval > 0 and",
    instead: "return false and",
    seed: 846,
  },
  {
    name: "an acknowledged problem that gets worse pages nobody, whatever was set",
    text: " or repageOnEscalation and exports.isWorse(alert.severity, atAcknowledgement)",
    instead: "",
  },
  {
    name: "a missed recovery is not noticed",
    text: '"means a missed recovery" or "changes nothing"',
    instead: '"changes nothing" or "changes nothing"',
  },
  {
    name: "a page tells what a check said long ago",
    text: "elseif isNewState or isNewCheck and followsReport(alert) or not isDescribed(alert) then",
    instead: "elseif isNewState or not isDescribed(alert) then",
  },
  {
    name: "a name that becomes known, or another, is not read",
    text: "local function placeChanged(resource)",
    instead: "local function placeChanged() do return end",
  },
  {
    name: "what the administrator's rules have held once stays held",
    text: "local rejection = ports.rejectionOf(alert)",
    instead: "local rejection = alert.rejection or ports.rejectionOf(alert)",
  },
  {
    name: "what a restarted engine does not mention stays open",
    text: "if not isHeard and isOf(pollerId, resource) then",
    instead: "if false then",
  },
  {
    name: "what moves to another poller is resolved",
    text: 'alert.facts.goneAt = nil\n            announce(alert, "it is named again")',
    instead: 'announce(alert, "it is named again")',
  },
  {
    name: "a SOFT problem that a new poller tells is taken for a missed recovery",
    text: "local tellsOfBefore = facts.isNewToPoller ~= true or observation.state == STATE.ok",
    instead: "local tellsOfBefore = true",
  },
  {
    name: "a first sign does not wait for the check above it",
    text: 'if not isEarly(isHard, report.attempt, resource.kind == "host", facts.state) then',
    instead: "if true then",
  },
  {
    name: "a host that is SOFT DOWN does not hold its services",
    text: "host ~= nil and host.state ~= STATE.up,",
    instead: "host ~= nil and host.state ~= STATE.up and shelf.ofHost(resource.hostId) ~= nil,",
  },
  {
    name: "a parent that is SOFT DOWN does not hold what is behind it",
    text: "if not (seen[parentId] ~= nil) and not isUp(parentId) then",
    instead: "if not (seen[parentId] ~= nil) and not isUp(parentId) and shelf.ofHost(parentId) ~= nil then",
    seed: 675,
  },
  {
    name: "a sticky acknowledgement keeps what got worse from paging",
    text: "if before ~= nil and isWorse(severity, before) then",
    instead: "if false then",
    seed: 344,
  },
  {
    name: "in the first hour each check that finds a resource well is passed on",
    text: "noted.add(hostId, serviceId)",
    instead: "",
  },
  {
    name: "a roll call that was broken off counts",
    text: "local isAnew = startedAt[pollerId] ~= since",
    instead: "local isAnew = true",
    seed: 479,
  },
  {
    name: "a name that is known is replaced by one that is not",
    text: "(before and before.isKnown) == true and not read.isKnown",
    instead: "false",
    seed: 392,
  },
  {
    name: "an acknowledgement is passed on twice",
    text: 'clear(alert, "wantsAcknowledge")',
    instead: "",
  },
  {
    name: "the text does not follow the state",
    text: "return updatesState and told ~= nil and",
    instead: "return false and",
  },
  {
    name: "the text does not follow the output",
    text: "settings.actionRules.updatesOutput and isOutputNews(",
    instead: "false and isOutputNews(",
  },
  {
    name: "the output is told at each check",
    text: "if now - alert.triggeredAt < exports.UPDATE_INTERVAL then",
    instead: "if false then",
  },
  {
    name: "a journal that is old is believed",
    text: "local isOld = reading.lastAlive > 0 and",
    instead: "local isOld = false and",
    seed: 133,
  },
  {
    name: "a stopped poller's problems are triggered again",
    text: "quiet[pollerId] = true\n            return nil",
    instead: "return nil",
  },
  {
    name: "a flapping flag that is left over holds a recovery",
    text: 'return facts.flapping == "yes" and "held"',
    instead: 'return facts.flapping ~= "no" and "held"',
    seed: 772,
  },
  {
    name: "a host behind a parent that is back pages for what was known before",
    text: "if isBack and settings.suppressHostsBehindDownParents then",
    instead: "if false then",
  },
  {
    name: "an acknowledgement that is taken back pages nobody, whatever was set",
    text: "if isTakenBack and repageOnUnacknowledge then",
    instead: "if false then",
  },
  {
    name: "nothing is acknowledged again, whatever was set",
    text: "return reacknowledgeInterval > 0 and",
    instead: "return false and",
    seed: 502,
  },
  {
    name: "what people are to end is resolved",
    text: "(resolvesRecoveries or alert.isResolveOrdered == true)",
    instead: "true",
  },
  {
    name: "what a downtime has acknowledged stays so when it is over",
    text: "local isOfHold = alert.isAcknowledgedByHold == true and exports.isOpen(alert)",
    instead: "local isOfHold = false",
  },
  {
    name: "a downtime does nothing to what is open, whatever was chosen",
    text: "return downtimeAction\n",
    instead: "return nil\n",
  },
  {
    name: "acknowledgements are passed on, whatever was chosen",
    text: "if not passesOnAcknowledgements or not exports.isOpen(alert)",
    instead: "if not exports.isOpen(alert)",
  },
  {
    name: "what people are to end is taken for open for ever",
    text: "if isLeftToPeople(alert, settings.actionRules) then",
    instead: "if false then",
    seed: 879,
  },
  {
    name: "what a downtime acknowledged is left to people, and the next problem pages nobody",
    text: "alert.inFlight ~= nil or alert.isAcknowledgedByHold == true",
    instead: "alert.inFlight ~= nil",
    seed: 300744,
  },
  {
    name: "of a host that a killed broker does not know nobody knows whose it is, though it was told",
    text: "before.pollerId or owner\n",
    instead: "before.pollerId\n",
    seed: 396,
  },
  {
    name: "what the checks of an open problem said is lost with a restart, though it may be sent again",
    text: 'isNewCheck and (isExamined or alert.desired ~= "triggered")',
    instead: 'isNewCheck and alert.desired ~= "triggered"',
    seed: 604305,
  },
  {
    name: "a new acknowledgement is not passed on once a trigger was repeated",
    text: " or isTriggeredSince",
    instead: "",
    seed: 703055,
  },
  {
    name: "PagerDuty's limit is not kept to",
    text: "local WINDOW_SECONDS = 60",
    instead: "local WINDOW_SECONDS = 6",
    seed: 333,
  },
];

/** `script` with the defect in it. */
export function withDefect(script: string, { name, text, instead }: Defect): string {
  const [first, last] = string.find(script, text, 1, true);
  if (first === undefined || last === undefined)
    return error(`the defect "${name}" no longer fits: its text is gone`);
  if (string.find(script, text, last + 1, true)[0] !== undefined) {
    return error(`the defect "${name}" no longer fits: its text stands there twice`);
  }
  return string.sub(script, 1, first - 1) + instead + string.sub(script, last + 1);
}

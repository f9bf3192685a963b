// Defects of what the connector makes of what people did at PagerDuty: the model must find these, too.
import type { Defect } from "./defects";

export const PEOPLE_DEFECTS: readonly Defect[] = [
  {
    name: "what a person closed is opened anew without a later check",
    text: 'return (isByPerson or isQuiet) and "by a later check" or "at once"',
    instead: 'return "at once"',
  },
  {
    name: "what a timeout closed is never opened anew",
    text: 'return (isByPerson or isQuiet) and "by a later check" or "at once"',
    instead: 'return isByPerson and "by a later check" or "never"',
  },
  {
    name: "what a person closed stays closed whatever checks find",
    text: "if counts and state ~= STATE.ok and isClosingRefuted(alert) then",
    instead: "if false then",
  },
  {
    name: "a check made before it was closed opens it anew",
    text: "facts.lastCheck > closing.lastCheck",
    instead: "facts.lastCheck >= closing.lastCheck",
  },
  {
    name: "pdy_reopen is always",
    text: 'if choice == "never" or choice == "timeout" and isByPerson then',
    instead: "if false then",
  },
  {
    name: "a problem that gets worse than what a person closed stays closed",
    text: "-- Whoever closed it is believed, but for what is worse than what they closed.",
    instead: 'if alert.delivered == "closed" then return nil end',
    seed: 344,
  },
  {
    name: "who closed an incident is forgotten with a restart",
    text: "if fields.closed_at ~= nil then",
    instead: "if false then",
    seed: 383,
  },
  {
    name: "an incident that is not in the list is taken for closed",
    text: "gone[#gone + 1] = {id = id, keys = keys, merges = 0}",
    instead: 'for ____, key in ipairs(keys) do findings.ended[key] = {number = 0, status = "resolved"} end',
  },
  {
    name: "what PagerDuty took and has no incident of is sent again",
    text: "notSeen = #still",
    instead: 'for ____, alert in ipairs(still) do alert.delivered = "none" ports.learnt(alert) end',
    seed: 611,
  },
  {
    name: "an alert that a person closed within an incident is not missed",
    text: "local hasEnded = incident ~= nil and endedWithin",
    instead: "local hasEnded = false and endedWithin",
  },
  {
    name: "where an incident was merged into is not looked at",
    text: "standsIn[key] = incident.mergedInto",
    instead: "",
  },
  {
    name: "who acknowledged is not learnt",
    text: "if delivered == state or isUnsettled(alert) then",
    instead: "if isAcknowledged or delivered == state or isUnsettled(alert) then",
    seed: 439,
  },
  {
    name: "that it is not acknowledged any more is not learnt",
    text: "if delivered == state or isUnsettled(alert) then",
    instead: "if not isAcknowledged or delivered == state or isUnsettled(alert) then",
  },
  {
    name: "what we acknowledged is carried to Centreon",
    text: "if isPerson(by) and (last == nil or time >= last.at) then",
    instead: "if last == nil or time >= last.at then",
    seed: 1887,
  },
  {
    name: "Centreon is told again and again",
    text: 'setStep(alert, "told", nil)',
    instead: 'setStep(alert, "to tell", nil)',
    seed: 367,
  },
  {
    name: "what has ended in PagerDuty stands on in Centreon",
    text: 'elseif hasEnded then\n                setStep(alert, "to take back", author)',
    instead: "elseif false then",
  },
  {
    name: "an acknowledgement of a person in Centreon is taken back",
    text: 'return "a person"\n    end\n    return (carried.author == nil or carried.author == author) and "we" or "a person"',
    instead: 'return carried == nil and "a person" or "we"\n    end\n    return "we"',
    seed: 370,
  },
  {
    name: "an acknowledgement that came from PagerDuty is passed on to it",
    text: 'return acknowledgerOf(alert) == "we"\n    end',
    instead: "return false\n    end",
    seed: 4379,
  },
  {
    name: "an acknowledgement that came from PagerDuty is repeated there",
    text: 'time - (acknowledgedAt or 0) >= reacknowledgeInterval and acknowledgerOf(alert) ~= "we"',
    instead: "time - (acknowledgedAt or 0) >= reacknowledgeInterval",
  },
  {
    name: "who acknowledges what got worse is paged for it once more",
    text: "if isAcknowledged and facts.isAcknowledgementOutgrown == true then",
    instead: "if false then",
    seed: 1773,
  },
  {
    name: "what is found counts although an action was under way",
    text: "return (alert and alert.inFlight) ~= nil or since <= startedAt or (ended[dedupKey] or startedAt) >= since",
    instead: "return since <= startedAt",
    seed: 581,
  },
  {
    name: "what is told late is believed",
    text: "return (alert and alert.inFlight) ~= nil or since <= startedAt or (ended[dedupKey] or startedAt) >= since",
    instead: "return (alert and alert.inFlight) ~= nil or since <= startedAt",
    seed: 581,
  },
  {
    name: "Centreon is told of an acknowledgement though its problem is over, while flapping holds that",
    text: "            dropUntold(alert)\n",
    instead: "",
    seed: 703491,
  },
  {
    name: "who acknowledged what was grave is paged for it, since Centreon's acknowledgement came when it was not",
    text: "alert.deliveredSeverity or alert.acknowledgedThereAs",
    instead: "alert.deliveredSeverity",
    seed: 603789,
  },
  {
    name: "Centreon is told of an acknowledgement whose incident has made way for another one",
    text: "    exports.dropUntold(alert)\n",
    instead: "",
    seed: 908925,
  },
  {
    name: "a trigger of unknown outcome lowers the severity of what is open",
    text: 'or action == "trigger" and exports.isOpen(alert) and alert.isCertain then',
    instead: "then",
    seed: 906352,
  },
];

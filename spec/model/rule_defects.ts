// Defects in what rules, waits, hours and storms do, to be put into the shipped file as those of defects.ts are.
import type { Defect } from "./defects";

export const RULE_DEFECTS: readonly Defect[] = [
  {
    name: "the rules' file is never read again",
    text: "nextLook = now() + LOOK_INTERVAL\n            readAgain()",
    instead: "nextLook = math.huge",
  },
  {
    name: "rules that have changed say nothing of what is held already",
    text: "judgeAll = function()\n                placeSweep.begin()",
    instead: "judgeAll = function()",
    seed: 203,
  },
  {
    name: "a bad file of rules replaces the good one",
    text: "if read.problem ~= nil then\n                    return read.problem",
    instead:
      "if read.problem ~= nil then\n                    ports.use({})\n                    return read.problem",
  },
  {
    name: "the last good rules do not outlive a restart",
    text: "if copy ~= nil then\n                use(copy)",
    instead: "if copy ~= nil then",
  },
  {
    name: "the last good rules are kept once, and never again",
    text: "if problem == nil then\n            keep(text)",
    instead: "if problem == nil then",
    seed: 116,
  },
  {
    name: "rules are tried from the last one up",
    text: "chain[#chain + 1] = rule\n",
    instead: "table.insert(chain, 1, rule)\n",
  },
  {
    name: "stop is not obeyed",
    text: "if rule.stop == true then\n                        return nil",
    instead: "if false then\n                        return nil",
  },
  {
    name: "the severity that a rule says counts for nothing",
    text: 'local ____opt_1 = deciding(subject, "severity")',
    instead: "local ____opt_1",
  },
  {
    name: "of what is open no rule is asked while its state is as it was",
    text: 'settings.pdy_rules_file ~= "" or',
    instead: "",
    seed: 1813,
  },
  {
    name: "what rules say stays as it was when an acknowledgement ends",
    text: "if isAcknowledged ~= before then",
    instead: "if false then",
  },
  {
    name: "an open alert goes to another team when the rules say so",
    text: "if not isOpen(alert) and alert.inFlight == nil then\n            setRoute",
    instead: "if alert.inFlight == nil then\n            setRoute",
  },
  {
    name: "what opens once more goes to the team that it was with",
    text: "local mayOpenAnew = ",
    instead: "local mayOpenAnew = false and ",
    seed: 642,
  },
  {
    name: "the other lines of the output are its first one",
    text: "matches(linesOf(report).further)",
    instead: "matches(linesOf(report).first)",
  },
  {
    name: "line breaks that the engine writes stay as they are",
    text: "local further = string.gsub(broken,",
    instead: "local further = string.gsub(string.sub(text, beginning + ____end),",
    seed: 186,
  },
  {
    name: "a metric that is just at its bound is above it",
    text: "function(left, right) return left > right end",
    instead: "function(left, right) return left >= right end",
    seed: 570,
  },
  {
    name: "of a range of criticalities only the first one is meant",
    text: "if level >= from and level <= to then",
    instead: "if level == from then",
    seed: 389,
  },
  {
    name: "a service is as critical as its host",
    text: "known:get_severity(hostId, serviceId)",
    instead: "known:get_severity(hostId)",
    seed: 1952,
  },
  {
    name: "macros that rules look at are not taken",
    text: "needVariable(name)\n        tests",
    instead: "tests",
  },
  {
    name: "a service has its host's macro, and not its own",
    text: "if own ~= nil and own ~= false then",
    instead: "if false then",
  },
  {
    name: "service groups are those of the host",
    text: "service_group = function(place) return place.serviceGroups end",
    instead: "service_group = function(place) return place.hostGroups end",
    seed: 680,
  },
  {
    name: "the poller is the host",
    text: 'poller = function(resource, place) return resource.kind == "poller" and place.hostName or place.poller',
    instead: "poller = function(resource, place) return place.hostName",
    seed: 199,
  },
  {
    name: "the id of a category is that of a tag of any type",
    text: 'return string.format("%d %d", thingType, id)',
    instead: 'return string.format("%d", id)',
  },
  {
    name: "groups are categories, too",
    text: "return tagType == SERVICE_CATEGORY or tagType == HOST_CATEGORY",
    instead: "return true",
  },
  {
    name: "categories are those of the host",
    text: "configuration.categories(names.tags(hostId, serviceId))",
    instead: "configuration.categories(names.tags(hostId, 0))",
  },
  {
    name: "a category is called what it was called first",
    text: "elseif action ~= DELETED then",
    instead: "elseif action ~= DELETED and names[key] == nil then",
    seed: 1534,
  },
  {
    name: "a category that is gone at one poller is gone everywhere",
    text: "local isThere = (next(tellers)) ~= nil",
    instead: "local isThere = action ~= DELETED",
    seed: 2040,
  },
  {
    name: "that a category is called otherwise changes nothing for what is known",
    text: "configuration.takeTag(event)\n            placesChanged()",
    instead: "configuration.takeTag(event)",
    seed: 1534,
  },
  {
    name: "what a downtime resolved opens by the rules of before",
    text: 'alert.desired ~= "resolved" and alert.delivered == "none"',
    instead: 'alert.desired == "triggered" and alert.delivered == "none"',
    seed: 275,
  },
  {
    name: "a parent that has paged is silent once a rule says so",
    text: "alert.rejection ~= nil and not hasPaged(alert)",
    instead: "alert.rejection ~= nil",
    seed: 406,
  },
  {
    name: "a parent that a rule silences holds what is behind it",
    text: "aboveId == hostId or ports.isSilent(aboveId)",
    instead: "aboveId == hostId",
    seed: 600,
  },
  {
    name: "that a rule silences a parent, or no more, changes nothing for what is behind it",
    text: 'if resource.kind == "host" and wasRejected ~= (alert.rejection ~= nil) then',
    instead: "if false then",
    seed: 2404,
  },
  {
    name: "business views are looked at while they are being told",
    text: "return tellingSince ~= nil and os.time() - tellingSince < LONGEST_TELLING end",
    instead: "return false end",
    seed: 1436,
  },
  {
    name: "that business views are others changes nothing for what is known",
    text: "if configuration.takeDimensionSignal(event) then",
    instead: "if configuration.takeDimensionSignal(event) and false then",
    seed: 1647,
  },
  {
    name: "business views are host groups",
    text: "business_view = function(place) return place.businessViews or NONE end",
    instead: "business_view = function(place) return place.hostGroups end",
  },
  {
    name: "a business activity is in one view",
    text: "if name ~= nil then\n                found[#found + 1] = name",
    instead: "if name ~= nil then\n                found[1] = name",
    seed: 1647,
  },
  {
    name: "a business activity has no name",
    text: 'return resource.kind == "business activity" and place.hostName or nil end',
    instead: "return nil end",
    seed: 1394,
  },
  {
    name: "what others closed goes to the team that it was with",
    text: "            -- It may be sent where the rules say now.\n            examine(alert)",
    instead: "",
  },
  {
    name: "what people do to incidents of one team only is asked for",
    text: "routes[id] = route\n            add(id)",
    instead: "routes[id] = route\n            if #ids == 0 then add(id) end",
  },
  {
    name: "no problem waits",
    text: "if wait == nil or facts.problemSince == nil then",
    instead: "if true then",
  },
  {
    name: "a wait starts anew at each change of state",
    text: "if isNewProblem then\n            waits.begin(alert)",
    instead: "if isNewState then\n            waits.begin(alert)",
    seed: 2968,
  },
  {
    name: "nobody looks when a wait is over",
    text: "timedHolds.hold(resource, ____until)",
    instead: "",
  },
  {
    name: "hours never hold",
    text: "if contains(now) then",
    instead: "if false then",
  },
  {
    name: "hours end at midnight",
    text: "to = to > from and to or to + DAY",
    instead: "to = to > from and to or DAY",
  },
  {
    name: "hours are those of UTC",
    text: 'os.date("*t", unixTime)',
    instead: 'os.date("!*t", unixTime)',
  },
  {
    name: "nobody looks when hours begin or end",
    text: "local askAgainAt = ports.askAgainAt(alert)",
    instead: "local askAgainAt",
  },
  {
    name: "a storm never ends while anything of it is left",
    text: "if not storm.isRaging and storm.size < limit / LEFT_DIVISOR then\n                ____end(",
    instead: "if false then\n                ____end(",
    seed: 4399,
  },
  {
    name: "what a storm stands for is paged, too",
    text: 'setDesired(alert, isGathered and "held" or wanted, severity)',
    instead: "setDesired(alert, wanted, severity)",
    seed: 600,
  },
  {
    name: "problems of an hour are a storm",
    text: "exports.RISE_SECONDS = 60",
    instead: "exports.RISE_SECONDS = 3600",
    seed: 230,
  },
  {
    name: "one problem that is held and freed counts each time, and is a storm",
    text: "at - last.at < RISE_SECONDS",
    instead: "false",
    seed: 51293,
  },
];

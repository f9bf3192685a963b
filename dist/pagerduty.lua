-- centreon-pagerduty 0.2.0: Centreon stream connector that keeps PagerDuty equal to Centreon
-- SPDX-License-Identifier: Apache-2.0
--
-- Where it goes:   /usr/share/centreon-broker/lua/pagerduty.lua
-- Where to set it: Configuration > Pollers > Broker configuration > central-broker-master > Output,
--                  "Generic - Stream connector", with the string parameter pdy_routing_key.
-- What it needs:   Lua 5.1, 5.3, 5.4 or LuaJIT, and lua-curl (Lua-cURLv3).
--
-- Made from TypeScript by `make build`; change the source, not this file.
local ____modules = {}
local ____moduleCache = {}
local ____originalRequire = require

local function require(file, ...)
    if ____moduleCache[file] then
        return ____moduleCache[file].value
    end
    if ____modules[file] then
        local module = ____modules[file]
        local value = nil
        if (select("#", ...) > 0) then value = module(...) else value = module(file) end
        ____moduleCache[file] = { value = value }
        return value
    else
        if ____originalRequire then
            return ____originalRequire(file)
        else
            error("module '" .. file .. "' not found")
        end
    end
end
____modules = {

-- -------------------- src/broker/cache.ts --------------------
["src.broker.cache"] = function(...)
-- Names and configuration from the broker's cache: the only user of broker_cache. What is not known is undefined
-- or empty. Not to be used within init: that kills the broker (24.04 and later, measured).
local exports = {}
-- Seconds of the engine's unit of time (`interval_length`): 60, unless an administrator changed it; no event tells.
local INTERVAL_LENGTH = 60
-- `type` of a service of BBDO 3 that is an anomaly detection.
exports.ANOMALY_DETECTION = 4

-- Whether Centreon notifies of a host's state at all; undefined where the broker does not tell.
local function hostNotifiesOn(host, state)
    if state == 1 then
        return host.notify_on_down
    end
    local ____temp_0
    if state == 2 then
        ____temp_0 = host.notify_on_unreachable
    else
        ____temp_0 = true
    end
    return ____temp_0
end

-- The same of a service's state.
local function serviceNotifiesOn(service, state)
    if state == 1 then
        return service.notify_on_warning
    end
    if state == 2 then
        return service.notify_on_critical
    end
    local ____temp_1
    if state == 3 then
        ____temp_1 = service.notify_on_unknown
    else
        ____temp_1 = true
    end
    return ____temp_1
end

local function namesOf(groups)
    local names = {}
    if groups ~= nil then
        for ____, group in ipairs(groups) do
            names[#names + 1] = group.group_name
        end
    end
    table.sort(names)
    return names
end

-- A name of no letters is no name.
local function unlessEmpty(name)
    local ____temp_2
    if name == "" then
        ____temp_2 = nil
    else
        ____temp_2 = name
    end
    return ____temp_2
end

-- Gives the cache itself, or raises: it exists from init on, and this is called later.
local function cache()
    if broker_cache == nil then
        return error("there is no broker_cache: this script is for Centreon Broker")
    end
    return broker_cache
end

local function hostOf(hostId)
    local known = cache()
    local ____temp_3
    if known.get_host == nil then
        ____temp_3 = nil
    else
        ____temp_3 = known:get_host(hostId)
    end
    return ____temp_3
end

local function serviceOf(hostId, serviceId)
    local known = cache()
    local ____temp_4
    if known.get_service == nil then
        ____temp_4 = nil
    else
        ____temp_4 = known:get_service(hostId, serviceId)
    end
    return ____temp_4
end

-- The configuration of a service, or of the host itself for `serviceId` 0.
local function resourceOf(hostId, serviceId)
    local ____temp_5
    if serviceId == 0 then
        ____temp_5 = hostOf(hostId)
    else
        ____temp_5 = serviceOf(hostId, serviceId)
    end
    return ____temp_5
end
-- A nil argument is a Lua error to the broker, so a host's methods get one argument, a service's two. Methods that
-- older brokers lack are tested for before the call.
exports.names = {
    hostName = function(hostId) return unlessEmpty(cache():get_hostname(hostId)) end,
    serviceDescription = function(hostId, serviceId) return unlessEmpty(cache():get_service_description(hostId, serviceId)) end,
    displayName = function(hostId, serviceId)
        local ____unlessEmpty_8 = unlessEmpty
        local ____opt_6 = serviceOf(hostId, serviceId)
        return ____unlessEmpty_8(____opt_6 and ____opt_6.display_name)
    end,
    businessActivity = function(id)
        local ____unlessEmpty_11 = unlessEmpty
        local ____opt_9 = cache():get_ba(id)
        return ____unlessEmpty_11(____opt_9 and ____opt_9.ba_name)
    end,
    pollerName = function(id) return unlessEmpty(cache():get_instance_name(id)) end,
    hostAlias = function(hostId)
        local ____opt_12 = hostOf(hostId)
        return ____opt_12 and ____opt_12.alias or ""
    end,
    hostAddress = function(hostId)
        local ____opt_14 = hostOf(hostId)
        return ____opt_14 and ____opt_14.address or ""
    end,
    timeZone = function(hostId)
        local ____string_gsub_18 = string.gsub
        local ____opt_16 = hostOf(hostId)
        return (____string_gsub_18(____opt_16 and ____opt_16.timezone or "", "^:", ""))
    end,
    notes = function(hostId, serviceId)
        local known = cache()
        if known.get_notes == nil then
            return ""
        end
        local ____temp_19
        if serviceId == 0 then
            ____temp_19 = known:get_notes(hostId)
        else
            ____temp_19 = known:get_notes(hostId, serviceId)
        end
        return ____temp_19 or ""
    end,
    severityId = function(hostId, serviceId)
        local resource = resourceOf(hostId, serviceId)
        return resource ~= nil and resource.severity_id ~= nil and resource.severity_id or 0
    end,
    tags = function(hostId, serviceId)
        local resource = resourceOf(hostId, serviceId)
        return resource ~= nil and resource.tags ~= nil and resource.tags or ({})
    end,
    businessViews = function(id)
        local found = {}
        for ____, viewId in ipairs(cache():get_bvs(id)) do
            local ____opt_20 = cache():get_bv(viewId)
            local name = ____opt_20 and ____opt_20.bv_name
            if name ~= nil then
                found[#found + 1] = name
            end
        end
        table.sort(found)
        return found
    end,
    criticality = function(hostId, serviceId)
        local known = cache()
        if known.get_severity == nil then
            return 0
        end
        local ____temp_22
        if serviceId == 0 then
            ____temp_22 = known:get_severity(hostId)
        else
            ____temp_22 = known:get_severity(hostId, serviceId)
        end
        return ____temp_22 or 0
    end,
    hostGroups = function(hostId) return namesOf(cache():get_hostgroups(hostId)) end,
    serviceGroups = function(hostId, serviceId) return namesOf(cache():get_servicegroups(hostId, serviceId)) end,
    pollerId = function(hostId)
        local ____opt_23 = hostOf(hostId)
        local pollerId = ____opt_23 and ____opt_23.instance_id
        local ____temp_25
        if pollerId == 0 then
            ____temp_25 = nil
        else
            ____temp_25 = pollerId
        end
        return ____temp_25
    end,
    detectsFlapping = function(hostId, serviceId)
        local ____opt_26 = resourceOf(hostId, serviceId)
        return ____opt_26 and ____opt_26.flap_detection
    end,
    poller = function(hostId)
        local ____opt_28 = hostOf(hostId)
        local poller = ____opt_28 and ____opt_28.instance_id
        return poller == nil and "" or (cache():get_instance_name(poller) or "")
    end,
    notesUrl = function(hostId, serviceId)
        local known = cache()
        if known.get_notes_url == nil then
            return ""
        end
        local ____temp_30
        if serviceId == 0 then
            ____temp_30 = known:get_notes_url(hostId)
        else
            ____temp_30 = known:get_notes_url(hostId, serviceId)
        end
        return ____temp_30 or ""
    end,
    actionUrl = function(hostId, serviceId)
        local known = cache()
        if known.get_action_url == nil then
            return ""
        end
        local ____temp_31
        if serviceId == 0 then
            ____temp_31 = known:get_action_url(hostId)
        else
            ____temp_31 = known:get_action_url(hostId, serviceId)
        end
        return ____temp_31 or ""
    end,
    maximumAttempts = function(hostId, serviceId)
        local ____opt_32 = resourceOf(hostId, serviceId)
        return ____opt_32 and ____opt_32.max_check_attempts or 0
    end,
    isAnomalyDetection = function(hostId, serviceId)
        local service = serviceOf(hostId, serviceId)
        return service ~= nil and service.type ~= nil and service.type == exports.ANOMALY_DETECTION
    end,
    isVolatile = function(hostId, serviceId)
        local service = serviceOf(hostId, serviceId)
        if service == nil then
            return false
        end
        local ____temp_34
        if service._type == 65559 then
            ____temp_34 = service.volatile
        else
            ____temp_34 = service.is_volatile
        end
        return ____temp_34
    end,
    unnotifiedReason = function(hostId, serviceId, state)
        local ____temp_35
        if serviceId == 0 then
            ____temp_35 = hostOf(hostId)
        else
            ____temp_35 = nil
        end
        local host = ____temp_35
        local ____temp_36
        if serviceId == 0 then
            ____temp_36 = nil
        else
            ____temp_36 = serviceOf(hostId, serviceId)
        end
        local service = ____temp_36
        -- Compared with false: what is not known keeps nobody from being paged.
        local ____opt_37 = host or service
        if (____opt_37 and ____opt_37.notify) == false then
            return "Centreon's notifications of it are disabled"
        end
        local ____temp_39
        if host == nil then
            ____temp_39 = nil
        else
            ____temp_39 = hostNotifiesOn(host, state)
        end
        local isHostNotified = ____temp_39
        local ____temp_40
        if service == nil then
            ____temp_40 = isHostNotified
        else
            ____temp_40 = serviceNotifiesOn(service, state)
        end
        local isNotified = ____temp_40
        return isNotified == false and "Centreon's notifications of it leave out this state" or nil
    end,
    firstNotificationDelay = function(hostId, serviceId)
        local ____opt_41 = resourceOf(hostId, serviceId)
        return (____opt_41 and ____opt_41.first_notification_delay or 0) * INTERVAL_LENGTH
    end
}
return exports
 end,

-- -------------------- src/broker/events.ts --------------------
["src.broker.events"] = function(...)
-- The kinds of events that matter to us, by the numbers the broker gives them. Owns filter's look-up.
-- `_type` of the events that are read: category * 65536 + element (contracts/broker-host.md).
local exports = {}
exports.EVENT_TYPE = {
    acknowledgement2 = 65537,
    comment2 = 65538,
    customVariable2 = 65539,
    customVariableStatus2 = 65540,
    downtime2 = 65541,
    hostGroup2 = 65546,
    hostGroupMember2 = 65547,
    host2 = 65548,
    hostParent2 = 65549,
    hostStatus2 = 65550,
    instance2 = 65551,
    instanceStatus2 = 65552,
    serviceGroup2 = 65557,
    serviceGroupMember2 = 65558,
    service2 = 65559,
    serviceStatus2 = 65560,
    instanceConfiguration2 = 65561,
    responsiveInstance2 = 65562,
    baStatus2 = 393217,
    dimensionTruncateTableSignal2 = 393227,
    service3 = 65563,
    adaptiveService3 = 65564,
    serviceStatus3 = 65565,
    host3 = 65566,
    adaptiveHost3 = 65567,
    hostStatus3 = 65568,
    severity3 = 65569,
    tag3 = 65570,
    comment3 = 65571,
    downtime3 = 65572,
    customVariables3 = 65573,
    customVariableStatus3 = 65574,
    instanceStatus3 = 65578,
    instance3 = 65580,
    acknowledgement3 = 65581,
    responsiveInstance3 = 65582,
    hostGroup3 = 65585,
    hostGroupMember3 = 65586,
    serviceGroup3 = 65587,
    serviceGroupMember3 = 65588,
    hostParent3 = 65589,
    instanceConfiguration3 = 65590,
    adaptiveServiceStatus3 = 65591,
    adaptiveHostStatus3 = 65592,
    baStatus3 = 393235,
    dimensionTruncateTableSignal3 = 393246
}
local TYPES_PER_CATEGORY = 65536

-- Whether events of a kind are read at all. Make it once: it is asked for every event there is.
function exports.createFilter()
    local wanted = {}
    for ____, eventType in pairs(exports.EVENT_TYPE) do
        local category = math.floor(eventType / TYPES_PER_CATEGORY)
        local elements = wanted[category] or ({})
        elements[eventType % TYPES_PER_CATEGORY] = true
        wanted[category] = elements
    end
    return function(category, element)
        local ____opt_0 = wanted[category]
        return (____opt_0 and ____opt_0[element]) == true
    end
end
return exports
 end,

-- -------------------- src/text/log.ts --------------------
["src.text.log"] = function(...)
-- What a log takes, and what a line may hold: no secret, wherever it comes from, and no line break. Who writes it is
-- broker/log's to know.
local exports = {}
-- What stands in the log for a secret.
local HIDDEN = "***"

-- `text` on one line.
local function onOneLine(text)
    local line = string.gsub(text, "%c+", " ")
    return line
end

-- `text` on one line and without any of `secrets`: what may be written to a file.
function exports.presentable(text, secrets)
    local shown = onOneLine(text)
    local hidden = {}
    for ____, secret in ipairs(secrets) do
        if secret ~= "" then
            hidden[#hidden + 1] = onOneLine(secret)
        end
    end
    -- One may be part of another: the longest goes first.
    table.sort(
        hidden,
        function(left, right) return #left > #right end
    )
    for ____, secret in ipairs(hidden) do
        local first, last = string.find(shown, secret, 1, true)
        while first ~= nil and last ~= nil do
            shown = (string.sub(shown, 1, first - 1) .. HIDDEN) .. string.sub(shown, last + 1)
            first, last = string.find(shown, secret, first + #HIDDEN, true)
        end
    end
    return shown
end
return exports
 end,

-- -------------------- src/broker/log.ts --------------------
["src.broker.log"] = function(...)
-- The log: the only user of broker_log. Owns the levels, and sees to it that no secret is ever written.
local exports = {}
local ____log = require("src.text.log")
local presentable = ____log.presentable
-- Levels as log_level counts them; a line is written when its level is at most the one set.
local LEVEL = {error = 0, warning = 1, info = 2, debug = 3}

-- Opens the log. Call it in init: the broker has no broker_log before.
-- `secrets` are texts that must never be written (routing keys, passwords), wherever they come from.
function exports.createLog(level, path, secrets)
    -- Both arguments must be of their type: nil aborts the broker, even inside pcall (measured).
    broker_log:set_parameters(level, path)
    return {
        error = function(text)
            broker_log:error(
                LEVEL.error,
                presentable(text, secrets)
            )
        end,
        warning = function(text)
            if level >= LEVEL.warning then
                broker_log:warning(
                    LEVEL.warning,
                    presentable(text, secrets)
                )
            end
        end,
        info = function(text)
            if level >= LEVEL.info then
                broker_log:info(
                    LEVEL.info,
                    presentable(text, secrets)
                )
            end
        end,
        debug = function(text)
            if level >= LEVEL.debug then
                broker_log:info(
                    LEVEL.debug,
                    presentable(text, secrets)
                )
            end
        end,
        isDebug = level >= LEVEL.debug
    }
end
return exports
 end,

-- -------------------- src/broker/process.ts --------------------
["src.broker.process"] = function(...)
-- What the system tells about processes, for the journal's lock. Reads /proc where there is one, else says nothing.
-- This process's id; empty where the system does not tell.
local exports = {}

function exports.processId()
    local file = io.open("/proc/self/stat", "r")
    if file == nil then
        return ""
    end
    local id = string.match(
        file:read("*a") or "",
        "^(%d+) "
    )
    file:close()
    return id or ""
end

-- `text` as one word of a shell command.
function exports.shellWord(text)
    local escaped = string.gsub(text, "'", "'\\''")
    return ("'" .. escaped) .. "'"
end

-- Whether the process has the file at `path` open. Runs a shell for a moment: for init only.
function exports.hasOpen(id, path)
    local command = ((("for fd in /proc/" .. id) .. "/fd/*; do test \"$fd\" -ef ") .. exports.shellWord(path)) .. " && echo open && break; done"
    -- Some builds of Lua have no popen: it raises there.
    local hasShell, pipe = pcall(function() return (io.popen(command .. " 2>/dev/null", "r")) end)
    if not hasShell or pipe == nil then
        return false
    end
    local answer = pipe:read("*a")
    pipe:close()
    return answer ~= ""
end

-- Takes a file's rights from everybody but its owner, where the system can.
function exports.makePrivate(path)
    os.execute(("chmod 600 " .. exports.shellWord(path)) .. " 2>/dev/null")
end
return exports
 end,

-- -------------------- src/delivery/waiting.ts --------------------
["src.delivery.waiting"] = function(...)
-- Bounded waiting for running transfers within flush(). Lua has no sleep and no clock finer than a second;
-- /proc/uptime gives hundredths of a second.
-- Longest time flush() waits, in seconds: the broker calls it about once a second when it is idle.
local exports = {}
local LONGEST_WAIT = 1
-- Longest single wait, in milliseconds.
local WAIT_STEP = 50
-- Most rounds in one flush(): a wait that returns at once (libcurl has nothing to wait for yet) must not turn
-- into a busy loop.
local MOST_ROUNDS = 400

-- A clock in seconds, with hundredths where the system has /proc/uptime.
function exports.createFineClock()
    local file = io.open("/proc/uptime", "r")
    if file == nil then
        return os.time
    end
    -- Unbuffered, so that it can be read anew without opening it: about 6 µs.
    file:setvbuf("no")
    return function()
        file:seek("set", 0)
        local seconds = file:read("*n")
        return seconds or os.time()
    end
end

-- Takes turns until nothing is being sent any more, for at most `longest` seconds. `turn` gives whether another one is worth
-- its time at once: only where it is not there is a wait before it.
function exports.turnWhileSending(fineClock, isSending, wait, turn, longest)
    if longest == nil then
        longest = LONGEST_WAIT
    end
    local start = fineClock()
    for _ = 1, MOST_ROUNDS do
        local hasMore = turn()
        if not hasMore and not isSending() or fineClock() - start >= longest then
            return
        end
        if not hasMore then
            wait(WAIT_STEP)
        end
    end
end
return exports
 end,

-- -------------------- src/alerts/alert.ts --------------------
["src.alerts.alert"] = function(...)
-- The alert: one resource's record of what Centreon calls for (desired) and what PagerDuty has (delivered), and
-- the table of design.md that says which action brings the two together. Knows neither broker nor network.
-- PagerDuty's severities, as its Events API spells them.
local exports = {}
local resolveIsDue, clear

-- True when PagerDuty has, or may have, an open alert.
function exports.isOpen(____bindingPattern0)
    local delivered
    delivered = ____bindingPattern0.delivered
    return delivered == "triggered" or delivered == "acknowledged"
end

function resolveIsDue(alert, ____bindingPattern0)
    local resolvesRecoveries
    resolvesRecoveries = ____bindingPattern0.resolvesRecoveries
    return exports.isOpen(alert) and (resolvesRecoveries or alert.isResolveOrdered == true)
end

function clear(alert, field)
    if alert[field] ~= nil then
        alert[field] = nil
    end
end
local SEVERITY_RANK = {info = 1, warning = 2, error = 3, critical = 4}

-- True when `value` is one of PagerDuty's severities.
function exports.isSeverity(value)
    return type(value) == "string" and SEVERITY_RANK[value] ~= nil
end

-- True when `left` is worse than `right`.
function exports.isWorse(left, right)
    return SEVERITY_RANK[left] > SEVERITY_RANK[right]
end
local EMPTY_LIST = {}

-- `list`, or one and the same for all that have nothing in it: thousands of empty tables are megabytes.
function exports.sharedIfEmpty(list)
    return #list == 0 and EMPTY_LIST or list
end

function exports.isDescribed(alert)
    return alert.place ~= nil and alert.report ~= nil
end

-- The dedup key of a resource, as the predecessors build it: alerts open at the change-over get resolved.
function exports.dedupKeyOf(resource)
    if resource.kind == "connector" then
        return "pagerduty_connector"
    end
    if resource.kind == "storm" then
        return "storm_" .. resource.route
    end
    if resource.id ~= nil then
        return string.format(resource.kind == "poller" and "poller_%d" or "ba_%d", resource.id)
    end
    if resource.kind == "host" then
        return string.format("%d_H", resource.hostId)
    end
    return string.format("%d_%d", resource.hostId, resource.serviceId)
end
-- The label of pdy_routing_key.
exports.DEFAULT_ROUTE = "default"
-- The label of pdy_fallback_routing_key; no label of a team's key can be the same.
exports.FALLBACK_ROUTE = "(fallback)"

-- The facts of which nothing but the state is known.
function exports.factsOfState(state)
    return {
        state = state,
        isAcknowledged = false,
        downtimeDepth = 0,
        isFlapping = false,
        lastCheck = 0,
        staleness = nil
    }
end

-- A record that asks for nothing yet.
function exports.createAlert(resource, facts, severity)
    -- Lua doubles a table's room at the 17th field it is made with: those that are seldom there are not named here.
    return {
        dedupKey = exports.dedupKeyOf(resource),
        route = exports.DEFAULT_ROUTE,
        resource = resource,
        facts = facts,
        isVolatile = false,
        desired = "resolved",
        severity = severity,
        delivered = "none",
        deliveredSeverity = severity,
        isCertain = true,
        triggeredAt = 0,
        wantsRetrigger = false,
        ladderStep = 0
    }
end

-- Whether a check made since the alert was closed still finds the problem, and whoever closed it is not believed for that.
function exports.isClosingRefuted(____bindingPattern0)
    local facts
    local closing
    closing = ____bindingPattern0.closing
    facts = ____bindingPattern0.facts
    return (closing and closing.lastCheck) ~= nil and facts.lastCheck > closing.lastCheck
end

-- True when the problem is over, and whoever works on its incident is to end it. On one that a downtime acknowledged nobody
-- works, and a trigger on it would page nobody: the next problem needs another incident, so it is kept.
function exports.isLeftToPeople(alert, rules)
    local isUnderWay = alert.inFlight ~= nil or alert.isAcknowledgedByHold == true
    local isOver = alert.desired == "resolved" and not isUnderWay
    return isOver and exports.isOpen(alert) and not resolveIsDue(alert, rules)
end

-- True when nothing is left to remember: Centreon and PagerDuty both say that all is well.
function exports.isSettled(alert)
    return alert.desired == "resolved" and not exports.isOpen(alert) and alert.inFlight == nil
end

-- What a person calls the resource: `host/service`, or the name of anything else.
function exports.nameOfPlace(____bindingPattern0)
    local serviceDescription
    local hostName
    hostName = ____bindingPattern0.hostName
    serviceDescription = ____bindingPattern0.serviceDescription
    return serviceDescription == "" and hostName or (hostName .. "/") .. serviceDescription
end

-- The same, or the dedup key when no name is known.
function exports.nameOf(____bindingPattern0)
    local dedupKey
    local place
    place = ____bindingPattern0.place
    dedupKey = ____bindingPattern0.dedupKey
    return place == nil and dedupKey or exports.nameOfPlace(place)
end

-- Why an alert that a storm stands for is held, in words.
function exports.gatheredWords(____bindingPattern0)
    local route
    route = ____bindingPattern0.route
    return exports.dedupKeyOf({kind = "storm", route = route}) .. " stands for it"
end

-- Sets what Centreon calls for. Gives false when it is what it was.
function exports.setDesired(alert, desired, severity)
    if alert.desired == desired and alert.severity == severity then
        return false
    end
    alert.desired = desired
    alert.severity = severity
    if alert.refusedSeverity ~= nil then
        alert.refusedSeverity = nil
    end
    alert.ladderStep = 0
    if desired == "resolved" then
        alert.wantsRetrigger = false
        clear(alert, "carried")
    else
        clear(alert, "isResolveOrdered")
    end
    -- A person's it is then, whoever told PagerDuty first.
    if desired == "acknowledged" then
        clear(alert, "isAcknowledgedByHold")
    end
    return true
end

-- The severity that a trigger says now: PagerDuty's never goes down on an open alert.
function exports.severityToTell(alert)
    local isOpenForSure = exports.isOpen(alert) and alert.isCertain
    return isOpenForSure and exports.isWorse(alert.deliveredSeverity, alert.severity) and alert.deliveredSeverity or alert.severity
end

-- Whether what was told of an open problem is no longer what is.
local function isOutdated(____bindingPattern0, ____bindingPattern1)
    local wantsUpdate
    local report
    local told
    told = ____bindingPattern0.told
    report = ____bindingPattern0.report
    wantsUpdate = ____bindingPattern0.wantsUpdate
    local updatesState
    updatesState = ____bindingPattern1.updatesState
    if wantsUpdate == true then
        return true
    end
    return updatesState and told ~= nil and report ~= nil and told.stateName ~= report.stateName
end

-- PagerDuty pages nobody for a trigger on an acknowledged incident; a new incident does.
local function repagesAcknowledged(alert, ____bindingPattern0)
    local repageOnEscalation
    repageOnEscalation = ____bindingPattern0.repageOnEscalation
    local atAcknowledgement = alert.facts.acknowledgedSeverity or alert.deliveredSeverity
    return alert.wantsRepage == true or repageOnEscalation and exports.isWorse(alert.severity, atAcknowledgement)
end

local function triggerIsDue(alert, rules)
    if not exports.isDescribed(alert) or alert.refusedSeverity == exports.severityToTell(alert) then
        return nil
    end
    local isAcknowledged = alert.delivered == "acknowledged"
    local isOfHold = alert.isAcknowledgedByHold == true and exports.isOpen(alert)
    -- Also where the outcome of that resolve is unknown: a trigger alone might page nobody.
    if isOfHold or isAcknowledged and repagesAcknowledged(alert, rules) then
        return "resolve"
    end
    -- Whoever closed it is believed, but for what is worse than what they closed.
    if alert.delivered == "closed" then
        return exports.isWorse(alert.severity, alert.deliveredSeverity) and "trigger" or nil
    end
    if alert.delivered == "none" or not alert.isCertain or alert.wantsRetrigger then
        return "trigger"
    end
    if isAcknowledged then
        return nil
    end
    return (exports.isWorse(alert.severity, alert.deliveredSeverity) or isOutdated(alert, rules)) and "trigger" or nil
end

-- Each acknowledgement of Centreon's is passed on once, where PagerDuty has, or may have, one that nobody acknowledged.
local function acknowledgeIsDue(alert, ____bindingPattern0)
    local passesOnAcknowledgements
    passesOnAcknowledgements = ____bindingPattern0.passesOnAcknowledgements
    local ____alert_2 = alert
    local delivered = ____alert_2.delivered
    local isCertain = ____alert_2.isCertain
    local wantsAcknowledge = ____alert_2.wantsAcknowledge
    if not passesOnAcknowledgements or not exports.isOpen(alert) or wantsAcknowledge == nil then
        return false
    end
    -- A trigger since may have opened anew what somebody had closed (pdy_retrigger_interval).
    local isTriggeredSince = alert.triggeredAt > (alert.acknowledgedAt or 0)
    return wantsAcknowledge == "again" or delivered == "triggered" or not isCertain or isTriggeredSince
end

-- What the hold calls for, where there is something open to do it to.
local function holdActionIsDue(alert)
    local ____alert_3 = alert
    local delivered = ____alert_3.delivered
    local holdAction = ____alert_3.holdAction
    if holdAction == "acknowledge" and delivered == "triggered" then
        return "acknowledge"
    end
    return holdAction == "resolve" and exports.isOpen(alert) and "resolve" or nil
end

-- The action that brings PagerDuty nearer to what Centreon calls for, or undefined when there is none to take:
-- the table of design.md. Does not look at what is under way.
function exports.nextAction(alert, rules)
    if alert.desired == "resolved" then
        return resolveIsDue(alert, rules) and "resolve" or nil
    end
    if alert.desired == "triggered" then
        return triggerIsDue(alert, rules)
    end
    if alert.desired == "acknowledged" then
        return acknowledgeIsDue(alert, rules) and "acknowledge" or nil
    end
    return holdActionIsDue(alert)
end

-- What `action`, the alert's next one, is for.
function exports.purposeOf(alert, action)
    if action == "trigger" then
        if not exports.isOpen(alert) then
            return "opens"
        end
        return alert.isCertain and not exports.isWorse(alert.severity, alert.deliveredSeverity) and "repeats" or "changes"
    end
    -- A resolve that makes way for a new incident is as urgent as that one.
    if alert.desired == "triggered" then
        return "changes"
    end
    return action == "acknowledge" and alert.delivered == "acknowledged" and "repeats" or "calms"
end

-- Records that `action` goes out.
function exports.recordStarted(alert, action)
    alert.inFlight = action
    if action == "acknowledge" and alert.desired == "held" then
        alert.isAcknowledgedByHold = true
    end
end

-- Drops an acknowledgement that Centreon was to be told of: its problem is over there, or its incident here.
function exports.dropUntold(alert)
    local ____opt_4 = alert.carried
    if (____opt_4 and ____opt_4.step) == "to tell" then
        clear(alert, "carried")
    end
end

-- Records that PagerDuty has nothing open of the alert, for certain; how it was closed where we did not end it.
function exports.recordEnded(alert, closing)
    alert.delivered = closing == nil and "none" or "closed"
    alert.isCertain = true
    clear(alert, "told")
    clear(alert, "wantsRepage")
    clear(alert, "isAcknowledgedByHold")
    clear(alert, "acknowledgedThereAs")
    clear(alert, "incident")
    -- Who acknowledged that incident works on nothing any more.
    exports.dropUntold(alert)
    if alert.closing ~= closing then
        alert.closing = closing
    end
    -- What comes next goes as it was meant to.
    if alert.detour ~= nil then
        if alert.route == exports.FALLBACK_ROUTE then
            alert.route = alert.detour.meantFor
        end
        alert.detour = nil
    end
end

-- Records that PagerDuty accepted `action`, a trigger with `severity`, at `now` (seconds of the connector's clock).
function exports.recordAccepted(alert, action, severity, now)
    if action == "trigger" then
        local wasOpenForSure = exports.isOpen(alert) and alert.isCertain
        -- A trigger on an acknowledged incident leaves it acknowledged.
        if not wasOpenForSure or alert.delivered ~= "acknowledged" then
            alert.delivered = "triggered"
        end
        if not wasOpenForSure or exports.isWorse(severity, alert.deliveredSeverity) then
            alert.deliveredSeverity = severity
        end
        if not wasOpenForSure then
            clear(alert, "incident")
            clear(alert, "closing")
        end
        alert.isCertain = true
        alert.triggeredAt = now
        alert.wantsRetrigger = false
        clear(alert, "wantsUpdate")
    elseif action == "resolve" then
        exports.recordEnded(alert, nil)
    elseif exports.isOpen(alert) then
        -- PagerDuty drops the acknowledge of an alert that it does not have, so a maybe stays a maybe.
        alert.delivered = "acknowledged"
        alert.acknowledgedAt = now
    end
    if action == "acknowledge" then
        clear(alert, "wantsAcknowledge")
    end
    if action == alert.holdAction then
        alert.holdAction = "taken"
    end
    alert.ladderStep = 0
end

-- Records that `action`, a trigger with `severity`, may or may not have been accepted.
function exports.recordUnknownOutcome(alert, action, severity)
    -- Neither an acknowledge nor a trigger ends what is open: it is simply sent again.
    if action == "acknowledge" or action == "trigger" and exports.isOpen(alert) and alert.isCertain then
        return
    end
    -- Where PagerDuty may have had none, the trigger may have opened an incident that nobody acknowledged.
    if action == "trigger" then
        alert.delivered = "triggered"
        alert.deliveredSeverity = severity
        clear(alert, "closing")
    end
    alert.isCertain = not exports.isOpen(alert)
end

-- Records that nothing is to be done about the alert any more, whatever PagerDuty has.
function exports.recordLetGo(alert)
    exports.setDesired(alert, "resolved", alert.severity)
    alert.delivered = "none"
    alert.isCertain = true
end

-- Records that PagerDuty will never take `action`: for a trigger with `severity` that it is pointless to repeat it.
function exports.recordRefused(alert, action, severity, now)
    alert.ladderStep = 0
    if action == "trigger" then
        alert.refusedSeverity = severity
        alert.wantsRetrigger = false
        -- A person may send it from the quarantine: the end of the problem must then close what that opened.
        if not exports.isOpen(alert) or not alert.isCertain then
            exports.recordUnknownOutcome(alert, action, severity)
        end
    else
        exports.recordAccepted(alert, action, severity, now)
    end
end
return exports
 end,

-- -------------------- src/alerts/carried.ts --------------------
["src.alerts.carried"] = function(...)
-- An acknowledgement that a person gave in PagerDuty, carried to Centreon: whose the one is that stands there, and whether
-- it still counts. Tells nobody; that is feedback's.
local exports = {}

-- In doubt it is a person.
function exports.acknowledgerOf(____bindingPattern0)
    local carried
    local acknowledgement
    local facts
    facts = ____bindingPattern0.facts
    acknowledgement = ____bindingPattern0.acknowledgement
    carried = ____bindingPattern0.carried
    if not facts.isAcknowledged or acknowledgement == nil or acknowledgement.isPast == true then
        return nil
    end
    local ____acknowledgement_0 = acknowledgement
    local author = ____acknowledgement_0.author
    local comment = ____acknowledgement_0.comment
    if carried == nil or (string.find(comment, carried.mark, 1, true)) == nil then
        return "a person"
    end
    return (carried.author == nil or carried.author == author) and "we" or "a person"
end

local function hasEnded(____bindingPattern0)
    local step
    step = ____bindingPattern0.step
    return step == "to take back" or step == "taken back"
end

-- Why the acknowledgement that stands in Centreon counts for nothing; undefined: for all we know here, it counts.
function exports.endOfCarried(alert)
    local ____alert_1 = alert
    local carried = ____alert_1.carried
    if carried == nil or not hasEnded(carried) or exports.acknowledgerOf(alert) ~= "we" then
        return nil
    end
    return "it came from PagerDuty, where it has ended"
end
return exports
 end,

-- -------------------- src/alerts/early_notes.ts --------------------
["src.alerts.early_notes"] = function(...)
-- Notes of acknowledgements that came before the alert they are about: a SOFT problem can be acknowledged, too. Owns
-- how long they are kept.
local exports = {}
-- Seconds for which an early note is kept at least, and at most twice as long: SOFT states last minutes.
local EARLY_NOTE_SECONDS = 3600

-- No notes yet. `now`: seconds that never go back.
function exports.createEarlyNotes(now)
    -- Two tables that take turns: the older one is dropped as a whole.
    local recent = {}
    local older = recent
    local since = now()
    return {
        put = function(dedupKey, note)
            if now() - since >= EARLY_NOTE_SECONDS then
                older = recent
                recent = {}
                since = now()
            end
            recent[dedupKey] = note
        end,
        take = function(dedupKey)
            local note = recent[dedupKey] or older[dedupKey]
            recent[dedupKey] = nil
            older[dedupKey] = nil
            return note
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/policy.ts --------------------
["src.alerts.policy"] = function(...)
-- The policy: what Centreon calls for, from the last observation of a resource and of what surrounds it. Pure:
-- it never looks at what PagerDuty has. The rules and their order are those of design.md.
local exports = {}
-- Centreon's state numbers, as events carry them.
exports.STATE = {ok = 0, up = 0, pending = 4, unreachable = 2}

-- Why a problem is held, or undefined when nothing holds it.
function exports.holdReason(facts, around)
    if facts.goneAt ~= nil then
        return "its engine no longer names it"
    end
    if facts.downtimeDepth > 0 then
        return "it is in a downtime"
    end
    if around.hostDowntimeDepth > 0 then
        return "its host is in a downtime"
    end
    if facts.flapping ~= "no" then
        return "it is flapping"
    end
    if around.isHostDown then
        return "its host is not UP"
    end
    if around.isBehindDownParent then
        return "its parent host is down"
    end
    if facts.staleness ~= nil then
        return "no check has confirmed it since the host came back"
    end
    if facts.earlyUntil ~= nil then
        return "it may be the first sign of something above it"
    end
    if around.isFilteredOut then
        return "it is filtered out"
    end
    if facts.waitsUntil ~= nil then
        return "it has not lasted long enough"
    end
    return nil
end

-- What Centreon calls for: rules 2 to 5, for an observation that counts (rule 1 is `readingOf`).
function exports.desiredState(facts, around)
    -- A flag that may be a leftover (flap detection is perhaps off) holds no recovery.
    if facts.state == exports.STATE.ok then
        return facts.flapping == "yes" and "held" or "resolved"
    end
    if facts.isAcknowledged then
        return "acknowledged"
    end
    return exports.holdReason(facts, around) == nil and "triggered" or "held"
end

-- Rule 1: a state that is not HARD changes nothing (unless SOFT states count too), nor does PENDING. But a SOFT
-- problem of a resource whose last hard state is OK means that its recovery was missed.
function exports.readingOf(state, isHard, lastHardState, hardOnly)
    if state == exports.STATE.pending then
        return "changes nothing"
    end
    if isHard or not hardOnly then
        return "counts"
    end
    return lastHardState == exports.STATE.ok and "means a missed recovery" or "changes nothing"
end
-- After so many seconds any changed last_check ends staleness: a poller's clock may have gone back.
exports.STALENESS_CLOCK_GRACE = 300

-- Whether a check made at `lastCheck` (Unix time) confirms what was known before the return. `now` is the
-- connector's clock, in seconds.
function exports.isConfirmed(staleness, lastCheck, now)
    if lastCheck == staleness.lastCheckAtReturn then
        return false
    end
    return lastCheck >= staleness.hostCheckedAt or now - staleness.since >= exports.STALENESS_CLOCK_GRACE
end

-- Whether a problem may be the first sign of a death above it, if there is something above. The engine makes a service with
-- one attempt, and an UNREACHABLE host, HARD about a second before the check above finds what is wrong (measured on a real
-- engine). `attempt`: the one at which it was found.
function exports.isEarly(isHard, attempt, isHost, state)
    return isHard and (attempt <= 1 or isHost and state == exports.STATE.unreachable)
end
return exports
 end,

-- -------------------- src/alerts/shelf.ts --------------------
["src.alerts.shelf"] = function(...)
-- Where the alerts stand: found by their resource, listed by their host. Owns the tables alone; what becomes of an alert
-- is the book's to say.
local exports = {}
local ____alert = require("src.alerts.alert")
local dedupKeyOf = ____alert.dedupKeyOf

-- No alerts yet.
function exports.createShelf()
    local hosts = {}
    local services = {}
    local pollers = {}
    -- Alerts of business activities and the connector, by dedup key.
    local others = {}

    local function each(visit)
        for ____, alert in pairs(hosts) do
            if alert ~= nil then
                visit(alert)
            end
        end
        for ____, ofHost in pairs(services) do
            for ____, alert in pairs(ofHost) do
                visit(alert)
            end
        end
        for ____, alert in pairs(pollers) do
            visit(alert)
        end
        for ____, alert in pairs(others) do
            if alert ~= nil then
                visit(alert)
            end
        end
    end
    return {
        find = function(resource)
            if resource.kind == "service" then
                local ____opt_0 = services[resource.hostId]
                return ____opt_0 and ____opt_0[resource.serviceId]
            end
            if resource.kind == "host" then
                return hosts[resource.hostId]
            end
            if resource.kind == "poller" then
                return pollers[resource.id]
            end
            return others[dedupKeyOf(resource)]
        end,
        ofHost = function(hostId) return hosts[hostId] end,
        services = services,
        pollers = pollers,
        ofServices = function(hostId)
            local listed = {}
            local ofHost = services[hostId]
            if ofHost == nil then
                return listed
            end
            for ____, alert in pairs(ofHost) do
                listed[#listed + 1] = alert
            end
            return listed
        end,
        put = function(alert)
            local ____alert_2 = alert
            local resource = ____alert_2.resource
            if resource.kind == "host" then
                hosts[resource.hostId] = alert
            elseif resource.kind == "service" then
                local ofHost = services[resource.hostId] or ({})
                ofHost[resource.serviceId] = alert
                services[resource.hostId] = ofHost
            elseif resource.kind == "poller" then
                pollers[resource.id] = alert
            else
                others[alert.dedupKey] = alert
            end
        end,
        remove = function(____bindingPattern0)
            local dedupKey
            local resource
            resource = ____bindingPattern0.resource
            dedupKey = ____bindingPattern0.dedupKey
            if resource.kind == "host" then
                hosts[resource.hostId] = nil
            elseif resource.kind == "service" then
                local ofHost = services[resource.hostId]
                if ofHost ~= nil then
                    ofHost[resource.serviceId] = nil
                end
                if ofHost ~= nil and (next(ofHost)) == nil then
                    services[resource.hostId] = nil
                end
            elseif resource.kind == "poller" then
                pollers[resource.id] = nil
            else
                others[dedupKey] = nil
            end
        end,
        each = each,
        all = function()
            local listed = {}
            each(function(alert)
                local ____temp_5 = #listed + 1
                listed[____temp_5] = alert
                return ____temp_5
            end)
            return listed
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/acknowledgements.ts --------------------
["src.alerts.acknowledgements"] = function(...)
-- Acknowledgements of Centreon's: whose they are, up to which severity they count, and that each is passed on once. Whether
-- one counts is the decision's to say.
local exports = {}
local ____alert = require("src.alerts.alert")
local dedupKeyOf = ____alert.dedupKeyOf
local isWorse = ____alert.isWorse
local ____carried = require("src.alerts.carried")
local acknowledgerOf = ____carried.acknowledgerOf
local ____early_notes = require("src.alerts.early_notes")
local createEarlyNotes = ____early_notes.createEarlyNotes
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE

local function isSameNote(one, other)
    return one.author == other.author and one.comment == other.comment and one.at == other.at and one.isPast == other.isPast
end

-- `repageOnUnacknowledge`: a problem whose acknowledgement is taken back in Centreon pages again.
function exports.createAcknowledgements(repageOnUnacknowledge, shelf, ports)
    local earlyNotes = createEarlyNotes(ports.now)

    -- One that came from PagerDuty stands there, or has ended there: it is not sent back.
    local function isOfPagerDuty(alert)
        return acknowledgerOf(alert) == "we"
    end

    local function begin(alert)
        local severity = ports.severityOf(alert)
        -- Who gave it in PagerDuty, or gave one there, too, has seen it as grave as it was told there.
        local there = isOfPagerDuty(alert) and alert.deliveredSeverity or alert.acknowledgedThereAs
        alert.facts.acknowledgedSeverity = there ~= nil and isWorse(there, severity) and there or severity
        alert.facts.isAcknowledgementOutgrown = nil
        local ____alert_1 = alert
        local ____isOfPagerDuty_result_0
        if isOfPagerDuty(alert) then
            ____isOfPagerDuty_result_0 = nil
        else
            ____isOfPagerDuty_result_0 = "new"
        end
        ____alert_1.wantsAcknowledge = ____isOfPagerDuty_result_0
    end

    -- Whose the one was that has ended says nothing of the next.
    local function ____end(alert, isNewState)
        local ____alert_2 = alert
        local acknowledgement = ____alert_2.acknowledgement
        local facts = ____alert_2.facts
        facts.acknowledgedSeverity = nil
        facts.isAcknowledgementOutgrown = nil
        alert.wantsAcknowledge = nil
        if acknowledgement ~= nil then
            local ____acknowledgement_3 = acknowledgement
            local author = ____acknowledgement_3.author
            local comment = ____acknowledgement_3.comment
            local at = ____acknowledgement_3.at
            alert.acknowledgement = {author = author, comment = comment, at = at, isPast = true}
        end
        -- The engine itself ends an acknowledgement when the state changes: nobody took that one back.
        local isPassedOn = alert.delivered == "acknowledged" or alert.inFlight == "acknowledge"
        local isTakenBack = not isNewState and facts.state ~= STATE.ok and isPassedOn
        if isTakenBack and repageOnUnacknowledge then
            alert.wantsRepage = true
        end
    end
    return {
        set = function(alert, isAcknowledged, isNewState)
            local ____alert_4 = alert
            local facts = ____alert_4.facts
            if facts.isAcknowledged == isAcknowledged then
                return
            end
            facts.isAcknowledged = isAcknowledged
            if not isAcknowledged then
                ____end(alert, isNewState)
                return
            end
            begin(alert)
            alert.wantsRepage = nil
        end,
        note = function(resource, note)
            local alert = shelf.find(resource)
            if alert == nil then
                earlyNotes.put(
                    dedupKeyOf(resource),
                    note
                )
                return
            end
            local before = alert.acknowledgement
            local facts = alert.facts
            if before ~= nil and isSameNote(before, note) then
                return
            end
            local isAnew = before ~= nil and before.isPast ~= true and before.at ~= note.at
            alert.acknowledgement = note
            if facts.isAcknowledged and isAnew then
                begin(alert)
            end
            if isOfPagerDuty(alert) then
                alert.wantsAcknowledge = nil
            end
            ports.decide(alert, true)
        end,
        giveEarlyNote = function(alert, isAcknowledged)
            local note = earlyNotes.take(alert.dedupKey)
            if isAcknowledged and note ~= nil then
                alert.acknowledgement = note
            end
        end
    }
end
return exports
 end,

-- -------------------- src/text/time.ts --------------------
["src.text.time"] = function(...)
-- Times as text, and a clock that only goes forward. The only user of luatz, which is optional.
-- 9999-12-31T23:59:59Z: ISO 8601 has years of four digits, and os.date raises for some that are longer.
local exports = {}
local LAST_TIMESTAMP = 253402300799

-- `seconds` since 1970 as ISO 8601 in UTC, with the zone that PagerDuty's `timestamp` needs. Undefined for a time
-- that is no date.
function exports.utcTimestamp(seconds)
    if seconds < 0 or seconds > LAST_TIMESTAMP then
        return nil
    end
    return os.date(
        "!%Y-%m-%dT%H:%M:%SZ",
        math.floor(seconds)
    )
end

-- A number of seconds as people say it: "45 s", "12 min", "3 h 5 min", "2 d 4 h".
function exports.spokenDuration(seconds)
    -- What is no integer any more, such as a notification delay of 1e30 minutes, cannot be told by "%d".
    local whole = math.floor(math.min(seconds, LAST_TIMESTAMP))
    if whole < 60 then
        return string.format("%d s", whole)
    end
    local minutes = math.floor(whole / 60)
    if minutes < 60 then
        return string.format("%d min", minutes)
    end
    local hours = math.floor(minutes / 60)
    if hours < 24 then
        return string.format("%d h %d min", hours, minutes % 60)
    end
    return string.format(
        "%d d %d h",
        math.floor(hours / 24),
        hours % 24
    )
end

-- How to tell local times: with luatz, where it is installed. Call it in init.
function exports.loadLocalTime()
    local isLoaded, luatz = pcall(function() return require("luatz") end)
    if not isLoaded then
        return function() return nil end
    end
    return function(seconds, timeZone)
        if timeZone == "" then
            return nil
        end
        local isKnown, text = pcall(function()
            local ____local = luatz.get_tz(timeZone):localise(seconds)
            return ((os.date("!%Y-%m-%d %H:%M", ____local) .. " (") .. timeZone) .. ")"
        end)
        return isKnown and text or nil
    end
end
exports.DAY = 86400
exports.WEEK = 7 * exports.DAY
-- 1970-01-01 was a Thursday: so many seconds after the first Monday that is before it.
local EPOCH_IN_WEEK = 3 * exports.DAY

-- How to tell where in its week a place is: other zones than the system's own with luatz, where it is installed.
function exports.loadWeekClock()
    local isLoaded, luatz = pcall(function() return require("luatz") end)
    return function(unixTime, timeZone)
        if timeZone == nil then
            local ____os_date_result_0 = os.date("*t", unixTime)
            local wday = ____os_date_result_0.wday
            local hour = ____os_date_result_0.hour
            local min = ____os_date_result_0.min
            local sec = ____os_date_result_0.sec
            -- os.date counts from 1, and from Sunday.
            return (wday + 5) % 7 * exports.DAY + hour * 3600 + min * 60 + sec
        end
        if not isLoaded then
            return "times in a zone need luatz (package lua-tz), which is not installed"
        end
        local isKnown, ____local = pcall(function() return luatz.get_tz(timeZone):localise(unixTime) end)
        return isKnown and (____local + EPOCH_IN_WEEK) % exports.WEEK or ("nobody here knows a time zone \"" .. timeZone) .. "\""
    end
end

-- A clock in seconds that never goes back: made from the system's, whose jumps backwards count as no time at
-- all. Delays and rate windows measured with it neither stall nor shrink when somebody sets the clock back.
function exports.createSteadyClock(systemClock)
    local last = systemClock()
    local steady = last
    return function()
        local now = systemClock()
        if now > last then
            steady = steady + (now - last)
        end
        last = now
        return steady
    end
end
return exports
 end,

-- -------------------- src/alerts/arrivals.ts --------------------
["src.alerts.arrivals"] = function(...)
-- When the last problems came that would open an alert, and whether those are so many that it is a storm. Owns what is so
-- many; each costs the same, however many there are.
local exports = {}
-- More than the limit within so many seconds are a storm.
exports.RISE_SECONDS = 60
-- It rages until fewer than the limit came within so many seconds.
local CALM_SECONDS = 300

-- None came yet. `limit`: 1 at least.
function exports.createArrivals(limit)
    -- The times of the last ones, one more than the limit, as a ring.
    local times = {}
    local room = limit + 1
    local count = 0

    -- The time of the one that came `before` others.
    local function timeOf(before)
        return times[(count - 1 - before) % room]
    end
    return {
        note = function(time)
            times[count % room] = time
            count = count + 1
        end,
        areTooMany = function(time) return count > limit and time - timeOf(limit) < exports.RISE_SECONDS end,
        calmAt = function() return count < limit and 0 or timeOf(limit - 1) + CALM_SECONDS end
    }
end
return exports
 end,

-- -------------------- src/alerts/storm_words.ts --------------------
["src.alerts.storm_words"] = function(...)
-- What a storm's alert says: how many problems it stands for, on how many hosts, and the gravest by name. Pure.
local exports = {}
local ____alert = require("src.alerts.alert")
local isWorse = ____alert.isWorse
local nameOf = ____alert.nameOf
-- Most problems that are told by name.
local MOST_NAMED = 20
local SEVERITIES = {"critical", "error", "warning", "info"}

local function isGraver(left, right)
    if left.severity ~= right.severity then
        return isWorse(left.severity, right.severity)
    end
    return nameOf(left) < nameOf(right)
end

-- The gravest, in order; not all of them sorted: there may be thousands.
local function gravestOf(____bindingPattern0)
    local members
    members = ____bindingPattern0.members
    local gravest = {}
    for alert in pairs(members) do
        local before = #gravest
        while before > 0 and isGraver(alert, gravest[before]) do
            before = before - 1
        end
        if before < MOST_NAMED then
            table.insert(gravest, before + 1, alert)
            if #gravest > MOST_NAMED then
                table.remove(gravest)
            end
        end
    end
    return gravest
end

local function counted(count, noun)
    return string.format(count == 1 and "%d %s" or "%d %ss", count, noun)
end

-- `37 problems on 12 hosts`.
local function extentOf(____bindingPattern0)
    local hosts
    local size
    size = ____bindingPattern0.size
    hosts = ____bindingPattern0.hosts
    local problems = counted(size, "problem")
    return hosts == 0 and problems or (problems .. " on ") .. counted(hosts, "host")
end

-- `30 critical, 7 warning`.
local function severitiesOf(____bindingPattern0)
    local bySeverity
    bySeverity = ____bindingPattern0.bySeverity
    local texts = {}
    for ____, severity in ipairs(SEVERITIES) do
        if bySeverity[severity] > 0 then
            texts[#texts + 1] = string.format("%d %s", bySeverity[severity], severity)
        end
    end
    return table.concat(texts, ", ")
end

local function withState(alert)
    return alert.report == nil and nameOf(alert) or (nameOf(alert) .. " ") .. alert.report.stateName
end

function exports.stormReport(gathered)
    return {
        stateName = "STORM",
        output = string.format(
            "%s; more than %d came within a minute, and this alert stands for those that follow",
            extentOf(gathered),
            gathered.limit
        ),
        longOutput = "",
        perfdata = "",
        attempt = 0,
        maximumAttempts = 0,
        lastOk = 0,
        since = gathered.since
    }
end

-- The summary, which no format of hosts and services fits, and the fields beside those that each alert has.
function exports.stormVerdict(gathered)
    local gravest = gravestOf(gathered)
    local names = {}
    for ____, alert in ipairs(gravest) do
        names[#names + 1] = withState(alert)
    end
    local first = names[1]
    local example = first == nil and "" or ", such as " .. first
    if gathered.size > #gravest then
        names[#names + 1] = string.format("and %d more", gathered.size - #gravest)
    end
    return {
        isDropped = false,
        summary = string.format(
            "Storm: %s%s (more than %d came within a minute)",
            extentOf(gathered),
            example,
            gathered.limit
        ),
        severity = nil,
        route = nil,
        details = {
            {name = "problems", value = gathered.size},
            {name = "hosts", value = gathered.hosts},
            {
                name = "severities",
                value = severitiesOf(gathered)
            },
            {
                name = "gravest",
                value = table.concat(names, "; ")
            }
        }
    }
end
return exports
 end,

-- -------------------- src/alerts/timed_holds.ts --------------------
["src.alerts.timed_holds"] = function(...)
-- Holds that a clock ends: no event says that they are over, so somebody must look at the time. Owns the earliest time at
-- which one may end; why something is held, and what follows, is not its to say.
local exports = {}
local ____alert = require("src.alerts.alert")
local dedupKeyOf = ____alert.dedupKeyOf

-- Nothing is held.
function exports.createTimedHolds()
    local held = {}
    -- The earliest time in `held`, or an earlier one.
    local first
    -- Their time has come, and nobody has taken them yet.
    local ended = {}

    local function findEnded(now)
        if first == nil or now < first then
            return
        end
        first = nil
        for key, one in pairs(held) do
            if one ~= nil then
                if one.endsAt <= now then
                    ended[#ended + 1] = one.resource
                    held[key] = nil
                elseif first == nil or one.endsAt < first then
                    first = one.endsAt
                end
            end
        end
    end
    return {
        hold = function(resource, endsAt)
            local key = dedupKeyOf(resource)
            local before = held[key]
            if before == nil or endsAt < before.endsAt then
                held[key] = {resource = resource, endsAt = endsAt}
            end
            if first == nil or endsAt < first then
                first = endsAt
            end
        end,
        firstEnd = function() return #ended > 0 and 0 or first end,
        takeEnded = function(now, most)
            findEnded(now)
            local taken = {}
            while #taken < most do
                local resource = table.remove(ended)
                if resource == nil then
                    break
                end
                taken[#taken + 1] = resource
            end
            return taken
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/storms.ts --------------------
["src.alerts.storms"] = function(...)
-- Storms: when more problems than a limit would open on one route within a minute, one alert stands for those that follow.
-- Owns whom each storm's alert stands for, and when it begins, rages, and is over. The arrivals say what is so many; what it
-- tells is storm_words'. Each problem that comes, changes or goes costs the same, however many are gathered.
local exports = {}
local ____alert = require("src.alerts.alert")
local DEFAULT_ROUTE = ____alert.DEFAULT_ROUTE
local createAlert = ____alert.createAlert
local factsOfState = ____alert.factsOfState
local isOpen = ____alert.isOpen
local isWorse = ____alert.isWorse
local setDesired = ____alert.setDesired
local ____arrivals = require("src.alerts.arrivals")
local RISE_SECONDS = ____arrivals.RISE_SECONDS
local createArrivals = ____arrivals.createArrivals
local ____storm_words = require("src.alerts.storm_words")
local stormReport = ____storm_words.stormReport
local stormVerdict = ____storm_words.stormVerdict
-- Seconds for which a storm gathers before its alert opens: PagerDuty goes on showing what the first trigger said.
local GATHERING_SECONDS = 5
-- Seconds between two tellings of what a storm has become, at least: each is a line in the incident's log.
local TELLING_INTERVAL = 60
-- A calm storm is over when fewer than one in so many of the limit are left.
local LEFT_DIVISOR = 2
local WORST_FIRST = {"critical", "error", "warning", "info"}
-- The state of a storm: a problem of which no check tells.
local RAGING = 2

-- The route that an alert is meant to go by.
local function routeOf(____bindingPattern0)
    local detour
    local route
    route = ____bindingPattern0.route
    detour = ____bindingPattern0.detour
    return detour and detour.meantFor or route
end

local function placeOfStorm(route)
    return {
        isKnown = true,
        className = "storm",
        hostName = route == DEFAULT_ROUTE and "Storm of problems" or ("Storm of problems (" .. route) .. ")",
        serviceDescription = "",
        hostGroups = {},
        serviceGroups = {},
        criticality = 0,
        poller = "",
        hostAlias = "",
        hostAddress = ""
    }
end

-- Whether nobody has been paged for the alert, as far as is known, nor is about to be.
local function wouldOpen(____bindingPattern0)
    local inFlight
    local triggeredAt
    local isCertain
    local delivered
    delivered = ____bindingPattern0.delivered
    isCertain = ____bindingPattern0.isCertain
    triggeredAt = ____bindingPattern0.triggeredAt
    inFlight = ____bindingPattern0.inFlight
    return inFlight ~= "trigger" and (delivered == "none" or not isCertain and triggeredAt == 0)
end

-- The worst severity at which the storm's alert has paged, or is about to; undefined: at none.
local function pagedAt(____bindingPattern0)
    local alert
    alert = ____bindingPattern0.alert
    if alert.delivered ~= "none" then
        return alert.deliveredSeverity
    end
    return alert.inFlight == "trigger" and alert.severity or nil
end

local function isWorseThanPaged(severity, storm)
    local paged = pagedAt(storm)
    return paged ~= nil and isWorse(severity, paged)
end

local function worstOf(____bindingPattern0)
    local bySeverity
    bySeverity = ____bindingPattern0.bySeverity
    for ____, severity in ipairs(WORST_FIRST) do
        if bySeverity[severity] > 0 then
            return severity
        end
    end
    return "info"
end

-- No storm. `limit` 0: there never is one.
function exports.createStorms(limit, shelf, timedHolds, ports)
    local ____ports_2 = ports
    local now = ____ports_2.now
    local announce = ____ports_2.announce
    local storms = {}
    local arrivalsOf = {}
    -- By which route each problem came last, and when.
    local arrivedBy = {}
    -- PagerDuty never takes the storm's alert of this route: it stands for nothing any more.
    local refused = {}
    -- What a storm stood for that is over, and is to page by itself, whatever comes meanwhile.
    local released = {}

    local function arrivalsBy(route)
        local arrivals = arrivalsOf[route] or createArrivals(limit)
        arrivalsOf[route] = arrivals
        return arrivals
    end

    local function stormOf(____bindingPattern0)
        local resource
        resource = ____bindingPattern0.resource
        local ____temp_3
        if resource.kind == "storm" then
            ____temp_3 = storms[resource.route]
        else
            ____temp_3 = nil
        end
        return ____temp_3
    end

    local function lookAt(____bindingPattern0, time)
        local alert
        alert = ____bindingPattern0.alert
        timedHolds.hold(alert.resource, time)
    end

    local function tellingDueAt(____bindingPattern0)
        local alert
        alert = ____bindingPattern0.alert
        return alert.triggeredAt + TELLING_INTERVAL
    end

    local function calmDown(storm)
        storm.isRaging = false
        announce(storm.alert, "it is calm: problems that come now page by themselves")
    end

    -- What the storm stands for has changed.
    local function changed(storm)
        local ____storm_4 = storm
        local alert = ____storm_4.alert
        if not storm.isNews then
            storm.isNews = true
            lookAt(
                storm,
                tellingDueAt(storm)
            )
        end
        if not storm.isRaging and storm.size < limit / LEFT_DIVISOR then
            lookAt(
                storm,
                now()
            )
        end
        local desired = now() < storm.opensAt and "held" or "triggered"
        if setDesired(
            alert,
            desired,
            worstOf(storm)
        ) then
            ports.alertChanged(alert)
        end
    end

    local function countHost(storm, ____bindingPattern0, change)
        local resource
        resource = ____bindingPattern0.resource
        if not (resource.hostId ~= nil) then
            return
        end
        local before = storm.perHost[resource.hostId] or 0
        local after = before + change
        local ____storm_perHost_6 = storm.perHost
        local ____resource_hostId_7 = resource.hostId
        local ____temp_5
        if after == 0 then
            ____temp_5 = nil
        else
            ____temp_5 = after
        end
        ____storm_perHost_6[____resource_hostId_7] = ____temp_5
        if before == 0 or after == 0 then
            storm.hosts = storm.hosts + change
        end
    end

    local function countSeverity(storm, severity, change)
        storm.bySeverity[severity] = storm.bySeverity[severity] + change
    end

    local function add(storm, alert, severity)
        storm.members[alert] = severity
        storm.size = storm.size + 1
        countSeverity(storm, severity, 1)
        countHost(storm, alert, 1)
    end

    -- The storm is over: its alert is to be resolved.
    local function close(storm, reason)
        local ____storm_8 = storm
        local alert = ____storm_8.alert
        local route = ____storm_8.route
        storms[route] = nil
        announce(alert, reason)
        setDesired(alert, "resolved", alert.severity)
        ports.alertChanged(alert)
        ports.forgetIfSettled(alert)
    end

    local function leave(alert)
        local storm = alert.gathered and storms[alert.gathered.route]
        alert.gathered = nil
        local severity = storm and storm.members[alert]
        if storm == nil or severity == nil then
            return
        end
        storm.members[alert] = nil
        storm.size = storm.size - 1
        countSeverity(storm, severity, -1)
        countHost(storm, alert, -1)
        if storm.size == 0 then
            close(storm, "nothing is left that it stands for")
        else
            changed(storm)
        end
    end

    -- Lets an alert page by itself when its turn comes: there may be thousands.
    local function release(alert)
        alert.gathered = nil
        released[alert] = true
        timedHolds.hold(
            alert.resource,
            now()
        )
    end

    local function ____end(storm, reason)
        for alert in pairs(storm.members) do
            release(alert)
        end
        close(storm, reason)
    end

    -- A storm around an alert, which stands for nothing yet.
    local function put(route, alert, since, opensAt)
        local storm = {
            route = route,
            alert = alert,
            members = {},
            size = 0,
            bySeverity = {critical = 0, error = 0, warning = 0, info = 0},
            hosts = 0,
            perHost = {},
            limit = limit,
            since = since,
            isRaging = true,
            isNews = false,
            opensAt = opensAt
        }
        storms[route] = storm
        alert.place = placeOfStorm(route)
        alert.report = stormReport(storm)
        return storm
    end

    local function begin(route)
        local resource = {kind = "storm", route = route}
        -- The one before may not be resolved yet.
        local alert = shelf.find(resource) or createAlert(
            resource,
            factsOfState(RAGING),
            "info"
        )
        if not isOpen(alert) then
            alert.route = route
        end
        shelf.put(alert)
        local storm = put(
            route,
            alert,
            now(),
            now() + GATHERING_SECONDS
        )
        lookAt(storm, storm.opensAt)
        lookAt(
            storm,
            arrivalsBy(route).calmAt()
        )
        announce(
            alert,
            string.format("more than %d problems came within a minute: it stands for those that follow", limit)
        )
        return storm
    end

    -- Notes that a problem comes; one that was held and freed again within the minute is the same one.
    local function noteArrival(alert, route)
        local at = now()
        local last = arrivedBy[alert]
        if (last and last.route) == route and at - last.at < RISE_SECONDS then
            return
        end
        arrivedBy[alert] = {route = route, at = at}
        arrivalsBy(route).note(at)
    end

    -- A problem came that would open an alert by this route. Gives the storm that gathers it; undefined: none does.
    local function gathererOf(alert, route)
        local arrivals = arrivalsBy(route)
        local storm = storms[route]
        if (storm and storm.isRaging) == true and arrivals.calmAt() <= now() then
            calmDown(storm)
        end
        noteArrival(alert, route)
        if refused[route] ~= nil then
            return nil
        end
        local areTooMany = arrivals.areTooMany(now())
        if storm == nil then
            return areTooMany and begin(route) or nil
        end
        -- Only what PagerDuty has, or is to get, can stand for something new.
        if not isOpen(storm.alert) and storm.alert.delivered ~= "none" then
            return nil
        end
        if areTooMany and not storm.isRaging then
            storm.isRaging = true
            lookAt(
                storm,
                arrivals.calmAt()
            )
        end
        return storm.isRaging and storm or nil
    end
    return {
        standsFor = function(alert, wanted, severity)
            if limit == 0 or alert.resource.kind == "connector" then
                return false
            end
            local isReleased = released[alert] ~= nil
            if isReleased then
                released[alert] = nil
            end
            local route = routeOf(alert)
            local ____alert_15 = alert
            local gathered = ____alert_15.gathered
            local storm = gathered and storms[gathered.route]
            if storm ~= nil then
                local stays = wanted == "triggered" and (gathered and gathered.route) == route and wouldOpen(alert)
                if stays and not isWorseThanPaged(severity, storm) then
                    local before = storm.members[alert]
                    if before ~= nil and before ~= severity then
                        storm.members[alert] = severity
                        countSeverity(storm, before, -1)
                        countSeverity(storm, severity, 1)
                        changed(storm)
                    end
                    return true
                end
                leave(alert)
                if stays then
                    return false
                end
            end
            if wanted ~= "triggered" or isReleased or alert.desired == "triggered" or not wouldOpen(alert) then
                return false
            end
            local gatherer = gathererOf(alert, route)
            if gatherer == nil or isWorseThanPaged(severity, gatherer) then
                return false
            end
            alert.gathered = {
                route = route,
                at = now()
            }
            add(gatherer, alert, severity)
            changed(gatherer)
            return true
        end,
        forgotten = function(alert)
            released[alert] = nil
            arrivedBy[alert] = nil
            if alert.gathered ~= nil then
                leave(alert)
            end
            local storm = stormOf(alert)
            if storm == nil or storm.alert ~= alert then
                return
            end
            storms[storm.route] = nil
            for member in pairs(storm.members) do
                release(member)
            end
        end,
        look = function(alert)
            local storm = stormOf(alert)
            if storm == nil then
                return
            end
            local time = now()
            local calmAt = arrivalsBy(storm.route).calmAt()
            if storm.isRaging and calmAt <= time then
                calmDown(storm)
            end
            -- One that could not stand for what was worse than it had paged for, while its end was on its way.
            if storm.size == 0 then
                close(storm, "nothing is left that it stands for")
                return
            end
            if not storm.isRaging and storm.size < limit / LEFT_DIVISOR then
                ____end(storm, "it is over: the few problems that are left page by themselves")
                return
            end
            if storm.isRaging then
                lookAt(storm, calmAt)
            end
            if time < storm.opensAt then
                lookAt(storm, storm.opensAt)
            elseif setDesired(
                alert,
                "triggered",
                worstOf(storm)
            ) then
                ports.alertChanged(alert)
            end
            if not storm.isNews or alert.wantsUpdate == true then
                return
            end
            if isOpen(alert) and tellingDueAt(storm) <= time then
                alert.wantsUpdate = true
                ports.alertChanged(alert)
            else
                lookAt(
                    storm,
                    math.max(
                        tellingDueAt(storm),
                        time + 1
                    )
                )
            end
        end,
        settled = function(alert)
            local storm = stormOf(alert)
            if storm == nil or alert.refusedSeverity == nil then
                return
            end
            refused[storm.route] = true
            ____end(storm, "PagerDuty refuses it for good: what it stood for pages by itself, and it stands for nothing until the next start")
        end,
        describe = function(alert)
            local storm = stormOf(alert)
            if storm == nil then
                return
            end
            alert.report = stormReport(storm)
            alert.verdict = stormVerdict(storm)
            storm.isNews = false
        end,
        ["end"] = function(alert, reason)
            local storm = stormOf(alert)
            if storm ~= nil then
                ____end(storm, reason)
            end
        end,
        resume = function()
            local members = {}
            local alertOf = {}
            shelf.each(function(alert)
                if alert.gathered ~= nil then
                    members[#members + 1] = alert
                end
                if alert.resource.kind == "storm" then
                    alertOf[alert.resource.route] = alert
                end
            end)
            for route, alert in pairs(alertOf) do
                if alert ~= nil and alert.desired ~= "resolved" then
                    local ____route_20 = route
                    local ____alert_21 = alert
                    local ____opt_18 = alert.report
                    put(
                        ____route_20,
                        ____alert_21,
                        ____opt_18 and ____opt_18.since or now(),
                        now()
                    )
                end
            end
            table.sort(
                members,
                function(left, right)
                    local ____opt_22 = left.gathered
                    local ____temp_26 = ____opt_22 and ____opt_22.at or 0
                    local ____opt_24 = right.gathered
                    return ____temp_26 < (____opt_24 and ____opt_24.at or 0)
                end
            )
            for ____, alert in ipairs(members) do
                local storm = alert.gathered and storms[alert.gathered.route]
                if storm == nil or limit == 0 then
                    release(alert)
                else
                    add(storm, alert, alert.severity)
                    local ____arrivalsBy_result_note_30 = arrivalsBy(storm.route).note
                    local ____math_min_29 = math.min
                    local ____opt_27 = alert.gathered
                    ____arrivalsBy_result_note_30(____math_min_29(
                        ____opt_27 and ____opt_27.at or 0,
                        now()
                    ))
                end
            end
            for ____, storm in pairs(storms) do
                if storm ~= nil then
                    -- Told again only if it is another by now: a restart alone is nothing to tell.
                    local ____storm_34 = storm
                    local ____stormVerdict_result_summary_33 = stormVerdict(storm).summary
                    local ____opt_31 = storm.alert.verdict
                    ____storm_34.isNews = ____stormVerdict_result_summary_33 ~= (____opt_31 and ____opt_31.summary)
                    if limit == 0 then
                        close(storm, "pdy_storm_limit is 0: what it stood for pages by itself")
                    elseif storm.size == 0 then
                        close(storm, "nothing is left that it stands for")
                    else
                        lookAt(
                            storm,
                            now()
                        )
                    end
                end
            end
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/host_parents.ts --------------------
["src.alerts.host_parents"] = function(...)
-- Which host is behind which, as Centreon's configuration tells it. Owns the relations alone: what they mean for an
-- alert is for surroundings.ts and the policy to say.
local exports = {}

-- Puts `member` into or out of the set at `owner`; an empty set is forgotten.
local function change(relations, owner, member, isIn)
    local set = relations[owner] or ({})
    local ____member_1 = member
    local ____isIn_0
    if isIn then
        ____isIn_0 = true
    else
        ____isIn_0 = nil
    end
    set[____member_1] = ____isIn_0
    local ____relations_3 = relations
    local ____owner_4 = owner
    local ____temp_2
    if (next(set)) == nil then
        ____temp_2 = nil
    else
        ____temp_2 = set
    end
    ____relations_3[____owner_4] = ____temp_2
end

local function listed(set)
    local ids = {}
    if set ~= nil then
        for id in pairs(set) do
            ids[#ids + 1] = id
        end
    end
    return ids
end

-- No relations yet.
function exports.createHostParents()
    local parents = {}
    local children = {}
    return {
        set = function(childId, parentId, isParent)
            local ____opt_5 = parents[childId]
            if (____opt_5 and ____opt_5[parentId]) == true == isParent then
                return false
            end
            change(parents, childId, parentId, isParent)
            change(children, parentId, childId, isParent)
            return true
        end,
        parentsOf = function(childId) return listed(parents[childId]) end,
        childrenOf = function(parentId) return listed(children[parentId]) end,
        each = function(visit)
            for childId, above in pairs(parents) do
                if above ~= nil then
                    for parentId in pairs(above) do
                        visit(childId, parentId)
                    end
                end
            end
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/surroundings.ts --------------------
["src.alerts.surroundings"] = function(...)
-- What surrounds a resource: its host and the hosts above it, SOFT states included, and how old what is known of it is
-- after one of them was away. Decides nothing about alerts: it says what the policy looks at.
local exports = {}
local ____host_parents = require("src.alerts.host_parents")
local createHostParents = ____host_parents.createHostParents
local ____policy = require("src.alerts.policy")
local STALENESS_CLOCK_GRACE = ____policy.STALENESS_CLOCK_GRACE
local STATE = ____policy.STATE

-- No hosts and no relations yet; the alerts of hosts and services are those on the shelf.
function exports.createSurroundings(settings, shelf, ports)
    local hosts = {}
    local parents = createHostParents()

    -- A host's state, SOFT included: its alert knows that of a journal in which the host's own line is missing.
    local function stateOf(hostId)
        local ____opt_0 = hosts[hostId]
        local ____temp_4 = ____opt_0 and ____opt_0.state
        if ____temp_4 == nil then
            local ____opt_2 = shelf.ofHost(hostId)
            ____temp_4 = ____opt_2 and ____opt_2.facts.state
        end
        return ____temp_4 or STATE.up
    end

    local function isUp(hostId)
        return stateOf(hostId) == STATE.up
    end

    -- Calls `visit` for each host above that is not UP, as far up as such hosts lead: an UNREACHABLE one has somebody above
    -- it, and through a silent one others are seen. Ends when `visit` gives true, and gives whether it did. Relations that
    -- Centreon gave up may be known still: there can be loops.
    local function someAbove(hostId, visit)
        local seen = {}
        -- A list, not a recursion: LuaJIT of Debian 12 crashes on one within a loop over pairs.
        local toLookAbove = {hostId}
        while true do
            local belowId = table.remove(toLookAbove)
            if belowId == nil then
                return false
            end
            for ____, parentId in ipairs(parents.parentsOf(belowId)) do
                if not (seen[parentId] ~= nil) and not isUp(parentId) then
                    seen[parentId] = true
                    if visit(parentId) then
                        return true
                    end
                    if stateOf(parentId) == STATE.unreachable or ports.isSilent(parentId) then
                        toLookAbove[#toLookAbove + 1] = parentId
                    end
                end
            end
        end
    end

    -- Whether somebody above says it all for an UNREACHABLE host. Of the hosts in one loop none does that for the others:
    -- each would wait for the next.
    local function isBehindDownParent(hostId)
        return someAbove(
            hostId,
            function(aboveId)
                if aboveId == hostId or ports.isSilent(aboveId) then
                    return false
                end
                return stateOf(aboveId) ~= STATE.unreachable or not someAbove(
                    aboveId,
                    function(id) return id == hostId end
                )
            end
        )
    end

    local function alertsOfChildren(hostId)
        local listed = {}
        for ____, childId in ipairs(parents.childrenOf(hostId)) do
            local alert = shelf.ofHost(childId)
            if alert ~= nil then
                listed[#listed + 1] = alert
            end
        end
        return listed
    end

    local function alertsBehind(hostId)
        local listed = {}
        local seen = {}
        seen[hostId] = true
        local toLookBelow = {hostId}
        while true do
            local aboveId = table.remove(toLookBelow)
            if aboveId == nil then
                return listed
            end
            for ____, childId in ipairs(parents.childrenOf(aboveId)) do
                if not (seen[childId] ~= nil) and not isUp(childId) then
                    seen[childId] = true
                    toLookBelow[#toLookBelow + 1] = childId
                    local alert = shelf.ofHost(childId)
                    if alert ~= nil then
                        listed[#listed + 1] = alert
                    end
                end
            end
        end
    end

    -- What was known before a host checked at `hostCheckedAt` came back is old, until a check confirms it.
    local function markStale(alert, hostCheckedAt)
        if alert.facts.state == STATE.ok then
            return
        end
        alert.facts.staleness = {
            lastCheckAtReturn = alert.facts.lastCheck,
            hostCheckedAt = hostCheckedAt,
            since = ports.now()
        }
        ports.becameStale(alert)
    end

    -- Whether a host's return is so long ago that no result of before can still come in.
    local function isLongBack(facts)
        return facts.returnedAt ~= nil and ports.now() - facts.returnedAt >= STALENESS_CLOCK_GRACE
    end

    local function setHost(hostId, facts)
        local isOfInterest = facts.state ~= STATE.up or facts.downtimeDepth > 0 or facts.returnedAt ~= nil
        hosts[hostId] = isOfInterest and facts or nil
        ports.hostChanged(hostId, isOfInterest and facts or nil)
    end

    local function noteHost(hostId, ____bindingPattern0)
        local lastCheck
        local downtimeDepth
        local state
        state = ____bindingPattern0.state
        downtimeDepth = ____bindingPattern0.downtimeDepth
        lastCheck = ____bindingPattern0.lastCheck
        local known = hosts[hostId]
        if known == nil and state == STATE.up and downtimeDepth == 0 then
            return false
        end
        local facts = known or ({state = STATE.up, downtimeDepth = 0, checkedAtReturn = nil, returnedAt = nil})
        local isSame = facts.state == state and facts.downtimeDepth == downtimeDepth
        if isSame and not isLongBack(facts) then
            return false
        end
        local isBack = facts.state ~= STATE.up and state == STATE.up
        facts.state = state
        facts.downtimeDepth = downtimeDepth
        if isLongBack(facts) then
            facts.checkedAtReturn = nil
            facts.returnedAt = nil
        end
        if isBack and settings.suppressServicesOfDownHosts then
            facts.checkedAtReturn = lastCheck
            facts.returnedAt = ports.now()
            for ____, alert in ipairs(shelf.ofServices(hostId)) do
                markStale(alert, lastCheck)
            end
        end
        if isBack and settings.suppressHostsBehindDownParents then
            for ____, alert in ipairs(alertsBehind(hostId)) do
                if alert.facts.state == STATE.unreachable then
                    markStale(alert, lastCheck)
                end
            end
        end
        setHost(hostId, facts)
        return not isSame
    end
    return {
        of = function(____bindingPattern0)
            local rejection
            local facts
            local resource
            resource = ____bindingPattern0.resource
            facts = ____bindingPattern0.facts
            rejection = ____bindingPattern0.rejection
            local isFilteredOut = rejection ~= nil
            if resource.kind ~= "service" then
                local isUnreachable = resource.kind == "host" and facts.state == STATE.unreachable
                return {
                    hostDowntimeDepth = 0,
                    isHostDown = false,
                    isBehindDownParent = isUnreachable and settings.suppressHostsBehindDownParents and isBehindDownParent(resource.hostId),
                    isFilteredOut = isFilteredOut
                }
            end
            local host = hosts[resource.hostId]
            return {hostDowntimeDepth = (host == nil or settings.ignoresDowntimes) and 0 or host.downtimeDepth, isHostDown = settings.suppressServicesOfDownHosts and host ~= nil and host.state ~= STATE.up, isBehindDownParent = false, isFilteredOut = isFilteredOut}
        end,
        knowsHost = function(hostId) return hosts[hostId] ~= nil end,
        stateOf = stateOf,
        noteHost = noteHost,
        stalenessOfNewcomer = function(resource, lastCheck)
            local ____temp_5
            if resource.kind == "service" then
                ____temp_5 = hosts[resource.hostId]
            else
                ____temp_5 = nil
            end
            local host = ____temp_5
            if (host and host.checkedAtReturn) == nil or host.returnedAt == nil then
                return nil
            end
            if isLongBack(host) or lastCheck >= host.checkedAtReturn then
                return nil
            end
            return {lastCheckAtReturn = lastCheck, hostCheckedAt = host.checkedAtReturn, since = host.returnedAt}
        end,
        forgetHost = function(hostId)
            if hosts[hostId] == nil then
                return
            end
            hosts[hostId] = nil
            ports.hostChanged(hostId, nil)
        end,
        setParent = function(childId, parentId, isParent)
            if not parents.set(childId, parentId, isParent) then
                return false
            end
            ports.parentChanged(childId, parentId, isParent)
            return true
        end,
        parentsOf = parents.parentsOf,
        alertsOfChildren = alertsOfChildren,
        alertsBehind = alertsBehind,
        restoreHost = function(hostId, facts)
            hosts[hostId] = facts
        end,
        restoreParent = function(childId, parentId)
            parents.set(childId, parentId, true)
        end,
        eachHost = function(visit)
            for hostId, facts in pairs(hosts) do
                if facts ~= nil then
                    visit(hostId, facts)
                end
            end
        end,
        eachParent = parents.each
    }
end
return exports
 end,

-- -------------------- src/alerts/waits.ts --------------------
["src.alerts.waits"] = function(...)
-- Problems that page only if they last: since when each is one, and until when its page waits. How long one has to last is
-- the administrator's rules' to say; what follows, the decision's.
local exports = {}
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE

-- Nothing waits. `now`: seconds that never go back.
function exports.createWaits(timedHolds, now)

    local function untilOf(____bindingPattern0)
        local inFlight
        local delivered
        local wait
        local facts
        local resource
        resource = ____bindingPattern0.resource
        facts = ____bindingPattern0.facts
        wait = ____bindingPattern0.wait
        delivered = ____bindingPattern0.delivered
        inFlight = ____bindingPattern0.inFlight
        if wait == nil or facts.problemSince == nil then
            return nil
        end
        if delivered ~= "none" or inFlight == "trigger" then
            return nil
        end
        local ____until = facts.problemSince + wait
        if ____until <= now() then
            return nil
        end
        timedHolds.hold(resource, ____until)
        return ____until
    end
    return {
        begin = function(____bindingPattern0)
            local facts
            facts = ____bindingPattern0.facts
            facts.problemSince = now()
        end,
        ["end"] = function(____bindingPattern0)
            local facts
            facts = ____bindingPattern0.facts
            -- Lua makes room for a field that is set to nil.
            if facts.problemSince ~= nil then
                facts.problemSince = nil
            end
        end,
        untilOf = untilOf,
        resume = function(alert)
            local ____alert_0 = alert
            local facts = ____alert_0.facts
            local report = ____alert_0.report
            if facts.state == STATE.ok then
                return
            end
            -- Journals of 0.1.0 and 0.2.0 do not say it: the engine's time is that of the last change of state, and never too early.
            local since = (report == nil or report.since == 0) and now() or report.since
            facts.problemSince = math.min(
                facts.problemSince or since,
                now()
            )
            untilOf(alert)
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/decision.ts --------------------
["src.alerts.decision"] = function(...)
-- What is decided of one alert: the administrator's rules are asked, the policy says what Centreon calls for, and whoever
-- must know is told. Keeps nothing: what is known stands in the alert and around it.
local exports = {}
local ____alert = require("src.alerts.alert")
local isDescribed = ____alert.isDescribed
local isOpen = ____alert.isOpen
local isSettled = ____alert.isSettled
local gatheredWords = ____alert.gatheredWords
local isWorse = ____alert.isWorse
local setDesired = ____alert.setDesired
local ____time = require("src.text.time")
local spokenDuration = ____time.spokenDuration
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local desiredState = ____policy.desiredState
local holdReason = ____policy.holdReason
-- Seconds after which rules that look at the hour are asked again, at most: somebody may set the system's clock, or its
-- time zone, and the connector's clock does not go back with it.
local LONGEST_UNASKED = 60

-- Where the alert is to go; one whose own key is refused stays with the fallback key, unless it is meant for another.
local function setRoute(alert, route)
    local ____opt_0 = alert.detour
    if (____opt_0 and ____opt_0.meantFor) == route then
        return
    end
    alert.route = route
    if alert.detour ~= nil then
        alert.detour = nil
    end
end

-- Takes what the hold does to an open alert: once for each hold. Gives false when it is what it was.
local function setHoldAction(alert, action)
    local before = alert.holdAction
    if action == nil == (before == nil) then
        return false
    end
    alert.holdAction = action
    return true
end

-- What the hold does to an open alert; undefined: nothing.
local function holdActionOf(____bindingPattern0, reason, ____bindingPattern1)
    local resource
    resource = ____bindingPattern0.resource
    local downtimeAction
    downtimeAction = ____bindingPattern1.downtimeAction
    if reason == "it is in a downtime" or reason == "its host is in a downtime" then
        return downtimeAction
    end
    -- Nobody is to be told of pollers that are silent, and perhaps nothing ever tells that one answers.
    return resource.kind == "poller" and reason == "it is filtered out" and "resolve" or nil
end

-- Why the alert is held, in words for the log.
local function holdWords(____bindingPattern0, reason)
    local gathered
    local wait
    local rejection
    rejection = ____bindingPattern0.rejection
    wait = ____bindingPattern0.wait
    gathered = ____bindingPattern0.gathered
    if gathered ~= nil then
        return gatheredWords(gathered)
    end
    if reason == "it is filtered out" then
        return (reason .. ": ") .. tostring(rejection)
    end
    if reason == "it has not lasted long enough" then
        return (reason .. ": it pages after ") .. spokenDuration(wait or 0)
    end
    return reason or "it is flapping"
end

-- `forgetIfSettled` is called when nothing may be left to remember of the alert.
function exports.createDecision(settings, surroundings, waits, timedHolds, storms, forgetIfSettled, ports)

    -- Why an acknowledgement counts for nothing; undefined: there is none, or it counts.
    local function acknowledgementProblem(alert, severity)
        local ____alert_2 = alert
        local facts = ____alert_2.facts
        if not facts.isAcknowledged then
            return nil
        end
        local rejection = ports.acknowledgementRejectionOf(alert)
        if rejection ~= nil or not settings.repageOnEscalation then
            return rejection
        end
        local before = facts.acknowledgedSeverity
        if before ~= nil and isWorse(severity, before) then
            facts.isAcknowledgementOutgrown = true
        end
        return facts.isAcknowledgementOutgrown == true and "the problem got worse after it" or nil
    end

    local function seen(alert, isAcknowledged)
        local ____alert_3 = alert
        local facts = ____alert_3.facts
        return {
            state = facts.state,
            isAcknowledged = isAcknowledged,
            downtimeDepth = settings.ignoresDowntimes and 0 or facts.downtimeDepth,
            flapping = facts.isFlapping and not settings.ignoresFlapping and ports.flappingOf(alert) or "no",
            lastCheck = facts.lastCheck,
            staleness = facts.staleness,
            earlyUntil = facts.earlyUntil,
            goneAt = facts.goneAt,
            waitsUntil = waits.untilOf(alert)
        }
    end

    local function decide(alert, hasNews)
        local ____alert_4 = alert
        local facts = ____alert_4.facts
        local isFine = facts.state == STATE.ok
        local severity = isFine and alert.severity or ports.severityOf(alert)
        local problem = acknowledgementProblem(alert, severity)
        local counts = facts.isAcknowledged and problem == nil and not settings.ignoresAcknowledgements
        local seenFacts = seen(alert, counts)
        local around = surroundings.of(alert)
        local ____alert_5 = alert
        local before = ____alert_5.desired
        local gatheredBefore = ____alert_5.gathered
        local wanted = desiredState(seenFacts, around)
        local isGathered = storms.standsFor(alert, wanted, severity)
        -- What is fine is held by nothing but flapping.
        local ____temp_6
        if wanted == "held" and not isFine then
            ____temp_6 = holdReason(seenFacts, around)
        else
            ____temp_6 = nil
        end
        local hold = ____temp_6
        local isDesiredNew = setDesired(alert, isGathered and "held" or wanted, severity)
        local isHoldNew = setHoldAction(
            alert,
            hold and holdActionOf(alert, hold, settings)
        )
        if not isDesiredNew and not isHoldNew and not hasNews and alert.gathered == gatheredBefore then
            return
        end
        if problem ~= nil and not isFine then
            ports.announce(alert, "its acknowledgement does not count: " .. problem)
        end
        if alert.desired == "held" and before ~= "held" then
            ports.explain(
                alert,
                holdWords(alert, hold)
            )
        end
        if before == "triggered" and isSettled(alert) then
            local isClosed = alert.delivered == "closed"
            ports.announce(alert, isClosed and "it has ended, and is closed already: nothing is sent" or "it came and went before PagerDuty took it: nothing is sent")
        end
        ports.alertChanged(alert)
        forgetIfSettled(alert)
    end

    local function examine(alert)
        if not isDescribed(alert) or alert.facts.state == STATE.ok then
            return
        end
        local wasRejected = alert.rejection ~= nil
        local reason = ports.unnotifiedReasonOf(alert)
        local verdict = ports.judgeByCustomCode(alert)
        -- Lua makes room for a field that is set to nil: they are seldom there.
        if alert.unnotified ~= reason then
            alert.unnotified = reason
        end
        if alert.verdict ~= verdict then
            alert.verdict = verdict
        end
        local rejection = ports.rejectionOf(alert)
        if alert.rejection ~= rejection then
            alert.rejection = rejection
        end
        local wait = ports.waitOf(alert)
        if wait ~= (alert.wait or 0) then
            alert.wait = wait > 0 and wait or nil
        end
        if not isOpen(alert) and alert.inFlight == nil then
            setRoute(
                alert,
                ports.routeOf(alert)
            )
        end
        local ____alert_7 = alert
        local resource = ____alert_7.resource
        local askAgainAt = ports.askAgainAt(alert)
        if askAgainAt ~= nil then
            timedHolds.hold(
                resource,
                math.min(
                    askAgainAt,
                    ports.now() + LONGEST_UNASKED
                )
            )
        end
        -- Hosts behind this one look through it while it is silent.
        if resource.kind == "host" and wasRejected ~= (alert.rejection ~= nil) then
            for ____, behind in ipairs(surroundings.alertsBehind(resource.hostId)) do
                decide(behind, false)
            end
        end
    end
    return {examine = examine, decide = decide}
end
return exports
 end,

-- -------------------- src/alerts/pair_set.ts --------------------
["src.alerts.pair_set"] = function(...)
-- A set of pairs of numbers, such as a host and its service: found without making a text of each.
local exports = {}

-- Nothing in it.
function exports.createPairSet()
    local seconds = {}
    return {
        add = function(first, second)
            local ofFirst = seconds[first] or ({})
            ofFirst[second] = true
            seconds[first] = ofFirst
        end,
        has = function(first, second)
            local ____opt_0 = seconds[first]
            return (____opt_0 and ____opt_0[second] ~= nil) == true
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/roll_call.ts --------------------
["src.alerts.roll_call"] = function(...)
-- Which resources an engine no longer names: what a restart does not mention, and what a reload says was removed. Owns
-- what was heard since a poller's engine started, and the notes of removals; what becomes of a resource that is gone is
-- for departures.ts to say.
local exports = {}
local ____alert = require("src.alerts.alert")
local dedupKeyOf = ____alert.dedupKeyOf
local ____pair_set = require("src.alerts.pair_set")
local createPairSet = ____pair_set.createPairSet

local function relationKey(childId, parentId)
    return string.format("%d behind %d", childId, parentId)
end
-- An answer is looked for in a small part of the time that one who is gone takes.
local LOOKS_FOR_EACH = 50
-- Most that are seen to as soon as they are missed: the others follow in turns, for there may be thousands, and to journal
-- and tell of each takes up to 0.2 ms.
local MOST_AT_ONCE = 20

-- Nothing heard yet.
function exports.createRollCall(ports)
    -- When each engine started, as it said last (Unix time).
    local startedAt = {}
    local stopped = {}
    -- For each poller whose roll call is open.
    local open = {}
    local ended = {}
    -- What was said to be removed, by dedup key: carried out when the configuration has been told.
    local removals = {}
    -- What was removed, by dedup key, and relations that were left out: what is to be done about it.
    local missing = {}
    -- Hosts that a poller gave up though another one has them by now.
    local leftTo = {}
    -- Who gave up a host of which nobody knows whose it is: the broker's cache lets go of it at once.
    local givenUpBy = {}
    -- Asked at every status, so it is not looked for then.
    local isListening = false

    local function isAnyMissing()
        return #ended > 0 or (next(missing)) ~= nil
    end

    local function lookWhetherListening()
        local wasListening = isListening
        isListening = (next(open)) ~= nil or (next(removals)) ~= nil or isAnyMissing()
        if isListening and not wasListening then
            ports.listens()
        end
    end

    local function setStopped(pollerId, isStopped)
        if stopped[pollerId] == true == isStopped then
            return
        end
        local ____pollerId_1 = pollerId
        local ____isStopped_0
        if isStopped then
            ____isStopped_0 = true
        else
            ____isStopped_0 = nil
        end
        stopped[____pollerId_1] = ____isStopped_0
        ports.engineChanged(pollerId, isStopped)
    end

    local function isOf(pollerId, resource)
        return (ports.ownerOf(resource) or givenUpBy[resource.hostId]) == pollerId
    end

    local function carryOutRemovals(pollerId)
        for key, resource in pairs(removals) do
            if resource ~= nil then
                local hasMoved = leftTo[resource.hostId] == pollerId
                local isRemoved = not hasMoved and isOf(pollerId, resource)
                if isRemoved then
                    missing[key] = function() return ports.gone(resource, pollerId) end
                end
                if hasMoved or isRemoved then
                    removals[key] = nil
                end
            end
        end
        for hostId, formerId in pairs(leftTo) do
            if formerId == pollerId then
                leftTo[hostId] = nil
            end
        end
        for hostId, formerId in pairs(givenUpBy) do
            if formerId == pollerId then
                givenUpBy[hostId] = nil
            end
        end
    end

    local function endRollCall(pollerId, heard)
        local left = ports.remembered()
        for ____, resource in ipairs(heard.awaited) do
            left[#left + 1] = resource
        end
        ended[#ended + 1] = {pollerId = pollerId, heard = heard, left = left}
        ports.eachParent(function(childId, parentId)
            if heard.relations.has(childId, parentId) then
                return
            end
            missing[relationKey(childId, parentId)] = function()
                local child = {kind = "host", hostId = childId, serviceId = 0}
                if isOf(pollerId, child) then
                    ports.parentGone(childId, parentId)
                end
            end
        end)
    end

    -- Goes on looking for those who did not answer, until so many are found. Gives how many are.
    local function findGone(most)
        local found = 0
        local looks = LOOKS_FOR_EACH * most
        local call = ended[1]
        while call ~= nil and found < most and looks > 0 do
            local ____call_2 = call
            local pollerId = ____call_2.pollerId
            local heard = ____call_2.heard
            local left = ____call_2.left
            local resource = table.remove(left)
            if resource == nil then
                table.remove(ended, 1)
                call = ended[1]
            else
                local isHeard = heard.resources.has(resource.hostId, resource.serviceId)
                if not isHeard and isOf(pollerId, resource) then
                    found = found + 1
                    ports.gone(resource, pollerId)
                end
            end
            looks = looks - 1
        end
        return found
    end

    local function turn(most)
        local done = findGone(most)
        for key, carryOut in pairs(missing) do
            if done == most then
                return
            end
            done = done + 1
            missing[key] = nil
            if carryOut ~= nil then
                carryOut()
            end
        end
        -- Lua looks through all the room of a table that was emptied, at each question whether anything is in it.
        if done > 0 and (next(missing)) == nil then
            missing = {}
        end
        lookWhetherListening()
    end
    return {
        engineRuns = function(pollerId, since)
            -- Told twice of one start, nobody knows what came before the second time.
            local isAnew = startedAt[pollerId] ~= since
            local nobody = {
                awaited = ports.awaited(),
                resources = createPairSet(),
                relations = createPairSet()
            }
            open[pollerId] = isAnew and nobody or nil
            startedAt[pollerId] = since
            setStopped(pollerId, false)
            lookWhetherListening()
        end,
        engineStopped = function(pollerId)
            open[pollerId] = nil
            setStopped(pollerId, true)
            lookWhetherListening()
        end,
        engineIsAlive = function(pollerId)
            setStopped(pollerId, false)
        end,
        restoreStopped = function(pollerId)
            stopped[pollerId] = true
        end,
        eachStopped = function(visit)
            for pollerId in pairs(stopped) do
                visit(pollerId)
            end
        end,
        configurationEnds = function(pollerId)
            local heard = open[pollerId]
            open[pollerId] = nil
            if heard ~= nil then
                endRollCall(pollerId, heard)
            end
            carryOutRemovals(pollerId)
            turn(MOST_AT_ONCE)
        end,
        turn = turn,
        isAnyMissing = isAnyMissing,
        isListening = function() return isListening end,
        heard = function(resource)
            if not isListening or not (resource.hostId ~= nil) then
                return
            end
            for ____, heard in pairs(open) do
                if heard ~= nil then
                    heard.resources.add(resource.hostId, resource.serviceId)
                end
            end
            for ____, ____value in ipairs(ended) do
                local heard = ____value.heard
                heard.resources.add(resource.hostId, resource.serviceId)
            end
            if (next(removals)) == nil and (next(missing)) == nil then
                return
            end
            local key = dedupKeyOf(resource)
            removals[key] = nil
            missing[key] = nil
            lookWhetherListening()
        end,
        heardParent = function(childId, parentId)
            for ____, heard in pairs(open) do
                if heard ~= nil then
                    heard.relations.add(childId, parentId)
                end
            end
            if (next(missing)) ~= nil then
                missing[relationKey(childId, parentId)] = nil
            end
        end,
        removed = function(resource, pollerId)
            removals[dedupKeyOf(resource)] = resource
            lookWhetherListening()
            if pollerId == nil then
                return
            end
            local owner = ports.ownerOf(resource)
            if owner == nil then
                givenUpBy[resource.hostId] = pollerId
            elseif owner ~= pollerId then
                leftTo[resource.hostId] = pollerId
            end
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/departures.ts --------------------
["src.alerts.departures"] = function(...)
-- What is gone: resources that their poller's engine no longer names are resolved and forgotten a minute later, unless
-- something speaks of them again. Owns whose a host is, be there an alert or not, and the minute; what was named and what was
-- not is the roll call's to know.
local exports = {}
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local ____roll_call = require("src.alerts.roll_call")
local createRollCall = ____roll_call.createRollCall
-- Seconds for which a resource that its engine no longer names is waited for: a host that moves to another poller is named
-- by that one in some seconds, before or after.
local GONE_SECONDS = 60

-- Nobody has gone yet.
function exports.createDepartures(shelf, surroundings, timedHolds, ports)
    local rollCall, setParent
    local ____ports_0 = ports
    local now = ____ports_0.now
    local announce = ____ports_0.announce
    local decide = ____ports_0.decide
    local decideAround = ____ports_0.decideAround
    local awaited = ____ports_0.awaited
    -- The poller that defined each host last, as the broker's cache said then. Of hosts that are fine, too: a broker that was
    -- killed has the cache of its last clean stop (measured), and no status ever names a poller.
    local owners = {}
    -- The same of remembered hosts, since the start.
    local definedBy = {}
    -- When hosts that are gone are to be forgotten.
    local hostsLeaving = {}

    local function setOwner(hostId, pollerId)
        if owners[hostId] == pollerId then
            return
        end
        owners[hostId] = pollerId
        ports.ownerChanged(hostId, pollerId)
    end

    local function leaves(resource, endsAt)
        if resource.kind == "host" then
            hostsLeaving[resource.hostId] = endsAt
        end
        timedHolds.hold(resource, endsAt)
    end

    local function markGone(resource, pollerId)
        if awaited ~= nil then
            awaited.isLeftOut(resource, pollerId)
        end
        local endsAt = now() + GONE_SECONDS
        leaves(resource, endsAt)
        local alert = shelf.find(resource)
        if alert == nil or alert.facts.goneAt ~= nil then
            return
        end
        alert.facts.goneAt = endsAt
        announce(alert, "its engine no longer names it: resolved in a minute, unless something speaks of it")
        decide(alert, true)
    end

    -- What the alerts say of the poller that defined a host last.
    local function pollerByAlerts(hostId)
        local ____opt_5 = shelf.ofHost(hostId)
        local ____opt_3 = ____opt_5 and ____opt_5.place
        local known = ____opt_3 and ____opt_3.pollerId
        if known ~= nil then
            return known
        end
        local services = shelf.services[hostId]
        if services == nil then
            return nil
        end
        for ____, ____temp_9 in pairs(services) do
            local place
            place = ____temp_9.place
            if (place and place.pollerId) ~= nil then
                return place.pollerId
            end
        end
        return nil
    end

    -- The poller that defined a host last: the broker's cache lets go of a host that any poller gives up.
    local function ownerOfHost(hostId)
        return pollerByAlerts(hostId) or owners[hostId] or ports.pollerOf(hostId) or definedBy[hostId]
    end

    local function ownerOf(resource)
        local ____opt_12 = shelf.find(resource)
        local ____opt_10 = ____opt_12 and ____opt_12.place
        return ____opt_10 and ____opt_10.pollerId or ownerOfHost(resource.hostId)
    end

    local function quietPollersNow()
        local quiet = {}
        rollCall.eachStopped(function(pollerId)
            quiet[pollerId] = true
            return nil
        end)
        for pollerId, ____temp_14 in pairs(shelf.pollers) do
            local facts
            facts = ____temp_14.facts
            if facts.state ~= STATE.ok then
                quiet[pollerId] = true
            end
        end
        if (next(quiet)) == nil then
            return function() return false end
        end
        -- Looked up once for each host: it may be known only from all of its alerts, or from none.
        local isHostQuiet = {}
        return function(____bindingPattern0)
            local place
            local resource
            resource = ____bindingPattern0.resource
            place = ____bindingPattern0.place
            if not (resource.hostId ~= nil) then
                return false
            end
            if (place and place.pollerId) ~= nil then
                return quiet[place.pollerId] ~= nil
            end
            local ____resource_17 = resource
            local hostId = ____resource_17.hostId
            local isQuiet = isHostQuiet[hostId]
            if isQuiet == nil then
                local pollerId = ownerOfHost(hostId)
                isQuiet = pollerId ~= nil and quiet[pollerId] ~= nil
                isHostQuiet[hostId] = isQuiet
            end
            return isQuiet
        end
    end

    local function isRemembered(resource)
        local ____resource_18 = resource
        local hostId = ____resource_18.hostId
        local serviceId = ____resource_18.serviceId
        if resource.kind == "service" then
            return shelf.find(resource) ~= nil or (awaited and awaited.findAwaited(hostId, serviceId)) ~= nil
        end
        local isKnown = surroundings.knowsHost(hostId) or shelf.ofHost(hostId) ~= nil or shelf.services[hostId] ~= nil
        return isKnown or (awaited and awaited.isAnyAwaitedOf(hostId)) == true
    end
    rollCall = createRollCall({
        ownerOf = ownerOf,
        remembered = function()
            local resources = {}
            shelf.each(function(____bindingPattern0)
                local resource
                resource = ____bindingPattern0.resource
                if resource.hostId ~= nil then
                    resources[#resources + 1] = resource
                end
            end)
            surroundings.eachHost(function(hostId)
                if shelf.ofHost(hostId) == nil then
                    resources[#resources + 1] = {kind = "host", hostId = hostId, serviceId = 0}
                end
            end)
            return resources
        end,
        awaited = function() return awaited and awaited.awaited() or ({}) end,
        eachParent = surroundings.eachParent,
        engineChanged = ports.engineChanged,
        listens = ports.listens,
        gone = markGone,
        parentGone = function(childId, parentId)
            setParent(childId, parentId, false)
        end
    })
    setParent = function(childId, parentId, isParent)
        if isParent then
            rollCall.heardParent(childId, parentId)
        end
        if not surroundings.setParent(childId, parentId, isParent) then
            return
        end
        local alert = shelf.ofHost(childId)
        if alert ~= nil then
            decide(alert, false)
        end
        for ____, behind in ipairs(surroundings.alertsBehind(childId)) do
            decide(behind, false)
        end
    end
    return {
        isRemembered = isRemembered,
        noteOwner = function(resource)
            if resource.kind ~= "host" then
                return
            end
            local ____resource_25 = resource
            local hostId = ____resource_25.hostId
            local ____isRemembered_result_26
            if isRemembered(resource) then
                ____isRemembered_result_26 = ports.pollerOf(hostId)
            else
                ____isRemembered_result_26 = nil
            end
            local pollerId = ____isRemembered_result_26
            definedBy[hostId] = pollerId
            if awaited ~= nil then
                awaited.isHostOf(hostId, pollerId)
            end
        end,
        keepOwner = function(resource)
            if resource.kind ~= "host" then
                return
            end
            local pollerId = ports.pollerOf(resource.hostId)
            if pollerId ~= nil then
                setOwner(resource.hostId, pollerId)
            end
        end,
        definedBy = function(resource)
            local ____temp_29
            if resource.hostId ~= nil then
                ____temp_29 = definedBy[resource.hostId]
            else
                ____temp_29 = nil
            end
            return ____temp_29
        end,
        ownerOf = function(resource)
            local ____temp_30
            if resource.hostId ~= nil then
                ____temp_30 = owners[resource.hostId]
            else
                ____temp_30 = nil
            end
            return ____temp_30
        end,
        restoreOwner = function(hostId, pollerId)
            owners[hostId] = pollerId
        end,
        eachOwner = function(visit)
            for hostId, pollerId in pairs(owners) do
                if pollerId ~= nil then
                    visit(hostId, pollerId)
                end
            end
        end,
        heard = function(resource)
            rollCall.heard(resource)
            if resource.hostId ~= nil then
                if awaited ~= nil then
                    awaited.isNamed(resource)
                end
            end
            if resource.kind == "host" then
                hostsLeaving[resource.hostId] = nil
            end
            local alert = shelf.find(resource)
            if (alert and alert.facts.goneAt) == nil then
                return
            end
            alert.facts.goneAt = nil
            announce(alert, "it is named again")
            decide(alert, true)
        end,
        isListening = rollCall.isListening,
        isLeaving = function(hostId) return hostsLeaving[hostId] ~= nil end,
        removed = function(resource, pollerId)
            local ____resource_35 = resource
            local hostId = ____resource_35.hostId
            local serviceId = ____resource_35.serviceId
            if isRemembered(resource) then
                rollCall.removed(
                    awaited and awaited.findAwaited(hostId, serviceId) or resource,
                    pollerId
                )
            elseif resource.kind == "host" and owners[hostId] == pollerId then
                setOwner(hostId, nil)
            end
        end,
        setParent = setParent,
        engineRuns = rollCall.engineRuns,
        engineStopped = rollCall.engineStopped,
        engineIsAlive = rollCall.engineIsAlive,
        restoreStopped = rollCall.restoreStopped,
        eachStopped = rollCall.eachStopped,
        configurationEnds = rollCall.configurationEnds,
        isOfQuietPoller = function(alert) return quietPollersNow()(alert) end,
        quietPollersNow = quietPollersNow,
        isAnyLeft = rollCall.isAnyMissing,
        turn = rollCall.turn,
        endOf = function(alert, time)
            local ____alert_38 = alert
            local facts = ____alert_38.facts
            local resource = ____alert_38.resource
            if facts.goneAt == nil then
                return false
            end
            if facts.goneAt > time then
                timedHolds.hold(resource, facts.goneAt)
                return false
            end
            facts.goneAt = nil
            ports.resolveNow(alert, "its engine does not monitor it any more")
            return true
        end,
        endOfHost = function(host, time)
            local ____host_39 = host
            local hostId = ____host_39.hostId
            local goneAt = hostsLeaving[hostId]
            if goneAt == nil then
                return
            end
            if goneAt > time then
                timedHolds.hold(host, goneAt)
                return
            end
            hostsLeaving[hostId] = nil
            -- One that nothing names any more is behind nobody.
            for ____, parentId in ipairs(surroundings.parentsOf(hostId)) do
                surroundings.setParent(hostId, parentId, false)
            end
            surroundings.forgetHost(hostId)
            setOwner(hostId, nil)
            definedBy[hostId] = nil
            decideAround(hostId)
        end,
        resume = function(____bindingPattern0)
            local facts
            local resource
            resource = ____bindingPattern0.resource
            facts = ____bindingPattern0.facts
            if facts.goneAt == nil then
                return
            end
            -- The clock may have been set back since.
            facts.goneAt = math.min(
                facts.goneAt,
                now() + GONE_SECONDS
            )
            leaves(resource, facts.goneAt)
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/early_problems.ts --------------------
["src.alerts.early_problems"] = function(...)
-- Problems that may be the first sign of a death above them: held for some seconds, or until what is above has been
-- checked. Owns whose check is awaited; what is decided then is the book's to say.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local ____policy = require("src.alerts.policy")
local isEarly = ____policy.isEarly

-- `hold`: the alert is to be looked at when that time has come (seconds of the clock of `now`).
function exports.createEarlyProblems(settings, shelf, surroundings, now, hold)
    -- Until when the check of a host is awaited.
    local awaited = {}

    -- The hosts above that a problem may be due to.
    local function hostsAbove(____bindingPattern0)
        local isVolatile
        local place
        local resource
        resource = ____bindingPattern0.resource
        place = ____bindingPattern0.place
        isVolatile = ____bindingPattern0.isVolatile
        if isVolatile then
            return {}
        end
        if resource.kind == "service" then
            -- A meta-service stands on no host of its own.
            local isOnHost = settings.suppressServicesOfDownHosts and (place and place.className) == "service"
            return isOnHost and ({resource.hostId}) or ({})
        end
        local isBehind = resource.kind == "host" and settings.suppressHostsBehindDownParents
        return isBehind and surroundings.parentsOf(resource.hostId) or ({})
    end

    local function wait(alert, above, endsAt)
        for ____, hostId in ipairs(above) do
            awaited[hostId] = endsAt
        end
        hold(alert, endsAt)
    end
    return {
        begin = function(alert, isHard)
            local ____alert_2 = alert
            local facts = ____alert_2.facts
            local report = ____alert_2.report
            local resource = ____alert_2.resource
            if settings.hostGrace == 0 or report == nil or isOpen(alert) then
                return
            end
            if not isEarly(isHard, report.attempt, resource.kind == "host", facts.state) then
                return
            end
            local above = hostsAbove(alert)
            if #above == 0 then
                return
            end
            local endsAt = now() + settings.hostGrace
            facts.earlyUntil = endsAt
            wait(alert, above, endsAt)
        end,
        resume = function(alert, ____until)
            -- The clock may have been set back since.
            local endsAt = math.min(
                ____until,
                now() + settings.hostGrace
            )
            alert.facts.earlyUntil = endsAt
            wait(
                alert,
                hostsAbove(alert),
                endsAt
            )
        end,
        isAwaited = function(hostId) return awaited[hostId] ~= nil end,
        endBelow = function(hostId, lastCheck)
            local ____until = awaited[hostId]
            if ____until == nil then
                return {}
            end
            if now() >= ____until then
                awaited[hostId] = nil
            end
            local ended = {}
            local candidates = shelf.ofServices(hostId)
            for ____, child in ipairs(surroundings.alertsOfChildren(hostId)) do
                candidates[#candidates + 1] = child
            end
            for ____, alert in ipairs(candidates) do
                local facts = alert.facts
                if facts.earlyUntil ~= nil and lastCheck >= facts.lastCheck then
                    facts.earlyUntil = nil
                    ended[#ended + 1] = alert
                end
            end
            return ended
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/observation.ts --------------------
["src.alerts.observation"] = function(...)
-- What a status says of a resource, the same for BBDO 2 and 3: what broker/observe reads, and the book takes.
local exports = {}
return exports
 end,

-- -------------------- src/alerts/open_unknown.ts --------------------
["src.alerts.open_unknown"] = function(...)
-- The alert of what PagerDuty has, or may have, open while nothing is known of it here, and all is well: to be resolved.
local exports = {}
local ____alert = require("src.alerts.alert")
local createAlert = ____alert.createAlert
local factsOfState = ____alert.factsOfState
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE

-- It goes by `route`.
function exports.createOpenUnknown(resource, route)
    local alert = createAlert(
        resource,
        factsOfState(STATE.ok),
        "critical"
    )
    alert.delivered = "triggered"
    alert.isCertain = false
    alert.route = route
    return alert
end
return exports
 end,

-- -------------------- src/alerts/place.ts --------------------
["src.alerts.place"] = function(...)
-- How a place is put together, and whether two readings of one say the same: a definition that is told again changes
-- nothing. Pure.
local exports = {}

-- Gives the place a text that few have.
function exports.addText(place, field, text)
    if text ~= "" then
        place[field] = text
    end
end

-- Gives it names that few have.
function exports.addNames(place, field, names)
    if #names > 0 then
        place[field] = names
    end
end

-- Gives it the custom variables.
function exports.addCustomVariables(place, variables)
    if #variables > 0 then
        place.customVariables = variables
    end
end

-- Says which meta-service, or that it is an anomaly detection.
function exports.addKind(place, metaServiceId, isAnomalyDetection)
    if metaServiceId > 0 then
        place.metaServiceId = metaServiceId
    end
    if isAnomalyDetection then
        place.isAnomalyDetection = true
    end
end

-- `place` as `before` has its poller, unless the broker was told since the start whose it is (`definedBy`). A broker that was
-- killed has in its cache what it had at its last clean stop (measured): after a move, the poller of before, and of a host that
-- is new nothing. Where nothing else tells, it is the one that was last heard to define the host (`owner`).
function exports.withKnownPoller(place, before, definedBy, owner)
    local pollerId = definedBy or before and before.pollerId or owner
    if pollerId == nil or pollerId == place.pollerId then
        return place
    end
    local kept = place
    kept.pollerId = pollerId
    kept.poller = (before and before.pollerId) == pollerId and before.poller or ""
    return kept
end

local function isSameItem(left, right)
    if type(left) ~= "table" or type(right) ~= "table" then
        return left == right
    end
    return left.name == right.name and left.value == right.value
end

local function isSameList(left, right)
    if #left ~= #right then
        return false
    end
    for index, item in ipairs(left) do
        if not isSameItem(item, right[index]) then
            return false
        end
    end
    return true
end

local function isSameValue(left, right)
    if type(left) ~= "table" or type(right) ~= "table" then
        return left == right
    end
    return isSameList(left, right)
end

-- Whether `right` has all that `left` has.
local function hasAllOf(left, right)
    local other = right
    for field, value in pairs(left) do
        if not isSameValue(value, other[field]) then
            return false
        end
    end
    return true
end

function exports.isSamePlace(left, right)
    return hasAllOf(left, right) and hasAllOf(right, left)
end
return exports
 end,

-- -------------------- src/text/lines.ts --------------------
["src.text.lines"] = function(...)
-- Texts of several lines: what a plugin printed as a person reads it, and what must be a single line. Pure.
-- A plugin's output; each empty where there is nothing to read.
local exports = {}
-- How the engine writes the line breaks after the second line, and people those of passive results (measured).
local WRITTEN_BREAK = "\\n"

-- Where `text` begins to say something, past blank lines; undefined when it says nothing.
local function beginningOf(text)
    local position = 1
    while true do
        local start = string.find(text, "%S", position)
        if start == nil or string.sub(text, start, start + 1) ~= WRITTEN_BREAK then
            return start
        end
        position = start + #WRITTEN_BREAK
    end
end

-- Where the first written break of `line` is; undefined when there is none. The engine does not tell one from a
-- backslash of the plugin's own: within a Windows path, such as C:\new, it is taken for that.
local function writtenBreakIn(line)
    if (string.find(line, WRITTEN_BREAK, 1, true)) == nil then
        return nil
    end
    for start, word in string.gmatch(line, "()(%S+)") do
        local found = string.find(word or "", WRITTEN_BREAK, 1, true)
        if found ~= nil then
            local before = string.sub(word or "", 1, found - 1)
            local isPath = (string.find(before, "\\", 1, true)) ~= nil or (string.find(before, "%f[%w]%a:$")) ~= nil
            if not isPath then
                return start + found - 1
            end
        end
    end
    return nil
end

-- `text` without white space at its end.
local function withoutEnd(text)
    local whole = string.match(text, "^(.*%S)")
    return whole or ""
end

-- The lines of a check's output and long output, as an event of either protocol has them. BBDO 2 has both in one text;
-- in BBDO 3 the long output of a host stands in the place of the short one, or is there twice (a quirk of the engine).
function exports.outputLines(output, longOutput)
    local text = (longOutput == "" or longOutput == output) and output or (output .. "\n") .. longOutput
    local beginning = beginningOf(text)
    if beginning == nil then
        return {first = "", further = ""}
    end
    local ____, lineEnd = string.find(text, "^[^\r\n]*", beginning)
    local line = string.sub(text, beginning, lineEnd)
    local written = writtenBreakIn(line)
    local ____end = written == nil and #line or written - 1
    local broken = string.gsub(
        string.sub(text, beginning + ____end),
        "\\n",
        "\n"
    )
    local further = string.gsub(broken, "\r\n?", "\n")
    local lines = string.match(further, "^\n*(.*)$")
    return {
        first = string.sub(line, 1, ____end),
        further = withoutEnd(lines or "")
    }
end

-- `output`, a first line, without the state that it says itself: an exact `state` at its beginning, with its separator.
-- Anything else stays: "DISK CRITICAL - …" says what is critical, "CRITICAL -5" how much.
function exports.withoutState(output, state)
    local position = 1
    while state ~= "" and string.sub(output, position, position + #state - 1) == state do
        local after = position + #state
        if (string.find(output, "^%s*[:%-]*%s*$", after)) ~= nil then
            return ""
        end
        local ____, separatorEnd = string.find(output, "^%s*[:%-]+%s+", after)
        if separatorEnd == nil then
            break
        end
        position = separatorEnd + 1
    end
    return string.sub(output, position)
end
-- Bytes above 0x7f cannot be written in a TypeScript string, which is emitted as UTF-8.
-- U+0080 to U+009F: the control characters that Latin-1 has beside ASCII's.
local HIGH_CONTROL_CHARACTER = ((((string.char(194) .. "[") .. string.char(128)) .. "-") .. string.char(159)) .. "]"
-- What makes a terminal write in colours (ECMA-48, SGR).
local COLOUR = "%[[%d;]*m"

-- `text`, which must be valid UTF-8, on one line without control characters, trimmed.
function exports.oneLine(text)
    local plain = string.gsub(text, COLOUR, "")
    local printable = string.gsub(plain, "%c+", " ")
    local line = string.gsub(printable, HIGH_CONTROL_CHARACTER, " ")
    local start = string.find(line, "%S")
    return start == nil and "" or withoutEnd(string.sub(line, start))
end
return exports
 end,

-- -------------------- src/alerts/updates.ts --------------------
["src.alerts.updates"] = function(...)
-- What was told of an open alert, and whether the output says something else by now (pdy_updates `output`). Pure.
local exports = {}
local ____lines = require("src.text.lines")
local outputLines = ____lines.outputLines
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
-- Seconds between two tellings of one alert, at least: each is a line in the incident's log.
exports.UPDATE_INTERVAL = 300

-- The first line of an output without its numbers: values and times change with each check, and say nothing new.
local function withoutNumbers(____bindingPattern0)
    local longOutput
    local output
    output = ____bindingPattern0.output
    longOutput = ____bindingPattern0.longOutput
    local bare = string.gsub(
        outputLines(output, longOutput).first,
        "%d+",
        "0"
    )
    return bare
end
local STATES_TOLD = {}

-- That this state was told; one and the same record for all the alerts of which that is all that is compared.
function exports.toldState(stateName)
    local told = STATES_TOLD[stateName] or ({stateName = stateName})
    STATES_TOLD[stateName] = told
    return told
end

-- What a trigger with this report tells.
function exports.toldBy(report, ____bindingPattern0)
    local updatesOutput
    updatesOutput = ____bindingPattern0.updatesOutput
    local ____report_0 = report
    local stateName = ____report_0.stateName
    return updatesOutput and ({
        stateName = stateName,
        output = withoutNumbers(report)
    }) or exports.toldState(stateName)
end

-- Whether the output of an open alert differs from what was told in more than its numbers. `now`: the connector's clock.
function exports.isOutputNews(alert, now)
    local ____alert_1 = alert
    local told = ____alert_1.told
    local report = ____alert_1.report
    if (told and told.output) == nil or report == nil or not isOpen(alert) then
        return false
    end
    if now - alert.triggeredAt < exports.UPDATE_INTERVAL then
        return false
    end
    return told.output ~= withoutNumbers(report)
end
return exports
 end,

-- -------------------- src/alerts/statuses.ts --------------------
["src.alerts.statuses"] = function(...)
-- What a status makes of an alert: a problem is recorded, or what is known of one brought up to date, and what is news is
-- decided. Owns what counts as news, and what need not be looked at again; where alerts stand, what surrounds them and what
-- is decided is for others to know.
local exports = {}
local ____alert = require("src.alerts.alert")
local createAlert = ____alert.createAlert
local dropUntold = ____alert.dropUntold
local isClosingRefuted = ____alert.isClosingRefuted
local isDescribed = ____alert.isDescribed
local nextAction = ____alert.nextAction
local recordEnded = ____alert.recordEnded
local recordUnknownOutcome = ____alert.recordUnknownOutcome
local ____place = require("src.alerts.place")
local withKnownPoller = ____place.withKnownPoller
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local isConfirmed = ____policy.isConfirmed
local ____updates = require("src.alerts.updates")
local isOutputNews = ____updates.isOutputNews

-- The facts of a new problem; whether it is acknowledged is taken as any acknowledgement is.
local function newFacts(____bindingPattern0, staleness)
    local lastCheck
    local isFlapping
    local downtimeDepth
    local state
    state = ____bindingPattern0.state
    downtimeDepth = ____bindingPattern0.downtimeDepth
    isFlapping = ____bindingPattern0.isFlapping
    lastCheck = ____bindingPattern0.lastCheck
    return {
        state = state,
        isAcknowledged = false,
        downtimeDepth = downtimeDepth,
        isFlapping = isFlapping,
        lastCheck = lastCheck,
        staleness = staleness
    }
end

-- The state before the one that `report` tells of, which `before` told of. Undefined when it was well in between: that check
-- was not seen. Since when a SOFT state is, nobody tells.
local function previousState(before, report, areStatesHard)
    local ____before_0 = before
    local stateName = ____before_0.stateName
    local since = ____before_0.since
    if report.lastOk > since then
        return nil
    end
    return areStatesHard and report.since > since and ({stateName = stateName, seconds = report.since - since}) or ({stateName = stateName})
end

-- Takes statuses to the alerts of the shelf.
function exports.createStatuses(settings, parts, ports)
    local ____parts_1 = parts
    local shelf = ____parts_1.shelf
    local surroundings = ____parts_1.surroundings
    local acknowledgements = ____parts_1.acknowledgements
    local departures = ____parts_1.departures
    local earlyProblems = ____parts_1.earlyProblems
    local waits = ____parts_1.waits
    local atRest = ____parts_1.atRest
    local readPlace = ____parts_1.readPlace
    local ____parts_decision_2 = parts.decision
    local examine = ____parts_decision_2.examine
    local decide = ____parts_decision_2.decide
    local ____ports_3 = ports
    local now = ____ports_3.now
    local announce = ____ports_3.announce

    -- Whether nothing of the alert is to be sent: an open one that stays so costs nothing.
    local function isAtRest(alert)
        return alert.desired == "triggered" and alert.delivered == "triggered" and alert.isCertain and alert.inFlight == nil and nextAction(alert, settings.actionRules) == nil
    end

    -- Whether the text of the alert's next check may still be sent: it waits, is held, is of unknown outcome, and so on.
    local function followsReport(alert)
        return not isAtRest(alert) or settings.keepsReportsOfOpen or alert.isVolatile
    end

    -- Rules may look at whether it is acknowledged.
    local function setAcknowledged(alert, isAcknowledged, isNewState)
        local before = alert.facts.isAcknowledged
        acknowledgements.set(alert, isAcknowledged, isNewState)
        if isAcknowledged ~= before then
            examine(alert)
        end
    end

    local function record(observation)
        local ____observation_4 = observation
        local resource = ____observation_4.resource
        local place = ports.placeOf(resource)
        if place == nil then
            return
        end
        local facts = newFacts(
            observation,
            surroundings.stalenessOfNewcomer(resource, observation.lastCheck)
        )
        -- The severity is the policy's to set, with the rest.
        local alert = createAlert(resource, facts, "info")
        alert.place = withKnownPoller(
            place,
            nil,
            nil,
            departures.ownerOf(resource)
        )
        alert.report = ports.reportOf(resource)
        acknowledgements.giveEarlyNote(alert, observation.isAcknowledged)
        alert.isVolatile = ports.isVolatile(resource)
        waits.begin(alert)
        -- Before it is examined: hosts behind it may look at it then.
        shelf.put(alert)
        -- While nothing is open: what is to be sent of a problem of before goes where the rules say, too.
        examine(alert)
        setAcknowledged(alert, observation.isAcknowledged, true)
        if ports.mayBeOpen(alert.report) then
            recordUnknownOutcome(alert, "trigger", "info")
        end
        earlyProblems.begin(alert, observation.isHard)
        departures.heard(resource)
        decide(alert, true)
    end

    local function update(alert, observation, reading)
        local ____alert_5 = alert
        local facts = ____alert_5.facts
        -- A state that does not count changes nothing but what is said beside it.
        local counts = reading == "counts"
        -- The engine of a new poller begins with everything well: a SOFT problem of it tells of no recovery.
        local tellsOfBefore = facts.isNewToPoller ~= true or observation.state == STATE.ok
        local isMissedRecovery = reading == "means a missed recovery" and tellsOfBefore
        local state = counts and observation.state or (isMissedRecovery and STATE.ok or facts.state)
        local isKnownToPoller = counts and facts.isNewToPoller == true
        if isKnownToPoller then
            facts.isNewToPoller = nil
        end
        local lastCheck = counts and observation.lastCheck or facts.lastCheck
        if not counts and state ~= facts.state and not observation.isFlapping then
            announce(alert, "its recovery was missed: its last hard state is OK")
        end
        local isNewState = facts.state ~= state
        local isNewProblem = isNewState and facts.state == STATE.ok
        local isNewCheck = facts.lastCheck ~= lastCheck
        local isExamined = false
        local hasNews = isNewState or isKnownToPoller or facts.isAcknowledged ~= observation.isAcknowledged or facts.downtimeDepth ~= observation.downtimeDepth or facts.isFlapping ~= observation.isFlapping
        if isNewProblem then
            facts.staleness = surroundings.stalenessOfNewcomer(alert.resource, observation.lastCheck)
        elseif facts.staleness ~= nil and isConfirmed(
            facts.staleness,
            lastCheck,
            now()
        ) then
            facts.staleness = nil
            hasNews = true
        end
        facts.state = state
        facts.downtimeDepth = observation.downtimeDepth
        facts.isFlapping = observation.isFlapping
        facts.lastCheck = lastCheck
        if counts and state ~= STATE.ok and isClosingRefuted(alert) then
            recordEnded(alert, nil)
            announce(alert, "a check made after it was closed still finds the problem: it is opened anew")
            hasNews = true
        end
        if isNewProblem then
            waits.begin(alert)
        end
        if state == STATE.ok then
            -- Also where flapping holds it: Centreon has nothing left to acknowledge.
            dropUntold(alert)
            facts.earlyUntil = nil
            waits["end"](alert)
        elseif isNewState or isNewCheck and followsReport(alert) or not isDescribed(alert) then
            -- A name that is not known yet may be by now; a damaged journal may have lost all of them.
            local ____opt_6 = alert.place
            if (____opt_6 and ____opt_6.isKnown) ~= true and readPlace(alert) then
                hasNews = true
            end
            local ____isNewProblem_8
            if isNewProblem then
                ____isNewProblem_8 = nil
            else
                ____isNewProblem_8 = alert.report
            end
            local before = ____isNewProblem_8
            alert.report = ports.reportOf(alert.resource)
            if isNewState then
                local previous = before and previousState(before, alert.report, settings.hardOnly)
                if alert.previous ~= previous then
                    alert.previous = previous
                end
            end
            examine(alert)
            isExamined = true
            if isNewProblem then
                earlyProblems.begin(alert, observation.isHard)
            end
            if settings.actionRules.updatesOutput and isOutputNews(
                alert,
                now()
            ) then
                alert.wantsUpdate = true
                hasNews = true
            end
            -- What is known of a problem that may still be sent must outlive a restart.
            if not isAtRest(alert) then
                hasNews = true
            end
        end
        setAcknowledged(alert, observation.isAcknowledged, isNewState)
        if alert.isVolatile and isNewCheck and state ~= STATE.ok then
            alert.wantsRetrigger = true
            hasNews = true
        end
        if hasNews or isExamined then
            decide(alert, hasNews)
        end
        if hasNews then
            return
        end
        -- What is known of an alert that is held, or may be sent again, must outlive a restart: a check made since a return, a text.
        if isNewCheck and (isExamined or alert.desired ~= "triggered") then
            ports.alertChanged(alert)
        elseif not followsReport(alert) and not departures.isListening() and facts.isNewToPoller ~= true then
            atRest[alert] = facts
        end
    end
    return {
        record = record,
        update = update,
        adapt = function(alert, ____bindingPattern0)
            local downtimeDepth
            local isAcknowledged
            isAcknowledged = ____bindingPattern0.isAcknowledged
            downtimeDepth = ____bindingPattern0.downtimeDepth
            local ____alert_9 = alert
            local facts = ____alert_9.facts
            local ____isAcknowledged_10 = isAcknowledged
            if ____isAcknowledged_10 == nil then
                ____isAcknowledged_10 = facts.isAcknowledged
            end
            local acknowledged = ____isAcknowledged_10
            local depth = downtimeDepth or facts.downtimeDepth
            local hasNews = acknowledged ~= facts.isAcknowledged or depth ~= facts.downtimeDepth
            setAcknowledged(alert, acknowledged, false)
            -- The comment of a downtime belongs to the place.
            if depth ~= facts.downtimeDepth then
                readPlace(alert)
            end
            facts.downtimeDepth = depth
            if hasNews then
                decide(alert, true)
            end
        end
    }
end
return exports
 end,

-- -------------------- src/alerts/book.ts --------------------
["src.alerts.book"] = function(...)
-- The book: takes observations and definitions of every resource, and sees to it that each alert is decided anew when
-- anything that could change it has changed. Of resources that are fine it remembers nothing but whose a host is. Where
-- alerts stand is the shelf's, what surrounds them the surroundings', what a status makes of them the statuses', what is
-- decided the decision's to know. Knows neither broker nor network: what it needs from there comes through BookPorts.
local exports = {}
local ____alert = require("src.alerts.alert")
local DEFAULT_ROUTE = ____alert.DEFAULT_ROUTE
local createAlert = ____alert.createAlert
local factsOfState = ____alert.factsOfState
local isLeftToPeople = ____alert.isLeftToPeople
local isOpen = ____alert.isOpen
local isSettled = ____alert.isSettled
local recordLetGo = ____alert.recordLetGo
local recordUnknownOutcome = ____alert.recordUnknownOutcome
local ____acknowledgements = require("src.alerts.acknowledgements")
local createAcknowledgements = ____acknowledgements.createAcknowledgements
local ____decision = require("src.alerts.decision")
local createDecision = ____decision.createDecision
local ____departures = require("src.alerts.departures")
local createDepartures = ____departures.createDepartures
local ____early_problems = require("src.alerts.early_problems")
local createEarlyProblems = ____early_problems.createEarlyProblems
local ____open_unknown = require("src.alerts.open_unknown")
local createOpenUnknown = ____open_unknown.createOpenUnknown
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local readingOf = ____policy.readingOf
local ____place = require("src.alerts.place")
local isSamePlace = ____place.isSamePlace
local withKnownPoller = ____place.withKnownPoller
local ____shelf = require("src.alerts.shelf")
local createShelf = ____shelf.createShelf
local ____storms = require("src.alerts.storms")
local createStorms = ____storms.createStorms
local ____surroundings = require("src.alerts.surroundings")
local createSurroundings = ____surroundings.createSurroundings
local ____statuses = require("src.alerts.statuses")
local createStatuses = ____statuses.createStatuses
local ____timed_holds = require("src.alerts.timed_holds")
local createTimedHolds = ____timed_holds.createTimedHolds
local ____waits = require("src.alerts.waits")
local createWaits = ____waits.createWaits

local function hostOf(hostId)
    return {kind = "host", hostId = hostId, serviceId = 0}
end

-- Whether it has told somebody, or is about to: then it is not silent, whatever the rules say by now.
local function hasPaged(alert)
    return isOpen(alert) or alert.inFlight == "trigger"
end

-- An empty book.
function exports.createBook(settings, ports)
    local storms
    local ____ports_0 = ports
    local now = ____ports_0.now
    local announce = ____ports_0.announce
    local shelf = createShelf()
    local timedHolds = createTimedHolds()
    local waits = createWaits(timedHolds, now)
    -- Found to be so at a check; until something of the alert changes, or every event matters.
    local atRest = {}

    -- Whether the rules would keep a host of which no alert tells, since it is SOFT, from ever saying that it is not UP.
    local function wouldBeSilent(resource, state)
        local place = ports.placeOf(resource)
        -- One that is not recorded says nothing either.
        if place == nil then
            return true
        end
        local probe = createAlert(
            resource,
            factsOfState(state),
            "info"
        )
        probe.place = place
        probe.unnotified = ports.unnotifiedReasonOf(probe)
        return ports.rejectionOf(probe) ~= nil
    end
    -- Who would be silent, while many alerts are decided for one reason: each of them may ask for the same host.
    local silences
    local surroundings
    surroundings = createSurroundings(
        settings,
        shelf,
        {
            now = now,
            hostChanged = ports.hostChanged,
            parentChanged = ports.parentChanged,
            becameStale = ports.alertChanged,
            isSilent = function(hostId)
                local alert = shelf.ofHost(hostId)
                if alert ~= nil and alert.facts.state ~= STATE.up then
                    return alert.rejection ~= nil and not hasPaged(alert)
                end
                local ____temp_3 = silences and silences[hostId]
                if ____temp_3 == nil then
                    ____temp_3 = wouldBeSilent(
                        hostOf(hostId),
                        surroundings.stateOf(hostId)
                    )
                end
                local isSilent = ____temp_3
                local ____opt_4 = silences
                if ____opt_4 ~= nil then
                    ____opt_4[hostId] = isSilent
                end
                return isSilent
            end
        }
    )
    local earlyProblems = createEarlyProblems(
        settings,
        shelf,
        surroundings,
        now,
        function(alert, endsAt)
            timedHolds.hold(alert.resource, endsAt)
        end
    )

    local function remove(alert)
        shelf.remove(alert)
        storms.forgotten(alert)
        ports.alertForgotten(alert)
    end

    local function forgetIfSettled(alert)
        storms.settled(alert)
        atRest[alert] = nil
        if isLeftToPeople(alert, settings.actionRules) then
            announce(alert, "its problem is over: who works on its incident ends it (pdy_resolve is 0)")
            recordLetGo(alert)
        end
        if isSettled(alert) and shelf.find(alert.resource) == alert then
            remove(alert)
        end
    end
    storms = createStorms(settings.stormLimit, shelf, timedHolds, {now = now, alertChanged = ports.alertChanged, forgetIfSettled = forgetIfSettled, announce = announce})
    local ____createDecision_result_6 = createDecision(
        settings,
        surroundings,
        waits,
        timedHolds,
        storms,
        forgetIfSettled,
        ports
    )
    local examine = ____createDecision_result_6.examine
    local decide = ____createDecision_result_6.decide

    local function decideAll(alerts, hasNews)
        for ____, alert in ipairs(alerts) do
            decide(alert, hasNews)
        end
    end

    -- A host's state or downtime changed: its services and the hosts behind it are seen in another light.
    local function decideAround(hostId)
        silences = {}
        decideAll(
            shelf.ofServices(hostId),
            false
        )
        decideAll(
            surroundings.alertsBehind(hostId),
            false
        )
        silences = nil
    end

    local function resolveNow(alert, reason)
        if alert.resource.kind == "storm" then
            storms["end"](alert, reason)
            return
        end
        local ____alert_7 = alert
        local facts = ____alert_7.facts
        facts.state = STATE.ok
        facts.isFlapping = false
        facts.earlyUntil = nil
        waits["end"](alert)
        announce(alert, reason)
        decide(alert, true)
    end
    local acknowledgements = createAcknowledgements(settings.repageOnUnacknowledge, shelf, {now = now, severityOf = ports.severityOf, decide = decide})
    local departures = createDepartures(
        shelf,
        surroundings,
        timedHolds,
        {
            now = now,
            pollerOf = ports.pollerOf,
            ownerChanged = ports.ownerChanged,
            engineChanged = ports.engineChanged,
            announce = announce,
            decide = decide,
            decideAround = decideAround,
            resolveNow = resolveNow,
            awaited = ports.awaited,
            listens = function()
                for alert in pairs(atRest) do
                    atRest[alert] = nil
                end
            end
        }
    )

    -- Takes the names of today; one that is known is never replaced by one that is not. Gives whether that is news.
    local function readPlace(alert)
        if alert.resource.kind == "storm" then
            return false
        end
        local ____alert_8 = alert
        local before = ____alert_8.place
        local resource = ____alert_8.resource
        local read = ports.placeOf(resource)
        if read == nil or (before and before.isKnown) == true and not read.isKnown then
            return false
        end
        local place = withKnownPoller(
            read,
            before,
            departures.definedBy(resource),
            departures.ownerOf(resource)
        )
        if before ~= nil and isSamePlace(before, place) then
            return false
        end
        local isMoved = (before and before.pollerId) ~= nil and before.pollerId ~= place.pollerId
        if isMoved then
            alert.facts.isNewToPoller = true
        end
        alert.place = place
        return true
    end

    -- What is open no more says nothing of its host any more, if the rules silence that: hosts behind it look through it now.
    local function decideBehindSilent(____bindingPattern0)
        local rejection
        local resource
        resource = ____bindingPattern0.resource
        rejection = ____bindingPattern0.rejection
        if resource.kind == "host" and rejection ~= nil then
            decideAll(
                surroundings.alertsBehind(resource.hostId),
                false
            )
        end
    end

    -- Asks everything anew that an alert depends on.
    local function judgeAnew(alert, isNews)
        local routeBefore = alert.route
        examine(alert)
        -- One that waits is in its route's line.
        decide(alert, isNews or alert.route ~= routeBefore)
    end

    local function refresh(alert)
        if alert.resource.kind ~= "storm" then
            judgeAnew(
                alert,
                readPlace(alert)
            )
        end
    end

    local function placeChanged(resource)
        if resource.kind == "host" then
            for ____, service in ipairs(shelf.ofServices(resource.hostId)) do
                refresh(service)
            end
        end
        local alert = shelf.find(resource)
        if alert ~= nil then
            refresh(alert)
        end
    end

    local function adapted(resource)
        if not departures.isRemembered(resource) then
            return
        end
        departures.heard(resource)
        placeChanged(resource)
    end
    local statuses = createStatuses(settings, {
        shelf = shelf,
        surroundings = surroundings,
        acknowledgements = acknowledgements,
        departures = departures,
        earlyProblems = earlyProblems,
        waits = waits,
        decision = {examine = examine, decide = decide},
        atRest = atRest,
        readPlace = readPlace
    }, ports)

    -- Ends those of the alert's holds whose time has come; the others, and rules that look at the hour, are waited for on.
    local function endHoldsOf(alert, time)
        local ____alert_13 = alert
        local facts = ____alert_13.facts
        local resource = ____alert_13.resource
        local isEarlyOver = facts.earlyUntil ~= nil and facts.earlyUntil <= time
        if isEarlyOver then
            facts.earlyUntil = nil
        elseif facts.earlyUntil ~= nil then
            timedHolds.hold(resource, facts.earlyUntil)
        end
        if not departures.endOf(alert, time) then
            judgeAnew(alert, isEarlyOver)
        end
    end

    local function observe(observation)
        local ____observation_14 = observation
        local resource = ____observation_14.resource
        local state = ____observation_14.state
        if state == STATE.pending then
            return
        end
        local hostId = resource.kind == "host" and resource.hostId or nil
        local isTouched = hostId ~= nil and surroundings.noteHost(hostId, observation)
        local alert = shelf.find(resource)
        departures.heard(resource)
        local reading = readingOf(state, observation.isHard, observation.lastHardState, settings.hardOnly)
        if alert ~= nil then
            statuses.update(alert, observation, reading)
        elseif reading == "counts" and state ~= STATE.ok then
            statuses.record(observation)
        end
        if hostId == nil then
            return
        end
        decideAll(
            earlyProblems.endBelow(hostId, observation.lastCheck),
            true
        )
        if isTouched then
            decideAround(hostId)
        end
    end
    return {
        findAlert = shelf.find,
        services = shelf.services,
        atRest = atRest,
        knowsHost = function(hostId) return surroundings.knowsHost(hostId) or shelf.ofHost(hostId) ~= nil or earlyProblems.isAwaited(hostId) or departures.isLeaving(hostId) end,
        observe = observe,
        observeAdaptive = function(observation)
            local ____observation_15 = observation
            local resource = ____observation_15.resource
            local downtimeDepth = ____observation_15.downtimeDepth
            local ____resource_16 = resource
            local hostId = ____resource_16.hostId
            local isTouched = resource.kind == "host" and downtimeDepth ~= nil and surroundings.noteHost(
                hostId,
                {
                    state = surroundings.stateOf(hostId),
                    downtimeDepth = downtimeDepth,
                    lastCheck = 0
                }
            )
            local alert = shelf.find(resource)
            departures.heard(resource)
            if alert ~= nil then
                statuses.adapt(alert, observation)
            end
            if isTouched then
                decideAround(hostId)
            end
        end,
        noteAcknowledgement = acknowledgements.note,
        defined = function(resource)
            departures.noteOwner(resource)
            adapted(resource)
            departures.keepOwner(resource)
        end,
        adapted = adapted,
        placeChanged = placeChanged,
        removed = departures.removed,
        setParent = departures.setParent,
        engineRuns = departures.engineRuns,
        engineStopped = departures.engineStopped,
        engineIsAlive = departures.engineIsAlive,
        configurationEnds = departures.configurationEnds,
        readPlace = readPlace,
        refresh = refresh,
        flapDetectionChanged = function()
            for ____, alert in ipairs(shelf.all()) do
                if alert.facts.isFlapping then
                    decide(alert, false)
                end
            end
        end,
        isOfQuietPoller = departures.isOfQuietPoller,
        quietPollersNow = departures.quietPollersNow,
        firstHoldEnd = function() return departures.isAnyLeft() and 0 or timedHolds.firstEnd() end,
        endHolds = function(most)
            if most == nil then
                most = math.huge
            end
            local time = now()
            departures.turn(most)
            for ____, resource in ipairs(timedHolds.takeEnded(time, most)) do
                local alert = shelf.find(resource)
                if resource.kind == "storm" then
                    if alert ~= nil then
                        storms.look(alert)
                    end
                elseif alert ~= nil then
                    endHoldsOf(alert, time)
                end
                if resource.kind == "host" then
                    departures.endOfHost(resource, time)
                end
            end
        end,
        resolveUnknown = function(resource, route)
            if route == nil then
                route = DEFAULT_ROUTE
            end
            local since = shelf.find(resource)
            if since ~= nil then
                -- A problem has come meanwhile: its own recovery ends both.
                if isOpen(since) or since.inFlight ~= nil then
                    return
                end
                recordUnknownOutcome(since, "trigger", "info")
                ports.alertChanged(since)
                return
            end
            local alert = createOpenUnknown(resource, route)
            -- Only for the log's sake: a resolve carries no name.
            alert.place = ports.placeOf(resource)
            shelf.put(alert)
            decide(alert, true)
        end,
        resolveNow = resolveNow,
        learnt = function(alert)
            if alert.resource.kind == "storm" then
                ports.alertChanged(alert)
                forgetIfSettled(alert)
                return
            end
            readPlace(alert)
            -- It may be sent where the rules say now.
            examine(alert)
            decide(alert, true)
            decideBehindSilent(alert)
        end,
        forget = function(alert)
            recordLetGo(alert)
            ports.alertChanged(alert)
            forgetIfSettled(alert)
        end,
        forgetIfSettled = forgetIfSettled,
        actionEnded = function(alert)
            forgetIfSettled(alert)
            -- What opens then is not the one that was open: it goes where the rules say now, and waits if they say so. One that is
            -- held may open without another check.
            local mayOpenAnew = alert.desired ~= "resolved" and alert.delivered == "none"
            if not mayOpenAnew or alert.resource.kind == "storm" then
                return
            end
            judgeAnew(alert, false)
            decideBehindSilent(alert)
        end,
        describe = storms.describe,
        restored = storms.resume,
        restoreAlert = function(alert)
            local ____alert_facts_17 = alert.facts
            local earlyUntil = ____alert_facts_17.earlyUntil
            shelf.put(alert)
            if earlyUntil ~= nil then
                earlyProblems.resume(alert, earlyUntil)
            end
            waits.resume(alert)
            departures.resume(alert)
        end,
        restoreHost = surroundings.restoreHost,
        restoreParent = surroundings.restoreParent,
        restoreOwner = departures.restoreOwner,
        restoreStoppedEngine = departures.restoreStopped,
        eachAlertOfHost = function(hostId, visit)
            local alert = shelf.ofHost(hostId)
            if alert ~= nil then
                visit(alert)
            end
            local services = shelf.services[hostId]
            if services ~= nil then
                for ____, service in pairs(services) do
                    visit(service)
                end
            end
        end,
        eachAlert = shelf.each,
        eachHost = surroundings.eachHost,
        eachParent = surroundings.eachParent,
        eachOwner = departures.eachOwner,
        eachStoppedEngine = departures.eachStopped
    }
end
return exports
 end,

-- -------------------- src/alerts/unknown_recoveries.ts --------------------
["src.alerts.unknown_recoveries"] = function(...)
-- Recoveries of resources that nothing is known of, as they come in during the first hour of a start without a journal:
-- each is to be resolved once, when nothing else waits. Remembers ids and nothing more, and those only for that hour.
local exports = {}
local ____pair_set = require("src.alerts.pair_set")
local createPairSet = ____pair_set.createPairSet

-- None noted yet.
function exports.createUnknownRecoveries()
    -- Hosts and services that were noted.
    local noted = createPairSet()
    -- Those that wait, as two lists of numbers: a record for each of 100,000 services would be megabytes.
    local hostIds = {}
    local serviceIds = {}
    local first = 1
    local last = 0

    local function isNoted(____bindingPattern0)
        local serviceId
        local hostId
        hostId = ____bindingPattern0.hostId
        serviceId = ____bindingPattern0.serviceId
        return noted.has(hostId, serviceId)
    end
    return {
        isNoted = isNoted,
        note = function(resource)
            if isNoted(resource) then
                return
            end
            local ____resource_0 = resource
            local hostId = ____resource_0.hostId
            local serviceId = ____resource_0.serviceId
            noted.add(hostId, serviceId)
            last = last + 1
            hostIds[last] = hostId
            serviceIds[last] = serviceId
        end,
        take = function()
            local hostId = hostIds[first]
            local serviceId = serviceIds[first]
            if hostId == nil or serviceId == nil then
                return nil
            end
            hostIds[first] = nil
            serviceIds[first] = nil
            first = first + 1
            return {kind = serviceId == 0 and "host" or "service", hostId = hostId, serviceId = serviceId}
        end,
        isAnyLeft = function() return first <= last end,
        forgetAll = function()
            noted = createPairSet()
            hostIds = {}
            serviceIds = {}
            first = 1
            last = 0
        end
    }
end
return exports
 end,

-- -------------------- src/text/utf8.ts --------------------
["src.text.utf8"] = function(...)
-- UTF-8: makes any byte sequence valid, counts and cuts by characters. Knows nothing of JSON or PagerDuty.
-- What stands for bytes that are not UTF-8: U+FFFD, the Unicode replacement character.
local exports = {}
local REPLACEMENT = "�"
-- What ends a text that was cut: U+2026.
local ELLIPSIS = "…"
-- Bytes above 0x7f cannot be written in a TypeScript string, which is emitted as UTF-8.
local HIGH_BYTE = ((("[" .. string.char(128)) .. "-") .. string.char(255)) .. "]"

-- Length in bytes of the valid character that begins at `position` with `lead`, or 0 when there is none.
local function characterLength(text, position, lead)
    if lead < 128 then
        return 1
    end
    -- The well-formed byte sequences of the Unicode Standard, table 3-7: no overlong form, no surrogate.
    local length = 0
    local lowest = 128
    local highest = 191
    if lead >= 194 and lead <= 223 then
        length = 2
    elseif lead >= 224 and lead <= 239 then
        length = 3
    elseif lead >= 240 and lead <= 244 then
        length = 4
    else
        return 0
    end
    if lead == 224 then
        lowest = 160
    end
    if lead == 237 then
        highest = 159
    end
    if lead == 240 then
        lowest = 144
    end
    if lead == 244 then
        highest = 143
    end
    for offset = 1, length - 1 do
        local next = string.byte(text, position + offset)
        if next == nil or next < lowest or next > highest then
            return 0
        end
        lowest = 128
        highest = 191
    end
    return length
end

-- `text` with every byte that is not part of a well-formed UTF-8 character replaced by U+FFFD.
function exports.validUtf8(text)
    local firstHighByte = string.find(text, HIGH_BYTE)
    if firstHighByte == nil then
        return text
    end
    local parts = {}
    local size = #text
    local kept = 1
    local position = firstHighByte
    while position <= size do
        local lead = string.byte(text, position)
        local length = characterLength(text, position, lead)
        if length == 0 then
            parts[#parts + 1] = string.sub(text, kept, position - 1)
            parts[#parts + 1] = REPLACEMENT
            position = position + 1
            kept = position
        else
            position = position + length
        end
    end
    if kept == 1 then
        return text
    end
    parts[#parts + 1] = string.sub(text, kept)
    return table.concat(parts)
end

-- `text`, which must be valid UTF-8, in at most `limit` characters (one or more): cut between characters, with
-- "…" as the last one when something was cut.
function exports.cutToCharacters(text, limit)
    if #text <= limit then
        return text
    end
    local characters = 0
    local position = 1
    local ____end = 0
    local size = #text
    while position <= size do
        characters = characters + 1
        -- Where the text has to end if it turns out to be too long: there must be room for the "…".
        if characters == limit then
            ____end = position - 1
        end
        if characters > limit then
            return string.sub(text, 1, ____end) .. ELLIPSIS
        end
        position = position + characterLength(
            text,
            position,
            string.byte(text, position)
        )
    end
    return text
end

-- `text`, which must be valid UTF-8, in at most `limit` bytes ("…" included), cut between characters. Empty when
-- not even the "…" fits.
function exports.cutToBytes(text, limit)
    if #text <= limit then
        return text
    end
    if limit < #ELLIPSIS then
        return ""
    end
    local ____end = limit - #ELLIPSIS
    -- A byte of the form 10xxxxxx continues a character: step back to where that one begins.
    while ____end > 0 do
        local next = string.byte(text, ____end + 1)
        if next < 128 or next > 191 then
            break
        end
        ____end = ____end - 1
    end
    return string.sub(text, 1, ____end) .. ELLIPSIS
end
return exports
 end,

-- -------------------- src/text/json.ts --------------------
["src.text.json"] = function(...)
-- JSON, written and read by ourselves: broker.json_encode leaves control bytes, invalid UTF-8 and NaN as they
-- are, escapes no key, and turns {} into []; broker.json_decode cuts integers to 32 bits and unescapes twice
-- (measured, see contracts/broker-host.md). Fields keep the order they are given in.
local exports = {}
local ____utf8 = require("src.text.utf8")
local validUtf8 = ____utf8.validUtf8
local NAMED_ESCAPES = {
    ["\""] = "\\\"",
    ["\\"] = "\\\\",
    ["\n"] = "\\n",
    ["\r"] = "\\r",
    ["\t"] = "\\t"
}

local function escaped(character)
    return NAMED_ESCAPES[character] or string.format(
        "\\u%04x",
        string.byte(character)
    )
end
-- What cannot stand in a JSON string as it is, and bytes that may not be UTF-8.
local UNSAFE = ((("[%c\"\\" .. string.char(128)) .. "-") .. string.char(255)) .. "]"

-- `text`, any bytes, as a JSON string in valid UTF-8.
function exports.encodeString(text)
    -- Nearly every text is safe, and every name of a field: they cost one look.
    if (string.find(text, UNSAFE)) == nil then
        return ("\"" .. text) .. "\""
    end
    local body = string.gsub(
        validUtf8(text),
        "[%c\"\\]",
        escaped
    )
    return ("\"" .. body) .. "\""
end
-- Largest magnitude up to which a double holds every integer: 2^53.
local EXACT_INTEGER_LIMIT = 9007199254740992

-- `value` as JSON; NaN and the infinities, which JSON does not have, become null.
local function encodeNumber(value)
    local isWhole = value % 1 == 0
    if isWhole and value <= EXACT_INTEGER_LIMIT and value >= -EXACT_INTEGER_LIMIT then
        -- A zero may be a negative one.
        return string.format(value == 0 and "%.0f" or "%d", value)
    end
    if value ~= value or value == math.huge or value == -math.huge then
        return "null"
    end
    return string.format("%.14g", value)
end

-- The JSON value for a number's own digits, or undefined when JSON would not accept them as they are.
function exports.numberAsWritten(digits)
    local whole = string.match(digits, "^-?(%d+)")
    if whole == nil or #whole > 1 and string.sub(whole, 1, 1) == "0" then
        return nil
    end
    local rest = string.match(digits, "^-?%d+(.*)$")
    local afterFraction = string.gsub(rest or "", "^%.%d+", "")
    local afterExponent = string.gsub(afterFraction, "^[eE][+-]?%d+$", "")
    return afterExponent == "" and ({digits = digits}) or nil
end
-- Most names of fields that are remembered in their written form: more than we have, fewer than would matter.
local MOST_KNOWN_NAMES = 500
local knownNames = {}
local knownNameCount = 0

-- `"name":`, made once for each name: the same few stand in every event and every line of the journal.
local function nameOfField(name)
    local known = knownNames[name]
    if known ~= nil then
        return known
    end
    local written = exports.encodeString(name) .. ":"
    if knownNameCount < MOST_KNOWN_NAMES then
        knownNameCount = knownNameCount + 1
        knownNames[name] = written
    end
    return written
end

local function append(parts, value)
    if type(value) == "string" then
        parts[#parts + 1] = exports.encodeString(value)
    elseif type(value) == "number" then
        parts[#parts + 1] = encodeNumber(value)
    elseif type(value) == "boolean" then
        parts[#parts + 1] = value and "true" or "false"
    elseif value.digits ~= nil then
        parts[#parts + 1] = value.digits
    elseif value.fields ~= nil then
        local separator = "{"
        for ____, ____value in ipairs(value.fields) do
            local name = ____value[1]
            local fieldValue = ____value[2]
            if fieldValue ~= nil then
                parts[#parts + 1] = separator
                parts[#parts + 1] = nameOfField(name)
                append(parts, fieldValue)
                separator = ","
            end
        end
        parts[#parts + 1] = separator == "{" and "{}" or "}"
    else
        local separator = "["
        for ____, item in ipairs(value.items) do
            parts[#parts + 1] = separator
            append(parts, item)
            separator = ","
        end
        parts[#parts + 1] = separator == "[" and "[]" or "]"
    end
end

-- The JSON text of `value`, on one line.
function exports.encode(value)
    local parts = {}
    append(parts, value)
    return table.concat(parts)
end
-- Deepest nesting that decode follows; what we read is a few levels deep, and Lua's stack is finite.
local MAXIMUM_DEPTH = 100
local ESCAPED_CHARACTERS = {
    ["\""] = "\"",
    ["\\"] = "\\",
    ["/"] = "/",
    b = "\b",
    f = "\f",
    n = "\n",
    r = "\r",
    t = "\t"
}

-- The UTF-8 bytes of a Unicode code point.
local function utf8Character(codePoint)
    if codePoint < 128 then
        return string.char(codePoint)
    end
    local last = 128 + codePoint % 64
    local second = math.floor(codePoint / 64)
    if codePoint < 2048 then
        return string.char(192 + second, last)
    end
    local third = math.floor(second / 64)
    if codePoint < 65536 then
        return string.char(224 + third, 128 + second % 64, last)
    end
    return string.char(
        240 + math.floor(third / 64),
        128 + third % 64,
        128 + second % 64,
        last
    )
end
local SPACE = "[ \t\r\n]*"
-- What JSON is made of, each with the space after it. Nearly every string is plain: it has no escape.
local PLAIN_STRING = "^\"([^\"\\\\]*)\"" .. SPACE
local PLAIN_NAME = (("^\"([^\"\\\\]*)\"" .. SPACE) .. ":") .. SPACE
local STRING_END = "^(\")" .. SPACE
local COLON = "^(:)" .. SPACE
local NUMBER = "^(-?%d+%.?%d*[eE]?[+-]?%d*)" .. SPACE
local WORD = "^(%a+)" .. SPACE
local OPENING = "^([%[{])" .. SPACE
local ARRAY_END = "^(%])" .. SPACE
local AFTER_ITEM = "^([%],])" .. SPACE
local OBJECT_END = "^(})" .. SPACE
local AFTER_FIELD = "^([},])" .. SPACE
-- Nesting of the lists whose items are taken: their object is at 1.
local LIST_DEPTH = 2

local function decodeAll(text, pieces)
    local readValue
    -- Never at a space, but within a string.
    local position = 1
    local problem
    -- The field of the text's one object that is being read.
    local list = ""

    local function fail(what)
        if problem == nil then
            problem = (what .. " at byte ") .. tostring(position)
        end
        return nil
    end

    -- Gives what `pattern` captures here, and goes on behind what it matches; undefined when it does not match.
    local function match(pattern)
        local ____, last, captured = string.find(text, pattern, position)
        if last ~= nil then
            position = last + 1
        end
        return captured
    end

    -- The four hexadecimal digits of a \u escape at `at`, or undefined.
    local function codeUnit(at)
        local digits = string.match(text, "^%x%x%x%x", at)
        local ____temp_0
        if digits == nil then
            ____temp_0 = nil
        else
            ____temp_0 = tonumber(digits, 16)
        end
        return ____temp_0
    end

    -- The character of the \u escape whose digits begin at `position`; a surrogate pair is one character.
    local function readUnicodeEscape()
        local first = codeUnit(position)
        if first == nil then
            return fail("a \\u without four hexadecimal digits")
        end
        position = position + 4
        if first < 55296 or first > 57343 then
            return utf8Character(first)
        end
        local ____temp_1
        if string.sub(text, position, position + 1) == "\\u" then
            ____temp_1 = codeUnit(position + 2)
        else
            ____temp_1 = nil
        end
        local second = ____temp_1
        if first > 56319 or second == nil or second < 56320 or second > 57343 then
            return utf8Character(65533)
        end
        position = position + 6
        return utf8Character(65536 + (first - 55296) * 1024 + (second - 56320))
    end

    -- The rest of a string whose first quote is read.
    local function readEscapedString()
        local parts = {}
        while true do
            if pieces ~= nil then
                pieces.reached(position)
            end
            parts[#parts + 1] = match("^([^\"\\]*)")
            if match(STRING_END) ~= nil then
                return table.concat(parts)
            end
            if match("^(\\)") == nil then
                return fail("a string without an end")
            end
            local letter = string.sub(text, position, position)
            position = position + 1
            local ____temp_2
            if letter == "u" then
                ____temp_2 = readUnicodeEscape()
            else
                ____temp_2 = ESCAPED_CHARACTERS[letter]
            end
            local character = ____temp_2
            if character == nil then
                return fail("an unknown escape")
            end
            parts[#parts + 1] = character
        end
    end

    local function readString()
        local plain = match(PLAIN_STRING)
        if plain ~= nil then
            return plain
        end
        local ____temp_3
        if match("^(\")") == nil then
            ____temp_3 = nil
        else
            ____temp_3 = readEscapedString()
        end
        return ____temp_3
    end

    local function readName()
        local plain = match(PLAIN_NAME)
        if plain ~= nil then
            return plain
        end
        local name = readString() or fail("an object without a name")
        local ____temp_4
        if match(COLON) == nil then
            ____temp_4 = fail("a name without :")
        else
            ____temp_4 = name
        end
        return ____temp_4
    end

    -- A number, or true, false or null.
    local function readBare()
        local start = position
        local digits = match(NUMBER)
        local ____temp_5
        if digits == nil then
            ____temp_5 = nil
        else
            ____temp_5 = tonumber(digits)
        end
        local number = ____temp_5
        if number ~= nil then
            return number
        end
        local word = match(WORD)
        if word == "true" or word == "false" then
            return word == "true"
        end
        if word == "null" then
            return nil
        end
        position = start
        return fail("no JSON value")
    end

    local function readArray(depth)
        local items = {}
        local count = 0
        local mark = match(ARRAY_END) or ","
        local ____temp_8
        if depth == LIST_DEPTH then
            ____temp_8 = pieces and pieces.takeItem
        else
            ____temp_8 = nil
        end
        local takeItem = ____temp_8
        while mark == "," and problem == nil do
            if pieces ~= nil then
                pieces.reached(position)
            end
            local value = readValue(depth)
            if takeItem == nil then
                count = count + 1
                items[count] = value
            elseif problem == nil then
                takeItem(list, value)
            end
            mark = match(AFTER_ITEM) or fail("an array without , or ]") or ""
        end
        return items
    end

    local function readObject(depth)
        local fields = {}
        local mark = match(OBJECT_END) or ","
        while mark == "," and problem == nil do
            if pieces ~= nil then
                pieces.reached(position)
            end
            local name = readName()
            if depth == 1 then
                list = name or ""
            end
            if name ~= nil then
                fields[name] = readValue(depth)
            end
            mark = match(AFTER_FIELD) or fail("an object without , or }") or ""
        end
        return fields
    end
    readValue = function(depth)
        if depth > MAXIMUM_DEPTH then
            return fail("too deep a nesting")
        end
        local characters = readString()
        if characters ~= nil or problem ~= nil then
            return characters
        end
        local opening = match(OPENING)
        if opening == "{" then
            return readObject(depth + 1)
        end
        if opening == "[" then
            return readArray(depth + 1)
        end
        return readBare()
    end
    match(("^(" .. SPACE) .. ")")
    local value = readValue(0)
    if problem == nil and position <= #text then
        fail("more text than one value")
    end
    return problem == nil and ({ok = true, value = value}) or ({ok = false, problem = problem})
end

-- Reads JSON text. Gives a failure, never an error, for text that is not JSON.
function exports.decode(text)
    return decodeAll(text, nil)
end

-- Reads JSON text a piece at a time, where there is much of it. `takeItem` is given the items of the lists that are fields of
-- its one object, as they come; the lists themselves are empty then. What it gives reads so many bytes on, some more at
-- most, and gives the outcome once there is one.
function exports.decodeInPieces(text, takeItem)
    local reached = 1
    local pauseAt = 1
    local reading = coroutine.create(function() return decodeAll(
        text,
        {
            takeItem = takeItem,
            reached = function(position)
                reached = position
                if position >= pauseAt then
                    coroutine.yield()
                end
            end
        }
    ) end)
    return function(bytes)
        pauseAt = reached + bytes
        local isRunning, result = coroutine.resume(reading)
        if not isRunning then
            return {
                ok = false,
                problem = tostring(result)
            }
        end
        return result
    end
end
return exports
 end,

-- -------------------- src/feedback/answers.ts --------------------
["src.feedback.answers"] = function(...)
-- What PagerDuty's REST API v2 answers, as records: incidents, the alerts in them, services, notes, who is on call. Reads
-- what is documented, and takes nothing for granted: what has not what it must have is undefined. Asks for nothing.
--
-- https://developer.pagerduty.com/api-reference, "Incidents", "Services", "On-Calls" (the OpenAPI description of 2026-08).
local exports = {}
local ____utf8 = require("src.text.utf8")
local cutToCharacters = ____utf8.cutToCharacters
local validUtf8 = ____utf8.validUtf8
-- A title is a summary of up to 1024 characters, and stands in lines that people read.
local SHOWN_TITLE = 160

local function fieldsOf(value)
    return type(value) == "table" and value or ({})
end

local function itemsOf(value)
    return type(value) == "table" and value or ({})
end

local function textOf(value)
    return type(value) == "string" and value ~= "" and value or nil
end

local function numberOf(value)
    return type(value) == "number" and value or 0
end

local function nameOf(fields)
    return textOf(fields.summary) or "somebody"
end

-- A full record has the type without its `_reference`.
local function isPerson(fields)
    return fields.type == "user_reference" or fields.type == "user"
end

local function agentOf(value)
    local fields = fieldsOf(value)
    local ____temp_0
    if textOf(fields.type) == nil then
        ____temp_0 = nil
    else
        ____temp_0 = {
            isPerson = isPerson(fields),
            name = nameOf(fields)
        }
    end
    return ____temp_0
end

local function acknowledgementOf(value)
    local last
    for ____, item in ipairs(itemsOf(value)) do
        local ____fieldsOf_result_1 = fieldsOf(item)
        local at = ____fieldsOf_result_1.at
        local acknowledger = ____fieldsOf_result_1.acknowledger
        local by = fieldsOf(acknowledger)
        local time = textOf(at) or ""
        -- All are of UTC, and of one form: their order is that of their texts.
        if isPerson(by) and (last == nil or time >= last.at) then
            last = {
                by = nameOf(by),
                at = time
            }
        end
    end
    return last
end

local function assigneesOf(value)
    local names = {}
    for ____, item in ipairs(itemsOf(value)) do
        names[#names + 1] = nameOf(fieldsOf(fieldsOf(item).assignee))
    end
    return names
end

local function statusOf(value)
    return (value == "triggered" or value == "acknowledged" or value == "resolved") and value or nil
end

function exports.readIncident(value)
    local fields = fieldsOf(value)
    local id = textOf(fields.id)
    local status = statusOf(fields.status)
    if id == nil or status == nil then
        return nil
    end
    local counts = fieldsOf(fields.alert_counts)
    local all, triggered = numberOf(counts.all), numberOf(counts.triggered)
    local service = fieldsOf(fields.service)
    local reason = fieldsOf(fields.resolve_reason)
    local isMerged = reason.type == "merge_resolve_reason"
    local ____id_4 = id
    local ____numberOf_result_5 = numberOf(fields.incident_number)
    local ____temp_6 = textOf(fields.html_url) or ""
    local ____cutToCharacters_result_7 = cutToCharacters(
        validUtf8(textOf(fields.title) or ""),
        SHOWN_TITLE
    )
    local ____status_8 = status
    local ____temp_9 = textOf(service.id) or ""
    local ____temp_10 = textOf(service.summary) or ""
    local ____temp_11 = textOf(fields.created_at) or ""
    local ____temp_2
    if all > 1 or all > triggered then
        ____temp_2 = nil
    else
        ____temp_2 = textOf(fields.incident_key)
    end
    local ____string_format_result_12 = string.format("%s %.0f %.0f", status, all, triggered)
    local ____temp_13 = textOf(fields.last_status_change_at) or ""
    local ____agentOf_result_14 = agentOf(fields.last_status_change_by)
    local ____acknowledgementOf_result_15 = acknowledgementOf(fields.acknowledgements)
    local ____assigneesOf_result_16 = assigneesOf(fields.assignments)
    local ____isMerged_3
    if isMerged then
        ____isMerged_3 = textOf(fieldsOf(reason.incident).id)
    else
        ____isMerged_3 = nil
    end
    return {
        id = ____id_4,
        number = ____numberOf_result_5,
        address = ____temp_6,
        title = ____cutToCharacters_result_7,
        status = ____status_8,
        serviceId = ____temp_9,
        serviceName = ____temp_10,
        createdAt = ____temp_11,
        key = ____temp_2,
        signature = ____string_format_result_12,
        changedAt = ____temp_13,
        changedBy = ____agentOf_result_14,
        acknowledgement = ____acknowledgementOf_result_15,
        assignees = ____assigneesOf_result_16,
        mergedInto = ____isMerged_3
    }
end

function exports.readAlert(value)
    local fields = fieldsOf(value)
    local key = textOf(fields.alert_key)
    local status = fields.status
    if key == nil or status ~= "triggered" and status ~= "resolved" then
        return nil
    end
    return {
        key = key,
        isOpen = status == "triggered",
        createdAt = textOf(fields.created_at) or ""
    }
end

function exports.readService(value)
    local fields = fieldsOf(value)
    local id = textOf(fields.id)
    if id == nil then
        return nil
    end
    local routingKeys = {}
    for ____, integration in ipairs(itemsOf(fields.integrations)) do
        local key = textOf(fieldsOf(integration).integration_key)
        if key ~= nil then
            routingKeys[#routingKeys + 1] = key
        end
    end
    return {
        id = id,
        name = textOf(fields.name) or textOf(fields.summary) or id,
        escalationPolicyId = textOf(fieldsOf(fields.escalation_policy).id),
        routingKeys = routingKeys
    }
end

-- A note's text, and when it was written.
function exports.readNote(value)
    local fields = fieldsOf(value)
    local content = textOf(fields.content)
    local ____temp_17
    if content == nil then
        ____temp_17 = nil
    else
        ____temp_17 = {
            content = content,
            at = textOf(fields.created_at) or ""
        }
    end
    return ____temp_17
end

function exports.readOnCall(value)
    local fields = fieldsOf(value)
    local escalationPolicyId = textOf(fieldsOf(fields.escalation_policy).id)
    if escalationPolicyId == nil then
        return nil
    end
    return {
        person = nameOf(fieldsOf(fields.user)),
        level = numberOf(fields.escalation_level),
        schedule = textOf(fieldsOf(fields.schedule).summary),
        ["until"] = textOf(fields["end"]),
        escalationPolicyId = escalationPolicyId
    }
end
return exports
 end,

-- -------------------- src/pagerduty/answer.ts --------------------
["src.pagerduty.answer"] = function(...)
-- What PagerDuty's answer, or the lack of one, means for the event that was sent. Pure; decides nothing about
-- when to try again.
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
-- Most bytes of an answer that are shown: whoever answers, the log and the quarantine file stay readable.
local MAXIMUM_SHOWN_BYTES = 500

local function textOf(value)
    return type(value) == "string" and value or nil
end

-- PagerDuty's own words in an answer's body: `message: error; error`; of any other body the beginning.
local function wordsOf(body)
    local result = decode(body)
    local isObject = result.ok and type(result.value) == "table"
    local fields = isObject and result.value or ({})
    local errors = fields.errors
    local list = {}
    for ____, item in ipairs(type(errors) == "table" and errors or ({errors})) do
        if type(item) == "string" then
            list[#list + 1] = item
        end
    end
    local message = textOf(fields.message) or textOf(fields.error) or textOf(fields.status)
    local words = table.concat(list, "; ")
    local said = message ~= nil and words ~= "" and (message .. ": ") .. words or (message or words)
    return string.sub(said == "" and body or said, 1, MAXIMUM_SHOWN_BYTES)
end

-- The delay a Retry-After header asks for in seconds; dates, which PagerDuty does not use, are passed over.
local function retryAfterSeconds(header)
    local digits = string.match(header or "", "^%s*(%d+)%s*$")
    local ____temp_0
    if digits == nil then
        ____temp_0 = nil
    else
        ____temp_0 = tonumber(digits)
    end
    return ____temp_0
end

-- Whether a 4xx asks to wait.
local function asksToWait(status)
    return status == 408 or status == 429
end
-- The statuses that speak of the event itself: invalid, too long in one way or another. Every other 4xx speaks of the
-- configuration, the way or the moment, and must not cost an event its details, let alone the page.
local SPEAKS_OF_EVENT = {
    [400] = true,
    [413] = true,
    [414] = true,
    [422] = true,
    [431] = true
}
local CHECK_THE_PROXY_PASSWORD = "check the user and password in http_proxy_string, or in proxy_username and proxy_password"
-- What to do about libcurl's errors that do not heal by themselves, by its numbers.
local REMEDIES = {
    [1] = "check http_server_url",
    [3] = "check http_server_url",
    [58] = "check http_client_certificate, http_client_key and http_client_key_password",
    [60] = "check that http_ca_file or http_ca_path has the authority that signed the certificate of the server (or of a " .. "proxy that reads along), and that the certificate is for the host in http_server_url",
    [77] = "check http_ca_file and http_ca_path"
}

-- What a failure means, whoever it was that answered or did not.
local function judgeFailure(____bindingPattern0)
    local mayHaveArrived
    local proxyStatus
    local errorNumber
    local reason
    reason = ____bindingPattern0.reason
    errorNumber = ____bindingPattern0.errorNumber
    proxyStatus = ____bindingPattern0.proxyStatus
    mayHaveArrived = ____bindingPattern0.mayHaveArrived
    local isProxyAnswer = proxyStatus >= 300
    local told = isProxyAnswer and string.format("the proxy answered HTTP %d to CONNECT", proxyStatus) or reason
    local remedy = isProxyAnswer and proxyStatus < 500 and not asksToWait(proxyStatus) and CHECK_THE_PROXY_PASSWORD .. ", and let the proxy connect to the host and port of http_server_url" or REMEDIES[errorNumber]
    if remedy ~= nil then
        return {kind = "misconfigured", reason = told, remedy = remedy, mayHaveBeenAccepted = mayHaveArrived}
    end
    return {
        kind = "try later",
        reason = told,
        mayHaveBeenAccepted = mayHaveArrived,
        mayBeEventsFault = false,
        retryAfter = nil
    }
end
local CHECK_THE_KEY = "check pdy_routing_key against the Integration Key that PagerDuty shows"

-- What to do about an answer that says something about the configuration, or undefined for any other.
local function remedyFor(status, words)
    if status >= 300 and status < 400 then
        return "it is a redirect: check http_server_url, which must be the address that answers itself"
    end
    if status == 402 then
        return "check the PagerDuty account (or the proxy): it asks for payment"
    end
    if status == 407 then
        return CHECK_THE_PROXY_PASSWORD
    end
    if status == 404 or status == 405 then
        return "check http_server_url, and " .. CHECK_THE_KEY
    end
    local speaksOfKey = (string.match(
        string.lower(words),
        "routing[_ ]key"
    )) ~= nil
    return (status == 401 or status == 403 or status == 400 and speaksOfKey) and CHECK_THE_KEY or nil
end

-- What `outcome` means.
function exports.judge(outcome)
    if outcome.kind == "failed" then
        return judgeFailure(outcome)
    end
    local ____outcome_1 = outcome
    local status = ____outcome_1.status
    if status == 202 then
        return {kind = "accepted"}
    end
    local words = wordsOf(outcome.body)
    local reason = string.format("HTTP %d%s", status, words == "" and "" or ": " .. words)
    local remedy = remedyFor(status, words)
    if remedy ~= nil then
        return {kind = "misconfigured", reason = reason, remedy = remedy, mayHaveBeenAccepted = false}
    end
    if SPEAKS_OF_EVENT[status] == true then
        return {kind = "refused", reason = reason}
    end
    local isClientError = status >= 400 and status < 500
    local ____reason_3 = reason
    local ____isClientError_2
    if isClientError then
        ____isClientError_2 = asksToWait(status) and outcome.openedConnection
    else
        ____isClientError_2 = true
    end
    return {
        kind = "try later",
        reason = ____reason_3,
        mayHaveBeenAccepted = ____isClientError_2,
        mayBeEventsFault = status >= 400 and not asksToWait(status),
        retryAfter = retryAfterSeconds(outcome.retryAfter)
    }
end
return exports
 end,

-- -------------------- src/text/url.ts --------------------
["src.text.url"] = function(...)
-- Percent-encoding for parts of a URL (RFC 3986).
local exports = {}

local function percentEncoded(character)
    return string.format(
        "%%%02X",
        string.byte(character)
    )
end

-- `text`, any bytes, so that it can stand in a query or a path segment: all but unreserved characters encoded.
function exports.urlEncode(text)
    local encoded = string.gsub(text, "[^%w%-._~]", percentEncoded)
    return encoded
end

-- `text`, an address written by a person, with every byte encoded that no URL may contain (spaces, quotes,
-- non-ASCII letters, a % that encodes nothing); what is encoded already stays as it is.
function exports.escapeUrl(text)
    local escaped = string.gsub(text, "[^%w%-._~:/?#%[%]@!$&'()*+,;=%%]", percentEncoded)
    local whole = string.gsub(
        escaped,
        "%%(%x?%x?)",
        function(digits) return #digits == 2 and "%" .. digits or "%25" .. digits end
    )
    return whole
end
return exports
 end,

-- -------------------- src/settings/parameters.ts --------------------
["src.settings.parameters"] = function(...)
-- The one table of the output's parameters: name, kind, default, limits and meaning. Settings are checked
-- against it and docs/parameters.md is made from it. Plain data: it also compiles for Node.
-- What a parameter's value must be:
-- - text: anything; secret: text that is never logged; path: the name of a file or folder;
-- - url: an address with its scheme, http or https;
-- - choice: one of `choices`;
-- - number: a whole number between `minimum` and `maximum`; flag: 0 or 1 (also true/false, yes/no, on/off).
local exports = {}
-- The value pdy_centreon_url has in the predecessor when nobody sets it: counts as not set.
exports.PLACEHOLDER_CENTREON_URL = "http://set.pdy_centreon_url.parameter"
-- PagerDuty's Events API v2 for accounts of the service region US.
exports.DEFAULT_SERVER_URL = "https://events.pagerduty.com/v2/enqueue"
-- Largest number the broker can hand over: it exits on one above int32 (measured).
local LARGEST_BROKER_NUMBER = 2147483647
-- PagerDuty's severities.
local SEVERITIES = {"critical", "error", "warning", "info"}
local OPERATORS = {
    "<",
    "<=",
    ">",
    ">=",
    "==",
    "~="
}
-- A parameter whose name begins so holds the routing key of one more team; the rest of the name is its label.
exports.ROUTING_KEY_PREFIX = "pdy_routing_key_"
exports.PARAMETERS = {
    pdy_routing_key = {kind = "secret", fallback = "", meaning = "The integration key of your PagerDuty service or event orchestration: 32 characters. The only parameter you must set, here or in `pdy_keys_file`."},
    pdy_keys_file = {kind = "path", fallback = "", meaning = "File with the integration keys, readable by the broker's user only, so that none stands in Centreon's configuration: a line `label = key` for each, with the label `default` for `pdy_routing_key`, `fallback` for `pdy_fallback_routing_key`, and a team's for `pdy_routing_key_<name>`. It wins over those parameters, and is read at each start. See docs/routing.md."},
    pdy_centreon_url = {kind = "url", fallback = exports.PLACEHOLDER_CENTREON_URL, meaning = "Address of your Centreon, such as `https://centreon.example.com`, for the links in alerts; with its path if that is another one than `/centreon`. Not set: no links."},
    pdy_source = {kind = "text", fallback = "", meaning = "PagerDuty's `source` field of every alert. Not set: the name of the monitored host."},
    client = {kind = "text", fallback = "Centreon Stream Connector", meaning = "Name of the monitoring system that PagerDuty shows with each alert."},
    client_url = {kind = "text", fallback = "", meaning = "Address that PagerDuty shows with `client`. Not set: `pdy_centreon_url`."},
    use_long_output = {kind = "flag", fallback = 1, meaning = "0: leave out what plugins print after the first line."},
    output_size_limit = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 65536,
        unit = "bytes",
        meaning = "Longest output that an alert shows. 0: as long as PagerDuty takes."
    },
    pdy_custom_variables = {kind = "text", fallback = "", meaning = "Custom variables of hosts and services to show in alerts: names without the `_HOST` or `_SERVICE` of their macros, separated by commas. Those marked as passwords are never shown; BBDO 2 does not tell which they are: do not name them there."},
    pdy_summary_format = {kind = "text", fallback = "", meaning = "What the summary of an alert says, with placeholders such as `[{poller}] {resource} is {state}: {output}`. Not set: `{resource}: {state} - {output}`. See docs/payload.md."},
    pdy_details_format = {kind = "text", fallback = "", meaning = "Fields to add to the details of an alert, separated by semicolons, such as `runbook=https://wiki.example.com/{service}; rack={macro:RACK}`."},
    pdy_links = {kind = "text", fallback = "", meaning = "Links to add to an alert, separated by semicolons: text and address, both with placeholders, such as `Runbook=https://wiki.example.com/{service}; Graph=https://grafana.example.com/d/host?var-host={host}`. See docs/payload.md."},
    pdy_images = {kind = "text", fallback = "", meaning = "Images to show in an alert, in the same form: `Load=https://graphs.example.com/{host}.png`. PagerDuty loads them by https only."},
    pdy_rules_file = {kind = "path", fallback = "", meaning = "File with rules, a Lua table of constants: which problems page, how long they must last, how grave they are, which team gets them, what the page says. It may be changed while the broker runs. See docs/rules.md."},
    custom_code_file = {kind = "path", fallback = "", meaning = "Lua file that returns a function, which may change what an alert says, how grave it is and where it goes, or drop it. See docs/routing.md."},
    pdy_region = {kind = "choice", choices = {"us", "eu"}, fallback = "us", meaning = "Where your PagerDuty account lives: `eu` for accounts at eu.pagerduty.com."},
    http_server_url = {kind = "url", fallback = exports.DEFAULT_SERVER_URL, meaning = "Address of PagerDuty's Events API v2. When it is set to another one, it wins over `pdy_region`."},
    http_proxy_string = {kind = "text", fallback = "", meaning = "Proxy to reach PagerDuty through, such as `http://user:password@proxy.example.com:3128`. Not set: none; a proxy that the environment names is not used."},
    proxy_address = {kind = "text", fallback = "", meaning = "Host name of the proxy, where you prefer separate parameters to `http_proxy_string` (which wins)."},
    proxy_port = {
        kind = "number",
        fallback = 3128,
        minimum = 1,
        maximum = 65535,
        meaning = "Port of the proxy at `proxy_address`."
    },
    proxy_protocol = {kind = "choice", choices = {
        "http",
        "https",
        "socks4",
        "socks4a",
        "socks5",
        "socks5h"
    }, fallback = "http", meaning = "How to talk to the proxy at `proxy_address`."},
    proxy_username = {kind = "text", fallback = "", meaning = "User for the proxy at `proxy_address`."},
    proxy_password = {kind = "secret", fallback = "", meaning = "Password for the proxy at `proxy_address`."},
    no_proxy = {kind = "text", fallback = "", meaning = "Host names, separated by commas, that are reached without the proxy."},
    http_timeout = {
        kind = "number",
        fallback = 5,
        minimum = 1,
        maximum = 300,
        unit = "s",
        meaning = "Longest time one request may take in all; after that it is tried again."
    },
    http_connect_timeout = {
        kind = "number",
        fallback = 5,
        minimum = 1,
        maximum = 300,
        unit = "s",
        meaning = "Longest time connecting may take."
    },
    http_ca_file = {kind = "path", fallback = "", meaning = "File of the certificate authorities to trust. Not set: those of the system."},
    http_ca_path = {kind = "path", fallback = "", meaning = "Folder of certificate authorities to trust (hashed names, as `openssl rehash` makes them)."},
    http_client_certificate = {kind = "path", fallback = "", meaning = "File (PEM) of a client certificate to show, for proxies and gateways that ask for one."},
    http_client_key = {kind = "path", fallback = "", meaning = "File (PEM) of the client certificate's private key."},
    http_client_key_password = {kind = "secret", fallback = "", meaning = "Password of `http_client_key`."},
    verify_certificate = {kind = "flag", fallback = 1, meaning = "1: talk only to a server whose certificate is good. 0: to any, which lets anybody in between read the key."},
    allow_insecure_connection = {kind = "flag", fallback = 0, meaning = "1: the same as `verify_certificate` 0."},
    max_parallel_requests = {
        kind = "number",
        fallback = 8,
        minimum = 1,
        maximum = 64,
        meaning = "How many requests may be under way at once, over as many kept-alive connections."
    },
    max_events_per_minute = {
        kind = "number",
        fallback = 110,
        minimum = 0,
        maximum = 100000,
        meaning = "How many events may be sent in any 60 seconds by each key. PagerDuty accepts about 120. A tenth is kept for critical problems that are not open yet. 0: no limit."
    },
    max_buffer_size = {
        kind = "number",
        fallback = 1,
        minimum = 1,
        maximum = 100000,
        unit = "alerts",
        meaning = "How many alerts to collect before sending. With 1 each is sent at once."
    },
    max_buffer_age = {
        kind = "number",
        fallback = 5,
        minimum = 0,
        maximum = 3600,
        unit = "s",
        meaning = "How long an alert may wait for `max_buffer_size` to be reached."
    },
    severity_host_down = {kind = "choice", choices = SEVERITIES, fallback = "critical", meaning = "PagerDuty's severity of a host that is DOWN."},
    severity_host_unreachable = {kind = "choice", choices = SEVERITIES, fallback = "error", meaning = "… of a host that is UNREACHABLE."},
    severity_service_warning = {kind = "choice", choices = SEVERITIES, fallback = "warning", meaning = "… of a service in WARNING."},
    severity_service_critical = {kind = "choice", choices = SEVERITIES, fallback = "critical", meaning = "… of a service in CRITICAL."},
    severity_service_unknown = {kind = "choice", choices = SEVERITIES, fallback = "error", meaning = "… of a service in UNKNOWN."},
    severity_ba_warning = {kind = "choice", choices = SEVERITIES, fallback = "warning", meaning = "… of a business activity in WARNING."},
    severity_ba_critical = {kind = "choice", choices = SEVERITIES, fallback = "critical", meaning = "… of a business activity in CRITICAL."},
    severity_ba_unknown = {kind = "choice", choices = SEVERITIES, fallback = "error", meaning = "… of a business activity in UNKNOWN."},
    severity_poller_silent = {kind = "choice", choices = {
        "critical",
        "error",
        "warning",
        "info",
        "none"
    }, fallback = "critical", meaning = "… of a poller that has fallen silent. `none`: it alerts nobody."},
    severity_by_criticality = {kind = "text", fallback = "", meaning = "Steps by which Centreon's criticality levels raise or lower the severity, such as `1:+1, 4:-1, 5:-2`."},
    pdy_routes = {kind = "text", fallback = "", meaning = "Which team an alert goes to: rules such as `hostgroup ^Databases$ and service ^MySQL -> dba; criticality 1 -> major`, separated by semicolons; the first that fits decides. Each name needs a parameter `pdy_routing_key_<name>`. See docs/routing.md."},
    pdy_dedup_prefix = {kind = "text", fallback = "", meaning = "Put before each dedup key, so that several Centreon platforms can share a PagerDuty service. Changing it leaves the alerts that are open under the old keys to be closed by hand."},
    acknowledged = {kind = "flag", fallback = 0, meaning = "1: a problem that is acknowledged alerts all the same, and the acknowledgement is not sent on."},
    in_downtime = {kind = "flag", fallback = 0, meaning = "1: problems alert in a downtime, too."},
    pdy_downtime_action = {kind = "choice", choices = {"none", "acknowledge", "resolve"}, fallback = "none", meaning = "What a downtime, its own or its host's, does to an incident that is open when it begins. `none`: the incident stays as it is. If the problem is still there when the downtime ends, an incident that was acknowledged or resolved for it is opened anew, and pages. See docs/how-it-decides.md."},
    flapping = {kind = "flag", fallback = 0, meaning = "1: problems alert while they flap, too."},
    suppress_services_of_down_hosts = {kind = "flag", fallback = 1, meaning = "1: while a host is not UP its services open no alerts; after its return each waits until a new check confirms its problem."},
    suppress_hosts_behind_down_parents = {kind = "flag", fallback = 1, meaning = "1: a host that is UNREACHABLE opens no alert while the alert of a parent host says it all."},
    pdy_retrigger_interval = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 604800,
        unit = "s",
        meaning = "Send the trigger of a problem that is still open again each time so many seconds have passed, so that an incident closed by hand comes back. 0: never."
    },
    pdy_resolve = {kind = "flag", fallback = 1, meaning = "0: the end of a problem does not resolve its incident: a person does that in PagerDuty. The next problem is triggered again, and pages if the incident was closed by then. See docs/how-it-decides.md."},
    pdy_acknowledge = {kind = "flag", fallback = 1, meaning = "0: PagerDuty is not told of acknowledgements in Centreon: its incident stays triggered until somebody acknowledges it there. An acknowledged problem that has not paged yet still does not (`acknowledged` 1: it does)."},
    pdy_repage_on_escalation = {kind = "flag", fallback = 0, meaning = "1: an acknowledgement counts up to the severity at which it was given: when the problem gets worse, its incident is resolved and a new one opened, which pages again. 0: PagerDuty pages nobody for it."},
    pdy_repage_on_unacknowledge = {kind = "flag", fallback = 0, meaning = "1: when an acknowledgement is taken back in Centreon while the problem lasts, resolve its incident and open a new one, which pages again. 0: PagerDuty's stays acknowledged."},
    pdy_reacknowledge_interval = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 604800,
        unit = "s",
        meaning = "Acknowledge an incident again each time so many seconds have passed, for as long as the problem is acknowledged in Centreon: PagerDuty ends an acknowledgement after 30 minutes unless its service says otherwise. 0: once for each acknowledgement."
    },
    pdy_updates = {kind = "choice", choices = {"none", "state", "output"}, fallback = "state", meaning = "When an open alert is told anew, without a page: `state`: when its state changes, also for the better; `output`: also when the first line of the output changes in more than its numbers, at most every five minutes; `none`: never. The severity never goes down."},
    pdy_host_grace = {
        kind = "number",
        fallback = 5,
        minimum = 0,
        maximum = 300,
        unit = "s",
        meaning = "A problem that is HARD at its first attempt waits so long for the check of its host, or of the hosts above, which may be what is really wrong. 0: it does not wait."
    },
    pdy_storm_limit = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 10000,
        meaning = "When more problems than this would open alerts on one route within a minute, one alert stands for those that follow, until fewer than so many came for five minutes. 0: each problem has its own alert, always."
    },
    pdy_change_events = {kind = "text", fallback = "0", meaning = "What PagerDuty is told of as change events, which page nobody: some of `acknowledgements`, `downtimes`, `pollers` (that start or stop), `deployments`, `flapping`, `comments`, separated by commas. 1: the first four. 0: nothing. See docs/payload.md."},
    pdy_api_key = {kind = "secret", fallback = "", meaning = "A key of PagerDuty's REST API, a read-only one is enough: with it the connector asks what people did with its alerts. It may stand in `pdy_keys_file` instead, as `pdy_api_key = key`. Not set: nothing is asked. See docs/feedback.md."},
    pdy_api_url = {kind = "url", fallback = "", meaning = "Address of PagerDuty's REST API v2. Not set: `https://api.pagerduty.com`, or `https://api.eu.pagerduty.com` where events go to the service region EU."},
    pdy_sync_interval = {
        kind = "number",
        fallback = 60,
        minimum = 1,
        maximum = 86400,
        unit = "s",
        meaning = "How often PagerDuty is asked what people did, where `pdy_api_key` is set."
    },
    pdy_service_ids = {kind = "text", fallback = "", meaning = "Ids of the PagerDuty services whose incidents are looked at, such as `PIJ90N7`, separated by commas: for keys of event orchestrations. Those that integration keys lead to are found by themselves. Not set, and a key is an orchestration's: all that `pdy_api_key` may see."},
    pdy_reopen = {kind = "choice", choices = {"always", "timeout", "never"}, fallback = "always", meaning = "When a problem that lasts is opened anew after its incident was closed in PagerDuty: `always`: at once where PagerDuty's own timeout closed it, with the next check that still finds the problem where a person did; `timeout`: only after a timeout; `never`: only when it gets worse. Needs `pdy_api_key`."},
    pdy_resolve_orphans = {kind = "flag", fallback = 0, meaning = "1: resolve what is open in PagerDuty with a key of ours while nothing is known of it here and it is proved that nothing calls for it (a check finds all well, its engine does not name it any more, …). 0: only tell of it. Needs `pdy_api_key`. See docs/feedback.md."},
    centreon_api_url = {kind = "url", fallback = "", meaning = "Address of Centreon with its path, such as `https://centreon.example.com/centreon`: where its API is told who acknowledges in PagerDuty. Not set: it is not told. Needs `pdy_api_key`, and `centreon_api_token` or `centreon_api_user`. See docs/feedback.md."},
    centreon_api_token = {kind = "secret", fallback = "", meaning = "A token of Centreon's API, of a user who may acknowledge hosts and services. It may stand in `pdy_keys_file` instead, as `centreon_api_token = token`."},
    centreon_api_user = {kind = "text", fallback = "", meaning = "Where there is no `centreon_api_token`: the login of a user of Centreon who may acknowledge hosts and services. Needs `centreon_api_password`."},
    centreon_api_password = {kind = "secret", fallback = "", meaning = "The password of `centreon_api_user`. It may stand in `pdy_keys_file` instead, as `centreon_api_password = password`."},
    state_path = {kind = "path", fallback = "/var/lib/centreon-broker/pagerduty.state", meaning = "The journal: what PagerDuty has been told, kept over restarts and crashes. One file for each output."},
    quarantine_path = {kind = "path", fallback = "/var/lib/centreon-broker/pagerduty.quarantine", meaning = "File that keeps the events PagerDuty refused, one JSON line each, with the reason. It takes 10 MB."},
    status_path = {kind = "path", fallback = "/var/lib/centreon-broker/pagerduty.status", meaning = "File that tells how the connector fares, as one JSON object, written every 10 seconds. Empty: none. See docs/delivery.md."},
    self_alert_after = {
        kind = "number",
        fallback = 300,
        minimum = 0,
        maximum = 86400,
        unit = "s",
        meaning = "When nothing has got through to PagerDuty for so long, an ERROR line says so every 5 minutes, and the connector raises an alert of its own by `pdy_fallback_routing_key`; new alerts of a key that is refused go by it, too. 0: never."
    },
    pdy_fallback_routing_key = {kind = "secret", fallback = "", meaning = "An integration key of another PagerDuty service, for the connector's alert about itself, and for the alerts of a key that PagerDuty refuses. Not set: no such alert, and those of a refused key wait."},
    heartbeat_url = {kind = "url", isSecret = true, fallback = "", meaning = "Address to fetch each minute while all is well: a dead man's switch, which pages when that stops. All is well while events are accepted or none waits, and the journal can be written. Of the address only the host is ever logged. Not set: none. See docs/delivery.md."},
    record_path = {kind = "path", fallback = "", meaning = "File to record the events received in, one JSON line each, for `centreon-pagerduty explain` and for bug reports. Names and outputs are in it, keys and passwords are not. Empty: none."},
    record_size_limit = {
        kind = "number",
        fallback = 10,
        minimum = 1,
        maximum = 1000,
        unit = "MB",
        meaning = "When the recording is that large, it ends."
    },
    hard_only = {kind = "flag", fallback = 1, meaning = "1: only HARD states count. 0: SOFT states alert too."},
    host_status = {kind = "text", fallback = "0,1,2", meaning = "The states of hosts that alert: 1 DOWN, 2 UNREACHABLE. Recoveries always count."},
    service_status = {kind = "text", fallback = "0,1,2,3", meaning = "The states of services that alert: 1 WARNING, 2 CRITICAL, 3 UNKNOWN."},
    ba_status = {kind = "text", fallback = "0,1,2,3", meaning = "The states of business activities that alert, as for services."},
    accepted_elements = {kind = "text", fallback = "host_status,service_status,ba_status", meaning = "The kinds of problems that alert."},
    accepted_hostgroups = {kind = "text", fallback = "", meaning = "Only problems in one of these host groups alert. Names, separated by commas. Empty: all."},
    rejected_hostgroups = {kind = "text", fallback = "", meaning = "Problems in one of these host groups do not alert."},
    accepted_servicegroups = {kind = "text", fallback = "", meaning = "Only problems in one of these service groups (services only) alert. Names, separated by commas. Empty: all."},
    rejected_servicegroups = {kind = "text", fallback = "", meaning = "Problems in one of these service groups (services only) do not alert."},
    accepted_bvs = {kind = "text", fallback = "", meaning = "Only problems in one of these business views (business activities only) alert. Names, separated by commas. Empty: all."},
    rejected_bvs = {kind = "text", fallback = "", meaning = "Problems in one of these business views (business activities only) do not alert."},
    accepted_pollers = {kind = "text", fallback = "", meaning = "Only problems in one of these pollers alert. Names, separated by commas. Empty: all."},
    rejected_pollers = {kind = "text", fallback = "", meaning = "Problems in one of these pollers do not alert."},
    accepted_hosts = {kind = "text", fallback = "", meaning = "Only hosts, and services of hosts, whose name fits this Lua pattern alert."},
    accepted_hosts_enable_split_pattern = {kind = "flag", fallback = 0, meaning = "1: `accepted_hosts` holds several patterns."},
    accepted_hosts_split_character = {kind = "text", fallback = ",", meaning = "What stands between them."},
    rejected_hosts = {kind = "text", fallback = "", meaning = "Hosts, and services of hosts, whose name fits this Lua pattern do not alert."},
    rejected_hosts_enable_split_pattern = {kind = "flag", fallback = 0, meaning = "1: `rejected_hosts` holds several patterns."},
    rejected_hosts_split_character = {kind = "text", fallback = ",", meaning = "What stands between them."},
    accepted_services = {kind = "text", fallback = "", meaning = "Only services whose name fits this Lua pattern alert."},
    accepted_services_enable_split_pattern = {kind = "flag", fallback = 0, meaning = "1: `accepted_services` holds several patterns."},
    accepted_services_split_character = {kind = "text", fallback = ",", meaning = "What stands between them."},
    rejected_services = {kind = "text", fallback = "", meaning = "Services whose name fits this Lua pattern do not alert."},
    rejected_services_enable_split_pattern = {kind = "flag", fallback = 0, meaning = "1: `rejected_services` holds several patterns."},
    rejected_services_split_character = {kind = "text", fallback = ",", meaning = "What stands between them."},
    accepted_authors = {kind = "text", fallback = "", meaning = "Only acknowledgements by one of these people count. Names, separated by commas. Empty: all. A problem acknowledged by anybody else alerts as if it were not."},
    rejected_authors = {kind = "text", fallback = "", meaning = "Acknowledgements by one of these people do not count."},
    respect_notification_settings = {kind = "flag", fallback = 0, meaning = "1: a problem of which Centreon itself notifies nobody (notifications disabled, or not of this state) does not alert, and one that it notifies of after a delay alerts if it lasts so long. Time periods are not looked at."},
    host_severity_threshold = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 100,
        meaning = "Only hosts whose criticality level compares with this number alert, as `threshold operator level`; those without a level do not. 0: all."
    },
    host_severity_operator = {kind = "choice", choices = OPERATORS, fallback = ">=", meaning = "The comparison: with `>=` levels up to the threshold pass (level 1 is the gravest)."},
    service_severity_threshold = {
        kind = "number",
        fallback = 0,
        minimum = 0,
        maximum = 100,
        meaning = "The same for services."
    },
    service_severity_operator = {kind = "choice", choices = OPERATORS, fallback = ">=", meaning = "The same for services."},
    skip_anon_events = {kind = "flag", fallback = 0, meaning = "1: drop problems of hosts whose name the broker does not know (yet). 0: send them with their id as name, so that no page is lost."},
    log_level = {
        kind = "number",
        fallback = 2,
        minimum = 0,
        maximum = 3,
        meaning = "0: errors. 1: also warnings. 2: also what was sent and accepted. 3: also why an event was not sent."
    },
    log_path = {kind = "path", fallback = "/var/log/centreon-broker/stream-connector-pagerduty.log", meaning = "The log file. Empty: the broker's own log."},
    send_data_test = {kind = "flag", fallback = 0, meaning = "1: **nothing is sent**; what would be sent is written to the log at level 2, without the key, and taken for accepted. The journal is neither read nor written, nor is the status file."},
    filter_type = {kind = "text", fallback = "", meaning = "Accepted and ignored, as in the predecessor; the output's own category filter decides."}
}
-- Largest value a number parameter without a maximum of its own may have.
exports.LARGEST_NUMBER = LARGEST_BROKER_NUMBER
-- Names the predecessors have for parameters of ours; the library's documentation and code spell some differently.
exports.ALIASES = {
    connection_timeout = "http_connect_timeout",
    logfile = "log_path",
    accepted_hosts_enable_split = "accepted_hosts_enable_split_pattern",
    accepted_hosts_split_characters = "accepted_hosts_split_character",
    accepted_services_enable_split = "accepted_services_enable_split_pattern",
    accepted_services_split_characters = "accepted_services_split_character"
}
local ONLY_FOR_METRICS = "it is for connectors that send metrics; alerts show all that the plugin prints"
local BY_STATUS = "an acknowledgement or downtime counts for the problem it belongs to, in whatever state"
local KEPT_IN_THE_JOURNAL = "what must be kept is in the journal, see state_path; it needs no SQLite"
-- Parameters of the predecessors that are accepted and do nothing, and why.
exports.OBSOLETE = {
    accepted_categories = "the output's own category filter decides",
    accepted_metrics = ONLY_FOR_METRICS,
    ack_host_status = BY_STATUS,
    ack_service_status = BY_STATUS,
    dt_host_status = BY_STATUS,
    dt_service_status = BY_STATUS,
    delta_host_status_change_allow = "what has not changed is never sent again, whatever the times of its checks",
    enable_bam_host = "a business activity alerts by itself, never through its virtual host",
    enable_host_status_dedup = "what has not changed is never sent again",
    enable_service_status_dedup = "what has not changed is never sent again",
    format_file = "see pdy_summary_format, pdy_details_format and custom_code_file for what an alert says",
    local_time_diff_from_utc = "times are sent in UTC, and the host's own time zone beside them",
    log_curl_commands = "it would write the routing key to the log",
    max_all_queues_age = "alerts go out at once; max_buffer_age is for those who want to collect them",
    metric_name_regex = ONLY_FOR_METRICS,
    metric_replacement_character = ONLY_FOR_METRICS,
    output_line_break_replacement_character = "a summary is always one line, and the details keep their lines",
    remove_line_break_in_output = "a summary is always one line, and the details keep their lines",
    ["sc_storage.sqlite.db_file"] = KEPT_IN_THE_JOURNAL,
    send_mixed_events = "each event is a request of its own",
    skip_nil_id = "an event without ids is never sent",
    storage_backend = KEPT_IN_THE_JOURNAL,
    timestamp_conversion_format = "times have the form that PagerDuty asks for"
}
-- Parameters of the predecessors that do not do what they did there: with this value they are worth a warning.
exports.CHANGED = {skip_anon_events = {value = true, text = "it drops problems of hosts whose name the broker does not know, as Centreon's connector for the Events API v2 does; Centreon's first one sent them with their ids. Set it to 0 for that: no page is lost then"}, allow_insecure_connection = {value = false, text = "it does not switch the verification of certificates off, as it did with Centreon's connector for the Events API v2. If connections fail now, see http_ca_file; remove the parameter to be rid of this line"}}
return exports
 end,

-- -------------------- src/settings/complaint.ts --------------------
["src.settings.complaint"] = function(...)
-- What is said of a parameter that cannot be used as it was given.
-- Something about the parameters that the administrator must hear of.
local exports = {}
return exports
 end,

-- -------------------- src/text/files.ts --------------------
["src.text.files"] = function(...)
-- The port to files, for what keeps texts in them; reading a whole one, and replacing one whole.
-- Reads and changes files; Lua's own io and os, or a test's.
local exports = {}

function exports.readFile(path)
    local file, problem = io.open(path, "rb")
    if file == nil then
        return nil, problem or path
    end
    local text = file:read("*a")
    file:close()
    -- A folder opens, and cannot be read.
    if text == nil then
        return nil, path .. " is not a file"
    end
    return text, nil
end

-- Writes `text` to `file`, and closes it. Gives what went wrong.
function exports.writeAndClose(file, text)
    local isWritten = file:write(text)
    -- A full disk shows only here: close gives nil then, though it is typed as a boolean.
    local isClosed = file:close()
    local ____temp_0
    if isWritten ~= nil and isClosed == true then
        ____temp_0 = nil
    else
        ____temp_0 = "the system refused to write (is the disk full?)"
    end
    return ____temp_0
end

-- Puts `text` in the place of the file at `path`, under the name `fresh` first: a reader never sees half of it. Gives what
-- went wrong.
function exports.replaceFile(files, path, fresh, text)
    local file, openProblem = files.open(fresh, "wb")
    if file == nil then
        return openProblem or "unknown reason"
    end
    local problem = exports.writeAndClose(file, text)
    if problem ~= nil then
        return problem
    end
    local isMoved, moveProblem = files.rename(fresh, path)
    local ____temp_1
    if isMoved == true then
        ____temp_1 = nil
    else
        ____temp_1 = moveProblem or "unknown reason"
    end
    return ____temp_1
end
return exports
 end,

-- -------------------- src/settings/nearest_name.ts --------------------
["src.settings.nearest_name"] = function(...)
-- Finds the name somebody probably meant.
-- Most letters that may differ for a name to count as meant, fewer than it has: more is no longer a slip of the finger.
local exports = {}
local LARGEST_DISTANCE = 3

-- The Levenshtein distance of two names.
local function editDistance(left, right)
    local previous = {}
    for column = 0, #right do
        previous[#previous + 1] = column
    end
    for row = 1, #left do
        local current = {row}
        for column = 1, #right do
            local isSame = string.byte(left, row) == string.byte(right, column)
            local substituted = previous[column] + (isSame and 0 or 1)
            current[#current + 1] = math.min(substituted, previous[column + 1] + 1, current[column] + 1)
        end
        previous = current
    end
    return previous[#right + 1]
end

-- The one of `known` that differs from `name` in the fewest letters, or undefined when none is near.
function exports.nearestName(name, known)
    local nearest
    local smallest = math.min(LARGEST_DISTANCE + 1, #name)
    for ____, candidate in ipairs(known) do
        local distance = editDistance(
            string.lower(name),
            candidate
        )
        if distance < smallest then
            smallest = distance
            nearest = candidate
        end
    end
    return nearest
end
return exports
 end,

-- -------------------- src/settings/routing_keys.ts --------------------
["src.settings.routing_keys"] = function(...)
-- The routing keys: whose they are, by the label in their parameter's name or in the file of keys, and what can be one.
-- Knows no rule by which one is chosen.
local exports = {}
local ____alert = require("src.alerts.alert")
local DEFAULT_ROUTE = ____alert.DEFAULT_ROUTE
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local ____parameters = require("src.settings.parameters")
local ROUTING_KEY_PREFIX = ____parameters.ROUTING_KEY_PREFIX
-- An integration key: 32 letters and digits (PagerDuty's Events API v2, `routing_key`).
exports.ROUTING_KEY_LENGTH = 32
-- The labels that stand in the file for pdy_routing_key and pdy_fallback_routing_key.
exports.FILED_DEFAULT = "default"
exports.FILED_FALLBACK = "fallback"
-- The lines of the file that are no routing key's: they have the names of their parameters.
exports.FILED_API_KEY = "pdy_api_key"
exports.FILED_CENTREON_TOKEN = "centreon_api_token"
exports.FILED_CENTREON_PASSWORD = "centreon_api_password"

local function isOfApi(label)
    return label == exports.FILED_API_KEY or label == exports.FILED_CENTREON_TOKEN or label == exports.FILED_CENTREON_PASSWORD
end
-- A longer label is not shown: it may be a key that stands on the wrong side.
local LONGEST_SHOWN_LABEL = 24

-- Whether `key` can be a routing key.
function exports.isRoutingKey(key)
    return #key == exports.ROUTING_KEY_LENGTH and (string.match(key, "^%w+$")) ~= nil
end

-- Whether `key` can be one of a REST API: it goes into a header, and has no fixed form.
function exports.isApiKey(key)
    return (string.match(key, "^[!-~]+$")) ~= nil
end

-- The parameter that holds the key of this label.
function exports.keyParameter(label)
    if label == DEFAULT_ROUTE then
        return "pdy_routing_key"
    end
    return label == FALLBACK_ROUTE and "pdy_fallback_routing_key" or ROUTING_KEY_PREFIX .. label
end

-- What stands before a parameter's value, and what is expected of it.
local function complaintOf(parameter, key, consequence)
    return {
        isError = true,
        text = (((((parameter .. " has ") .. tostring(#key)) .. " characters: expected the ") .. tostring(exports.ROUTING_KEY_LENGTH)) .. " letters and digits of an Integration Key; ") .. consequence
    }
end

-- The routing keys: of the teams, by the label in their parameter's name; the default one, and the fallback. `filed` are
-- those of the file of keys.
function exports.routingKeysOf(defaultKey, fallback, parameters, filed, complaints)
    local keys = {[DEFAULT_ROUTE] = defaultKey}
    local labels = {}
    for name in pairs(parameters) do
        local label = string.match(name, ("^" .. ROUTING_KEY_PREFIX) .. "([%w_]+)$")
        -- In the file that label is the fallback key's; a parameter may call a team so.
        local isFiled = label ~= nil and label ~= exports.FILED_FALLBACK and filed[label] ~= nil
        if label == DEFAULT_ROUTE then
            complaints[#complaints + 1] = {isError = false, text = ("parameter " .. name) .. " is ignored: the default key is the one in pdy_routing_key"}
        elseif label ~= nil and not isFiled then
            labels[#labels + 1] = label
        end
    end
    table.sort(labels)
    for ____, label in ipairs(labels) do
        local key = string.match(
            tostring(parameters[ROUTING_KEY_PREFIX .. label]),
            "^%s*(.-)%s*$"
        )
        local bare = string.gsub(key or "", "^raw::", "")
        if exports.isRoutingKey(bare) then
            keys[label] = bare
        else
            complaints[#complaints + 1] = complaintOf(("parameter " .. ROUTING_KEY_PREFIX) .. label, bare, "what it is for goes to pdy_routing_key")
        end
    end
    for label, key in pairs(filed) do
        if label ~= exports.FILED_DEFAULT and label ~= exports.FILED_FALLBACK and not isOfApi(label) then
            keys[label] = key
        end
    end
    if exports.isRoutingKey(fallback) then
        keys[FALLBACK_ROUTE] = fallback
    elseif fallback ~= "" then
        complaints[#complaints + 1] = complaintOf("parameter pdy_fallback_routing_key", fallback, "the connector raises no alert about itself, and no alert of a key that is refused goes by it")
    end
    return keys
end

-- What is wrong with a line of the file, without a word of the key; a label and its key where nothing is.
local function readLine(line)
    local label, key = string.match(line, "^([^=]-)%s*=%s*(.*)$")
    if label == nil or key == nil then
        return "it has no \"=\": expected label = key"
    end
    if (string.match(label, "^[%w_]+$")) == nil then
        return "its label has other characters than letters, digits and _"
    end
    if label == exports.FILED_CENTREON_PASSWORD then
        return key == "" and "its password is empty" or ({label = label, key = key})
    end
    if isOfApi(label) then
        return exports.isApiKey(key) and ({label = label, key = key}) or "its key has spaces or other characters that no key has"
    end
    if (string.find(label, "pdy_", 1, true)) == 1 then
        return "its label is the name of a parameter: write default, fallback, pdy_api_key, centreon_api_token, centreon_api_password, or the name of a team"
    end
    local where = #label > LONGEST_SHOWN_LABEL and "" or (" (" .. label) .. ")"
    if exports.isRoutingKey(key) then
        return {label = label, key = key}
    end
    local state = #key == exports.ROUTING_KEY_LENGTH and "has other characters than letters and digits" or ("has " .. tostring(#key)) .. " characters"
    return ((((("its key" .. where) .. " ") .. state) .. ": expected the ") .. tostring(exports.ROUTING_KEY_LENGTH)) .. " letters and digits of an Integration Key"
end

-- The keys in the text of the file at `path`, by their labels. A line that cannot be used is a complaint, and left out.
function exports.readKeysFile(path, text, complaints)
    local keys = {}

    local function complain(line, problem)
        complaints[#complaints + 1] = {
            isError = true,
            text = string.format("pdy_keys_file %s, line %d: %s; the line is left out", path, line, problem)
        }
    end
    -- Some editors begin a file with a byte order mark.
    local bare = string.gsub(
        text,
        "^" .. string.char(239, 187, 191),
        ""
    )
    local number = 0
    for line in string.gmatch(bare .. "\n", "([^\n]*)\n") do
        number = number + 1
        -- A password may have a "#" in it.
        local isPassword = (string.match(line or "", ("^%s*" .. exports.FILED_CENTREON_PASSWORD) .. "%s*=")) ~= nil
        local uncommented = isPassword and (line or "") or (string.gsub(line or "", "#.*", ""))
        local content = string.match(uncommented, "^%s*(.-)%s*$")
        if content ~= nil and content ~= "" then
            local read = readLine(content)
            if type(read) == "string" then
                complain(number, read)
            elseif keys[read.label] ~= nil then
                complain(number, ("there is a line for " .. read.label) .. " already")
            else
                keys[read.label] = read.key
            end
        end
    end
    return keys
end
return exports
 end,

-- -------------------- src/settings/settings.ts --------------------
["src.settings.settings"] = function(...)
-- Turns what the broker hands to init into checked settings and complaints. Decides nothing else.
local exports = {}
local ____parameters = require("src.settings.parameters")
local ALIASES = ____parameters.ALIASES
local CHANGED = ____parameters.CHANGED
local OBSOLETE = ____parameters.OBSOLETE
local LARGEST_NUMBER = ____parameters.LARGEST_NUMBER
local PARAMETERS = ____parameters.PARAMETERS
local PLACEHOLDER_CENTREON_URL = ____parameters.PLACEHOLDER_CENTREON_URL
local ROUTING_KEY_PREFIX = ____parameters.ROUTING_KEY_PREFIX
local ____nearest_name = require("src.settings.nearest_name")
local nearestName = ____nearest_name.nearestName
local ____routing_keys = require("src.settings.routing_keys")
local FILED_API_KEY = ____routing_keys.FILED_API_KEY
local FILED_CENTREON_PASSWORD = ____routing_keys.FILED_CENTREON_PASSWORD
local FILED_CENTREON_TOKEN = ____routing_keys.FILED_CENTREON_TOKEN
local FILED_DEFAULT = ____routing_keys.FILED_DEFAULT
local FILED_FALLBACK = ____routing_keys.FILED_FALLBACK
local ROUTING_KEY_LENGTH = ____routing_keys.ROUTING_KEY_LENGTH
local isApiKey = ____routing_keys.isApiKey
local isRoutingKey = ____routing_keys.isRoutingKey
local readKeysFile = ____routing_keys.readKeysFile
local routingKeysOf = ____routing_keys.routingKeysOf
-- What a flag may be.
exports.FLAG_WORDS = {
    ["0"] = false,
    ["1"] = true,
    ["false"] = false,
    ["true"] = true,
    no = false,
    yes = true,
    off = false,
    on = true
}

local function trimmed(text)
    local inner = string.match(text, "^%s*(.-)%s*$")
    return inner or text
end

-- The definition of a parameter, with its optional limits.
local function definitionOf(name)
    return PARAMETERS[name]
end

-- "a whole number from 1 to 300 (s)".
local function expectedNumber(definition)
    local unit = definition.unit == nil and "" or (" (" .. definition.unit) .. ")"
    return string.format("a whole number from %d to %d%s", definition.minimum or 0, definition.maximum or LARGEST_NUMBER, unit)
end

local function readNumber(text, definition)
    local value = tonumber(text)
    if value == nil or math.floor(value) ~= value then
        return nil
    end
    return value >= (definition.minimum or 0) and value <= (definition.maximum or LARGEST_NUMBER) and value or nil
end

-- An address, its scheme in small letters; undefined when it is none. Without its scheme libcurl would take it for http,
-- and send the routing key in the clear.
local function readAddress(text)
    local scheme, rest = string.match(text, "^([Hh][Tt][Tt][Pp][Ss]?)(://[^%s/].*)$")
    local ____temp_0
    if scheme == nil or rest == nil then
        ____temp_0 = nil
    else
        ____temp_0 = string.lower(scheme) .. rest
    end
    return ____temp_0
end

-- The value of a number, flag, choice or address, or undefined when `text` is none of what it may be.
local function readLimited(text, definition)
    if definition.kind == "number" then
        return readNumber(text, definition)
    end
    if definition.kind == "url" then
        return readAddress(text)
    end
    local word = string.lower(text)
    if definition.kind == "flag" then
        return exports.FLAG_WORDS[word]
    end
    for ____, choice in ipairs(definition.choices or ({})) do
        if choice == word then
            return choice
        end
    end
    return nil
end

-- What a value may be, in words.
local function expectation(definition)
    if definition.kind == "number" then
        return expectedNumber(definition)
    end
    if definition.kind == "flag" then
        return "0 or 1"
    end
    if definition.kind == "url" then
        return "an address that begins with https:// (or http://)"
    end
    return "one of " .. table.concat(definition.choices or ({}), ", ")
end

-- What is shown of a value in a complaint: of an address not the user and password before the "@".
local function shown(text)
    local harmless = string.gsub(text, "^.*@", "***@")
    return ("\"" .. harmless) .. "\""
end

-- A parameter's text, trimmed. Centreon 25.10 writes passwords with "raw::" in front, and some brokers hand that on.
local function textOf(value)
    local text = string.gsub(
        trimmed(tostring(value)),
        "^raw::",
        ""
    )
    return text
end

-- The value for one parameter: what was given, or the default with a complaint when that cannot be used.
local function readParameter(name, given, complaints)
    local definition = definitionOf(name)
    local kind = definition.kind
    local fallback = definition.fallback
    local ____temp_1
    if kind == "flag" then
        ____temp_1 = fallback == 1
    else
        ____temp_1 = fallback
    end
    local usable = ____temp_1
    if given == nil then
        return usable
    end
    local text = textOf(given)
    if kind == "text" or kind == "secret" or kind == "path" then
        return text
    end
    if text == "" then
        return usable
    end
    local value = readLimited(text, definition)
    if value ~= nil then
        return value
    end
    local words = definition.isSecret == true and "not what it must be" or shown(text)
    local instead = fallback == "" and "it counts as not set" or tostring(fallback) .. " is used instead"
    complaints[#complaints + 1] = {
        isError = true,
        text = (((((("parameter " .. name) .. " is ") .. words) .. ": expected ") .. expectation(definition)) .. "; ") .. instead
    }
    return usable
end

-- The names of the parameter table, sorted: complaints come in the same order on every run.
local function knownNames()
    local names = {}
    for name in pairs(PARAMETERS) do
        names[#names + 1] = name
    end
    table.sort(names)
    return names
end

-- The parameters by our names. One given under both names has the value of ours.
local function withoutAliases(parameters)
    local given = {}
    for name, value in pairs(parameters) do
        local ours = ALIASES[name]
        if ours == nil then
            given[name] = value
        elseif parameters[ours] == nil then
            given[ours] = value
        end
    end
    return given
end

local function complainOfUnknownNames(parameters, known, complaints)
    local unknown = {}
    local obsolete = {}
    for name in pairs(parameters) do
        local isRoutingKeyOfTeam = (string.match(name, ("^" .. ROUTING_KEY_PREFIX) .. "[%w_]+$")) ~= nil
        if OBSOLETE[name] ~= nil then
            obsolete[#obsolete + 1] = name
        elseif not (PARAMETERS[name] ~= nil) and ALIASES[name] == nil and not isRoutingKeyOfTeam then
            unknown[#unknown + 1] = name
        end
    end
    table.sort(obsolete)
    for ____, name in ipairs(obsolete) do
        complaints[#complaints + 1] = {
            isError = false,
            text = (("parameter " .. name) .. " does nothing here: ") .. tostring(OBSOLETE[name])
        }
    end
    table.sort(unknown)
    for ____, name in ipairs(unknown) do
        local near = nearestName(name, known)
        local hint = near == nil and "see docs/parameters.md for the known ones" or ("did you mean " .. near) .. "?"
        complaints[#complaints + 1] = {isError = false, text = (("parameter " .. name) .. " is unknown and ignored: ") .. hint}
    end
end

-- Says of each value with which a predecessor did something else what it does here.
local function complainOfChanges(given, names, complaints)
    for ____, name in ipairs(names) do
        local change = CHANGED[name]
        local value = given[name]
        if change ~= nil and value ~= nil then
            local text = textOf(value)
            if readLimited(
                text,
                definitionOf(name)
            ) == change.value then
                complaints[#complaints + 1] = {
                    isError = false,
                    text = (((("parameter " .. name) .. " is ") .. shown(text)) .. ": ") .. change.text
                }
            end
        end
    end
end
-- What is written to one file under two names destroys itself. The most precious first.
local WRITTEN = {
    "state_path",
    "quarantine_path",
    "record_path",
    "log_path",
    "status_path"
}

local function keepFilesApart(settings, complaints)
    local owners = {}
    for ____, name in ipairs(WRITTEN) do
        local path = settings[name]
        local owner = owners[path]
        if owner == nil then
            owners[path] = name
        elseif path ~= "" then
            settings[name] = ""
            complaints[#complaints + 1] = {isError = true, text = ((((((("parameter " .. name) .. " is \"") .. path) .. "\", and so is ") .. owner) .. ": give each a file of its own; ") .. name) .. " counts as not set"}
        end
    end
end

-- The keys in the file that pdy_keys_file names; without one, or where it cannot be read, those of the parameters hold.
local function filedKeys(path, readFile, complaints)
    if path == "" then
        return {}
    end
    local text, problem = readFile(path)
    if text ~= nil then
        return readKeysFile(path, text, complaints)
    end
    complaints[#complaints + 1] = {isError = true, text = ("pdy_keys_file cannot be read: " .. problem) .. ": correct the path, or let the broker's user read it; the keys of the parameters are used instead"}
    return {}
end

-- Says what is missing where Centreon's API is named and cannot be told anything.
local function complainOfCentreonApi(settings, complaints)
    local ____settings_2 = settings
    local url = ____settings_2.centreon_api_url
    local token = ____settings_2.centreon_api_token
    local ____settings_3 = settings
    local user = ____settings_3.centreon_api_user
    local password = ____settings_3.centreon_api_password
    local hasUser = user ~= "" or password ~= ""
    if url == "" and token == "" and not hasUser then
        return
    end
    if token ~= "" and hasUser then
        complaints[#complaints + 1] = {isError = false, text = "parameters centreon_api_user and centreon_api_password are not used, since centreon_api_token is set: leave out the one or the others"}
    end
    local problem
    if url == "" then
        problem = "centreon_api_url is not set: expected Centreon's address with its path, such as https://centreon.example.com/centreon"
    elseif token == "" and not hasUser then
        problem = "centreon_api_token is not set: expected a token of Centreon's API, or centreon_api_user and centreon_api_password"
    elseif token == "" and user == "" then
        problem = "centreon_api_user is not set, which centreon_api_password needs: expected a login of Centreon"
    elseif token == "" and password == "" then
        problem = "centreon_api_password is not set, which centreon_api_user needs: expected the password of that user"
    elseif token ~= "" and not isApiKey(token) then
        problem = "centreon_api_token has spaces or other characters that no token has: expected one of Centreon's API"
        settings.centreon_api_token = ""
        settings.centreon_api_user = ""
    elseif settings.pdy_api_key == "" then
        problem = "pdy_api_key is not set, which centreon_api_url needs: expected a key of PagerDuty's REST API"
    end
    if problem == nil then
        return
    end
    complaints[#complaints + 1] = {isError = false, text = ("parameter " .. problem) .. "; Centreon is not told who acknowledges in PagerDuty"}
end

-- Checks `parameters`, what the broker gave to init: strings, or integers for number parameters. A value that
-- cannot be used is replaced by the default, with a complaint; nothing here fails.
function exports.readSettings(parameters, readFile)
    local complaints = {}
    local values = {}
    local names = knownNames()
    local given = withoutAliases(parameters)
    for ____, name in ipairs(names) do
        values[name] = readParameter(name, given[name], complaints)
    end
    local settings = values
    complainOfUnknownNames(parameters, names, complaints)
    complainOfChanges(given, names, complaints)
    keepFilesApart(settings, complaints)
    local filed = filedKeys(settings.pdy_keys_file, readFile, complaints)
    if filed[FILED_DEFAULT] ~= nil then
        settings.pdy_routing_key = filed[FILED_DEFAULT]
    end
    if filed[FILED_FALLBACK] ~= nil then
        settings.pdy_fallback_routing_key = filed[FILED_FALLBACK]
    end
    if filed[FILED_API_KEY] ~= nil then
        settings.pdy_api_key = filed[FILED_API_KEY]
    end
    if settings.pdy_api_key ~= "" and not isApiKey(settings.pdy_api_key) then
        settings.pdy_api_key = ""
        complaints[#complaints + 1] = {isError = true, text = "parameter pdy_api_key has spaces or other characters that no key has: expected the key that PagerDuty shows under Integrations > API Access Keys; what people do in PagerDuty is not asked for"}
    end
    if filed[FILED_CENTREON_TOKEN] ~= nil then
        settings.centreon_api_token = filed[FILED_CENTREON_TOKEN]
    end
    if filed[FILED_CENTREON_PASSWORD] ~= nil then
        settings.centreon_api_password = filed[FILED_CENTREON_PASSWORD]
    end
    complainOfCentreonApi(settings, complaints)
    local key = settings.pdy_routing_key
    local canSend = isRoutingKey(key)
    if not canSend then
        local length = key == "" and "is missing" or ("has " .. tostring(#key)) .. " characters"
        local state = #key == ROUTING_KEY_LENGTH and "has other characters than letters and digits" or length
        local beside = settings.pdy_keys_file == "" and "" or ", and pdy_keys_file has no usable line for " .. FILED_DEFAULT
        complaints[#complaints + 1] = {
            isError = true,
            text = ((((("parameter pdy_routing_key " .. state) .. beside) .. ": expected the ") .. tostring(ROUTING_KEY_LENGTH)) .. " letters and digits of the ") .. "Integration Key that PagerDuty shows under Services > your service > Integrations; NOTHING IS SENT until it is set"
        }
    end
    if settings.pdy_centreon_url == "" or settings.pdy_centreon_url == PLACEHOLDER_CENTREON_URL then
        settings.pdy_centreon_url = ""
        complaints[#complaints + 1] = {isError = false, text = "parameter pdy_centreon_url is not set: alerts carry no link to Centreon"}
    end
    if not settings.verify_certificate or settings.allow_insecure_connection then
        complaints[#complaints + 1] = {isError = false, text = "certificates are NOT verified (verify_certificate, allow_insecure_connection): anybody between here and PagerDuty can read the routing key"}
    end
    if settings.send_data_test then
        complaints[#complaints + 1] = {isError = false, text = "parameter send_data_test is 1: NOTHING IS SENT to PagerDuty; what would be sent is written to the log at log_level 2, and taken for accepted"}
    end
    return {
        settings = settings,
        routingKeys = routingKeysOf(
            settings.pdy_routing_key,
            settings.pdy_fallback_routing_key,
            parameters,
            filed,
            complaints
        ),
        complaints = complaints,
        canSend = canSend
    }
end
return exports
 end,

-- -------------------- src/settings/endpoint.ts --------------------
["src.settings.endpoint"] = function(...)
-- Where to send and how to get there, from the parameters that say it in more than one way.
local exports = {}
local ____url = require("src.text.url")
local urlEncode = ____url.urlEncode
local ____parameters = require("src.settings.parameters")
local DEFAULT_SERVER_URL = ____parameters.DEFAULT_SERVER_URL
-- The hosts of PagerDuty's Events API v2, by the service regions of accounts.
local US_HOST = "events.pagerduty.com"
local EU_HOST = "events.eu.pagerduty.com"
local EU_SERVER_URL = ("https://" .. EU_HOST) .. "/v2/enqueue"

-- The address to post to: http_server_url when it was set, else that of pdy_region.
function exports.serverUrl(settings)
    local isSet = settings.http_server_url ~= "" and settings.http_server_url ~= DEFAULT_SERVER_URL
    if isSet then
        return settings.http_server_url
    end
    return settings.pdy_region == "eu" and EU_SERVER_URL or DEFAULT_SERVER_URL
end

-- The address to post change events to, beside `serverUrl`; undefined when that one does not show where it is.
function exports.changeServerUrl(settings)
    local base = string.match(
        exports.serverUrl(settings),
        "^(.*)/enqueue$"
    )
    local ____temp_0
    if base == nil then
        ____temp_0 = nil
    else
        ____temp_0 = base .. "/change/enqueue"
    end
    return ____temp_0
end

-- The address of PagerDuty's REST API: pdy_api_url, else that of the region which events go to.
function exports.restApiUrl(settings)
    if settings.pdy_api_url ~= "" then
        return settings.pdy_api_url
    end
    local host = string.match(
        exports.serverUrl(settings),
        "^%w+://([^/:?#]*)"
    )
    local isElsewhere = host ~= US_HOST and host ~= EU_HOST
    -- Of a gateway's address nobody can tell.
    local ____isElsewhere_1
    if isElsewhere then
        ____isElsewhere_1 = settings.pdy_region == "eu"
    else
        ____isElsewhere_1 = host == EU_HOST
    end
    local isEurope = ____isElsewhere_1
    return isEurope and "https://api.eu.pagerduty.com" or "https://api.pagerduty.com"
end

-- Who tells Centreon: a token goes before a user, since it needs no log-in. Undefined: nobody.
function exports.centreonAccountOf(settings)
    local ____settings_2 = settings
    local token = ____settings_2.centreon_api_token
    local user = ____settings_2.centreon_api_user
    local password = ____settings_2.centreon_api_password
    if token ~= "" then
        return {kind = "token", token = token}
    end
    local ____temp_3
    if user == "" or password == "" then
        ____temp_3 = nil
    else
        ____temp_3 = {kind = "log-in", user = user, password = password}
    end
    return ____temp_3
end

-- The proxy to use: http_proxy_string when it is set, else that of the proxy_* parameters.
function exports.proxyOf(settings)
    if settings.http_proxy_string ~= "" then
        return {url = settings.http_proxy_string, credentials = ""}
    end
    if settings.proxy_address == "" then
        return {url = "", credentials = ""}
    end
    local url = string.format("%s://%s:%d", settings.proxy_protocol, settings.proxy_address, settings.proxy_port)
    if settings.proxy_username == "" then
        return {url = url, credentials = ""}
    end
    return {
        url = url,
        credentials = (urlEncode(settings.proxy_username) .. ":") .. urlEncode(settings.proxy_password)
    }
end

-- Everything that the parameters say of the way to PagerDuty, or to `url` in its place, as the transport takes it.
function exports.endpointOf(settings, url)
    if url == nil then
        url = exports.serverUrl(settings)
    end
    return {
        url = url,
        proxy = exports.proxyOf(settings),
        noProxy = settings.no_proxy,
        timeout = settings.http_timeout,
        connectTimeout = settings.http_connect_timeout,
        caFile = settings.http_ca_file,
        caPath = settings.http_ca_path,
        clientCertificate = settings.http_client_certificate,
        clientKey = settings.http_client_key,
        clientKeyPassword = settings.http_client_key_password,
        verifiesCertificate = settings.verify_certificate and not settings.allow_insecure_connection,
        maximumParallel = settings.max_parallel_requests
    }
end

-- The password in an address such as `http://user:password@host`; empty: none.
local function passwordIn(url)
    local withoutScheme = string.gsub(url, "^%w+://", "")
    local password = string.match(withoutScheme, "^[^:]*:(.*)@[^@]*$")
    return password or ""
end

-- What of an address is beyond its host: the user before it, and the path with all that follows. Empty: nothing.
local function beyondHost(url)
    local authority, rest = string.match(url, "^%w+://([^/?#]*)(.*)$")
    local user = string.match(authority or "", "^(.*)@")
    return {user or "", rest == "/" and "" or (rest or "")}
end

-- Texts that must never be logged: the routing keys, those of the REST APIs, the passwords, and what makes heartbeat_url one's own; as they are,
-- percent-decoded and -encoded.
function exports.secretsOf(settings, routingKeys)
    local secrets = {}
    local candidates = {
        settings.pdy_routing_key,
        settings.proxy_password,
        settings.http_client_key_password,
        passwordIn(settings.http_proxy_string),
        passwordIn(settings.http_server_url),
        settings.pdy_api_key,
        passwordIn(settings.pdy_api_url),
        settings.centreon_api_token,
        settings.centreon_api_password,
        passwordIn(settings.centreon_api_url)
    }
    for ____, part in ipairs(beyondHost(settings.heartbeat_url)) do
        candidates[#candidates + 1] = part
    end
    for ____, key in pairs(routingKeys) do
        if key ~= settings.pdy_routing_key then
            candidates[#candidates + 1] = key
        end
    end
    for ____, candidate in ipairs(candidates) do
        if candidate ~= "" then
            local decoded = string.gsub(
                candidate,
                "%%(%x%x)",
                function(digits) return string.char(tonumber(digits, 16) or 0) end
            )
            secrets[#secrets + 1] = candidate
            secrets[#secrets + 1] = decoded
            secrets[#secrets + 1] = urlEncode(candidate)
        end
    end
    return secrets
end
return exports
 end,

-- -------------------- src/delivery/transport.ts --------------------
["src.delivery.transport"] = function(...)
-- HTTPS to PagerDuty over kept-alive connections, several at once and never waiting unless asked to; beside that, another
-- server's address can be fetched, and its REST API be read, and Centreon's be told something. The only user of lua-curl (Lua-cURLv3). Knows no alerts: a
-- transfer carries a token of its owner's.
local exports = {}
-- Most bytes of an answer that are kept: PagerDuty's, and those that Centreon's API gives us, have a few hundred.
local MAXIMUM_ANSWER_BYTES = 65536
-- Most bytes of a page that is read: a hundred incidents have some 500 KB (measured with what PagerDuty documents of each),
-- and fifty alerts with all that we tell of them may have several times that.
local MAXIMUM_PAGE_BYTES = 8388608
-- Seconds that reading a page may take: nobody waits for it, and PagerDuty takes seconds for a full one.
local PAGE_TIMEOUT = 30
-- Seconds that telling another server something may take: nobody waits for it.
local TELLING_TIMEOUT = 30
-- libcurl's errors after which no byte of the request can have left: resolving, connecting, TLS. The numbers are
-- libcurl's own (https://curl.se/libcurl/c/libcurl-errors.html); lua-curl does not name all of them in each version.
local NOTHING_SENT = {
    [1] = true,
    [3] = true,
    [5] = true,
    [6] = true,
    [7] = true,
    [35] = true,
    [53] = true,
    [54] = true,
    [58] = true,
    [59] = true,
    [60] = true,
    [66] = true,
    [77] = true,
    [83] = true,
    [97] = true
}

-- Applies options that an older libcurl or lua-curl may not have: without them things are slower, not wrong.
local function setIfSupported(easy, options)
    pcall(function() return easy:setopt(options) end)
end

-- Sets what every connection needs, whoever is at its end.
local function setWayOptions(curl, easy, settings)
    easy:setopt({
        url = settings.url,
        timeout_ms = settings.timeout * 1000,
        connecttimeout_ms = settings.connectTimeout * 1000,
        nosignal = true,
        followlocation = false,
        ssl_verifypeer = settings.verifiesCertificate,
        ssl_verifyhost = settings.verifiesCertificate and 2 or 0
    })
    -- Also when they are empty: else libcurl takes over the proxy that the environment names, and who goes past it.
    easy:setopt({proxy = settings.proxy.url, noproxy = settings.noProxy})
    if settings.proxy.credentials ~= "" then
        easy:setopt({proxyuserpwd = settings.proxy.credentials})
    end
    if settings.caFile ~= "" then
        easy:setopt({cainfo = settings.caFile})
    end
    if settings.caPath ~= "" then
        easy:setopt({capath = settings.caPath})
    end
    setIfSupported(easy, {tcp_keepalive = true})
    setIfSupported(easy, {protocols = curl.PROTO_HTTP + curl.PROTO_HTTPS})
    -- One connection for all where the server speaks HTTP/2; the first handshake tells.
    if (string.match(settings.url, "^https:")) ~= nil then
        setIfSupported(easy, {http_version = curl.HTTP_VERSION_2TLS})
        setIfSupported(easy, {pipewait = true})
    end
end

-- Sets what every connection to the endpoint needs, whatever is sent over it. Raises when libcurl refuses a setting.
function exports.setEndpointOptions(curl, easy, settings)
    setWayOptions(curl, easy, settings)
    if settings.clientCertificate ~= "" then
        -- Always with a password: without one OpenSSL asks for it on standard input, and blocks the broker.
        easy:setopt({sslcert = settings.clientCertificate, keypasswd = settings.clientKeyPassword})
    end
    if settings.clientKey ~= "" then
        easy:setopt({sslkey = settings.clientKey})
    end
end

-- An error in libcurl's words. They name the server even where it means the proxy: that there is one is added.
function exports.problemText(problem, settings)
    local proxyNote = settings.proxy.url == "" and "" or "; a proxy is set"
    return (((problem:msg() .. " (") .. problem:name()) .. proxyNote) .. ")"
end

-- A transport that uses `curl`, the lua-curl module. Raises when libcurl refuses the settings themselves.
function exports.createTransport(curl, settings)
    local multi = curl.multi()
    multi:setopt({maxconnects = settings.maximumParallel})
    local idle = {}
    local active = {}
    local failedAtStart = {}
    local running = 0
    -- Only a connection that was used before can die under a request that libcurl then repeats by itself.
    local hasConnectedBefore = false

    local function createTransfer()
        local easy = curl.easy()
        local transfer = {
            easy = easy,
            token = nil,
            answer = {},
            answerBytes = 0,
            retryAfter = nil
        }
        exports.setEndpointOptions(curl, easy, settings)
        easy:setopt({
            post = true,
            httpheader = {"Content-Type: application/json", "Accept: application/json", "Expect:"},
            writefunction = function(chunk)
                transfer.answerBytes = transfer.answerBytes + #chunk
                if transfer.answerBytes > MAXIMUM_ANSWER_BYTES then
                    return 0
                end
                local ____transfer_answer_0 = transfer.answer
                ____transfer_answer_0[#____transfer_answer_0 + 1] = chunk
                return true
            end,
            headerfunction = function(line)
                local value = string.match(
                    string.lower(line),
                    "^retry%-after:%s*(.*%S)"
                )
                if value ~= nil then
                    transfer.retryAfter = value
                end
                return true
            end
        })
        return transfer
    end
    -- What is under way beside the events, and who is told of its end.
    local visits = {}
    local visiting = 0

    local function visit(easy, url, ended)
        easy:setopt_url(url)
        multi:add_handle(easy)
        visits[easy] = ended
        visiting = visiting + 1
    end
    local fetcher

    local function createFetcher()
        local easy = curl.easy()
        setWayOptions(curl, easy, settings)
        easy:setopt({
            forbid_reuse = true,
            writefunction = function() return 0 end
        })
        return easy
    end

    local function endFetch(easy, problem, ended)
        local status = math.floor(easy:getinfo_response_code())
        if status >= 200 and status < 300 then
            ended(nil)
        elseif status > 0 or problem == nil then
            ended(string.format("HTTP %d", status))
        else
            ended(exports.problemText(problem, settings))
        end
    end
    local teller
    local told = {}
    local toldBytes = 0

    local function createTeller()
        local easy = curl.easy()
        setWayOptions(curl, easy, settings)
        easy:setopt({
            proxy = "",
            timeout_ms = TELLING_TIMEOUT * 1000,
            post = true,
            forbid_reuse = true,
            writefunction = function(chunk)
                toldBytes = toldBytes + #chunk
                if toldBytes > MAXIMUM_ANSWER_BYTES then
                    return 0
                end
                told[#told + 1] = chunk
                return true
            end
        })
        return easy
    end
    local page = {}
    local pageBytes = 0
    local pageRetryAfter
    local reader

    local function createReader()
        local easy = curl.easy()
        exports.setEndpointOptions(curl, easy, settings)
        setIfSupported(easy, {accept_encoding = ""})
        easy:setopt({
            timeout_ms = PAGE_TIMEOUT * 1000,
            writefunction = function(chunk)
                pageBytes = pageBytes + #chunk
                if pageBytes > MAXIMUM_PAGE_BYTES then
                    return 0
                end
                page[#page + 1] = chunk
                return true
            end,
            headerfunction = function(line)
                local lower = string.lower(line)
                local seconds = string.match(lower, "^ratelimit%-reset:%s*(%d+)")
                local after = string.match(lower, "^retry%-after:%s*(%d+)")
                pageRetryAfter = tonumber(seconds or after) or pageRetryAfter
                return true
            end
        })
        return easy
    end

    local function endGet(easy, problem, ended)
        local body = table.concat(page)
        page = {}
        local status = math.floor(easy:getinfo_response_code())
        if problem == nil then
            ended({kind = "answered", status = status, body = body, retryAfter = pageRetryAfter})
        elseif pageBytes > MAXIMUM_PAGE_BYTES then
            ended({
                kind = "failed",
                reason = string.format("its answer has more than %d bytes", MAXIMUM_PAGE_BYTES)
            })
        else
            ended({
                kind = "failed",
                reason = exports.problemText(problem, settings)
            })
        end
    end

    local function mayHaveArrived(easy, code)
        -- A proxy that refused to connect sent nothing on, unless this was libcurl's second try.
        if not hasConnectedBefore and easy:getinfo_http_connectcode() >= 300 then
            return false
        end
        -- A reused connection that died is followed by a new one: its failure says nothing of the first try.
        return NOTHING_SENT[code] ~= true or easy:getinfo_request_size() > 0
    end

    local function outcomeOf(transfer, problem)
        local ____transfer_1 = transfer
        local easy = ____transfer_1.easy
        local status = math.floor(easy:getinfo_response_code())
        -- An answer that breaks off after its status line still says no: a gateway need not read what it refuses.
        if problem ~= nil and status < 300 then
            local errorNumber = problem:no()
            return {
                kind = "failed",
                reason = exports.problemText(problem, settings),
                errorNumber = errorNumber,
                proxyStatus = math.floor(easy:getinfo_http_connectcode()),
                mayHaveArrived = mayHaveArrived(easy, errorNumber)
            }
        end
        hasConnectedBefore = true
        return {
            kind = "answered",
            status = status,
            body = table.concat(transfer.answer),
            retryAfter = transfer.retryAfter,
            openedConnection = easy:getinfo_num_connects() > 0
        }
    end
    return {
        maximumParallel = settings.maximumParallel,
        running = function() return running end,
        start = function(token, body, url)
            if url == nil then
                url = settings.url
            end
            local isStarted, problem = pcall(function()
                local transfer = table.remove(idle) or createTransfer()
                transfer.token = token
                transfer.answer = {}
                transfer.answerBytes = 0
                transfer.retryAfter = nil
                transfer.easy:setopt_url(url)
                transfer.easy:setopt_postfields(body)
                multi:add_handle(transfer.easy)
                active[transfer.easy] = transfer
                running = running + 1
            end)
            if isStarted then
                return
            end
            failedAtStart[#failedAtStart + 1] = {
                token = token,
                outcome = {
                    kind = "failed",
                    reason = tostring(problem),
                    errorNumber = 0,
                    proxyStatus = 0,
                    mayHaveArrived = false
                }
            }
        end,
        fetch = function(url, ended)
            local isStarted, problem = pcall(function()
                local easy = fetcher or createFetcher()
                fetcher = easy
                visit(
                    easy,
                    url,
                    function(problemOfIt)
                        endFetch(easy, problemOfIt, ended)
                    end
                )
            end)
            if not isStarted then
                ended(tostring(problem))
            end
        end,
        get = function(url, headers, ended)
            local isStarted, problem = pcall(function()
                local easy = reader or createReader()
                reader = easy
                page = {}
                pageBytes = 0
                pageRetryAfter = nil
                easy:setopt_httpheader(headers)
                visit(
                    easy,
                    url,
                    function(problemOfIt)
                        endGet(easy, problemOfIt, ended)
                    end
                )
            end)
            if not isStarted then
                ended({
                    kind = "failed",
                    reason = tostring(problem)
                })
            end
        end,
        send = function(____bindingPattern0, ended)
            local body
            local headers
            local url
            local method
            method = ____bindingPattern0.method
            url = ____bindingPattern0.url
            headers = ____bindingPattern0.headers
            body = ____bindingPattern0.body
            local isStarted, problem = pcall(function()
                local easy = teller or createTeller()
                teller = easy
                told = {}
                toldBytes = 0
                easy:setopt({customrequest = method, httpheader = headers, postfields = body})
                visit(
                    easy,
                    url,
                    function(problemOfIt)
                        local text = table.concat(told)
                        -- Of what is too long the status still says what it is.
                        if problemOfIt == nil or toldBytes > MAXIMUM_ANSWER_BYTES then
                            ended(
                                math.floor(easy:getinfo_response_code()),
                                text
                            )
                        else
                            ended(
                                ((problemOfIt:msg() .. " (") .. problemOfIt:name()) .. ")",
                                text
                            )
                        end
                    end
                )
            end)
            if not isStarted then
                ended(
                    tostring(problem),
                    ""
                )
            end
        end,
        poll = function()
            local finished = {}
            while true do
                local failed = table.remove(failedAtStart)
                if failed == nil then
                    break
                end
                finished[#finished + 1] = failed
            end
            if running == 0 and visiting == 0 then
                return finished
            end
            multi:perform()
            while true do
                local easy, ____, problem = multi:info_read()
                if type(easy) == "number" then
                    return finished
                end
                local transfer = active[easy]
                multi:remove_handle(easy)
                active[easy] = nil
                if transfer == nil then
                    local ended = visits[easy]
                    visits[easy] = nil
                    visiting = visiting - 1
                    if ended ~= nil then
                        ended(problem)
                    end
                else
                    running = running - 1
                    local token = transfer.token
                    finished[#finished + 1] = {
                        token = token,
                        outcome = outcomeOf(transfer, problem)
                    }
                    transfer.token = nil
                    idle[#idle + 1] = transfer
                end
            end
        end,
        wait = function(milliseconds)
            if running > 0 or visiting > 0 then
                multi:wait(milliseconds)
            end
        end
    }
end
return exports
 end,

-- -------------------- src/feedback/rest_api.ts --------------------
["src.feedback.rest_api"] = function(...)
-- Asks PagerDuty's REST API, one request after the other: pages of lists, single records, and what an answer other than
-- theirs means. What comes is read a piece at a time, so that nobody is held up. Knows no alerts, and does not wait.
local exports = {}
local ____json = require("src.text.json")
local decodeInPieces = ____json.decodeInPieces
local ____url = require("src.text.url")
local urlEncode = ____url.urlEncode
-- PagerDuty's own limits of a page, and of where one may begin.
exports.LARGEST_PAGE = 100
local FURTHEST = 10000
local NOT_FOUND = 404
local REMEDIES = {[401] = "check pdy_api_key: PagerDuty shows it under Integrations > API Access Keys; a read-only one is enough", [402] = "the REST API is not in your account's plan: leave pdy_api_key out", [403] = "the key in pdy_api_key may not read this: give it read access to incidents, services and on-calls"}

local function failed(reason, remedy, retryAfter)
    return {kind = "failed", reason = reason, remedy = remedy, retryAfter = retryAfter}
end

-- Why an answer is none that can be read; undefined: it can.
local function troubleOf(outcome)
    if outcome.kind == "failed" then
        return failed(outcome.reason)
    end
    local ____outcome_0 = outcome
    local status = ____outcome_0.status
    local retryAfter = ____outcome_0.retryAfter
    if status == 200 then
        return nil
    end
    if status == NOT_FOUND then
        return {kind = "not found"}
    end
    return failed(
        string.format("HTTP %d", status),
        REMEDIES[status],
        retryAfter
    )
end

local function textOfQuery(query)
    local parts = {}
    for ____, ____value in ipairs(query) do
        local name = ____value[1]
        local value = ____value[2]
        parts[#parts + 1] = (urlEncode(name) .. "=") .. urlEncode(value)
    end
    return table.concat(parts, "&")
end
local NOT_PAGERDUTY = failed("what answers there is not PagerDuty's REST API", "check pdy_api_url: for accounts of the service region EU it is https://api.eu.pagerduty.com")

-- The REST API at `url`; `get` begins a GET whose end comes within some later call.
function exports.createRestApi(url, key, get)
    local base = string.gsub(url, "/+$", "")
    local headers = {"Authorization: Token token=" .. key, "Accept: application/vnd.pagerduty+json;version=2", "Content-Type: application/json"}
    local left = 0
    local isAsking = false
    -- Reads on in what has come. Ends are told of here, never within the transport's turn.
    local read

    -- Asks for an address, and gives the one object that comes, but for the items of its lists.
    local function ask(path, takeItem, ended)
        if left == 0 then
            ended({}, {kind = "too much"})
            return
        end
        left = left - 1
        isAsking = true
        get(
            base .. path,
            headers,
            function(outcome)
                isAsking = false
                local trouble = troubleOf(outcome)
                local readOn = decodeInPieces(outcome.kind == "answered" and outcome.body or "", takeItem)
                read = function(bytes)
                    local ____temp_1
                    if trouble == nil then
                        ____temp_1 = readOn(bytes)
                    else
                        ____temp_1 = nil
                    end
                    local result = ____temp_1
                    if trouble == nil and result == nil then
                        return
                    end
                    read = nil
                    local ____temp_4
                    if (result and result.ok) == true then
                        ____temp_4 = result.value
                    else
                        ____temp_4 = nil
                    end
                    local object = ____temp_4
                    if trouble ~= nil then
                        ended({}, trouble)
                    elseif type(object) ~= "table" then
                        ended({}, NOT_PAGERDUTY)
                    else
                        ended(object, nil)
                    end
                end
            end
        )
    end

    local function list(path, name, query, take, ended, pageSize)
        if pageSize == nil then
            pageSize = exports.LARGEST_PAGE
        end
        local askFrom
        askFrom = function(offset)
            local paged = {
                {
                    "limit",
                    string.format("%d", pageSize)
                },
                {
                    "offset",
                    string.format("%d", offset)
                }
            }
            for ____, one in ipairs(query) do
                paged[#paged + 1] = one
            end

            local function takeItem(listName, item)
                if listName == name then
                    take(item)
                end
            end
            ask(
                (path .. "?") .. textOfQuery(paged),
                takeItem,
                function(object, trouble)
                    local next = offset + pageSize
                    if trouble ~= nil then
                        ended(trouble)
                    elseif type(object[name]) ~= "table" then
                        ended(NOT_PAGERDUTY)
                    elseif object.more ~= true then
                        ended(nil)
                    elseif next + pageSize > FURTHEST then
                        ended({kind = "too much"})
                    else
                        askFrom(next)
                    end
                end
            )
        end
        askFrom(0)
    end
    return {
        begin = function(requests)
            left = requests
        end,
        list = list,
        one = function(path, name, take, ended)
            ask(
                path,
                function() return nil end,
                function(object, trouble)
                    if trouble == nil then
                        take(object[name])
                    end
                    ended(trouble)
                end
            )
        end,
        turn = function(bytes)
            if read ~= nil then
                read(bytes)
            end
            return read ~= nil
        end,
        isUnderWay = function() return isAsking or read ~= nil end
    }
end
return exports
 end,

-- -------------------- src/feedback/queries.ts --------------------
["src.feedback.queries"] = function(...)
-- What PagerDuty's REST API is asked for, by the connector and by commands: services, open incidents, who is on call. Gives it
-- as it is read; what follows, and how it is shown, is theirs to say.
local exports = {}
local ____answers = require("src.feedback.answers")
local readIncident = ____answers.readIncident
local readOnCall = ____answers.readOnCall
local readService = ____answers.readService

-- Gives all services that the key sees, with the routing keys that lead to them.
function exports.listServices(api, take, ended)
    api.list(
        "/services",
        "services",
        {{"include[]", "integrations"}},
        function(item)
            local service = readService(item)
            if service ~= nil then
                take(service)
            end
        end,
        ended
    )
end

-- For the open incidents of these services; for all that the key sees where there are none.
local function openIncidentsQuery(serviceIds)
    local query = {{"statuses[]", "triggered"}, {"statuses[]", "acknowledged"}, {"date_range", "all"}, {"sort_by", "incident_number:asc"}}
    for ____, id in ipairs(serviceIds) do
        query[#query + 1] = {"service_ids[]", id}
    end
    return query
end

-- Gives the open incidents of these services; of all that the key sees where there are none.
function exports.listOpenIncidents(api, serviceIds, take, ended)
    api.list(
        "/incidents",
        "incidents",
        openIncidentsQuery(serviceIds),
        function(item)
            local incident = readIncident(item)
            if incident ~= nil then
                take(incident)
            end
        end,
        ended
    )
end

-- Gives who is on call now for these escalation policies, and until when: at each level whoever is first.
function exports.listOnCalls(api, escalationPolicyIds, take, ended)
    local query = {{"earliest", "true"}}
    for ____, id in ipairs(escalationPolicyIds) do
        query[#query + 1] = {"escalation_policy_ids[]", id}
    end
    api.list(
        "/oncalls",
        "oncalls",
        query,
        function(item)
            local onCall = readOnCall(item)
            if onCall ~= nil then
                take(onCall)
            end
        end,
        ended
    )
end
return exports
 end,

-- -------------------- src/feedback/round.ts --------------------
["src.feedback.round"] = function(...)
-- One round of asking PagerDuty what became of our alerts: the open incidents of our services, the alerts in those that
-- have several, and by its id what was seen open and is open no more. Gives what was found, key by key; what that means
-- for an alert is compare.ts'. Absence from a list is never taken for an end.
local exports = {}
local ____answers = require("src.feedback.answers")
local readAlert = ____answers.readAlert
local readIncident = ____answers.readIncident
local ____queries = require("src.feedback.queries")
local listOpenIncidents = ____queries.listOpenIncidents
-- Alerts have all that we tell of them, unlike incidents: pages are smaller.
local ALERTS_PAGE = 50
-- Most incidents that were merged into one another, one after the other.
local MOST_MERGES = 5

-- Begins a round.
function exports.startRound(serviceIds, known, ports)
    local readOn
    local ____ports_0 = ports
    local api = ____ports_0.api
    local findings = {open = {}, ended = {}}
    local incidents = {}
    -- Incidents whose alerts are to be asked for.
    local several = {}
    local gone = {}
    local hasLookedForGone = false
    -- Where a key stands now that was seen open before: in the incident of then, or what that was merged into.
    local standsIn = {}
    -- The alerts that have ended in incidents that are open, as the incident's id and the key.
    local endedWithin = {}

    local function noteOpen(key, incident, since)
        local all = findings.open[key] or ({})
        all[#all + 1] = {incident = incident, since = since}
        findings.open[key] = all
    end

    local function takeOpen(incident)
        if incidents[incident.id] ~= nil then
            return
        end
        incidents[incident.id] = incident
        if incident.key == nil then
            several[#several + 1] = incident
        else
            noteOpen(incident.key, incident, incident.createdAt)
        end
    end

    local function takeAlerts(incident, alerts)
        for ____, ____value in ipairs(alerts) do
            local key = ____value.key
            local isOpen = ____value.isOpen
            local createdAt = ____value.createdAt
            if isOpen then
                noteOpen(key, incident, createdAt)
            else
                endedWithin[(incident.id .. " ") .. key] = true
            end
        end
    end

    local function finish()
        for key, id in pairs(standsIn) do
            local incident = incidents[id or ""]
            local hasEnded = incident ~= nil and endedWithin[(incident.id .. " ") .. key] ~= nil
            if hasEnded then
                findings.ended[key] = incident
            end
            -- It may be open anew, elsewhere.
            if findings.open[key] ~= nil then
                findings.ended[key] = nil
            end
        end
        for id in pairs(known) do
            if incidents[id] == nil then
                known[id] = nil
            end
        end
        ports.ended(findings, nil)
    end

    -- What was seen open and is not among what is open now. Asked for once the alerts of all of those are known.
    local function lookForGone()
        local keysOf = {}
        for ____, ____value in ipairs(ports.expected()) do
            local key = ____value.key
            local incidentId = ____value.incidentId
            standsIn[key] = incidentId
            if not (findings.open[key] ~= nil) and incidents[incidentId] == nil then
                local keys = keysOf[incidentId] or ({})
                keys[#keys + 1] = key
                keysOf[incidentId] = keys
            end
        end
        for id, keys in pairs(keysOf) do
            if keys ~= nil then
                gone[#gone + 1] = {id = id, keys = keys, merges = 0}
            end
        end
    end

    -- An incident that was read by its id: open still, merged into another, or ended.
    local function takeGone(incident, keys, merges)
        if incident.status ~= "resolved" then
            takeOpen(incident)
        elseif incident.mergedInto == nil then
            for ____, key in ipairs(keys) do
                findings.ended[key] = incident
            end
        else
            for ____, key in ipairs(keys) do
                standsIn[key] = incident.mergedInto
            end
            local isRead = incidents[incident.mergedInto] ~= nil
            if not isRead and merges < MOST_MERGES then
                gone[#gone + 1] = {id = incident.mergedInto, keys = keys, merges = merges + 1}
            end
        end
    end

    local function readAlertsOf(incident)
        local ____incident_1 = incident
        local id = ____incident_1.id
        local signature = ____incident_1.signature
        local alerts = {}
        api.list(
            ("/incidents/" .. id) .. "/alerts",
            "alerts",
            {},
            function(item)
                local alert = readAlert(item)
                if alert ~= nil then
                    alerts[#alerts + 1] = alert
                end
            end,
            function(trouble)
                if trouble == nil then
                    known[id] = {signature = signature, alerts = alerts}
                    takeAlerts(incident, alerts)
                end
                readOn(trouble)
            end,
            ALERTS_PAGE
        )
    end

    local function readGone(____bindingPattern0)
        local merges
        local keys
        local id
        id = ____bindingPattern0.id
        keys = ____bindingPattern0.keys
        merges = ____bindingPattern0.merges
        local read
        api.one(
            "/incidents/" .. id,
            "incident",
            function(record)
                read = readIncident(record)
            end,
            function(trouble)
                if read ~= nil then
                    takeGone(read, keys, merges)
                end
                readOn(trouble)
            end
        )
    end
    --- Reads what is left to read, one after the other. What cannot be read is no finding.
    readOn = function(trouble)
        if (trouble and trouble.kind) == "failed" then
            ports.ended(findings, trouble)
            return
        end
        local mayAsk = (trouble and trouble.kind) ~= "too much"
        while true do
            local incident = table.remove(several)
            if incident == nil then
                break
            end
            local before = known[incident.id]
            if (before and before.signature) == incident.signature then
                takeAlerts(incident, before.alerts)
            elseif mayAsk then
                readAlertsOf(incident)
                return
            end
        end
        if mayAsk and not hasLookedForGone then
            hasLookedForGone = true
            lookForGone()
        end
        local ____mayAsk_8
        if mayAsk then
            ____mayAsk_8 = table.remove(gone)
        else
            ____mayAsk_8 = nil
        end
        local next = ____mayAsk_8
        if next == nil then
            finish()
        else
            readGone(next)
        end
    end
    listOpenIncidents(
        api,
        serviceIds,
        function(incident)
            if incident.status ~= "resolved" then
                takeOpen(incident)
            end
        end,
        function(trouble)
            if trouble ~= nil then
                ports.ended(findings, trouble)
            else
                readOn(nil)
            end
        end
    )
end
return exports
 end,

-- -------------------- src/feedback/compare.ts --------------------
["src.feedback.compare"] = function(...)
-- What PagerDuty was found to have, held against what is known of the alerts: gives facts, and changes nothing. Which
-- facts count is decided here, what follows from one is apply.ts' and the alerts' to know.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen

-- What a dedup key without prefix is about; undefined: it is none of ours.
function exports.resourceOfKey(key)
    local hostOnly = string.match(key, "^(%d+)_H$")
    if hostOnly ~= nil then
        return {
            kind = "host",
            hostId = tonumber(hostOnly) or 0,
            serviceId = 0
        }
    end
    local hostId, serviceId = string.match(key, "^(%d+)_(%d+)$")
    if hostId ~= nil then
        return {
            kind = "service",
            hostId = tonumber(hostId) or 0,
            serviceId = tonumber(serviceId) or 0
        }
    end
    local kind, id = string.match(key, "^(%a+)_(%d+)$")
    if kind == "ba" then
        return {
            kind = "business activity",
            id = tonumber(id) or 0
        }
    end
    if kind == "poller" then
        return {
            kind = "poller",
            id = tonumber(id) or 0
        }
    end
    local route = string.match(key, "^storm_(.+)$")
    if route ~= nil then
        return {kind = "storm", route = route}
    end
    return key == "pagerduty_connector" and ({kind = "connector", id = 0}) or nil
end

-- The key without `prefix`; undefined: it does not begin so.
local function withoutPrefix(key, prefix)
    return string.sub(key, 1, #prefix) == prefix and string.sub(key, #prefix + 1) or nil
end

function exports.markOf(____bindingPattern0)
    local address
    local number
    local id
    id = ____bindingPattern0.id
    number = ____bindingPattern0.number
    address = ____bindingPattern0.address
    return {id = id, number = number, address = address}
end

-- The one of these that is the alert's: where it was seen before, else at the service that its key leads to.
local function ownOf(alert, all, serviceId)
    for ____, found in ipairs(all) do
        local ____found_incident_id_2 = found.incident.id
        local ____opt_0 = alert.incident
        if ____found_incident_id_2 == (____opt_0 and ____opt_0.id) then
            return found
        end
    end
    for ____, found in ipairs(all) do
        if serviceId == nil or found.incident.serviceId == serviceId then
            return found
        end
    end
    -- Merged into an incident of another service, or moved there: the key says whose it is.
    local ____isOpen_result_3
    if isOpen(alert) then
        ____isOpen_result_3 = all[1]
    else
        ____isOpen_result_3 = nil
    end
    return ____isOpen_result_3
end

function exports.compare(____bindingPattern0, ports)
    local ended
    local open
    open = ____bindingPattern0.open
    ended = ____bindingPattern0.ended
    local facts = {}
    local seen = {}
    local unknown = {}
    local elsewhere = {}
    local ____ports_4 = ports
    local dedupPrefix = ____ports_4.dedupPrefix
    for key, all in pairs(open) do
        local dedupKey = withoutPrefix(key, dedupPrefix)
        local ____temp_5
        if dedupKey == nil then
            ____temp_5 = nil
        else
            ____temp_5 = exports.resourceOfKey(dedupKey)
        end
        local resource = ____temp_5
        if dedupKey ~= nil and resource ~= nil and all ~= nil then
            local alert = ports.find(resource)
            local first = all[1]
            if alert ~= nil then
                local found = ownOf(
                    alert,
                    all,
                    ports.serviceOf(alert.route)
                )
                if found ~= nil then
                    seen[alert] = true
                    if not ports.isRecent(dedupKey, alert) then
                        facts[#facts + 1] = {kind = "open", alert = alert, found = found}
                    end
                end
                for ____, ____value in ipairs(all) do
                    local incident = ____value.incident
                    if incident.id ~= (found and found.incident.id) and not ports.isRecent(dedupKey, alert) then
                        elsewhere[#elsewhere + 1] = incident
                    end
                end
            elseif first ~= nil and not ports.isRecent(dedupKey, nil) then
                unknown[#unknown + 1] = {resource = resource, dedupKey = dedupKey, incident = first.incident}
            end
        end
    end
    for key, found in pairs(ended) do
        local dedupKey = withoutPrefix(key, dedupPrefix)
        local ____temp_8
        if dedupKey == nil then
            ____temp_8 = nil
        else
            ____temp_8 = exports.resourceOfKey(dedupKey)
        end
        local resource = ____temp_8
        local ____temp_9
        if resource == nil then
            ____temp_9 = nil
        else
            ____temp_9 = ports.find(resource)
        end
        local alert = ____temp_9
        -- Nobody knows of an end but where it was seen open before.
        if found ~= nil and (alert and alert.incident) ~= nil and dedupKey ~= nil then
            if not ports.isRecent(dedupKey, alert) then
                facts[#facts + 1] = {kind = "ended", alert = alert, incident = found}
            end
        end
    end
    return {facts = facts, seen = seen, unknown = unknown, elsewhere = elsewhere}
end
return exports
 end,

-- -------------------- src/feedback/orphan_watch.ts --------------------
["src.feedback.orphan_watch"] = function(...)
-- What PagerDuty has open with a key of ours while nothing is known of it here. That is no proof that all is well: each key
-- is watched until something proves it an orphan. Owns what proves it; what is done about an orphan is feedback's to say.
local exports = {}
local ____alert = require("src.alerts.alert")
local dedupKeyOf = ____alert.dedupKeyOf
-- Seconds for which a resource that its engine left out is waited for, as alerts are (departures.ts): it may be on its way to
-- another poller.
local LEFT_OUT_SECONDS = 60

-- Nothing is watched yet.
function exports.createOrphanWatch(now)
    local hosts = {}
    -- What is neither host nor service, by dedup key.
    local others = {}
    local unproved = 0
    -- Asked at every status of what is well.
    local isAny = false

    local function find(hostId, serviceId)
        local ____opt_0 = hosts[hostId]
        return ____opt_0 and ____opt_0[serviceId]
    end

    local function put(watched)
        local ____watched_2 = watched
        local resource = ____watched_2.resource
        if not (resource.hostId ~= nil) then
            others[dedupKeyOf(resource)] = watched
            return
        end
        local ofHost = hosts[resource.hostId] or ({})
        ofHost[resource.serviceId] = watched
        hosts[resource.hostId] = ofHost
    end

    local function proofOf(____bindingPattern0)
        local leftOut
        local isFine
        isFine = ____bindingPattern0.isFine
        leftOut = ____bindingPattern0.leftOut
        if isFine then
            return "all is well there"
        end
        local isGone = leftOut ~= nil and now() - leftOut.at >= LEFT_OUT_SECONDS
        return isGone and "its engine does not monitor it any more" or nil
    end
    return {
        isAny = function() return isAny end,
        findAwaited = function(hostId, serviceId)
            local ____opt_3 = find(hostId, serviceId)
            local resource = ____opt_3 and ____opt_3.resource
            return resource ~= nil and resource.hostId ~= nil and resource or nil
        end,
        isAnyAwaitedOf = function(hostId) return hosts[hostId] ~= nil end,
        awaited = function()
            local listed = {}
            for ____, ofHost in pairs(hosts) do
                if ofHost ~= nil then
                    for ____, watched in pairs(ofHost) do
                        if watched ~= nil and watched.resource.hostId ~= nil then
                            listed[#listed + 1] = watched.resource
                        end
                    end
                end
            end
            return listed
        end,
        isLeftOut = function(resource, pollerId)
            local watched = find(resource.hostId, resource.serviceId)
            if (watched and watched.resource) == resource then
                watched.leftOut = {
                    pollerId = pollerId,
                    at = now()
                }
            end
        end,
        isNamed = function(____bindingPattern0)
            local serviceId
            local hostId
            hostId = ____bindingPattern0.hostId
            serviceId = ____bindingPattern0.serviceId
            local watched = find(hostId, serviceId)
            if (watched and watched.leftOut) ~= nil then
                watched.leftOut = nil
            end
        end,
        isHostOf = function(hostId, pollerId)
            local ofHost = hosts[hostId]
            if ofHost == nil then
                return
            end
            for ____, watched in pairs(ofHost) do
                if (watched and watched.leftOut) ~= nil and watched.leftOut.pollerId ~= pollerId then
                    watched.leftOut = nil
                end
            end
        end,
        isFine = function(hostId, serviceId)
            local watched = find(hostId, serviceId)
            if watched ~= nil then
                watched.isFine = true
            end
        end,
        isOtherFine = function(resource)
            if (next(others)) == nil then
                return
            end
            local watched = others[dedupKeyOf(resource)]
            if watched ~= nil then
                watched.isFine = true
            end
        end,
        take = function(unknown)
            local orphans = {}
            local hostsBefore, othersBefore = hosts, others
            hosts = {}
            others = {}
            unproved = 0
            isAny = false
            for ____, ____value in ipairs(unknown) do
                local resource = ____value.resource
                local dedupKey = ____value.dedupKey
                local incident = ____value.incident
                local ____temp_13
                if resource.hostId ~= nil then
                    local ____opt_11 = hostsBefore[resource.hostId]
                    ____temp_13 = ____opt_11 and ____opt_11[resource.serviceId]
                else
                    ____temp_13 = othersBefore[dedupKey]
                end
                local before = ____temp_13
                local watched = before or ({resource = resource, isFine = false, leftOut = nil})
                put(watched)
                if resource.hostId ~= nil then
                    isAny = true
                end
                local proof = proofOf(watched)
                if proof == nil then
                    unproved = unproved + 1
                else
                    orphans[#orphans + 1] = {resource = resource, dedupKey = dedupKey, incident = incident, proof = proof}
                end
            end
            return orphans
        end,
        unproved = function() return unproved end
    }
end
return exports
 end,

-- -------------------- src/broker/configuration.ts --------------------
["src.broker.configuration"] = function(...)
-- What configuration events tell and the broker's cache does not keep: the names of severities and categories, the
-- custom variables the administrator chose, what was written when a downtime was set, and whether what the cache has of
-- business activities is all there is.
local exports = {}

local function put(____table, hostId, serviceId, value)
    local ofHost = ____table[hostId] or ({})
    ofHost[serviceId] = value
    local ____table_1 = ____table
    local ____hostId_2 = hostId
    local ____temp_0
    if (next(ofHost)) == nil then
        ____temp_0 = nil
    else
        ____temp_0 = ofHost
    end
    ____table_1[____hostId_2] = ____temp_0
end
-- The custom variable that the broker's cache takes a criticality level from.
local CRITICALITY = "CRITICALITY_LEVEL"
-- `action` of a severity or tag that is gone.
local DELETED = 1
-- `type` of a severity.
local SEVERITY_TYPE = {service = 0, host = 1}
-- Tags of these types are categories; the others are groups, which the cache has.
local SERVICE_CATEGORY = 2
local HOST_CATEGORY = 3

-- The name that was told last holds. An engine tells what its own resources have: that it is gone there is not all.
local function createToldNames()
    local names = {}
    local tellersOf = {}

    local function keyOf(thingType, id)
        return string.format("%d %d", thingType, id)
    end
    return {
        take = function(____bindingPattern0)
            local pollerId
            local action
            local name
            local thingType
            local id
            id = ____bindingPattern0.id
            thingType = ____bindingPattern0.type
            name = ____bindingPattern0.name
            action = ____bindingPattern0.action
            pollerId = ____bindingPattern0.poller_id
            if pollerId == nil then
                pollerId = 0
            end
            local key = keyOf(thingType, id)
            local tellers = tellersOf[key] or ({})
            if action == DELETED then
                tellers[pollerId] = nil
            else
                tellers[pollerId] = true
            end
            local isThere = (next(tellers)) ~= nil
            tellersOf[key] = isThere and tellers or nil
            if not isThere then
                names[key] = nil
            elseif action ~= DELETED then
                names[key] = name
            end
        end,
        nameOf = function(thingType, id) return names[keyOf(thingType, id)] end
    }
end
-- Seconds after which an end that was not heard is not waited for: all dimensions come in one go.
local LONGEST_TELLING = 60

-- `chosen` gives the names of custom variables that are wanted now, without the `_HOST` or `_SERVICE` of their macros.
function exports.createConfiguration(chosen)
    local severityNames = createToldNames()
    local categoryNames = createToldNames()
    -- Values; false of what is secret, or removed.
    local variables = {}
    -- Engines tell their variables when they start, and not again when the broker does.
    local recalled = {}
    local downtimes = {}
    -- By poller.
    local flapDetection = {}
    -- Unix time since which dimensions are being told.
    local tellingSince

    local function isChosen(name)
        for ____, candidate in ipairs(chosen()) do
            if candidate == name then
                return true
            end
        end
        return false
    end

    local function addRecalled(found, hostId, serviceId, name)
        local ____opt_3 = recalled[hostId]
        for ____, variable in ipairs(____opt_3 and ____opt_3[serviceId] or ({})) do
            if variable.name == name then
                found[#found + 1] = variable
            end
        end
    end

    local function isCategory(tagType)
        return tagType == SERVICE_CATEGORY or tagType == HOST_CATEGORY
    end
    return {
        takeSeverity = severityNames.take,
        takeTag = function(event)
            if isCategory(event.type) then
                categoryNames.take(event)
            end
        end,
        takeCustomVariable = function(event)
            local name = string.upper(event.name)
            if not isChosen(name) then
                return name == CRITICALITY
            end
            local hostId = event.host_id or 0
            local serviceId = event.service_id or 0
            local ____opt_5 = variables[hostId]
            local known = ____opt_5 and ____opt_5[serviceId] or ({})
            if event._type == 65573 then
                known[name] = event.enabled and not event.password and event.value or false
            elseif event._type == 65574 then
                -- A change at run time tells the new value alone: whether it is a secret is known of its definition.
                if event.password then
                    known[name] = false
                elseif known[name] ~= nil and known[name] ~= false then
                    known[name] = event.value
                end
            elseif event._type == 65539 or known[name] ~= false then
                known[name] = event.value
            end
            put(variables, hostId, serviceId, known)
            return true
        end,
        takeDowntime = function(event)
            local hostId = event.host_id or 0
            local serviceId = event.service_id or 0
            local downtimeId = event._type == 65572 and event.id or event.internal_id
            -- Unset times are nil in BBDO 2, -1 or 0 in BBDO 3.
            local hasEnded = event.cancelled or (event.actual_end_time or 0) > 0 or (event.deletion_time or 0) > 0
            local ____opt_7 = downtimes[hostId]
            local before = ____opt_7 and ____opt_7[serviceId]
            if not hasEnded and event.started then
                local text = (event.author .. ": ") .. event.comment_data
                put(downtimes, hostId, serviceId, {downtimeId = downtimeId, text = text})
                return (before and before.text) ~= text
            end
            if not hasEnded or (before and before.downtimeId) ~= downtimeId then
                return false
            end
            put(downtimes, hostId, serviceId, nil)
            return true
        end,
        takeDimensionSignal = function(____bindingPattern0)
            local isBeginning
            isBeginning = ____bindingPattern0.update_started
            tellingSince = isBeginning and os.time() or nil
            return not isBeginning
        end,
        areDimensionsBeingTold = function() return tellingSince ~= nil and os.time() - tellingSince < LONGEST_TELLING end,
        takeInstanceStatus = function(event)
            local pollerId = event.instance_id or 0
            if flapDetection[pollerId] == event.flap_detection then
                return false
            end
            flapDetection[pollerId] = event.flap_detection
            return true
        end,
        detectsFlapping = function(pollerId) return flapDetection[pollerId] end,
        severityName = function(kind, id) return severityNames.nameOf(SEVERITY_TYPE[kind], id) or "" end,
        categories = function(tags)
            local found = {}
            for ____, tag in ipairs(tags) do
                local ____isCategory_result_13
                if isCategory(tag.type) then
                    ____isCategory_result_13 = categoryNames.nameOf(tag.type, tag.id)
                else
                    ____isCategory_result_13 = nil
                end
                local name = ____isCategory_result_13
                if name ~= nil then
                    found[#found + 1] = name
                end
            end
            table.sort(found)
            return found
        end,
        customVariables = function(hostId, serviceId)
            local found = {}
            local ofHost = variables[hostId]
            for ____, name in ipairs(chosen()) do
                local ____opt_14 = ofHost and ofHost[serviceId]
                local own = ____opt_14 and ____opt_14[name]
                local ____temp_22
                if own ~= nil and own ~= false then
                    ____temp_22 = own
                else
                    local ____opt_18 = ofHost and ofHost[0]
                    ____temp_22 = ____opt_18 and ____opt_18[name]
                end
                local value = ____temp_22
                if value ~= nil and value ~= false then
                    found[#found + 1] = {name = name, value = value}
                elseif own == nil and value == nil then
                    addRecalled(found, hostId, serviceId, name)
                end
            end
            return found
        end,
        recallCustomVariables = function(hostId, serviceId, ofJournal)
            put(recalled, hostId, serviceId, ofJournal)
        end,
        downtimeComment = function(hostId, serviceId)
            local ofHost = downtimes[hostId]
            local ____opt_23 = ofHost and ofHost[serviceId] or ofHost and ofHost[0]
            return ____opt_23 and ____opt_23.text or ""
        end
    }
end
return exports
 end,

-- -------------------- src/broker/observe.ts --------------------
["src.broker.observe"] = function(...)
-- Reads events: BBDO 2 or 3, as tables or as read-only objects, into one shape. Owns the differences between the
-- protocols. A field is read only when it is needed: in the broker that costs as much as an empty call.
local exports = {}
-- `state_type` of a HARD state.
exports.HARD = 1
-- The state that last_hard_state has when nothing was ever wrong.
local OK = 0

-- Ids that BBDO 2 leaves out are 0.
function exports.hostResource(hostId)
    return {kind = "host", hostId = hostId or 0, serviceId = 0}
end

function exports.serviceResource(hostId, serviceId)
    return {kind = "service", hostId = hostId or 0, serviceId = serviceId or 0}
end

-- The service that an event names, or the host where it names none.
function exports.hostOrServiceResource(event)
    local serviceId = event.service_id or 0
    return serviceId == 0 and exports.hostResource(event.host_id) or exports.serviceResource(event.host_id, serviceId)
end

-- The part of a full status that the policy needs; `isAcknowledged` is the protocol's own business.
local function observation(event, resource, state, isAcknowledged)
    local isHard = event.state_type == exports.HARD
    return {
        resource = resource,
        state = state,
        isHard = isHard,
        lastHardState = isHard and state or (event.last_hard_state or OK),
        isAcknowledged = isAcknowledged,
        downtimeDepth = event.scheduled_downtime_depth,
        isFlapping = event.flapping,
        lastCheck = event.last_check or 0
    }
end

function exports.isAcknowledged2(event)
    return event.acknowledged
end

function exports.isAcknowledged3(event)
    return event.acknowledgement_type ~= 0
end

-- Whether a status is HARD and says what is known already, but for the time of its check. Makes nothing of it.
function exports.isRepeated(event, known, state, isAcknowledged)
    return state == known.state and isAcknowledged == known.isAcknowledged and event.state_type == exports.HARD and event.scheduled_downtime_depth == known.downtimeDepth and event.flapping == known.isFlapping
end

-- A BBDO 2 status, of which `resource` and `state` were read already.
function exports.observeStatus2(event, resource, state)
    return observation(
        event,
        resource,
        state,
        exports.isAcknowledged2(event)
    )
end

-- A BBDO 3 status, of which `resource` and `state` were read already.
function exports.observeStatus3(event, resource, state)
    return observation(
        event,
        resource,
        state,
        exports.isAcknowledged3(event)
    )
end

-- An adaptive status: what it does not carry has not changed.
function exports.observeAdaptive(event, resource)
    local acknowledgement = event.acknowledgement_type
    local ____resource_1 = resource
    local ____temp_0
    if acknowledgement == nil then
        ____temp_0 = nil
    else
        ____temp_0 = acknowledgement ~= 0
    end
    return {resource = ____resource_1, isAcknowledged = ____temp_0, downtimeDepth = event.scheduled_downtime_depth}
end

function exports.acknowledgementNote(event)
    return {author = event.author, comment = event.comment_data, at = event.entry_time}
end
-- The state of a poller that falls silent, and of a connector whose events do not get through; else they are OK.
local SILENT = 2
local NOT_DELIVERING = 2

-- A state that does not come from a check: it is HARD, and neither acknowledged nor flapping.
local function plainObservation(resource, state, isInDowntime, lastCheck)
    if lastCheck == nil then
        lastCheck = 0
    end
    return {
        resource = resource,
        state = state,
        isHard = true,
        lastHardState = state,
        isAcknowledged = false,
        downtimeDepth = isInDowntime and 1 or 0,
        isFlapping = false,
        lastCheck = lastCheck
    }
end

function exports.observeBusinessActivity(event)
    local resource = {kind = "business activity", id = event.ba_id or 0}
    return plainObservation(resource, event.state, event.in_downtime)
end

-- A poller is heard of, or not any more: the broker says so after about 300 s of silence.
function exports.observePoller(event)
    return plainObservation({kind = "poller", id = event.poller_id}, event.responsive and OK or SILENT, false)
end
-- The connector that runs in this output.
exports.CONNECTOR = {kind = "connector", id = 0}

-- What the connector has seen of itself at `now` (Unix time).
function exports.observeConnector(isDelivering, now)
    return plainObservation(exports.CONNECTOR, isDelivering and OK or NOT_DELIVERING, false, now)
end
return exports
 end,

-- -------------------- src/broker/place.ts --------------------
["src.broker.place"] = function(...)
-- Reads from the broker's cache what a resource is called and where it belongs: the place of an alert or of a change.
-- Called only when that is news. Owns the names of virtual hosts.
local exports = {}
local ____alert = require("src.alerts.alert")
local sharedIfEmpty = ____alert.sharedIfEmpty
local ____place = require("src.alerts.place")
local addCustomVariables = ____place.addCustomVariables
local addKind = ____place.addKind
local addNames = ____place.addNames
local addText = ____place.addText
-- The virtual hosts that Centreon keeps business activities and meta-services on; nobody should read their names.
local BUSINESS_ACTIVITY_HOST = "^_Module_BAM"
local META_SERVICE_HOST = "_Module_Meta"
-- A meta-service's virtual service is called so; the number is the meta-service's.
local META_SERVICE = "^meta_(%d+)$"

-- The names for a host or service; made up from the ids where the broker knows none, or undefined when that is
-- not wanted. A business activity's virtual service has none either: the business activity alerts by itself.
local function namingOf(resource, names, isNameNeeded)
    local ____resource_0 = resource
    local kind = ____resource_0.kind
    local hostId = ____resource_0.hostId
    local serviceId = ____resource_0.serviceId
    local known = names.hostName(hostId)
    if known == nil and isNameNeeded then
        return nil
    end
    local hostName = known or string.format("host %d", hostId)
    if (string.match(hostName, BUSINESS_ACTIVITY_HOST)) ~= nil then
        return nil
    end
    if kind == "host" then
        local isKnown = known ~= nil
        return {
            isKnown = isKnown,
            className = "host",
            hostName = hostName,
            serviceDescription = "",
            metaServiceId = 0
        }
    end
    local knownDescription = names.serviceDescription(hostId, serviceId)
    local isKnown = known ~= nil and knownDescription ~= nil
    local serviceDescription = knownDescription or string.format("service %d", serviceId)
    if hostName == META_SERVICE_HOST then
        local name = names.displayName(hostId, serviceId) or serviceDescription
        local metaServiceId = tonumber((string.match(serviceDescription, META_SERVICE))) or 0
        return {
            isKnown = isKnown,
            className = "meta_service",
            hostName = name,
            serviceDescription = "",
            metaServiceId = metaServiceId
        }
    end
    return {
        isKnown = isKnown,
        className = "service",
        hostName = hostName,
        serviceDescription = serviceDescription,
        metaServiceId = 0
    }
end

-- The place of what is neither a host nor a service; `known` is undefined where the broker knows no name.
local function plainPlace(className, known, madeUp, businessViews)
    local place = {
        isKnown = known ~= nil,
        className = className,
        hostName = known or madeUp,
        serviceDescription = "",
        hostGroups = sharedIfEmpty({}),
        serviceGroups = sharedIfEmpty({}),
        criticality = 0,
        poller = "",
        hostAlias = "",
        hostAddress = ""
    }
    addNames(place, "businessViews", businessViews)
    return place
end

-- `isTold`: all that there is of them is in the cache; else nobody knows what is missing.
local function placeOfBusinessActivity(id, names, isTold)
    local madeUp = string.format("business activity %d", id)
    local ____isTold_1
    if isTold then
        ____isTold_1 = names.businessActivity(id)
    else
        ____isTold_1 = nil
    end
    local name = ____isTold_1
    return plainPlace(
        "business_activity",
        name,
        madeUp,
        isTold and names.businessViews(id) or ({})
    )
end

local function placeOfPoller(id, names)
    return plainPlace(
        "poller",
        names.pollerName(id),
        string.format("poller %d", id),
        {}
    )
end
local CONNECTOR_NAME = "Centreon's PagerDuty connector"
local CONNECTOR_PLACE = plainPlace("connector", CONNECTOR_NAME, CONNECTOR_NAME, {})

-- The place of a resource as the broker knows it now. Undefined when it is not to be recorded: its name is not known
-- though `isNameNeeded`, or it only stands for a business activity.
function exports.placeOf(resource, names, configuration, isNameNeeded)
    -- A storm has a place of its own.
    if resource.kind == "storm" then
        return nil
    end
    if resource.kind == "connector" then
        return CONNECTOR_PLACE
    end
    if resource.id ~= nil then
        local ____resource_2 = resource
        local kind = ____resource_2.kind
        local id = ____resource_2.id
        return kind == "poller" and placeOfPoller(id, names) or placeOfBusinessActivity(
            id,
            names,
            not configuration.areDimensionsBeingTold()
        )
    end
    local ____resource_3 = resource
    local kind = ____resource_3.kind
    local hostId = ____resource_3.hostId
    local serviceId = ____resource_3.serviceId
    local naming = namingOf(resource, names, isNameNeeded)
    if naming == nil then
        return nil
    end
    local place = {
        isKnown = naming.isKnown,
        pollerId = names.pollerId(hostId),
        className = naming.className,
        hostName = naming.hostName,
        serviceDescription = naming.serviceDescription,
        hostGroups = sharedIfEmpty(names.hostGroups(hostId)),
        serviceGroups = sharedIfEmpty(kind == "service" and names.serviceGroups(hostId, serviceId) or ({})),
        criticality = names.criticality(hostId, serviceId),
        poller = names.poller(hostId),
        hostAlias = names.hostAlias(hostId),
        hostAddress = names.hostAddress(hostId)
    }
    addKind(
        place,
        naming.metaServiceId,
        kind == "service" and names.isAnomalyDetection(hostId, serviceId)
    )
    local severityId = names.severityId(hostId, serviceId)
    addText(
        place,
        "criticalityName",
        configuration.severityName(kind, severityId)
    )
    addNames(
        place,
        "categories",
        configuration.categories(names.tags(hostId, serviceId))
    )
    addCustomVariables(
        place,
        configuration.customVariables(hostId, serviceId)
    )
    addText(
        place,
        "timeZone",
        names.timeZone(hostId)
    )
    addText(
        place,
        "notes",
        names.notes(hostId, serviceId)
    )
    addText(
        place,
        "notesUrl",
        names.notesUrl(hostId, serviceId)
    )
    addText(
        place,
        "actionUrl",
        names.actionUrl(hostId, serviceId)
    )
    addText(
        place,
        "downtimeComment",
        configuration.downtimeComment(hostId, serviceId)
    )
    return place
end
-- A business activity's virtual service is called so; the number is the business activity's.
local BUSINESS_ACTIVITY_SERVICE = "^ba_(%d+)$"

-- Where the resource of a change stands: a business activity in the place of its virtual service. Undefined when its
-- name is not known though `isNameNeeded`, and for the virtual hosts of business activities.
function exports.placementOf(resource, names, isNameNeeded)
    if resource.kind == "storm" then
        return nil
    end
    if resource.id ~= nil then
        return {
            resource = resource,
            placement = placeOfPoller(resource.id, names)
        }
    end
    local ____resource_4 = resource
    local kind = ____resource_4.kind
    local hostId = ____resource_4.hostId
    local serviceId = ____resource_4.serviceId
    local isService = kind == "service"
    local hostName = names.hostName(hostId)
    if hostName ~= nil and (string.match(hostName, BUSINESS_ACTIVITY_HOST)) ~= nil then
        local ____isService_5
        if isService then
            ____isService_5 = names.serviceDescription(hostId, serviceId)
        else
            ____isService_5 = nil
        end
        local description = ____isService_5
        local digits = string.match(description or "", BUSINESS_ACTIVITY_SERVICE)
        local ____temp_6
        if digits == nil then
            ____temp_6 = nil
        else
            ____temp_6 = tonumber(digits)
        end
        local id = ____temp_6
        if id == nil then
            return nil
        end
        return {
            resource = {kind = "business activity", id = id},
            placement = placeOfBusinessActivity(id, names, true)
        }
    end
    local naming = namingOf(resource, names, isNameNeeded)
    if naming == nil then
        return nil
    end
    return {
        resource = resource,
        placement = {
            hostName = naming.hostName,
            serviceDescription = naming.serviceDescription,
            metaServiceId = naming.metaServiceId,
            isAnomalyDetection = isService and names.isAnomalyDetection(hostId, serviceId),
            hostGroups = names.hostGroups(hostId),
            serviceGroups = isService and names.serviceGroups(hostId, serviceId) or ({}),
            criticality = names.criticality(hostId, serviceId),
            poller = names.poller(hostId)
        }
    }
end
return exports
 end,

-- -------------------- src/text/perfdata.ts --------------------
["src.text.perfdata"] = function(...)
-- Reads performance data (the plugins' metrics). Our own parser: broker.parse_perfdata loses order, duplicates
-- and digits (measured). Format: https://www.monitoring-plugins.org/doc/guidelines.html#AEN200
-- One metric as the plugin wrote it: numbers and thresholds keep their own digits.
local exports = {}

-- Reads a metric's name at `position`: the name, and where its data begins, or undefined when there is no name.
local function readName(text, position)
    if string.sub(text, position, position) ~= "'" then
        local ____, last, name = string.find(text, "^([^=]+)=", position)
        return name, (last or 0) + 1
    end
    -- A quote inside a quoted name is written twice.
    local from = position + 1
    while true do
        local quote = string.find(text, "'", from, true)
        if quote == nil then
            return nil, 0
        end
        if string.sub(text, quote + 1, quote + 1) == "=" then
            local name = string.gsub(
                string.sub(text, position + 1, quote - 1),
                "''",
                "'"
            )
            return name, quote + 2
        end
        from = quote + (string.sub(text, quote + 1, quote + 1) == "'" and 2 or 1)
    end
end

-- The digits at the beginning of a value, and the unit behind them. Each pattern finds its end at once: one that
-- had to try would take half a minute for the 64 KB of digits that a plugin may print.
local function splitValue(text)
    -- Some plugins write a decimal comma.
    local value = string.gsub(text, ",", ".")
    local sign, whole, afterWhole = string.match(value, "^%+?(-?)(%d*)(.*)$")
    if sign == nil then
        sign = ""
    end
    if whole == nil then
        whole = ""
    end
    if afterWhole == nil then
        afterWhole = ""
    end
    local fraction, afterFraction = string.match(afterWhole, "^%.(%d*)(.*)$")
    if fraction == nil then
        fraction = ""
    end
    if afterFraction == nil then
        afterFraction = afterWhole
    end
    local exponent, unit = string.match(afterFraction, "^([eE][+-]?%d+)(.*)$")
    if exponent == nil then
        exponent = ""
    end
    if unit == nil then
        unit = afterFraction
    end
    if whole .. fraction == "" or string.sub(unit, 1, 1) == "." then
        return nil, ""
    end
    -- ".5" and "5." are numbers to a plugin, not to JSON.
    local point = fraction == "" and "" or "."
    return (((sign .. (whole == "" and "0" or whole)) .. point) .. fraction) .. exponent, unit
end

-- The text between the `index`th and the next semicolon of `data`, trimmed; undefined when empty.
local function part(data, index)
    local text = data[index + 1]
    local ____temp_0
    if text == nil or text == "" then
        ____temp_0 = nil
    else
        ____temp_0 = text
    end
    return ____temp_0
end

-- `perfdata` in at most `limit` bytes, cut between two metrics: half a number would be a wrong one.
function exports.cutPerfdata(perfdata, limit)
    if #perfdata <= limit then
        return perfdata
    end
    local whole = string.match(
        string.sub(perfdata, 1, limit + 1),
        "^(.*)%s"
    )
    return whole or ""
end

-- The metrics of `perfdata` in their order, at most `limit` of them. What cannot be read is passed over.
function exports.parsePerfdata(perfdata, limit)
    local metrics = {}
    local position = 1
    while #metrics < limit do
        local start = string.find(perfdata, "[^%s]", position)
        if start == nil then
            break
        end
        local name, dataStart = readName(perfdata, start)
        if name == nil then
            break
        end
        local ____, dataEnd, data = string.find(perfdata, "^([^%s]*)", dataStart)
        local parts = {}
        for text in string.gmatch(data .. ";", "([^;]*);") do
            parts[#parts + 1] = text or ""
        end
        local value, unit = splitValue(parts[1] or "")
        local trimmedName = string.match(name, "^(.*%S)")
        metrics[#metrics + 1] = {
            name = trimmedName or name,
            value = value,
            unit = unit,
            warning = part(parts, 1),
            critical = part(parts, 2),
            minimum = part(parts, 3),
            maximum = part(parts, 4)
        }
        position = dataEnd + 1
    end
    return metrics
end
return exports
 end,

-- -------------------- src/broker/report.ts --------------------
["src.broker.report"] = function(...)
-- Reads from an event what the last check of a resource said: the report of an alert. Called at each check whose text may
-- still be told, so texts stay as they came: text/lines.ts reads them when they are. Owns the names of states.
local exports = {}
local ____perfdata = require("src.text.perfdata")
local cutPerfdata = ____perfdata.cutPerfdata
local SERVICE_STATE_NAME = {[0] = "OK", [1] = "WARNING", [2] = "CRITICAL", [3] = "UNKNOWN"}
local HOST_STATE_NAME = {[0] = "UP", [1] = "DOWN", [2] = "UNREACHABLE"}
-- Most bytes that are kept of each text of an event, so that memory and journal stay in bounds.
local MAXIMUM_KEPT_BYTES = 65536

local function kept(text)
    return text == nil and "" or string.sub(text, 1, MAXIMUM_KEPT_BYTES)
end

-- When a check last found the resource well (Unix time).
local function lastOkOf(event)
    local ____temp_0
    if event._type == 65560 or event._type == 65565 then
        ____temp_0 = event.last_time_ok
    else
        ____temp_0 = event.last_time_up
    end
    return ____temp_0
end

-- The most attempts, where the event tells: BBDO 3 leaves it to the configuration.
local function maximumAttemptsOf(event)
    return (event._type == 65560 or event._type == 65550) and event.max_check_attempts or nil
end

-- What the check of `resource` said.
function exports.reportOfStatus(event, ____bindingPattern0, names)
    local serviceId
    local hostId
    local kind
    kind = ____bindingPattern0.kind
    hostId = ____bindingPattern0.hostId
    serviceId = ____bindingPattern0.serviceId
    local stateNames = kind == "service" and SERVICE_STATE_NAME or HOST_STATE_NAME
    local ____event_1 = event
    local state = ____event_1.state
    local since = event.last_hard_state_change or 0
    return {
        stateName = stateNames[state] or string.format("state %d", state),
        output = kept(event.output),
        longOutput = (event._type == 65565 or event._type == 65568) and kept(event.long_output) or "",
        perfdata = cutPerfdata(event.perfdata, MAXIMUM_KEPT_BYTES),
        attempt = event.check_attempt,
        maximumAttempts = maximumAttemptsOf(event) or names.maximumAttempts(hostId, serviceId),
        lastOk = lastOkOf(event) or 0,
        since = since > 0 and since or (event.last_check or 0)
    }
end

-- The report of what no check stands behind.
local function plainReport(stateName, output, since)
    return {
        stateName = stateName,
        output = output,
        longOutput = "",
        perfdata = "",
        attempt = 0,
        maximumAttempts = 0,
        lastOk = 0,
        since = since
    }
end

function exports.reportOfBusinessActivity(event)
    local ____event_2 = event
    local state = ____event_2.state
    local stateName = SERVICE_STATE_NAME[state] or string.format("state %d", state)
    return plainReport(
        stateName,
        event._type == 393235 and kept(event.output) or "",
        event.last_state_change
    )
end

-- `now`: Unix time; the event carries none.
function exports.reportOfPoller(now)
    return plainReport("NOT RESPONDING", "the poller is silent: what it monitors is not known any more", now)
end

-- `text`: what is wrong, in words; `now`: Unix time.
function exports.reportOfConnector(text, now)
    return plainReport("NOT DELIVERING", text, now)
end
return exports
 end,

-- -------------------- src/connector/intake.ts --------------------
["src.connector.intake"] = function(...)
-- Takes events to the book: which event says what, and which says nothing that matters. Most end here, so this is
-- the path that has to be short. Owns no state of the alerts; reads events through broker/observe.
local exports = {}
local ____alert = require("src.alerts.alert")
local dedupKeyOf = ____alert.dedupKeyOf
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local ____events = require("src.broker.events")
local EVENT_TYPE = ____events.EVENT_TYPE
local ____configuration = require("src.broker.configuration")
local createConfiguration = ____configuration.createConfiguration
local ____observe = require("src.broker.observe")
local HARD = ____observe.HARD
local acknowledgementNote = ____observe.acknowledgementNote
local hostOrServiceResource = ____observe.hostOrServiceResource
local hostResource = ____observe.hostResource
local isAcknowledged2 = ____observe.isAcknowledged2
local isAcknowledged3 = ____observe.isAcknowledged3
local isRepeated = ____observe.isRepeated
local observeAdaptive = ____observe.observeAdaptive
local observeBusinessActivity = ____observe.observeBusinessActivity
local observePoller = ____observe.observePoller
local observeStatus2 = ____observe.observeStatus2
local observeStatus3 = ____observe.observeStatus3
local serviceResource = ____observe.serviceResource
local ____place = require("src.broker.place")
local placeOf = ____place.placeOf
local ____report = require("src.broker.report")
local reportOfBusinessActivity = ____report.reportOfBusinessActivity
local reportOfPoller = ____report.reportOfPoller
local reportOfStatus = ____report.reportOfStatus
-- Without a journal nobody knows what was open before the start: for so many seconds a recovery is sent on though no
-- problem is known, also one of so many seconds before the start.
local RECOVERY_WATCH_SECONDS = 3600
-- Seconds after which the broker takes a poller for silent (contracts/broker-host.md).
local POLLER_SILENT_SECONDS = 300
-- What a handler gives for an event that leaves everything as it was.
local IGNORED = "ignored"
exports.IGNORED = IGNORED
-- Needed for each event: a local is found sooner than a field of another table, such as that of what is exported.
local ____STATE_0 = STATE
local OK = ____STATE_0.ok

-- Nothing taken yet.
function exports.createIntake(settings, ports)
    local ____ports_1 = ports
    local names = ____ports_1.names
    local log = ____ports_1.log
    local placesChanged = ____ports_1.placesChanged
    local startedAt = os.time()
    local configuration = createConfiguration(settings.customVariables)
    local ____settings_2 = settings
    local recoveries = ____settings_2.recoveries
    local ____settings_3 = settings
    local watch = ____settings_3.watch
    local handlers = {}

    local function on(eventType, handler)
        handlers[eventType] = handler
    end
    -- The status being taken: the book asks for its texts only when they are news.
    local currentStatus

    local function take(book, event, observation)
        currentStatus = event
        book.observe(observation)
    end

    -- A resource of which nothing is known is well: since lately, or so long ago that nobody was ever paged.
    local function noteUnknownRecovery(event, resource, noted)
        if os.time() - startedAt > RECOVERY_WATCH_SECONDS then
            noted.forgetAll()
            recoveries = nil
        elseif not noted.isNoted(resource) and event.state_type == HARD and (event.last_hard_state_change or 0) > startedAt - RECOVERY_WATCH_SECONDS then
            noted.note(resource)
        end
    end

    -- Whether it may matter that something is well of which nothing is known.
    local function isAnyAwaited()
        return recoveries ~= nil or watch ~= nil and watch.isAny()
    end

    local function noteFine(event, resource)
        if recoveries ~= nil then
            noteUnknownRecovery(event, resource, recoveries)
        end
        if watch == nil or watch.findAwaited(resource.hostId, resource.serviceId) == nil then
            return
        end
        if event.state_type == HARD then
            watch.isFine(resource.hostId, resource.serviceId)
        else
            watch.isNamed(resource)
        end
    end

    -- Takes the full statuses of services, as the given protocol has them. Most events that come are these.
    local function serviceTaker(isAcknowledged, observe)
        return function(event, book)
            local ____event_4 = event
            local state = ____event_4.state
            local hostId = event.host_id
            if hostId == nil then
                return IGNORED
            end
            local isFine = state == OK
            local ofHost = book.services[hostId]
            -- Most end here: what nobody waits for must cost next to nothing.
            if isFine and ofHost == nil and recoveries == nil then
                if watch == nil or not watch.isAny() then
                    return IGNORED
                end
            end
            local serviceId = event.service_id or 0
            local alert = ofHost and ofHost[serviceId]
            local known = alert and book.atRest[alert]
            if known ~= nil and isRepeated(
                event,
                known,
                state,
                isAcknowledged(event)
            ) then
                known.lastCheck = event.last_check or 0
                return IGNORED
            end
            if not isFine or alert ~= nil then
                take(
                    book,
                    event,
                    observe(
                        event,
                        serviceResource(hostId, serviceId),
                        state
                    )
                )
            elseif isAnyAwaited() then
                noteFine(
                    event,
                    serviceResource(hostId, serviceId)
                )
            end
            return nil
        end
    end

    -- The host of a status that could matter; undefined for the UP of one that nothing is known of.
    local function hostOfInterest(event, state, book)
        local hostId = event.host_id
        if hostId == nil then
            return nil
        end
        local isUnknown = state == STATE.up and not book.knowsHost(hostId)
        local isAwaited = isAnyAwaited()
        if isUnknown and not isAwaited and event.scheduled_downtime_depth == 0 then
            return nil
        end
        local resource = hostResource(hostId)
        if isAwaited and state == STATE.up and book.findAlert(resource) == nil then
            noteFine(event, resource)
        end
        return resource
    end
    on(
        EVENT_TYPE.serviceStatus2,
        serviceTaker(isAcknowledged2, observeStatus2)
    )
    on(
        EVENT_TYPE.serviceStatus3,
        serviceTaker(isAcknowledged3, observeStatus3)
    )
    on(
        EVENT_TYPE.hostStatus2,
        function(event, book)
            local ____event_7 = event
            local state = ____event_7.state
            local resource = hostOfInterest(event, state, book)
            if resource ~= nil then
                take(
                    book,
                    event,
                    observeStatus2(event, resource, state)
                )
            end
        end
    )
    on(
        EVENT_TYPE.hostStatus3,
        function(event, book)
            local ____event_8 = event
            local state = ____event_8.state
            local resource = hostOfInterest(event, state, book)
            if resource ~= nil then
                take(
                    book,
                    event,
                    observeStatus3(event, resource, state)
                )
            end
        end
    )
    on(
        EVENT_TYPE.adaptiveServiceStatus3,
        function(event, book)
            book.observeAdaptive(observeAdaptive(
                event,
                serviceResource(event.host_id, event.service_id)
            ))
        end
    )
    on(
        EVENT_TYPE.adaptiveHostStatus3,
        function(event, book)
            book.observeAdaptive(observeAdaptive(
                event,
                hostResource(event.host_id)
            ))
        end
    )

    local function takeAcknowledgement(event, book)
        -- Its end is the statuses' to tell, and whose it was is known.
        if (event.deletion_time or 0) > 0 then
            return
        end
        book.noteAcknowledgement(
            hostOrServiceResource(event),
            acknowledgementNote(event)
        )
    end
    on(EVENT_TYPE.acknowledgement2, takeAcknowledgement)
    on(EVENT_TYPE.acknowledgement3, takeAcknowledgement)
    on(
        EVENT_TYPE.adaptiveHost3,
        function(event, book)
            book.adapted(hostResource(event.host_id))
        end
    )
    on(
        EVENT_TYPE.adaptiveService3,
        function(event, book)
            book.adapted(serviceResource(event.host_id, event.service_id))
        end
    )

    local function takeHost(event, book)
        local resource = hostResource(event.host_id)
        if event.enabled then
            book.defined(resource)
        else
            book.removed(resource, event.instance_id)
        end
    end
    on(EVENT_TYPE.host2, takeHost)
    on(EVENT_TYPE.host3, takeHost)

    local function takeService(event, book)
        local resource = serviceResource(event.host_id, event.service_id)
        if event.enabled then
            book.defined(resource)
        else
            book.removed(resource, nil)
        end
    end
    on(EVENT_TYPE.service2, takeService)
    on(EVENT_TYPE.service3, takeService)
    on(
        EVENT_TYPE.hostGroupMember2,
        function(event, book)
            book.placeChanged(hostResource(event.host_id))
        end
    )
    on(
        EVENT_TYPE.hostGroupMember3,
        function(event, book)
            book.placeChanged(hostResource(event.host_id))
        end
    )
    on(
        EVENT_TYPE.serviceGroupMember2,
        function(event, book)
            book.placeChanged(serviceResource(event.host_id, event.service_id))
        end
    )
    on(
        EVENT_TYPE.serviceGroupMember3,
        function(event, book)
            book.placeChanged(serviceResource(event.host_id, event.service_id))
        end
    )
    -- What groups, categories and severities are called concerns nobody knows whom.
    for ____, eventType in ipairs({EVENT_TYPE.hostGroup2, EVENT_TYPE.hostGroup3, EVENT_TYPE.serviceGroup2, EVENT_TYPE.serviceGroup3}) do
        on(
            eventType,
            function()
                placesChanged()
            end
        )
    end
    on(
        EVENT_TYPE.hostParent2,
        function(event, book)
            book.setParent(event.child_id or 0, event.parent_id or 0, true)
        end
    )
    on(
        EVENT_TYPE.hostParent3,
        function(event, book)
            book.setParent(event.child_id, event.parent_id, event.enabled)
        end
    )
    -- What the broker's cache does not keep.
    on(
        EVENT_TYPE.severity3,
        function(event)
            configuration.takeSeverity(event)
            placesChanged()
        end
    )
    on(
        EVENT_TYPE.tag3,
        function(event)
            configuration.takeTag(event)
            placesChanged()
        end
    )

    -- The cache forgets all of them when it begins (macro_cache of Centreon Broker, 18.10 to 25.x).
    local function takeDimensionSignal(event)
        if configuration.takeDimensionSignal(event) then
            placesChanged()
        end
    end
    on(EVENT_TYPE.dimensionTruncateTableSignal2, takeDimensionSignal)
    on(EVENT_TYPE.dimensionTruncateTableSignal3, takeDimensionSignal)

    local function takeCustomVariable(event, book)
        if configuration.takeCustomVariable(event) then
            book.placeChanged(hostOrServiceResource(event))
        end
    end
    on(EVENT_TYPE.customVariable2, takeCustomVariable)
    on(EVENT_TYPE.customVariableStatus2, takeCustomVariable)
    on(EVENT_TYPE.customVariables3, takeCustomVariable)
    on(EVENT_TYPE.customVariableStatus3, takeCustomVariable)

    local function takeDowntime(event, book)
        if configuration.takeDowntime(event) then
            book.placeChanged(hostOrServiceResource(event))
        end
    end
    on(EVENT_TYPE.downtime2, takeDowntime)
    on(EVENT_TYPE.downtime3, takeDowntime)

    local function takeInstance(event, book)
        local pollerId = event.instance_id or 0
        if event.running then
            book.engineRuns(pollerId, event.start_time or 0)
        else
            book.engineStopped(pollerId)
        end
    end
    on(EVENT_TYPE.instance2, takeInstance)
    on(EVENT_TYPE.instance3, takeInstance)

    local function endConfiguration(event, book)
        book.configurationEnds(event.poller_id)
    end
    on(EVENT_TYPE.instanceConfiguration2, endConfiguration)
    on(EVENT_TYPE.instanceConfiguration3, endConfiguration)

    local function takeInstanceStatus(event, book)
        local pollerId = event.instance_id or 0
        book.engineIsAlive(pollerId)
        -- What waited in a queue says nothing of now.
        if math.abs(os.time() - (event.last_alive or 0)) < POLLER_SILENT_SECONDS then
            if watch ~= nil then
                watch.isOtherFine({kind = "poller", id = pollerId})
            end
        end
        if configuration.takeInstanceStatus(event) then
            book.flapDetectionChanged()
        end
    end
    on(EVENT_TYPE.instanceStatus2, takeInstanceStatus)
    on(EVENT_TYPE.instanceStatus3, takeInstanceStatus)

    local function takeBusinessActivity(event, book)
        local observation = observeBusinessActivity(event)
        if observation.state == OK then
            if watch ~= nil then
                watch.isOtherFine(observation.resource)
            end
        end
        take(book, event, observation)
    end
    on(EVENT_TYPE.baStatus2, takeBusinessActivity)
    on(EVENT_TYPE.baStatus3, takeBusinessActivity)

    local function takePoller(event, book)
        local observation = observePoller(event)
        if observation.state == OK then
            if watch ~= nil then
                watch.isOtherFine(observation.resource)
            end
        end
        take(book, event, observation)
    end
    on(EVENT_TYPE.responsiveInstance2, takePoller)
    on(EVENT_TYPE.responsiveInstance3, takePoller)

    -- What the status being taken says of its resource.
    local function reportOf(resource)
        if resource.kind == "poller" then
            return reportOfPoller(os.time())
        end
        if not (resource.hostId ~= nil) then
            return reportOfBusinessActivity(currentStatus)
        end
        return reportOfStatus(currentStatus, resource, names)
    end

    local function findPlace(resource)
        local place = placeOf(resource, names, configuration, settings.isNameNeeded)
        if place == nil and log.isDebug then
            log.debug(dedupKeyOf(resource) .. " is dropped: its host has no known name and skip_anon_events is 1, or it only stands for a business activity")
        end
        return place
    end

    -- The flag counts only while flap detection is on, by the resource's definition and its poller.
    local function flappingOf(____bindingPattern0)
        local place
        local resource
        resource = ____bindingPattern0.resource
        place = ____bindingPattern0.place
        if not (resource.hostId ~= nil) then
            return "no"
        end
        local byDefinition = names.detectsFlapping(resource.hostId, resource.serviceId)
        local ____temp_15 = place or ({})
        local pollerId = ____temp_15.pollerId
        local ____temp_16
        if pollerId == nil then
            ____temp_16 = nil
        else
            ____temp_16 = configuration.detectsFlapping(pollerId)
        end
        local byPoller = ____temp_16
        if byDefinition == false or byPoller == false then
            return "no"
        end
        return byDefinition == true and byPoller == true and "yes" or "perhaps"
    end
    return {
        handlers = handlers,
        placeOf = findPlace,
        recallPlace = function(resource, ____bindingPattern0)
            local customVariables
            customVariables = ____bindingPattern0.customVariables
            if customVariables ~= nil and resource.hostId ~= nil then
                configuration.recallCustomVariables(resource.hostId, resource.serviceId, customVariables)
            end
        end,
        reportOf = reportOf,
        flappingOf = flappingOf
    }
end
return exports
 end,

-- -------------------- src/broker/recorder.ts --------------------
["src.broker.recorder"] = function(...)
-- Writes the events received to a file, for `centreon-pagerduty explain` and for bug reports: one JSON line each, as
-- tools/brokerhost reads them. What the broker's cache knows of a resource goes before its first event, so that the
-- file says it all. Owns which fields are recorded: those that the connector reads.
local exports = {}
local ____json = require("src.text.json")
local encode = ____json.encode
local ____cache = require("src.broker.cache")
local ANOMALY_DETECTION = ____cache.ANOMALY_DETECTION
local ____events = require("src.broker.events")
local EVENT_TYPE = ____events.EVENT_TYPE
-- The kinds of events by which Centreon tells its configuration (BBDO 3); `_type` is category * 65536 + element.
local DEFINITION = {
    service = EVENT_TYPE.service3,
    host = EVENT_TYPE.host3,
    customVariable = EVENT_TYPE.customVariables3,
    poller = EVENT_TYPE.instance3,
    hostGroupMember = EVENT_TYPE.hostGroupMember3,
    serviceGroupMember = EVENT_TYPE.serviceGroupMember3,
    businessActivity = 393241
}
local ELEMENTS_PER_CATEGORY = 65536
local STATUS = {
    "host_id",
    "state",
    "state_type",
    "check_attempt",
    "last_check",
    "last_hard_state"
}
local STATUS_BESIDE = {
    "last_hard_state_change",
    "output",
    "perfdata",
    "flapping",
    "scheduled_downtime_depth"
}
local SERVICE = {"service_id", "last_time_ok"}
local HOST = {"last_time_up"}
local OF_BBDO_2 = {"acknowledged", "max_check_attempts"}
local OF_BBDO_3 = {"acknowledgement_type", "long_output"}
local ADAPTIVE = {"host_id", "acknowledgement_type", "scheduled_downtime_depth"}
local NOTE = {"host_id", "service_id", "author", "comment_data"}
local BUSINESS_ACTIVITY = {"ba_id", "state", "in_downtime", "last_state_change"}
local DOWNTIME_TIMES = {
    "actual_start_time",
    "actual_end_time",
    "deletion_time",
    "start_time",
    "end_time"
}
local DOWNTIME = {
    "host_id",
    "service_id",
    "author",
    "comment_data",
    "started",
    "cancelled",
    "type"
}
local HOST_CONFIGURATION = {about = "host", fields = {{"host_id", "name", "enabled"}}}
local SERVICE_CONFIGURATION = {about = "service", fields = {{"host_id", "service_id", "description", "enabled"}}}
local ACKNOWLEDGEMENT = {about = "nothing", fields = {NOTE, {"entry_time", "deletion_time"}}}
local INSTANCE_STATUS = {about = "nothing", fields = {{"instance_id", "flap_detection"}}}
local POLLER = {about = "poller", fields = {{"poller_id", "responsive"}}}
-- By kind of event. Custom variables are left out: they may be secrets.
local RECORDED = {
    [EVENT_TYPE.serviceStatus2] = {about = "service", fields = {STATUS, STATUS_BESIDE, SERVICE, OF_BBDO_2}},
    [EVENT_TYPE.serviceStatus3] = {about = "service", fields = {
        STATUS,
        STATUS_BESIDE,
        SERVICE,
        OF_BBDO_3,
        {"type"}
    }},
    [EVENT_TYPE.hostStatus2] = {about = "host", fields = {STATUS, STATUS_BESIDE, HOST, OF_BBDO_2}},
    [EVENT_TYPE.hostStatus3] = {about = "host", fields = {STATUS, STATUS_BESIDE, HOST, OF_BBDO_3}},
    [EVENT_TYPE.adaptiveServiceStatus3] = {about = "service", fields = {ADAPTIVE, {"service_id"}}},
    [EVENT_TYPE.adaptiveHostStatus3] = {about = "host", fields = {ADAPTIVE}},
    [EVENT_TYPE.acknowledgement2] = ACKNOWLEDGEMENT,
    [EVENT_TYPE.acknowledgement3] = ACKNOWLEDGEMENT,
    [EVENT_TYPE.downtime2] = {about = "nothing", fields = {DOWNTIME, DOWNTIME_TIMES, {"internal_id"}}},
    [EVENT_TYPE.downtime3] = {about = "nothing", fields = {DOWNTIME, DOWNTIME_TIMES, {"id"}}},
    [EVENT_TYPE.host2] = HOST_CONFIGURATION,
    [EVENT_TYPE.host3] = HOST_CONFIGURATION,
    [EVENT_TYPE.service2] = SERVICE_CONFIGURATION,
    [EVENT_TYPE.service3] = SERVICE_CONFIGURATION,
    [EVENT_TYPE.hostParent2] = {about = "nothing", fields = {{"child_id", "parent_id"}}},
    [EVENT_TYPE.hostParent3] = {about = "nothing", fields = {{"child_id", "parent_id", "enabled"}}},
    [EVENT_TYPE.baStatus2] = {about = "business activity", fields = {BUSINESS_ACTIVITY}},
    [EVENT_TYPE.baStatus3] = {about = "business activity", fields = {BUSINESS_ACTIVITY, {"output"}}},
    [EVENT_TYPE.responsiveInstance2] = POLLER,
    [EVENT_TYPE.responsiveInstance3] = POLLER,
    [EVENT_TYPE.instanceStatus2] = INSTANCE_STATUS,
    [EVENT_TYPE.instanceStatus3] = INSTANCE_STATUS,
    [EVENT_TYPE.severity3] = {about = "nothing", fields = {{
        "id",
        "type",
        "action",
        "name",
        "level",
        "poller_id"
    }}},
    [EVENT_TYPE.tag3] = {about = "nothing", fields = {{
        "id",
        "type",
        "action",
        "name",
        "poller_id"
    }}}
}
-- `type` of a service that is one.
local ORDINARY_SERVICE = 0
local BYTES_PER_MEGABYTE = 1000000
-- Made-up ids begin above it. Centreon numbers its pollers and groups from 1.
local HIGHEST_REAL_ID = 1000000

local function hostKey(hostId)
    return string.format("host %d", hostId)
end

local function serviceKey(hostId, serviceId)
    return string.format("service %d %d", hostId, serviceId)
end

local function line(eventType, fields)
    local all = {
        {"_type", eventType},
        {
            "category",
            math.floor(eventType / ELEMENTS_PER_CATEGORY)
        },
        {"element", eventType % ELEMENTS_PER_CATEGORY}
    }
    for ____, field in ipairs(fields) do
        all[#all + 1] = field
    end
    return encode({fields = all}) .. "\n"
end

-- What takes an event to the file at `path`, until that has `limit` megabytes. An empty path: undefined.
function exports.createRecorder(path, limit, ports)
    if path == "" then
        return nil
    end
    local ____ports_0 = ports
    local names = ____ports_0.names
    local opened, problem = ports.files.open(path, "ab")
    if opened == nil then
        ports.warning(((("nothing is recorded: " .. (problem or "unknown reason")) .. "; make record_path ") .. path) .. " writable for the broker")
        return nil
    end
    ports.files.makePrivate(path)
    local file = opened
    local bytes = (opened:seek("end")) or 0
    local isDefined = {}
    -- Ids of groups are made up: the cache tells only their names.
    local madeUpIds = {}
    local lastMadeUpId = HIGHEST_REAL_ID

    local function idOf(kind, name)
        local key = (kind .. " ") .. name
        local known = madeUpIds[key]
        if known ~= nil then
            return known
        end
        lastMadeUpId = lastMadeUpId + 1
        madeUpIds[key] = lastMadeUpId
        return lastMadeUpId
    end

    local function stop(reason)
        if file ~= nil then
            file:close()
        end
        file = nil
        ports.warning((("the recording of events in " .. path) .. " ends: ") .. reason)
    end

    local function write(text)
        if file == nil then
            return
        end
        file:write(text)
        -- Written at once: what comes before a crash is what is asked for.
        local isFlushed = file:flush()
        bytes = bytes + #text
        if isFlushed ~= true then
            stop("the system refused to write (is the disk full?)")
        elseif bytes >= limit * BYTES_PER_MEGABYTE then
            stop(("it has record_size_limit, " .. tostring(limit)) .. " MB")
        end
    end

    -- Whether `key` was not defined yet; from now on it is.
    local function isNew(key)
        if isDefined[key] == true then
            return false
        end
        isDefined[key] = true
        return true
    end

    local function defineCriticality(hostId, serviceId)
        local criticality = names.criticality(hostId, serviceId)
        if criticality == 0 then
            return
        end
        write(line(
            DEFINITION.customVariable,
            {
                {"host_id", hostId},
                {"service_id", serviceId},
                {"name", "CRITICALITY_LEVEL"},
                {
                    "value",
                    string.format("%d", criticality)
                },
                {"enabled", true}
            }
        ))
    end

    local function definePoller(id, name)
        if name == nil or not isNew(string.format("poller %d", id)) then
            return
        end
        write(line(DEFINITION.poller, {{"instance_id", id}, {"name", name}, {"running", true}}))
    end

    local function defineHost(hostId)
        if not isNew(hostKey(hostId)) then
            return
        end
        local name = names.hostName(hostId)
        if name == nil then
            return
        end
        local poller = names.poller(hostId)
        local pollerId = names.pollerId(hostId) or idOf("poller", poller)
        definePoller(pollerId, poller)
        write(line(
            DEFINITION.host,
            {
                {"host_id", hostId},
                {"name", name},
                {
                    "alias",
                    names.hostAlias(hostId)
                },
                {
                    "address",
                    names.hostAddress(hostId)
                },
                {
                    "timezone",
                    names.timeZone(hostId)
                },
                {"instance_id", pollerId},
                {
                    "max_check_attempts",
                    names.maximumAttempts(hostId, 0)
                },
                {
                    "flap_detection",
                    names.detectsFlapping(hostId, 0)
                },
                {
                    "severity_id",
                    names.severityId(hostId, 0)
                },
                {
                    "notes",
                    names.notes(hostId, 0)
                },
                {
                    "notes_url",
                    names.notesUrl(hostId, 0)
                },
                {
                    "action_url",
                    names.actionUrl(hostId, 0)
                },
                {"enabled", true}
            }
        ))
        for ____, group in ipairs(names.hostGroups(hostId)) do
            write(line(
                DEFINITION.hostGroupMember,
                {
                    {
                        "hostgroup_id",
                        idOf("host group", group)
                    },
                    {"host_id", hostId},
                    {"name", group},
                    {"enabled", true}
                }
            ))
        end
        defineCriticality(hostId, 0)
    end

    local function defineService(hostId, serviceId)
        if not isNew(serviceKey(hostId, serviceId)) then
            return
        end
        local description = names.serviceDescription(hostId, serviceId)
        if description == nil then
            return
        end
        write(line(
            DEFINITION.service,
            {
                {"host_id", hostId},
                {"service_id", serviceId},
                {"description", description},
                {
                    "display_name",
                    names.displayName(hostId, serviceId) or description
                },
                {
                    "max_check_attempts",
                    names.maximumAttempts(hostId, serviceId)
                },
                {
                    "type",
                    names.isAnomalyDetection(hostId, serviceId) and ANOMALY_DETECTION or ORDINARY_SERVICE
                },
                {
                    "is_volatile",
                    names.isVolatile(hostId, serviceId)
                },
                {
                    "flap_detection",
                    names.detectsFlapping(hostId, serviceId)
                },
                {
                    "severity_id",
                    names.severityId(hostId, serviceId)
                },
                {
                    "notes",
                    names.notes(hostId, serviceId)
                },
                {
                    "notes_url",
                    names.notesUrl(hostId, serviceId)
                },
                {
                    "action_url",
                    names.actionUrl(hostId, serviceId)
                },
                {"enabled", true}
            }
        ))
        for ____, group in ipairs(names.serviceGroups(hostId, serviceId)) do
            write(line(
                DEFINITION.serviceGroupMember,
                {
                    {
                        "servicegroup_id",
                        idOf("service group", group)
                    },
                    {"host_id", hostId},
                    {"service_id", serviceId},
                    {"name", group},
                    {"enabled", true}
                }
            ))
        end
        defineCriticality(hostId, serviceId)
    end

    local function defineBusinessActivity(id)
        local name = names.businessActivity(id)
        if name == nil or not isNew(string.format("business activity %d", id)) then
            return
        end
        write(line(DEFINITION.businessActivity, {{"ba_id", id}, {"ba_name", name}}))
    end

    -- Configuration that is told again: what stands in the file before may be out of date.
    local function defineAnew(hostId, serviceId)
        isDefined[serviceId == nil and hostKey(hostId) or serviceKey(hostId, serviceId)] = nil
        defineHost(hostId)
        if serviceId ~= nil then
            defineService(hostId, serviceId)
        end
    end

    local function take(event)
        local eventType = event._type
        local recorded = RECORDED[eventType]
        if recorded == nil then
            return
        end
        local values = event

        local function idIn(name)
            local ____values_name_3 = values[name]
            if ____values_name_3 == nil then
                ____values_name_3 = 0
            end
            return ____values_name_3
        end
        local isConfiguration = recorded == HOST_CONFIGURATION or recorded == SERVICE_CONFIGURATION
        if isConfiguration and values.enabled == true then
            -- The cache has it already, and more of it than the connector reads from the event.
            defineAnew(
                idIn("host_id"),
                recorded.about == "service" and idIn("service_id") or nil
            )
            return
        end
        local fields = {}
        for ____, group in ipairs(recorded.fields) do
            for ____, name in ipairs(group) do
                fields[#fields + 1] = {name, values[name]}
            end
        end
        if recorded.about == "business activity" then
            defineBusinessActivity(idIn("ba_id"))
        elseif recorded.about == "poller" then
            definePoller(
                idIn("poller_id"),
                names.pollerName(idIn("poller_id"))
            )
        elseif recorded.about ~= "nothing" and not isConfiguration then
            defineHost(idIn("host_id"))
            if recorded.about == "service" then
                defineService(
                    idIn("host_id"),
                    idIn("service_id")
                )
            end
        end
        write(line(eventType, fields))
    end
    return function(event)
        if file == nil then
            return
        end
        -- The event is not taken yet: whatever fails here must not cost it.
        local isTaken, fault = pcall(take, event)
        if not isTaken then
            stop("unexpected error, please report it: " .. tostring(fault))
        end
    end
end
return exports
 end,

-- -------------------- src/alerts/learnt.ts --------------------
["src.alerts.learnt"] = function(...)
-- What is learnt of an alert where PagerDuty's REST API is asked: what that makes of what is delivered (the table "What
-- PagerDuty's people did" of design.md). Pure; who asks, and whether the answer counts, is feedback's to know.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local recordEnded = ____alert.recordEnded

-- Whether an acknowledgement of Centreon's stands that still counts.
function exports.isAcknowledgedHere(____bindingPattern0)
    local facts
    facts = ____bindingPattern0.facts
    return facts.isAcknowledged and facts.isAcknowledgementOutgrown ~= true
end

-- Whether an acknowledgement of the alert can be one of people: of the rest nobody can acknowledge anything in Centreon.
function exports.isForPeopleToAcknowledge(____bindingPattern0)
    local isAcknowledgedByHold
    local resource
    resource = ____bindingPattern0.resource
    isAcknowledgedByHold = ____bindingPattern0.isAcknowledgedByHold
    return resource.hostId ~= nil and isAcknowledgedByHold ~= true
end

-- As far as is known. What has never been seen there, or is on its way, differs in nothing.
function exports.differingOf(alert)
    local ____alert_0 = alert
    local delivered = ____alert_0.delivered
    local desired = ____alert_0.desired
    local isCertain = ____alert_0.isCertain
    local wantsAcknowledge = ____alert_0.wantsAcknowledge
    if desired == "resolved" then
        return nil
    end
    if delivered == "closed" then
        return "closed there"
    end
    if not isCertain or not exports.isForPeopleToAcknowledge(alert) then
        return nil
    end
    local isHere = exports.isAcknowledgedHere(alert)
    if delivered == "acknowledged" and not isHere then
        return "acknowledged there only"
    end
    local isTakenBackThere = delivered == "triggered" and isHere and alert.incident ~= nil
    return isTakenBackThere and wantsAcknowledge == nil and "acknowledged here only" or nil
end

local function note(alert, incident)
    local ____opt_1 = alert.incident
    if (____opt_1 and ____opt_1.id) == incident.id then
        return "nothing"
    end
    alert.incident = incident
    return "noted"
end

-- An action that brings PagerDuty to where Centreon is, is on its way or will be: its outcome tells more than this.
local function isUnsettled(____bindingPattern0)
    local desired
    local isCertain
    isCertain = ____bindingPattern0.isCertain
    desired = ____bindingPattern0.desired
    return not isCertain and desired ~= "resolved"
end

-- Whoever acknowledges there has seen it as grave as it was told, unlike whoever did in Centreon before it got worse.
local function noteSeverity(alert, isAcknowledged)
    local ____alert_3 = alert
    local facts = ____alert_3.facts
    local deliveredSeverity = ____alert_3.deliveredSeverity
    local acknowledgedThereAs = ____alert_3.acknowledgedThereAs
    local severity = isAcknowledged and deliveredSeverity or nil
    if acknowledgedThereAs ~= severity then
        alert.acknowledgedThereAs = severity
    end
    if isAcknowledged and facts.isAcknowledgementOutgrown == true then
        facts.acknowledgedSeverity = severity
    end
end

-- PagerDuty has the alert open. `now`: the connector's clock.
function exports.learnOpen(alert, incident, isAcknowledged, now)
    local ____alert_4 = alert
    local delivered = ____alert_4.delivered
    local noted = note(alert, incident)
    local state = isAcknowledged and "acknowledged" or "triggered"
    if delivered == state or isUnsettled(alert) then
        return noted
    end
    alert.delivered = state
    -- How grave it is there nobody says: it is raised to what it is here. A person who has it in hand knows.
    if delivered == "none" then
        alert.deliveredSeverity = isAcknowledged and alert.severity or "info"
    end
    noteSeverity(alert, isAcknowledged)
    if isAcknowledged then
        alert.acknowledgedAt = now
    end
    if delivered == "acknowledged" then
        return "triggered again"
    end
    if delivered == "triggered" then
        return "acknowledged"
    end
    if alert.closing ~= nil then
        alert.closing = nil
    end
    return "taken over"
end

-- An alert has been closed, by somebody else than us. Gives whether that is news; of one that is known to be closed it is
-- when nothing but getting worse would have opened it anew.
function exports.learnClosed(alert, ____bindingPattern0, reopening)
    local at
    local by
    by = ____bindingPattern0.by
    at = ____bindingPattern0.at
    local ____temp_7 = alert.delivered == "closed"
    if ____temp_7 then
        local ____opt_5 = alert.closing
        ____temp_7 = (____opt_5 and ____opt_5.lastCheck) == nil
    end
    local isLeftClosed = ____temp_7
    if not (isOpen(alert) or isLeftClosed) or isUnsettled(alert) then
        return false
    end
    if reopening == "at once" then
        recordEnded(alert, nil)
    else
        local ____temp_8
        if reopening == "never" then
            ____temp_8 = nil
        else
            ____temp_8 = alert.facts.lastCheck
        end
        local lastCheck = ____temp_8
        recordEnded(alert, {by = by, at = at, lastCheck = lastCheck})
    end
    return true
end
return exports
 end,

-- -------------------- src/feedback/apply.ts --------------------
["src.feedback.apply"] = function(...)
-- What follows from a fact: what is known of the alert changes, the book is told, and one line says so. The rules of it
-- are the alerts' (alerts/learnt.ts); who closed what, and whether it is opened anew, is read here.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
local ____learnt = require("src.alerts.learnt")
local learnClosed = ____learnt.learnClosed
local learnOpen = ____learnt.learnOpen
local ____compare = require("src.feedback.compare")
local markOf = ____compare.markOf

local function whereOf(____bindingPattern0)
    local number
    number = ____bindingPattern0.number
    return string.format("incident #%.0f", number)
end

-- Who closed it, in doubt a person: they are believed; undefined: PagerDuty itself, or something that uses its API.
function exports.closerOf(____bindingPattern0)
    local changedBy
    local status
    status = ____bindingPattern0.status
    changedBy = ____bindingPattern0.changedBy
    if status ~= "resolved" or changedBy == nil then
        return "somebody"
    end
    return changedBy.isPerson and changedBy.name or nil
end

function exports.reopeningOf(choice, isByPerson, isQuiet)
    if choice == "never" or choice == "timeout" and isByPerson then
        return "never"
    end
    -- Of a poller that nothing is heard of, only a check can say that the problem lasts.
    return (isByPerson or isQuiet) and "by a later check" or "at once"
end

local function openWords(learnt, incident)
    local where = whereOf(incident)
    local ____incident_0 = incident
    local acknowledgement = ____incident_0.acknowledgement
    local status = ____incident_0.status
    local by = acknowledgement == nil and "" or " by " .. acknowledgement.by
    if learnt == "acknowledged" then
        return ((where .. " was acknowledged") .. by) .. " in PagerDuty"
    end
    if learnt == "triggered again" then
        return where .. " is not acknowledged any more in PagerDuty"
    end
    return (((("PagerDuty has " .. where) .. " open for it (") .. status) .. by) .. "): it is taken over"
end

-- Applies one fact.
function exports.apply(fact, ports)
    local ____fact_1 = fact
    local alert = ____fact_1.alert
    local label = ((nameOf(alert) .. " (") .. alert.dedupKey) .. ")"
    if fact.kind == "ended" then
        local ____fact_2 = fact
        local incident = ____fact_2.incident
        local by = exports.closerOf(incident)
        local reopening = exports.reopeningOf(
            ports.reopen,
            by ~= nil,
            ports.isOfQuietPoller(alert)
        )
        if not learnClosed(alert, {by = by, at = incident.changedAt}, reopening) then
            return
        end
        local whoever = by or "PagerDuty itself (a timeout, or the API)"
        ports.info((((label .. ": ") .. whereOf(incident)) .. " was closed by ") .. whoever)
        ports.learnt(alert)
        return
    end
    local ____fact_found_3 = fact.found
    local incident = ____fact_found_3.incident
    local since = ____fact_found_3.since
    local isAcknowledged = incident.status == "acknowledged"
    local learnt = learnOpen(
        alert,
        markOf(incident),
        isAcknowledged,
        ports.now()
    )
    if learnt == "nothing" then
        return
    end
    if learnt == "noted" then
        ports.noted(alert)
        return
    end
    ports.info((label .. ": ") .. openWords(learnt, incident))
    ports.learnt(alert)
    if learnt == "triggered again" then
        ports.unacknowledged(alert, incident)
    elseif isAcknowledged and incident.acknowledgement ~= nil then
        ports.acknowledged(alert, incident, since)
    end
end
return exports
 end,

-- -------------------- src/feedback/carry.ts --------------------
["src.feedback.carry"] = function(...)
-- Where what people did in PagerDuty is carried to: the seam for telling Centreon. Owns no more than its form.
local exports = {}
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp

-- Whether the acknowledgement is of this problem: the alert was in the incident before it. Times are of UTC and of one form;
-- of others nobody can tell, and they are not believed.
function exports.isOfThisProblem(since, at)

    local function isTime(text)
        return (string.match(text, "^%d%d%d%d%-%d%d%-%d%dT[%d:.]+Z$")) ~= nil
    end
    return isTime(since) and isTime(at) and string.sub(since, 1, 19) <= string.sub(at, 1, 19)
end

-- Whether the problem was there at a time, as PagerDuty writes it: an incident that a person is to end (pdy_resolve 0) may be
-- acknowledged for the one before. Clocks differ: it was not, where neither the poller nor this server can have seen it.
function exports.wasThereAt(____bindingPattern0, at)
    local report
    local facts
    facts = ____bindingPattern0.facts
    report = ____bindingPattern0.report
    local since = math.max(
        0,
        math.min(facts.problemSince or 0, report and report.lastOk or 0)
    )
    return exports.isOfThisProblem(
        utcTimestamp(since) or "",
        at
    )
end
return exports
 end,

-- -------------------- src/feedback/services.ts --------------------
["src.feedback.services"] = function(...)
-- Which of PagerDuty's services our alerts are at, by the integration keys that lead to them; the key of an orchestration
-- leads nowhere in particular. Knows no incidents.
local exports = {}
-- Above so many the address would be too long for some proxies: all are asked for then.
local MOST_ASKED = 100

-- `routingKeys` by their labels; `givenIds`: pdy_service_ids.
function exports.findServices(all, routingKeys, givenIds)
    local byKey = {}
    for ____, ____value in ipairs(all) do
        local id = ____value.id
        local keys = ____value.routingKeys
        for ____, key in ipairs(keys) do
            byKey[key] = id
        end
    end
    local ofRoute = {}
    local routes = {}
    local isOurs = {}
    local ids = {}

    local function add(id)
        if isOurs[id] ~= nil then
            return
        end
        isOurs[id] = true
        ids[#ids + 1] = id
    end
    local unknown = {}
    for route, key in pairs(routingKeys) do
        local id = byKey[key]
        ofRoute[route] = id
        if id == nil then
            unknown[#unknown + 1] = route
        else
            routes[id] = route
            add(id)
        end
    end
    for ____, id in ipairs(givenIds) do
        add(id)
    end
    table.sort(unknown)
    table.sort(ids)
    local needsAll = #unknown > 0 and #givenIds == 0 or #ids > MOST_ASKED
    return {
        asked = needsAll and ({}) or ids,
        serviceOf = function(route) return ofRoute[route] end,
        routeOf = function(id) return routes[id] end,
        isOurs = function(id) return isOurs[id] ~= nil end,
        unknown = unknown
    }
end
return exports
 end,

-- -------------------- src/feedback/feedback.ts --------------------
["src.feedback.feedback"] = function(...)
-- Asks PagerDuty now and then what people did with our alerts, and has what follows from that applied: rounds, their time,
-- what must be said once, and what counts. How a round goes is round.ts', what its findings mean compare.ts' and apply.ts'.
-- Never waits, and does a little at a time; when PagerDuty's REST API fails, nothing changes but a line in the log.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local nameOf = ____alert.nameOf
local ____answers = require("src.feedback.answers")
local readNote = ____answers.readNote
local ____apply = require("src.feedback.apply")
local apply = ____apply.apply
local ____carry = require("src.feedback.carry")
local isOfThisProblem = ____carry.isOfThisProblem
local wasThereAt = ____carry.wasThereAt
local ____compare = require("src.feedback.compare")
local compare = ____compare.compare
local ____queries = require("src.feedback.queries")
local listServices = ____queries.listServices
local ____round = require("src.feedback.round")
local startRound = ____round.startRound
local ____services = require("src.feedback.services")
local findServices = ____services.findServices
-- Most requests in one round; PagerDuty takes 960 a minute of a key (an employee's word in its forum).
local MOST_REQUESTS = 100
-- Seconds for which the services are known: their integrations seldom change.
local SERVICES_KNOWN = 3600
-- Seconds after a round that failed, at least.
local FAILURE_PAUSE = 60
-- Seconds after which an open alert should be seen in some incident.
local SEEN_WITHIN = 300
-- Most facts that are applied in one turn: each may be a line of the journal.
local MOST_APPLIED = 50
-- Most alerts that are named in a line.
local MOST_NAMES = 10

-- `a, b and 3 more`.
local function namedTogether(names)
    table.sort(names)
    local shown = {}
    for ____, name in ipairs(names) do
        if #shown < MOST_NAMES then
            shown[#shown + 1] = name
        end
    end
    local others = #names - #shown
    return table.concat(shown, ", ") .. (others == 0 and "" or string.format(" and %d more", others))
end

function exports.createFeedback(settings, ports)
    local ____ports_0 = ports
    local api = ____ports_0.api
    local now = ____ports_0.now
    local carry = ____ports_0.carry
    local watching = ____ports_0.watching
    local ____settings_1 = settings
    local interval = ____settings_1.interval
    local dedupPrefix = ____settings_1.dedupPrefix
    local startedAt = now()
    -- What went out just before the start is not known: it has settled by then.
    local nextRound = startedAt + interval + 1
    local isInRound = false
    -- What ended before this cannot be undone by what was found.
    local since = startedAt
    local services
    local servicesReadAt = 0
    local unknownRoutesTold = ""
    local alertsKnown = {}
    -- When an action last ended, by dedup key; of the last rounds.
    local ended = {}
    local facts = {}
    local applied = 0
    local seen = {}
    local toCarry = {}
    local lastRead
    local problem
    local notSeen = 0
    local orphans = 0
    local elsewhere = 0
    local notSeenTold = {}
    local orphansTold = {}

    local function isRecent(dedupKey, alert)
        return (alert and alert.inFlight) ~= nil or since <= startedAt or (ended[dedupKey] or startedAt) >= since
    end

    local function endRound()
        isInRound = false
        nextRound = math.max(
            nextRound,
            now()
        )
    end

    local function fail(trouble)
        local isFailure = trouble.kind == "failed"
        local retryAfter = isFailure and (trouble.retryAfter or 0) or 0
        nextRound = math.max(
            nextRound,
            now() + math.max(FAILURE_PAUSE, retryAfter)
        )
        endRound()
        local reason = isFailure and trouble.reason or (trouble.kind == "too much" and "more is open than can be listed: name your services in pdy_service_ids" or "HTTP 404")
        local remedy = isFailure and trouble.remedy ~= nil and "; " .. trouble.remedy or ""
        if problem == nil then
            ports.warning((("what people do in PagerDuty is not known: its REST API cannot be read: " .. reason) .. remedy) .. ". Alerts go on as if it were not asked; it is tried again and again")
        end
        problem = reason .. remedy
    end

    local function succeed()
        if problem ~= nil then
            ports.warning("PagerDuty's REST API can be read again")
        end
        problem = nil
        lastRead = now()
    end

    local function tellNotSeen()
        local fresh = {}
        local still = {}
        ports.eachAlert(function(alert)
            local isDue = isOpen(alert) and alert.isCertain and now() - alert.triggeredAt >= SEEN_WITHIN
            if not isDue or alert.incident ~= nil or seen[alert] ~= nil then
                return
            end
            still[#still + 1] = alert
            if notSeenTold[alert] == nil then
                fresh[#fresh + 1] = ((nameOf(alert) .. " (") .. alert.dedupKey) .. ")"
            end
        end)
        notSeen = #still
        for alert in pairs(notSeenTold) do
            notSeenTold[alert] = nil
        end
        for ____, alert in ipairs(still) do
            notSeenTold[alert] = true
        end
        if #fresh == 0 then
            return
        end
        ports.warning(("PagerDuty took these, and no open incident of theirs is to be seen: " .. namedTogether(fresh)) .. ". Are they suppressed or dropped by event rules, is the service disabled or in maintenance, or does pdy_api_key see too little? Nothing is sent again for that")
    end

    -- Where an orchestration sends alerts nobody knows; a prefix tells ours from those of others.
    local function isOurs(____bindingPattern0, known)
        local serviceId
        serviceId = ____bindingPattern0.serviceId
        return known.isOurs(serviceId) or #known.asked == 0 and dedupPrefix ~= ""
    end

    -- What is open there while nothing here calls for it, on services that are ours.
    local function takeUnknown(unknown, known)
        local ours = {}
        for ____, one in ipairs(unknown) do
            if isOurs(one.incident, known) then
                ours[#ours + 1] = one
            end
        end
        local proved = watching.take(ours)
        orphans = #proved
        local isStill = {}
        for ____, ____value in ipairs(proved) do
            local resource = ____value.resource
            local dedupKey = ____value.dedupKey
            local incident = ____value.incident
            local proof = ____value.proof
            isStill[dedupKey] = true
            local route = known.routeOf(incident.serviceId)
            local isResolved = settings.resolvesOrphans and route ~= nil
            local what = (((((("PagerDuty has incident #" .. string.format("%.0f", incident.number)) .. " open for ") .. dedupKey) .. " (") .. incident.title) .. "), and ") .. proof
            local isTold = orphansTold[dedupKey] ~= nil
            orphansTold[dedupKey] = true
            if isResolved and not isTold then
                ports.info(what .. ": it is resolved (pdy_resolve_orphans)")
                ports.resolveUnknown(resource, route)
            elseif not isTold then
                local remedy = route == nil and "Resolve it in PagerDuty: no routing key of ours leads to its service for sure" or "Resolve it in PagerDuty, or set pdy_resolve_orphans to 1"
                ports.warning((what .. ": an orphan, perhaps of a journal that was lost. ") .. remedy)
            end
        end
        for key in pairs(orphansTold) do
            if not (isStill[key] ~= nil) then
                orphansTold[key] = nil
            end
        end
    end

    local function takeFindings(findings, known)
        local comparison = compare(findings, {find = ports.find, dedupPrefix = dedupPrefix, serviceOf = known.serviceOf, isRecent = isRecent})
        facts = comparison.facts
        seen = comparison.seen
        applied = 0
        takeUnknown(comparison.unknown, known)
        elsewhere = 0
        for ____, incident in ipairs(comparison.elsewhere) do
            if isOurs(incident, known) then
                elsewhere = elsewhere + 1
            end
        end
    end

    local function expected()
        local listed = {}
        ports.eachAlert(function(alert)
            local ____alert_4 = alert
            local incident = ____alert_4.incident
            if incident ~= nil and isOpen(alert) then
                listed[#listed + 1] = {key = dedupPrefix .. alert.dedupKey, incidentId = incident.id}
            end
        end)
        return listed
    end

    local function readIncidents(known)
        startRound(
            known.asked,
            alertsKnown,
            {
                api = api,
                expected = expected,
                ended = function(findings, trouble)
                    if trouble ~= nil then
                        fail(trouble)
                        return
                    end
                    succeed()
                    takeFindings(findings, known)
                end
            }
        )
    end

    local function tellUnknownRoutes(____bindingPattern0)
        local asked
        local unknown
        unknown = ____bindingPattern0.unknown
        asked = ____bindingPattern0.asked
        local words = table.concat(unknown, ", ")
        if words == unknownRoutesTold then
            return
        end
        unknownRoutesTold = words
        if #unknown == 0 or #asked > 0 then
            return
        end
        ports.info(("no service that pdy_api_key sees has the keys of these routes (those of orchestrations are nobody's): " .. words) .. ". The incidents of all services that it sees are asked for; pdy_service_ids names those that are wanted")
    end

    local function readServices()
        local all = {}
        listServices(
            api,
            function(service)
                local ____temp_5 = #all + 1
                all[____temp_5] = service
                return ____temp_5
            end,
            function(trouble)
                if trouble ~= nil then
                    fail(trouble)
                    return
                end
                services = findServices(all, settings.routingKeys, settings.serviceIds)
                servicesReadAt = now()
                tellUnknownRoutes(services)
                readIncidents(services)
            end
        )
    end

    local function begin()
        local time = now()
        isInRound = true
        since = time - interval
        nextRound = time + interval
        for key, at in pairs(ended) do
            if at ~= nil and at < since then
                ended[key] = nil
            end
        end
        api.begin(MOST_REQUESTS)
        if services == nil or time - servicesReadAt >= SERVICES_KNOWN then
            readServices()
        else
            readIncidents(services)
        end
    end
    local applyPorts = {
        now = now,
        reopen = settings.reopen,
        isOfQuietPoller = ports.isOfQuietPoller,
        learnt = ports.learnt,
        noted = ports.noted,
        info = ports.info,
        acknowledged = function(alert, incident, alertSince)
            if carry ~= nil then
                toCarry[#toCarry + 1] = {alert = alert, incident = incident, since = alertSince}
            end
        end,
        unacknowledged = function(alert, incident)
            if carry ~= nil then
                carry.unacknowledged(alert, incident)
            end
        end
    }

    local function isStillKnown(alert)
        return ports.find(alert.resource) == alert
    end

    local function applySome()
        for _ = 1, MOST_APPLIED do
            local fact = facts[applied + 1]
            if fact == nil then
                return
            end
            applied = applied + 1
            local alert = fact.alert
            if isStillKnown(alert) and not isRecent(alert.dedupKey, alert) then
                apply(fact, applyPorts)
            end
        end
    end

    -- Reads the notes of the next incident that a person acknowledged, and tells of it.
    local function carryNext(____bindingPattern0, to)
        local alertSince
        local incident
        local alert
        alert = ____bindingPattern0.alert
        incident = ____bindingPattern0.incident
        alertSince = ____bindingPattern0.since
        local ____incident_6 = incident
        local acknowledgement = ____incident_6.acknowledgement
        if acknowledgement == nil or not isOfThisProblem(alertSince, acknowledgement.at) then
            return
        end
        if not wasThereAt(alert, acknowledgement.at) then
            return
        end
        local last
        api.list(
            ("/incidents/" .. incident.id) .. "/notes",
            "notes",
            {},
            function(item)
                local note = readNote(item)
                if note ~= nil and (last == nil or note.at >= last.at) then
                    last = note
                end
            end,
            function()
                -- Without its notes, it is told all the same.
                if not isStillKnown(alert) or alert.delivered ~= "acknowledged" or alert.desired == "resolved" then
                    return
                end
                if alert.facts.isAcknowledged then
                    return
                end
                to.acknowledged({
                    alert = alert,
                    by = acknowledgement.by,
                    at = acknowledgement.at,
                    since = alertSince,
                    incidentNumber = incident.number,
                    address = incident.address,
                    lastNote = last and last.content
                })
            end
        )
    end

    local function finish()
        local next = table.remove(toCarry)
        if next ~= nil and carry ~= nil then
            carryNext(next, carry)
            return
        end
        facts = {}
        tellNotSeen()
        seen = {}
        endRound()
    end
    return {
        look = function()
            if not isInRound and now() >= nextRound then
                begin()
            end
        end,
        turn = function(bytes)
            if not isInRound then
                return false
            end
            local isReading = api.turn(bytes)
            if api.isUnderWay() then
                return isReading
            end
            if applied < #facts then
                applySome()
            else
                finish()
            end
            return isInRound and not api.isUnderWay()
        end,
        isUnderWay = function() return isInRound end,
        actionEnded = function(____bindingPattern0)
            local dedupKey
            dedupKey = ____bindingPattern0.dedupKey
            ended[dedupKey] = now()
        end,
        status = function() return {
            lastRead = lastRead,
            problem = problem,
            notSeen = notSeen,
            orphans = orphans,
            unknown = watching.unproved(),
            elsewhere = elsewhere
        } end
    }
end
return exports
 end,

-- -------------------- src/feedback/centreon_session.ts --------------------
["src.feedback.centreon_session"] = function(...)
-- Asks Centreon's API as a user: with the token that was given, or with that of a log-in, which is renewed once it has
-- ended. One question at a time. What is asked for, and what follows from an answer, is others' to know; does not wait.
--
-- https://docs-api.centreon.com, "Authentication" (AuthenticationController::login; since 21.10): the token of a log-in ends
-- when it was not used for a while (two hours, unless set otherwise).
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
local encodeString = ____json.encodeString
local UNAUTHORIZED = 401
local FORBIDDEN = 403

-- The field of an object; undefined: it has none, or is none.
function exports.fieldOf(value, name)
    local ____temp_0
    if type(value) == "table" then
        ____temp_0 = value[name]
    else
        ____temp_0 = nil
    end
    return ____temp_0
end

-- What the JSON text is; undefined: it is none.
function exports.decodedOf(text)
    local read = decode(text)
    local ____read_ok_1
    if read.ok then
        ____read_ok_1 = read.value
    else
        ____read_ok_1 = nil
    end
    return ____read_ok_1
end

-- The session of `account` with the Centreon at `url`, its base path included.
function exports.createCentreonSession(url, account, send)
    local base = string.gsub(url, "/+$", "")
    local token = account.kind == "token" and account.token or nil

    local function askWith(header, method, path, body, ended)
        local headers = {"Content-Type: application/json", "Expect:"}
        for ____, line in ipairs(header) do
            headers[#headers + 1] = line
        end
        send(
            {method = method, url = (base .. "/api/latest/") .. path, headers = headers, body = body},
            function(answer, text)
                ended(type(answer) == "string" and ({kind = "unanswered", reason = answer}) or ({kind = "answered", status = answer, body = text}))
            end
        )
    end

    -- What the answer to a log-in says against it; undefined: nothing, its token is held.
    local function logInTrouble(user, answer)
        if answer.kind ~= "answered" then
            return answer
        end
        local ____answer_2 = answer
        local status = ____answer_2.status
        local body = ____answer_2.body
        if status == UNAUTHORIZED or status == FORBIDDEN then
            local reason = string.format("the log-in of \"%s\" is refused (HTTP %d); check centreon_api_user and centreon_api_password, and whether the account is locked", user, status)
            return {kind = "log-in refused", reason = reason}
        end
        if status ~= 200 then
            return answer
        end
        local given = exports.fieldOf(
            exports.fieldOf(
                exports.decodedOf(body),
                "security"
            ),
            "token"
        )
        if type(given) ~= "string" then
            return {kind = "unanswered", reason = "what answers the log-in is not Centreon's API; check centreon_api_url"}
        end
        token = given
        return nil
    end

    local function ask(method, path, body, ended)

        local function askKnown(known, answered)
            askWith(
                {"X-AUTH-TOKEN: " .. known},
                method,
                path,
                body,
                answered
            )
        end
        if account.kind == "token" then
            askKnown(account.token, ended)
            return
        end
        local ____account_3 = account
        local user = ____account_3.user
        local password = ____account_3.password

        local function logIn()
            local credentials = ((("{\"login\":" .. encodeString(user)) .. ",\"password\":") .. encodeString(password)) .. "}"
            askWith(
                {},
                "POST",
                "login",
                ("{\"security\":{\"credentials\":" .. credentials) .. "}}",
                function(answer)
                    local trouble = logInTrouble(user, answer)
                    if trouble ~= nil or token == nil then
                        ended(trouble or answer)
                        return
                    end
                    askKnown(
                        token,
                        function(second)
                            local isStrange = second.kind == "answered" and second.status == UNAUTHORIZED
                            ended(isStrange and ({kind = "unanswered", reason = "HTTP 401, though it took the log-in"}) or second)
                        end
                    )
                end
            )
        end
        if token == nil then
            logIn()
            return
        end
        askKnown(
            token,
            function(answer)
                if answer.kind ~= "answered" or answer.status ~= UNAUTHORIZED then
                    ended(answer)
                    return
                end
                token = nil
                logIn()
            end
        )
    end
    return {
        ask = ask,
        askOpenly = function(path, ended)
            askWith(
                {},
                "GET",
                path,
                "",
                ended
            )
        end,
        isLoggedIn = function() return account.kind == "log-in" and token ~= nil end
    }
end
return exports
 end,

-- -------------------- src/feedback/centreon_api.ts --------------------
["src.feedback.centreon_api"] = function(...)
-- Acknowledges through Centreon's API, and takes that back: what is asked for, and what an answer means. Knows no
-- PagerDuty, and does not wait; who asks is centreon_session.ts'.
--
-- https://docs-api.centreon.com, "Acknowledge resources" (AcknowledgementController; since 21.10).
local exports = {}
local REMEDIES
local ____json = require("src.text.json")
local encodeString = ____json.encodeString

-- A status that is no good, and what to do about it.
function exports.statusText(status)
    -- What leads elsewhere is not Centreon's API.
    local remedy = REMEDIES[status] or (status < 400 and "check centreon_api_url" or nil)
    local text = string.format("HTTP %d", status)
    return remedy == nil and text or (text .. "; ") .. remedy
end
-- The actions that its user needs: each of its own.
exports.ACTIONS = "the actions \"Acknowledge\" and \"Disacknowledge\", each for \"a host\" and \"a service\""
REMEDIES = {[401] = "check centreon_api_token, and whether it has expired", [403] = ("give the user of the API " .. exports.ACTIONS) .. ", access to the resources, and \"Reach API Realtime\"", [404] = "give the user of the API access to the resources, and check centreon_api_url: it is Centreon's address with its path, such as https://centreon.example.com/centreon"}
-- These say nothing of what was asked for.
local LATER = {[401] = true, [408] = true, [429] = true}

local function meaningOf(answer)
    if answer.kind == "unanswered" then
        return {kind = "failed", reason = answer.reason}
    end
    if answer.kind == "log-in refused" then
        return {kind = "kept out", reason = answer.reason}
    end
    local ____answer_0 = answer
    local status = ____answer_0.status
    if status >= 200 and status < 300 then
        return {kind = "taken"}
    end
    local isRefused = status >= 400 and status < 500 and LATER[status] ~= true
    return {
        kind = isRefused and "refused" or "failed",
        reason = exports.statusText(status)
    }
end

-- How Centreon's API names the alert's resource; undefined for what cannot be acknowledged there.
function exports.resourceOf(____bindingPattern0)
    local place
    local resource
    resource = ____bindingPattern0.resource
    place = ____bindingPattern0.place
    if not (resource.hostId ~= nil) then
        return nil
    end
    if resource.kind == "host" then
        return string.format("{\"type\":\"host\",\"id\":%d,\"parent\":null}", resource.hostId)
    end
    if (place and place.metaServiceId) ~= nil then
        return string.format("{\"type\":\"metaservice\",\"id\":%d,\"parent\":null}", place.metaServiceId)
    end
    return string.format("{\"type\":\"service\",\"id\":%d,\"parent\":{\"id\":%d}}", resource.serviceId, resource.hostId)
end

function exports.createCentreonApi(session)

    local function ask(method, path, body, ended)
        session.ask(
            method,
            "monitoring/resources/" .. path,
            body,
            function(answer)
                ended(meaningOf(answer))
            end
        )
    end
    return {
        acknowledge = function(resource, comment, ended)
            local acknowledgement = ("{\"comment\":" .. encodeString(comment)) .. ",\"is_sticky\":true,\"is_notify_contacts\":false,\"is_persistent_comment\":false,\"with_services\":false,\"force_active_checks\":false}"
            local body = ((("{\"acknowledgement\":" .. acknowledgement) .. ",\"resources\":[") .. resource) .. "]}"
            ask("POST", "acknowledge", body, ended)
        end,
        takeBack = function(resource, ended)
            local body = ("{\"disacknowledgement\":{\"with_services\":false},\"resources\":[" .. resource) .. "]}"
            ask("DELETE", "acknowledgements", body, ended)
        end
    }
end
return exports
 end,

-- -------------------- src/feedback/telling.ts --------------------
["src.feedback.telling"] = function(...)
-- Tells Centreon who acknowledged in PagerDuty, and takes that back when it has ended there: what waits to be told, what
-- still holds of it, when it is tried again, and what the log says. How Centreon is asked is centreon_api.ts'.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
local ____carried = require("src.alerts.carried")
local acknowledgerOf = ____carried.acknowledgerOf
local ____utf8 = require("src.text.utf8")
local cutToCharacters = ____utf8.cutToCharacters
local ____centreon_api = require("src.feedback.centreon_api")
local ACTIONS = ____centreon_api.ACTIONS
local resourceOf = ____centreon_api.resourceOf
-- Centreon keeps so many characters of a comment (`comment_data` of its table `acknowledgements`).
local LONGEST_COMMENT = 255
-- Seconds until Centreon is tried again after a failure: at first, and at most.
local FIRST_PAUSE = 10
local LONGEST_PAUSE = 300
-- Seconds until a log-in that was refused is tried again. Centreon locks an account after five wrong passwords, for a
-- quarter of an hour (its password security policy, as installed).
local KEPT_OUT_PAUSE = 3600
-- Seconds within which what Centreon took should come back as an event.
local BACK_WITHIN = 300

-- Without what Centreon takes out of a comment, or makes of it.
local function plain(text)
    local withoutQuotes = string.gsub(text, "\"", "")
    local line = string.gsub(withoutQuotes, "[%c%s]+", " ")
    return line
end

local function carriedOf(____bindingPattern0)
    local lastNote
    local address
    local incidentNumber
    local by
    by = ____bindingPattern0.by
    incidentNumber = ____bindingPattern0.incidentNumber
    address = ____bindingPattern0.address
    lastNote = ____bindingPattern0.lastNote
    local mark = plain(string.format("(PagerDuty #%.0f %s)", incidentNumber, address))
    local note = lastNote == nil and "" or ": " .. lastNote
    return {
        step = "to tell",
        mark = mark,
        comment = cutToCharacters(
            plain(((by .. " ") .. mark) .. note),
            LONGEST_COMMENT
        )
    }
end

function exports.createTelling(ports)
    local ____ports_0 = ports
    local api = ____ports_0.api
    local now = ____ports_0.now
    -- Those that something is carried of, and since when they are in the step that they are in.
    local since = {}
    local hasRecalled = false
    local isUnderWay = false
    local nextTry = 0
    local pause = FIRST_PAUSE
    local failing
    local refusalTold
    -- Whether it was said that nothing came of what was told, and of what was taken back.
    local isSilenceTold = {told = false, ["taken back"] = false}

    local function labelOf(alert)
        return ((nameOf(alert) .. " (") .. alert.dedupKey) .. ")"
    end

    local function setStep(alert, step, author)
        local ____alert_1 = alert
        local carried = ____alert_1.carried
        if carried == nil then
            return
        end
        local ____carried_2 = carried
        local mark = ____carried_2.mark
        local comment = ____carried_2.comment
        alert.carried = {step = step, mark = mark, comment = comment, author = author}
        since[alert] = now()
    end

    local function drop(alert)
        alert.carried = nil
        since[alert] = nil
        ports.noted(alert)
    end

    -- It came back as an event.
    local function stand(alert)
        local ____alert_5 = alert
        local ____opt_3 = alert.acknowledgement
        setStep(____alert_5, "stands", ____opt_3 and ____opt_3.author)
        isSilenceTold.told = false
        ports.noted(alert)
    end

    local function tellSilence(alert, at, step)
        if isSilenceTold[step] or now() - at < BACK_WITHIN then
            return
        end
        isSilenceTold[step] = true
        local what = step == "told" and ("Centreon took the acknowledgement of " .. labelOf(alert)) .. ", and nothing came of it" or ("Centreon was to take back the acknowledgement of " .. labelOf(alert)) .. ", and it still stands there"
        ports.warning(((what .. ": its API leaves out silently what its user may not do; give that user ") .. ACTIONS) .. ", and access to the resources")
    end

    -- Finds out what still holds of what is carried of the alert.
    local function examine(alert, at)
        local ____alert_6 = alert
        local carried = ____alert_6.carried
        local facts = ____alert_6.facts
        if carried == nil or ports.find(alert.resource) ~= alert then
            since[alert] = nil
            return
        end
        local ____carried_7 = carried
        local step = ____carried_7.step
        local author = ____carried_7.author
        local by = acknowledgerOf(alert)
        local hasEnded = alert.delivered ~= "acknowledged" and alert.isCertain
        if by == "a person" then
            drop(alert)
        elseif step == "to tell" then
            if by == "we" then
                stand(alert)
            elseif alert.delivered ~= "acknowledged" then
                drop(alert)
            end
        elseif step == "told" or step == "stands" then
            if step == "told" and by == "we" then
                stand(alert)
            elseif step == "stands" and not facts.isAcknowledged then
                drop(alert)
            elseif hasEnded then
                setStep(alert, "to take back", author)
                ports.changed(alert)
            elseif step == "told" then
                tellSilence(alert, at, step)
            end
        elseif step == "to take back" and not hasEnded then
            -- A person has acknowledged it once more.
            setStep(alert, by == "we" and "stands" or "told", author)
            ports.changed(alert)
        elseif step == "taken back" then
            if facts.isAcknowledged then
                tellSilence(alert, at, step)
            else
                isSilenceTold[step] = false
                drop(alert)
            end
        end
    end

    local function succeed()
        if failing ~= nil then
            ports.warning("Centreon's API can be reached again: it is told who acknowledges")
        end
        failing = nil
        pause = FIRST_PAUSE
    end

    local function tellOutcome(told)
        if told.kind == "failed" or told.kind == "kept out" then
            local isKeptOut = told.kind == "kept out"
            nextTry = now() + (isKeptOut and KEPT_OUT_PAUSE or pause)
            pause = math.min(pause * 2, LONGEST_PAUSE)
            local next = isKeptOut and "It is tried again once an hour, lest the account be locked, and after a restart" or "It is tried again and again"
            if failing ~= told.kind then
                ports.warning(((("Centreon cannot be told who acknowledges in PagerDuty: " .. told.reason) .. ". ") .. next) .. "; alerts go on")
            end
            failing = told.kind
            return "try again"
        end
        succeed()
        if told.kind == "taken" then
            refusalTold = nil
        elseif refusalTold ~= told.reason then
            refusalTold = told.reason
            ports.warning("Centreon refuses to be told who acknowledges in PagerDuty: " .. told.reason)
        end
        return "done"
    end

    local function acknowledge(alert, resource, carried)
        isUnderWay = true
        api.acknowledge(
            resource,
            carried.comment,
            function(told)
                isUnderWay = false
                if tellOutcome(told) == "try again" or alert.carried ~= carried then
                    return
                end
                if told.kind == "refused" then
                    drop(alert)
                    return
                end
                setStep(alert, "told", nil)
                ports.noted(alert)
                ports.info((labelOf(alert) .. ": Centreon is told: ") .. carried.comment)
            end
        )
    end

    local function takeBack(alert, resource, carried)
        isUnderWay = true
        api.takeBack(
            resource,
            function(told)
                isUnderWay = false
                if tellOutcome(told) == "try again" or alert.carried ~= carried then
                    return
                end
                -- Where Centreon refuses, it stands there, and still counts for nothing.
                setStep(alert, "taken back", carried.author)
                ports.noted(alert)
                if told.kind == "taken" then
                    ports.info(labelOf(alert) .. ": its acknowledgement has ended in PagerDuty, and is taken back in Centreon")
                end
            end
        )
    end

    -- Begins to tell what there is to tell of the alert.
    local function tell(alert)
        local ____alert_8 = alert
        local carried = ____alert_8.carried
        local resource = resourceOf(alert)
        if carried == nil or resource == nil then
            return
        end
        if carried.step == "to tell" then
            acknowledge(alert, resource, carried)
        elseif carried.step == "to take back" and acknowledgerOf(alert) == "we" then
            takeBack(alert, resource, carried)
        end
    end

    local function recall()
        hasRecalled = true
        ports.eachAlert(function(alert)
            if alert.carried ~= nil then
                since[alert] = now()
            end
        end)
    end
    return {
        acknowledged = function(acknowledgement)
            local ____acknowledgement_9 = acknowledgement
            local alert = ____acknowledgement_9.alert
            if resourceOf(alert) == nil then
                return
            end
            alert.carried = carriedOf(acknowledgement)
            since[alert] = now()
            ports.noted(alert)
        end,
        unacknowledged = function(alert)
            local at = since[alert]
            if at ~= nil then
                examine(alert, at)
            end
        end,
        look = function()
            if not hasRecalled then
                recall()
            end
            local mayTell = now() >= nextTry
            for alert, at in pairs(since) do
                if at ~= nil then
                    examine(alert, at)
                end
                if mayTell and not isUnderWay then
                    tell(alert)
                end
            end
        end,
        isUnderWay = function() return isUnderWay end
    }
end
return exports
 end,

-- -------------------- src/delivery/health.ts --------------------
["src.delivery.health"] = function(...)
-- How the delivery fares, routing key by routing key: what PagerDuty last said, and since when nothing gets through.
-- Remembers answers; sends nothing, and decides nothing about what is sent.
local exports = {}

-- Nothing heard yet. `now`: seconds that never go back.
function exports.createHealth(now)
    local failures = {}
    local accepted = 0
    local lastSuccess
    local lastAnswer
    return {
        heard = function(label, verdict)
            local at = now()
            if verdict.kind == "accepted" then
                accepted = accepted + 1
                lastSuccess = at
                lastAnswer = {text = "accepted", at = at}
            else
                lastAnswer = {text = verdict.reason, at = at}
            end
            if verdict.kind == "accepted" or verdict.kind == "refused" then
                -- Whoever refuses one event answers, and takes others.
                failures[label] = nil
                return
            end
            local ____opt_0 = failures[label]
            local since = ____opt_0 and ____opt_0.since or at
            local remedy = verdict.kind == "misconfigured" and verdict.remedy or nil
            failures[label] = {since = since, reason = verdict.reason, remedy = remedy}
        end,
        failure = function(isWaiting)
            local longest
            local over = {}
            for label, failure in pairs(failures) do
                if failure ~= nil then
                    if not isWaiting(label) then
                        over[#over + 1] = label
                    elseif longest == nil or failure.since < longest.since then
                        longest = failure
                    end
                end
            end
            for ____, label in ipairs(over) do
                failures[label] = nil
            end
            return longest
        end,
        accepted = function() return accepted end,
        lastSuccess = function() return lastSuccess end,
        lastAnswer = function() return lastAnswer end
    }
end
return exports
 end,

-- -------------------- src/pagerduty/event.ts --------------------
["src.pagerduty.event"] = function(...)
-- PagerDuty's limits and the shapes of what we send, with the place each comes from. Plain facts.
--
-- https://developer.pagerduty.com/docs/events-api-v2-overview and the OpenAPI schema of the Events API v2.
-- `payload.summary`: at most so many characters.
local exports = {}
exports.MAXIMUM_SUMMARY_CHARACTERS = 1024
-- `dedup_key`: at most so many characters.
exports.MAXIMUM_DEDUP_KEY_CHARACTERS = 255
-- The whole body: PagerDuty's 512 KB, read cautiously as thousands of bytes.
exports.MAXIMUM_BODY_BYTES = 512000

-- Whether the service behind a routing key takes change events: keys of event orchestrations and rulesets begin with R.
function exports.takesChangeEvents(routingKey)
    return string.sub(routingKey, 1, 1) ~= "R"
end
-- full: everything; slim: no details, links and images; bare: summary, source and severity only.
exports.LADDER = {"full", "slim", "bare"}
return exports
 end,

-- -------------------- src/alerts/change.ts --------------------
["src.alerts.change"] = function(...)
-- What people and pollers did beside the alerts: the record that a change event is composed from. Knows neither broker
-- nor network.
local exports = {}
return exports
 end,

-- -------------------- src/delivery/pacing.ts --------------------
["src.delivery.pacing"] = function(...)
-- When the next event of a routing key may go out: the rate PagerDuty allows, and the back-off after failures.
-- Knows no events, no network and no clock: times are passed in, in seconds of a clock that never goes back.
-- PagerDuty counts its limit over a sliding window of so many seconds.
local exports = {}
local WINDOW_SECONDS = 60

-- At most `limit` starts in any 60 seconds; 0: no limit. A sliding window: a token bucket would let nearly twice
-- as many through in its first minute.
function exports.createRateLimit(limit)
    -- The times of the starts within the window, the oldest first, as a ring.
    local times = {}
    local first = 0
    local count = 0
    return {
        room = function(now)
            if limit == 0 then
                return math.huge
            end
            -- Whole seconds: 60 apart by the clock can be 59.1 apart in truth.
            while count > 0 and now - times[first] > WINDOW_SECONDS do
                first = (first + 1) % limit
                count = count - 1
            end
            return limit - count
        end,
        started = function(now)
            if limit == 0 then
                return
            end
            times[(first + count) % limit] = now
            count = count + 1
        end
    }
end
-- The first delay and the longest, in seconds; each step doubles it.
local FIRST_DELAY = 1
local LONGEST_DELAY = 300
-- A Retry-After of more than this many seconds is somebody's mistake.
local LONGEST_RETRY_AFTER = 3600
-- Seconds between probes while the configuration is wrong: often enough to notice within a minute that it was mended.
local MISCONFIGURED_DELAY = 60

-- `random` gives numbers from 0 up to, but not including, 1.
function exports.createBackOff(random)
    local steps = 0
    local blockedUntil = 0
    local currentMark = 0

    local function block(now, delay)
        currentMark = currentMark + 1
        blockedUntil = now + delay
        return delay
    end
    return {
        mayStart = function(now, underWay) return steps == 0 or now >= blockedUntil and underWay == 0 end,
        mark = function() return currentMark end,
        failed = function(mark, now, retryAfter)
            if mark ~= currentMark then
                return nil
            end
            local longest = math.min(FIRST_DELAY * 2 ^ steps, LONGEST_DELAY)
            steps = steps + 1
            -- Jitter, so that many connectors that lost the same PagerDuty do not come back at one moment.
            local delay = math.ceil(longest * (0.5 + random() / 2))
            -- One more than asked: the clock has whole seconds.
            local asked = retryAfter == nil and 0 or math.min(retryAfter, LONGEST_RETRY_AFTER) + 1
            return block(
                now,
                math.max(delay, asked)
            )
        end,
        failedForLong = function(mark, now)
            if mark ~= currentMark then
                return nil
            end
            steps = steps + 1
            return block(now, MISCONFIGURED_DELAY)
        end,
        probeNow = function(now)
            blockedUntil = math.min(blockedUntil, now)
        end,
        succeeded = function()
            local ends = steps > 0
            steps = 0
            return ends
        end
    }
end
return exports
 end,

-- -------------------- src/delivery/change_sender.ts --------------------
["src.delivery.change_sender"] = function(...)
-- Sends change events with what the alerts leave: best effort, a bounded number, none twice. Alerts are never touched:
-- not their state, not their back-off, not the quarantine. Knows nothing of Centreon.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOfPlace = ____alert.nameOfPlace
local ____answer = require("src.pagerduty.answer")
local judge = ____answer.judge
local ____event = require("src.pagerduty.event")
local takesChangeEvents = ____event.takesChangeEvents
local ____pacing = require("src.delivery.pacing")
local createBackOff = ____pacing.createBackOff
local createRateLimit = ____pacing.createRateLimit
-- Most change events that wait for one routing key; the oldest are dropped. A downtime of a large group has more.
local MOST_WAITING = 100
-- Of a key's events per minute change events take one in so many: an alert that comes next finds room.
local RATE_DIVISOR = 5

local function shareOf(maximumEventsPerMinute)
    -- 0 stands for no limit.
    if maximumEventsPerMinute == 0 then
        return 0
    end
    return math.max(
        1,
        math.floor(maximumEventsPerMinute / RATE_DIVISOR)
    )
end

-- The change in words, for the log.
local function describe(____bindingPattern0)
    local placement
    local change
    change = ____bindingPattern0.change
    placement = ____bindingPattern0.placement
    return ((("change event of " .. nameOfPlace(placement)) .. " (") .. change.kind) .. ")"
end

function exports.createChangeSender(ports)
    local ____ports_0 = ports
    local transport = ____ports_0.transport
    local log = ____ports_0.log
    local lines = {}
    local lineOf = {}
    -- One at a time over all keys: however slowly it is answered, the other connections are the alerts'.
    local isUnderWay = false

    -- Drops the oldest until no more wait than may.
    local function trim(line)
        while #line.waiting > MOST_WAITING do
            table.remove(line.waiting, 1)
            if not line.isDropping then
                line.isDropping = true
                log.warning(string.format("more than %d change events wait: the oldest are dropped, no alert is", MOST_WAITING))
            end
        end
    end

    local function mayStart(line, now)
        return #line.waiting > 0 and line.backOff.mayStart(now, 0) and line.rateLimit.room(now) > 0 and line.leftover.mayStart(now)
    end

    local function startNext(line, now)
        local report = table.remove(line.waiting, 1)
        if report == nil then
            return
        end
        if #line.waiting == 0 then
            line.isDropping = false
        end
        local body = ports.compose(report, line.routingKey)
        line.rateLimit.started(now)
        line.leftover.started(now)
        isUnderWay = true
        transport.start(
            {
                report = report,
                line = line,
                mark = line.backOff.mark()
            },
            body,
            ports.url
        )
    end

    -- Not now. It waits on only where it surely was not taken: a second one would be another change to PagerDuty.
    local function takeFailure(____bindingPattern0, verdict, now)
        local mark
        local line
        local report
        report = ____bindingPattern0.report
        line = ____bindingPattern0.line
        mark = ____bindingPattern0.mark
        local delay = line.backOff.failed(mark, now, verdict.retryAfter) or 0
        if verdict.mayHaveBeenAccepted then
            log.warning(((("the " .. describe(report)) .. " perhaps did not arrive: ") .. verdict.reason) .. "; it is not sent again, as PagerDuty could not tell it from another one")
            return
        end
        log.warning(string.format(
            "the %s was not accepted: %s; the next try is in %d s",
            describe(report),
            verdict.reason,
            delay
        ))
        table.insert(line.waiting, 1, report)
        trim(line)
    end
    return {
        addKey = function(label, routingKey, maximumEventsPerMinute, leftover)
            if not takesChangeEvents(routingKey) then
                return
            end
            local line = {
                routingKey = routingKey,
                leftover = leftover,
                rateLimit = createRateLimit(shareOf(maximumEventsPerMinute)),
                backOff = createBackOff(ports.random),
                waiting = {},
                isDropping = false
            }
            lines[#lines + 1] = line
            lineOf[label] = line
        end,
        offer = function(report, label)
            local line = lineOf[label]
            if line == nil then
                return
            end
            local ____line_waiting_1 = line.waiting
            ____line_waiting_1[#____line_waiting_1 + 1] = report
            trim(line)
        end,
        start = function(now)
            for ____, line in ipairs(lines) do
                if isUnderWay or transport.running() >= transport.maximumParallel then
                    return
                end
                if mayStart(line, now) then
                    startNext(line, now)
                end
            end
        end,
        finish = function(sending, outcome, now)
            local ____sending_2 = sending
            local report = ____sending_2.report
            local line = ____sending_2.line
            local mark = ____sending_2.mark
            isUnderWay = false
            local verdict = judge(outcome)
            if verdict.kind == "try later" then
                takeFailure(sending, verdict, now)
            elseif verdict.kind == "accepted" then
                line.backOff.succeeded()
                if ports.isRehearsal then
                    log.info("NOT SENT, and taken for accepted: the " .. describe(report))
                else
                    log.info("PagerDuty accepted the " .. describe(report))
                end
            else
                local remedy = ""
                if verdict.kind == "misconfigured" then
                    line.backOff.failedForLong(mark, now)
                    remedy = "; " .. verdict.remedy
                else
                    -- PagerDuty answers, so there is nothing to wait for.
                    line.backOff.succeeded()
                end
                log.warning((((("the " .. describe(report)) .. " was refused: ") .. verdict.reason) .. remedy) .. "; it is dropped")
            end
        end,
        isIdle = function()
            if isUnderWay then
                return false
            end
            for ____, line in ipairs(lines) do
                if #line.waiting > 0 then
                    return false
                end
            end
            return true
        end
    }
end
return exports
 end,

-- -------------------- src/delivery/queue.ts --------------------
["src.delivery.queue"] = function(...)
-- The alerts that wait to be sent, the most urgent first. An alert waits once, whatever happens to it meanwhile;
-- what is sent is decided when its turn comes. Knows nothing of sending.
local exports = {}
local ____alert = require("src.alerts.alert")
local purposeOf = ____alert.purposeOf
-- Of each severity two lines: for what opens an alert, and for what changes one.
local TRIGGER_LINE = {critical = 1, error = 3, warning = 5, info = 7}
-- Then what wakes nobody, and at the end what is no news.
local CALM_LINE = 9
local REPEAT_LINE = 10

local function lineFor(purpose, severity)
    if purpose == "opens" then
        return TRIGGER_LINE[severity]
    end
    if purpose == "changes" then
        return TRIGGER_LINE[severity] + 1
    end
    return purpose == "calms" and CALM_LINE or REPEAT_LINE
end
-- Every so many turns the one that waits longest goes first, however little urgent: nobody is starved.
local TURNS_UNTIL_OLDEST = 4
-- While more wait than may be sent, so many pages go for each that calms: a third is for those. Each problem calls for
-- one of either in the end: where so many times more of those wait than pages do, it is one for one, or they would fall
-- ever further behind (`make bench` shows it).
local PAGES_UNTIL_CALM = 2
local PAGES_UNTIL_CALM_BEHIND = 1
local BEHIND = 2
-- A line shorter than this is never worth tidying.
local MOST_GAPS = 64

-- An empty queue.
function exports.createQueue()
    local lines = {}
    for _ = 1, REPEAT_LINE do
        lines[#lines + 1] = {entries = {}, first = 1, last = 0}
    end
    local entryOf = {}
    local size = 0
    local calm = 0
    local pages = 0
    local turns = 0
    local pagesSinceCalm = 0

    -- The first entry of a line that still counts.
    local function headOf(number)
        local line = lines[number]
        while line.first <= line.last do
            local entry = line.entries[line.first]
            if (entry and entry.isWaiting) == true then
                return entry
            end
            line.entries[line.first] = nil
            line.first = line.first + 1
        end
        return nil
    end

    -- Adds to a line, and closes the gaps in it when most of it is gaps: alerts that changed lines leave one each.
    local function append(line, entry)
        line.last = line.last + 1
        line.entries[line.last] = entry
        if line.last - line.first < MOST_GAPS + 2 * size then
            return
        end
        local kept = line.first - 1
        for index = line.first, line.last do
            local candidate = line.entries[index]
            line.entries[index] = nil
            if (candidate and candidate.isWaiting) == true then
                kept = kept + 1
                line.entries[kept] = candidate
            end
        end
        line.last = kept
    end

    -- Counts one more in the line, or one less.
    local function count(line, change)
        size = size + change
        if line == CALM_LINE then
            calm = calm + change
        elseif line < CALM_LINE then
            pages = pages + change
        end
    end

    local function remove(alert)
        local entry = entryOf[alert]
        if entry == nil then
            return
        end
        entry.isWaiting = false
        entryOf[alert] = nil
        count(entry.line, -1)
        -- An entry at the head of its line is let go of: nobody may come by there for long.
        headOf(entry.line)
    end

    -- The longest waiting one of the first lines up to `last`.
    local function oldestUpTo(last)
        local oldest
        for line = 1, last do
            local head = headOf(line)
            if head ~= nil and (oldest == nil or head.since < oldest.since) then
                oldest = head
            end
        end
        return oldest
    end

    local function mostUrgent()
        for line = 1, REPEAT_LINE do
            local head = headOf(line)
            if head ~= nil then
                return head
            end
        end
        return nil
    end

    -- Who is next. What is no news waits until nobody else does.
    local function nextEntry(isCrowded)
        local pagesUntilCalm = calm > BEHIND * pages and PAGES_UNTIL_CALM_BEHIND or PAGES_UNTIL_CALM
        if isCrowded and calm > 0 and pagesSinceCalm >= pagesUntilCalm then
            return headOf(CALM_LINE)
        end
        turns = turns + 1
        if turns % TURNS_UNTIL_OLDEST ~= 0 then
            return mostUrgent()
        end
        -- In a crowd those that calm have their share; what is left is for pages.
        return oldestUpTo(isCrowded and CALM_LINE - 1 or CALM_LINE) or mostUrgent()
    end
    return {
        put = function(alert, action, now)
            local wanted = lineFor(
                purposeOf(alert, action),
                alert.severity
            )
            local waiting = entryOf[alert]
            if (waiting and waiting.line) == wanted then
                return
            end
            remove(alert)
            local entry = {alert = alert, line = wanted, since = waiting == nil and now or waiting.since, isWaiting = true}
            entryOf[alert] = entry
            count(wanted, 1)
            append(lines[wanted], entry)
        end,
        remove = remove,
        take = function(isCrowded)
            local entry = nextEntry(isCrowded)
            if entry == nil then
                return nil
            end
            pagesSinceCalm = entry.line == CALM_LINE and 0 or pagesSinceCalm + 1
            remove(entry.alert)
            return entry.alert
        end,
        takeOpening = function(least)
            for line = 1, TRIGGER_LINE[least], 2 do
                local head = headOf(line)
                if head ~= nil then
                    remove(head.alert)
                    return head
                end
            end
            return nil
        end,
        size = function() return size end,
        oldest = function()
            local ____opt_6 = oldestUpTo(REPEAT_LINE)
            return ____opt_6 and ____opt_6.since
        end,
        each = function(visit)
            for alert in pairs(entryOf) do
                visit(alert)
            end
        end
    }
end
return exports
 end,

-- -------------------- src/delivery/lane.ts --------------------
["src.delivery.lane"] = function(...)
-- One routing key's way to PagerDuty: what waits for it, how a minute is shared out, who goes next, and whether the key
-- itself is refused. Sends nothing.
local exports = {}
local ____pacing = require("src.delivery.pacing")
local createBackOff = ____pacing.createBackOff
local createRateLimit = ____pacing.createRateLimit
local ____queue = require("src.delivery.queue")
local createQueue = ____queue.createQueue
-- One in so many of a minute's events is kept for critical triggers of problems that are not open yet.
local RESERVE_DIVISOR = 10
-- What is sent only while nothing waits leaves one in so many of them to what may come next.
local IDLE_DIVISOR = 2

-- A lane for the key with this label; `maximumEventsPerMinute` 0: no limit. `random`: from 0 up to, but not, 1.
function exports.createLane(label, routingKey, maximumEventsPerMinute, random)
    local reserved = math.floor(maximumEventsPerMinute / RESERVE_DIVISOR)
    local ____label_1 = label
    local ____routingKey_2 = routingKey
    local ____createQueue_result_3 = createQueue()
    local ____createBackOff_result_4 = createBackOff(random)
    local ____createRateLimit_result_5 = createRateLimit(maximumEventsPerMinute - reserved)
    local ____temp_0
    if reserved == 0 then
        ____temp_0 = nil
    else
        ____temp_0 = createRateLimit(reserved)
    end
    return {
        label = ____label_1,
        routingKey = ____routingKey_2,
        queue = ____createQueue_result_3,
        backOff = ____createBackOff_result_4,
        rateLimit = ____createRateLimit_result_5,
        reserve = ____temp_0,
        underWay = 0,
        isDraining = false,
        accepted = 0,
        trouble = nil
    }
end

-- Takes the next one out that may go now; undefined: none may.
function exports.takeNext(____bindingPattern0, now)
    local reserve
    local rateLimit
    local queue
    queue = ____bindingPattern0.queue
    rateLimit = ____bindingPattern0.rateLimit
    reserve = ____bindingPattern0.reserve
    local room = rateLimit.room(now)
    if room > 0 then
        local alert = queue.take(queue.size() > room)
        local ____temp_6
        if alert == nil then
            ____temp_6 = nil
        else
            ____temp_6 = {alert = alert, limit = rateLimit}
        end
        return ____temp_6
    end
    if reserve == nil or reserve.room(now) == 0 then
        return nil
    end
    local opening = queue.takeOpening("critical")
    local ____temp_7
    if opening == nil then
        ____temp_7 = nil
    else
        ____temp_7 = {alert = opening.alert, limit = reserve}
    end
    return ____temp_7
end

-- Whether nothing waits, and so much room is left that what comes next finds some.
function exports.isIdle(____bindingPattern0, limit, now)
    local underWay
    local rateLimit
    local backOff
    local queue
    queue = ____bindingPattern0.queue
    backOff = ____bindingPattern0.backOff
    rateLimit = ____bindingPattern0.rateLimit
    underWay = ____bindingPattern0.underWay
    return queue.size() == 0 and backOff.mayStart(now, underWay) and rateLimit.room(now) > math.floor(limit / IDLE_DIVISOR)
end
return exports
 end,

-- -------------------- src/delivery/suspicions.ts --------------------
["src.delivery.suspicions"] = function(...)
-- Events that are not taken again and again while others pass: how long each of them waits, and when it is taken for
-- the reason itself. Knows alerts and answers by name only.
local exports = {}
-- PagerDuty has answered 5xx to events that were themselves the problem, and what stands between may not like the
-- words of one. So many such answers over so many seconds, while other events passed, are taken for a refusal.
local TRIES_UNTIL_REFUSED = 5
local SECONDS_UNTIL_REFUSED = 300
-- Longest pause of one alert that is not taken while others pass, in seconds.
local LONGEST_PAUSE = 300

-- No suspicion yet.
function exports.createSuspicions()
    local suspicions = {}

    -- The suspicion of this very action, once more.
    local function suspect(alert, action, severity, accepted, now)
        local suspicion = suspicions[alert]
        if (suspicion and suspicion.action) ~= action or suspicion.severity ~= severity then
            suspicion = {
                action = action,
                severity = severity,
                since = now,
                acceptedBefore = accepted,
                count = 0,
                blockedUntil = 0
            }
            suspicions[alert] = suspicion
        end
        suspicion.count = suspicion.count + 1
        return suspicion
    end

    local function block(suspicion, now)
        local delay = math.min(2 ^ suspicion.count, LONGEST_PAUSE)
        suspicion.blockedUntil = now + delay
        return delay
    end
    return {
        mustPause = function(alert, action, now)
            local suspicion = suspicions[alert]
            if (suspicion and suspicion.action) ~= action or suspicion.severity ~= alert.severity then
                return false
            end
            return now < suspicion.blockedUntil
        end,
        isOwnFault = function(alert, action, severity, accepted, now)
            local suspicion = suspect(
                alert,
                action,
                severity,
                accepted,
                now
            )
            -- Nobody gets through: the fault is not this event's, and it need not wait longer than the others.
            if accepted == suspicion.acceptedBefore then
                return false
            end
            block(suspicion, now)
            return suspicion.count >= TRIES_UNTIL_REFUSED and now - suspicion.since >= SECONDS_UNTIL_REFUSED
        end,
        pause = function(alert, action, now) return block(
            suspect(
                alert,
                action,
                alert.severity,
                0,
                now
            ),
            now
        ) end,
        forget = function(alert)
            suspicions[alert] = nil
        end
    }
end
return exports
 end,

-- -------------------- src/delivery/wrong_key.ts --------------------
["src.delivery.wrong_key"] = function(...)
-- A routing key that PagerDuty refuses while it takes others: when that is certain, and what becomes of the alerts that
-- wait for it. Those that PagerDuty has nothing of go by the fallback key; what it has, or may have, under the key stays:
-- an alert's actions must all use the key that opened it.
local exports = {}
local ____alert = require("src.alerts.alert")
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local ____routing_keys = require("src.settings.routing_keys")
local keyParameter = ____routing_keys.keyParameter
-- Most alerts that change their key in one turn: the fallback key takes no more in a minute.
local MOST_DETOURS = 100

-- `verdict` with a remedy that names the parameter of the key with this label.
function exports.forKey(verdict, label)
    if verdict.kind ~= "misconfigured" then
        return verdict
    end
    local ____verdict_0 = verdict
    local kind = ____verdict_0.kind
    local reason = ____verdict_0.reason
    local mayHaveBeenAccepted = ____verdict_0.mayHaveBeenAccepted
    local remedy = string.gsub(
        verdict.remedy,
        "pdy_routing_key",
        keyParameter(label)
    )
    return {kind = kind, reason = reason, remedy = remedy, mayHaveBeenAccepted = mayHaveBeenAccepted}
end

-- An event met a wrong configuration. `wasWayGood`: when it was sent it was known that others get through. Gives
-- whether that is to be told: it is another complaint than the last one.
function exports.noteTrouble(lane, verdict, wasWayGood, now)
    local before = lane.trouble
    local ____lane_15 = lane
    local ____temp_11 = before and before.since or now
    local ____verdict_reason_12 = verdict.reason
    local ____verdict_remedy_13 = verdict.remedy
    local ____temp_5 = before and before.isWayGood
    if ____temp_5 == nil then
        ____temp_5 = false
    end
    local ____temp_14 = wasWayGood or (before and before.isKeyRefused) == true
    local ____temp_10 = before and before.isDetourTold
    if ____temp_10 == nil then
        ____temp_10 = false
    end
    ____lane_15.trouble = {
        since = ____temp_11,
        reason = ____verdict_reason_12,
        remedy = ____verdict_remedy_13,
        isWayGood = ____temp_5,
        isKeyRefused = ____temp_14,
        isDetourTold = ____temp_10
    }
    return (before and before.remedy) ~= verdict.remedy
end

-- An event of `lane` was taken: nothing is wrong with its key, nor with the way to PagerDuty. Whether a key that was not
-- accepted is to blame itself shows when it is tried once more.
function exports.noteSuccess(lane, lanes, now)
    lane.trouble = nil
    for ____, ____value in ipairs(lanes) do
        local trouble = ____value.trouble
        local backOff = ____value.backOff
        if (trouble and trouble.isWayGood) == false then
            trouble.isWayGood = true
            backOff.probeNow(now)
        end
    end
end

-- Whether the lane's key, which is not the fallback key, has been refused for `detourAfter` seconds; 0: never.
function exports.isGivenUp(____bindingPattern0, detourAfter, now)
    local trouble
    local label
    label = ____bindingPattern0.label
    trouble = ____bindingPattern0.trouble
    if (trouble and trouble.isKeyRefused) ~= true or label == FALLBACK_ROUTE then
        return false
    end
    return detourAfter > 0 and now - trouble.since >= detourAfter
end

-- Moves what waits for the refused key, and is nowhere yet, to the fallback key. `isHere`: the alert's route still is
-- this lane's. Gives whether any was moved.
function exports.detourAlerts(lane, fallback, reason, isHere)
    local isAnyMoved = false
    for _ = 1, MOST_DETOURS do
        local opening = lane.queue.takeOpening("info")
        if opening == nil then
            break
        end
        local alert = opening.alert
        local since = opening.since
        if isHere(alert) then
            alert.route = FALLBACK_ROUTE
            alert.detour = {meantFor = lane.label, reason = reason}
            fallback.queue.put(alert, "trigger", since)
            isAnyMoved = true
        end
    end
    return isAnyMoved
end
return exports
 end,

-- -------------------- src/delivery/dispatcher.ts --------------------
["src.delivery.dispatcher"] = function(...)
-- Brings PagerDuty to where Centreon is: takes the alerts that need an action, the most urgent first, sends one
-- action at a time for each, and records what the answers mean. Knows how alerts, pacing and transfers go
-- together; the rules of each are theirs.
local exports = {}
local ____alert = require("src.alerts.alert")
local DEFAULT_ROUTE = ____alert.DEFAULT_ROUTE
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local isSettled = ____alert.isSettled
local nameOf = ____alert.nameOf
local nextAction = ____alert.nextAction
local recordAccepted = ____alert.recordAccepted
local recordRefused = ____alert.recordRefused
local recordStarted = ____alert.recordStarted
local recordUnknownOutcome = ____alert.recordUnknownOutcome
local severityToTell = ____alert.severityToTell
local ____updates = require("src.alerts.updates")
local toldBy = ____updates.toldBy
local ____routing_keys = require("src.settings.routing_keys")
local keyParameter = ____routing_keys.keyParameter
local ____answer = require("src.pagerduty.answer")
local judge = ____answer.judge
local ____event = require("src.pagerduty.event")
local LADDER = ____event.LADDER
local ____lane = require("src.delivery.lane")
local createLane = ____lane.createLane
local isIdle = ____lane.isIdle
local takeNext = ____lane.takeNext
local ____suspicions = require("src.delivery.suspicions")
local createSuspicions = ____suspicions.createSuspicions
local ____wrong_key = require("src.delivery.wrong_key")
local detourAlerts = ____wrong_key.detourAlerts
local forKey = ____wrong_key.forKey
local isGivenUp = ____wrong_key.isGivenUp
local noteSuccess = ____wrong_key.noteSuccess
local noteTrouble = ____wrong_key.noteTrouble

function exports.createDispatcher(settings, ports)
    local ____ports_0 = ports
    local transport = ____ports_0.transport
    local changes = ____ports_0.changes
    local log = ____ports_0.log
    local lanes = {}
    local laneOf = {}
    local suspicions = createSuspicions()
    local paused = {}
    local pausedCount = 0
    -- By the clock, which counts whole seconds: no pause ends within one.
    local lastResumed = 0
    for label, routingKey in pairs(settings.routingKeys) do
        local lane = createLane(label, routingKey, settings.maximumEventsPerMinute, ports.random)
        lanes[#lanes + 1] = lane
        laneOf[label] = lane
        if changes ~= nil then
            changes.addKey(
                label,
                routingKey,
                settings.maximumEventsPerMinute,
                {
                    mayStart = function(now) return lane.queue.size() == 0 and lane.backOff.mayStart(now, lane.underWay) and lane.rateLimit.room(now) > 0 end,
                    started = lane.rateLimit.started
                }
            )
        end
    end
    local defaultLane = laneOf[DEFAULT_ROUTE]
    local fallbackLane = laneOf[FALLBACK_ROUTE]

    local function unpause(alert)
        if paused[alert] == nil then
            return
        end
        paused[alert] = nil
        pausedCount = pausedCount - 1
    end

    -- A key that is no longer configured cannot be used: the default one keeps its alerts from being stuck.
    local function laneFor(alert)
        return laneOf[alert.route] or defaultLane
    end

    local function offer(alert)
        local lane = laneFor(alert)
        if lane == nil or alert.inFlight ~= nil then
            return
        end
        unpause(alert)
        local action = nextAction(alert, settings.actionRules)
        local now = ports.now()
        if action == nil then
            lane.queue.remove(alert)
            suspicions.forget(alert)
        elseif suspicions.mustPause(alert, action, now) then
            lane.queue.remove(alert)
            paused[alert] = true
            pausedCount = pausedCount + 1
        else
            lane.queue.put(alert, action, now)
        end
    end

    -- The action in words, for the log.
    local function describe(____bindingPattern0)
        local severity
        local action
        local alert
        alert = ____bindingPattern0.alert
        action = ____bindingPattern0.action
        severity = ____bindingPattern0.severity
        local subject = (("of " .. alert.dedupKey) .. ", ") .. nameOf(alert)
        if action == "trigger" then
            return (("trigger (" .. severity) .. ") ") .. subject
        end
        if action == "acknowledge" and alert.isAcknowledgedByHold == true then
            return ((action .. " ") .. subject) .. " (for its downtime)"
        end
        local ____temp_1
        if action == "acknowledge" then
            ____temp_1 = alert.acknowledgement
        else
            ____temp_1 = nil
        end
        local note = ____temp_1
        return note == nil and (action .. " ") .. subject or ((((((action .. " ") .. subject) .. " (") .. note.author) .. ": ") .. note.comment) .. ")"
    end

    local function takeAccepted(sending, now)
        local ____sending_2 = sending
        local alert = ____sending_2.alert
        local lane = ____sending_2.lane
        local action = ____sending_2.action
        local severity = ____sending_2.severity
        recordAccepted(alert, action, severity, now)
        if sending.told ~= nil then
            alert.told = sending.told
        end
        suspicions.forget(alert)
        lane.accepted = lane.accepted + 1
        noteSuccess(lane, lanes, now)
        if settings.isRehearsal then
            log.info("NOT SENT, and taken for accepted: the " .. describe(sending))
        else
            log.info("PagerDuty accepted the " .. describe(sending))
        end
        if lane.backOff.succeeded() then
            log.warning("PagerDuty accepts events again")
        end
    end

    -- Refused as it was: send less next time, or give up on this event.
    local function takeRefused(sending, reason, now)
        local ____sending_3 = sending
        local alert = ____sending_3.alert
        local action = ____sending_3.action
        local severity = ____sending_3.severity
        suspicions.forget(alert)
        if action == "trigger" and alert.ladderStep + 1 < #LADDER then
            alert.ladderStep = alert.ladderStep + 1
            log.warning(((((("PagerDuty refused the " .. describe(sending)) .. ": ") .. reason) .. "; sending it again in its ") .. tostring(LADDER[alert.ladderStep + 1])) .. " form")
            return
        end
        recordRefused(alert, action, severity, now)
        log.error((("PagerDuty refused the " .. describe(sending)) .. " for good: ") .. reason)
        ports.quarantine(sending, reason)
    end

    local function takeFailure(sending, verdict, now)
        local ____sending_4 = sending
        local alert = ____sending_4.alert
        local lane = ____sending_4.lane
        local action = ____sending_4.action
        local severity = ____sending_4.severity
        if verdict.mayHaveBeenAccepted then
            recordUnknownOutcome(alert, action, severity)
        end
        local isSuspicious = verdict.mayBeEventsFault
        if isSuspicious and suspicions.isOwnFault(
            alert,
            action,
            severity,
            lane.accepted,
            now
        ) then
            takeRefused(sending, verdict.reason .. ", again and again while other events are accepted", now)
            return
        end
        local delay = lane.backOff.failed(sending.mark, now, verdict.retryAfter)
        if delay ~= nil then
            log.warning(string.format(
                "the %s was not accepted: %s; the next try is in %d s, %d more alerts wait",
                describe(sending),
                verdict.reason,
                delay,
                lane.queue.size()
            ))
        end
        if isSettled(alert) then
            log.info(("nothing to send for " .. nameOf(alert)) .. ": it came and went before PagerDuty took it")
        end
    end

    local function takeMisconfigured(sending, verdict, now)
        local ____sending_5 = sending
        local alert = ____sending_5.alert
        local lane = ____sending_5.lane
        local action = ____sending_5.action
        local severity = ____sending_5.severity
        if verdict.mayHaveBeenAccepted then
            recordUnknownOutcome(alert, action, severity)
        end
        lane.backOff.failedForLong(sending.mark, now)
        if not noteTrouble(lane, verdict, sending.wasWayGood, now) then
            return
        end
        log.error(((("no event gets through: " .. verdict.reason) .. "; ") .. verdict.remedy) .. ". No alert is lost: they wait, and are tried again each minute")
    end

    local function takeOutcome(sending, outcome, now)
        local ____sending_6 = sending
        local lane = ____sending_6.lane
        local verdict = forKey(
            judge(outcome),
            lane.label
        )
        ports.heard(sending, verdict)
        if verdict.kind == "accepted" then
            takeAccepted(sending, now)
        elseif verdict.kind == "refused" then
            -- PagerDuty answers, so there is nothing to wait for.
            lane.backOff.succeeded()
            noteSuccess(lane, lanes, now)
            takeRefused(sending, verdict.reason, now)
        elseif verdict.kind == "try later" then
            takeFailure(sending, verdict, now)
        else
            takeMisconfigured(sending, verdict, now)
        end
    end

    local function finish(sending, outcome)
        local ____sending_7 = sending
        local alert = ____sending_7.alert
        local lane = ____sending_7.lane
        local action = ____sending_7.action
        local severity = ____sending_7.severity
        local now = ports.now()
        lane.underWay = lane.underWay - 1
        alert.inFlight = nil
        local isTaken, fault = pcall(takeOutcome, sending, outcome, now)
        if not isTaken then
            recordUnknownOutcome(alert, action, severity)
            local delay = suspicions.pause(alert, action, now)
            log.error(string.format(
                "what came of the %s could not be taken in: %s (please report it); it is taken for unknown, and looked at again in %d s",
                describe(sending),
                tostring(fault),
                delay
            ))
        end
        offer(alert)
        ports.actionEnded(alert)
    end

    -- Takes in what ended: a fault of ours with one keeps the others from nothing. Gives how many that were.
    local function takeFinished()
        local all = transport.poll()
        for ____, ____value in ipairs(all) do
            local token = ____value.token
            local outcome = ____value.outcome
            if token.alert ~= nil then
                local isDone, fault = pcall(finish, token, outcome)
                if not isDone then
                    log.error((token.alert.dedupKey .. ": unexpected error, please report it: ") .. tostring(fault))
                end
            elseif changes ~= nil then
                changes.finish(
                    token,
                    outcome,
                    ports.now()
                )
            end
        end
        return #all
    end

    -- Makes all ready for the action to go out. Gives its body.
    local function prepare(alert, action, routingKey)
        local body = ports.compose(alert, action, routingKey)
        recordStarted(alert, action)
        ports.actionStarts(alert)
        return body
    end

    -- Something raised before the action went out: less is said next time, or it waits.
    local function takeFault(alert, action, fault, now)
        local severity = severityToTell(alert)
        alert.inFlight = nil
        local next
        if action == "trigger" and alert.ladderStep + 1 < #LADDER then
            alert.ladderStep = alert.ladderStep + 1
            next = ("sending it in its " .. tostring(LADDER[alert.ladderStep + 1])) .. " form"
        else
            next = string.format(
                "trying again in %d s",
                suspicions.pause(alert, action, now)
            )
        end
        log.error((((("the " .. describe({alert = alert, action = action, severity = severity})) .. " cannot be made: ") .. fault) .. " (please report it); ") .. next)
        offer(alert)
    end

    local function start(lane, alert, limit, now)
        local action = nextAction(alert, settings.actionRules)
        if action == nil then
            return
        end
        local isReady, body = pcall(prepare, alert, action, lane.routingKey)
        if not isReady then
            takeFault(
                alert,
                action,
                tostring(body),
                now
            )
            return
        end
        limit.started(now)
        lane.underWay = lane.underWay + 1
        local mark = lane.backOff.mark()
        local ____temp_8
        if action == "trigger" then
            ____temp_8 = alert.report
        else
            ____temp_8 = nil
        end
        local report = ____temp_8
        local ____temp_9
        if report == nil then
            ____temp_9 = nil
        else
            ____temp_9 = toldBy(report, settings.actionRules)
        end
        local told = ____temp_9
        local severity = severityToTell(alert)
        local ____opt_10 = lane.trouble
        local wasWayGood = (____opt_10 and ____opt_10.isWayGood) == true
        transport.start({
            alert = alert,
            lane = lane,
            action = action,
            severity = severity,
            told = told,
            body = body,
            mark = mark,
            wasWayGood = wasWayGood
        }, body)
    end

    -- Enough alerts wait, or one has waited long enough, or the rest of such a crowd is left.
    local function isRipe(____bindingPattern0, now)
        local isDraining
        local queue
        queue = ____bindingPattern0.queue
        isDraining = ____bindingPattern0.isDraining
        if isDraining or queue.size() >= settings.bufferSize then
            return true
        end
        local oldest = queue.oldest()
        return oldest ~= nil and now - oldest >= settings.bufferAge
    end

    local function startFrom(lane, now, mostRunning)
        if lane.queue.size() == 0 or not isRipe(lane, now) then
            return
        end
        while transport.running() < mostRunning and lane.backOff.mayStart(now, lane.underWay) do
            local next = takeNext(lane, now)
            if next == nil then
                break
            end
            -- One whose route changed while it waited goes out by its new lane.
            if laneFor(next.alert) == lane then
                start(lane, next.alert, next.limit, now)
            end
        end
        lane.isDraining = lane.queue.size() > 0
    end

    -- What is worth sending only while nothing waits, one after the other.
    local function startIdleWork(lane, now, mostRunning)
        while transport.running() < mostRunning and isIdle(lane, settings.maximumEventsPerMinute, now) and ports.idleWork.offerNext() do
            startFrom(lane, now, mostRunning)
        end
    end

    local function isLaneGivenUp(lane)
        return fallbackLane ~= nil and isGivenUp(
            lane,
            settings.detourAfter,
            ports.now()
        )
    end

    -- Lets the fallback key have what waits for one that is refused. The next event is a look at whether it still is.
    local function detourFrom(lane, now)
        local ____lane_12 = lane
        local trouble = ____lane_12.trouble
        if trouble == nil or fallbackLane == nil or fallbackLane.trouble ~= nil then
            return
        end
        if not isLaneGivenUp(lane) or lane.backOff.mayStart(now, lane.underWay) then
            return
        end
        local reason = ports.presentable(trouble.reason)
        local isAnyMoved = detourAlerts(
            lane,
            fallbackLane,
            reason,
            function(alert) return laneFor(alert) == lane end
        )
        if not isAnyMoved or trouble.isDetourTold then
            return
        end
        trouble.isDetourTold = true
        log.error(("PagerDuty refuses the key of " .. keyParameter(lane.label)) .. ", and takes others: its new alerts go by pdy_fallback_routing_key until it is taken")
    end

    local function resumePaused()
        local due = {}
        for alert in pairs(paused) do
            due[#due + 1] = alert
        end
        for ____, alert in ipairs(due) do
            offer(alert)
        end
    end

    local function hasUndelivered()
        if pausedCount > 0 then
            return true
        end
        for ____, lane in ipairs(lanes) do
            if lane.underWay > 0 or lane.queue.size() > 0 then
                return true
            end
        end
        return false
    end
    return {
        offer = offer,
        turn = function(mostStarts)
            if mostStarts == nil then
                mostStarts = math.huge
            end
            takeFinished()
            local now = ports.now()
            if pausedCount > 0 and now ~= lastResumed then
                resumePaused()
            end
            lastResumed = now
            local mostRunning = math.min(
                transport.maximumParallel,
                transport.running() + mostStarts
            )
            for ____, lane in ipairs(lanes) do
                startFrom(lane, now, mostRunning)
            end
            if fallbackLane ~= nil then
                for ____, lane in ipairs(lanes) do
                    detourFrom(lane, now)
                end
                startFrom(fallbackLane, now, mostRunning)
            end
            if changes ~= nil then
                changes.start(now)
            end
            if defaultLane ~= nil then
                startIdleWork(defaultLane, now, mostRunning)
            end
            -- Gives the new transfers their first push: resolving and connecting begin now, not at the next event.
            return transport.running() > 0 and takeFinished() > 0
        end,
        isSending = function() return transport.running() > 0 end,
        hasUndelivered = hasUndelivered,
        isIdle = function() return not hasUndelivered() and (changes == nil or changes.isIdle()) and not ports.idleWork.isLeft() end,
        isBusyWith = function(label)
            local lane = laneOf[label]
            if lane == nil then
                return false
            end
            return lane.queue.size() + lane.underWay > 0 or isLaneGivenUp(lane)
        end,
        leftBehind = function()
            local left = {}

            local function take(alert)
                if alert.desired == "triggered" and not alert.isCertain then
                    left[#left + 1] = alert
                end
            end
            for ____, lane in ipairs(lanes) do
                if isLaneGivenUp(lane) then
                    lane.queue.each(take)
                    for alert in pairs(paused) do
                        if laneFor(alert) == lane then
                            take(alert)
                        end
                    end
                end
            end
            return left
        end,
        waiting = function()
            local waiting = pausedCount
            for ____, ____value in ipairs(lanes) do
                local queue = ____value.queue
                waiting = waiting + queue.size()
            end
            return waiting
        end,
        underWay = function()
            local underWay = 0
            for ____, lane in ipairs(lanes) do
                underWay = underWay + lane.underWay
            end
            return underWay
        end,
        oldest = function()
            local oldest
            for ____, ____value in ipairs(lanes) do
                local queue = ____value.queue
                local since = queue.oldest()
                if since ~= nil and (oldest == nil or since < oldest) then
                    oldest = since
                end
            end
            return oldest
        end
    }
end
return exports
 end,

-- -------------------- src/delivery/heartbeat.ts --------------------
["src.delivery.heartbeat"] = function(...)
-- Tells a dead man's switch once a minute that all is well: when that ends, the switch is what pages. Decides neither
-- what is well nor how an address is fetched, and logs nothing of the address but its host.
local exports = {}
-- Seconds between two beats: a switch waits for minutes, and one beat may be lost.
local INTERVAL = 60

-- Host and port of an address: it begins with its scheme, as settings are checked, and may have a user.
local function hostOf(url)
    local authority = string.match(url, "^%w+://([^/?#]*)")
    local host = string.match(authority or "", "([^@]*)$")
    return host or ""
end

-- The first beat comes after a minute: a broker that ends and starts again and again is not well.
function exports.createHeartbeat(url, ports)
    local host = hostOf(url)
    local lastStart = ports.now()
    local isUnderWay = false
    local isFailing = false

    local function ended(problem)
        isUnderWay = false
        if problem == nil then
            if isFailing then
                ports.warning(("heartbeat_url at " .. host) .. " can be fetched again")
            end
        elseif not isFailing then
            ports.warning(((("heartbeat_url at " .. host) .. " cannot be fetched: ") .. problem) .. "; check it, and the way there. It is tried again each minute; alerts go on")
        end
        isFailing = problem ~= nil
    end
    return {
        look = function()
            if isUnderWay or ports.now() - lastStart < INTERVAL or not ports.isWell() then
                return
            end
            lastStart = ports.now()
            isUnderWay = true
            ports.fetch(url, ended)
        end,
        isUnderWay = function() return isUnderWay end
    }
end
return exports
 end,

-- -------------------- src/journal/lines.ts --------------------
["src.journal.lines"] = function(...)
-- The lines of the journal: JSON, one for each change of an alert, a host or a parent. Owns their format, to and fro;
-- the file they stand in is journal's. No secret is in them: a routing key is named by its label.
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
local encode = ____json.encode
local ____alert = require("src.alerts.alert")
local createAlert = ____alert.createAlert
local dedupKeyOf = ____alert.dedupKeyOf
local recordUnknownOutcome = ____alert.recordUnknownOutcome
local sharedIfEmpty = ____alert.sharedIfEmpty
local ____place = require("src.alerts.place")
local addCustomVariables = ____place.addCustomVariables
local addKind = ____place.addKind
local addNames = ____place.addNames
local addText = ____place.addText
local ____updates = require("src.alerts.updates")
local toldState = ____updates.toldState
-- The first line of every journal. A file without it, or with a version that is none of these, is not ours to read.
local FORMAT = "centreon-pagerduty journal"
exports.VERSION = 2
-- Of 0.1.0: an alert's place and report are one object, `content`, with the macros of its notes expanded already.
local VERSION_WITH_CONTENT = 1

-- The line every journal begins with.
function exports.headerLine()
    return encode({fields = {{"journal", FORMAT}, {"version", exports.VERSION}}})
end

local function placeValue(place)
    if place == nil then
        return nil
    end
    local ____place_0 = place
    local metaServiceId = ____place_0.metaServiceId
    local isAnomalyDetection = ____place_0.isAnomalyDetection
    local businessViews = ____place_0.businessViews
    local categories = ____place_0.categories
    local customVariables = ____place_0.customVariables
    local variables = {}
    for ____, ____value in ipairs(customVariables or ({})) do
        local name = ____value.name
        local value = ____value.value
        variables[#variables + 1] = {name, value}
    end
    return {fields = {
        {"known", place.isKnown},
        {"poller_id", place.pollerId},
        {"class", place.className},
        {"host_name", place.hostName},
        {"service_description", place.serviceDescription},
        {"meta_service_id", metaServiceId},
        {"anomaly_detection", isAnomalyDetection},
        {"host_groups", {items = place.hostGroups}},
        {"service_groups", {items = place.serviceGroups}},
        {"business_views", businessViews and ({items = businessViews})},
        {"criticality", place.criticality},
        {"criticality_name", place.criticalityName},
        {"poller", place.poller},
        {"categories", categories and ({items = categories})},
        {"custom_variables", customVariables and ({fields = variables})},
        {"host_alias", place.hostAlias},
        {"host_address", place.hostAddress},
        {"time_zone", place.timeZone},
        {"notes", place.notes},
        {"notes_url", place.notesUrl},
        {"action_url", place.actionUrl},
        {"downtime_comment", place.downtimeComment}
    }}
end

local function reportValue(report)
    if report == nil then
        return nil
    end
    return {fields = {
        {"state_name", report.stateName},
        {"output", report.output},
        {"long_output", report.longOutput},
        {"perfdata", report.perfdata},
        {"attempt", report.attempt},
        {"maximum_attempts", report.maximumAttempts},
        {"last_ok", report.lastOk},
        {"since", report.since}
    }}
end

local function factsValue(facts)
    local ____facts_1 = facts
    local staleness = ____facts_1.staleness
    return {fields = {
        {"state", facts.state},
        {"acknowledged", facts.isAcknowledged},
        {"downtime_depth", facts.downtimeDepth},
        {"flapping", facts.isFlapping},
        {"last_check", facts.lastCheck},
        {"stale_last_check", staleness and staleness.lastCheckAtReturn},
        {"stale_host_checked_at", staleness and staleness.hostCheckedAt},
        {"stale_since", staleness and staleness.since},
        {"problem_since", facts.problemSince},
        {"early_until", facts.earlyUntil},
        {"gone_at", facts.goneAt},
        {"new_to_poller", facts.isNewToPoller},
        {"acknowledged_severity", facts.acknowledgedSeverity},
        {"acknowledgement_outgrown", facts.isAcknowledgementOutgrown}
    }}
end

local function verdictValue(verdict)
    if verdict == nil then
        return nil
    end
    local details = {}
    for ____, ____value in ipairs(verdict.details) do
        local name = ____value.name
        local value = ____value.value
        details[#details + 1] = {name, value}
    end
    return {fields = {
        {"dropped", verdict.isDropped},
        {"summary", verdict.summary},
        {"severity", verdict.severity},
        {"route", verdict.route},
        {"details", {fields = details}}
    }}
end

-- The line of an alert; its place and its report, the bulk of it, only where they are given.
function exports.alertLine(alert, place, report)
    local ____alert_8 = alert
    local resource = ____alert_8.resource
    local acknowledgement = ____alert_8.acknowledgement
    local told = ____alert_8.told
    local detour = ____alert_8.detour
    local gathered = ____alert_8.gathered
    local incident = ____alert_8.incident
    local closing = ____alert_8.closing
    local carried = ____alert_8.carried
    local previous = ____alert_8.previous
    return encode({fields = {
        {"alert", resource.kind},
        {"host_id", resource.hostId ~= nil and resource.hostId or nil},
        {"service_id", resource.hostId ~= nil and resource.serviceId or nil},
        {"id", resource.id ~= nil and resource.id or nil},
        {"storm_route", resource.kind == "storm" and resource.route or nil},
        {"route", alert.route},
        {"desired", alert.desired},
        {"severity", alert.severity},
        {"delivered", alert.delivered == "closed" and "none" or alert.delivered},
        {"delivered_severity", alert.deliveredSeverity},
        {"certain", alert.isCertain},
        {"in_flight", alert.inFlight},
        {"triggered_at", alert.triggeredAt},
        {"previous_state", previous and previous.stateName},
        {"previous_seconds", previous and previous.seconds},
        {"told_state", told and told.stateName},
        {"told_output", told and told.output},
        {"incident_id", incident and incident.id},
        {"incident_number", incident and incident.number},
        {"incident_address", incident and incident.address},
        {"closed_at", closing and closing.at},
        {"closed_by", closing and closing.by},
        {"closed_last_check", closing and closing.lastCheck},
        {"carried_step", carried and carried.step},
        {"carried_mark", carried and carried.mark},
        {"carried_comment", carried and carried.comment},
        {"carried_author", carried and carried.author},
        {"acknowledged_at", alert.acknowledgedAt},
        {"acknowledged_there", alert.acknowledgedThereAs},
        {"wants_retrigger", alert.wantsRetrigger},
        {"wants_update", alert.wantsUpdate},
        {"wants_acknowledge", alert.wantsAcknowledge},
        {"wants_repage", alert.wantsRepage},
        {"hold_action", alert.holdAction},
        {"acknowledged_by_hold", alert.isAcknowledgedByHold},
        {"resolve_ordered", alert.isResolveOrdered},
        {"volatile", alert.isVolatile},
        {"rejection", alert.rejection},
        {"unnotified", alert.unnotified},
        {"wait", alert.wait},
        {"gathered_by", gathered and gathered.route},
        {"gathered_at", gathered and gathered.at},
        {
            "custom",
            verdictValue(alert.verdict)
        },
        {"refused_severity", alert.refusedSeverity},
        {"ladder_step", alert.ladderStep},
        {"meant_for", detour and detour.meantFor},
        {"detour_reason", detour and detour.reason},
        {"acknowledged_by", acknowledgement and acknowledgement.author},
        {"acknowledgement_comment", acknowledgement and acknowledgement.comment},
        {"acknowledgement_at", acknowledgement and acknowledgement.at},
        {"acknowledgement_past", acknowledgement and acknowledgement.isPast},
        {
            "facts",
            factsValue(alert.facts)
        },
        {
            "place",
            placeValue(place)
        },
        {
            "report",
            reportValue(report)
        }
    }})
end

-- The line of an alert that is settled.
function exports.forgottenLine(alert)
    return encode({fields = {{"forgotten", alert.dedupKey}}})
end

-- The line of a host that is remembered, or no longer.
function exports.hostLine(hostId, facts)
    return encode({fields = {
        {"host_id", hostId},
        {"state", facts and facts.state},
        {"downtime_depth", facts and facts.downtimeDepth},
        {"checked_at_return", facts and facts.checkedAtReturn},
        {"returned_at", facts and facts.returnedAt}
    }})
end

-- The line that says that the connector ran at `unixTime`.
function exports.aliveLine(unixTime)
    return encode({fields = {{"alive", unixTime}}})
end

-- The line of a host's parent, set or removed.
function exports.parentLine(childId, parentId, isParent)
    return encode({fields = {{"child_id", childId}, {"parent_id", parentId}, {"is_parent", isParent}}})
end

-- The line of a poller whose engine stopped, or runs again.
function exports.engineLine(pollerId, isStopped)
    return encode({fields = {{"poller_id", pollerId}, {"is_stopped", isStopped}}})
end

-- The line of a host's poller; undefined: no poller has it any more.
function exports.ownerLine(hostId, pollerId)
    return encode({fields = {{"owned_host", hostId}, {"poller_id", pollerId}}})
end

-- What a line must have. A value that is missing or of another kind raises: the line is damaged.
local function numberOf(fields, name)
    local value = fields[name]
    return type(value) == "number" and value or error(name .. " is not a number")
end

local function textOf(fields, name)
    local value = fields[name]
    return type(value) == "string" and value or error(name .. " is not a text")
end

-- A list that is left out when there is nothing in it.
local function textsOf(fields, name)
    local texts = {}
    local ____fields_name_61 = fields[name]
    if ____fields_name_61 == nil then
        ____fields_name_61 = {}
    end
    for ____, value in ipairs(____fields_name_61) do
        texts[#texts + 1] = type(value) == "string" and value or error(name .. " are not texts")
    end
    return sharedIfEmpty(texts)
end

-- A text that is left out when there is none.
local function optionalTextOf(fields, name)
    local ____temp_62
    if fields[name] == nil then
        ____temp_62 = nil
    else
        ____temp_62 = textOf(fields, name)
    end
    return ____temp_62
end

-- A number that is left out when there is none.
local function optionalNumberOf(fields, name)
    local ____temp_63
    if fields[name] == nil then
        ____temp_63 = nil
    else
        ____temp_63 = numberOf(fields, name)
    end
    return ____temp_63
end

-- In order: an object has none of its own.
local function namesIn(values)
    local names = {}
    for key in pairs(values) do
        names[#names + 1] = key
    end
    table.sort(names)
    return names
end

local function namedValuesOf(fields, name)
    local ____fields_name_64 = fields[name]
    if ____fields_name_64 == nil then
        ____fields_name_64 = {}
    end
    local values = ____fields_name_64
    local listed = {}
    for ____, key in ipairs(namesIn(values)) do
        listed[#listed + 1] = {
            name = key,
            value = textOf(values, key)
        }
    end
    return sharedIfEmpty(listed)
end

local function wordOf(fields, name, words)
    local value = textOf(fields, name)
    return words[value] ~= nil and value or error(name .. " is unknown")
end

-- A word that is left out when there is none.
local function optionalWordOf(fields, name, words)
    local ____temp_65
    if fields[name] == nil then
        ____temp_65 = nil
    else
        ____temp_65 = wordOf(fields, name, words)
    end
    return ____temp_65
end

-- A time read at `now`: a clock that was set back since must not make the past lie in the future.
local function pastOf(fields, name, now)
    return math.min(
        numberOf(fields, name),
        now
    )
end
local KINDS = {
    host = true,
    service = true,
    ["business activity"] = true,
    poller = true,
    connector = true,
    storm = true
}
local DESIRED = {resolved = true, triggered = true, acknowledged = true, held = true}
local DELIVERED = {none = true, triggered = true, acknowledged = true}
local SEVERITIES = {info = true, warning = true, error = true, critical = true}
local ACKNOWLEDGES = {new = true, again = true}
local HOLD_ACTIONS = {acknowledge = true, resolve = true, taken = true}
local CARRIED_STEPS = {
    ["to tell"] = true,
    told = true,
    stands = true,
    ["to take back"] = true,
    ["taken back"] = true
}
local ACTIONS = {trigger = true, acknowledge = true, resolve = true}
-- What something is called of which the broker knew no name (broker/place.ts).
local MADE_UP = {"^host %d+$", "^service %d+$", "^business activity %d+$", "^poller %d+$"}

-- Version 0.1.0 does not say whether a name was known: it shows.
local function isName(text)
    for ____, pattern in ipairs(MADE_UP) do
        if (string.find(text, pattern)) ~= nil then
            return false
        end
    end
    return true
end

local function readPlace(fields, version)
    local ____temp_66
    if version == VERSION_WITH_CONTENT then
        ____temp_66 = isName(textOf(fields, "host_name")) and isName(textOf(fields, "service_description"))
    else
        ____temp_66 = fields.known == true
    end
    local isKnown = ____temp_66
    local place = {
        isKnown = isKnown,
        pollerId = optionalNumberOf(fields, "poller_id"),
        className = textOf(fields, "class"),
        hostName = textOf(fields, "host_name"),
        serviceDescription = textOf(fields, "service_description"),
        hostGroups = textsOf(fields, "host_groups"),
        serviceGroups = textsOf(fields, "service_groups"),
        criticality = numberOf(fields, "criticality"),
        poller = textOf(fields, "poller"),
        hostAlias = textOf(fields, "host_alias"),
        hostAddress = textOf(fields, "host_address")
    }
    addKind(
        place,
        optionalNumberOf(fields, "meta_service_id") or 0,
        fields.anomaly_detection == true
    )
    addNames(
        place,
        "businessViews",
        textsOf(fields, "business_views")
    )
    addNames(
        place,
        "categories",
        textsOf(fields, "categories")
    )
    addCustomVariables(
        place,
        namedValuesOf(fields, "custom_variables")
    )
    addText(
        place,
        "criticalityName",
        optionalTextOf(fields, "criticality_name") or ""
    )
    addText(
        place,
        "timeZone",
        optionalTextOf(fields, "time_zone") or ""
    )
    addText(
        place,
        "notes",
        optionalTextOf(fields, "notes") or ""
    )
    addText(
        place,
        "notesUrl",
        optionalTextOf(fields, "notes_url") or ""
    )
    addText(
        place,
        "actionUrl",
        optionalTextOf(fields, "action_url") or ""
    )
    addText(
        place,
        "downtimeComment",
        optionalTextOf(fields, "downtime_comment") or ""
    )
    return place
end

local function readReport(fields)
    return {
        stateName = textOf(fields, "state_name"),
        output = textOf(fields, "output"),
        longOutput = textOf(fields, "long_output"),
        perfdata = textOf(fields, "perfdata"),
        attempt = numberOf(fields, "attempt"),
        maximumAttempts = numberOf(fields, "maximum_attempts"),
        lastOk = numberOf(fields, "last_ok"),
        since = numberOf(fields, "since")
    }
end

-- Lua makes room for a field that is set to nil: one that is not there is not touched, of thousands of records.
local function setIfThere(target, field, value)
    if value ~= nil then
        target[field] = value
    end
end

local function readFacts(fields, now)
    local ____numberOf_result_68 = numberOf(fields, "state")
    local ____temp_69 = fields.acknowledged == true
    local ____numberOf_result_70 = numberOf(fields, "downtime_depth")
    local ____temp_71 = fields.flapping == true
    local ____numberOf_result_72 = numberOf(fields, "last_check")
    local ____temp_67
    if fields.stale_since == nil then
        ____temp_67 = nil
    else
        ____temp_67 = {
            lastCheckAtReturn = numberOf(fields, "stale_last_check"),
            hostCheckedAt = numberOf(fields, "stale_host_checked_at"),
            since = pastOf(fields, "stale_since", now)
        }
    end
    local facts = {
        state = ____numberOf_result_68,
        isAcknowledged = ____temp_69,
        downtimeDepth = ____numberOf_result_70,
        isFlapping = ____temp_71,
        lastCheck = ____numberOf_result_72,
        staleness = ____temp_67
    }
    if fields.problem_since ~= nil then
        facts.problemSince = pastOf(fields, "problem_since", now)
    end
    setIfThere(
        facts,
        "earlyUntil",
        optionalNumberOf(fields, "early_until")
    )
    setIfThere(
        facts,
        "goneAt",
        optionalNumberOf(fields, "gone_at")
    )
    if fields.new_to_poller == true then
        facts.isNewToPoller = true
    end
    setIfThere(
        facts,
        "acknowledgedSeverity",
        optionalWordOf(fields, "acknowledged_severity", SEVERITIES)
    )
    if fields.acknowledgement_outgrown == true then
        facts.isAcknowledgementOutgrown = true
    end
    return facts
end

local function readResource(fields)
    local kind = wordOf(fields, "alert", KINDS)
    if kind == "host" or kind == "service" then
        return {
            kind = kind,
            hostId = numberOf(fields, "host_id"),
            serviceId = numberOf(fields, "service_id")
        }
    end
    if kind == "storm" then
        return {
            kind = kind,
            route = textOf(fields, "storm_route")
        }
    end
    return {
        kind = kind,
        id = numberOf(fields, "id")
    }
end

local function readVerdict(fields)
    local values = fields.details
    local details = {}
    for ____, name in ipairs(namesIn(values)) do
        details[#details + 1] = {name = name, value = values[name]}
    end
    return {
        isDropped = fields.dropped == true,
        summary = optionalTextOf(fields, "summary"),
        severity = optionalWordOf(fields, "severity", SEVERITIES),
        route = optionalTextOf(fields, "route"),
        details = sharedIfEmpty(details)
    }
end

-- The alert a line tells of. An action that was under way has an unknown outcome now.
local function readAlert(fields, before, ____bindingPattern0)
    local version
    local now
    now = ____bindingPattern0.now
    version = ____bindingPattern0.version
    local severity = wordOf(fields, "severity", SEVERITIES)
    local alert = createAlert(
        readResource(fields),
        readFacts(fields.facts, now),
        severity
    )
    alert.route = textOf(fields, "route")
    setIfThere(
        alert,
        "rejection",
        optionalTextOf(fields, "rejection")
    )
    setIfThere(
        alert,
        "unnotified",
        optionalTextOf(fields, "unnotified")
    )
    setIfThere(
        alert,
        "wait",
        optionalNumberOf(fields, "wait")
    )
    if fields.gathered_by ~= nil then
        alert.gathered = {
            route = textOf(fields, "gathered_by"),
            at = pastOf(fields, "gathered_at", now)
        }
    end
    local verdict = fields.custom
    if verdict ~= nil then
        alert.verdict = readVerdict(verdict)
    end
    local content = fields.content
    local place = fields.place or content
    local report = fields.report or content
    local ____temp_75
    if place == nil then
        ____temp_75 = before and before.place
    else
        ____temp_75 = readPlace(place, version)
    end
    alert.place = ____temp_75
    local ____temp_78
    if report == nil then
        ____temp_78 = before and before.report
    else
        ____temp_78 = readReport(report)
    end
    alert.report = ____temp_78
    if fields.acknowledged_by ~= nil then
        local ____textOf_result_80 = textOf(fields, "acknowledged_by")
        local ____textOf_result_81 = textOf(fields, "acknowledgement_comment")
        local ____optionalNumberOf_result_82 = optionalNumberOf(fields, "acknowledgement_at")
        local ____temp_79
        if fields.acknowledgement_past == true then
            ____temp_79 = true
        else
            ____temp_79 = nil
        end
        alert.acknowledgement = {author = ____textOf_result_80, comment = ____textOf_result_81, at = ____optionalNumberOf_result_82, isPast = ____temp_79}
    end
    alert.desired = wordOf(fields, "desired", DESIRED)
    alert.delivered = wordOf(fields, "delivered", DELIVERED)
    alert.deliveredSeverity = wordOf(fields, "delivered_severity", SEVERITIES)
    alert.isCertain = fields.certain == true
    alert.triggeredAt = pastOf(fields, "triggered_at", now)
    if fields.previous_state ~= nil then
        local seconds = optionalNumberOf(fields, "previous_seconds")
        alert.previous = {
            stateName = textOf(fields, "previous_state"),
            seconds = seconds
        }
    end
    if fields.told_state ~= nil then
        local stateName = textOf(fields, "told_state")
        local output = optionalTextOf(fields, "told_output")
        alert.told = output == nil and toldState(stateName) or ({stateName = stateName, output = output})
    end
    if fields.incident_id ~= nil then
        alert.incident = {
            id = textOf(fields, "incident_id"),
            number = numberOf(fields, "incident_number"),
            address = textOf(fields, "incident_address")
        }
    end
    if fields.closed_at ~= nil then
        alert.delivered = "closed"
        alert.closing = {
            at = textOf(fields, "closed_at"),
            by = optionalTextOf(fields, "closed_by"),
            lastCheck = optionalNumberOf(fields, "closed_last_check")
        }
    end
    if fields.carried_step ~= nil then
        alert.carried = {
            step = wordOf(fields, "carried_step", CARRIED_STEPS),
            mark = textOf(fields, "carried_mark"),
            comment = textOf(fields, "carried_comment"),
            author = optionalTextOf(fields, "carried_author")
        }
    end
    local acknowledgedAt = optionalNumberOf(fields, "acknowledged_at")
    if acknowledgedAt ~= nil then
        alert.acknowledgedAt = math.min(acknowledgedAt, now)
    end
    setIfThere(
        alert,
        "acknowledgedThereAs",
        optionalWordOf(fields, "acknowledged_there", SEVERITIES)
    )
    alert.wantsRetrigger = fields.wants_retrigger == true
    if fields.wants_update == true then
        alert.wantsUpdate = true
    end
    if fields.wants_repage == true then
        alert.wantsRepage = true
    end
    setIfThere(
        alert,
        "holdAction",
        optionalWordOf(fields, "hold_action", HOLD_ACTIONS)
    )
    if fields.acknowledged_by_hold == true then
        alert.isAcknowledgedByHold = true
    end
    if fields.resolve_ordered == true then
        alert.isResolveOrdered = true
    end
    local wantsAcknowledge = optionalWordOf(fields, "wants_acknowledge", ACKNOWLEDGES)
    if wantsAcknowledge ~= nil then
        alert.wantsAcknowledge = wantsAcknowledge
    elseif version == VERSION_WITH_CONTENT and alert.facts.isAcknowledged and alert.delivered == "triggered" then
        alert.wantsAcknowledge = "new"
    end
    alert.isVolatile = fields.volatile == true
    setIfThere(
        alert,
        "refusedSeverity",
        optionalWordOf(fields, "refused_severity", SEVERITIES)
    )
    alert.ladderStep = numberOf(fields, "ladder_step")
    if fields.meant_for ~= nil then
        alert.detour = {
            meantFor = textOf(fields, "meant_for"),
            reason = textOf(fields, "detour_reason")
        }
    end
    if fields.in_flight ~= nil then
        recordUnknownOutcome(
            alert,
            wordOf(fields, "in_flight", ACTIONS),
            severity
        )
    end
    return alert
end

local function readHost(fields, now)
    local isBack = fields.returned_at ~= nil
    return {
        state = numberOf(fields, "state"),
        downtimeDepth = numberOf(fields, "downtime_depth"),
        checkedAtReturn = isBack and numberOf(fields, "checked_at_return") or nil,
        returnedAt = isBack and pastOf(fields, "returned_at", now) or nil
    }
end

-- Nothing read yet, of a file that is read at `now` (Unix time): no time in it is taken for later.
function exports.createReading(now)
    return {
        now = now,
        version = 0,
        lastAlive = 0,
        alerts = {},
        hosts = {},
        parents = {},
        owners = {},
        stoppedPollers = {}
    }
end

local function takeLine(reading, fields)
    if fields.alert ~= nil then
        local before = reading.alerts[dedupKeyOf(readResource(fields))]
        local alert = readAlert(fields, before, reading)
        reading.alerts[alert.dedupKey] = alert
    elseif fields.alive ~= nil then
        reading.lastAlive = numberOf(fields, "alive")
    elseif fields.forgotten ~= nil then
        reading.alerts[textOf(fields, "forgotten")] = nil
    elseif fields.child_id ~= nil then
        local childId = numberOf(fields, "child_id")
        local parentId = numberOf(fields, "parent_id")
        local name = string.format("%d %d", childId, parentId)
        reading.parents[name] = fields.is_parent == true and ({childId = childId, parentId = parentId}) or nil
    elseif fields.owned_host ~= nil then
        reading.owners[numberOf(fields, "owned_host")] = optionalNumberOf(fields, "poller_id")
    elseif fields.is_stopped ~= nil then
        local isStopped = fields.is_stopped == true
        local ____reading_stoppedPollers_84 = reading.stoppedPollers
        local ____numberOf_result_85 = numberOf(fields, "poller_id")
        local ____isStopped_83
        if isStopped then
            ____isStopped_83 = true
        else
            ____isStopped_83 = nil
        end
        ____reading_stoppedPollers_84[____numberOf_result_85] = ____isStopped_83
    else
        local hostId = numberOf(fields, "host_id")
        local ____reading_hosts_87 = reading.hosts
        local ____temp_86
        if fields.state == nil then
            ____temp_86 = nil
        else
            ____temp_86 = readHost(fields, reading.now)
        end
        ____reading_hosts_87[hostId] = ____temp_86
    end
end

-- Takes a line in. Gives false when it is not one of ours.
function exports.readLine(reading, line)
    local result = decode(line)
    if not result.ok or type(result.value) ~= "table" then
        return false
    end
    -- A line that is JSON but not what we write: whatever it lacks raises.
    local isTaken = pcall(takeLine, reading, result.value)
    return isTaken
end

-- The version of the journal that `line` begins; undefined when it begins none that we can read.
function exports.versionOf(line)
    local result = decode(line)
    if not result.ok or type(result.value) ~= "table" then
        return nil
    end
    local fields = result.value
    local version = fields.version
    local isKnown = version == exports.VERSION or version == VERSION_WITH_CONTENT
    return fields.journal == FORMAT and isKnown and version or nil
end
return exports
 end,

-- -------------------- src/journal/journal.ts --------------------
["src.journal.journal"] = function(...)
-- The journal: what the book knows, in an append-only file of JSON lines that survives a crash. Owns the file's life
-- (append, compact, load, keep a bad one aside); its lines are lines.ts', and it decides nothing about alerts.
--
-- A line is written for each change of an alert (an action going out included), of a host that is remembered, of a parent,
-- and of an engine that stops or runs again. The last line of each wins.
local exports = {}
local isOpenFile
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local ____time = require("src.text.time")
local spokenDuration = ____time.spokenDuration
local ____lines = require("src.journal.lines")
local VERSION = ____lines.VERSION
local aliveLine = ____lines.aliveLine
local alertLine = ____lines.alertLine
local createReading = ____lines.createReading
local engineLine = ____lines.engineLine
local ownerLine = ____lines.ownerLine
local forgottenLine = ____lines.forgottenLine
local headerLine = ____lines.headerLine
local hostLine = ____lines.hostLine
local versionOf = ____lines.versionOf
local parentLine = ____lines.parentLine
local readLine = ____lines.readLine

function isOpenFile(file)
    return file ~= nil
end
-- ENOENT, the same on every Linux.
local NO_SUCH_FILE = 2
-- Seconds. A journal gets a line a minute while the connector runs: one that is older than this was somebody else's, or of
-- another time.
local LONGEST_SILENCE = 600
-- Lines that may pile up beside what is alive before the file is made anew.
local SUPERFLUOUS_LINES = 5000
local NOTHING = {
    alerts = {},
    hosts = {},
    parents = {},
    owners = {},
    stoppedPollers = {},
    hadJournal = false,
    wholeLines = 0
}
-- What is known where nothing can have been missed: PagerDuty has nothing.
exports.NOTHING_MISSED = {
    alerts = {},
    hosts = {},
    parents = {},
    owners = {},
    stoppedPollers = {},
    hadJournal = true,
    wholeLines = 0
}
-- Keeps nothing, for when there is nothing to keep.
exports.NO_JOURNAL = {
    isUsable = function() return true end,
    writeAlert = function() return nil end,
    writeForgotten = function() return nil end,
    writeHost = function() return nil end,
    writeParent = function() return nil end,
    writeOwner = function() return nil end,
    writeEngine = function() return nil end,
    writeAlive = function() return nil end,
    goOn = function() return nil end,
    needsCompaction = function() return false end,
    compact = function() return nil end
}

-- What a check said long ago is told and paged only once another one confirms it; what no check stands behind is not.
local function takeForOld(____bindingPattern0, now)
    local resource
    local facts
    facts = ____bindingPattern0.facts
    resource = ____bindingPattern0.resource
    if not (resource.hostId ~= nil) or facts.state == STATE.ok then
        return
    end
    facts.staleness = {lastCheckAtReturn = facts.lastCheck, hostCheckedAt = facts.lastCheck, since = now}
end

-- Moves a file that cannot be trusted out of the way of the new one, and says why.
local function keepAside(path, damage, ____bindingPattern0)
    local unixTime
    local ____error
    local files
    files = ____bindingPattern0.files
    ____error = ____bindingPattern0.error
    unixTime = ____bindingPattern0.unixTime
    local aside = string.format(
        "%s.bad-%d",
        path,
        unixTime()
    )
    local isMoved, problem = files.rename(path, aside)
    local where = isMoved == true and "kept as " .. aside or "it could not be kept aside: " .. (problem or "unknown reason")
    ____error(((damage .. "; ") .. where) .. "; starting anew with what could be read")
end

-- Reads what the file at `path` holds. A file that cannot be trusted is kept aside, and what can be read of it used.
function exports.loadJournal(path, ports)
    local file, openProblem, errorNumber = ports.files.open(path, "rb")
    if file == nil then
        if errorNumber ~= NO_SUCH_FILE then
            keepAside(path, "the journal cannot be read: " .. (openProblem or path), ports)
        end
        return NOTHING
    end
    local text = file:read("*a") or ""
    file:close()
    if text == "" then
        return NOTHING
    end
    local reading = createReading(ports.unixTime())
    local position = 1
    local lines = 0
    local badLines = 0
    local hasHeader = false
    -- What follows the last line's end is a line torn by a crash: it was never acted upon.
    while true do
        local lineEnd = string.find(text, "\n", position, true)
        if lineEnd == nil then
            break
        end
        local line = string.sub(text, position, lineEnd - 1)
        position = lineEnd + 1
        lines = lines + 1
        if lines == 1 then
            reading.version = versionOf(line) or 0
            hasHeader = reading.version > 0
        elseif hasHeader and not readLine(reading, line) then
            badLines = badLines + 1
        end
    end
    local isTorn = position <= #text
    local isDamaged = not hasHeader or badLines > 0
    local what = hasHeader and ("has " .. tostring(badLines)) .. " unreadable lines" or "is not a journal of this version"
    local damage = isDamaged and (("the journal " .. path) .. " ") .. what or nil
    if damage ~= nil then
        keepAside(path, damage, ports)
    end
    local isOld = reading.lastAlive > 0 and reading.now - reading.lastAlive > LONGEST_SILENCE
    if isOld then
        ports.warning(((("the journal " .. path) .. " was last written ") .. spokenDuration(reading.now - reading.lastAlive)) .. " ago (a fail-over, a restored backup, a long stop?): what PagerDuty has is taken for unknown, and settled anew")
    end
    local alerts = {}
    for ____, alert in pairs(reading.alerts) do
        if alert ~= nil then
            -- The missing lines may have said that PagerDuty took an action: settle that by sending the desired state.
            if isDamaged or isOld then
                if not isOpen(alert) then
                    alert.delivered = "triggered"
                end
                if alert.closing ~= nil then
                    alert.closing = nil
                end
                alert.isCertain = false
            end
            if isOld then
                takeForOld(alert, reading.now)
            end
            alerts[#alerts + 1] = alert
        end
    end
    local hosts = {}
    for hostId, facts in pairs(reading.hosts) do
        if facts ~= nil then
            hosts[#hosts + 1] = {hostId = hostId, facts = facts}
        end
    end
    local parents = {}
    for ____, relation in pairs(reading.parents) do
        if relation ~= nil then
            parents[#parents + 1] = relation
        end
    end
    local owners = {}
    local stoppedPollers = {}
    -- Who stopped long ago may have started since, and a host may have moved.
    if not isOld then
        for hostId, pollerId in pairs(reading.owners) do
            if pollerId ~= nil then
                owners[#owners + 1] = {hostId = hostId, pollerId = pollerId}
            end
        end
        for pollerId in pairs(reading.stoppedPollers) do
            stoppedPollers[#stoppedPollers + 1] = pollerId
        end
    end
    local isWhole = not isDamaged and not isTorn and not isOld and reading.version == VERSION
    local hadJournal = hasHeader and not isOld
    local wholeLines = isWhole and lines or 0
    return {
        alerts = alerts,
        hosts = hosts,
        parents = parents,
        owners = owners,
        stoppedPollers = stoppedPollers,
        hadJournal = hadJournal,
        wholeLines = wholeLines,
        damage = damage
    }
end

-- The journal at `path`. Before the first write go on in its file, or else compact it: that makes the file, and shows
-- whether it can be written at all.
function exports.createJournal(path, ports)
    local file
    local isReported = false
    local lines = 0
    local linesAfterCompaction = 0
    -- What the file already holds, by alert: they are the bulk of a line, and seldom new.
    local writtenPlaces = {}
    local writtenReports = {}

    local function giveUp(problem)
        if file ~= nil then
            file:close()
        end
        file = nil
        if isReported then
            return
        end
        isReported = true
        -- What it holds is out of date from now on, and must not be believed by the next start.
        ports.files.rename(path, path .. ".out-of-date")
        ports.error(((("the journal " .. path) .. " cannot be written: ") .. (problem or "unknown reason")) .. ". Alerts are still sent, but a crash may lose what PagerDuty was told; make the file writable for the broker, or set state_path")
    end

    local function put(line)
        if file == nil then
            return
        end
        local isWritten, problem = file:write(line, "\n")
        if isWritten == nil then
            giveUp(problem)
        end
        lines = lines + 1
    end

    local function flush()
        -- flush gives nil when the system refuses (a full disk shows only here), though it is typed as a boolean.
        local isFlushed = file == nil or file:flush()
        if isFlushed ~= true then
            giveUp("the system refused to write (is the disk full?)")
        end
    end

    local function append(line)
        put(line)
        flush()
    end

    local function lineWithNews(alert)
        local ____alert_2 = alert
        local place = ____alert_2.place
        local report = ____alert_2.report
        local ____temp_3
        if writtenPlaces[alert] == place then
            ____temp_3 = nil
        else
            ____temp_3 = place
        end
        local newPlace = ____temp_3
        local ____temp_4
        if writtenReports[alert] == report then
            ____temp_4 = nil
        else
            ____temp_4 = report
        end
        local newReport = ____temp_4
        writtenPlaces[alert] = place
        writtenReports[alert] = report
        return alertLine(alert, newPlace, newReport)
    end
    return {
        isUsable = function() return file ~= nil end,
        writeAlert = function(alert)
            append(lineWithNews(alert))
        end,
        writeForgotten = function(alert)
            writtenPlaces[alert] = nil
            writtenReports[alert] = nil
            append(forgottenLine(alert))
        end,
        writeHost = function(hostId, facts)
            append(hostLine(hostId, facts))
        end,
        writeParent = function(childId, parentId, isParent)
            append(parentLine(childId, parentId, isParent))
        end,
        writeOwner = function(hostId, pollerId)
            append(ownerLine(hostId, pollerId))
        end,
        writeEngine = function(pollerId, isStopped)
            append(engineLine(pollerId, isStopped))
        end,
        writeAlive = function()
            append(aliveLine(ports.unixTime()))
        end,
        goOn = function(loaded)
            if loaded.wholeLines == 0 then
                return
            end
            file = ports.files.open(path, "ab")
            if file == nil then
                return
            end
            ports.files.makePrivate(path)
            lines = loaded.wholeLines
            linesAfterCompaction = #loaded.alerts + #loaded.hosts + #loaded.parents + #loaded.owners + #loaded.stoppedPollers
            for ____, alert in ipairs(loaded.alerts) do
                writtenPlaces[alert] = alert.place
                writtenReports[alert] = alert.report
            end
            append(aliveLine(ports.unixTime()))
        end,
        needsCompaction = function() return file == nil or lines > 2 * linesAfterCompaction + SUPERFLUOUS_LINES end,
        compact = function(snapshot)
            if file ~= nil then
                file:close()
            end
            file = nil
            local fresh = path .. ".new"
            local freshFile, problem = ports.files.open(fresh, "wb")
            if freshFile == nil then
                giveUp(problem)
                return
            end
            ports.files.makePrivate(fresh)
            file = freshFile
            lines = 0
            writtenPlaces = {}
            writtenReports = {}
            put(headerLine())
            put(aliveLine(ports.unixTime()))
            snapshot.eachHost(function(hostId, facts)
                put(hostLine(hostId, facts))
            end)
            snapshot.eachParent(function(childId, parentId)
                put(parentLine(childId, parentId, true))
            end)
            snapshot.eachOwner(function(hostId, pollerId)
                put(ownerLine(hostId, pollerId))
            end)
            snapshot.eachStoppedEngine(function(pollerId)
                put(engineLine(pollerId, true))
            end)
            snapshot.eachAlert(function(alert)
                put(lineWithNews(alert))
            end)
            flush()
            linesAfterCompaction = lines
            if not isOpenFile(file) then
                return
            end
            local isMoved, moveProblem = ports.files.rename(fresh, path)
            if isMoved ~= true then
                giveUp(moveProblem)
                return
            end
            if isReported then
                ports.warning(("the journal " .. path) .. " can be written again")
            end
            isReported = false
        end
    }
end
return exports
 end,

-- -------------------- src/journal/lock.ts --------------------
["src.journal.lock"] = function(...)
-- Who owns a journal: a small file beside it, held open, so that two outputs with one state_path are refused
-- instead of overwriting each other's. Lua has no file locks; but a file is closed with the Lua state or the
-- process that holds it, however that ends, and the system tells who has a file open.
local exports = {}
-- Lock files that are held, for as long as the Lua state lives.
local held = {}

-- Claims the journal at `path` for this Lua state. Gives false when another output holds it.
function exports.lockJournal(path, ports)
    local lockPath = path .. ".lock"
    local before = ports.files.open(lockPath, "r")
    if before ~= nil then
        local owner = string.match(
            before:read("*a") or "",
            "^(%d+)\n$"
        )
        before:close()
        if owner ~= nil and ports.hasOpen(owner, lockPath) then
            return false
        end
    end
    local file = ports.files.open(lockPath, "w")
    -- Where the journal cannot be written, this cannot either; the journal says so.
    if file == nil then
        return true
    end
    file:write(ports.processId .. "\n")
    file:flush()
    held[#held + 1] = file
    return true
end
return exports
 end,

-- -------------------- src/text/macros.ts --------------------
["src.text.macros"] = function(...)
-- Centreon's macros in a text that a person wrote, such as $HOSTNAME$. Knows no macro itself.
-- `text` with the macros replaced that `values` has, by name without the dollar signs; any other stays as it is.
-- `encode` is applied to each value.
local exports = {}

function exports.expandMacros(text, values, encode)
    local expanded = string.gsub(
        text,
        "%$([%w_]+)%$",
        function(name)
            local value = values[name]
            return value == nil and ("$" .. name) .. "$" or encode(value)
        end
    )
    return expanded
end
return exports
 end,

-- -------------------- src/pagerduty/notes.ts --------------------
["src.pagerduty.notes"] = function(...)
-- The notes and addresses that a person wrote in Centreon, as a responder reads them: with the macros expanded that
-- Centreon's pages expand. Knows the macros' values; what a macro is, text/macros does.
local exports = {}
local ____macros = require("src.text.macros")
local expandMacros = ____macros.expandMacros
local ____url = require("src.text.url")
local urlEncode = ____url.urlEncode

local function macrosOf(____bindingPattern0)
    local report
    local place
    local resource
    resource = ____bindingPattern0.resource
    place = ____bindingPattern0.place
    report = ____bindingPattern0.report
    local isService = resource.kind == "service"
    local ____place_hostName_1 = place.hostName
    local ____place_hostAlias_2 = place.hostAlias
    local ____place_hostAddress_3 = place.hostAddress
    local ____isService_0
    if isService then
        ____isService_0 = nil
    else
        ____isService_0 = report.stateName
    end
    return {
        HOSTNAME = ____place_hostName_1,
        HOSTALIAS = ____place_hostAlias_2,
        HOSTADDRESS = ____place_hostAddress_3,
        HOSTSTATE = ____isService_0,
        SERVICEDESC = isService and place.serviceDescription or nil,
        SERVICESTATE = isService and report.stateName or nil
    }
end

function exports.notesOf(alert)
    return expandMacros(
        alert.place.notes or "",
        macrosOf(alert),
        function(value) return value end
    )
end

function exports.notesUrlOf(alert)
    return expandMacros(
        alert.place.notesUrl or "",
        macrosOf(alert),
        urlEncode
    )
end

function exports.actionUrlOf(alert)
    return expandMacros(
        alert.place.actionUrl or "",
        macrosOf(alert),
        urlEncode
    )
end
return exports
 end,

-- -------------------- src/pagerduty/template.ts --------------------
["src.pagerduty.template"] = function(...)
-- The administrator's own formats for summary, details, links and images: text with placeholders such as {host}, read once at the
-- start and filled in for each event. Owns the placeholders. Pure; knows no limits of PagerDuty.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
local ____lines = require("src.text.lines")
local outputLines = ____lines.outputLines
local withoutState = ____lines.withoutState
local ____perfdata = require("src.text.perfdata")
local parsePerfdata = ____perfdata.parsePerfdata
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp
local ____notes = require("src.pagerduty.notes")
local actionUrlOf = ____notes.actionUrlOf
local notesOf = ____notes.notesOf
local notesUrlOf = ____notes.notesUrlOf
-- Most metrics that `{metric:…}` looks through, as many as an alert shows.
local MOST_METRICS = 100

local function joined(names)
    return table.concat(names, ", ")
end

-- A number, or nothing where 0 stands for not known.
local function unlessZero(value)
    return value > 0 and string.format("%d", value) or ""
end

local function timeOf(seconds)
    return seconds > 0 and (utcTimestamp(seconds) or "") or ""
end

local function state(____bindingPattern0)
    local report
    report = ____bindingPattern0.alert.report
    return report.stateName
end

local function output(____bindingPattern0)
    local report
    report = ____bindingPattern0.alert.report
    return outputLines(report.output, report.longOutput).first
end

-- What {output} says in a text that says the state, too: nothing twice.
local function outputBesideState(____bindingPattern0)
    local report
    report = ____bindingPattern0.alert.report
    return withoutState(
        outputLines(report.output, report.longOutput).first,
        report.stateName
    )
end
local PLACEHOLDERS = {
    resource = function(____bindingPattern0)
        local alert
        alert = ____bindingPattern0.alert
        return nameOf(alert)
    end,
    host = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.hostName
    end,
    service = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.serviceDescription
    end,
    state = state,
    output = output,
    long_output = function(____bindingPattern0)
        local report
        report = ____bindingPattern0.alert.report
        return outputLines(report.output, report.longOutput).further
    end,
    severity = function(____bindingPattern0)
        local severity
        severity = ____bindingPattern0.severity
        return severity
    end,
    class = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.className
    end,
    key = function(____bindingPattern0)
        local dedupKey
        dedupKey = ____bindingPattern0.alert.dedupKey
        return dedupKey
    end,
    alias = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.hostAlias
    end,
    address = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.hostAddress
    end,
    poller = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.poller
    end,
    hostgroups = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return joined(place.hostGroups)
    end,
    servicegroups = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return joined(place.serviceGroups)
    end,
    bvs = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return joined(place.businessViews or ({}))
    end,
    categories = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return joined(place.categories or ({}))
    end,
    criticality = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return unlessZero(place.criticality)
    end,
    criticality_name = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.criticalityName or ""
    end,
    attempt = function(____bindingPattern0)
        local report
        report = ____bindingPattern0.alert.report
        return unlessZero(report.attempt)
    end,
    max_attempts = function(____bindingPattern0)
        local report
        report = ____bindingPattern0.alert.report
        return unlessZero(report.maximumAttempts)
    end,
    since = function(____bindingPattern0)
        local report
        report = ____bindingPattern0.alert.report
        return timeOf(report.since)
    end,
    last_ok = function(____bindingPattern0)
        local report
        report = ____bindingPattern0.alert.report
        return timeOf(report.lastOk)
    end,
    notes = function(____bindingPattern0)
        local alert
        alert = ____bindingPattern0.alert
        return notesOf(alert)
    end,
    notes_url = function(____bindingPattern0)
        local alert
        alert = ____bindingPattern0.alert
        return notesUrlOf(alert)
    end,
    action_url = function(____bindingPattern0)
        local alert
        alert = ____bindingPattern0.alert
        return actionUrlOf(alert)
    end,
    downtime_comment = function(____bindingPattern0)
        local place
        place = ____bindingPattern0.alert.place
        return place.downtimeComment or ""
    end,
    acknowledged_by = function(____bindingPattern0)
        local acknowledgement
        acknowledgement = ____bindingPattern0.alert.acknowledgement
        return acknowledgement and acknowledgement.author or ""
    end
}
-- Those that need an argument.
local PLACEHOLDERS_FOR = {
    metric = function(____bindingPattern0, wanted)
        local report
        report = ____bindingPattern0.alert.report
        for ____, ____value in ipairs(parsePerfdata(report.perfdata, MOST_METRICS)) do
            local name = ____value.name
            local value = ____value.value
            local unit = ____value.unit
            if name == wanted and value ~= nil then
                return value .. unit
            end
        end
        return ""
    end,
    macro = function(____bindingPattern0, wanted)
        local place
        place = ____bindingPattern0.alert.place
        for ____, ____value in ipairs(place.customVariables or ({})) do
            local name = ____value.name
            local value = ____value.value
            if name == wanted then
                return value
            end
        end
        return ""
    end
}

-- Every placeholder there is, for a complaint.
local function knownPlaceholders()
    local known = {"{metric:name}", "{macro:NAME}"}
    for name in pairs(PLACEHOLDERS) do
        known[#known + 1] = ("{" .. name) .. "}"
    end
    table.sort(known)
    return table.concat(known, ", ")
end

-- What stands between braces: the placeholder, or what is wrong with it.
local function readPlaceholder(inner, customVariables)
    local kind, wanted = string.match(inner, "^(%a+):(.+)$")
    local ____temp_2
    if kind == nil then
        ____temp_2 = PLACEHOLDERS[inner]
    else
        ____temp_2 = PLACEHOLDERS_FOR[kind]
    end
    local placeholder = ____temp_2
    if placeholder == nil then
        return (("{" .. inner) .. "} is unknown; known are ") .. knownPlaceholders()
    end
    if kind ~= "macro" then
        return {placeholder = placeholder, argument = wanted or ""}
    end
    local variable = string.upper(wanted or "")
    if customVariables == nil then
        return {placeholder = placeholder, argument = variable}
    end
    for ____, name in ipairs(customVariables) do
        if name == variable then
            return {placeholder = placeholder, argument = variable}
        end
    end
    return ((("{" .. inner) .. "} has no value: add ") .. variable) .. " to pdy_custom_variables"
end

-- `template`, which does not say the state twice where it has both {state} and {output}.
local function sayingStateOnce(template)
    local saysState = false
    for ____, part in ipairs(template) do
        if type(part) ~= "string" and part.placeholder == state then
            saysState = true
        end
    end
    if not saysState then
        return template
    end
    local parts = {}
    for ____, part in ipairs(template) do
        local isOutput = type(part) ~= "string" and part.placeholder == output
        parts[#parts + 1] = isOutput and ({placeholder = outputBesideState, argument = ""}) or part
    end
    return parts
end

-- Reads a format. Gives the template, or what is wrong with it. `customVariables`: the names, in capitals, that
-- `{macro:…}` may ask for: others are not collected. Undefined: any, see `macrosIn`.
function exports.readTemplate(text, customVariables)
    local parts = {}
    local position = 1
    while true do
        local opening = string.find(text, "{", position, true)
        local literal = string.sub(text, position, (opening or #text + 1) - 1)
        if literal ~= "" then
            parts[#parts + 1] = literal
        end
        if opening == nil then
            return sayingStateOnce(parts)
        end
        local closing = string.find(text, "}", opening, true)
        if closing == nil then
            return "a { without its }"
        end
        local read = readPlaceholder(
            string.sub(text, opening + 1, closing - 1),
            customVariables
        )
        if type(read) == "string" then
            return read
        end
        parts[#parts + 1] = read
        position = closing + 1
    end
end

-- The custom variables that `template` asks for.
function exports.macrosIn(template)
    local names = {}
    for ____, part in ipairs(template) do
        if type(part) ~= "string" and part.placeholder == PLACEHOLDERS_FOR.macro then
            names[#names + 1] = part.argument
        end
    end
    return names
end

-- The text that `template` makes of `subject`: any bytes, of any length.
function exports.fillTemplate(template, subject)
    local parts = {}
    for ____, part in ipairs(template) do
        parts[#parts + 1] = type(part) == "string" and part or part.placeholder(subject, part.argument)
    end
    return table.concat(parts)
end
return exports
 end,

-- -------------------- src/pagerduty/links.ts --------------------
["src.pagerduty.links"] = function(...)
-- Links that a responder can open: the addresses of Centreon's pages, the administrator's own, and the shapes PagerDuty
-- wants. Where a link stands in an event is compose's business.
local exports = {}
local ____json = require("src.text.json")
local encode = ____json.encode
local ____lines = require("src.text.lines")
local oneLine = ____lines.oneLine
local ____url = require("src.text.url")
local escapeUrl = ____url.escapeUrl
local urlEncode = ____url.urlEncode
local ____utf8 = require("src.text.utf8")
local cutToCharacters = ____utf8.cutToCharacters
local validUtf8 = ____utf8.validUtf8
local ____template = require("src.pagerduty.template")
local fillTemplate = ____template.fillTemplate
-- The path of Centreon's pages, unless its administrator changed it.
local DEFAULT_PATH = "/centreon"
-- Longest address that web servers take (Apache's LimitRequestLine is 8190).
local MAXIMUM_ADDRESS_BYTES = 8190
-- Most characters of a link's text; longer ones are somebody's mistake.
local MAXIMUM_TEXT_CHARACTERS = 256

-- The pages of the Centreon at `url`. People paste the address of the site or that of a page: a path in it is the pages'
-- own, up to the first `/centreon`.
local function pagesAt(url)
    local address = string.match(url, "^[^?#]*")
    local site, path = string.match(address or "", "^(%a+://[^/]*)(.-)/*$")
    local base = string.match((path or "") .. "/", ("^(.-" .. DEFAULT_PATH) .. ")/")
    return {site = site or "", path = base or ((path == nil or path == "") and DEFAULT_PATH or path)}
end

-- What Resources Status is asked to show. The JSON is the page's own (centreon/centreon, www/front_src/src/Resources;
-- getDetailsPanelQueriers). Its uuid marks the line in the list, no more.
local function detailsOf(____bindingPattern0, ____bindingPattern1, path)
    local serviceId
    local hostId
    local kind
    kind = ____bindingPattern0.kind
    hostId = ____bindingPattern0.hostId
    serviceId = ____bindingPattern0.serviceId
    local isAnomalyDetection
    local metaServiceId
    metaServiceId = ____bindingPattern1.metaServiceId
    isAnomalyDetection = ____bindingPattern1.isAnomalyDetection
    local endpoint = path .. "/api/latest/monitoring/resources"

    local function panel(id, address, pageType, uuid, parentId, parentType)
        return {
            {"id", id},
            {"parentId", parentId},
            {"parentType", parentType},
            {
                "resourcesDetailsEndpoint",
                string.format("%s/%s/%d", endpoint, address, id)
            },
            {"tab", "details"},
            {"type", pageType},
            {
                "uuid",
                string.format("%s%d", uuid, id)
            }
        }
    end
    if kind == "host" then
        return panel(hostId, "hosts", "host", "h")
    end
    if metaServiceId ~= nil and metaServiceId > 0 then
        return panel(metaServiceId, "metaservices", "metaservice", "m")
    end
    if isAnomalyDetection == true then
        return panel(serviceId, "anomaly-detection", "anomaly-detection", "a")
    end
    local host = string.format("%d", hostId)
    return panel(
        serviceId,
        ("hosts/" .. host) .. "/services",
        "service",
        ("h" .. host) .. "-s",
        hostId,
        "host"
    )
end

-- The address of the page that shows `resource` in the Centreon at `url`; undefined when there is none.
local function pageOf(resource, placement, url)
    local ____pagesAt_result_0 = pagesAt(url)
    local site = ____pagesAt_result_0.site
    local path = ____pagesAt_result_0.path
    if resource.hostId ~= nil then
        local fields = detailsOf(resource, placement, path)
        return ((site .. path) .. "/monitoring/resources?details=") .. urlEncode(encode({fields = fields}))
    end
    if resource.kind == "storm" then
        return (site .. path) .. "/monitoring/resources"
    end
    local ____resource_1 = resource
    local kind = ____resource_1.kind
    local id = ____resource_1.id
    -- Centreon's own widgets and search lead there; Resources Status does not show these (www/front_src, 25.x).
    if kind == "business activity" then
        return string.format("%s%s/main.php?p=20701&o=d&ba_id=%d", site, path, id)
    end
    if kind == "poller" then
        return string.format("%s%s/main.php?p=60901&o=c&server_id=%d", site, path, id)
    end
    return nil
end

-- `url` as PagerDuty gets it; undefined when it is not one with such a scheme, or too long for anybody.
local function addressWith(scheme, url)
    local found, rest = string.match(url, "^(%a+)(://[^%s].*)$")
    if found == nil or rest == nil or #url > MAXIMUM_ADDRESS_BYTES then
        return nil
    end
    local lower = string.lower(found)
    local ____temp_2
    if (string.find(lower, scheme)) == nil then
        ____temp_2 = nil
    else
        ____temp_2 = escapeUrl(lower .. rest)
    end
    return ____temp_2
end

-- Adds a link to `links`, or nothing when `url` is not an address a browser could open.
function exports.appendLink(links, url, text)
    local href = addressWith("^https?$", url)
    if href == nil then
        return
    end
    links[#links + 1] = {fields = {{"href", href}, {"text", text}}}
end

-- Adds the link to the page that shows `resource` in the Centreon at `url`, where there is one. An empty `url`: none.
function exports.appendCentreonLink(links, resource, placement, url)
    local ____temp_3
    if url == "" then
        ____temp_3 = nil
    else
        ____temp_3 = pageOf(resource, placement, url)
    end
    local page = ____temp_3
    if page ~= nil then
        exports.appendLink(links, page, "Open in Centreon")
    end
end

-- Adds an image to `images`, or nothing when `url` is not an address from which PagerDuty loads one: https.
local function appendImage(images, url, text)
    local src = addressWith("^https$", url)
    if src == nil then
        return
    end
    images[#images + 1] = {fields = {{"src", src}, {"alt", text}}}
end

-- The address that `template` makes of `subject`: each value encoded, but for one at the beginning, which is an address itself.
-- Undefined where it has placeholders, and none of them has anything to say: it would lead to nothing in particular.
local function addressOf(template, subject)
    local parts = {}
    local placeholders = 0
    local answers = 0
    for ____, part in ipairs(template) do
        if type(part) == "string" then
            parts[#parts + 1] = part
        else
            local value = part.placeholder(subject, part.argument)
            placeholders = placeholders + 1
            if value ~= "" then
                answers = answers + 1
            end
            parts[#parts + 1] = #parts == 0 and value or urlEncode(value)
        end
    end
    local ____temp_4
    if placeholders > 0 and answers == 0 then
        ____temp_4 = nil
    else
        ____temp_4 = table.concat(parts)
    end
    return ____temp_4
end

local function appendOwn(items, templates, subject, append)
    for ____, ____value in ipairs(templates) do
        local text = ____value.text
        local address = ____value.address
        local url = addressOf(address, subject)
        if url ~= nil then
            local shown = cutToCharacters(
                oneLine(validUtf8(fillTemplate(text, subject))),
                MAXIMUM_TEXT_CHARACTERS
            )
            append(items, url, shown)
        end
    end
end

-- Adds the administrator's links to `links`.
function exports.appendOwnLinks(links, templates, subject)
    appendOwn(links, templates, subject, exports.appendLink)
end

-- The administrator's images; undefined when there is none.
function exports.imagesOf(templates, subject)
    local items = {}
    appendOwn(items, templates, subject, appendImage)
    local ____temp_5
    if #items == 0 then
        ____temp_5 = nil
    else
        ____temp_5 = {items = items}
    end
    return ____temp_5
end
return exports
 end,

-- -------------------- src/rules/rule.ts --------------------
["src.rules.rule"] = function(...)
-- A rule: which problems it speaks of, and what it says of them; and which of several rules decides. Reads neither the
-- file nor the parameters.
local exports = {}
-- The origin of the rules that stand in a file.
exports.RULES_FILE = "pdy_rules_file"

-- How the log calls a rule.
function exports.wordsOf(____bindingPattern0)
    local origin
    local name
    name = ____bindingPattern0.name
    origin = ____bindingPattern0.origin
    return origin == exports.RULES_FILE and (("rule \"" .. name) .. "\" of ") .. exports.RULES_FILE or name
end

-- Why a rule keeps a problem from opening an alert, in words for the log.
function exports.rejectionBy(rule, subject)
    local ____opt_0 = rule.reason
    return ____opt_0 and ____opt_0(subject) or exports.wordsOf(rule) .. " says page = false"
end

-- Whether all of `tests` hold.
local function allHold(tests)
    local only = tests[1]
    if only == nil then
        return function() return true end
    end
    if #tests == 1 then
        return function(subject) return only(subject) == true end
    end
    return function(subject)
        for ____, test in ipairs(tests) do
            if test(subject) ~= true then
                return false
            end
        end
        return true
    end
end

-- What becomes of a rule that fits while all of `conditions` hold.
function exports.fitting(conditions)
    local inOrder = {}
    for ____, condition in ipairs(conditions) do
        inOrder[#inOrder + 1] = condition
    end
    table.sort(
        inOrder,
        function(left, right) return left.cost < right.cost end
    )
    local tests = {}
    local lasting = {}
    local changes = {}
    for ____, ____value in ipairs(inOrder) do
        local test = ____value.test
        local nextChange = ____value.nextChange
        tests[#tests + 1] = test
        if nextChange == nil then
            lasting[#lasting + 1] = test
        else
            changes[#changes + 1] = nextChange
        end
    end
    local fits = allHold(tests)
    if #changes == 0 then
        return {fits = fits}
    end
    local mayFit = allHold(lasting)

    local function changesAt(subject)
        if not mayFit(subject) then
            return nil
        end
        local earliest = math.huge
        for ____, nextChange in ipairs(changes) do
            earliest = math.min(
                earliest,
                nextChange()
            )
        end
        return earliest
    end
    return {fits = fits, changesAt = changesAt}
end

local function speaksOf(rule, kind)
    if rule.kinds == nil then
        return true
    end
    for ____, candidate in ipairs(rule.kinds) do
        if candidate == kind then
            return true
        end
    end
    return false
end
-- Things that are decided beforehand; texts are asked when an event is composed.
local DECIDED = {"page", "severity", "route", "wait"}

-- Whether the hours of a rule may change what is decided of a problem.
local function decidesByHours(rule)
    if rule.changesAt == nil then
        return false
    end
    for ____, thing in ipairs(DECIDED) do
        if rule[thing] ~= nil then
            return true
        end
    end
    return rule.stop == true
end

function exports.listOfRules(rules)
    local chains = {}

    local function chainOf(kind, thing)
        local ofKind = chains[kind]
        if ofKind == nil then
            ofKind = {}
            chains[kind] = ofKind
        end
        local known = ofKind[thing]
        if known ~= nil then
            return known
        end
        local chain = {}
        for ____, rule in ipairs(rules) do
            local ____temp_2
            if thing == "hours" then
                ____temp_2 = decidesByHours(rule)
            else
                ____temp_2 = rule[thing] ~= nil or rule.stop == true
            end
            local matters = ____temp_2
            if matters and speaksOf(rule, kind) then
                chain[#chain + 1] = rule
            end
        end
        ofKind[thing] = chain
        return chain
    end
    return {
        deciding = function(subject, thing)
            for ____, rule in ipairs(chainOf(subject.resource.kind, thing)) do
                if rule.fits(subject) then
                    local ____temp_5
                    if thing == "route" then
                        local ____opt_3 = rule.route
                        ____temp_5 = ____opt_3 and ____opt_3(subject)
                    else
                        ____temp_5 = rule[thing]
                    end
                    local said = ____temp_5
                    if said ~= nil then
                        return rule
                    end
                    if rule.stop == true then
                        return nil
                    end
                end
            end
            return nil
        end,
        each = function(subject, thing, visit)
            for ____, rule in ipairs(chainOf(subject.resource.kind, thing)) do
                if rule.fits(subject) then
                    if rule[thing] ~= nil then
                        visit(rule)
                    end
                    if rule.stop == true then
                        return
                    end
                end
            end
        end,
        changesAt = function(subject)
            local earliest
            for ____, rule in ipairs(chainOf(subject.resource.kind, "hours")) do
                local ____opt_6 = rule.changesAt
                local change = ____opt_6 and ____opt_6(subject)
                if change ~= nil and (earliest == nil or change < earliest) then
                    earliest = change
                end
            end
            return earliest
        end
    }
end
return exports
 end,

-- -------------------- src/rules/decided.ts --------------------
["src.rules.decided"] = function(...)
-- Which rules decided about an alert, in words for the log.
local exports = {}
local ____time = require("src.text.time")
local spokenDuration = ____time.spokenDuration
local ____rule = require("src.rules.rule")
local wordsOf = ____rule.wordsOf

-- `severity warning by rule "staging" of pdy_rules_file; route dba by pdy_routes "…"`; empty where everything is as usual.
-- Why an alert is held is told elsewhere.
function exports.decisionsInWords(____bindingPattern0, decided)
    local wait
    local verdict
    local route
    local severity
    severity = ____bindingPattern0.severity
    route = ____bindingPattern0.route
    verdict = ____bindingPattern0.verdict
    wait = ____bindingPattern0.wait
    if wait == nil then
        wait = 0
    end
    local words = {}

    local function say(what, by)
        if by ~= nil then
            words[#words + 1] = (what .. " by ") .. by
        end
    end

    local function byRule(rule)
        local ____temp_0
        if rule == nil or rule.isUsual == true then
            ____temp_0 = nil
        else
            ____temp_0 = wordsOf(rule)
        end
        return ____temp_0
    end
    local byCode = "custom_code_file"
    local ____opt_1 = decided.page
    if (____opt_1 and ____opt_1.page) == true then
        say(
            "page",
            byRule(decided.page)
        )
    end
    local ____temp_6 = "severity " .. severity
    local ____temp_5
    if (verdict and verdict.severity) == nil then
        ____temp_5 = byRule(decided.severity)
    else
        ____temp_5 = byCode
    end
    say(____temp_6, ____temp_5)
    local ____temp_10 = "route " .. route
    local ____temp_9
    if (verdict and verdict.route) == nil then
        ____temp_9 = byRule(decided.route)
    else
        ____temp_9 = byCode
    end
    say(____temp_10, ____temp_9)
    if wait > 0 then
        local ____opt_11 = decided.wait
        local isOfRule = (____opt_11 and ____opt_11.wait) == wait
        local ____temp_14 = "wait " .. spokenDuration(wait)
        local ____isOfRule_13
        if isOfRule then
            ____isOfRule_13 = byRule(decided.wait)
        else
            ____isOfRule_13 = "its first notification delay"
        end
        say(____temp_14, ____isOfRule_13)
    end
    return table.concat(words, "; ")
end
return exports
 end,

-- -------------------- src/settings/lists.ts --------------------
["src.settings.lists"] = function(...)
-- Reads the parameters that hold lists. Decides nothing.
-- What no text holds: a list that is split by it is not split at all.
local exports = {}
exports.NO_SEPARATOR = "\0"

-- The items of `text` between `separator`s, trimmed; empty ones are left out. An empty separator separates nothing.
function exports.listOf(text, separator)
    local items = {}
    local mark = separator == "" and exports.NO_SEPARATOR or separator
    local position = 1
    while true do
        local found = string.find(text, mark, position, true)
        local item = string.match(
            string.sub(text, position, (found or #text + 1) - 1),
            "^%s*(.-)%s*$"
        )
        if item ~= nil and item ~= "" then
            items[#items + 1] = item
        end
        if found == nil then
            return items
        end
        position = found + #mark
    end
end
return exports
 end,

-- -------------------- src/rules/change_events.ts --------------------
["src.rules.change_events"] = function(...)
-- Which changes are told, and where to: pdy_change_events, and what keeps it from working.
local exports = {}
local ____alert = require("src.alerts.alert")
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local ____event = require("src.pagerduty.event")
local takesChangeEvents = ____event.takesChangeEvents
local ____endpoint = require("src.settings.endpoint")
local changeServerUrl = ____endpoint.changeServerUrl
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf
local ____nearest_name = require("src.settings.nearest_name")
local nearestName = ____nearest_name.nearestName
local ____routing_keys = require("src.settings.routing_keys")
local keyParameter = ____routing_keys.keyParameter
local ____settings = require("src.settings.settings")
local FLAG_WORDS = ____settings.FLAG_WORDS
-- The kinds of changes, as pdy_change_events names them.
local NAMES = {
    "acknowledgements",
    "downtimes",
    "pollers",
    "deployments",
    "flapping",
    "comments"
}
local NAME_OF_KIND = {
    acknowledged = "acknowledgements",
    ["downtime started"] = "downtimes",
    ["downtime ended"] = "downtimes",
    ["downtime cancelled"] = "downtimes",
    ["poller started"] = "pollers",
    ["poller stopped"] = "pollers",
    ["configuration deployed"] = "deployments",
    ["flapping started"] = "flapping",
    ["flapping stopped"] = "flapping",
    commented = "comments"
}
-- What 1 stands for, as it did before there were names.
local USUAL = {"acknowledgements", "downtimes", "pollers", "deployments"}
-- So many first letters tell which name was meant, whatever its ending.
local TELLING_LETTERS = 4

local function nameMeantBy(item)
    local near = nearestName(item, NAMES)
    for ____, name in ipairs(NAMES) do
        local beginsAlike = string.sub(name, 1, TELLING_LETTERS) == string.sub(item, 1, TELLING_LETTERS)
        if name == near or near == nil and beginsAlike then
            return name
        end
    end
    return nil
end

-- The names in the parameter: those of a list, or what 0 and 1 stand for.
local function namesIn(text, complaints)
    local ____temp_0
    if text == "" then
        ____temp_0 = false
    else
        ____temp_0 = FLAG_WORDS[string.lower(text)]
    end
    local isOn = ____temp_0
    if isOn ~= nil then
        return isOn and USUAL or ({})
    end
    local chosen = {}
    for ____, written in ipairs(listOf(text, ",")) do
        local item = string.lower(written)
        local meant = nameMeantBy(item)
        if meant == item then
            chosen[#chosen + 1] = meant
        else
            local hint = meant == nil and "" or ("; did you mean " .. meant) .. "?"
            complaints[#complaints + 1] = {
                isError = true,
                text = (((("parameter pdy_change_events: \"" .. written) .. "\" is unknown: expected 0, 1, or some of ") .. table.concat(NAMES, ", ")) .. hint) .. "; it is left out"
            }
        end
    end
    return chosen
end

local function isToldOf(chosen)
    local isTold = {}
    for kind, name in pairs(NAME_OF_KIND) do
        isTold[kind] = false
        for ____, one in ipairs(chosen) do
            if one == name then
                isTold[kind] = true
            end
        end
    end
    return isTold
end

-- What pdy_change_events comes to; undefined when it is off or cannot work. `routingKeys` are those of all teams.
function exports.readChangeEvents(settings, routingKeys, complaints)
    local chosen = namesIn(settings.pdy_change_events, complaints)
    if #chosen == 0 then
        return nil
    end
    local url = changeServerUrl(settings)
    if url == nil then
        complaints[#complaints + 1] = {isError = true, text = "parameter pdy_change_events does not work with this http_server_url: expected one that ends in /enqueue, such as https://events.pagerduty.com/v2/enqueue; no change events are sent"}
        return nil
    end
    local canSend = false
    local parameters = {}
    for label, key in pairs(routingKeys) do
        -- The fallback key is for the connector's own alert alone.
        if label ~= FALLBACK_ROUTE then
            if takesChangeEvents(key) then
                canSend = true
            else
                parameters[#parameters + 1] = keyParameter(label)
            end
        end
    end
    table.sort(parameters)
    for ____, parameter in ipairs(parameters) do
        complaints[#complaints + 1] = {isError = false, text = ("parameter pdy_change_events: the key in " .. parameter) .. " begins with R, which is that of an event orchestration and takes no change events: none are sent by it. The key of a service's integration takes them"}
    end
    return canSend and ({
        url = url,
        isTold = isToldOf(chosen)
    }) or nil
end
return exports
 end,

-- -------------------- src/settings/patterns.ts --------------------
["src.settings.patterns"] = function(...)
-- Reads Lua patterns as administrators write them: what cannot be used, what would cost too much, and what was probably
-- meant otherwise. Matches nothing. Lua's manual, "Patterns".
-- A piece of a pattern.
local exports = {}
-- More repetitions without an end can take minutes for one long name: each multiplies the ways to match it (measured).
local MOST_REPETITIONS = 3
-- Each "?" doubles the ways.
local MOST_OPTIONAL = 10

-- Where the set that begins at `position` of `pattern` ends, or undefined when it does not.
local function endOfSet(pattern, position)
    local at = position + (string.sub(pattern, position + 1, position + 1) == "^" and 2 or 1)
    -- The first character of a set is never its end.
    repeat
        do
            at = at + (string.sub(pattern, at, at) == "%" and 2 or 1)
            if at > #pattern then
                return nil
            end
        end
    until not (string.sub(pattern, at, at) ~= "]")
    return at
end

-- The set that begins at `position` and belongs to a piece that begins at `start`, or what is wrong with it.
local function pieceWithSet(pattern, start, position, kind)
    local last = endOfSet(pattern, position)
    return last == nil and "a [ without its ]" or ({kind = kind, size = last - start + 1})
end

-- The escape that begins at `position`, or what is wrong with it.
local function escapeAt(pattern, position)
    local next = string.sub(pattern, position + 1, position + 1)
    local size = next == "b" and #"%bxy" or #"%x"
    if next == "" or position + size - 1 > #pattern then
        return "it ends within a %"
    end
    if next == "b" then
        return {kind = "other", size = size}
    end
    if tonumber(next) ~= nil then
        return {kind = "back-reference", size = size}
    end
    if next ~= "f" then
        return {kind = "class", size = size}
    end
    local hasSet = string.sub(pattern, position + 2, position + 2) == "["
    return hasSet and pieceWithSet(pattern, position, position + 2, "other") or "there is no [ after %f"
end

-- The piece that begins at `position`, or what is wrong with it.
local function pieceAt(pattern, position)
    local character = string.sub(pattern, position, position)
    if character == "%" then
        return escapeAt(pattern, position)
    end
    if character == "[" then
        return pieceWithSet(pattern, position, position, "set")
    end
    if character == "(" or character == ")" then
        return {kind = "bracket", size = 1}
    end
    local isAnchor = character == "^" and position == 1 or character == "$" and position == #pattern
    if isAnchor then
        return {kind = "other", size = 1}
    end
    return {kind = character == "." and "class" or "plain", size = 1}
end

-- The pieces of a pattern, or what is wrong with one of them.
local function itemsOf(pattern)
    local items = {}
    local position = 1
    while position <= #pattern do
        local piece = pieceAt(pattern, position)
        if type(piece) == "string" then
            return piece
        end
        local kind = piece.kind
        local size = piece.size
        local text = string.sub(pattern, position, position + size - 1)
        position = position + size
        local isRepeatable = kind == "plain" or kind == "class" or kind == "set"
        local repetition = string.match(
            isRepeatable and string.sub(pattern, position, position) or "",
            "^[*+?-]"
        )
        items[#items + 1] = {kind = kind, text = text, repetition = repetition or ""}
        if repetition ~= nil then
            position = position + 1
        end
    end
    return items
end

-- What is wrong with a Lua pattern, or undefined when it can be used. Lua itself complains of a pattern only when
-- it meets a name that makes it come to the fault.
function exports.patternProblem(pattern)
    local items = itemsOf(pattern)
    if type(items) == "string" then
        return items
    end
    local open = {}
    local closedOnes = {}
    local captures = 0
    for ____, ____value in ipairs(items) do
        local kind = ____value.kind
        local text = ____value.text
        if text == "(" then
            captures = captures + 1
            open[#open + 1] = captures
        elseif text == ")" then
            local closed = table.remove(open)
            if closed == nil then
                return "a ) without its ("
            end
            closedOnes[closed] = true
        elseif kind == "back-reference" and not (closedOnes[tonumber(string.sub(text, 2)) or 0] ~= nil) then
            return "there is no capture " .. text
        end
    end
    local ____temp_0
    if #open == 0 then
        ____temp_0 = nil
    else
        ____temp_0 = "a ( without its )"
    end
    return ____temp_0
end

-- Why a usable pattern could hold up the broker, in words; undefined when it cannot.
function exports.patternCost(pattern)
    local items = itemsOf(pattern)
    if type(items) == "string" then
        return nil
    end
    local repetitions = 0
    local optional = 0
    for ____, ____value in ipairs(items) do
        local repetition = ____value.repetition
        if repetition == "?" then
            optional = optional + 1
        elseif repetition ~= "" then
            repetitions = repetitions + 1
        end
    end
    if repetitions > MOST_REPETITIONS then
        return string.format("it repeats (*, +, -) %d times, and %d is the most", repetitions, MOST_REPETITIONS)
    end
    if optional > MOST_OPTIONAL then
        return string.format("it has \"?\" %d times, and %d is the most", optional, MOST_OPTIONAL)
    end
    return nil
end
-- A set of so many letters that nobody meant one of them: a word in brackets.
local WORD_IN_BRACKETS = "^%[%w[%w ]*%a[%w ]*%w%]$"
local LEAST_WORD = #"[prod]"

-- What a plain name, a regular expression or a wildcard does in a Lua pattern; undefined where nothing looks like one.
function exports.patternDoubt(pattern)
    local items = itemsOf(pattern)
    if type(items) == "string" then
        return nil
    end
    local usesCaptures = false
    for ____, ____value in ipairs(items) do
        local kind = ____value.kind
        if kind == "back-reference" then
            usesCaptures = true
        end
    end
    local reasons = {}
    local parts = {}
    local hasAlternatives = false

    local function doubt(reason)
        for ____, said in ipairs(reasons) do
            if said == reason then
                return
            end
        end
        reasons[#reasons + 1] = reason
    end
    for index, ____temp_1 in ipairs(items) do
        local repetition
        local text
        local kind
        kind = ____temp_1.kind
        text = ____temp_1.text
        repetition = ____temp_1.repetition
        if kind == "plain" and text == "\\" then
            doubt("\\ means itself, and % does what \\ does elsewhere")
            parts[#parts + 1] = "%" .. repetition
        elseif kind == "plain" and text == "|" then
            doubt("| does not mean \"or\"")
            hasAlternatives = true
            parts[#parts + 1] = "%|" .. repetition
        elseif kind == "plain" and repetition == "-" then
            doubt("- repeats what is before it")
            parts[#parts + 1] = text .. "%-"
        elseif kind == "plain" and text == "*" and (index == 1 or index == #items) then
            doubt("* is no wildcard")
            parts[#parts + 1] = ".*"
        elseif kind == "plain" and repetition == "*" and index == #items then
            doubt("* is no wildcard")
            parts[#parts + 1] = text .. ".*"
        elseif kind == "bracket" and not usesCaptures then
            doubt("( ) group")
            parts[#parts + 1] = "%" .. text
        elseif kind == "set" and #text >= LEAST_WORD and (string.find(text, WORD_IN_BRACKETS)) ~= nil then
            doubt("[ ] is one of the letters in it")
            parts[#parts + 1] = (("%[" .. string.sub(text, 2, -2)) .. "%]") .. repetition
        else
            parts[#parts + 1] = text .. repetition
        end
    end
    if #reasons == 0 then
        return nil
    end
    return {
        reason = table.concat(reasons, "; "),
        corrected = table.concat(parts),
        hasAlternatives = hasAlternatives
    }
end
return exports
 end,

-- -------------------- src/rules/pattern_advice.ts --------------------
["src.rules.pattern_advice"] = function(...)
-- Lua patterns that an administrator wrote: whether they can be used, and what is said of one that may not do what was
-- meant. What is wrong with a pattern is known in settings/patterns.ts.
local exports = {}
local ____patterns = require("src.settings.patterns")
local patternCost = ____patterns.patternCost
local patternDoubt = ____patterns.patternDoubt
local patternProblem = ____patterns.patternProblem

-- What to write instead of a pattern that was probably meant otherwise. `several`: how several patterns are written.
local function advice(____bindingPattern0, several)
    local hasAlternatives
    local corrected
    corrected = ____bindingPattern0.corrected
    hasAlternatives = ____bindingPattern0.hasAlternatives
    return hasAlternatives and several or "to mean the name, write " .. corrected
end

-- Says of a pattern that it may not do what was meant: nothing else would, since it is one.
function exports.complainOfDoubt(name, pattern, several, complaints)
    local doubt = patternDoubt(pattern)
    if doubt == nil then
        return
    end
    complaints[#complaints + 1] = {
        isError = false,
        text = (((((("parameter " .. name) .. ": \"") .. pattern) .. "\" is a Lua pattern, in which ") .. doubt.reason) .. ": ") .. advice(doubt, several)
    }
end

-- Why a usable pattern is refused nevertheless, and what was probably meant; undefined when it is not.
function exports.costOf(pattern, several)
    local cost = patternCost(pattern)
    local ____temp_0
    if cost == nil then
        ____temp_0 = nil
    else
        ____temp_0 = patternDoubt(pattern)
    end
    local doubt = ____temp_0
    local ____temp_1
    if doubt == nil then
        ____temp_1 = cost
    else
        ____temp_1 = ((((cost or "") .. "; ") .. doubt.reason) .. ": ") .. advice(doubt, several)
    end
    return ____temp_1
end

-- Why a pattern cannot be used, or is refused; undefined when neither is so.
function exports.refusalOf(pattern, several)
    local cost = exports.costOf(pattern, several)
    local ____patternProblem_result_3 = patternProblem(pattern)
    if ____patternProblem_result_3 == nil then
        local ____temp_2
        if cost == nil then
            ____temp_2 = nil
        else
            ____temp_2 = "it could hold up the broker for minutes: " .. cost
        end
        ____patternProblem_result_3 = ____temp_2
    end
    return ____patternProblem_result_3
end
return exports
 end,

-- -------------------- src/rules/filter.ts --------------------
["src.rules.filter"] = function(...)
-- The filters, accepted_ and rejected_ and so on, as rules: which problems may open an alert. What cannot be used is left
-- out, with a complaint: a slip in a filter must not cost a page. A filter can keep an alert from opening, never from being
-- resolved: that is the policy's, this only says why a problem is filtered out.
local exports = {}
local ____lists = require("src.settings.lists")
local NO_SEPARATOR = ____lists.NO_SEPARATOR
local listOf = ____lists.listOf
local ____parameters = require("src.settings.parameters")
local PARAMETERS = ____parameters.PARAMETERS
local ____patterns = require("src.settings.patterns")
local patternProblem = ____patterns.patternProblem
local ____pattern_advice = require("src.rules.pattern_advice")
local complainOfDoubt = ____pattern_advice.complainOfDoubt
local costOf = ____pattern_advice.costOf

local function namesIn(accepted, rejected)
    return {
        accepted = listOf(accepted, ","),
        rejected = listOf(rejected, ",")
    }
end

local function contains(list, name)
    for ____, item in ipairs(list) do
        if item == name then
            return true
        end
    end
    return false
end

-- Why `names` do not pass `lists`, or undefined. `what` is the parameters' word for them.
local function rejectedNames(names, lists, what)
    for ____, name in ipairs(names) do
        if contains(lists.rejected, name) then
            return (name .. " is in rejected_") .. what
        end
    end
    if #lists.accepted == 0 then
        return nil
    end
    for ____, name in ipairs(names) do
        if contains(lists.accepted, name) then
            return nil
        end
    end
    return "it is in none of accepted_" .. what
end

-- Why a name does not pass lists of Lua patterns, or undefined.
local function rejectedByPattern(name, patterns, what)
    for ____, pattern in ipairs(patterns.rejected) do
        if (string.find(name, pattern)) ~= nil then
            return (("its name fits rejected_" .. what) .. " ") .. pattern
        end
    end
    if #patterns.accepted == 0 then
        return nil
    end
    for ____, pattern in ipairs(patterns.accepted) do
        if (string.find(name, pattern)) ~= nil then
            return nil
        end
    end
    return "its name fits none of accepted_" .. what
end

local function holds(left, operator, right)
    if operator == "<" then
        return left < right
    end
    if operator == "<=" then
        return left <= right
    end
    if operator == ">" then
        return left > right
    end
    if operator == ">=" then
        return left >= right
    end
    local ____temp_0
    if operator == "==" then
        ____temp_0 = left == right
    else
        ____temp_0 = left ~= right
    end
    return ____temp_0
end

-- Why a criticality (0: none) does not pass, or undefined. A resource without one passes no threshold.
local function rejectedCriticality(criticality, threshold, operator, what)
    if criticality > 0 and holds(threshold, operator, criticality) then
        return nil
    end
    return string.format("its criticality %d does not pass %s_severity_threshold", criticality, what)
end

local function rejectedState(state, states)
    for ____, accepted in ipairs(states) do
        if accepted == state then
            return nil
        end
    end
    return string.format("state %d is not among those that alert", state)
end

-- The patterns of a parameter, one or several; those that cannot be used are left out.
local function patternsOf(name, settings, complaints)
    local isSplit = settings[name .. "_enable_split_pattern"]
    local separator = isSplit and settings[name .. "_split_character"] or NO_SEPARATOR
    local several = isSplit and "separate several patterns by " .. separator or (("for several patterns set " .. name) .. "_enable_split_pattern to 1, and separate them by ") .. settings[name .. "_split_character"]
    local usable = {}
    for ____, pattern in ipairs(listOf(settings[name], separator)) do
        local problem = patternProblem(pattern)
        local ____temp_1
        if problem == nil then
            ____temp_1 = costOf(pattern, several)
        else
            ____temp_1 = nil
        end
        local cost = ____temp_1
        if problem ~= nil then
            complaints[#complaints + 1] = {isError = true, text = ((((("parameter " .. name) .. ": \"") .. pattern) .. "\" is no Lua pattern (") .. problem) .. "); it is left out"}
        elseif cost ~= nil then
            complaints[#complaints + 1] = {isError = true, text = ((((("parameter " .. name) .. ": \"") .. pattern) .. "\" could hold up the broker for minutes (") .. cost) .. "); it is left out"}
        else
            complainOfDoubt(name, pattern, several, complaints)
            usable[#usable + 1] = pattern
        end
    end
    return usable
end

local function patternLists(what, settings, complaints)
    return {
        accepted = patternsOf("accepted_" .. what, settings, complaints),
        rejected = patternsOf("rejected_" .. what, settings, complaints)
    }
end

-- The states in a list; of a list in which none can be used those of the default.
local function statesOf(name, text, complaints)
    local states = {}
    for ____, item in ipairs(listOf(text, ",")) do
        local state = tonumber(item)
        if state ~= nil then
            states[#states + 1] = state
        else
            complaints[#complaints + 1] = {isError = true, text = ((("parameter " .. name) .. ": \"") .. item) .. "\" is no state: expected numbers such as 1,2; it is left out"}
        end
    end
    return #states > 0 and states or statesOf(name, PARAMETERS[name].fallback, complaints)
end
-- The elements by which accepted_elements names kinds of problems; a poller's silence is nobody's to filter.
local KIND_OF_ELEMENT = {host_status = "host", service_status = "service", ba_status = "business activity"}
-- Elements that the predecessor knows too; they open no alerts of their own.
local OTHER_ELEMENTS = {acknowledgement = true, downtime = true, kpi_status = true}

-- The kinds that `accepted_elements` names.
local function acceptedKinds(settings, complaints)
    local kinds = {}
    for ____, element in ipairs(listOf(settings.accepted_elements, ",")) do
        local kind = KIND_OF_ELEMENT[element]
        if kind ~= nil then
            kinds[kind] = true
        elseif OTHER_ELEMENTS[element] ~= true then
            complaints[#complaints + 1] = {isError = true, text = ("parameter accepted_elements: \"" .. element) .. "\" is unknown: expected host_status, service_status, ba_status; it is left out"}
        end
    end
    return kinds
end

-- A rule by which problems open no alert where `reason` gives one; what is only named is no problem's.
local function rejecting(name, kinds, reason)

    local function reasonOf(subject)
        local ____temp_2
        if subject.place == nil then
            ____temp_2 = nil
        else
            ____temp_2 = reason(subject.place, subject)
        end
        return ____temp_2
    end
    return {
        name = name,
        origin = name,
        kinds = kinds,
        fits = function(subject) return reasonOf(subject) ~= nil end,
        page = false,
        reason = reasonOf
    }
end
local HOSTS_AND_SERVICES = {"host", "service"}

-- The filters in the order in which they are looked at.
function exports.filterRules(settings, complaints)
    local rules = {}
    local accepted = acceptedKinds(settings, complaints)

    local function byState(kind, name)
        local states = accepted[kind] ~= nil and statesOf(name, settings[name], complaints) or ({})
        -- A change has no state.
        rules[#rules + 1] = rejecting(
            name,
            {kind},
            function(_place, ____bindingPattern0)
                local facts
                facts = ____bindingPattern0.facts
                local ____temp_3
                if facts == nil then
                    ____temp_3 = nil
                else
                    ____temp_3 = rejectedState(facts.state, states)
                end
                return ____temp_3
            end
        )
    end

    local function byLists(what, kinds, lists, reason)
        local names = {}
        if #lists.accepted > 0 then
            names[#names + 1] = "accepted_" .. what
        end
        if #lists.rejected > 0 then
            names[#names + 1] = "rejected_" .. what
        end
        if #names > 0 then
            rules[#rules + 1] = rejecting(
                table.concat(names, ", "),
                kinds,
                reason
            )
        end
    end
    byState("host", "host_status")
    byState("service", "service_status")
    byState("business activity", "ba_status")
    local hostGroups = namesIn(settings.accepted_hostgroups, settings.rejected_hostgroups)
    byLists(
        "hostgroups",
        HOSTS_AND_SERVICES,
        hostGroups,
        function(place) return rejectedNames(place.hostGroups, hostGroups, "hostgroups") end
    )
    local pollers = namesIn(settings.accepted_pollers, settings.rejected_pollers)
    byLists(
        "pollers",
        {"host", "service", "poller"},
        pollers,
        function(place, ____bindingPattern0)
            local resource
            resource = ____bindingPattern0.resource
            return rejectedNames({resource.kind == "poller" and place.hostName or place.poller}, pollers, "pollers")
        end
    )
    local hosts = patternLists("hosts", settings, complaints)
    byLists(
        "hosts",
        HOSTS_AND_SERVICES,
        hosts,
        function(place) return rejectedByPattern(place.hostName, hosts, "hosts") end
    )
    local serviceGroups = namesIn(settings.accepted_servicegroups, settings.rejected_servicegroups)
    byLists(
        "servicegroups",
        {"service"},
        serviceGroups,
        function(place) return rejectedNames(place.serviceGroups, serviceGroups, "servicegroups") end
    )
    local services = patternLists("services", settings, complaints)
    byLists(
        "services",
        {"service"},
        services,
        function(place) return rejectedByPattern(place.serviceDescription, services, "services") end
    )
    local businessViews = namesIn(settings.accepted_bvs, settings.rejected_bvs)
    byLists(
        "bvs",
        {"business activity"},
        businessViews,
        function(place) return rejectedNames(place.businessViews or ({}), businessViews, "bvs") end
    )
    for ____, kind in ipairs(HOSTS_AND_SERVICES) do
        local threshold = settings[kind .. "_severity_threshold"]
        local operator = settings[kind .. "_severity_operator"]
        if threshold ~= 0 then
            rules[#rules + 1] = rejecting(
                kind .. "_severity_threshold",
                {kind},
                function(place) return rejectedCriticality(place.criticality, threshold, operator, kind) end
            )
        end
    end
    rules[#rules + 1] = rejecting(
        "respect_notification_settings",
        HOSTS_AND_SERVICES,
        function(_place, ____bindingPattern0)
            local unnotified
            unnotified = ____bindingPattern0.unnotified
            return unnotified
        end
    )
    return rules
end

-- Whose acknowledgements count.
function exports.authorLists(settings)
    return namesIn(settings.accepted_authors, settings.rejected_authors)
end

-- Why an acknowledgement does not count, in words for the log; undefined when it does. `author` is undefined while
-- nobody knows whose it is: where only some people's count, such a one does not. Better a page too many.
function exports.authorRejection(authors, author)
    if #authors.accepted == 0 and #authors.rejected == 0 then
        return nil
    end
    if author == nil then
        return "nobody knows whose it is"
    end
    if contains(authors.rejected, author) then
        return author .. " is in rejected_authors"
    end
    if #authors.accepted == 0 or contains(authors.accepted, author) then
        return nil
    end
    return author .. " is not in accepted_authors"
end
return exports
 end,

-- -------------------- src/rules/formats.ts --------------------
["src.rules.formats"] = function(...)
-- The texts of alerts that an administrator writes: summary, details, links and images; of parameters and of rules. What
-- cannot be used is left out, with a complaint.
local exports = {}
local ____template = require("src.pagerduty.template")
local readTemplate = ____template.readTemplate
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf

-- The names of the custom variables that pdy_custom_variables lists, as events spell them.
function exports.customVariablesOf(settings)
    return listOf(
        string.upper(settings.pdy_custom_variables),
        ","
    )
end

-- The summary's template; undefined when none is set, or it cannot be used.
local function summaryTemplate(settings, complaints)
    if settings.pdy_summary_format == "" then
        return nil
    end
    local template = readTemplate(
        settings.pdy_summary_format,
        exports.customVariablesOf(settings)
    )
    if type(template) ~= "string" then
        return template
    end
    complaints[#complaints + 1] = {isError = true, text = ("parameter pdy_summary_format: " .. template) .. "; the usual summary is used instead"}
    return nil
end

local function detailTemplates(settings, complaints)
    local templates = {}
    for ____, item in ipairs(listOf(settings.pdy_details_format, ";")) do
        local name, text = string.match(item, "^([%w_]+)%s*=%s*(.+)$")
        local template = (name == nil or text == nil) and "expected `name=text`, such as `rack={macro:RACK}`" or readTemplate(
            text,
            exports.customVariablesOf(settings)
        )
        if name ~= nil and type(template) ~= "string" then
            templates[#templates + 1] = {name = name, template = template}
        else
            complaints[#complaints + 1] = {isError = true, text = (("parameter pdy_details_format: \"" .. item) .. "\" is left out: ") .. template}
        end
    end
    return templates
end
-- What an address may begin with; a placeholder at the beginning is looked at when it is filled in.
local ADDRESS_BEGINNINGS = {links = "https?://[^%s/]", images = "https://[^%s/]"}

-- Reads a link or an image. Gives it, or what is wrong with it. `customVariables`: those that `{macro:…}` may ask for;
-- undefined: any.
function exports.readLink(kind, textFormat, addressFormat, customVariables)
    local isAddress = string.sub(addressFormat, 1, 1) == "{" or (string.find(
        string.lower(addressFormat),
        "^" .. ADDRESS_BEGINNINGS[kind]
    )) ~= nil
    if not isAddress then
        return kind == "links" and "its address must begin with https:// (or http://), or with a placeholder" or "its address must begin with https://, or with a placeholder: PagerDuty loads no other"
    end
    local text = readTemplate(textFormat, customVariables)
    if type(text) == "string" then
        return text
    end
    local address = readTemplate(addressFormat, customVariables)
    return type(address) == "string" and address or ({text = text, address = address})
end

local function linkTemplates(kind, settings, complaints)
    local name = "pdy_" .. kind
    local templates = {}
    for ____, item in ipairs(listOf(settings[name], ";")) do
        local text, address = string.match(item, "^([^=]-)%s*=%s*(.+)$")
        local link = (text == nil or address == nil or text == "") and "expected `text=address`, such as `Runbook=https://wiki.example.com/{service}`" or exports.readLink(
            kind,
            text,
            address,
            exports.customVariablesOf(settings)
        )
        if type(link) ~= "string" then
            templates[#templates + 1] = link
        else
            complaints[#complaints + 1] = {isError = true, text = (((("parameter " .. name) .. ": \"") .. item) .. "\" is left out: ") .. link}
        end
    end
    return templates
end

local function rule(name)
    return {
        name = name,
        origin = name,
        fits = function() return true end
    }
end

-- The rules for texts.
function exports.formatRules(settings, complaints)
    local rules = {}
    local summary = summaryTemplate(settings, complaints)
    if summary ~= nil then
        local ofSummary = rule("pdy_summary_format")
        ofSummary.summary = summary
        rules[#rules + 1] = ofSummary
    end
    local details = detailTemplates(settings, complaints)
    if #details > 0 then
        local ofDetails = rule("pdy_details_format")
        ofDetails.details = details
        rules[#rules + 1] = ofDetails
    end
    for ____, kind in ipairs({"links", "images"}) do
        local templates = linkTemplates(kind, settings, complaints)
        if #templates > 0 then
            local ofLinks = rule("pdy_" .. kind)
            ofLinks[kind] = templates
            rules[#rules + 1] = ofLinks
        end
    end
    return rules
end
return exports
 end,

-- -------------------- src/rules/conditions.ts --------------------
["src.rules.conditions"] = function(...)
-- What conditions of rules look at: a name, one of several, a number, a text of the check. What they are compared with is
-- given as a matcher. Reads neither the file nor the parameters.
local exports = {}
local ____alert = require("src.alerts.alert")
local sharedIfEmpty = ____alert.sharedIfEmpty
local ____lines = require("src.text.lines")
local outputLines = ____lines.outputLines
local ____perfdata = require("src.text.perfdata")
local parsePerfdata = ____perfdata.parsePerfdata
-- What it costs to ask, roughly.
exports.COST = {
    number = 1,
    name = 2,
    names = 3,
    hours = 4,
    severity = 5,
    text = 6,
    metrics = 7
}
local NAME_OF = {
    host = function(resource, place) return resource.hostId ~= nil and place.hostName or nil end,
    service = function(resource, place) return resource.kind == "service" and place.serviceDescription or nil end,
    poller = function(resource, place) return resource.kind == "poller" and place.hostName or place.poller end,
    business_activity = function(resource, place) return resource.kind == "business activity" and place.hostName or nil end
}
local NONE = sharedIfEmpty({})
local NAMES_OF = {
    host_group = function(place) return place.hostGroups end,
    service_group = function(place) return place.serviceGroups end,
    category = function(place) return place.categories or NONE end,
    business_view = function(place) return place.businessViews or NONE end
}

function exports.nameTest(field, matches)
    local nameOf = NAME_OF[field]
    return function(____bindingPattern0)
        local place
        local resource
        resource = ____bindingPattern0.resource
        place = ____bindingPattern0.place
        if place == nil then
            return nil
        end
        local name = nameOf(resource, place)
        return name ~= nil and matches(name)
    end
end

-- Whether one of several names is meant.
function exports.namesTest(field, matches)
    local namesOf = NAMES_OF[field]
    return function(____bindingPattern0)
        local place
        place = ____bindingPattern0.place
        if place == nil then
            return nil
        end
        for ____, name in ipairs(namesOf(place)) do
            if matches(name) then
                return true
            end
        end
        return false
    end
end

-- By the level; 0 for none.
function exports.criticalityTest(matches)
    return function(____bindingPattern0)
        local place
        place = ____bindingPattern0.place
        local ____temp_0
        if place == nil then
            ____temp_0 = nil
        else
            ____temp_0 = matches(place.criticality)
        end
        return ____temp_0
    end
end

-- What `read` makes of a report, read once where many rules ask of the same one: a report never changes.
local function readOnce(read)
    local last
    local value
    return function(report)
        if report ~= last then
            value = read(report)
            last = report
        end
        return value
    end
end
local linesOf = readOnce(function(____bindingPattern0)
    local longOutput
    local output
    output = ____bindingPattern0.output
    longOutput = ____bindingPattern0.longOutput
    return outputLines(output, longOutput)
end)

-- By the first line of the check's output.
function exports.outputTest(matches)
    return function(____bindingPattern0)
        local report
        report = ____bindingPattern0.report
        local ____temp_1
        if report == nil then
            ____temp_1 = nil
        else
            ____temp_1 = matches(linesOf(report).first)
        end
        return ____temp_1
    end
end

-- By the lines after the first.
function exports.longOutputTest(matches)
    return function(____bindingPattern0)
        local report
        report = ____bindingPattern0.report
        local ____temp_2
        if report == nil then
            ____temp_2 = nil
        else
            ____temp_2 = matches(linesOf(report).further)
        end
        return ____temp_2
    end
end

-- By a custom variable; one that is not there, or empty, is none of those that are meant.
function exports.macroTest(variable, matches)
    return function(____bindingPattern0)
        local place
        place = ____bindingPattern0.place
        if place == nil then
            return nil
        end
        for ____, ____value in ipairs(place.customVariables or ({})) do
            local name = ____value.name
            local value = ____value.value
            if name == variable and value ~= "" then
                return matches(value)
            end
        end
        return false
    end
end
-- Most metrics that are looked through, as many as an alert shows.
local MOST_METRICS = 100
local metricsOf = readOnce(function(____bindingPattern0)
    local perfdata
    perfdata = ____bindingPattern0.perfdata
    return parsePerfdata(perfdata, MOST_METRICS)
end)

-- By a metric that has such a name, and whose value is as it is asked for.
function exports.metricTest(matches, isMeant)
    return function(____bindingPattern0)
        local report
        report = ____bindingPattern0.report
        if report == nil then
            return nil
        end
        for ____, ____value in ipairs(metricsOf(report)) do
            local name = ____value.name
            local value = ____value.value
            local ____temp_3
            if value == nil or not matches(name) then
                ____temp_3 = nil
            else
                ____temp_3 = tonumber(value)
            end
            local number = ____temp_3
            if number ~= nil and isMeant(number) then
                return true
            end
        end
        return false
    end
end

-- The condition turned round.
function exports.negated(test)
    return function(subject)
        local answer = test(subject)
        local ____temp_4
        if answer == nil then
            ____temp_4 = nil
        else
            ____temp_4 = not answer
        end
        return ____temp_4
    end
end
return exports
 end,

-- -------------------- src/rules/routes.ts --------------------
["src.rules.routes"] = function(...)
-- Which team an alert goes to: pdy_routes as rules. What cannot be used is left out, with a complaint.
local exports = {}
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf
local ____parameters = require("src.settings.parameters")
local ROUTING_KEY_PREFIX = ____parameters.ROUTING_KEY_PREFIX
local ____conditions = require("src.rules.conditions")
local COST = ____conditions.COST
local criticalityTest = ____conditions.criticalityTest
local nameTest = ____conditions.nameTest
local namesTest = ____conditions.namesTest
local ____pattern_advice = require("src.rules.pattern_advice")
local complainOfDoubt = ____pattern_advice.complainOfDoubt
local refusalOf = ____pattern_advice.refusalOf
local ____rule = require("src.rules.rule")
local fitting = ____rule.fitting

-- By a Lua pattern that fits any part of a name, unless it says otherwise.
local function byPattern(pattern)
    return function(name) return (string.find(name, pattern)) ~= nil end
end
-- What a condition may look at; a pattern is for names.
local TEST_OF = {
    hostgroup = function(pattern) return namesTest(
        "host_group",
        byPattern(pattern)
    ) end,
    servicegroup = function(pattern) return namesTest(
        "service_group",
        byPattern(pattern)
    ) end,
    poller = function(pattern) return nameTest(
        "poller",
        byPattern(pattern)
    ) end,
    host = function(pattern) return nameTest(
        "host",
        byPattern(pattern)
    ) end,
    service = function(pattern) return nameTest(
        "service",
        byPattern(pattern)
    ) end,
    ba = function(pattern) return nameTest(
        "business_activity",
        byPattern(pattern)
    ) end,
    bv = function(pattern) return namesTest(
        "business_view",
        byPattern(pattern)
    ) end,
    criticality = function(level) return criticalityTest(function(given) return given > 0 and given <= (tonumber(level) or 0) end) end
}
local A_RULE_FOR_EACH = "write a rule for each of several patterns"

-- The conditions of a rule: `hostgroup ^db$ and service Ping`. An "and" within a name is followed by none of our words.
local function conditionsIn(text)
    local parts = {}
    local start = 1
    local position = 1
    while true do
        local from, ____, next, subject = string.find(text, "%s+and%s+()(%a+)%s+%S", position)
        if from == nil then
            break
        end
        position = next
        if TEST_OF[subject] ~= nil then
            parts[#parts + 1] = string.sub(text, start, from - 1)
            start = position
        end
    end
    parts[#parts + 1] = string.sub(text, start)
    return parts
end

-- What a condition looks at, and what for; the latter may be empty.
local function partsOf(condition)
    local subject, pattern = string.match(condition .. " ", "^(%a+)%s+(.-)%s*$")
    return subject or "", pattern or ""
end
local EXPECTED = "expected `what pattern -> name`, such as `hostgroup ^Databases$ -> dba`"

-- Reads one condition, `what pattern`. Gives it, or what is wrong with it.
local function readCondition(text)
    local subject, pattern = partsOf(text)
    if subject == "" then
        return EXPECTED
    end
    local testOf = TEST_OF[subject]
    if testOf == nil then
        return subject .. " is unknown: expected hostgroup, servicegroup, poller, host, service, ba, bv or criticality"
    end
    if subject == "criticality" then
        if tonumber(pattern) == nil then
            return ("\"" .. pattern) .. "\" is no criticality level"
        end
        return {
            test = testOf(pattern),
            cost = COST.number
        }
    end
    return refusalOf(pattern, A_RULE_FOR_EACH) or ({
        test = testOf(pattern),
        cost = COST.name
    })
end

-- Reads one rule, `what pattern -> name`, perhaps with several conditions. Gives it, or what is wrong with it.
local function readRoute(text, routingKeys)
    local what, route = string.match(text, "^(.-)%s*%->%s*([%w_]+)$")
    if what == nil or route == nil then
        return EXPECTED
    end
    local conditions = {}
    for ____, part in ipairs(conditionsIn(what)) do
        local condition = readCondition(part)
        if type(condition) == "string" then
            return condition
        end
        conditions[#conditions + 1] = condition
    end
    if routingKeys[route] == nil then
        return ("there is no usable parameter " .. ROUTING_KEY_PREFIX) .. route
    end
    return {
        name = ("pdy_routes \"" .. text) .. "\"",
        origin = "pdy_routes",
        fits = fitting(conditions).fits,
        route = function() return route end
    }
end

-- Says of each pattern of a rule that it may not do what was meant.
local function complainOfDoubts(text, complaints)
    local what = string.match(text, "^(.-)%s*%->")
    for ____, part in ipairs(conditionsIn(what or "")) do
        local subject, pattern = partsOf(part)
        if subject ~= "criticality" then
            complainOfDoubt("pdy_routes", pattern, A_RULE_FOR_EACH, complaints)
        end
    end
end

-- The rules in pdy_routes, in their order.
function exports.routeRules(text, routingKeys, complaints)
    local rules = {}
    for ____, item in ipairs(listOf(text, ";")) do
        local rule = readRoute(item, routingKeys)
        if type(rule) == "string" then
            complaints[#complaints + 1] = {isError = true, text = (("parameter pdy_routes: \"" .. item) .. "\" is left out: ") .. rule}
        else
            complainOfDoubts(item, complaints)
            rules[#rules + 1] = rule
        end
    end
    return rules
end
return exports
 end,

-- -------------------- src/rules/severity.ts --------------------
["src.rules.severity"] = function(...)
-- The severities of Centreon's states, severity_ and so on, as rules, raised or lowered by criticality.
local exports = {}
local ____alert = require("src.alerts.alert")
local isSeverity = ____alert.isSeverity
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf
local ____conditions = require("src.rules.conditions")
local COST = ____conditions.COST
local criticalityTest = ____conditions.criticalityTest
local ____rule = require("src.rules.rule")
local fitting = ____rule.fitting
-- The severity of a problem in a state that Centreon does not have: better one page too loud than one too quiet.
exports.SEVERITY_OF_UNKNOWN = "critical"
-- From the least to the gravest; a step moves along it.
local LADDER = {"info", "warning", "error", "critical"}

-- The severity `steps` above `severity`, within the ladder.
local function moved(severity, steps)
    for index, candidate in ipairs(LADDER) do
        if candidate == severity then
            local target = math.max(
                1,
                math.min(#LADDER, index + steps)
            )
            return LADDER[target] or severity
        end
    end
    return severity
end
-- The state of the observations of a silent poller.
local SILENT = 2
-- The parameter that says how grave a state is. A poller is silent or it is not.
local PARAMETER_OF_STATE = {
    {"host", 1, "severity_host_down"},
    {"host", 2, "severity_host_unreachable"},
    {"service", 1, "severity_service_warning"},
    {"service", 2, "severity_service_critical"},
    {"service", 3, "severity_service_unknown"},
    {"business activity", 1, "severity_ba_warning"},
    {"business activity", 2, "severity_ba_critical"},
    {"business activity", 3, "severity_ba_unknown"},
    {"poller", SILENT, "severity_poller_silent"}
}

local function stepsByCriticality(text, complaints)
    local steps = {}
    for ____, item in ipairs(listOf(text, ",")) do
        local level, count = string.match(item, "^(%d+)%s*:%s*([+-]?%d+)$")
        local ____temp_0
        if level == nil then
            ____temp_0 = nil
        else
            ____temp_0 = tonumber(level)
        end
        local levelNumber = ____temp_0
        local ____temp_1
        if count == nil then
            ____temp_1 = nil
        else
            ____temp_1 = tonumber(count)
        end
        local countNumber = ____temp_1
        if levelNumber == nil or countNumber == nil then
            complaints[#complaints + 1] = {isError = true, text = ("parameter severity_by_criticality: \"" .. item) .. "\" cannot be read: expected level:steps, such as 1:+1; it is left out"}
        else
            -- Of a level that is there twice, the last word counts.
            table.insert(steps, 1, {level = levelNumber, steps = countNumber})
        end
    end
    return steps
end

local function stateCondition(state)
    return {
        test = function(____bindingPattern0)
            local facts
            facts = ____bindingPattern0.facts
            local ____temp_2
            if facts == nil then
                ____temp_2 = nil
            else
                ____temp_2 = facts.state == state
            end
            return ____temp_2
        end,
        cost = COST.number
    }
end

local function criticalityCondition(level)
    return {
        test = criticalityTest(function(criticality) return criticality == level end),
        cost = COST.number
    }
end

-- The rules by which criticality levels move `severity`, of a kind of resource in a state where they are given.
local function steppedRules(steps, severity, kinds, conditions)
    local rules = {}
    for ____, step in ipairs(steps) do
        local all = {criticalityCondition(step.level)}
        for ____, condition in ipairs(conditions) do
            all[#all + 1] = condition
        end
        rules[#rules + 1] = {
            name = "severity_by_criticality",
            origin = "severity_by_criticality",
            kinds = kinds,
            fits = fitting(all).fits,
            severity = moved(severity, step.steps)
        }
    end
    return rules
end

-- The rules for severities; those that look at the criticality come first.
function exports.severityRules(settings, complaints)
    local rules = {}
    local steps = stepsByCriticality(settings.severity_by_criticality, complaints)
    local ofState = {}
    for ____, ____value in ipairs(PARAMETER_OF_STATE) do
        local kind = ____value[1]
        local state = ____value[2]
        local name = ____value[3]
        local chosen = settings[name]
        local severity = isSeverity(chosen) and chosen or exports.SEVERITY_OF_UNKNOWN
        local ____fitting_result_3 = fitting({stateCondition(state)})
        local fits = ____fitting_result_3.fits
        ofState[#ofState + 1] = {
            name = name,
            origin = name,
            kinds = {kind},
            fits = fits,
            severity = severity,
            isUsual = true
        }
        for ____, rule in ipairs(steppedRules(
            steps,
            severity,
            {kind},
            {stateCondition(state)}
        )) do
            rules[#rules + 1] = rule
        end
    end
    for ____, rule in ipairs(steppedRules(steps, exports.SEVERITY_OF_UNKNOWN, nil, {})) do
        rules[#rules + 1] = rule
    end
    for ____, rule in ipairs(ofState) do
        rules[#rules + 1] = rule
    end
    return rules
end
return exports
 end,

-- -------------------- src/rules/from_parameters.ts --------------------
["src.rules.from_parameters"] = function(...)
-- The rules that the parameters of the output add up to, and what holds beside rules; and these rules after those of a file.
local exports = {}
local ____change_events = require("src.rules.change_events")
local readChangeEvents = ____change_events.readChangeEvents
local ____filter = require("src.rules.filter")
local authorLists = ____filter.authorLists
local filterRules = ____filter.filterRules
local ____formats = require("src.rules.formats")
local customVariablesOf = ____formats.customVariablesOf
local formatRules = ____formats.formatRules
local ____routes = require("src.rules.routes")
local routeRules = ____routes.routeRules
local ____rule = require("src.rules.rule")
local listOfRules = ____rule.listOfRules
local ____severity = require("src.rules.severity")
local SEVERITY_OF_UNKNOWN = ____severity.SEVERITY_OF_UNKNOWN
local severityRules = ____severity.severityRules

-- The rules that the parameters add up to. What is wrong with them is added to the complaints.
function exports.readRules(____bindingPattern0)
    local complaints
    local routingKeys
    local settings
    settings = ____bindingPattern0.settings
    routingKeys = ____bindingPattern0.routingKeys
    complaints = ____bindingPattern0.complaints
    local rules = {}

    local function add(more)
        for ____, rule in ipairs(more) do
            rules[#rules + 1] = rule
        end
    end
    add(filterRules(settings, complaints))
    local severities = severityRules(settings, complaints)
    add(severities)
    add(routeRules(settings.pdy_routes, routingKeys, complaints))
    add(formatRules(settings, complaints))
    local list = listOfRules(severities)
    return {
        rules = rules,
        severityOf = function(subject)
            local ____opt_0 = list.deciding(subject, "severity")
            return ____opt_0 and ____opt_0.severity or SEVERITY_OF_UNKNOWN
        end,
        authors = authorLists(settings),
        customVariables = customVariablesOf(settings),
        changeEvents = readChangeEvents(settings, routingKeys, complaints)
    }
end

-- The rules of a file, and those of the parameters after them.
function exports.rulesWith(ofFile, parameters)
    local all = {}
    local customVariables = {}

    local function addVariable(name)
        for ____, known in ipairs(customVariables) do
            if known == name then
                return
            end
        end
        customVariables[#customVariables + 1] = name
    end
    for ____, name in ipairs(parameters.customVariables) do
        addVariable(name)
    end
    for ____, rule in ipairs(ofFile) do
        all[#all + 1] = rule
        for ____, name in ipairs(rule.customVariables or ({})) do
            addVariable(name)
        end
    end
    for ____, rule in ipairs(parameters.rules) do
        all[#all + 1] = rule
    end
    return {
        all = listOfRules(all),
        ofFile = ofFile,
        severityOf = parameters.severityOf,
        authors = parameters.authors,
        customVariables = customVariables,
        changeEvents = parameters.changeEvents
    }
end
return exports
 end,

-- -------------------- src/text/hash.ts --------------------
["src.text.hash"] = function(...)
-- A short fingerprint of a text, for keys that are too long. Not for secrets.
-- FNV-1 without the xor, which Lua 5.1 does not have: a multiplication and an addition, modulo 2^32.
local exports = {}
local MULTIPLIER = 16777619
local OFFSET = 2166136261
local MODULUS = 4294967296

-- Eight hexadecimal digits that differ for texts that differ, as good as always.
function exports.fingerprint(text)
    local hash = OFFSET
    for position = 1, #text do
        -- In two steps: the product of two 32-bit numbers does not fit into a double.
        local high = math.floor(hash / 65536)
        local low = hash % 65536
        hash = (high * MULTIPLIER % 65536 * 65536 + low * MULTIPLIER + string.byte(text, position)) % MODULUS
    end
    return string.format("%08x", hash)
end
return exports
 end,

-- -------------------- src/pagerduty/summary.ts --------------------
["src.pagerduty.summary"] = function(...)
-- What an alert says in one line: the usual summary, and the administrator's. Owns what a summary may be.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOfPlace = ____alert.nameOfPlace
local ____lines = require("src.text.lines")
local oneLine = ____lines.oneLine
local outputLines = ____lines.outputLines
local withoutState = ____lines.withoutState
local ____utf8 = require("src.text.utf8")
local cutToCharacters = ____utf8.cutToCharacters
local validUtf8 = ____utf8.validUtf8
local ____event = require("src.pagerduty.event")
local MAXIMUM_SUMMARY_CHARACTERS = ____event.MAXIMUM_SUMMARY_CHARACTERS
local ____template = require("src.pagerduty.template")
local fillTemplate = ____template.fillTemplate

-- `text` as a summary: valid, on one line, not too long; empty when nothing of it can be seen.
function exports.asSummary(text)
    return cutToCharacters(
        oneLine(validUtf8(text)),
        MAXIMUM_SUMMARY_CHARACTERS
    )
end

-- `host/service: STATE - output` or `host: STATE - output`, with the first line of the output.
function exports.summaryOf(____bindingPattern0)
    local report
    local place
    place = ____bindingPattern0.place
    report = ____bindingPattern0.report
    local ____outputLines_result_0 = outputLines(report.output, report.longOutput)
    local first = ____outputLines_result_0.first
    local output = withoutState(
        oneLine(validUtf8(first)),
        report.stateName
    )
    local ending = output == "" and "" or " - " .. output
    return exports.asSummary(((nameOfPlace(place) .. ": ") .. report.stateName) .. ending)
end

-- The summary by the administrator's format; the usual one where there is none, or nothing comes of it.
function exports.formattedSummary(subject, template)
    local formatted = template == nil and "" or exports.asSummary(fillTemplate(template, subject))
    return formatted == "" and exports.summaryOf(subject.alert) or formatted
end
return exports
 end,

-- -------------------- src/pagerduty/thresholds.ts --------------------
["src.pagerduty.thresholds"] = function(...)
-- Which metric crossed which threshold, in words: what a responder wants to know first. Pure. Ranges are those of
-- plugins: https://www.monitoring-plugins.org/doc/guidelines.html#THRESHOLDFORMAT
local exports = {}
-- Most crossed thresholds that are told: a responder reads the first ones.
local MOST_TOLD = 5

-- Reads "10", "10:", "~:10", "10:20" or "@10:20"; undefined when it is none of these.
local function readRange(text)
    local inverted, whole = string.match(text, "^(@?)(.*)$")
    if whole == nil then
        return nil
    end
    local lowText, highText = string.match(whole, "^([^:]*):([^:]*)$")
    local low = lowText == nil and 0 or tonumber(lowText == "" and "0" or lowText)
    local high = tonumber(highText or whole)
    local isReadable = (low ~= nil or lowText == "~") and (high ~= nil or highText == "")
    return isReadable and ({low = low, high = high, isInverted = inverted == "@"}) or nil
end
-- Above it a double does not hold every whole number (2^53).
local LARGEST_WHOLE_NUMBER = 9007199254740992

-- `value` without digits that mean nothing: 9.71, not 9.7100000000001; whole numbers as people read them.
local function shown(value)
    local isWhole = math.floor(value) == value and math.abs(value) <= LARGEST_WHOLE_NUMBER
    return string.format(isWhole and "%.0f" or "%.10g", value)
end
-- Units that plugins give large numbers in: bytes and bits, and so many a second.
local SCALED_UNITS = {B = true, b = true, ["B/s"] = true, ["b/s"] = true}
local SCALES = {
    "k",
    "M",
    "G",
    "T",
    "P",
    "E"
}
-- Values up to it are read as easily without a prefix.
local LARGEST_UNSCALED = 9999

-- `value` with its unit as people say it: 41 GB, not 41000000000B. The metrics beside it have all digits.
local function withUnit(value, unit)
    if SCALED_UNITS[unit] ~= true or math.abs(value) <= LARGEST_UNSCALED then
        return shown(value) .. unit
    end
    local scaled = value
    local prefix = ""
    for ____, scale in ipairs(SCALES) do
        if math.abs(scaled) >= 1000 then
            scaled = scaled / 1000
            prefix = scale
        end
    end
    return string.format("%.4g %s%s", scaled, prefix, unit)
end

-- What `value` does to the range, such as "above critical 8 by 1.71"; undefined when it is no problem.
local function crossing(value, ____bindingPattern0, level, unit)
    local isInverted
    local high
    local low
    low = ____bindingPattern0.low
    high = ____bindingPattern0.high
    isInverted = ____bindingPattern0.isInverted
    if isInverted then
        local isInside = (low == nil or value >= low) and (high == nil or value <= high)
        return isInside and ("inside the " .. level) .. " range" or nil
    end
    if high ~= nil and value > high then
        return (((("above " .. level) .. " ") .. withUnit(high, unit)) .. " by ") .. withUnit(value - high, unit)
    end
    if low ~= nil and value < low then
        return (((("below " .. level) .. " ") .. withUnit(low, unit)) .. " by ") .. withUnit(low - value, unit)
    end
    return nil
end

local function crossingOf(metric)
    local ____temp_0
    if metric.value == nil then
        ____temp_0 = nil
    else
        ____temp_0 = tonumber(metric.value)
    end
    local value = ____temp_0
    if value == nil then
        return nil
    end
    local levels = {{"critical", metric.critical}, {"warning", metric.warning}}
    for ____, ____value in ipairs(levels) do
        local level = ____value[1]
        local text = ____value[2]
        local ____temp_1
        if text == nil then
            ____temp_1 = nil
        else
            ____temp_1 = readRange(text)
        end
        local range = ____temp_1
        local ____temp_2
        if range == nil then
            ____temp_2 = nil
        else
            ____temp_2 = crossing(value, range, level, metric.unit)
        end
        local found = ____temp_2
        if found ~= nil then
            return (((metric.name .. " is ") .. withUnit(value, metric.unit)) .. ": ") .. found
        end
    end
    return nil
end

-- A sentence for each metric that is outside its thresholds, in the plugin's order, the first few of them.
function exports.crossedThresholds(metrics)
    local told = {}
    for ____, metric in ipairs(metrics) do
        local ____temp_3
        if #told < MOST_TOLD then
            ____temp_3 = crossingOf(metric)
        else
            ____temp_3 = nil
        end
        local sentence = ____temp_3
        if sentence ~= nil then
            told[#told + 1] = sentence
        end
    end
    return told
end
return exports
 end,

-- -------------------- src/pagerduty/compose.ts --------------------
["src.pagerduty.compose"] = function(...)
-- Composes the JSON body of an event from an alert: what the responder reads at 3 a.m. Pure; sends nothing.
local exports = {}
local ____alert = require("src.alerts.alert")
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local isDescribed = ____alert.isDescribed
local severityToTell = ____alert.severityToTell
local ____hash = require("src.text.hash")
local fingerprint = ____hash.fingerprint
local ____json = require("src.text.json")
local encode = ____json.encode
local numberAsWritten = ____json.numberAsWritten
local ____lines = require("src.text.lines")
local oneLine = ____lines.oneLine
local outputLines = ____lines.outputLines
local ____perfdata = require("src.text.perfdata")
local cutPerfdata = ____perfdata.cutPerfdata
local parsePerfdata = ____perfdata.parsePerfdata
local ____time = require("src.text.time")
local spokenDuration = ____time.spokenDuration
local utcTimestamp = ____time.utcTimestamp
local ____url = require("src.text.url")
local escapeUrl = ____url.escapeUrl
local ____utf8 = require("src.text.utf8")
local cutToBytes = ____utf8.cutToBytes
local cutToCharacters = ____utf8.cutToCharacters
local validUtf8 = ____utf8.validUtf8
local ____event = require("src.pagerduty.event")
local LADDER = ____event.LADDER
local MAXIMUM_BODY_BYTES = ____event.MAXIMUM_BODY_BYTES
local MAXIMUM_DEDUP_KEY_CHARACTERS = ____event.MAXIMUM_DEDUP_KEY_CHARACTERS
local ____summary = require("src.pagerduty.summary")
local asSummary = ____summary.asSummary
local formattedSummary = ____summary.formattedSummary
local summaryOf = ____summary.summaryOf
local ____template = require("src.pagerduty.template")
local fillTemplate = ____template.fillTemplate
local ____links = require("src.pagerduty.links")
local appendCentreonLink = ____links.appendCentreonLink
local appendLink = ____links.appendLink
local appendOwnLinks = ____links.appendOwnLinks
local imagesOf = ____links.imagesOf
local ____notes = require("src.pagerduty.notes")
local actionUrlOf = ____notes.actionUrlOf
local notesOf = ____notes.notesOf
local notesUrlOf = ____notes.notesUrlOf
local ____thresholds = require("src.pagerduty.thresholds")
local crossedThresholds = ____thresholds.crossedThresholds
-- The administrator has none.
exports.NO_TEXTS = {
    summary = nil,
    source = nil,
    component = nil,
    group = nil,
    class = nil,
    details = {},
    links = {},
    images = {}
}
-- Most characters of a name or a list of names; longer ones are somebody's mistake, and unreadable.
local MAXIMUM_NAME_CHARACTERS = 1024
-- Most metrics shown: a responder reads the first ones.
local MAXIMUM_METRICS = 100
-- How many bytes of each long text are sent, tried in this order until the body is within PagerDuty's limit.
local TEXT_LIMITS = {65536, 16384, 2048}

-- A name as PagerDuty gets it: valid, and not longer than a person reads.
local function name(text)
    return cutToCharacters(
        validUtf8(text),
        MAXIMUM_NAME_CHARACTERS
    )
end

-- `text`, or undefined when there is nothing to say.
local function unlessEmpty(text)
    local ____temp_0
    if text == "" then
        ____temp_0 = nil
    else
        ____temp_0 = text
    end
    return ____temp_0
end

-- Why the alert goes by the fallback key; undefined where it goes as it was meant to.
local function detourOf(____bindingPattern0)
    local detour
    local route
    route = ____bindingPattern0.route
    detour = ____bindingPattern0.detour
    local ____temp_1
    if route == FALLBACK_ROUTE then
        ____temp_1 = detour
    else
        ____temp_1 = nil
    end
    return ____temp_1
end

-- `summary` of an alert that was meant for another team.
local function markedSummary(summary, ____bindingPattern0)
    local meantFor
    meantFor = ____bindingPattern0.meantFor
    return asSummary((("[meant for " .. meantFor) .. ", whose key is refused] ") .. summary)
end

-- A threshold or value as a number where it is one, so that rules can compare it; a range stays text.
local function numberOrText(text)
    local ____temp_3
    if text == nil then
        ____temp_3 = nil
    else
        local ____numberAsWritten_result_2 = numberAsWritten(text)
        if ____numberAsWritten_result_2 == nil then
            ____numberAsWritten_result_2 = text
        end
        ____temp_3 = ____numberAsWritten_result_2
    end
    return ____temp_3
end

local function metricsValue(metrics)
    local items = {}
    for ____, metric in ipairs(metrics) do
        items[#items + 1] = {fields = {
            {
                "name",
                name(metric.name)
            },
            {
                "value",
                numberOrText(metric.value)
            },
            {
                "unit",
                unlessEmpty(metric.unit)
            },
            {
                "warning",
                numberOrText(metric.warning)
            },
            {
                "critical",
                numberOrText(metric.critical)
            },
            {
                "minimum",
                numberOrText(metric.minimum)
            },
            {
                "maximum",
                numberOrText(metric.maximum)
            }
        }}
    end
    local ____temp_4
    if #items == 0 then
        ____temp_4 = nil
    else
        ____temp_4 = {items = items}
    end
    return ____temp_4
end

local function joined(names, separator)
    local ____temp_5
    if #names == 0 then
        ____temp_5 = nil
    else
        ____temp_5 = name(table.concat(names, separator))
    end
    return ____temp_5
end

-- A time as an ISO timestamp; undefined when it is not known.
local function knownTime(seconds)
    local ____temp_6
    if seconds > 0 then
        ____temp_6 = utcTimestamp(seconds)
    else
        ____temp_6 = nil
    end
    return ____temp_6
end

-- The time since `since`, in words; undefined when that is not known, or lies in the future of our clock.
local function timeSince(since, now)
    return since > 0 and now >= since and spokenDuration(now - since) or nil
end

-- `WARNING for 2 h 5 min`; undefined where there is no state before, or none is known.
local function previousWords(____bindingPattern0)
    local previous
    previous = ____bindingPattern0.previous
    if (previous and previous.seconds) == nil then
        return previous and previous.stateName
    end
    return (previous.stateName .. " for ") .. spokenDuration(previous.seconds)
end

-- The custom variables as an object; undefined when there is none.
local function customVariablesOf(place, text)
    local fields = {}
    for ____, ____value in ipairs(place.customVariables or ({})) do
        local variable = ____value.name
        local value = ____value.value
        if value ~= "" then
            fields[#fields + 1] = {
                variable,
                text(value)
            }
        end
    end
    local ____temp_11
    if #fields == 0 then
        ____temp_11 = nil
    else
        ____temp_11 = {fields = fields}
    end
    return ____temp_11
end

-- Adds a field, or puts it in the place of the one with its name.
local function setField(fields, field, value)
    for index, ____temp_12 in ipairs(fields) do
        local known
        known = ____temp_12[1]
        if known == field then
            fields[index] = {field, value}
            return
        end
    end
    fields[#fields + 1] = {field, value}
end

-- The text that `template` makes of the alert, as a name; `usual` where there is none, or nothing comes of it.
local function ownName(template, subject, usual)
    local own = template == nil and "" or name(oneLine(validUtf8(fillTemplate(template, subject))))
    local ____temp_13
    if own == "" then
        ____temp_13 = usual
    else
        ____temp_13 = own
    end
    return ____temp_13
end

-- The details in the order a responder asks: what is wrong, how badly, since when, where, who knows of it.
local function detailsOf(alert, textLimit, texts, settings)
    local ____alert_14 = alert
    local place = ____alert_14.place
    local report = ____alert_14.report
    local metrics = parsePerfdata(
        cutPerfdata(report.perfdata, textLimit),
        MAXIMUM_METRICS
    )
    local now = settings.now()
    local others = settings.otherProblems(alert)

    local function text(value)
        return unlessEmpty(cutToBytes(
            validUtf8(value),
            textLimit
        ))
    end
    local outputLimit = math.min(textLimit, settings.outputLimit)

    local function output(value)
        return unlessEmpty(cutToBytes(
            validUtf8(value),
            outputLimit
        ))
    end
    local detour = detourOf(alert)
    local ____outputLines_result_15 = outputLines(report.output, report.longOutput)
    local first = ____outputLines_result_15.first
    local further = ____outputLines_result_15.further
    local longOutput = settings.usesLongOutput and further or ""
    local fields = {
        {
            "meant_for",
            detour and name(detour.meantFor)
        },
        {
            "not_sent_there",
            detour and text(detour.reason)
        },
        {
            "crossed_thresholds",
            joined(
                crossedThresholds(metrics),
                "; "
            )
        },
        {"state", report.stateName},
        {
            "previous_state",
            previousWords(alert)
        },
        {
            "output",
            output(first)
        },
        {
            "long_output",
            output(longOutput)
        },
        {
            "metrics",
            metricsValue(metrics)
        },
        {
            "problem_since",
            knownTime(report.since)
        },
        {
            "in_problem_for",
            timeSince(report.since, now)
        },
        {
            "last_ok",
            knownTime(report.lastOk)
        },
        {
            "local_time",
            settings.localTime(now, place.timeZone or "")
        },
        {"attempt", report.attempt > 0 and report.attempt or nil},
        {"max_attempts", report.maximumAttempts > 0 and report.maximumAttempts or nil},
        {
            "host_alias",
            unlessEmpty(name(place.hostAlias))
        },
        {
            "host_address",
            unlessEmpty(name(place.hostAddress))
        },
        {
            "poller",
            unlessEmpty(name(place.poller))
        },
        {
            "host_groups",
            joined(place.hostGroups, ", ")
        },
        {
            "service_groups",
            joined(place.serviceGroups, ", ")
        },
        {
            "business_views",
            joined(place.businessViews or ({}), ", ")
        },
        {
            "categories",
            joined(place.categories or ({}), ", ")
        },
        {"criticality", place.criticality > 0 and place.criticality or nil},
        {
            "criticality_name",
            unlessEmpty(name(place.criticalityName or ""))
        },
        {
            "custom_variables",
            customVariablesOf(place, text)
        },
        {
            "notes",
            text(notesOf(alert))
        },
        {
            "notes_url",
            text(notesUrlOf(alert))
        },
        {
            "action_url",
            text(actionUrlOf(alert))
        },
        {
            "other_problems_of_host",
            joined(others, "; ")
        },
        {
            "downtime_comment",
            text(place.downtimeComment or "")
        },
        {
            "acknowledged_by",
            alert.acknowledgement and unlessEmpty(name(alert.acknowledgement.author))
        },
        {
            "acknowledgement_comment",
            alert.acknowledgement and text(alert.acknowledgement.comment)
        }
    }
    for ____, ____value in ipairs(texts.details) do
        local detail = ____value.name
        local template = ____value.template
        setField(
            fields,
            name(detail),
            text(fillTemplate(template, {alert = alert, severity = alert.severity}))
        )
    end
    local ____opt_19 = alert.verdict
    for ____, ____value in ipairs(____opt_19 and ____opt_19.details or ({})) do
        local detail = ____value.name
        local value = ____value.value
        local ____setField_18 = setField
        local ____name_result_17 = name(detail)
        local ____temp_16
        if type(value) == "string" then
            ____temp_16 = text(value)
        else
            ____temp_16 = value
        end
        ____setField_18(fields, ____name_result_17, ____temp_16)
    end
    return {fields = fields}
end

local function linksOf(alert, ____bindingPattern0, settings)
    local links
    links = ____bindingPattern0.links
    local items = {}
    appendCentreonLink(items, alert.resource, alert.place, settings.centreonUrl)
    appendLink(
        items,
        notesUrlOf(alert),
        "Notes"
    )
    appendLink(
        items,
        actionUrlOf(alert),
        "Action"
    )
    appendOwnLinks(items, links, {alert = alert, severity = alert.severity})
    local ____temp_21
    if #items == 0 then
        ____temp_21 = nil
    else
        ____temp_21 = {items = items}
    end
    return ____temp_21
end

local function triggerFields(alert, step, textLimit, texts, settings)
    local ____alert_22 = alert
    local place = ____alert_22.place
    local report = ____alert_22.report
    local usualSource = name(settings.source == "" and place.hostName or settings.source)
    -- The bare minimum has nothing of anybody's making in it.
    local subject = {alert = alert, severity = alert.severity}
    local ____temp_27
    if step == "bare" then
        ____temp_27 = summaryOf(alert)
    else
        local ____unlessEmpty_26 = unlessEmpty
        local ____asSummary_25 = asSummary
        local ____opt_23 = alert.verdict
        ____temp_27 = ____unlessEmpty_26(____asSummary_25(____opt_23 and ____opt_23.summary or "")) or formattedSummary(subject, texts.summary)
    end
    local summary = ____temp_27
    local detour = detourOf(alert)
    local payload = {
        {
            "summary",
            detour == nil and summary or markedSummary(summary, detour)
        },
        {
            "source",
            step == "bare" and usualSource or ownName(texts.source, subject, usualSource)
        },
        {
            "severity",
            severityToTell(alert)
        }
    }
    if step ~= "bare" then
        payload[#payload + 1] = {
            "timestamp",
            knownTime(report.since)
        }
        local component = name(place.serviceDescription == "" and place.hostName or place.serviceDescription)
        local group = joined(place.hostGroups, ", ") or joined(place.businessViews or ({}), ", ")
        payload[#payload + 1] = {
            "component",
            ownName(texts.component, subject, component)
        }
        payload[#payload + 1] = {
            "group",
            ownName(texts.group, subject, group)
        }
        payload[#payload + 1] = {
            "class",
            ownName(texts.class, subject, place.className)
        }
    end
    if step == "full" then
        payload[#payload + 1] = {
            "custom_details",
            detailsOf(alert, textLimit, texts, settings)
        }
    end
    local fields = {{"payload", {fields = payload}}}
    if step == "bare" then
        return fields
    end
    fields[#fields + 1] = {
        "client",
        unlessEmpty(name(settings.client))
    }
    fields[#fields + 1] = {
        "client_url",
        unlessEmpty(escapeUrl(settings.clientUrl))
    }
    if step == "full" then
        fields[#fields + 1] = {
            "links",
            linksOf(alert, texts, settings)
        }
        fields[#fields + 1] = {
            "images",
            imagesOf(texts.images, subject)
        }
    end
    return fields
end

-- The key PagerDuty knows the alert by. One that is too long ends in a fingerprint instead of its last letters.
local function dedupKey(alert, prefix)
    local key = validUtf8(prefix) .. alert.dedupKey
    if #key <= MAXIMUM_DEDUP_KEY_CHARACTERS then
        return key
    end
    local ending = "-" .. fingerprint(key)
    return cutToBytes(key, MAXIMUM_DEDUP_KEY_CHARACTERS - #ending) .. ending
end

-- The body of the call that does `action` for `alert` with `routingKey`: JSON, valid UTF-8, less than
-- MAXIMUM_BODY_BYTES whatever the alert holds. A trigger says as much as its place on the ladder allows;
-- acknowledge and resolve carry only what they need, so that nothing in a payload can cost a recovery.
function exports.compose(alert, action, routingKey, settings)

    local function bodyWith(fields)
        local all = {
            {"routing_key", routingKey},
            {"event_action", action},
            {
                "dedup_key",
                dedupKey(alert, settings.dedupPrefix)
            }
        }
        for ____, field in ipairs(fields) do
            all[#all + 1] = field
        end
        return encode({fields = all})
    end
    if action ~= "trigger" or not isDescribed(alert) then
        return bodyWith({})
    end
    local step = LADDER[alert.ladderStep + 1] or "bare"
    -- What rules raise can cost an alert their texts, not its page.
    local texts = step == "bare" and exports.NO_TEXTS or settings.textsOf(alert)
    if step == "full" then
        for ____, textLimit in ipairs(TEXT_LIMITS) do
            local body = bodyWith(triggerFields(
                alert,
                step,
                textLimit,
                texts,
                settings
            ))
            if #body < MAXIMUM_BODY_BYTES then
                return body
            end
        end
    end
    local body = bodyWith(triggerFields(
        alert,
        step == "full" and "slim" or step,
        0,
        texts,
        settings
    ))
    return #body < MAXIMUM_BODY_BYTES and body or bodyWith(triggerFields(
        alert,
        "bare",
        0,
        texts,
        settings
    ))
end
return exports
 end,

-- -------------------- src/rules/custom_code.ts --------------------
["src.rules.custom_code"] = function(...)
-- The administrator's own code (custom_code_file): loads it, shows it plain tables, and takes from them what it may
-- change. The only user of loadfile. Whatever the code does wrong costs its own wishes, never an alert.
local exports = {}
local ____alert = require("src.alerts.alert")
local isSeverity = ____alert.isSeverity
local sharedIfEmpty = ____alert.sharedIfEmpty
local ____notes = require("src.pagerduty.notes")
local actionUrlOf = ____notes.actionUrlOf
local notesOf = ____notes.notesOf
local notesUrlOf = ____notes.notesUrlOf
local ____lines = require("src.text.lines")
local outputLines = ____lines.outputLines
-- Most different lines about its faults that the log gets: their words may come from the events.
local MOST_COMPLAINTS = 10
-- Most bytes that are kept of each text.
local MAXIMUM_KEPT_BYTES = 65536
-- Most fields that it may add to the details.
local MOST_DETAILS = 100

local function copyOf(list)
    local copy = {}
    for ____, item in ipairs(list) do
        copy[#copy + 1] = item
    end
    return copy
end

-- All that is known of the problem, in a table of its own; docs/routing.md lists the names.
local function observationOf(alert)
    local ____alert_0 = alert
    local dedupKey = ____alert_0.dedupKey
    local resource = ____alert_0.resource
    local facts = ____alert_0.facts
    local place = ____alert_0.place
    local report = ____alert_0.report
    local lines = outputLines(report.output, report.longOutput)
    local customVariables = {}
    for ____, ____value in ipairs(place.customVariables or ({})) do
        local name = ____value.name
        local value = ____value.value
        customVariables[name] = value
    end
    return {
        key = dedupKey,
        class = place.className,
        host_id = resource.hostId ~= nil and resource.hostId or nil,
        service_id = resource.kind == "service" and resource.serviceId or nil,
        id = resource.id ~= nil and resource.id or nil,
        host = place.hostName,
        service = place.serviceDescription,
        state = facts.state,
        state_name = report.stateName,
        output = lines.first,
        long_output = lines.further,
        perfdata = report.perfdata,
        is_acknowledged = facts.isAcknowledged,
        downtime_depth = facts.downtimeDepth,
        is_flapping = facts.isFlapping,
        last_check = facts.lastCheck,
        last_ok = report.lastOk,
        since = report.since,
        attempt = report.attempt,
        max_attempts = report.maximumAttempts,
        host_alias = place.hostAlias,
        host_address = place.hostAddress,
        time_zone = place.timeZone or "",
        poller = place.poller,
        host_groups = copyOf(place.hostGroups),
        service_groups = copyOf(place.serviceGroups),
        business_views = copyOf(place.businessViews or ({})),
        categories = copyOf(place.categories or ({})),
        criticality = place.criticality,
        criticality_name = place.criticalityName or "",
        custom_variables = customVariables,
        notes = notesOf(alert),
        notes_url = notesUrlOf(alert),
        action_url = actionUrlOf(alert)
    }
end

-- A text, number or boolean that JSON can hold; undefined for anything else.
local function detailValue(value)
    if type(value) == "string" then
        return string.sub(value, 1, MAXIMUM_KEPT_BYTES)
    end
    if type(value) == "boolean" then
        return value
    end
    local isNumber = type(value) == "number" and value == value and math.abs(value) ~= math.huge
    return isNumber and value or nil
end
-- What may be changed of an event.
local CHANGEABLE = {summary = true, severity = true, route = true, custom_details = true}

-- The function that the file at `path` returns, or what is wrong with it.
local function functionOf(path)
    local chunk, problem = loadfile(path)
    if chunk == nil then
        return problem or "it cannot be read"
    end
    local isRun, result = pcall(chunk)
    if not isRun then
        return tostring(result)
    end
    if type(result) == "function" then
        return result
    end
    return ("it returned " .. type(result)) .. ": expected a function (observation, event), see docs/routing.md"
end

-- Loads the file at `path`. Undefined when there is none to load, or it cannot be used, which the log is told.
function exports.loadCustomCode(path, ports)
    if path == "" then
        return nil
    end
    local userFunction = functionOf(path)
    if type(userFunction) == "string" then
        ports.error(((("custom_code_file " .. path) .. " is not used: ") .. userFunction) .. "; alerts go out as they are")
        return nil
    end
    local said = {}
    local complaints = 0

    -- Each fault once.
    local function complain(text)
        if said[text] ~= nil or complaints == MOST_COMPLAINTS then
            return
        end
        said[text] = true
        complaints = complaints + 1
        ports.error(((("custom_code_file " .. path) .. ": ") .. text) .. " (said once)")
    end

    local function readDetails(given)
        local details = {}
        if type(given) ~= "table" then
            complain(("event.custom_details is a " .. type(given)) .. ": expected a table; it is left out")
            return details
        end
        for name, value in pairs(given) do
            local usable = detailValue(value)
            if type(name) ~= "string" or usable == nil then
                complain(((("event.custom_details." .. tostring(name)) .. " is a ") .. type(value)) .. ": expected a name, and a text, number or boolean; it is left out")
            else
                details[#details + 1] = {name = name, value = usable}
            end
        end
        table.sort(
            details,
            function(left, right) return left.name < right.name end
        )
        if #details <= MOST_DETAILS then
            return details
        end
        complain(("event.custom_details has more than " .. tostring(MOST_DETAILS)) .. " fields; the others are left out")
        local first = {}
        for ____, detail in ipairs(details) do
            if #first < MOST_DETAILS then
                first[#first + 1] = detail
            end
        end
        return first
    end

    -- What the event's table says now, where it differs from the plan and can be used.
    local function readVerdict(event, plan, isDropped)
        for name in pairs(event) do
            if CHANGEABLE[name] ~= true then
                complain(("event." .. tostring(name)) .. " cannot be set: only summary, severity, route and custom_details can")
            end
        end
        local summary = event.summary
        local isSummary = type(summary) == "string" and (string.find(summary, "%S")) ~= nil
        if not isSummary then
            complain("event.summary is no text, or empty; it stays as it was")
        end
        local severity = event.severity
        if not isSeverity(severity) then
            complain(("event.severity is " .. tostring(severity)) .. ": expected critical, error, warning or info; it stays as it was")
        end
        local route = event.route
        local isRoute = type(route) == "string" and ports.isRoute(route)
        if not isRoute then
            complain(("event.route is " .. tostring(route)) .. ": there is no usable key of that name; it stays as it was")
        end
        local details = readDetails(event.custom_details)
        local verdict = {
            isDropped = isDropped,
            summary = isSummary and summary ~= plan.summary and string.sub(summary, 1, MAXIMUM_KEPT_BYTES) or nil,
            severity = isSeverity(severity) and severity ~= plan.severity and severity or nil,
            route = isRoute and route ~= plan.route and route or nil,
            details = sharedIfEmpty(details)
        }
        local hasChanges = verdict.summary ~= nil or verdict.severity ~= nil or verdict.route ~= nil
        return (isDropped or hasChanges or #details > 0) and verdict or nil
    end
    return function(alert, plan)
        local event = {}
        event.summary = plan.summary
        event.severity = plan.severity
        event.route = plan.route
        event.custom_details = {}
        -- What it leaves behind is read under pcall, too: its tables may raise.
        local isDone, result = pcall(function()
            local answer = userFunction(
                observationOf(alert),
                event
            )
            return readVerdict(event, plan, answer == false)
        end)
        if isDone then
            return result
        end
        complain(tostring(result) .. "; the alert goes out as it is")
        return nil
    end
end
return exports
 end,

-- -------------------- src/rules/rulings.ts --------------------
["src.rules.rulings"] = function(...)
-- What the administrator has a say in about an alert: rules, whose acknowledgements count, what Centreon itself would notify
-- of, and custom code, which has the last word. Answers the book's questions, and what an event is to say; remembers nothing.
local exports = {}
local ____alert = require("src.alerts.alert")
local DEFAULT_ROUTE = ____alert.DEFAULT_ROUTE
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local isDescribed = ____alert.isDescribed
local ____summary = require("src.pagerduty.summary")
local formattedSummary = ____summary.formattedSummary
local ____custom_code = require("src.rules.custom_code")
local loadCustomCode = ____custom_code.loadCustomCode
local ____filter = require("src.rules.filter")
local authorRejection = ____filter.authorRejection
local ____rule = require("src.rules.rule")
local rejectionBy = ____rule.rejectionBy

-- Whether rules speak of a resource: the connector itself, and a storm, are none of Centreon's.
local function isRuled(____bindingPattern0)
    local kind
    kind = ____bindingPattern0.kind
    return kind ~= "connector" and kind ~= "storm"
end

-- Adds the details of a rule; what an earlier one said of a field holds.
local function addDetails(all, more)
    for ____, detail in ipairs(more) do
        local isSaid = false
        for ____, ____value in ipairs(all) do
            local name = ____value.name
            if name == detail.name then
                isSaid = true
            end
        end
        if not isSaid then
            all[#all + 1] = detail
        end
    end
end

-- `rules` gives those that hold now: they may be exchanged. Loads the custom code, too.
function exports.createRulings(settings, rules, ports)
    local customCode = loadCustomCode(settings.custom_code_file, ports)

    local function deciding(subject, thing)
        local ____isRuled_result_0
        if isRuled(subject.resource) then
            ____isRuled_result_0 = rules().all.deciding(subject, thing)
        else
            ____isRuled_result_0 = nil
        end
        return ____isRuled_result_0
    end

    -- Where a rule ends the search before anything was said, a state has its severity all the same.
    local function severityByRules(subject)
        local ____opt_1 = deciding(subject, "severity")
        return ____opt_1 and ____opt_1.severity or rules().severityOf(subject)
    end

    local function routeByRules(subject)
        local ____temp_7
        if subject.resource.kind == "connector" then
            ____temp_7 = FALLBACK_ROUTE
        else
            local ____opt_5 = deciding(subject, "route")
            local ____opt_3 = ____opt_5 and ____opt_5.route
            ____temp_7 = ____opt_3 and ____opt_3(subject) or DEFAULT_ROUTE
        end
        return ____temp_7
    end

    local function rejectionByRules(subject)
        local rule = deciding(subject, "page")
        return (rule and rule.page) == false and rejectionBy(rule, subject) or nil
    end
    -- A poller's silence is no rule's to filter.
    local pollerRejection = settings.severity_poller_silent == "none" and "severity_poller_silent is none" or nil

    local function listsOf(alert)
        local details = {}
        local links = {}
        local images = {}
        local ____rules_result_all_10 = rules().all
        local each = ____rules_result_all_10.each
        each(
            alert,
            "details",
            function(rule)
                addDetails(details, rule.details or ({}))
            end
        )
        each(
            alert,
            "links",
            function(rule)
                for ____, link in ipairs(rule.links or ({})) do
                    links[#links + 1] = link
                end
            end
        )
        each(
            alert,
            "images",
            function(rule)
                for ____, image in ipairs(rule.images or ({})) do
                    images[#images + 1] = image
                end
            end
        )
        return {details = details, links = links, images = images}
    end
    return {
        severityOf = function(alert)
            local ____opt_11 = alert.verdict
            return ____opt_11 and ____opt_11.severity or severityByRules(alert)
        end,
        rejectionOf = function(alert)
            local ____temp_13
            if alert.resource.kind == "poller" then
                ____temp_13 = pollerRejection
            else
                ____temp_13 = rejectionByRules(alert)
            end
            local ____temp_13_16 = ____temp_13
            if ____temp_13_16 == nil then
                local ____opt_14 = alert.verdict
                ____temp_13_16 = (____opt_14 and ____opt_14.isDropped) == true and "custom_code_file says so" or nil
            end
            return ____temp_13_16
        end,
        routeOf = function(alert)
            local ____opt_17 = alert.verdict
            return ____opt_17 and ____opt_17.route or routeByRules(alert)
        end,
        waitOf = function(alert)
            local ____alert_19 = alert
            local resource = ____alert_19.resource
            local ____opt_20 = deciding(alert, "wait")
            local byRules = ____opt_20 and ____opt_20.wait or 0
            local respectsDelay = settings.respect_notification_settings and resource.hostId ~= nil
            if not respectsDelay then
                return byRules
            end
            return math.max(
                byRules,
                ports.firstNotificationDelay(resource.hostId, resource.serviceId)
            )
        end,
        askAgainAt = function(alert)
            local change = rules().all.changesAt(alert)
            if change == nil or change == math.huge then
                return nil
            end
            return ports.now() + math.max(
                0,
                change - os.time()
            )
        end,
        acknowledgementRejectionOf = function(____bindingPattern0)
            local acknowledgement
            acknowledgement = ____bindingPattern0.acknowledgement
            local ____authorRejection_28 = authorRejection
            local ____rules_result_authors_27 = rules().authors
            local ____temp_26
            if (acknowledgement and acknowledgement.isPast) == true then
                ____temp_26 = nil
            else
                ____temp_26 = acknowledgement and acknowledgement.author
            end
            return ____authorRejection_28(____rules_result_authors_27, ____temp_26)
        end,
        unnotifiedReasonOf = function(____bindingPattern0)
            local facts
            local resource
            resource = ____bindingPattern0.resource
            facts = ____bindingPattern0.facts
            local ____temp_29
            if settings.respect_notification_settings and resource.hostId ~= nil then
                ____temp_29 = ports.unnotifiedReason(resource.hostId, resource.serviceId, facts.state)
            else
                ____temp_29 = nil
            end
            return ____temp_29
        end,
        judgeByCustomCode = function(alert)
            -- A file that cannot be used now decided what it decided.
            if customCode == nil then
                local ____temp_30
                if settings.custom_code_file == "" then
                    ____temp_30 = nil
                else
                    ____temp_30 = alert.verdict
                end
                return ____temp_30
            end
            if not isDescribed(alert) then
                return nil
            end
            -- What is wrong with the connector itself must reach somebody.
            if not isRuled(alert.resource) then
                return nil
            end
            local severity = severityByRules(alert)
            local ____formattedSummary_34 = formattedSummary
            local ____temp_33 = {alert = alert, severity = severity}
            local ____opt_31 = deciding(alert, "summary")
            local summary = ____formattedSummary_34(____temp_33, ____opt_31 and ____opt_31.summary)
            return customCode(
                alert,
                {
                    summary = summary,
                    severity = severity,
                    route = routeByRules(alert)
                }
            )
        end,
        textsOf = function(alert)

            local function text(thing)
                local ____opt_35 = rules().all.deciding(alert, thing)
                return ____opt_35 and ____opt_35[thing]
            end
            local ____listsOf_result_37 = listsOf(alert)
            local details = ____listsOf_result_37.details
            local links = ____listsOf_result_37.links
            local images = ____listsOf_result_37.images
            return {
                summary = text("summary"),
                source = text("source"),
                component = text("component"),
                group = text("group"),
                class = text("class"),
                details = details,
                links = links,
                images = images
            }
        end,
        decidedBy = function(alert)
            local ____temp_38
            if alert.resource.kind == "poller" then
                ____temp_38 = nil
            else
                ____temp_38 = deciding(alert, "page")
            end
            return {
                page = ____temp_38,
                severity = deciding(alert, "severity"),
                route = deciding(alert, "route"),
                wait = deciding(alert, "wait")
            }
        end,
        changeRejectionOf = rejectionByRules,
        authorRejectionOf = function(author) return authorRejection(
            rules().authors,
            author
        ) end,
        changeRouteOf = routeByRules
    }
end
return exports
 end,

-- -------------------- src/version.ts --------------------
["src.version"] = function(...)
-- The version, as package.json has it: make lint checks that they agree.
local exports = {}
exports.VERSION = "0.2.0"
return exports
 end,

-- -------------------- src/connector/asking.ts --------------------
["src.connector.asking"] = function(...)
-- Makes what asks PagerDuty what people did, and what tells Centreon of it, and gives them what they need of the others;
-- nothing where there is no key to ask with. How it is asked and told is feedback's.
local exports = {}
local ____centreon_api = require("src.feedback.centreon_api")
local createCentreonApi = ____centreon_api.createCentreonApi
local ____centreon_session = require("src.feedback.centreon_session")
local createCentreonSession = ____centreon_session.createCentreonSession
local ____feedback = require("src.feedback.feedback")
local createFeedback = ____feedback.createFeedback
local ____rest_api = require("src.feedback.rest_api")
local createRestApi = ____rest_api.createRestApi
local ____telling = require("src.feedback.telling")
local createTelling = ____telling.createTelling
local ____endpoint = require("src.settings.endpoint")
local centreonAccountOf = ____endpoint.centreonAccountOf
local restApiUrl = ____endpoint.restApiUrl
local ____lists = require("src.settings.lists")
local listOf = ____lists.listOf

-- Without `get`, in a rehearsal, or without `watching`, where there is no key, nothing is asked.
function exports.createAsking(____bindingPattern0, get, watching, carry, ____bindingPattern1)
    local routingKeys
    local settings
    settings = ____bindingPattern0.settings
    routingKeys = ____bindingPattern0.routingKeys
    local log
    local journal
    local book
    local now
    now = ____bindingPattern1.now
    book = ____bindingPattern1.book
    journal = ____bindingPattern1.journal
    log = ____bindingPattern1.log
    if get == nil or watching == nil then
        return nil
    end
    return createFeedback(
        {
            interval = settings.pdy_sync_interval,
            routingKeys = routingKeys,
            dedupPrefix = settings.pdy_dedup_prefix,
            serviceIds = listOf(settings.pdy_service_ids, ","),
            reopen = settings.pdy_reopen,
            resolvesOrphans = settings.pdy_resolve_orphans
        },
        {
            now = now,
            api = createRestApi(
                restApiUrl(settings),
                settings.pdy_api_key,
                get
            ),
            find = book.findAlert,
            eachAlert = book.eachAlert,
            isOfQuietPoller = book.isOfQuietPoller,
            learnt = book.learnt,
            noted = journal.writeAlert,
            resolveUnknown = book.resolveUnknown,
            watching = watching,
            carry = carry,
            info = log.info,
            warning = log.warning
        }
    )
end

-- Without `send`, in a rehearsal, or where no Centreon is named, or PagerDuty not asked, nothing is told.
function exports.createTellingOf(____bindingPattern0, send, ____bindingPattern1)
    local settings
    settings = ____bindingPattern0.settings
    local log
    local journal
    local book
    local now
    now = ____bindingPattern1.now
    book = ____bindingPattern1.book
    journal = ____bindingPattern1.journal
    log = ____bindingPattern1.log
    local ____settings_0 = settings
    local url = ____settings_0.centreon_api_url
    local apiKey = ____settings_0.pdy_api_key
    local account = centreonAccountOf(settings)
    if send == nil or apiKey == "" or url == "" or account == nil then
        return nil
    end
    return createTelling({
        api = createCentreonApi(createCentreonSession(url, account, send)),
        now = now,
        find = book.findAlert,
        eachAlert = book.eachAlert,
        noted = journal.writeAlert,
        changed = book.learnt,
        info = log.info,
        warning = log.warning
    })
end
return exports
 end,

-- -------------------- src/rules/action_rules.ts --------------------
["src.rules.action_rules"] = function(...)
-- The administrator's choices about alerts that are open already, as the table of actions takes them.
local exports = {}

function exports.actionRulesOf(settings)
    return {
        resolvesRecoveries = settings.pdy_resolve,
        passesOnAcknowledgements = settings.pdy_acknowledge,
        repageOnEscalation = settings.pdy_repage_on_escalation,
        updatesState = settings.pdy_updates ~= "none",
        updatesOutput = settings.pdy_updates == "output"
    }
end

-- What a downtime does to an open alert; undefined: nothing.
function exports.downtimeActionOf(____bindingPattern0)
    local action
    action = ____bindingPattern0.pdy_downtime_action
    local ____temp_0
    if action == "none" then
        ____temp_0 = nil
    else
        ____temp_0 = action
    end
    return ____temp_0
end
return exports
 end,

-- -------------------- src/connector/bookkeeping.ts --------------------
["src.connector.bookkeeping"] = function(...)
-- The book with what answers its questions: the intake reads events for it, the rulings judge for it. Fills it with what
-- the journal held. Who sends what it reports is the parts' to say.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
local ____book = require("src.alerts.book")
local createBook = ____book.createBook
local ____carried = require("src.alerts.carried")
local endOfCarried = ____carried.endOfCarried
local ____report = require("src.broker.report")
local reportOfConnector = ____report.reportOfConnector
local ____action_rules = require("src.rules.action_rules")
local actionRulesOf = ____action_rules.actionRulesOf
local downtimeActionOf = ____action_rules.downtimeActionOf
local ____decided = require("src.rules.decided")
local decisionsInWords = ____decided.decisionsInWords
local ____intake = require("src.connector.intake")
local createIntake = ____intake.createIntake

-- An empty book. `rules` gives those that hold now. `hadJournal`: what was open before the start is known.
function exports.createBookkeeping(settings, rules, rulings, hadJournal, ports)
    local ____ports_0 = ports
    local log = ____ports_0.log
    local names = ____ports_0.names
    local journal = ____ports_0.journal
    local startedAt = os.time()
    local ____createIntake_3 = createIntake
    local ____settings_skip_anon_events_2 = settings.skip_anon_events
    local ____temp_1
    if hadJournal or not settings.pdy_resolve then
        ____temp_1 = nil
    else
        ____temp_1 = ports.recoveries
    end
    local intake = ____createIntake_3(
        {
            isNameNeeded = ____settings_skip_anon_events_2,
            recoveries = ____temp_1,
            watch = ports.watch,
            customVariables = function() return rules().customVariables end
        },
        {names = names, log = log, placesChanged = ports.placesChanged}
    )
    local book = createBook(
        {
            hardOnly = settings.hard_only,
            suppressServicesOfDownHosts = settings.suppress_services_of_down_hosts,
            suppressHostsBehindDownParents = settings.suppress_hosts_behind_down_parents,
            ignoresAcknowledgements = settings.acknowledged,
            ignoresDowntimes = settings.in_downtime,
            ignoresFlapping = settings.flapping,
            repageOnEscalation = settings.pdy_repage_on_escalation,
            downtimeAction = downtimeActionOf(settings),
            actionRules = actionRulesOf(settings),
            repageOnUnacknowledge = settings.pdy_repage_on_unacknowledge,
            hostGrace = settings.pdy_host_grace,
            stormLimit = settings.pdy_storm_limit,
            keepsReportsOfOpen = settings.pdy_retrigger_interval > 0 or settings.pdy_repage_on_unacknowledge or settings.pdy_updates == "output" or settings.pdy_downtime_action ~= "none" or settings.pdy_rules_file ~= "" or settings.pdy_api_key ~= "" and settings.pdy_reopen ~= "never"
        },
        {
            now = ports.now,
            placeOf = intake.placeOf,
            reportOf = function(resource) return resource.kind == "connector" and reportOfConnector(
                ports.ownProblem(),
                os.time()
            ) or intake.reportOf(resource) end,
            pollerOf = names.pollerId,
            awaited = ports.watch,
            flappingOf = intake.flappingOf,
            severityOf = rulings.severityOf,
            rejectionOf = rulings.rejectionOf,
            routeOf = rulings.routeOf,
            acknowledgementRejectionOf = function(alert) return endOfCarried(alert) or rulings.acknowledgementRejectionOf(alert) end,
            unnotifiedReasonOf = rulings.unnotifiedReasonOf,
            judgeByCustomCode = rulings.judgeByCustomCode,
            waitOf = rulings.waitOf,
            askAgainAt = rulings.askAgainAt,
            mayBeOpen = function(____bindingPattern0)
                local since
                local lastOk
                lastOk = ____bindingPattern0.lastOk
                since = ____bindingPattern0.since
                return not hadJournal and (lastOk > 0 and lastOk or since) <= startedAt
            end,
            isVolatile = function(resource) return resource.kind == "connector" or resource.kind == "service" and names.isVolatile(resource.hostId, resource.serviceId) end,
            alertChanged = function(alert)
                journal.writeAlert(alert)
                ports.offer(alert)
            end,
            alertForgotten = journal.writeForgotten,
            hostChanged = journal.writeHost,
            parentChanged = journal.writeParent,
            ownerChanged = journal.writeOwner,
            engineChanged = journal.writeEngine,
            explain = function(alert, reason)
                if not log.isDebug then
                    return
                end
                local decisions = decisionsInWords(
                    alert,
                    rulings.decidedBy(alert)
                )
                local ending = decisions == "" and "" or (" (" .. decisions) .. ")"
                log.debug(((((("no alert for " .. nameOf(alert)) .. " (") .. alert.dedupKey) .. ") now: ") .. reason) .. ending)
            end,
            announce = function(alert, reason)
                log.info((((nameOf(alert) .. " (") .. alert.dedupKey) .. "): ") .. reason)
            end
        }
    )
    return {book = book, intake = intake}
end

-- Puts back what the journal held, and readies the journal for what comes. Judges nothing: the broker's cache must not be
-- asked within init (it kills the broker), and is asked by the first sweep over the places.
function exports.restore(____bindingPattern0, loaded, journal)
    local intake
    local book
    book = ____bindingPattern0.book
    intake = ____bindingPattern0.intake
    for ____, ____value in ipairs(loaded.hosts) do
        local hostId = ____value.hostId
        local facts = ____value.facts
        book.restoreHost(hostId, facts)
    end
    for ____, ____value in ipairs(loaded.parents) do
        local childId = ____value.childId
        local parentId = ____value.parentId
        book.restoreParent(childId, parentId)
    end
    for ____, ____value in ipairs(loaded.owners) do
        local hostId = ____value.hostId
        local pollerId = ____value.pollerId
        book.restoreOwner(hostId, pollerId)
    end
    for ____, pollerId in ipairs(loaded.stoppedPollers) do
        book.restoreStoppedEngine(pollerId)
    end
    for ____, alert in ipairs(loaded.alerts) do
        if alert.place ~= nil then
            intake.recallPlace(alert.resource, alert.place)
        end
        book.restoreAlert(alert)
    end
    journal.goOn(loaded)
    book.restored()
    if journal.needsCompaction() then
        journal.compact(book)
    end
end
return exports
 end,

-- -------------------- src/broker/changes.ts --------------------
["src.broker.changes"] = function(...)
-- Reads from an event what was done beside the checks: acknowledgements, downtimes, comments, flapping that starts and
-- stops, pollers that start, stop or get a configuration. Pure; owns the differences between the protocols. Whether it is news is told in news.ts.
local exports = {}
local ____events = require("src.broker.events")
local EVENT_TYPE = ____events.EVENT_TYPE
local ____observe = require("src.broker.observe")
local hostOrServiceResource = ____observe.hostOrServiceResource

-- A time, or 0: unset times are nil in BBDO 2, -1 or 0 in BBDO 3.
local function timeOf(time)
    return (time == nil or time < 0) and 0 or time
end

-- The first of the times that is set; undefined when none is.
local function firstKnown(...)
    local times = {...}
    for ____, time in ipairs(times) do
        if time > 0 then
            return time
        end
    end
    return nil
end

-- The end of an acknowledgement is not told: its deletion_time is unreliable.
local function readAcknowledgement(event)
    if timeOf(event.deletion_time) > 0 then
        return nil
    end
    local entered = timeOf(event.entry_time)
    local ____event_0 = event
    local author = ____event_0.author
    return {
        kind = "acknowledged",
        resource = hostOrServiceResource(event),
        identity = string.format(
            "acknowledged %d %d %d %s",
            event.host_id or 0,
            event.service_id or 0,
            entered,
            author
        ),
        at = firstKnown(entered),
        author = author,
        comment = event.comment_data,
        plannedStart = 0,
        plannedEnd = 0,
        engine = ""
    }
end

-- A downtime comes several times: when it is set, when it starts, when it ends or is cancelled, when it is deleted.
local function readDowntime(event)
    local actualStart = timeOf(event.actual_start_time)
    if not event.started and actualStart == 0 then
        return nil
    end
    local ____end = firstKnown(
        timeOf(event.actual_end_time),
        timeOf(event.deletion_time)
    )
    local plannedStart = timeOf(event.start_time)
    local entered = timeOf(event.entry_time)
    local hasEnded = event.cancelled or ____end ~= nil
    local downtimeId = event._type == EVENT_TYPE.downtime3 and event.id or event.internal_id
    local kind = "downtime started"
    local at = firstKnown(actualStart)
    if hasEnded then
        kind = event.cancelled and "downtime cancelled" or "downtime ended"
        at = ____end
    elseif event.fixed then
        -- An engine that restarts starts a downtime anew, at a new time: its plan stays the same.
        at = firstKnown(
            math.max(plannedStart, entered),
            actualStart
        )
    end
    return {
        kind = kind,
        resource = hostOrServiceResource(event),
        identity = string.format(
            "downtime %d %d %d %s",
            event.instance_id or 0,
            downtimeId,
            entered,
            hasEnded and "end" or "start"
        ),
        at = at,
        author = event.author,
        comment = event.comment_data,
        plannedStart = plannedStart,
        plannedEnd = timeOf(event.end_time),
        engine = ""
    }
end
-- `entry_type` of a comment: written by a person; by the engine, for as long as a resource flaps.
local BY_A_PERSON = 1
local OF_FLAPPING = 3

-- Comments of acknowledgements and downtimes are told with those. The engine writes one when flapping starts, and deletes it
-- when that stops (recorded: spec/fixtures/events): nothing else says when it was.
local function readComment(event)
    local ____event_1 = event
    local entryType = ____event_1.entry_type
    local deleted = timeOf(event.deletion_time)
    local isOfPerson = entryType == BY_A_PERSON and deleted == 0
    if not isOfPerson and entryType ~= OF_FLAPPING then
        return nil
    end
    local entered = timeOf(event.entry_time)
    local kind = isOfPerson and "commented" or (deleted > 0 and "flapping stopped" or "flapping started")
    return {
        kind = kind,
        resource = hostOrServiceResource(event),
        identity = string.format(
            "%s %d %d %d %d",
            kind,
            event.host_id or 0,
            event.service_id or 0,
            event.internal_id,
            entered
        ),
        at = firstKnown(deleted, entered),
        author = isOfPerson and event.author or "",
        comment = isOfPerson and event.data or "",
        plannedStart = 0,
        plannedEnd = 0,
        engine = ""
    }
end

-- What happened to a poller: nobody signs it, and nothing was planned.
local function pollerChange(kind, id, identity, at, engine)
    return {
        kind = kind,
        resource = {kind = "poller", id = id},
        identity = identity,
        at = at,
        author = "",
        comment = "",
        plannedStart = 0,
        plannedEnd = 0,
        engine = engine
    }
end

local function readInstance(event)
    local ____event_2 = event
    local running = ____event_2.running
    local id = event.instance_id or 0
    local started = timeOf(event.start_time)
    local ended = running and 0 or timeOf(event.end_time)
    -- A recording names its pollers by such events, and tells nothing else of them.
    if running and started == 0 then
        return nil
    end
    return pollerChange(
        running and "poller started" or "poller stopped",
        id,
        string.format(
            "poller %d %s %d %d",
            id,
            running and "start" or "stop",
            started,
            ended
        ),
        firstKnown(running and started or ended),
        (event.engine .. " ") .. event.version
    )
end

-- The event tells neither when nor what: each one that comes is a deployment.
local function readConfiguration(event)
    return event.loaded and pollerChange(
        "configuration deployed",
        event.poller_id,
        "",
        nil,
        ""
    ) or nil
end
local READERS = {}

local function on(eventType, reader)
    READERS[eventType] = reader
end
on(EVENT_TYPE.acknowledgement2, readAcknowledgement)
on(EVENT_TYPE.acknowledgement3, readAcknowledgement)
on(EVENT_TYPE.downtime2, readDowntime)
on(EVENT_TYPE.downtime3, readDowntime)
on(EVENT_TYPE.comment2, readComment)
on(EVENT_TYPE.comment3, readComment)
on(EVENT_TYPE.instance2, readInstance)
on(EVENT_TYPE.instance3, readInstance)
on(EVENT_TYPE.instanceConfiguration2, readConfiguration)
on(EVENT_TYPE.instanceConfiguration3, readConfiguration)

-- What `event` says that was done; undefined for an event of another kind, and for one that says nothing of it.
function exports.readChange(event)
    local reader = READERS[event._type]
    local ____temp_3
    if reader == nil then
        ____temp_3 = nil
    else
        ____temp_3 = reader(event)
    end
    return ____temp_3
end
return exports
 end,

-- -------------------- src/broker/news.ts --------------------
["src.broker.news"] = function(...)
-- Tells which changes are news: not those that lie before the start, and each one once, though the broker gives events
-- again at a start, and an engine says everything again when it restarts. Owns the memory of what was told.
local exports = {}
-- Identities are remembered in two generations of so many; the older one goes when the younger one is full. That is
-- about 2 MB at most, and more downtimes than a platform runs at a time.
local GENERATION_SIZE = 10000
-- Longest time from the start of an engine to the end of the configuration it sends, in seconds.
local LONGEST_STARTUP = 600

-- Remembers texts, the last 10,000 at least.
local function createMemory()
    local young = {}
    local old = {}
    local count = 0
    return {
        has = function(text) return young[text] ~= nil or old[text] ~= nil end,
        add = function(text)
            if count >= GENERATION_SIZE then
                old = young
                young = {}
                count = 0
            end
            young[text] = true
            count = count + 1
        end
    }
end

-- Whether a change is to be told. Ask once for each event, also for one that turns out not to be of interest.
function exports.createNews(ports)
    local known = createMemory()
    -- When a poller's engine was heard to start whose configuration has not come yet.
    local startups = {}

    -- The engine's start was told, or lies before ours: the configuration that it loads with it is no deployment.
    local function belongsToStart(pollerId)
        local since = startups[pollerId]
        startups[pollerId] = nil
        return since ~= nil and ports.now() - since <= LONGEST_STARTUP
    end

    -- Whether a service's downtime goes with its host's: the same window, set by the same person.
    local function goesWithHost(____bindingPattern0)
        local plannedEnd
        local plannedStart
        local author
        local resource
        local kind
        kind = ____bindingPattern0.kind
        resource = ____bindingPattern0.resource
        author = ____bindingPattern0.author
        plannedStart = ____bindingPattern0.plannedStart
        plannedEnd = ____bindingPattern0.plannedEnd
        if not (resource.hostId ~= nil) or plannedStart == 0 then
            return false
        end
        local window = string.format(
            "%s of host %d %d %d %s",
            kind,
            resource.hostId,
            plannedStart,
            plannedEnd,
            author
        )
        if resource.kind == "service" then
            return known.has(window)
        end
        if not known.has(window) then
            known.add(window)
        end
        return false
    end
    return function(change)
        local ____change_0 = change
        local kind = ____change_0.kind
        local resource = ____change_0.resource
        local identity = ____change_0.identity
        local at = ____change_0.at
        if identity ~= "" then
            if known.has(identity) then
                return false
            end
            known.add(identity)
        end
        if resource.id ~= nil then
            if kind == "poller started" then
                startups[resource.id] = ports.now()
            end
            if kind == "configuration deployed" and belongsToStart(resource.id) then
                return false
            end
        end
        if goesWithHost(change) then
            return false
        end
        local ____temp_1
        if at == nil then
            ____temp_1 = not ports.isSettling()
        else
            ____temp_1 = at >= ports.startedAt
        end
        return ____temp_1
    end
end
return exports
 end,

-- -------------------- src/connector/change_watch.ts --------------------
["src.connector.change_watch"] = function(...)
-- Tells of what people and pollers do, as change events: what an event says, whether that is news, whether the filters
-- let it through, and where it goes. Sends nothing itself.
local exports = {}
local ____alert = require("src.alerts.alert")
local dedupKeyOf = ____alert.dedupKeyOf
local nameOfPlace = ____alert.nameOfPlace
local ____changes = require("src.broker.changes")
local readChange = ____changes.readChange
local ____place = require("src.broker.place")
local placementOf = ____place.placementOf
local ____news = require("src.broker.news")
local createNews = ____news.createNews

-- What takes each event, and has the sender tell of those that are changes. Gives true for one that is told.
function exports.createChangeWatch(____bindingPattern0, rulings, isTold, ports)
    local startedAt
    local isNameNeeded
    isNameNeeded = ____bindingPattern0.isNameNeeded
    startedAt = ____bindingPattern0.startedAt
    local ____ports_0 = ports
    local log = ____ports_0.log
    local names = ____ports_0.names
    local now = ____ports_0.now
    local isSettling = ____ports_0.isSettling
    local isNews = createNews({startedAt = startedAt, now = now, isSettling = isSettling})
    return function(event)
        local change = readChange(event)
        if change == nil or not isNews(change) or not isTold[change.kind] then
            return false
        end
        local placed = placementOf(change.resource, names, isNameNeeded)
        if placed == nil then
            return false
        end
        local resource = placed.resource
        local placement = placed.placement
        local subject = {
            dedupKey = dedupKeyOf(resource),
            resource = resource,
            place = ports.placeOf(resource)
        }
        local ____rulings_changeRejectionOf_result_2 = rulings.changeRejectionOf(subject)
        if ____rulings_changeRejectionOf_result_2 == nil then
            local ____temp_1
            if change.kind == "acknowledged" then
                ____temp_1 = rulings.authorRejectionOf(change.author)
            else
                ____temp_1 = nil
            end
            ____rulings_changeRejectionOf_result_2 = ____temp_1
        end
        local reason = ____rulings_changeRejectionOf_result_2
        if reason == nil then
            local report = {
                change = change,
                resource = resource,
                placement = placement,
                at = change.at or os.time()
            }
            ports.sender.offer(
                report,
                rulings.changeRouteOf(subject)
            )
            return true
        end
        if log.isDebug then
            log.debug((((("no change event of " .. nameOfPlace(placement)) .. " (") .. change.kind) .. "): it is filtered out: ") .. reason)
        end
        return false
    end
end
return exports
 end,

-- -------------------- src/connector/composing.ts --------------------
["src.connector.composing"] = function(...)
-- What an event says beside its alert: the administrator's choices, the moment, and what else is wrong on the host.
local exports = {}
local ____alert = require("src.alerts.alert")
local isDescribed = ____alert.isDescribed
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local ____time = require("src.text.time")
local loadLocalTime = ____time.loadLocalTime
-- Most other problems of a host that an alert tells of.
local MOST_OTHER_PROBLEMS = 10

-- What a resource is called on its host.
local function nameOnHost(____bindingPattern0)
    local place
    place = ____bindingPattern0.place
    return place.serviceDescription == "" and place.hostName or place.serviceDescription
end

-- Puts the alert in its place in `first`, which holds no more than are told: the first ones in the order of the names.
local function keepIfAmongFirst(first, alert)
    local name = nameOnHost(alert)
    local before = #first
    while before > 0 and name < nameOnHost(first[before]) do
        before = before - 1
    end
    if before == MOST_OTHER_PROBLEMS then
        return
    end
    table.insert(first, before + 1, alert)
    if #first > MOST_OTHER_PROBLEMS then
        table.remove(first)
    end
end

-- What else is wrong on the alert's host, as "name: STATE", in the order of the names.
local function otherProblemsOf(alert, eachAlertOfHost)
    local told = {}
    if not (alert.resource.hostId ~= nil) then
        return told
    end
    -- Not all of them listed and sorted: a host can have thousands, and write() must not take long.
    local first = {}
    eachAlertOfHost(
        alert.resource.hostId,
        function(other)
            if other ~= alert and isDescribed(other) and other.facts.state ~= STATE.ok then
                keepIfAmongFirst(first, other)
            end
        end
    )
    for ____, other in ipairs(first) do
        told[#told + 1] = (nameOnHost(other) .. ": ") .. other.report.stateName
    end
    return told
end

function exports.composeSettingsOf(settings, textsOf, eachAlertOfHost)
    return {
        centreonUrl = settings.pdy_centreon_url,
        source = settings.pdy_source,
        client = settings.client,
        clientUrl = settings.client_url == "" and settings.pdy_centreon_url or settings.client_url,
        usesLongOutput = settings.use_long_output,
        outputLimit = settings.output_size_limit == 0 and math.huge or settings.output_size_limit,
        dedupPrefix = settings.pdy_dedup_prefix,
        textsOf = textsOf,
        now = os.time,
        localTime = loadLocalTime(),
        otherProblems = function(alert) return otherProblemsOf(alert, eachAlertOfHost) end
    }
end
return exports
 end,

-- -------------------- src/connector/nameless_watch.ts --------------------
["src.connector.nameless_watch"] = function(...)
-- Alerts that go out without names: a new output knows none until the engines have told theirs. Says it once, with how many
-- and what to do.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
-- Seconds from the first one on in which they are counted.
local COUNTING_SECONDS = 60

-- `now`: seconds that never go back.
function exports.createNamelessWatch(now, warning)
    local count = 0
    local example = ""
    local since
    local hasSpoken = false
    return {
        note = function(alert)
            local ____temp_2 = alert.inFlight ~= "trigger"
            if not ____temp_2 then
                local ____opt_0 = alert.place
                ____temp_2 = (____opt_0 and ____opt_0.isKnown) ~= false
            end
            if ____temp_2 then
                return
            end
            count = count + 1
            if since ~= nil then
                return
            end
            since = now()
            example = nameOf(alert)
        end,
        look = function()
            if hasSpoken or since == nil or now() - since < COUNTING_SECONDS then
                return
            end
            hasSpoken = true
            warning(string.format("alerts went out without names, such as \"%s\": %d so far. The broker does not know what things are called until their engines tell: restart, not reload, the engine of each poller once (Configuration > Pollers > Export configuration, method Restart)", example, count))
        end
    }
end
return exports
 end,

-- -------------------- src/feedback/told_closed.ts --------------------
["src.feedback.told_closed"] = function(...)
-- What follows where an administrator's command, and not a round, has read that PagerDuty closed an alert: the same rules, for
-- an alert that was never seen open, or closed when other rules held. Changes what is known of that alert, and nothing else.
local exports = {}
local ____learnt = require("src.alerts.learnt")
local learnClosed = ____learnt.learnClosed
local ____apply = require("src.feedback.apply")
local reopeningOf = ____apply.reopeningOf
-- Seconds: PagerDuty may take its time with what it has accepted; the rounds wait for as long (pdy_sync_interval).
local GETTING_TO_IT = 60

-- `askedAt`: when PagerDuty was asked, by the clock of `triggeredAt`.
function exports.takeClosed(alert, ending, choice, isOfQuietPoller, askedAt)
    if alert.desired == "resolved" then
        return "ended"
    end
    if alert.inFlight ~= nil or alert.triggeredAt > askedAt - GETTING_TO_IT then
        return "sent too lately"
    end
    learnClosed(
        alert,
        ending,
        reopeningOf(choice, ending.by ~= nil, isOfQuietPoller)
    )
    if alert.desired ~= "triggered" then
        return "held here"
    end
    if alert.delivered ~= "closed" then
        return "opened anew"
    end
    local ____temp_2 = alert.resource.hostId ~= nil
    if ____temp_2 then
        local ____opt_0 = alert.closing
        ____temp_2 = (____opt_0 and ____opt_0.lastCheck) ~= nil
    end
    local isChecked = ____temp_2
    return isChecked and "by its next check" or "left closed"
end
return exports
 end,

-- -------------------- src/connector/order_lines.ts --------------------
["src.connector.order_lines"] = function(...)
-- What stands in the two files through which an administrator's orders reach the running connector, and what became of them
-- comes back: JSON, one line for each. Owns their form and their places, to and fro; the connector reads orders and the
-- commands read answers.
local exports = {}
local ____json = require("src.text.json")
local decode = ____json.decode
local encode = ____json.encode

-- Where orders are put, and their answers, for the output whose journal is at `statePath`.
function exports.orderPaths(statePath)
    return {orders = statePath .. ".orders", answers = statePath .. ".answers"}
end
local KINDS = {resolve = true, forget = true, close = true}
local OUTCOMES = {
    resolved = true,
    ended = true,
    forgotten = true,
    ["under way"] = true,
    unknown = true,
    ["a problem here"] = true,
    ["opened anew"] = true,
    ["by its next check"] = true,
    ["left closed"] = true,
    ["held here"] = true,
    ["sent too lately"] = true
}

function exports.orderLine(____bindingPattern0)
    local ____until
    local closed
    local route
    local key
    local kind
    local id
    id = ____bindingPattern0.id
    kind = ____bindingPattern0.kind
    key = ____bindingPattern0.key
    route = ____bindingPattern0.route
    closed = ____bindingPattern0.closed
    ____until = ____bindingPattern0["until"]
    return encode({fields = {
        {"id", id},
        {"order", kind},
        {"key", key},
        {"route", route},
        {"closed_by", closed and closed.by},
        {"closed_at", closed and closed.at},
        {"asked_at", closed and closed.askedAt},
        {"until", ____until}
    }})
end

function exports.answerLine(____bindingPattern0)
    local outcome
    local name
    local key
    local id
    id = ____bindingPattern0.id
    key = ____bindingPattern0.key
    name = ____bindingPattern0.name
    outcome = ____bindingPattern0.outcome
    return encode({fields = {{"id", id}, {"key", key}, {"name", name}, {"outcome", outcome}}})
end

-- What `read` makes of each line; what it makes nothing of is left out.
local function readLines(text, read)
    local items = {}
    for line in string.gmatch(text, "[^\n]+") do
        local result = decode(line or "")
        local ____temp_6
        if result.ok and type(result.value) == "table" then
            ____temp_6 = read(result.value)
        else
            ____temp_6 = nil
        end
        local item = ____temp_6
        if item ~= nil then
            items[#items + 1] = item
        end
    end
    return items
end

-- The orders in `text`; a line that is none is left out.
function exports.readOrders(text)
    return readLines(
        text,
        function(____bindingPattern0)
            local askedAt
            local at
            local by
            local ____until
            local route
            local key
            local order
            local id
            id = ____bindingPattern0.id
            order = ____bindingPattern0.order
            key = ____bindingPattern0.key
            route = ____bindingPattern0.route
            ____until = ____bindingPattern0["until"]
            by = ____bindingPattern0.closed_by
            at = ____bindingPattern0.closed_at
            askedAt = ____bindingPattern0.asked_at
            local isOrder = type(id) == "string" and type(order) == "string" and KINDS[order] ~= nil and type(key) == "string" and type(____until) == "number"
            if not isOrder then
                return nil
            end

            local function textOf(value)
                return type(value) == "string" and value or nil
            end
            local closed = type(at) == "string" and type(askedAt) == "number" and ({
                by = textOf(by),
                at = at,
                askedAt = askedAt
            }) or nil
            return {
                id = id,
                kind = order,
                key = key,
                route = textOf(route),
                closed = closed,
                ["until"] = ____until
            }
        end
    )
end

-- The answers in `text`; a line that is none is left out.
function exports.readAnswers(text)
    return readLines(
        text,
        function(____bindingPattern0)
            local outcome
            local name
            local key
            local id
            id = ____bindingPattern0.id
            key = ____bindingPattern0.key
            name = ____bindingPattern0.name
            outcome = ____bindingPattern0.outcome
            local isAnswer = type(id) == "string" and type(key) == "string" and type(name) == "string" and type(outcome) == "string" and OUTCOMES[outcome] ~= nil
            return isAnswer and ({id = id, key = key, name = name, outcome = outcome}) or nil
        end
    )
end
return exports
 end,

-- -------------------- src/connector/orders.ts --------------------
["src.connector.orders"] = function(...)
-- Carries out what an administrator orders by `resolve`, `forget` and `reconcile --fix`: looks for the file of orders beside the journal, and
-- says beside it what became of each. What an alert's end means is the book's to know.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local nameOf = ____alert.nameOf
local ____compare = require("src.feedback.compare")
local resourceOfKey = ____compare.resourceOfKey
local ____told_closed = require("src.feedback.told_closed")
local takeClosed = ____told_closed.takeClosed
local ____files = require("src.text.files")
local replaceFile = ____files.replaceFile
local ____order_lines = require("src.connector.order_lines")
local answerLine = ____order_lines.answerLine
local orderPaths = ____order_lines.orderPaths
local readOrders = ____order_lines.readOrders
-- Seconds between looks for orders: a person waits for the answer.
local LOOK_INTERVAL = 2

-- A look for orders, to be taken often, for the output whose journal is at `statePath`.
function exports.createOrders(statePath, ports)
    local ____ports_0 = ports
    local now = ____ports_0.now
    local files = ____ports_0.files
    local book = ____ports_0.book
    local paths = orderPaths(statePath)
    local taken = paths.orders .. ".taken"
    local lastLook = now()

    local function close(alert, closed)
        local askedAt = now() - (ports.unixTime() - closed.askedAt)
        local outcome = takeClosed(
            alert,
            closed,
            ports.reopen,
            book.isOfQuietPoller(alert),
            askedAt
        )
        if outcome == "sent too lately" or outcome == "ended" then
            return outcome
        end
        ports.info((((((nameOf(alert) .. " (") .. alert.dedupKey) .. "): it was closed by ") .. (closed.by or "PagerDuty itself (a timeout, or the API)")) .. ", as centreon-pagerduty reconcile has read: ") .. outcome)
        book.learnt(alert)
        return outcome
    end

    local function outcomeOf(____bindingPattern0, alert)
        local closed
        local kind
        kind = ____bindingPattern0.kind
        closed = ____bindingPattern0.closed
        if kind == "close" then
            return closed == nil and "unknown" or close(alert, closed)
        end
        local isUnderWay = alert.inFlight ~= nil
        if kind == "resolve" then
            local mayBeOpen = isOpen(alert) or isUnderWay
            alert.isResolveOrdered = true
            book.resolveNow(alert, "it is resolved by hand (centreon-pagerduty resolve)")
            return mayBeOpen and "resolved" or "ended"
        end
        if isUnderWay then
            return "under way"
        end
        ports.info(((nameOf(alert) .. " (") .. alert.dedupKey) .. "): it is forgotten by hand (centreon-pagerduty forget); PagerDuty is not told")
        book.forget(alert)
        return "forgotten"
    end

    -- Of a key that no alert has: what PagerDuty has open of it is resolved where the order says by which routing key.
    local function outcomeOfUnknown(____bindingPattern0)
        local route
        local key
        local kind
        kind = ____bindingPattern0.kind
        key = ____bindingPattern0.key
        route = ____bindingPattern0.route
        local resource = resourceOfKey(key)
        if kind ~= "resolve" or route == nil or resource == nil then
            return "unknown"
        end
        ports.info(key .. ": nothing is known of it here, and PagerDuty has it open: it is resolved by hand (centreon-pagerduty reconcile)")
        book.resolveUnknown(resource, route)
        return "resolved"
    end

    -- Carries out what is still waited for.
    local function carryOut(orders)
        local alerts = {}
        book.eachAlert(function(alert)
            alerts[alert.dedupKey] = alert
        end)
        local answers = {}
        for ____, order in ipairs(orders) do
            local id = order.id
            local key = order.key
            local alert = alerts[key]
            if ports.unixTime() >= order["until"] then
                ports.warning(((("nobody waits any more for the order to " .. order.kind) .. " ") .. key) .. ": it is not carried out")
            elseif alert == nil then
                answers[#answers + 1] = {
                    id = id,
                    key = key,
                    name = "",
                    outcome = outcomeOfUnknown(order)
                }
            else
                local name = nameOf(alert)
                local outcome = order.route == nil and outcomeOf(order, alert) or "a problem here"
                -- Whatever has ended and is settled is no alert any more.
                local isGone = order.kind ~= "close" and (outcome == "ended" or outcome == "forgotten")
                if isGone then
                    alerts[key] = nil
                end
                answers[#answers + 1] = {id = id, key = key, name = name, outcome = outcome}
            end
        end
        return answers
    end
    return function()
        if now() - lastLook < LOOK_INTERVAL then
            return
        end
        lastLook = now()
        -- Under another name first: nobody takes it twice, and nobody adds to it any more.
        local isTaken = files.rename(paths.orders, taken)
        if isTaken ~= true then
            return
        end
        local file, problem = files.open(taken, "rb")
        if file == nil then
            ports.warning(("orders cannot be read: " .. (problem or taken)) .. "; give them as root or as the broker's user")
            return
        end
        local text = file:read("*a") or ""
        file:close()
        local lines = {}
        for ____, answer in ipairs(carryOut(readOrders(text))) do
            lines[#lines + 1] = answerLine(answer) .. "\n"
        end
        -- The file of the orders becomes that of the answers: it is readable for whoever gave them, and for nobody else.
        local writeProblem = replaceFile(
            files,
            paths.answers,
            taken,
            table.concat(lines)
        )
        if writeProblem ~= nil then
            ports.warning("orders were carried out, and cannot be answered: " .. writeProblem)
        end
    end
end
return exports
 end,

-- -------------------- src/connector/place_sweep.ts --------------------
["src.connector.place_sweep"] = function(...)
-- Places that may be others than they were: all of them at a start, and when a group or category is called otherwise. Read
-- anew in turns, since there may be thousands; whoever is told before its turn is read at once.
local exports = {}

-- Nothing is to be read yet.
function exports.createPlaceSweep(book)
    local isWanted = false
    local left = {}

    -- What is being read is read to its end first: groups come by the hundred, and to list all for each would cost more.
    local function next()
        if #left == 0 and isWanted then
            isWanted = false
            book.eachAlert(function(alert)
                local ____temp_0 = #left + 1
                left[____temp_0] = alert
                return ____temp_0
            end)
        end
        return table.remove(left)
    end
    return {
        begin = function()
            isWanted = true
        end,
        isUnderWay = function() return isWanted or #left > 0 end,
        turn = function(most)
            for _ = 1, most do
                local alert = next()
                if alert == nil then
                    return
                end
                -- It may be settled and forgotten by now.
                if book.findAlert(alert.resource) == alert then
                    book.refresh(alert)
                end
            end
        end,
        readBefore = function(alert)
            if isWanted or #left > 0 then
                book.readPlace(alert)
            end
        end
    }
end
return exports
 end,

-- -------------------- src/connector/retrigger.ts --------------------
["src.connector.retrigger"] = function(...)
-- What is sent again though nothing changed: triggers (pdy_retrigger_interval), so that an incident closed by hand, or by
-- PagerDuty's own timeout, comes back while Centreon is still red; and acknowledges (pdy_reacknowledge_interval), since
-- PagerDuty ends an acknowledgement by itself.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local ____carried = require("src.alerts.carried")
local acknowledgerOf = ____carried.acknowledgerOf
-- Seconds between looks for what is to be sent again.
local LOOK_INTERVAL = 5

-- A look at what is due, to be taken often.
function exports.createRetrigger(settings, ports)
    local ____ports_0 = ports
    local now = ____ports_0.now
    local ____settings_1 = settings
    local retriggerInterval = ____settings_1.retriggerInterval
    local reacknowledgeInterval = ____settings_1.reacknowledgeInterval
    local lastLook = now()

    local function isTriggerDue(alert, time)
        return retriggerInterval > 0 and alert.desired == "triggered" and not alert.wantsRetrigger and time - alert.triggeredAt >= retriggerInterval
    end

    -- Also of an incident that was found to have been triggered again: of the acknowledgement it was told already. One that came
    -- from PagerDuty is PagerDuty's to end.
    local function isAcknowledgeDue(alert, time)
        local ____alert_2 = alert
        local desired = ____alert_2.desired
        local delivered = ____alert_2.delivered
        local wantsAcknowledge = ____alert_2.wantsAcknowledge
        local acknowledgedAt = ____alert_2.acknowledgedAt
        return reacknowledgeInterval > 0 and desired == "acknowledged" and (delivered == "acknowledged" or wantsAcknowledge == nil) and wantsAcknowledge ~= "again" and time - (acknowledgedAt or 0) >= reacknowledgeInterval and acknowledgerOf(alert) ~= "we"
    end
    return function()
        local time = now()
        if retriggerInterval + reacknowledgeInterval == 0 or time - lastLook < LOOK_INTERVAL then
            return
        end
        lastLook = time
        local due = {}
        local isOfQuietPoller = ports.quietPollersNow()
        ports.eachAlert(function(alert)
            if not isOpen(alert) or isOfQuietPoller(alert) then
                return
            end
            local isTrigger = isTriggerDue(alert, time)
            if isTrigger then
                alert.wantsRetrigger = true
            elseif isAcknowledgeDue(alert, time) then
                alert.wantsAcknowledge = "again"
            else
                return
            end
            due[#due + 1] = alert
        end)
        for ____, alert in ipairs(due) do
            ports.offer(alert)
        end
    end
end
return exports
 end,

-- -------------------- src/rules/lua_scanner.ts --------------------
["src.rules.lua_scanner"] = function(...)
-- Walks through the text of a Lua file: what comes next, on which line, and Lua's spaces, comments, texts and numbers.
-- What may stand where is not its business. Lua's manual, "Lexical Conventions".
local exports = {}
local BYTE_ORDER_MARK = string.char(239, 187, 191)
-- A character of UTF-8, or a byte that is none.
local CHARACTER = ((("^.[" .. string.char(128)) .. "-") .. string.char(191)) .. "]*"

function exports.createScanner(text)
    local withoutMark = string.sub(text, 1, 3) == BYTE_ORDER_MARK and string.sub(text, 4) or text
    local source = string.gsub(withoutMark, "\r\n?", "\n")
    local here = 1
    local problem
    -- Lines are counted as far as somebody asked.
    local line = 1
    local lineStart = 1

    local function lineOf(position)
        if position == nil then
            position = here
        end
        while true do
            local lineEnd = string.find(source, "\n", lineStart, true)
            if lineEnd == nil or lineEnd >= position then
                return line
            end
            line = line + 1
            lineStart = lineEnd + 1
        end
    end
    return {
        match = function(pattern)
            local ____, last, captured = string.find(source, pattern, here)
            if last ~= nil then
                here = last + 1
            end
            return captured
        end,
        isAt = function(pattern) return (string.find(source, pattern, here)) ~= nil end,
        line = lineOf,
        position = function() return here end,
        fail = function(what, position)
            if position == nil then
                position = here
            end
            local failedLine = lineOf(position)
            if problem == nil then
                problem = string.format("line %d, column %d: %s", failedLine, position - lineStart + 1, what)
            end
            return nil
        end,
        problem = function() return problem end,
        whatIsHere = function()
            if here > #source then
                return "the file ends"
            end
            local word = string.match(source, "^[%w_]+", here)
            local character = string.match(source, CHARACTER, here)
            return "here is " .. (word or character or "")
        end,
        ["until"] = function(closing)
            local start = here
            local first, last = string.find(source, closing, here, true)
            if first == nil or last == nil then
                return nil
            end
            here = last + 1
            return string.sub(source, start, first - 1)
        end
    }
end
-- What opens long brackets, `[[` or `[==[`.
exports.LONG_BRACKETS = "^%[=*%["

-- The text in long brackets that begin here; undefined when none do.
function exports.readLongBrackets(scanner, what)
    local start = scanner.position()
    local level = scanner.match("^%[(=*)%[")
    if level == nil then
        return nil
    end
    -- A line break right behind the opening does not count.
    scanner.match("^()\n")
    local closing = ("]" .. level) .. "]"
    return scanner["until"](closing) or scanner.fail((what .. " without its ") .. closing, start)
end

-- Goes on to what is neither space nor comment.
function exports.skipSpace(scanner)
    scanner.match("^()%s+")
    while scanner.problem() == nil and scanner.match("^(%-%-)") ~= nil do
        if exports.readLongBrackets(scanner, "a comment") == nil then
            scanner.match("^()[^\n]*")
        end
        scanner.match("^()%s+")
    end
end
local ESCAPES = {
    a = string.char(7),
    b = "\b",
    f = "\f",
    n = "\n",
    r = "\r",
    t = "\t",
    v = "\v",
    ["\\"] = "\\",
    ["\""] = "\"",
    ["'"] = "'",
    ["\n"] = "\n"
}

-- The character of an escape whose backslash is read.
local function readEscape(____bindingPattern0)
    local fail
    local match
    match = ____bindingPattern0.match
    fail = ____bindingPattern0.fail
    local hexadecimal = match("^x(%x%x)")
    if hexadecimal ~= nil then
        return string.char(tonumber(hexadecimal, 16) or 0)
    end
    local decimal = match("^(%d%d?%d?)")
    if decimal ~= nil then
        local code = tonumber(decimal) or 0
        return code < 256 and string.char(code) or fail(("\\" .. decimal) .. " is no byte: 255 is the most")
    end
    return ESCAPES[match("^(.)") or ""] or fail("\\ begins none of the escapes that are read here: \\n, \\t, \\\\, \\\", \\', \\65, \\x41")
end

-- The text in quotes that begins here, with `quote`.
function exports.readQuotes(scanner, quote)
    local ____scanner_0 = scanner
    local match = ____scanner_0.match
    local fail = ____scanner_0.fail
    local problem = ____scanner_0.problem
    local start = scanner.position()
    match("^(.)")
    local parts = {}
    while problem() == nil do
        parts[#parts + 1] = match(("^([^\\\n" .. quote) .. "]*)") or ""
        local next = match("^(.)")
        if next == quote then
            return table.concat(parts)
        end
        if next ~= "\\" then
            return fail(("a text without its " .. quote) .. " on the same line", start)
        end
        parts[#parts + 1] = readEscape(scanner) or ""
    end
    return nil
end
-- What a number begins with.
exports.NUMBER_START = "^%-?%s*%.?%d"

-- The number that begins here, the same on every Lua.
function exports.readNumber(____bindingPattern0)
    local position
    local fail
    local isAt
    local match
    match = ____bindingPattern0.match
    isAt = ____bindingPattern0.isAt
    fail = ____bindingPattern0.fail
    position = ____bindingPattern0.position
    local start = position()
    local sign = match("^(%-)%s*") or ""
    -- The sign of an exponent is within: 1e-5.
    local digits = match("^([%d.]+[eE][+-]%d+)%f[^%w_.]") or match("^([%w_.]+)") or ""
    local isNumber = (string.find(digits, "^[%d.]+[eE]?[+-]?%d*$")) ~= nil or (string.find(digits, "^0[xX]%x+$")) ~= nil
    local ____isNumber_1
    if isNumber then
        ____isNumber_1 = tonumber(digits)
    else
        ____isNumber_1 = nil
    end
    local number = ____isNumber_1
    if number == nil or isAt("^[%w_.]") then
        return fail((sign .. digits) .. " is no number", start)
    end
    return sign == "" and number or -number
end
return exports
 end,

-- -------------------- src/rules/lua_table.ts --------------------
["src.rules.lua_table"] = function(...)
-- Reads a Lua table of constants and tables, `return { … }`, without ever giving it to Lua: nothing in it can run. Knows
-- nothing of rules.
local exports = {}
local isKeyword, readWord, readBracketedName, readName, readValue, readTable, DEEPEST, KEYWORDS
local ____lua_scanner = require("src.rules.lua_scanner")
local LONG_BRACKETS = ____lua_scanner.LONG_BRACKETS
local NUMBER_START = ____lua_scanner.NUMBER_START
local createScanner = ____lua_scanner.createScanner
local readLongBrackets = ____lua_scanner.readLongBrackets
local readNumber = ____lua_scanner.readNumber
local readQuotes = ____lua_scanner.readQuotes
local skipSpace = ____lua_scanner.skipSpace

function isKeyword(word)
    return (string.find(KEYWORDS, (" " .. word) .. " ", 1, true)) ~= nil
end

function readWord(____bindingPattern0)
    local position
    local fail
    local isAt
    local match
    match = ____bindingPattern0.match
    isAt = ____bindingPattern0.isAt
    fail = ____bindingPattern0.fail
    position = ____bindingPattern0.position
    local start = position()
    local word = match("^([%a_][%w_]*)%s*") or ""
    if word == "true" or word == "false" then
        return word == "true"
    end
    if word == "nil" then
        return fail("nil says nothing: leave the field out", start)
    end
    if isKeyword(word) then
        return fail(word .. ": only constants and tables may stand here", start)
    end
    local isComputed = isAt("^[(\"'{%[.:]")
    return fail(isComputed and word .. ": nothing is called or looked up here; only constants and tables may stand here" or ((word .. " is a name: if a text is meant, it needs quotes, \"") .. word) .. "\"", start)
end

function readBracketedName(scanner)
    local ____scanner_0 = scanner
    local match = ____scanner_0.match
    local isAt = ____scanner_0.isAt
    local fail = ____scanner_0.fail
    local position = ____scanner_0.position
    local problem = ____scanner_0.problem
    local whatIsHere = ____scanner_0.whatIsHere
    local start = position()
    match("^(%[)%s*")
    local quote = isAt("^\"") and "\"" or "'"
    if not isAt("^" .. quote) then
        return fail("a name in [ ] must be a text in quotes: [\"my name\"] = …", start)
    end
    local name = readQuotes(scanner, quote)
    if problem() ~= nil then
        return nil
    end
    match("^()%s*")
    local ____temp_1
    if match("^(%])%s*=") == nil then
        ____temp_1 = fail("] = is missing: " .. whatIsHere())
    else
        ____temp_1 = name
    end
    return ____temp_1
end

function readName(scanner)
    local ____scanner_2 = scanner
    local match = ____scanner_2.match
    local isAt = ____scanner_2.isAt
    local fail = ____scanner_2.fail
    local position = ____scanner_2.position
    if isAt("^%[") and not isAt(LONG_BRACKETS) then
        return readBracketedName(scanner)
    end
    local start = position()
    local name = match("^([%a_][%w_]*)%s*=%f[^=]")
    if name == nil or not isKeyword(name) then
        return name
    end
    return fail(((name .. " is a word of Lua's: write [\"") .. name) .. "\"] = …", start)
end

function readValue(scanner, depth)
    local ____scanner_3 = scanner
    local isAt = ____scanner_3.isAt
    local fail = ____scanner_3.fail
    local whatIsHere = ____scanner_3.whatIsHere
    if isAt("^{") then
        return readTable(scanner, depth + 1)
    end
    if isAt("^\"") then
        return readQuotes(scanner, "\"")
    end
    if isAt("^'") then
        return readQuotes(scanner, "'")
    end
    if isAt(LONG_BRACKETS) then
        return readLongBrackets(scanner, "a text")
    end
    if isAt(NUMBER_START) then
        return readNumber(scanner)
    end
    if isAt("^[%a_]") then
        return readWord(scanner)
    end
    return fail(("a value is missing: " .. whatIsHere()) .. ". Possible are \"texts\", numbers, true, false and { tables }")
end

function readTable(scanner, depth)
    local ____scanner_4 = scanner
    local match = ____scanner_4.match
    local isAt = ____scanner_4.isAt
    local fail = ____scanner_4.fail
    local position = ____scanner_4.position
    local problem = ____scanner_4.problem
    local whatIsHere = ____scanner_4.whatIsHere
    if depth > DEEPEST then
        return fail(string.format("more than %d tables within each other", DEEPEST))
    end
    local tableLine = scanner.line()
    local items = {}
    local fields = {}
    local lines = {}
    match("^({)")
    skipSpace(scanner)
    while problem() == nil and match("^(})") == nil do
        local start = position()
        local name = readName(scanner)
        if problem() ~= nil then
            return nil
        end
        local line = scanner.line(start)
        local ____temp_5
        if name == nil then
            ____temp_5 = nil
        else
            ____temp_5 = lines[name]
        end
        local earlier = ____temp_5
        if earlier ~= nil then
            return fail(
                string.format("%s is given twice: line %d has it, too", name, earlier),
                start
            )
        end
        skipSpace(scanner)
        local value = readValue(scanner, depth)
        if value == nil then
            return nil
        end
        if name == nil then
            items[#items + 1] = value
        else
            lines[name] = line
            fields[#fields + 1] = {name = name, value = value, line = line}
        end
        skipSpace(scanner)
        if match("^([,;])") == nil and not isAt("^}") then
            return fail(string.format(
                "a comma, or the } of line %d, is missing: %s",
                tableLine,
                whatIsHere()
            ))
        end
        skipSpace(scanner)
    end
    return {items = items, fields = fields, line = tableLine}
end
-- 1 MiB: some thousands of rules, and no more than can be read while the broker waits.
exports.LARGEST_TEXT = 1048576
DEEPEST = 20
KEYWORDS = " and break do else elseif end false for function goto if in local nil not or repeat return then true until while "

local function readFile(scanner)
    local ____scanner_6 = scanner
    local match = ____scanner_6.match
    local isAt = ____scanner_6.isAt
    local fail = ____scanner_6.fail
    local whatIsHere = ____scanner_6.whatIsHere
    skipSpace(scanner)
    local isReturn = match("^(return)%f[^%w_]") ~= nil
    skipSpace(scanner)
    if not isReturn or not isAt("^{") then
        return fail("the file must be one table: return { … }")
    end
    local result = readTable(scanner, 1)
    skipSpace(scanner)
    match("^(;)")
    skipSpace(scanner)
    local ____isAt_result_7
    if isAt("^.") then
        ____isAt_result_7 = fail("nothing may follow the table: " .. whatIsHere())
    else
        ____isAt_result_7 = result
    end
    return ____isAt_result_7
end

-- Reads the text of a file, or says what is wrong with it, and where.
function exports.readLuaTable(text)
    if #text > exports.LARGEST_TEXT then
        return string.format("it has more than %d bytes (1 MiB): so many are the most", exports.LARGEST_TEXT)
    end
    local scanner = createScanner(text)
    local result = readFile(scanner)
    return scanner.problem() or result or ""
end
return exports
 end,

-- -------------------- src/rules/hours.ts --------------------
["src.rules.hours"] = function(...)
-- Hours of the week as people write them: `mon-fri 08:00-18:00`. Knows nothing of rules.
local exports = {}
local ____time = require("src.text.time")
local DAY = ____time.DAY
local WEEK = ____time.WEEK
local DAYS = {
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun"
}
local POSSIBLE = "possible are days (\"mon-fri\", \"sat,sun\"), times (\"08:00-18:00\", \"22:00-06:00\"), and days with times (\"mon-fri 22:00-06:00\"), separated by commas"

local function dayOf(name)
    for index, day in ipairs(DAYS) do
        if day == name then
            return index - 1
        end
    end
    return nil
end

-- The days that `word` names, from Monday, 0; or what is wrong with it. Several may go over Sunday: `fri-mon`.
local function daysOf(word)
    local from, dash, to = string.match(word, "^(%a+)(%-?)(%a*)$")
    local first = dayOf(from or "")
    local ____temp_0
    if dash == "" then
        ____temp_0 = first
    else
        ____temp_0 = dayOf(to or "")
    end
    local last = ____temp_0
    if first == nil or last == nil then
        return ((("\"" .. word) .. "\" names no days: they are ") .. table.concat(DAYS, ", ")) .. ", and from one to another is \"mon-fri\""
    end
    if dash ~= "" and first == last then
        return ((("\"" .. word) .. "\" begins and ends on the same day: \"") .. tostring(from)) .. "\" is that day, \"mon-sun\" is every day"
    end
    local days = {first}
    do
        local day = first
        while day ~= last do
            day = (day + 1) % 7
            days[#days + 1] = day
        end
    end
    return days
end

-- Seconds since midnight, or undefined when these are no hours and minutes of a day: from 00:00 to 24:00.
local function timeOf(hours, minutes)
    local time = (tonumber(hours) or 0) * 3600 + (tonumber(minutes) or 0) * 60
    return (tonumber(minutes) or 0) < 60 and time <= DAY and time or nil
end

-- When `word` begins and ends, in seconds of the day on which it begins; or what is wrong with it.
local function timesOf(word)
    local fromHours, fromMinutes, toHours, toMinutes = string.match(word, "^(%d%d?):(%d%d)%-(%d%d?):(%d%d)$")
    local from = timeOf(fromHours or "99", fromMinutes or "")
    local to = timeOf(toHours or "99", toMinutes or "")
    if from == nil or to == nil or from == DAY then
        return ("\"" .. word) .. "\" are no times: from 00:00 to 24:00, such as \"08:00-18:00\", or over midnight \"22:00-06:00\""
    end
    if from == to then
        return ("\"" .. word) .. "\" begins and ends at the same time: the whole day is \"00:00-24:00\""
    end
    return {from = from, to = to > from and to or to + DAY}
end

-- Takes `word` into `entry`, or gives what is wrong with it.
local function takeWord(entry, word, isTime)
    if isTime then
        local times = timesOf(word)
        if type(times) == "string" then
            return times
        end
        local ____entry_times_1 = entry.times
        ____entry_times_1[#____entry_times_1 + 1] = times
        return nil
    end
    local days = daysOf(word)
    if type(days) == "string" then
        return days
    end
    local ____entry_dayWords_2 = entry.dayWords
    ____entry_dayWords_2[#____entry_dayWords_2 + 1] = word
    for ____, day in ipairs(days) do
        local ____entry_days_3 = entry.days
        ____entry_days_3[#____entry_days_3 + 1] = day
    end
    return nil
end

-- The entries of `text`, or what is wrong with it. Days in a row belong together, and so do the times in a row that
-- follow them: `mon-fri 08:00-12:00, 14:00-18:00` is both on each of these days, and `sat, sun 10:00-16:00` is both days.
local function entriesOf(text)
    local entries = {}
    local compact = string.gsub(
        string.lower(text),
        "%s*%-%s*",
        "-"
    )
    for match in string.gmatch(compact, "[^%s,]+") do
        local word = match or ""
        local isTime = (string.find(word, "^%d")) ~= nil
        local entry = entries[#entries]
        if entry == nil or not isTime and #entry.times > 0 then
            entry = {dayWords = {}, days = {}, times = {}}
            entries[#entries + 1] = entry
        end
        local problem = takeWord(entry, word, isTime)
        if problem ~= nil then
            return problem
        end
    end
    return #entries == 0 and POSSIBLE or entries
end

-- What is wrong with an entry as a whole.
local function entryProblem(____bindingPattern0)
    local times
    local days
    local dayWords
    dayWords = ____bindingPattern0.dayWords
    days = ____bindingPattern0.days
    times = ____bindingPattern0.times
    local named = {}
    for ____, day in ipairs(days) do
        named[day] = true
    end
    for day in ipairs(DAYS) do
        if not (named[day - 1] ~= nil) then
            return nil
        end
    end
    if #dayWords == 1 or #times == 0 then
        return nil
    end
    -- "sat, sun, mon-fri 22:00-06:00": Saturday and Sunday as a whole were meant.
    return ("\"" .. table.concat(dayWords, ", ")) .. "\" with times after it is every day at these times; if some are meant as whole days, put them last, and otherwise leave the days out"
end

local function addSpans(spans, ____bindingPattern0)
    local times
    local days
    days = ____bindingPattern0.days
    times = ____bindingPattern0.times
    local onDays = #days > 0 and days or ({
        0,
        1,
        2,
        3,
        4,
        5,
        6
    })
    local duringTimes = #times > 0 and times or ({{from = 0, to = DAY}})
    for ____, day in ipairs(onDays) do
        for ____, ____value in ipairs(duringTimes) do
            local from = ____value.from
            local to = ____value.to
            spans[#spans + 1] = {from = day * DAY + from, to = day * DAY + to}
        end
    end
end

local function isWithin(spans, inWeek)
    for ____, ____value in ipairs(spans) do
        local from = ____value.from
        local to = ____value.to
        if inWeek >= from and inWeek < to or inWeek + WEEK < to then
            return true
        end
    end
    return false
end

-- Where in the week `spans` begin or end, but not where one goes on with another.
local function changesOf(spans)
    local changes = {}

    local function note(inWeek)
        if isWithin(spans, inWeek) ~= isWithin(spans, (inWeek - 1) % WEEK) then
            changes[#changes + 1] = inWeek
        end
    end
    for ____, ____value in ipairs(spans) do
        local from = ____value.from
        local to = ____value.to
        note(from)
        note(to % WEEK)
    end
    return changes
end

-- The first moment after `start` and up to `end` at which a clock that was right at `start` would be wrong.
local function firstShift(start, ____end, isRight)
    local right, wrong = start, ____end
    while wrong - right > 1 do
        local middle = math.floor((right + wrong) / 2)
        if isRight(middle) then
            right = middle
        else
            wrong = middle
        end
    end
    return wrong
end

-- Reads hours, or says what is wrong with them. `timeZone` undefined: the system's own. On days of a change of clock a
-- time that is left out is nowhere, and one that comes twice is there twice.
function exports.readHours(text, timeZone, weekClock)
    local spans = {}
    local entries = entriesOf(text)
    if type(entries) == "string" then
        return entries
    end
    for ____, entry in ipairs(entries) do
        local problem = entryProblem(entry)
        if problem ~= nil then
            return problem
        end
        addSpans(spans, entry)
    end
    local zoneProblem = weekClock(0, timeZone)
    if type(zoneProblem) == "string" then
        return zoneProblem
    end

    local function inWeek(unixTime)
        return weekClock(unixTime, timeZone)
    end
    local changes = changesOf(spans)
    -- Whoever asks asks of many problems in one second.
    local lastTime
    local lastAnswer = false
    return {
        contains = function(unixTime)
            if unixTime ~= lastTime then
                lastTime = unixTime
                lastAnswer = isWithin(
                    spans,
                    inWeek(math.floor(unixTime))
                )
            end
            return lastAnswer
        end,
        nextChange = function(unixTime)
            local start = math.floor(unixTime)
            local startInWeek = inWeek(start)
            local distance = math.huge
            for ____, change in ipairs(changes) do
                distance = math.min(distance, (change - startInWeek - 1) % WEEK + 1)
            end
            if distance == math.huge then
                return distance
            end

            local function isRight(moment)
                return inWeek(moment) == (startInWeek + moment - start) % WEEK
            end
            -- Clocks are put on or back before: that changes what they show.
            return isRight(start + distance) and start + distance or firstShift(start, start + distance, isRight)
        end
    }
end
return exports
 end,

-- -------------------- src/rules/wildcards.ts --------------------
["src.rules.wildcards"] = function(...)
-- Names with `*` and `?` in them. Knows nothing of rules.
-- A name, perhaps with wildcards: `*` is any characters, or none, and `?` one; everything else is itself.
local exports = {}
-- A byte of UTF-8 that goes on with a character; it cannot be written in a TypeScript string.
local CONTINUATION = (string.char(128) .. "-") .. string.char(191)
-- One character.
local ANY_CHARACTER = ((("[^" .. CONTINUATION) .. "][") .. CONTINUATION) .. "]*"

-- Lua's pattern for `text`, in which only "?" is not itself.
local function patternOf(text)
    local quoted = string.gsub(
        text,
        "%W",
        function(character)
            if character == "?" then
                return ANY_CHARACTER
            end
            -- Lua 5.1 ends a pattern at a zero; bytes above 0x7f mean themselves, and % before one is an error on some.
            if character == "\0" then
                return "%z"
            end
            return (string.find(character, "%p")) == nil and character or "%" .. character
        end
    )
    return quoted
end

-- Where `part` ends in `name`, looked for from `position` on; undefined when it is not there.
local function endOfPart(part, name, position)
    if part.pattern == nil then
        return select(
            2,
            string.find(name, part.text, position, true)
        )
    end
    return select(
        2,
        string.find(name, part.pattern, position)
    )
end

local function partsOf(text)
    local parts = {}
    local position = 1
    while true do
        local star = string.find(text, "*", position, true)
        local part = string.sub(text, position, (star or 0) - 1)
        local hasAny = (string.find(part, "?", 1, true)) ~= nil
        parts[#parts + 1] = {
            text = part,
            pattern = hasAny and patternOf(part) or nil
        }
        if star == nil then
            return parts
        end
        position = star + 1
    end
end

-- Reads a name with wildcards. However many `*` are in it, a name is walked through once, from left to right: what is
-- between two of them is taken where it first is, and never looked for again.
function exports.compileWildcard(text)
    local parts = partsOf(text)
    if #parts == 1 then
        local ____opt_0 = parts[1]
        if (____opt_0 and ____opt_0.pattern) == nil then
            return {fits = function(name) return name == text end}
        end
        local whole = ("^" .. parts[1].pattern) .. "$"
        return {fits = function(name) return (string.find(name, whole)) ~= nil end}
    end
    local first = parts[1]
    local last = parts[#parts]
    local start = "^" .. (first.pattern or patternOf(first.text))
    local ____end = (last.pattern or patternOf(last.text)) .. "$"
    return {fits = function(name)
        local done = select(
            2,
            string.find(name, start)
        )
        for index = 1, #parts - 2 do
            if done == nil then
                return false
            end
            done = endOfPart(parts[index + 1], name, done + 1)
        end
        return done ~= nil and (string.find(name, ____end, done + 1)) ~= nil
    end}
end
return exports
 end,

-- -------------------- src/rules/table_values.ts --------------------
["src.rules.table_values"] = function(...)
-- Values in a table of rules, and the words for one that cannot be used. Knows no field by its name.
local exports = {}
local meant
local ____nearest_name = require("src.settings.nearest_name")
local nearestName = ____nearest_name.nearestName
local ____pattern_advice = require("src.rules.pattern_advice")
local refusalOf = ____pattern_advice.refusalOf
local ____wildcards = require("src.rules.wildcards")
local compileWildcard = ____wildcards.compileWildcard

function meant(small, words)
    for ____, word in ipairs(words) do
        if string.lower(word) == small then
            return word
        end
    end
    return small
end

-- A value as a complaint quotes it.
function exports.shown(value)
    if type(value) == "string" then
        return ("\"" .. value) .. "\""
    end
    if type(value) == "table" then
        return "a table"
    end
    if type(value) == "number" and math.floor(value) == value then
        return string.format("%d", value)
    end
    return tostring(value)
end

-- What a word may be, and what was probably meant by one that is none of these.
function exports.possible(word, words)
    local small = {}
    for ____, each in ipairs(words) do
        small[#small + 1] = string.lower(each)
    end
    local near = nearestName(word, small)
    local hint = near == nil and "" or ("did you mean " .. meant(near, words)) .. "? "
    return (hint .. "possible are ") .. table.concat(words, ", ")
end

-- One value, or those of a list.
function exports.alternativesOf(value, complain)
    if type(value) ~= "table" or #value.fields > 0 and #value.items == 0 then
        return {value}
    end
    if #value.fields > 0 then
        local ____complain_2 = complain
        local ____opt_0 = value.fields[1]
        return ____complain_2(("\"" .. (____opt_0 and ____opt_0.name or "")) .. "\" stands among the values of a list: a list has values without names")
    end
    local ____temp_3
    if #value.items == 0 then
        ____temp_3 = complain("an empty list fits nothing: leave it out")
    else
        ____temp_3 = value.items
    end
    return ____temp_3
end

-- The texts of a list, or one text.
function exports.textsOf(value, complain)
    local texts = {}
    for ____, item in ipairs(exports.alternativesOf(value, complain) or ({})) do
        if type(item) ~= "string" then
            return complain(exports.shown(item) .. ": expected a text, or a list of texts")
        end
        texts[#texts + 1] = item
    end
    local ____temp_4
    if #texts == 0 then
        ____temp_4 = nil
    else
        ____temp_4 = texts
    end
    return ____temp_4
end

-- What reads a word: each is one of `words`.
function exports.wordsIn(value, words, complain)
    local texts = exports.textsOf(value, complain)
    for ____, text in ipairs(texts or ({})) do
        local isKnown = false
        for ____, word in ipairs(words) do
            if word == text then
                isKnown = true
            end
        end
        if not isKnown then
            return complain((("\"" .. text) .. "\": ") .. exports.possible(text, words))
        end
    end
    return texts
end

function exports.flagOf(value, complain)
    local ____temp_5
    if type(value) == "boolean" then
        ____temp_5 = value
    else
        ____temp_5 = complain(exports.shown(value) .. ": expected true or false")
    end
    return ____temp_5
end
local A_LIST = "write a list of several patterns"

-- The Lua pattern in `{ pattern = "…" }`; undefined where the value is none.
local function patternIn(value, complain)
    local fields = type(value) == "table" and value.fields or ({})
    local field = fields[1]
    if (field and field.name) ~= "pattern" or #fields > 1 or type(field.value) ~= "string" then
        return complain(exports.shown(value) .. ": expected a name, perhaps with wildcards (\"web-*\"), { pattern = \"^web%-\" } for a Lua pattern, or a list of them")
    end
    local problem = refusalOf(field.value, A_LIST)
    return problem == nil and field.value or complain((("pattern = \"" .. field.value) .. "\": ") .. problem)
end

-- What is meant by names with wildcards, Lua patterns, or a list of them.
function exports.matcherOf(value, complain)
    local alternatives = exports.alternativesOf(value, complain)
    if alternatives == nil then
        return nil
    end
    -- Long lists are lists of plain names.
    local names = {}
    local others = {}
    for ____, item in ipairs(alternatives) do
        if type(item) ~= "string" then
            local pattern = patternIn(item, complain)
            if pattern == nil then
                return nil
            end
            others[#others + 1] = function(name) return (string.find(name, pattern)) ~= nil end
        elseif (string.find(item, "[*?]")) == nil then
            names[item] = true
        else
            others[#others + 1] = compileWildcard(item).fits
        end
    end
    if #others == 0 then
        return function(name) return names[name] ~= nil end
    end
    local only = others[1]
    if #alternatives == 1 and only ~= nil then
        return only
    end
    return function(name)
        if names[name] ~= nil then
            return true
        end
        for ____, fits in ipairs(others) do
            if fits(name) then
                return true
            end
        end
        return false
    end
end
return exports
 end,

-- -------------------- src/rules/table_conditions.ts --------------------
["src.rules.table_conditions"] = function(...)
-- The conditions of a rule in a table, by their names: what stands in `when`.
local exports = {}
local ____conditions = require("src.rules.conditions")
local COST = ____conditions.COST
local criticalityTest = ____conditions.criticalityTest
local longOutputTest = ____conditions.longOutputTest
local macroTest = ____conditions.macroTest
local metricTest = ____conditions.metricTest
local nameTest = ____conditions.nameTest
local namesTest = ____conditions.namesTest
local negated = ____conditions.negated
local outputTest = ____conditions.outputTest
local ____hours = require("src.rules.hours")
local readHours = ____hours.readHours
local ____table_values = require("src.rules.table_values")
local alternativesOf = ____table_values.alternativesOf
local flagOf = ____table_values.flagOf
local matcherOf = ____table_values.matcherOf
local possible = ____table_values.possible
local shown = ____table_values.shown
local textsOf = ____table_values.textsOf
local wordsIn = ____table_values.wordsIn
local ____wildcards = require("src.rules.wildcards")
local compileWildcard = ____wildcards.compileWildcard

-- The same, but nobody knows while the broker does not know the resource's names: then it knows no group either.
local function onceKnown(test)
    return function(subject)
        local ____temp_2
        local ____opt_0 = subject.place
        if (____opt_0 and ____opt_0.isKnown) == true then
            ____temp_2 = test(subject)
        else
            ____temp_2 = nil
        end
        return ____temp_2
    end
end

-- A condition on what `testWith` makes of texts.
local function byTexts(testWith)
    return function(value, complain)
        local matches = matcherOf(value, complain)
        return matches and ({
            test = testWith(matches),
            cost = COST.text
        })
    end
end

-- A condition on what `testWith` makes of names.
local function byNames(cost, testWith)
    return function(value, complain)
        local matches = matcherOf(value, complain)
        return matches and ({
            test = onceKnown(testWith(matches)),
            cost = cost
        })
    end
end
-- Kinds as rules name them, and the kind of the resource each is.
local KINDS = {
    host = "host",
    service = "service",
    ["meta-service"] = "service",
    ["anomaly detection"] = "service",
    ["business activity"] = "business activity",
    ba = "business activity",
    poller = "poller"
}
local KIND_NAMES = {
    "host",
    "service",
    "meta-service",
    "anomaly detection",
    "business activity",
    "ba",
    "poller"
}

-- Whether one of `kinds` is the subject's: a service is an anomaly detection, too, but never a meta-service.
local function kindTest(kinds)
    local isMeant = {}
    for ____, kind in ipairs(kinds) do
        isMeant[kind == "ba" and "business activity" or kind] = true
    end
    return function(____bindingPattern0)
        local place
        local resource
        resource = ____bindingPattern0.resource
        place = ____bindingPattern0.place
        if resource.kind ~= "service" then
            return isMeant[resource.kind] ~= nil
        end
        if (place and place.isKnown) ~= true then
            return nil
        end
        if place.metaServiceId ~= nil then
            return isMeant["meta-service"] ~= nil
        end
        return isMeant.service ~= nil or place.isAnomalyDetection == true and isMeant["anomaly detection"] ~= nil
    end
end

local function readKind(value, complain)
    local kinds = wordsIn(value, KIND_NAMES, complain)
    if kinds == nil then
        return nil
    end
    local ofResources = {}
    for ____, kind in ipairs(kinds) do
        ofResources[#ofResources + 1] = KINDS[kind]
    end
    return {
        test = kindTest(kinds),
        cost = COST.number,
        kinds = ofResources
    }
end
-- Numbers of states by their names; the two of a host are a host's alone.
local SERVICE_STATES = {WARNING = 1, CRITICAL = 2, UNKNOWN = 3}
local HOST_STATES = {DOWN = 1, UNREACHABLE = 2}
local STATE_NAMES = {
    "WARNING",
    "CRITICAL",
    "UNKNOWN",
    "DOWN",
    "UNREACHABLE"
}

local function readState(value, complain)
    local states = alternativesOf(value, complain)
    if states == nil then
        return nil
    end
    local ofServices = {}
    local ofHosts = {}
    for ____, state in ipairs(states) do
        local name = type(state) == "string" and state or ""
        local ofService = type(state) == "number" and state or SERVICE_STATES[name]
        local ofHost = type(state) == "number" and state or HOST_STATES[name]
        if ofService == nil and ofHost == nil then
            return complain(((shown(state) .. " is no state of a problem: ") .. possible(name, STATE_NAMES)) .. ", and their numbers")
        end
        if ofService ~= nil then
            ofServices[ofService] = true
        end
        if ofHost ~= nil then
            ofHosts[ofHost] = true
        end
    end
    return {
        test = function(____bindingPattern0)
            local facts
            local resource
            resource = ____bindingPattern0.resource
            facts = ____bindingPattern0.facts
            return facts and (resource.kind == "host" and ofHosts or ofServices)[facts.state] ~= nil
        end,
        cost = COST.number
    }
end
local SEVERITY_NAMES = {"critical", "error", "warning", "info"}

local function readSeverity(value, complain, ____bindingPattern0)
    local severityOf
    severityOf = ____bindingPattern0.severityOf
    local severities = wordsIn(value, SEVERITY_NAMES, complain)
    if severities == nil then
        return nil
    end
    local isMeant = {}
    for ____, severity in ipairs(severities) do
        isMeant[severity] = true
    end
    return {
        test = function(subject)
            local ____temp_5
            if subject.facts == nil then
                ____temp_5 = nil
            else
                ____temp_5 = isMeant[severityOf(subject)] ~= nil
            end
            return ____temp_5
        end,
        cost = COST.severity
    }
end

-- The levels of a number, `3`, or a range, `"1-2"`.
local function levelsOf(value)
    if type(value) == "number" then
        local level = value >= 0 and math.floor(value) == value and value or nil
        return level, level
    end
    local first, last = string.match(
        type(value) == "string" and value or "",
        "^(%d+)%s*%-?%s*(%d*)$"
    )
    local from = tonumber(first)
    return from, tonumber(last) or from
end

local function readCriticality(value, complain)
    local alternatives = alternativesOf(value, complain)
    if alternatives == nil then
        return nil
    end
    local ranges = {}
    for ____, item in ipairs(alternatives) do
        local from, to = levelsOf(item)
        if from == nil or to == nil or from > to then
            return complain(shown(item) .. ": expected a level, such as 1, or a range, \"1-2\"; 0 is none")
        end
        ranges[#ranges + 1] = {from = from, to = to}
    end
    local test = criticalityTest(function(level)
        for ____, ____value in ipairs(ranges) do
            local from = ____value.from
            local to = ____value.to
            if level >= from and level <= to then
                return true
            end
        end
        return false
    end)
    return {
        test = onceKnown(test),
        cost = COST.number
    }
end

-- What stands in a table of names and values.
local function fieldsOf(value, example, complain)
    local isNamed = type(value) == "table" and #value.items == 0 and #value.fields > 0
    return isNamed and value.fields or complain((shown(value) .. ": expected a table of names and values: ") .. example)
end

-- Whether all of `tests` hold.
local function all(tests)
    return function(subject)
        for ____, test in ipairs(tests) do
            local answer = test(subject)
            if answer ~= true then
                return answer
            end
        end
        return true
    end
end

local function readMacro(value, complain, ____bindingPattern0)
    local needVariable
    needVariable = ____bindingPattern0.needVariable
    local tests = {}
    for ____, field in ipairs(fieldsOf(value, "{ ONCALL = \"dba*\" }", complain) or ({})) do
        local matches = matcherOf(field.value, complain)
        if matches == nil then
            return nil
        end
        local name = string.upper(field.name)
        needVariable(name)
        tests[#tests + 1] = onceKnown(macroTest(name, matches))
    end
    local ____temp_6
    if #tests == 0 then
        ____temp_6 = nil
    else
        ____temp_6 = {
            test = all(tests),
            cost = COST.names
        }
    end
    return ____temp_6
end
local COMPARISONS = {
    ["<"] = function(left, right) return left < right end,
    ["<="] = function(left, right) return left <= right end,
    [">"] = function(left, right) return left > right end,
    [">="] = function(left, right) return left >= right end,
    ["=="] = function(left, right) return left == right end,
    ["~="] = function(left, right) return left ~= right end
}

-- What is asked of a metric's value: `"> 5"`, a number, or `"*"` for any.
local function valueTestOf(value, complain)
    if value == "*" then
        return function() return true end
    end
    if type(value) == "number" then
        return function(given) return given == value end
    end
    local operator, digits = string.match(
        type(value) == "string" and value or "",
        "^%s*([<>=~]=?)%s*(%-?[%d.]+)%s*$"
    )
    local compare = COMPARISONS[operator or ""]
    local limit = tonumber(digits)
    if compare == nil or limit == nil then
        return complain(shown(value) .. ": expected a comparison, such as \"> 5\" or \"<= 0.5\", a number, or \"*\"")
    end
    return function(given) return compare(given, limit) end
end

local function readMetric(value, complain)
    local tests = {}
    for ____, field in ipairs(fieldsOf(value, "{ load1 = \"> 5\" }", complain) or ({})) do
        local isMeant = valueTestOf(field.value, complain)
        if isMeant == nil then
            return nil
        end
        tests[#tests + 1] = metricTest(
            compileWildcard(field.name).fits,
            isMeant
        )
    end
    local ____temp_7
    if #tests == 0 then
        ____temp_7 = nil
    else
        ____temp_7 = {
            test = all(tests),
            cost = COST.metrics
        }
    end
    return ____temp_7
end

local function readHoursCondition(value, complain, ____bindingPattern0)
    local unixTime
    local weekClock
    local zone
    zone = ____bindingPattern0.zone
    weekClock = ____bindingPattern0.weekClock
    unixTime = ____bindingPattern0.unixTime
    local texts = textsOf(value, complain)
    if texts == nil then
        return nil
    end
    local spans = {}
    for ____, text in ipairs(texts) do
        local hours = readHours(text, zone, weekClock)
        if type(hours) == "string" then
            return complain((("\"" .. text) .. "\": ") .. hours)
        end
        spans[#spans + 1] = hours
    end
    return {
        test = function()
            local now = unixTime()
            for ____, ____value in ipairs(spans) do
                local contains = ____value.contains
                if contains(now) then
                    return true
                end
            end
            return false
        end,
        cost = COST.hours,
        nextChange = function()
            local now = unixTime()
            local earliest = math.huge
            for ____, ____value in ipairs(spans) do
                local nextChange = ____value.nextChange
                earliest = math.min(
                    earliest,
                    nextChange(now)
                )
            end
            return earliest
        end
    }
end

-- A condition that holds or not, by itself.
local function byFlag(flagIn)
    return function(value, complain)
        local wanted = flagOf(value, complain)
        if wanted == nil then
            return nil
        end
        return {
            test = wanted and flagIn or negated(flagIn),
            cost = COST.number
        }
    end
end
local READERS = {
    host = byNames(
        COST.name,
        function(matches) return nameTest("host", matches) end
    ),
    service = byNames(
        COST.name,
        function(matches) return nameTest("service", matches) end
    ),
    poller = byNames(
        COST.name,
        function(matches) return nameTest("poller", matches) end
    ),
    business_activity = byNames(
        COST.name,
        function(matches) return nameTest("business_activity", matches) end
    ),
    host_group = byNames(
        COST.names,
        function(matches) return namesTest("host_group", matches) end
    ),
    service_group = byNames(
        COST.names,
        function(matches) return namesTest("service_group", matches) end
    ),
    category = byNames(
        COST.names,
        function(matches) return namesTest("category", matches) end
    ),
    business_view = byNames(
        COST.names,
        function(matches) return namesTest("business_view", matches) end
    ),
    output = byTexts(outputTest),
    long_output = byTexts(longOutputTest),
    kind = readKind,
    state = readState,
    severity = readSeverity,
    criticality = readCriticality,
    macro = readMacro,
    metric = readMetric,
    hours = readHoursCondition,
    acknowledged = byFlag(function(____bindingPattern0)
        local facts
        facts = ____bindingPattern0.facts
        return facts and facts.isAcknowledged
    end),
    volatile = byFlag(function(____bindingPattern0)
        local isVolatile
        isVolatile = ____bindingPattern0.isVolatile
        return isVolatile
    end)
}

-- The names of all conditions, in the order of the alphabet.
function exports.conditionNames()
    local names = {}
    for name in pairs(READERS) do
        names[#names + 1] = name
    end
    table.sort(names)
    return names
end

function exports.isCondition(name)
    return READERS[(string.gsub(name, "^not_", ""))] ~= nil
end

-- Reads the condition `name = value`; undefined where that cannot be read, which `complain` was told.
function exports.readCondition(name, value, complain, context)
    local without = string.match(name, "^not_(.+)$")
    local read = READERS[without or name]
    if read == nil then
        return complain(("there is no such condition: " .. possible(
            without or name,
            exports.conditionNames()
        )) .. "; each also with not_ before it")
    end
    local condition = read(value, complain, context)
    if without == nil or condition == nil then
        return condition
    end
    local test = condition.test
    local cost = condition.cost
    local nextChange = condition.nextChange
    return nextChange == nil and ({
        test = negated(test),
        cost = cost
    }) or ({
        test = negated(test),
        cost = cost,
        nextChange = nextChange
    })
end
return exports
 end,

-- -------------------- src/rules/from_table.ts --------------------
["src.rules.from_table"] = function(...)
-- A table, as pdy_rules_file has it, read into rules: all of it, or nothing and what is wrong with it. What can stand in
-- `when` is table_conditions.ts's to know.
local exports = {}
local takeConditions
local ____alert = require("src.alerts.alert")
local isSeverity = ____alert.isSeverity
local ____template = require("src.pagerduty.template")
local fillTemplate = ____template.fillTemplate
local macrosIn = ____template.macrosIn
local readTemplate = ____template.readTemplate
local ____formats = require("src.rules.formats")
local readLink = ____formats.readLink
local ____rule = require("src.rules.rule")
local RULES_FILE = ____rule.RULES_FILE
local fitting = ____rule.fitting
local wordsOf = ____rule.wordsOf
local ____table_conditions = require("src.rules.table_conditions")
local isCondition = ____table_conditions.isCondition
local readCondition = ____table_conditions.readCondition
local ____table_values = require("src.rules.table_values")
local flagOf = ____table_values.flagOf
local possible = ____table_values.possible
local shown = ____table_values.shown

function takeConditions(rule, conditions)
    local ____fitting_result_8 = fitting(conditions)
    local fits = ____fitting_result_8.fits
    local changesAt = ____fitting_result_8.changesAt
    rule.fits = fits
    if changesAt ~= nil then
        rule.changesAt = changesAt
    end
    for ____, ____value in ipairs(conditions) do
        local kinds = ____value.kinds
        if kinds ~= nil then
            rule.kinds = kinds
        end
    end
end
-- What rules may speak of: not of the connector's alert about itself.
local KINDS = {"host", "service", "business activity", "poller"}
local SECONDS_OF = {d = 86400, h = 3600, m = 60, s = 1}

-- The seconds of `5m`, `90s` or `1h30m`; undefined when `text` is no such time.
local function secondsOf(text)
    local seconds
    local rest = string.gsub(
        text,
        "(%d+)%s*([dhms])",
        function(digits, unit)
            seconds = (seconds or 0) + (tonumber(digits) or 0) * (SECONDS_OF[unit] or 0)
            return ""
        end
    )
    local ____temp_0
    if (string.find(rest, "%S")) == nil then
        ____temp_0 = seconds
    else
        ____temp_0 = nil
    end
    return ____temp_0
end

local function sayWait(rule, value, complain)
    local ____temp_1
    if type(value) == "string" then
        ____temp_1 = secondsOf(value)
    else
        ____temp_1 = value
    end
    local seconds = ____temp_1
    if type(seconds) == "number" and seconds >= 0 and math.floor(seconds) == seconds then
        rule.wait = seconds
    else
        complain(shown(value) .. ": expected a time, such as \"5m\", \"90s\" or \"1h30m\", or a whole number of seconds")
    end
end
local SEVERITIES = {"critical", "error", "warning", "info"}

local function saySeverity(rule, value, complain)
    if isSeverity(value) then
        rule.severity = value
    else
        complain((shown(value) .. ": ") .. possible(
            type(value) == "string" and value or "",
            SEVERITIES
        ))
    end
end

-- A text with placeholders; undefined where it cannot be read, which `complain` was told.
local function templateOf(value, complain, context)
    local isText = type(value) == "string" and (string.find(value, "%S")) ~= nil
    if not isText then
        return complain(shown(value) .. ": expected a text, such as \"{host}: {state}\"")
    end
    local template = readTemplate(value, nil)
    if type(template) == "string" then
        return complain((("\"" .. value) .. "\": ") .. template)
    end
    for ____, name in ipairs(macrosIn(template)) do
        context.needVariable(name)
    end
    return template
end
-- What no check has said yet.
local NO_REPORT = {
    stateName = "",
    output = "",
    longOutput = "",
    perfdata = "",
    attempt = 0,
    maximumAttempts = 0,
    lastOk = 0,
    since = 0
}
-- Most different lines about labels without a key: custom variables may hold anything.
local MOST_WARNINGS = 10

-- The label that `template` makes of a subject; undefined where there is no key with that label.
local function labelTemplate(rule, template, ____bindingPattern0)
    local warning
    local severityOf
    local routes
    routes = ____bindingPattern0.routes
    severityOf = ____bindingPattern0.severityOf
    warning = ____bindingPattern0.warning
    local said = {}
    local warnings = 0

    local function warnOf(label)
        if label == "" or said[label] ~= nil or warnings == MOST_WARNINGS or warning == nil then
            return
        end
        said[label] = true
        warnings = warnings + 1
        warning(((((wordsOf(rule) .. ": there is no usable parameter pdy_routing_key_") .. label) .. " for route = \"") .. label) .. "\"; the next rules decide (said once)")
    end
    return function(subject)
        local ____subject_2 = subject
        local dedupKey = ____subject_2.dedupKey
        local resource = ____subject_2.resource
        local place = ____subject_2.place
        local report = ____subject_2.report
        if place == nil then
            return nil
        end
        local described = {dedupKey = dedupKey, resource = resource, place = place, report = report or NO_REPORT}
        local label = fillTemplate(
            template,
            {
                alert = described,
                severity = severityOf(subject)
            }
        )
        for ____, route in ipairs(routes) do
            if route == label then
                return label
            end
        end
        warnOf(label)
        return nil
    end
end

local function sayRoute(rule, value, complain, context)
    local template = templateOf(value, complain, context)
    if template == nil then
        return
    end
    local only = template[1]
    if #template > 1 or type(only) ~= "string" then
        rule.route = labelTemplate(rule, template, context)
        return
    end
    for ____, route in ipairs(context.routes) do
        if route == only then
            rule.route = function() return route end
        end
    end
    if rule.route == nil then
        complain((((("\"" .. only) .. "\": there is no usable parameter pdy_routing_key_") .. only) .. ": ") .. possible(only, context.routes))
    end
end

local function sayText(name)
    return function(rule, value, complain, context)
        local template = templateOf(value, complain, context)
        if template ~= nil then
            rule[name] = template
        end
    end
end

local function sayFlag(name)
    return function(rule, value, complain)
        local flag = flagOf(value, complain)
        if flag ~= nil then
            rule[name] = flag
        end
    end
end

local function sayDetails(rule, value, complain, context)
    local fields = type(value) == "table" and #value.items == 0 and value.fields or ({})
    local details = {}
    for ____, field in ipairs(fields) do
        local text = field.value
        local template = templateOf(
            (type(text) == "number" or type(text) == "boolean") and tostring(text) or text,
            complain,
            context
        )
        if template == nil then
            return
        end
        details[#details + 1] = {name = field.name, template = template}
    end
    if #details > 0 then
        rule.details = details
    else
        complain(shown(value) .. ": expected a table of names and texts: { rack = \"{macro:RACK}\" }")
    end
end

-- `{ "Runbook", "https://wiki.example.com/{service}" }`, or what is wrong with it.
local function linkOf(kind, value, context)
    local items = type(value) == "table" and value.items or ({})
    local text = items[1]
    local address = items[2]
    if type(text) ~= "string" or type(address) ~= "string" or #items > 2 then
        return "expected a list of texts with their addresses: { { \"Runbook\", \"https://wiki.example.com/{service}\" } }"
    end
    local link = readLink(kind, text, address, nil)
    if type(link) == "string" then
        return (("\"" .. address) .. "\": ") .. link
    end
    for ____, template in ipairs({link.text, link.address}) do
        for ____, name in ipairs(macrosIn(template)) do
            context.needVariable(name)
        end
    end
    return link
end

local function sayLinks(kind)
    return function(rule, value, complain, context)
        local items = type(value) == "table" and #value.items > 0 and value.items or ({value})
        local links = {}
        for ____, item in ipairs(items) do
            local link = linkOf(kind, item, context)
            if type(link) == "string" then
                complain(link)
                return
            end
            links[#links + 1] = link
        end
        rule[kind] = links
    end
end
local SAYERS = {
    page = sayFlag("page"),
    severity = saySeverity,
    route = sayRoute,
    wait = sayWait,
    summary = sayText("summary"),
    source = sayText("source"),
    component = sayText("component"),
    group = sayText("group"),
    class = sayText("class"),
    details = sayDetails,
    links = sayLinks("links"),
    images = sayLinks("images"),
    stop = sayFlag("stop")
}
-- What can stand in a rule, in the order in which it is told.
local FIELDS = {
    "name",
    "when",
    "zone",
    "page",
    "severity",
    "route",
    "wait",
    "summary",
    "source",
    "component",
    "group",
    "class",
    "details",
    "links",
    "images",
    "stop"
}

-- The text of a field; undefined where it is not there, or no text, which `complain` is told.
local function textIn(____table, name, complain)
    for ____, field in ipairs(____table.fields) do
        if field.name == name then
            local value = field.value
            return type(value) == "string" and value ~= "" and value or complain(((name .. " = ") .. shown(value)) .. ": expected a text")
        end
    end
    return nil
end

-- Why a field cannot stand in a rule.
local function strangerProblem(name)
    return isCondition(name) and ((name .. " is a condition: write when = { ") .. name) .. " = … }" or "there is no such field: " .. possible(name, FIELDS)
end

-- Reads `when`: all conditions; those that cannot be read are left out, which `complain` was told.
local function readConditions(when, complain, context)
    local conditions = {}
    if type(when) ~= "table" or #when.items > 0 then
        complain(("when = " .. shown(when)) .. ": expected a table of conditions: { host = \"web-*\" }")
        return conditions
    end
    for ____, ____value in ipairs(when.fields) do
        local name = ____value.name
        local value = ____value.value
        local line = ____value.line

        local function complainOfField(text)
            return complain((("when." .. name) .. ": ") .. text, line)
        end
        local isSaying = SAYERS[name] ~= nil and not isCondition(name)
        local ____isSaying_3
        if isSaying then
            ____isSaying_3 = complainOfField("it is no condition: write it beside when, not into it")
        else
            ____isSaying_3 = readCondition(name, value, complainOfField, context)
        end
        local condition = ____isSaying_3
        if condition ~= nil then
            conditions[#conditions + 1] = condition
        end
    end
    return conditions
end

-- Reads one rule, the `index`th from 1. `complain` takes the first thing that is wrong with it.
local function readRule(____table, index, known, complain)
    local name = string.format("#%d", index)

    local function complainOf(text, line)
        if line == nil then
            line = ____table.line
        end
        complain(string.format("line %d: rule \"%s\": %s", line, name, text))
        return nil
    end
    name = textIn(____table, "name", complainOf) or name
    local zone = textIn(____table, "zone", complainOf)
    local customVariables = {}
    local context = {
        routes = known.routes,
        severityOf = known.severityOf,
        unixTime = known.unixTime,
        weekClock = known.weekClock,
        warning = known.warning,
        zone = zone,
        needVariable = function(variable)
            local ____temp_4 = #customVariables + 1
            customVariables[____temp_4] = variable
            return ____temp_4
        end
    }
    local rule = {
        name = name,
        origin = RULES_FILE,
        kinds = KINDS,
        fits = function() return true end,
        customVariables = customVariables
    }
    local saysSomething = false
    for ____, ____value in ipairs(____table.fields) do
        local field = ____value.name
        local value = ____value.value
        local line = ____value.line

        local function complainOfField(text)
            return complainOf((field .. ": ") .. text, line)
        end
        local say = SAYERS[field]
        if field == "when" then
            takeConditions(
                rule,
                readConditions(value, complainOf, context)
            )
        elseif say ~= nil then
            saysSomething = true
            say(rule, value, complainOfField, context)
        elseif field ~= "name" and field ~= "zone" then
            complainOfField(strangerProblem(field))
        end
    end
    if #____table.items > 0 then
        complainOf((shown(____table.items[1]) .. " stands there without a name: ") .. possible("", FIELDS))
    end
    if not saysSomething then
        complainOf("it says nothing: write what follows, such as page = false")
    end
    if zone ~= nil and rule.changesAt == nil then
        complainOf(("zone = \"" .. zone) .. "\" does nothing without hours: write when = { hours = … }")
    end
    local ____temp_7 = rule.page == false
    if ____temp_7 then
        local ____opt_5 = rule.kinds
        ____temp_7 = (____opt_5 and #____opt_5) == 1
    end
    if ____temp_7 and rule.kinds[1] == "poller" then
        complainOf("page = false does nothing for a poller: set severity_poller_silent to none")
    end
    return rule
end

-- Reads the rules in `table`, or says what is wrong with the first that cannot be used: then none is.
function exports.readRules(____table, known)
    local rules = {}
    local problems = {}

    local function complain(text)
        problems[#problems + 1] = text
    end
    local stranger = ____table.fields[1]
    if stranger ~= nil then
        complain(string.format("line %d: \"%s\" stands beside the rules: expected a list of rules, each in braces: return { { name = … }, { name = … } }", stranger.line, stranger.name))
    end
    local lineOf = {}
    for index, item in ipairs(____table.items) do
        if type(item) ~= "table" then
            complain(string.format(
                "rule %d is %s: expected a rule in braces: { name = … }",
                index,
                shown(item)
            ))
        else
            local rule = readRule(item, index, known, complain)
            local before = lineOf[rule.name]
            if before ~= nil then
                complain(string.format("line %d: rule \"%s\": line %d has a rule of that name: the log must tell them apart", item.line, rule.name, before))
            end
            lineOf[rule.name] = item.line
            rules[#rules + 1] = rule
        end
    end
    local problem = problems[1]
    return problem == nil and ({rules = rules}) or ({problem = problem})
end
return exports
 end,

-- -------------------- src/rules/rules_file.ts --------------------
["src.rules.rules_file"] = function(...)
-- pdy_rules_file on the disk: its text, the rules in it, and the copy of the last good one beside the journal. When it is
-- looked at is not its business.
local exports = {}
local ____alert = require("src.alerts.alert")
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local ____files = require("src.text.files")
local replaceFile = ____files.replaceFile
local ____time = require("src.text.time")
local loadWeekClock = ____time.loadWeekClock
local ____from_table = require("src.rules.from_table")
local readRules = ____from_table.readRules
local ____lua_table = require("src.rules.lua_table")
local LARGEST_TEXT = ____lua_table.LARGEST_TEXT
local readLuaTable = ____lua_table.readLuaTable

-- What rules may speak of beside what they say themselves. Loads luatz: call it in init.
function exports.knowledgeOf(____bindingPattern0, routingKeys, unixTime, warning)
    local severityOf
    severityOf = ____bindingPattern0.severityOf
    local routes = {}
    for label in pairs(routingKeys) do
        if label ~= FALLBACK_ROUTE then
            routes[#routes + 1] = label
        end
    end
    table.sort(routes)
    return {
        routes = routes,
        severityOf = severityOf,
        unixTime = unixTime,
        weekClock = loadWeekClock(),
        warning = warning
    }
end

-- The rules in the text of a file, or what is wrong with the first that cannot be used: then none is.
function exports.rulesIn(text, known)
    local ____table = readLuaTable(text)
    return type(____table) == "string" and ({problem = ____table}) or readRules(____table, known)
end

-- The text of a file, as far as it may be used; undefined and why not.
function exports.readText(files, path)
    local file, problem = files.open(path, "rb")
    if file == nil then
        return nil, problem or path
    end
    -- Of a file that is not meant, such as a log, no more than shows that it is too long. Of an empty one nothing is read, of
    -- a folder not even that.
    local text = file:read(LARGEST_TEXT + 1) or file:read("*a")
    file:close()
    if text == nil then
        return nil, path .. " is not a file"
    end
    return text, nil
end

-- Where the last good one is kept, for the output whose journal is at `statePath`.
function exports.copyPathOf(statePath)
    return statePath .. ".rules"
end

-- The first line of the copy, by which it is told from that of another file.
local function headOf(path)
    return ("-- The last good " .. path) .. ", kept by the connector: change that file, not this one.\n"
end

-- The last good text of the file at `path`; undefined where none is kept.
function exports.readCopy(files, copyPath, path)
    local text = exports.readText(files, copyPath)
    local head = headOf(path)
    return text ~= nil and string.sub(text, 1, #head) == head and string.sub(text, #head + 1) or nil
end

-- Keeps `text` as the last good one. Gives what went wrong.
function exports.writeCopy(files, copyPath, path, text)
    local problem = replaceFile(
        files,
        copyPath,
        copyPath .. ".new",
        headOf(path) .. text
    )
    if problem == nil then
        files.makePrivate(copyPath)
    end
    return problem
end
return exports
 end,

-- -------------------- src/connector/rules_watch.ts --------------------
["src.connector.rules_watch"] = function(...)
-- The rules' file while the connector runs: read at the start and whenever it changes, as a whole or not at all; where it
-- cannot be used, the last good one holds. Says what a change frees. What stands in it is the rules' to know.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local ____rules_file = require("src.rules.rules_file")
local copyPathOf = ____rules_file.copyPathOf
local knowledgeOf = ____rules_file.knowledgeOf
local readCopy = ____rules_file.readCopy
local readText = ____rules_file.readText
local rulesIn = ____rules_file.rulesIn
local writeCopy = ____rules_file.writeCopy
-- Seconds between looks at the file.
local LOOK_INTERVAL = 30
-- Seconds after which a fault is believed: while an editor writes a file, it may be gone, or half there.
local CONFIRM_INTERVAL = 2
-- A change that frees more problems than this at once is a WARNING.
exports.MANY_FREED = 50
-- Most of the reasons that held what is freed, that are told.
local MOST_REASONS = 5

local function counted(count, noun)
    return string.format(count == 1 and "%d %s" or "%d %ss", count, noun)
end

-- `1 problem is`, `2 problems are`.
local function problemsAre(count)
    return count == 1 and "1 problem is" or string.format("%d problems are", count)
end

-- The reasons that held what is freed, and how many each; those of the most problems first.
local function wordsOfReasons(____bindingPattern0)
    local freedFrom
    freedFrom = ____bindingPattern0.freedFrom
    local reasons = {}
    for reason, count in pairs(freedFrom) do
        reasons[#reasons + 1] = {reason = reason, count = count or 0}
    end
    table.sort(
        reasons,
        function(left, right)
            local ____temp_0
            if left.count == right.count then
                ____temp_0 = left.reason < right.reason
            else
                ____temp_0 = left.count > right.count
            end
            return ____temp_0
        end
    )
    local words = {}
    for ____, ____value in ipairs(reasons) do
        local reason = ____value.reason
        local count = ____value.count
        if #words < MOST_REASONS then
            words[#words + 1] = string.format("%s (%d)", reason, count)
        end
    end
    if #reasons > MOST_REASONS then
        words[#words + 1] = "and others"
    end
    return table.concat(words, "; ")
end

-- Reads the file, and watches it from then on.
function exports.createRulesWatch(____bindingPattern0, ports)
    local copyPath
    local path
    path = ____bindingPattern0.path
    copyPath = ____bindingPattern0.copyPath
    local ____ports_1 = ports
    local now = ____ports_1.now
    local files = ____ports_1.files
    local log = ____ports_1.log
    local what = "pdy_rules_file " .. path
    local nextLook = now() + LOOK_INTERVAL
    -- The text whose rules hold, and how many they are; undefined: there are none but the parameters'.
    local current
    local ruleCount = 0
    -- What was seen of a file that cannot be used: not believed yet, and complained of.
    local suspected
    local complainedOf
    local outcome

    local function keep(text)
        local ____temp_2
        if copyPath == nil then
            ____temp_2 = nil
        else
            ____temp_2 = writeCopy(files, copyPath, path, text)
        end
        local problem = ____temp_2
        if problem == nil then
            return
        end
        log.warning(((((what .. ": the last good one cannot be kept in ") .. copyPath) .. ": ") .. problem) .. "; it would be missing where the file is bad at a start")
    end

    -- Has the rules in `text` hold from now on; or gives what is wrong with them.
    local function use(text)
        local taken = ports.take(text)
        if type(taken) == "string" then
            return taken
        end
        current = text
        ruleCount = taken
        suspected = nil
        complainedOf = nil
        return nil
    end

    local function complain(problem)
        local instead = current == nil and "there is no last good one, so the parameters alone hold" or ("the last good one holds instead (" .. counted(ruleCount, "rule")) .. ")"
        log.error((((what .. " is not used: ") .. problem) .. "; ") .. instead)
    end

    local function begin(isFirst)
        outcome = {isFirst = isFirst, freed = 0, held = 0, freedFrom = {}}
    end

    local function tell(result)
        local ____result_3 = result
        local freed = ____result_3.freed
        local held = ____result_3.held
        if freed + held == 0 and result.isFirst then
            return
        end
        local rules = counted(ruleCount, "rule")
        local heldWords = held == 0 and "" or ("; " .. problemsAre(held)) .. " held now"
        local freedWords = freed == 0 and "" or (("; " .. problemsAre(freed)) .. " freed, to page now. What held before: ") .. wordsOfReasons(result)
        local say = freed > exports.MANY_FREED and log.warning or log.info
        say((((what .. " has changed: ") .. rules) .. heldWords) .. freedWords)
    end

    local function start()
        local text, readProblem = readText(files, path)
        local ____temp_4
        if copyPath == nil then
            ____temp_4 = nil
        else
            ____temp_4 = readCopy(files, copyPath, path)
        end
        local copy = ____temp_4
        local problem = text == nil and readProblem or use(text)
        if problem ~= nil then
            if copy ~= nil then
                use(copy)
            end
            complainedOf = text or readProblem
            complain(problem)
            return
        end
        local isFirst = copy == nil
        if isFirst or text == copy then
            log.info((what .. ": ") .. counted(ruleCount, "rule"))
        end
        if text == copy then
            return
        end
        keep(text)
        begin(isFirst)
    end
    start()

    local function readAgain()
        local text, readProblem = readText(files, path)
        if text ~= nil and text == current then
            if complainedOf ~= nil then
                log.info((what .. " is as it was before: ") .. counted(ruleCount, "rule"))
            end
            suspected = nil
            complainedOf = nil
            return
        end
        local seen = text or readProblem
        if seen == complainedOf then
            return
        end
        local problem = text == nil and readProblem or use(text)
        if problem == nil then
            keep(text)
            begin(false)
            ports.judgeAll()
        elseif seen == suspected then
            complainedOf = seen
            complain(problem)
        else
            suspected = seen
            nextLook = now() + CONFIRM_INTERVAL
        end
    end
    return {
        look = function()
            if outcome ~= nil and not ports.isJudging() then
                tell(outcome)
                outcome = nil
            end
            if now() < nextLook then
                return
            end
            nextLook = now() + LOOK_INTERVAL
            readAgain()
        end,
        watching = function(judge) return function(alert)
            local ____temp_5
            if alert.desired == "held" then
                ____temp_5 = alert.rejection
            else
                ____temp_5 = nil
            end
            local heldBefore = ____temp_5
            local wasRejected = alert.rejection ~= nil
            judge(alert)
            if outcome == nil then
                return
            end
            if heldBefore ~= nil and alert.desired == "triggered" then
                outcome.freed = outcome.freed + 1
                outcome.freedFrom[heldBefore] = (outcome.freedFrom[heldBefore] or 0) + 1
            elseif not wasRejected and alert.rejection ~= nil and not isOpen(alert) then
                outcome.held = outcome.held + 1
            end
        end end
    }
end

-- Watches pdy_rules_file; undefined where none is set.
function exports.watchRules(____bindingPattern0, parameterRules, ports)
    local routingKeys
    local settings
    settings = ____bindingPattern0.settings
    routingKeys = ____bindingPattern0.routingKeys
    local path = settings.pdy_rules_file
    if path == "" then
        return nil
    end
    local knowledge = knowledgeOf(parameterRules, routingKeys, os.time, ports.log.warning)
    -- A rehearsal writes no file of the output's.
    local ____settings_send_data_test_6
    if settings.send_data_test then
        ____settings_send_data_test_6 = nil
    else
        ____settings_send_data_test_6 = copyPathOf(settings.state_path)
    end
    local copyPath = ____settings_send_data_test_6
    return exports.createRulesWatch(
        {path = path, copyPath = copyPath},
        {
            now = ports.now,
            files = ports.files,
            log = ports.log,
            judgeAll = ports.judgeAll,
            isJudging = ports.isJudging,
            take = function(text)
                local read = rulesIn(text, knowledge)
                if read.problem ~= nil then
                    return read.problem
                end
                ports.use(read.rules)
                return #read.rules
            end
        }
    )
end
return exports
 end,

-- -------------------- src/connector/self_watch.ts --------------------
["src.connector.self_watch"] = function(...)
-- The connector watches itself: when nothing has got through for long it says so, again and again, and raises an
-- alert of its own until events get through again. Knows neither keys nor network: what it needs is passed in.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOf = ____alert.nameOf
local ____time = require("src.text.time")
local spokenDuration = ____time.spokenDuration
-- Seconds between two lines about a failure that lasts.
local REPORT_INTERVAL = 300
-- Most alerts that are named in a line.
local MOST_NAMES = 10

-- Tells whether the alerts are others than it was asked of last.
local function createNewsOfAlerts()
    local known = {}
    local count = 0
    return function(alerts)
        local isNews = #alerts ~= count
        for ____, alert in ipairs(alerts) do
            if not (known[alert] ~= nil) then
                isNews = true
            end
        end
        if not isNews then
            return false
        end
        known = {}
        for ____, alert in ipairs(alerts) do
            known[alert] = true
        end
        count = #alerts
        return true
    end
end

-- Which alerts nobody may have been paged for, in words; empty: none.
local function leftBehindWords(alerts)
    local all = {}
    for ____, alert in ipairs(alerts) do
        all[#all + 1] = ((nameOf(alert) .. " (") .. alert.dedupKey) .. ")"
    end
    if #all == 0 then
        return ""
    end
    table.sort(all)
    local named = {}
    for ____, text in ipairs(all) do
        if #named < MOST_NAMES then
            named[#named + 1] = text
        end
    end
    local others = #all - #named
    local more = others == 0 and "" or string.format(" and %d more", others)
    return (". Perhaps taken under the key that is refused now, and so not sent by another one: " .. table.concat(named, ", ")) .. more
end

-- A look at the connector's own delivery, to be taken often; it costs next to nothing. `alertAfter`: seconds of
-- failure after which it is told; 0: never.
function exports.createSelfWatch(alertAfter, ports)
    local lastReport
    local areOthersLeft = createNewsOfAlerts()
    return function()
        local failure = ports.failure()
        local time = ports.now()
        if alertAfter == 0 or failure == nil or time - failure.since < alertAfter then
            if failure == nil and lastReport ~= nil then
                lastReport = nil
                -- What was named is let go of.
                areOthersLeft({})
                ports.warning("events get through to PagerDuty again, or none waits any more")
            end
            if lastReport == nil then
                ports.alertOnSelf(nil)
            end
            return
        end
        local leftBehind = ports.leftBehind()
        local isNews = areOthersLeft(leftBehind) or lastReport == nil
        if not isNews and time - (lastReport or 0) < REPORT_INTERVAL then
            return
        end
        lastReport = time
        local reason = failure.reason
        local remedy = failure.remedy
        local advice = remedy == nil and "" or "; " .. remedy
        local text = string.format(
            "nothing has got through to PagerDuty for %s: %s%s. Alerts that wait: %d%s",
            spokenDuration(time - failure.since),
            reason,
            advice,
            ports.waiting(),
            leftBehindWords(leftBehind)
        )
        ports.error(text)
        if isNews then
            ports.alertOnSelf(text)
        end
    end
end
return exports
 end,

-- -------------------- src/delivery/quarantine.ts --------------------
["src.delivery.quarantine"] = function(...)
-- The quarantine: a file of the events that PagerDuty will never take, one JSON line each with the reason, where a
-- person finds them. Holds no routing key.
local exports = {}
local ____json = require("src.text.json")
local encode = ____json.encode
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp
-- What stands in a quarantined event for the routing key.
exports.NO_ROUTING_KEY = "(not kept)"

-- The line of an event, without its end.
function exports.quarantineLine(event)
    local head = encode({fields = {
        {
            "at",
            utcTimestamp(event.at)
        },
        {"dedup_key", event.dedupKey},
        {"route", event.route},
        {"action", event.action},
        {"reason", event.reason}
    }})
    -- The body is JSON already: it goes in as the last field.
    return ((string.sub(head, 1, -2) .. ",\"event\":") .. event.body) .. "}"
end
-- Largest file, in bytes: some ten thousand events, which nobody looks through any more, and no disk is filled.
exports.LARGEST_QUARANTINE = 10 * 1024 * 1024

-- Appends `event` to the file at `path`, as far as it is not full. Gives what went wrong, or undefined.
function exports.quarantine(path, event)
    local file, problem = io.open(path, "ab")
    if file == nil then
        return problem or "unknown reason"
    end
    local size = file:seek("end")
    if (size or 0) >= exports.LARGEST_QUARANTINE then
        file:close()
        return string.format("it is full (%d MB): centreon-pagerduty retry takes back what is in it", exports.LARGEST_QUARANTINE / 1024 / 1024)
    end
    local isWritten, writeProblem = file:write(exports.quarantineLine(event) .. "\n")
    -- A full disk shows only here: close gives nil then, though it is typed as a boolean.
    local isClosed = file:close()
    if isWritten == nil then
        return writeProblem
    end
    local ____temp_0
    if isClosed == true then
        ____temp_0 = nil
    else
        ____temp_0 = "the system refused to write (is the disk full?)"
    end
    return ____temp_0
end
return exports
 end,

-- -------------------- src/delivery/rehearsal.ts --------------------
["src.delivery.rehearsal"] = function(...)
-- A transport that sends nothing: each event goes to the log, and counts as accepted (send_data_test). For looking at
-- what would be sent, before PagerDuty gets any of it.
local exports = {}
-- What PagerDuty answers when it accepts an event.
local ACCEPTED = 202

-- `log` takes the body of each event; it must hide the routing key that is in it.
function exports.createRehearsal(maximumParallel, log)
    local waiting = {}
    return {
        maximumParallel = maximumParallel,
        running = function() return #waiting end,
        start = function(token, body)
            log("send_data_test: this would be sent: " .. body)
            waiting[#waiting + 1] = {token = token, outcome = {
                kind = "answered",
                status = ACCEPTED,
                body = "",
                retryAfter = nil,
                openedConnection = false
            }}
        end,
        poll = function()
            local finished = waiting
            waiting = {}
            return finished
        end,
        wait = function() return nil end
    }
end
return exports
 end,

-- -------------------- src/pagerduty/compose_change.ts --------------------
["src.pagerduty.compose_change"] = function(...)
-- Composes the JSON body of a change event: what was done, by whom, where. It pages nobody. Pure; sends nothing.
--
-- https://developer.pagerduty.com/docs/send-change-event: routing_key and payload.summary are required; source,
-- timestamp, custom_details and links are optional.
local exports = {}
local ____alert = require("src.alerts.alert")
local nameOfPlace = ____alert.nameOfPlace
local ____json = require("src.text.json")
local encode = ____json.encode
local ____lines = require("src.text.lines")
local oneLine = ____lines.oneLine
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp
local ____utf8 = require("src.text.utf8")
local cutToBytes = ____utf8.cutToBytes
local validUtf8 = ____utf8.validUtf8
local ____links = require("src.pagerduty.links")
local appendCentreonLink = ____links.appendCentreonLink
local ____summary = require("src.pagerduty.summary")
local asSummary = ____summary.asSummary
-- Most bytes of each text: as JSON they take six times as many at most, so that the whole is far below the limit.
local MAXIMUM_TEXT_BYTES = 8192

-- `text` as PagerDuty gets it; undefined when there is nothing to say.
local function textOf(text)
    local ____temp_0
    if text == "" then
        ____temp_0 = nil
    else
        ____temp_0 = cutToBytes(
            validUtf8(text),
            MAXIMUM_TEXT_BYTES
        )
    end
    return ____temp_0
end

local function joined(names)
    return textOf(table.concat(names, ", "))
end

local function knownTime(seconds)
    local ____temp_1
    if seconds > 0 then
        ____temp_1 = utcTimestamp(seconds)
    else
        ____temp_1 = nil
    end
    return ____temp_1
end

-- Who did it and what they wrote, or which engine it was; empty when nobody tells.
local function remarkOf(____bindingPattern0)
    local change
    change = ____bindingPattern0.change
    if change.kind == "poller started" then
        return change.engine
    end
    if change.author == "" then
        return change.comment
    end
    return change.comment == "" and change.author or (change.author .. ": ") .. change.comment
end

-- `host/service: downtime started - author: comment`, on one line.
local function summaryOf(report)
    local remark = oneLine(validUtf8(remarkOf(report)))
    local ending = remark == "" and "" or " - " .. remark
    return asSummary(((nameOfPlace(report.placement) .. ": ") .. report.change.kind) .. ending)
end

local function detailsOf(____bindingPattern0)
    local placement
    local change
    change = ____bindingPattern0.change
    placement = ____bindingPattern0.placement
    return {fields = {
        {"change", change.kind},
        {
            "author",
            textOf(change.author)
        },
        {
            "comment",
            textOf(change.comment)
        },
        {
            "downtime_from",
            knownTime(change.plannedStart)
        },
        {
            "downtime_until",
            knownTime(change.plannedEnd)
        },
        {
            "engine",
            textOf(change.engine)
        },
        {
            "poller",
            textOf(placement.poller)
        },
        {
            "host_groups",
            joined(placement.hostGroups)
        },
        {
            "service_groups",
            joined(placement.serviceGroups)
        },
        {
            "business_views",
            joined(placement.businessViews or ({}))
        },
        {"criticality", placement.criticality > 0 and placement.criticality or nil}
    }}
end

local function linksOf(____bindingPattern0, centreonUrl)
    local placement
    local resource
    resource = ____bindingPattern0.resource
    placement = ____bindingPattern0.placement
    local items = {}
    appendCentreonLink(items, resource, placement, centreonUrl)
    local ____temp_2
    if #items == 0 then
        ____temp_2 = nil
    else
        ____temp_2 = {items = items}
    end
    return ____temp_2
end

-- The body of the call that tells of `report` with `routingKey`: JSON, valid UTF-8, within PagerDuty's limits.
function exports.composeChange(report, routingKey, settings)
    local payload = {
        {
            "summary",
            summaryOf(report)
        },
        {
            "source",
            textOf(settings.source == "" and report.placement.hostName or settings.source)
        },
        {
            "timestamp",
            utcTimestamp(report.at)
        },
        {
            "custom_details",
            detailsOf(report)
        }
    }
    return encode({fields = {
        {"routing_key", routingKey},
        {"payload", {fields = payload}},
        {
            "links",
            linksOf(report, settings.centreonUrl)
        }
    }})
end
return exports
 end,

-- -------------------- src/connector/sending.ts --------------------
["src.connector.sending"] = function(...)
-- The way out: transport, change events and dispatcher, made to fit together, and what is kept of their outcomes
-- (journal, quarantine, health). Which alerts there are is the book's to know.
local exports = {}
local ____change_sender = require("src.delivery.change_sender")
local createChangeSender = ____change_sender.createChangeSender
local ____dispatcher = require("src.delivery.dispatcher")
local createDispatcher = ____dispatcher.createDispatcher
local ____health = require("src.delivery.health")
local createHealth = ____health.createHealth
local ____quarantine = require("src.delivery.quarantine")
local NO_ROUTING_KEY = ____quarantine.NO_ROUTING_KEY
local quarantine = ____quarantine.quarantine
local ____rehearsal = require("src.delivery.rehearsal")
local createRehearsal = ____rehearsal.createRehearsal
local ____transport = require("src.delivery.transport")
local createTransport = ____transport.createTransport
local ____compose = require("src.pagerduty.compose")
local compose = ____compose.compose
local ____compose_change = require("src.pagerduty.compose_change")
local composeChange = ____compose_change.composeChange
local ____action_rules = require("src.rules.action_rules")
local actionRulesOf = ____action_rules.actionRulesOf
local ____endpoint = require("src.settings.endpoint")
local endpointOf = ____endpoint.endpointOf
local ____log = require("src.text.log")
local presentable = ____log.presentable

-- What sends; a rehearsal (send_data_test) sends nothing, and takes everything for accepted.
function exports.createSending(____bindingPattern0, changeEvents, ports)
    local routingKeys
    local settings
    settings = ____bindingPattern0.settings
    routingKeys = ____bindingPattern0.routingKeys
    local ____ports_0 = ports
    local now = ____ports_0.now
    local log = ____ports_0.log
    local journal = ____ports_0.journal
    local composeSettings = ____ports_0.composeSettings
    local isRehearsal = settings.send_data_test
    local ____isRehearsal_1
    if isRehearsal then
        ____isRehearsal_1 = nil
    else
        ____isRehearsal_1 = createTransport(
            ports.curl,
            endpointOf(settings)
        )
    end
    local network = ____isRehearsal_1
    local transport = network or createRehearsal(settings.max_parallel_requests, log.info)
    local health = createHealth(now)
    local refused = 0

    local function keepRefused(____bindingPattern0, reason)
        local action
        local alert
        alert = ____bindingPattern0.alert
        action = ____bindingPattern0.action
        refused = refused + 1
        local problem = quarantine(
            settings.quarantine_path,
            {
                at = os.time(),
                dedupKey = alert.dedupKey,
                route = alert.route,
                action = action,
                reason = presentable(reason, ports.secrets),
                body = compose(alert, action, NO_ROUTING_KEY, composeSettings)
            }
        )
        if problem == nil then
            return
        end
        log.error((("the refused event could not be kept in quarantine_path " .. settings.quarantine_path) .. ": ") .. problem)
    end
    local ____temp_2
    if changeEvents == nil then
        ____temp_2 = nil
    else
        ____temp_2 = createChangeSender({
            random = math.random,
            transport = transport,
            log = log,
            isRehearsal = isRehearsal,
            url = changeEvents.url,
            compose = function(report, routingKey) return composeChange(report, routingKey, composeSettings) end
        })
    end
    local changeSender = ____temp_2
    local dispatcher = createDispatcher(
        {
            routingKeys = routingKeys,
            maximumEventsPerMinute = settings.max_events_per_minute,
            bufferSize = settings.max_buffer_size,
            bufferAge = settings.max_buffer_age,
            actionRules = actionRulesOf(settings),
            detourAfter = settings.self_alert_after,
            isRehearsal = isRehearsal
        },
        {
            now = now,
            random = math.random,
            transport = transport,
            changes = changeSender,
            log = log,
            compose = function(alert, action, routingKey)
                ports.beforeTelling(alert)
                return compose(alert, action, routingKey, composeSettings)
            end,
            actionStarts = function(alert)
                journal.writeAlert(alert)
                ports.actionStarts(alert)
            end,
            actionEnded = function(alert)
                journal.writeAlert(alert)
                ports.actionEnded(alert)
            end,
            heard = function(sending, verdict)
                -- How the connector's alert about itself fares says nothing about the others.
                if sending.alert.resource.kind ~= "connector" then
                    health.heard(sending.lane.label, verdict)
                end
            end,
            presentable = function(text) return presentable(text, ports.secrets) end,
            idleWork = ports.idleWork,
            quarantine = keepRefused
        }
    )
    return {
        dispatcher = dispatcher,
        health = health,
        changeSender = changeSender,
        wait = transport.wait,
        fetch = network and network.fetch,
        get = network and network.get,
        send = network and network.send,
        refused = function() return refused end
    }
end
return exports
 end,

-- -------------------- src/connector/status_file.ts --------------------
["src.connector.status_file"] = function(...)
-- The status file: how the connector fares, for a person or a monitoring plugin to read. Written whole, under another
-- name first, so that a reader never sees half of it. Owns its form and how often it is written.
local exports = {}
local ____alert = require("src.alerts.alert")
local isOpen = ____alert.isOpen
local ____learnt = require("src.alerts.learnt")
local differingOf = ____learnt.differingOf
local ____files = require("src.text.files")
local replaceFile = ____files.replaceFile
local ____json = require("src.text.json")
local encode = ____json.encode
local ____time = require("src.text.time")
local utcTimestamp = ____time.utcTimestamp
-- The version of the form, which readers check.
local FORMAT = 1
-- Seconds between two writings, at least: whoever reads it needs it no fresher.
local WRITE_INTERVAL = 10

local function unlessEmpty(text)
    local ____temp_0
    if text == "" then
        ____temp_0 = nil
    else
        ____temp_0 = text
    end
    return ____temp_0
end

-- What writes the file at `path` if its time has come; an empty path: never. `version` is the connector's.
function exports.createStatusFile(path, version, ports)
    local startedAt = ports.unixTime()
    local lastWritten
    local isReported = false

    local function statusText()
        local time = ports.now()
        local unixTime = ports.unixTime()
        local open = 0
        local acknowledged = 0
        local held = 0
        local openOfQuietPollers = 0
        local differing = {["closed there"] = 0, ["acknowledged there only"] = 0, ["acknowledged here only"] = 0}
        local storms = 0
        local gathered = 0
        local isOfQuietPoller = ports.quietPollersNow()
        ports.eachAlert(function(alert)
            if isOpen(alert) then
                open = open + 1
                if isOfQuietPoller(alert) then
                    openOfQuietPollers = openOfQuietPollers + 1
                end
            end
            local kind = differingOf(alert)
            if kind ~= nil then
                differing[kind] = differing[kind] + 1
            end
            if alert.delivered == "acknowledged" then
                acknowledged = acknowledged + 1
            end
            if alert.desired == "held" then
                held = held + 1
            end
            if alert.gathered ~= nil then
                gathered = gathered + 1
            end
            if alert.resource.kind == "storm" and alert.desired ~= "resolved" then
                storms = storms + 1
            end
        end)

        local function ago(____then)
            if ____then == nil then
                return nil
            end
            return time - ____then
        end

        -- The connector's clock counts seconds; the system's says which they are.
        local function dateOf(____then)
            if ____then == nil then
                return nil
            end
            return utcTimestamp(unixTime - (time - ____then))
        end
        local answer = ports.lastAnswer()
        local answerText = answer == nil and "" or ports.presentable(answer.text)
        local answeredAt = dateOf(answer and answer.at)
        local failure = ports.failure()
        local reason = failure == nil and "" or ports.presentable(failure.reason)
        local remedy = failure and failure.remedy
        local failingSince = dateOf(failure and failure.since)
        local failingSeconds = ago(failure and failure.since) or 0
        local oldestSeconds = ago(ports.oldest()) or 0
        local fields = {
            {"format", FORMAT},
            {"version", version},
            {
                "written_at",
                utcTimestamp(unixTime)
            },
            {"written_at_unix", unixTime},
            {
                "started_at",
                utcTimestamp(startedAt)
            },
            {"open", open},
            {"acknowledged", acknowledged},
            {"held", held},
            {"open_of_quiet_pollers", openOfQuietPollers},
            {"storms", storms},
            {"held_by_storms", gathered},
            {
                "waiting",
                ports.waiting()
            },
            {
                "in_flight",
                ports.underWay()
            },
            {"oldest_waiting_seconds", oldestSeconds},
            {
                "accepted_total",
                ports.accepted()
            },
            {
                "refused_total",
                ports.refused()
            },
            {
                "last_success_at",
                dateOf(ports.lastSuccess())
            },
            {
                "last_success_age_seconds",
                ago(ports.lastSuccess())
            },
            {
                "last_answer",
                unlessEmpty(answerText)
            },
            {"last_answer_at", answeredAt},
            {"failing_since", failingSince},
            {"failing_seconds", failingSeconds},
            {
                "reason",
                unlessEmpty(reason)
            },
            {"remedy", remedy},
            {
                "journal_usable",
                ports.isJournalUsable()
            }
        }
        local ____temp_9
        if ports.feedback == nil then
            ____temp_9 = nil
        else
            ____temp_9 = ports.feedback()
        end
        local feedback = ____temp_9
        if feedback ~= nil then
            fields[#fields + 1] = {
                "pagerduty_read_at",
                dateOf(feedback.lastRead)
            }
            fields[#fields + 1] = {
                "pagerduty_problem",
                feedback.problem and ports.presentable(feedback.problem)
            }
            fields[#fields + 1] = {"closed_in_pagerduty", differing["closed there"]}
            fields[#fields + 1] = {"acknowledged_in_pagerduty_only", differing["acknowledged there only"]}
            fields[#fields + 1] = {"acknowledged_in_centreon_only", differing["acknowledged here only"]}
            fields[#fields + 1] = {"elsewhere_in_pagerduty", feedback.elsewhere}
            fields[#fields + 1] = {"not_seen_in_pagerduty", feedback.notSeen}
            fields[#fields + 1] = {"orphans_in_pagerduty", feedback.orphans}
            fields[#fields + 1] = {"unknown_in_pagerduty", feedback.unknown}
        end
        return encode({fields = fields})
    end
    return function()
        if path == "" or lastWritten ~= nil and ports.now() - lastWritten < WRITE_INTERVAL then
            return
        end
        lastWritten = ports.now()
        local problem = replaceFile(
            ports.files,
            path,
            path .. ".new",
            statusText() .. "\n"
        )
        if problem == nil then
            isReported = false
        elseif not isReported then
            isReported = true
            ports.warning(((("the status file cannot be written: " .. problem) .. "; make status_path ") .. path) .. " writable for the broker, or set it to nothing")
        end
    end
end
return exports
 end,

-- -------------------- src/connector/parts.ts --------------------
["src.connector.parts"] = function(...)
-- Makes the parts of the connector, and gives each what it needs of the others. Runs none of them.
local exports = {}
local ____alert = require("src.alerts.alert")
local FALLBACK_ROUTE = ____alert.FALLBACK_ROUTE
local isOpen = ____alert.isOpen
local nameOf = ____alert.nameOf
local ____policy = require("src.alerts.policy")
local STATE = ____policy.STATE
local ____unknown_recoveries = require("src.alerts.unknown_recoveries")
local createUnknownRecoveries = ____unknown_recoveries.createUnknownRecoveries
local ____observe = require("src.broker.observe")
local CONNECTOR = ____observe.CONNECTOR
local observeConnector = ____observe.observeConnector
local ____recorder = require("src.broker.recorder")
local createRecorder = ____recorder.createRecorder
local ____orphan_watch = require("src.feedback.orphan_watch")
local createOrphanWatch = ____orphan_watch.createOrphanWatch
local ____heartbeat = require("src.delivery.heartbeat")
local createHeartbeat = ____heartbeat.createHeartbeat
local ____journal = require("src.journal.journal")
local NO_JOURNAL = ____journal.NO_JOURNAL
local NOTHING_MISSED = ____journal.NOTHING_MISSED
local createJournal = ____journal.createJournal
local loadJournal = ____journal.loadJournal
local ____lock = require("src.journal.lock")
local lockJournal = ____lock.lockJournal
local ____decided = require("src.rules.decided")
local decisionsInWords = ____decided.decisionsInWords
local ____from_parameters = require("src.rules.from_parameters")
local rulesWith = ____from_parameters.rulesWith
local ____rulings = require("src.rules.rulings")
local createRulings = ____rulings.createRulings
local ____log = require("src.text.log")
local presentable = ____log.presentable
local ____time = require("src.text.time")
local createSteadyClock = ____time.createSteadyClock
local ____version = require("src.version")
local VERSION = ____version.VERSION
local ____asking = require("src.connector.asking")
local createAsking = ____asking.createAsking
local createTellingOf = ____asking.createTellingOf
local ____bookkeeping = require("src.connector.bookkeeping")
local createBookkeeping = ____bookkeeping.createBookkeeping
local restore = ____bookkeeping.restore
local ____change_watch = require("src.connector.change_watch")
local createChangeWatch = ____change_watch.createChangeWatch
local ____composing = require("src.connector.composing")
local composeSettingsOf = ____composing.composeSettingsOf
local ____nameless_watch = require("src.connector.nameless_watch")
local createNamelessWatch = ____nameless_watch.createNamelessWatch
local ____orders = require("src.connector.orders")
local createOrders = ____orders.createOrders
local ____place_sweep = require("src.connector.place_sweep")
local createPlaceSweep = ____place_sweep.createPlaceSweep
local ____retrigger = require("src.connector.retrigger")
local createRetrigger = ____retrigger.createRetrigger
local ____rules_watch = require("src.connector.rules_watch")
local watchRules = ____rules_watch.watchRules
local ____self_watch = require("src.connector.self_watch")
local createSelfWatch = ____self_watch.createSelfWatch
local ____sending = require("src.connector.sending")
local createSending = ____sending.createSending
local ____status_file = require("src.connector.status_file")
local createStatusFile = ____status_file.createStatusFile
-- At start the broker gives again, in order, what it does not know to be done: perhaps a recovery and the problem
-- after it, both long delivered. Nothing is sent before the last of them is known: until the first flush(), which
-- the broker calls when nothing waits any more, or for so many seconds.
local SETTLING_SECONDS = 10

-- Raises when another output uses the same journal: the broker tries the output again every 15 seconds.
local function openJournal(settings, ____bindingPattern0)
    local lock
    local log
    local files
    files = ____bindingPattern0.files
    log = ____bindingPattern0.log
    lock = ____bindingPattern0.lock
    -- A rehearsal must not make the journal believe that PagerDuty has anything.
    if settings.send_data_test then
        return {journal = NO_JOURNAL, loaded = NOTHING_MISSED}
    end
    local path = settings.state_path
    if not lockJournal(path, lock) then
        local text = ("state_path " .. path) .. " is in use by another output: give each output a state_path of its own"
        log.error(text)
        return error(text, 0)
    end
    local ports = {files = files, error = log.error, warning = log.warning, unixTime = os.time}
    return {
        loaded = loadJournal(path, ports),
        journal = createJournal(path, ports)
    }
end

-- Reads the journal, and makes everything that runs from there on.
function exports.createParts(checked, parameterRules, ports)
    local book, feedback, placeSweep
    local ____checked_0 = checked
    local settings = ____checked_0.settings
    local routingKeys = ____checked_0.routingKeys
    local ____ports_1 = ports
    local log = ____ports_1.log
    local names = ____ports_1.names
    local files = ____ports_1.files
    local secrets = ____ports_1.secrets
    local now = createSteadyClock(os.time)
    local startedAt = os.time()
    local ____openJournal_result_2 = openJournal(settings, ports)
    local journal = ____openJournal_result_2.journal
    local loaded = ____openJournal_result_2.loaded
    -- What the connector's alert about itself says.
    local ownProblem = ""
    local namelessWatch = createNamelessWatch(now, log.warning)
    local recoveries = createUnknownRecoveries()
    local rules = rulesWith({}, parameterRules)
    local rulings = createRulings(
        settings,
        function() return rules end,
        {
            now = now,
            isRoute = function(label) return label ~= FALLBACK_ROUTE and routingKeys[label] ~= nil end,
            unnotifiedReason = names.unnotifiedReason,
            firstNotificationDelay = names.firstNotificationDelay,
            error = log.error
        }
    )

    local function tellDecisions(alert)
        local decisions = decisionsInWords(
            alert,
            rulings.decidedBy(alert)
        )
        if decisions ~= "" then
            log.debug((((nameOf(alert) .. " (") .. alert.dedupKey) .. ") is told with ") .. decisions)
        end
    end
    local sending = createSending(
        checked,
        parameterRules.changeEvents,
        {
            now = now,
            curl = ports.curl,
            log = log,
            secrets = secrets,
            journal = journal,
            composeSettings = composeSettingsOf(
                settings,
                rulings.textsOf,
                function(hostId, visit)
                    book.eachAlertOfHost(hostId, visit)
                end
            ),
            beforeTelling = function(alert)
                placeSweep.readBefore(alert)
                book.describe(alert)
            end,
            actionStarts = function(alert)
                namelessWatch.note(alert)
                if log.isDebug and alert.inFlight == "trigger" and not isOpen(alert) then
                    tellDecisions(alert)
                end
            end,
            idleWork = {
                isLeft = recoveries.isAnyLeft,
                offerNext = function()
                    local resource = recoveries.take()
                    if resource == nil then
                        return false
                    end
                    book.resolveUnknown(resource)
                    return true
                end
            },
            actionEnded = function(alert)
                if feedback ~= nil then
                    feedback.actionEnded(alert)
                end
                book.actionEnded(alert)
            end
        }
    )
    local dispatcher = sending.dispatcher
    local health = sending.health
    local changeSender = sending.changeSender
    local ____temp_3
    if sending.get == nil or settings.pdy_api_key == "" then
        ____temp_3 = nil
    else
        ____temp_3 = createOrphanWatch(now)
    end
    local watch = ____temp_3
    local rulesWatch = watchRules(
        checked,
        parameterRules,
        {
            now = now,
            files = files,
            log = log,
            use = function(ofFile)
                rules = rulesWith(ofFile, parameterRules)
            end,
            judgeAll = function()
                placeSweep.begin()
            end,
            isJudging = function() return placeSweep.isUnderWay() end
        }
    )
    local ____createBookkeeping_result_4 = createBookkeeping(
        settings,
        function() return rules end,
        rulings,
        loaded.hadJournal,
        {
            now = now,
            names = names,
            log = log,
            journal = journal,
            offer = dispatcher.offer,
            recoveries = recoveries,
            watch = watch,
            placesChanged = function()
                placeSweep.begin()
            end,
            ownProblem = function() return ownProblem end
        }
    )
    book = ____createBookkeeping_result_4.book
    local intake = ____createBookkeeping_result_4.intake
    local telling = createTellingOf(checked, sending.send, {now = now, book = book, journal = journal, log = log})
    feedback = createAsking(
        checked,
        sending.get,
        watch,
        telling,
        {now = now, book = book, journal = journal, log = log}
    )
    placeSweep = createPlaceSweep({
        eachAlert = book.eachAlert,
        findAlert = book.findAlert,
        readPlace = book.readPlace,
        refresh = rulesWatch == nil and book.refresh or rulesWatch.watching(book.refresh)
    })
    restore({book = book, intake = intake}, loaded, journal)
    placeSweep.begin()
    for ____, alert in ipairs(loaded.alerts) do
        dispatcher.offer(alert)
        -- Whose resolve waited when another choice was made.
        book.forgetIfSettled(alert)
    end
    local settling = {["until"] = now() + SETTLING_SECONDS}
    local ____temp_5
    if changeSender == nil or parameterRules.changeEvents == nil then
        ____temp_5 = nil
    else
        ____temp_5 = createChangeWatch(
            {isNameNeeded = settings.skip_anon_events, startedAt = startedAt},
            rulings,
            parameterRules.changeEvents.isTold,
            {
                now = now,
                isSettling = function() return now() < settling["until"] end,
                names = names,
                log = log,
                sender = changeSender,
                placeOf = intake.placeOf
            }
        )
    end
    local watchChanges = ____temp_5

    local function failure()
        return health.failure(dispatcher.isBusyWith)
    end

    local function alertOnSelf(text)
        if text == nil then
            local own = book.findAlert(CONNECTOR)
            if own ~= nil and own.facts.state ~= STATE.ok then
                book.observe(observeConnector(
                    true,
                    os.time()
                ))
            end
        elseif routingKeys[FALLBACK_ROUTE] ~= nil then
            -- PagerDuty's words may quote a key.
            ownProblem = presentable(text, secrets)
            book.observe(observeConnector(
                false,
                os.time()
            ))
        end
    end
    local ____now_12 = now
    local ____createRecorder_result_13 = createRecorder(settings.record_path, settings.record_size_limit, {names = names, files = files, warning = log.warning})
    local ____intake_handlers_14 = intake.handlers
    local ____watchChanges_15 = watchChanges
    local ____placeSweep_16 = placeSweep
    local ____namelessWatch_17 = namelessWatch
    local ____book_18 = book
    local ____journal_19 = journal
    local ____dispatcher_20 = dispatcher
    local ____sending_wait_21 = sending.wait
    local ____temp_22 = rulesWatch and rulesWatch.look
    local ____createRetrigger_result_23 = createRetrigger({retriggerInterval = settings.pdy_retrigger_interval, reacknowledgeInterval = settings.pdy_reacknowledge_interval}, {now = now, eachAlert = book.eachAlert, quietPollersNow = book.quietPollersNow, offer = dispatcher.offer})
    local ____createSelfWatch_result_24 = createSelfWatch(settings.self_alert_after, {
        now = now,
        failure = failure,
        waiting = dispatcher.waiting,
        leftBehind = dispatcher.leftBehind,
        alertOnSelf = alertOnSelf,
        error = log.error,
        warning = log.warning
    })
    local ____temp_8
    if sending.fetch == nil or settings.heartbeat_url == "" then
        ____temp_8 = nil
    else
        ____temp_8 = createHeartbeat(
            settings.heartbeat_url,
            {
                now = now,
                isWell = function() return failure() == nil and journal.isUsable() end,
                fetch = sending.fetch,
                warning = log.warning
            }
        )
    end
    local ____feedback_25 = feedback
    local ____telling_26 = telling
    local ____settings_send_data_test_9
    if settings.send_data_test then
        ____settings_send_data_test_9 = nil
    else
        ____settings_send_data_test_9 = createOrders(settings.state_path, {
            now = now,
            unixTime = os.time,
            files = files,
            book = book,
            reopen = settings.pdy_reopen,
            info = log.info,
            warning = log.warning
        })
    end
    return {
        now = ____now_12,
        record = ____createRecorder_result_13,
        handlers = ____intake_handlers_14,
        watchChanges = ____watchChanges_15,
        placeSweep = ____placeSweep_16,
        namelessWatch = ____namelessWatch_17,
        book = ____book_18,
        journal = ____journal_19,
        dispatcher = ____dispatcher_20,
        wait = ____sending_wait_21,
        watchRules = ____temp_22,
        retrigger = ____createRetrigger_result_23,
        watchItself = ____createSelfWatch_result_24,
        heartbeat = ____temp_8,
        feedback = ____feedback_25,
        telling = ____telling_26,
        takeOrders = ____settings_send_data_test_9,
        writeStatus = createStatusFile(
            settings.send_data_test and "" or settings.status_path,
            VERSION,
            {
                now = now,
                unixTime = os.time,
                eachAlert = book.eachAlert,
                quietPollersNow = book.quietPollersNow,
                waiting = dispatcher.waiting,
                underWay = dispatcher.underWay,
                oldest = dispatcher.oldest,
                accepted = health.accepted,
                refused = sending.refused,
                lastSuccess = health.lastSuccess,
                lastAnswer = health.lastAnswer,
                failure = failure,
                isJournalUsable = journal.isUsable,
                feedback = feedback and feedback.status,
                presentable = function(text) return presentable(text, secrets) end,
                files = files,
                warning = log.warning
            }
        ),
        settling = settling
    }
end
return exports
 end,

-- -------------------- src/connector/connector.ts --------------------
["src.connector.connector"] = function(...)
-- The loop: what runs at each event and at each flush(), and in which order. Makes none of the parts it runs, and decides
-- nothing about alerts.
local exports = {}
local ____waiting = require("src.delivery.waiting")
local createFineClock = ____waiting.createFineClock
local turnWhileSending = ____waiting.turnWhileSending
local ____intake = require("src.connector.intake")
local IGNORED = ____intake.IGNORED
-- The broker calls flush() as soon as no event waits, and then about once a second; but never under continuous load
-- (measured). Only then does write() have to move the delivery on: opening a connection can take libcurl some 50 ms
-- of work, most of it for reading the system's certificates. Two of the clock's whole seconds are one at least.
local FLUSH_INTERVAL = 2
-- Seconds between attempts to mend a journal that cannot be written.
local JOURNAL_RETRY_SECONDS = 60
-- Under continuous load, write() looks after the connector itself, and at the clock, once in so many events.
local WRITES_BETWEEN_LOOKS = 1000
-- Most alerts that are seen to in one flush(), and in one write(), which must be short: thousands come in turns.
local MOST_READ_IN_FLUSH = 5000
local MOST_ENDED_IN_FLUSH = 1000
local MOST_IN_WRITE = 10
-- Most transfers that one write() starts: what an event says takes a look at everything on its host.
local MOST_STARTS_IN_WRITE = 1
-- Most bytes of what PagerDuty tells that are read in one go: two milliseconds of work (docs/benchmarks.md); how often in one
-- flush(); and most in one write(), a tenth of a millisecond.
local MOST_READ_BYTES = 32768
local MOST_READS_IN_FLUSH = 4
local MOST_READ_BYTES_IN_WRITE = 1024
-- Seconds that one flush() may wait for what PagerDuty tells: enough for a round trip, and alerts are not held up by it.
local LONGEST_READING = 0.1
-- Seconds between two lines of the journal that say that the connector runs.
local ALIVE_INTERVAL = 60

-- Makes the journal's file anew when it has grown, and tries to mend one that cannot be written.
local function createTidying(____bindingPattern0)
    local book
    local journal
    local now
    now = ____bindingPattern0.now
    journal = ____bindingPattern0.journal
    book = ____bindingPattern0.book
    local lastCompaction = now()
    return function()
        if not journal.needsCompaction() then
            return
        end
        if not journal.isUsable() and now() - lastCompaction < JOURNAL_RETRY_SECONDS then
            return
        end
        lastCompaction = now()
        journal.compact(book)
    end
end

-- Looks that are taken often, and cost next to nothing when nothing is due.
local function createLooks(parts)
    local ____parts_0 = parts
    local now = ____parts_0.now
    local journal = ____parts_0.journal
    local lastAlive = now()
    return function()
        parts.watchItself()
        if parts.heartbeat ~= nil then
            parts.heartbeat.look()
        end
        if parts.feedback ~= nil then
            parts.feedback.look()
        end
        if parts.telling ~= nil then
            parts.telling.look()
        end
        if parts.takeOrders ~= nil then
            parts.takeOrders()
        end
        if parts.watchRules ~= nil then
            parts.watchRules()
        end
        parts.retrigger()
        parts.namelessWatch.look()
        if now() - lastAlive < ALIVE_INTERVAL then
            return
        end
        lastAlive = now()
        journal.writeAlive()
    end
end

-- The running connector.
function exports.createConnector(parts)
    local ____parts_1 = parts
    local now = ____parts_1.now
    local record = ____parts_1.record
    local handlers = ____parts_1.handlers
    local watchChanges = ____parts_1.watchChanges
    local book = ____parts_1.book
    local placeSweep = ____parts_1.placeSweep
    local journal = ____parts_1.journal
    local dispatcher = ____parts_1.dispatcher
    local settling = ____parts_1.settling
    local writeStatus = ____parts_1.writeStatus
    local ____parts_2 = parts
    local heartbeat = ____parts_2.heartbeat
    local feedback = ____parts_2.feedback
    local telling = ____parts_2.telling
    local fineClock = createFineClock()
    local tidyJournal = createTidying(parts)
    local look = createLooks(parts)
    -- flush() delivers, and ends what a clock ends; write() does when flush() is not called.
    local writeDeliversFrom = settling["until"]
    -- False when nothing is left to do for sure, as most events leave it: then no part needs to be asked.
    local mayHaveWork = true
    -- write() takes the looks, and writes the status file, only now and then: flush() does it where it is called.
    local writes = 0

    local function lookWhenBusy()
        writes = 0
        mayHaveWork = true
        look()
        writeStatus()
    end

    local function isBeating()
        return (heartbeat and heartbeat.isUnderWay()) == true
    end

    local function isSending()
        return dispatcher.isSending() or isBeating()
    end

    -- Something is under way that nobody waits for: it moves on with what is sent.
    local function isVisiting()
        return isBeating() or (telling and telling.isUnderWay()) == true
    end

    local function isAnyHoldOver()
        local ____end = book.firstHoldEnd()
        return ____end ~= nil and ____end <= now()
    end

    local function deliverWhenBusy()
        local isSweeping = placeSweep.isUnderWay()
        if isSweeping then
            placeSweep.turn(MOST_IN_WRITE)
        end
        local isReading = (feedback and feedback.isUnderWay()) == true
        if dispatcher.isIdle() and not isAnyHoldOver() and not isVisiting() and not isReading then
            -- Holds that end later are looked at again by the next look: thousands may be held for hours.
            mayHaveWork = isSweeping
            return
        end
        if now() < writeDeliversFrom then
            return
        end
        book.endHolds(MOST_IN_WRITE)
        dispatcher.turn(MOST_STARTS_IN_WRITE)
        if isReading then
            feedback.turn(MOST_READ_BYTES_IN_WRITE)
        end
    end

    -- What PagerDuty tells, after everything that it is told.
    local function readWhenIdle()
        if (feedback and feedback.isUnderWay()) ~= true then
            return
        end
        local reads = 0

        local function mayRead()
            return reads < MOST_READS_IN_FLUSH and feedback.isUnderWay()
        end

        local function turn()
            local isAnyLeft = dispatcher.turn()
            local isMoreToRead = feedback.turn(MOST_READ_BYTES)
            if isMoreToRead then
                reads = reads + 1
            end
            return (isMoreToRead or isAnyLeft) and mayRead()
        end
        turnWhileSending(
            fineClock,
            mayRead,
            parts.wait,
            turn,
            LONGEST_READING
        )
    end

    -- What is in the journal is safe; without one, only what PagerDuty has.
    local function mayAcknowledge()
        return journal.isUsable() or not dispatcher.hasUndelivered()
    end

    local function write(event)
        local handler = handlers[event._type]
        if handler ~= nil and handler(event, book) ~= IGNORED then
            mayHaveWork = true
        end
        writes = writes + 1
        if writes == WRITES_BETWEEN_LOOKS then
            lookWhenBusy()
        end
        if not mayHaveWork then
            return true
        end
        deliverWhenBusy()
        return mayAcknowledge()
    end

    -- For what sees each event beside its handler. A change that it tells of goes with what is sent next.
    local function writeWatched(event)
        if record ~= nil then
            record(event)
        end
        local isAcknowledged = write(event)
        if watchChanges ~= nil and watchChanges(event) then
            mayHaveWork = true
        end
        return isAcknowledged
    end
    return {
        write = record == nil and watchChanges == nil and write or writeWatched,
        flush = function()
            mayHaveWork = true
            if placeSweep.isUnderWay() then
                placeSweep.turn(MOST_READ_IN_FLUSH)
            end
            book.endHolds(MOST_ENDED_IN_FLUSH)
            look()
            tidyJournal()
            settling["until"] = 0
            writeDeliversFrom = now() + FLUSH_INTERVAL
            turnWhileSending(fineClock, isSending, parts.wait, dispatcher.turn)
            readWhenIdle()
            writeStatus()
            return mayAcknowledge()
        end
    }
end
return exports
 end,

-- -------------------- src/main.ts --------------------
["src.main"] = function(...)
-- The functions and the version that the broker looks for: the only writer of _G. Nothing here can fail while the
-- file loads: the broker would say only that it "could not be compiled".
local exports = {}
local ____cache = require("src.broker.cache")
local names = ____cache.names
local ____events = require("src.broker.events")
local createFilter = ____events.createFilter
local ____log = require("src.broker.log")
local createLog = ____log.createLog
local ____process = require("src.broker.process")
local hasOpen = ____process.hasOpen
local makePrivate = ____process.makePrivate
local processId = ____process.processId
local ____connector = require("src.connector.connector")
local createConnector = ____connector.createConnector
local ____parts = require("src.connector.parts")
local createParts = ____parts.createParts
local ____endpoint = require("src.settings.endpoint")
local secretsOf = ____endpoint.secretsOf
local serverUrl = ____endpoint.serverUrl
local ____from_parameters = require("src.rules.from_parameters")
local readRules = ____from_parameters.readRules
local ____settings = require("src.settings.settings")
local readSettings = ____settings.readSettings
local ____files = require("src.text.files")
local readFile = ____files.readFile
-- Undefined before init, and for ever when there is no routing key to send with.
local write
local flush
-- Logs an error; the log exists from init on.
local report

-- lua-curl, or an error that says how to install it.
local function loadCurl(log)
    local isLoaded, result = pcall(function() return require("cURL") end)
    if isLoaded then
        return result
    end
    local text = (("lua-curl (Lua-cURLv3) cannot be loaded, so nothing can be sent. Install it and restart cbd. " .. "Centreon on RHEL, Alma, Rocky, Oracle Linux: dnf install lua-curl. Centreon on Debian, Ubuntu: apt install ") .. "lua-curl, from Centreon's repository (Debian's own lua-curl is another library). Elsewhere: luarocks install ") .. "Lua-cURL. What Lua says: " .. tostring(result)
    log.error(text)
    return error(text, 0)
end
local files = {
    open = function(path, mode) return io.open(path, mode) end,
    rename = function(from, to) return os.rename(from, to) end,
    makePrivate = makePrivate
}
-- Lua 5.4 frees all its garbage within one step: 20 ms in one write() with 3,000 open problems (measured on 5.4.4), and
-- in proportion with more. At a tenth of its default speed (100) it still keeps up, with pauses of 5 ms.
local COLLECTOR_SPEED = 10

-- Why the log's file cannot be written; undefined: it can. The broker would drop each line of such a log.
local function whyNotWritten(path)
    if path == "" then
        return nil
    end
    local file, problem = files.open(path, "ab")
    if file == nil then
        return problem or path
    end
    file:close()
    return nil
end

local function start(parameters)
    if _VERSION == "Lua 5.4" then
        collectgarbage("setstepmul", COLLECTOR_SPEED)
    end
    local checked = readSettings(parameters, readFile)
    local rules = readRules(checked)
    local settings = checked.settings
    local routingKeys = checked.routingKeys
    local complaints = checked.complaints
    local secrets = secretsOf(settings, routingKeys)
    local unwritable = whyNotWritten(settings.log_path)
    local log = createLog(settings.log_level, unwritable == nil and settings.log_path or "", secrets)
    report = log.error
    if unwritable ~= nil then
        log.error(("log_path " .. unwritable) .. ": make it writable for the broker, or set log_path; until the next start all is said here, in the broker's own log")
    end
    for ____, complaint in ipairs(complaints) do
        (complaint.isError and log.error or log.warning)(complaint.text)
    end
    if not checked.canSend then
        _G.filter = function() return false end
        return
    end
    local parts = createParts(
        checked,
        rules,
        {
            curl = loadCurl(log),
            log = log,
            names = names,
            files = files,
            secrets = secrets,
            lock = {
                files = files,
                processId = processId(),
                hasOpen = hasOpen
            }
        }
    )
    local connector = createConnector(parts)
    write = connector.write
    flush = connector.flush
    local ____ = connector
    log.info("started: alerts go to " .. (settings.send_data_test and "this log only" or serverUrl(settings)))
end

-- An error of ours costs one event at most, and a line in our own log. It must not make the broker keep events.
local function survive(problem)
    report("unexpected error, please report it: " .. tostring(problem))
    return true
end
-- Needed for each event: a local is found sooner than a global.
local guarded = pcall
_G.broker_api_version = 2
_G.init = start
-- Asked before init, too.
_G.filter = createFilter()
-- Without a connector nothing is wanted, and nothing may be kept by the broker: its queue would fill for ever.
_G.write = function(event)
    if write == nil then
        return true
    end
    local isDone, result = guarded(write, event)
    if isDone then
        return result
    end
    return survive(result)
end
_G.flush = function()
    if flush == nil then
        return true
    end
    local isDone, result = guarded(flush)
    local ____isDone_0
    if isDone then
        ____isDone_0 = result
    else
        ____isDone_0 = survive(result)
    end
    return ____isDone_0
end
return exports
 end,
}
local ____entry = require("src.main", ...)
return ____entry

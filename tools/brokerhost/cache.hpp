// broker_cache: names and more, learned from the events that came by, and the methods that tell them to Lua.
#pragma once

#include "events.hpp"

#include <map>
#include <set>
#include <tuple>

using LiveEvent = std::shared_ptr<Event>;  // changes with later status events

struct Cache {
    std::map<int64_t, LiveEvent> hosts{};
    std::map<std::pair<int64_t, int64_t>, LiveEvent> services{};  // by host, service
    std::map<int64_t, EventPointer> instances{};
    std::map<int64_t, EventPointer> hostGroups{};
    std::map<int64_t, EventPointer> serviceGroups{};
    std::map<std::pair<int64_t, int64_t>, EventPointer> hostGroupMembers{};  // by host, group
    std::map<std::tuple<int64_t, int64_t, int64_t>, EventPointer> serviceGroupMembers{};  // by host, service, group
    std::map<std::pair<int64_t, int64_t>, int64_t> severities{};  // by host, service (0: of the host)
    std::map<int64_t, EventPointer> businessActivities{};
    std::map<int64_t, EventPointer> businessViews{};
    std::set<std::pair<int64_t, int64_t>> viewsOfActivities{};  // activity, view
    std::map<int64_t, EventPointer> indexMappings{};
    std::map<int64_t, EventPointer> metricMappings{};
};

void learn(Cache& cache, const EventPointer& event);

// A copy that does not change with the other's status events.
Cache copyOf(const Cache& cache);

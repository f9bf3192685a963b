// What broker_cache learns from an event. Its Lua methods are in cache_lua.cpp.
#include "cache.hpp"

#include <cstdlib>
#include <string_view>

namespace {

// Event types as category << 16 | element; each kind of event has a BBDO 2 and a BBDO 3 form.
constexpr uint32_t neb(uint32_t element) { return 1U << 16 | element; }
constexpr uint32_t storage(uint32_t element) { return 3U << 16 | element; }
constexpr uint32_t bam(uint32_t element) { return 6U << 16 | element; }

template <typename Map>
void keep(Map& map, const typename Map::key_type& key, const EventPointer& event) {
    if (event->enabled()) map[key] = event;
    else map.erase(key);
}

// The broker changes its host and service objects with every status, so the cache has copies of its own.
template <typename Map>
void keepCopy(Map& map, const typename Map::key_type& key, const EventPointer& event) {
    if (event->enabled()) map[key] = std::make_shared<Event>(*event);
    else map.erase(key);
}

// An adaptive service event has another name for what the service's own event calls flap_detection.
std::string_view nameInCache(std::string_view name) {
    return name == "flap_detection_enabled" ? "flap_detection" : name;
}

bool isSet(const Event& event, const char* name) {
    const int position = event.schema->positionOf(name);
    return position >= 0 && event.values[position] == Value(true);
}

// Copies the fields that the status sets, by name.
template <typename Map>
void update(Map& map, const typename Map::key_type& key, const EventPointer& status) {
    const auto found = map.find(key);
    if (found == map.end()) return;
    Event& known = *found->second;
    for (size_t i = headerFields; i < status->values.size(); ++i) {
        const int position = known.schema->positionOf(nameInCache(status->schema->fields[i].name));
        if (position >= 0 && !std::holds_alternative<std::monostate>(status->values[i]))
            known.values[position] = status->values[i];
    }
}

}  // namespace

void learn(Cache& cache, const EventPointer& event) {
    const int64_t host = event->integer("host_id");
    const int64_t service = event->integer("service_id");
    switch (event->schema->type()) {
        case neb(12): case neb(30):
            keepCopy(cache.hosts, host, event);
            break;
        case neb(23): case neb(27):
            keepCopy(cache.services, {host, service}, event);
            break;
        case neb(14): case neb(31): case neb(32): case neb(56):
            update(cache.hosts, host, event);
            break;
        case neb(24): case neb(28): case neb(29): case neb(55):
            update(cache.services, {host, service}, event);
            break;
        case neb(15): case neb(44):
            keep(cache.instances, event->integer("instance_id"), event);
            break;
        case neb(10): case neb(49):
            keep(cache.hostGroups, event->integer("hostgroup_id"), event);
            break;
        case neb(11): case neb(50):
            keep(cache.hostGroupMembers, {host, event->integer("hostgroup_id")}, event);
            break;
        case neb(21): case neb(51):
            keep(cache.serviceGroups, event->integer("servicegroup_id"), event);
            break;
        case neb(22): case neb(52):
            keep(cache.serviceGroupMembers, {host, service, event->integer("servicegroup_id")}, event);
            break;
        case neb(3): case neb(37):
            if (event->text("name") == "CRITICALITY_LEVEL")
                cache.severities[{host, service}] = std::atoi(event->text("value").c_str());
            break;
        case bam(7): case bam(25):
            keep(cache.businessActivities, event->integer("ba_id"), event);
            break;
        case bam(10): case bam(22):
            keep(cache.businessViews, event->integer("bv_id"), event);
            break;
        case bam(9): case bam(23):
            cache.viewsOfActivities.emplace(event->integer("ba_id"), event->integer("bv_id"));
            break;
        // Told before all of them are told anew, and after it.
        case bam(11): case bam(30):
            if (isSet(*event, "update_started")) {
                cache.businessActivities.clear();
                cache.businessViews.clear();
                cache.viewsOfActivities.clear();
            }
            break;
        case storage(5): case storage(11):
            keep(cache.indexMappings, event->integer("index_id"), event);
            break;
        case storage(6): case storage(12):
            keep(cache.metricMappings, event->integer("metric_id"), event);
            break;
        default:
            break;
    }
}

Cache copyOf(const Cache& cache) {
    Cache copy = cache;
    for (auto& [key, host] : copy.hosts) host = std::make_shared<Event>(*host);
    for (auto& [key, service] : copy.services) service = std::make_shared<Event>(*service);
    return copy;
}

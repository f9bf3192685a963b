// The methods of broker_cache. What they tell comes from cache.cpp.
#include "connector.hpp"
#include "host_log.hpp"

#include <string>

namespace {

constexpr const char* cacheType = "lua_broker_cache";

// A method finds something in the cache by its arguments, and gives one text field of it, or the whole.
struct Finder {
    const char* name;
    EventPointer (*find)(lua_State* L, const Cache& cache);
    const char* field;  // nullptr: the whole, in the form of the API version
};

template <typename Map>
typename Map::mapped_type find(const Map& map, const typename Map::key_type& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : found->second;
}

// The method's first, second... argument after the object. Absent or nil raises, as in the broker.
int64_t argument(lua_State* L, int number) { return luaL_checkinteger(L, number + 1); }

template <auto Map>
EventPointer byId(lua_State* L, const Cache& cache) {
    return find(cache.*Map, argument(L, 1));
}

EventPointer service(lua_State* L, const Cache& cache) {
    const int64_t host = argument(L, 1);
    return find(cache.services, {host, argument(L, 2)});
}

EventPointer hostOrService(lua_State* L, const Cache& cache) {
    return lua_gettop(L) >= 3 && argument(L, 2) > 0 ? service(L, cache) : find(cache.hosts, argument(L, 1));
}

const Finder finders[] = {
    {"get_hostname", byId<&Cache::hosts>, "name"},
    {"get_service_description", service, "description"},
    {"get_hostgroup_name", byId<&Cache::hostGroups>, "name"},
    {"get_hostgroup_alias", byId<&Cache::hostGroups>, "alias"},
    {"get_servicegroup_name", byId<&Cache::serviceGroups>, "name"},
    {"get_instance_name", byId<&Cache::instances>, "name"},
    {"get_notes", hostOrService, "notes"},
    {"get_notes_url", hostOrService, "notes_url"},
    {"get_action_url", hostOrService, "action_url"},
    {"get_check_command", hostOrService, "check_command"},
    {"get_host", byId<&Cache::hosts>, nullptr},
    {"get_service", service, nullptr},
    {"get_ba", byId<&Cache::businessActivities>, nullptr},
    {"get_bv", byId<&Cache::businessViews>, nullptr},
    {"get_index_mapping", byId<&Cache::indexMappings>, nullptr},
    {"get_metric_mapping", byId<&Cache::metricMappings>, nullptr},
};

// Every method begins here: init is the place where the broker dies. Methods are called with a colon.
Connector& enter(lua_State* L, const char* method) {
    auto& connector = contextOf<Connector>(L);
    if (connector.initialising)
        crash(std::string("broker_cache:") + method + "() inside init", "segmentation fault");
    luaL_checkudata(L, 1, cacheType);
    return connector;
}

// Appends {group_id, group_name} to the array on the top of the stack.
void appendGroup(lua_State* L, int number, int64_t id, const EventPointer& group, const Event& member) {
    lua_createtable(L, 0, 2);
    lua_pushinteger(L, static_cast<lua_Integer>(id));
    lua_setfield(L, -2, "group_id");
    pushText(L, group == nullptr ? member.text("name") : group->text("name"));
    lua_setfield(L, -2, "group_name");
    lua_rawseti(L, -2, number);
}

int hostGroups(lua_State* L) {
    const Cache& cache = *enter(L, "get_hostgroups").cache;
    const int64_t host = argument(L, 1);
    lua_newtable(L);
    int count = 0;
    for (auto member = cache.hostGroupMembers.lower_bound({host, 0});
         member != cache.hostGroupMembers.end() && member->first.first == host; ++member) {
        const int64_t group = member->first.second;
        appendGroup(L, ++count, group, find(cache.hostGroups, group), *member->second);
    }
    return 1;
}

int serviceGroups(lua_State* L) {
    const Cache& cache = *enter(L, "get_servicegroups").cache;
    const int64_t host = argument(L, 1);
    const int64_t service = argument(L, 2);
    lua_newtable(L);
    int count = 0;
    for (auto member = cache.serviceGroupMembers.lower_bound({host, service, 0});
         member != cache.serviceGroupMembers.end(); ++member) {
        const auto& [memberHost, memberService, group] = member->first;
        if (memberHost != host || memberService != service) break;
        appendGroup(L, ++count, group, find(cache.serviceGroups, group), *member->second);
    }
    return 1;
}

int severity(lua_State* L) {
    const auto& severities = enter(L, "get_severity").cache->severities;
    const int64_t host = argument(L, 1);
    const auto found = severities.find({host, lua_gettop(L) >= 3 ? argument(L, 2) : 0});
    if (found == severities.end()) lua_pushnil(L);
    else lua_pushinteger(L, static_cast<lua_Integer>(found->second));
    return 1;
}

int businessViewsOf(lua_State* L) {
    const Cache& cache = *enter(L, "get_bvs").cache;
    const int64_t activity = argument(L, 1);
    lua_newtable(L);
    int count = 0;
    for (const auto& [knownActivity, view] : cache.viewsOfActivities) {
        if (knownActivity != activity) continue;
        lua_pushinteger(L, static_cast<lua_Integer>(view));
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

int runFinder(lua_State* L) {
    const auto& finder = *static_cast<const Finder*>(lua_touserdata(L, lua_upvalueindex(2)));
    const Connector& connector = enter(L, finder.name);
    const EventPointer found = finder.find(L, *connector.cache);
    if (found == nullptr) lua_pushnil(L);
    else if (finder.field == nullptr) pushEvent(L, found, connector.apiVersion);
    else pushText(L, found->text(finder.field));
    return 1;
}

}  // namespace

void registerCache(Connector& connector) {
    lua_State* L = connector.state;
    beginObject(L, cacheType);
    addFunctions(L,
                 {{"get_hostgroups", hostGroups},
                  {"get_servicegroups", serviceGroups},
                  {"get_severity", severity},
                  {"get_bvs", businessViewsOf}},
                 &connector);
    for (const Finder& finder : finders) {
        lua_pushlightuserdata(L, &connector);
        lua_pushlightuserdata(L, const_cast<Finder*>(&finder));
        lua_pushcclosure(L, runFinder, 2);
        lua_setfield(L, -2, finder.name);
    }
    endObject(L, "broker_cache");
}

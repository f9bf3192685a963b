// One life of a connector: a Lua state with the script in it, loaded, asked and closed as the broker does.
// Not which events it is given, nor when: that is the output's.
#pragma once

#include "cache.hpp"
#include "event_lua.hpp"
#include "settings.hpp"

#include <memory>
#include <string>

struct Connector {
    lua_State* state = nullptr;
    bool hasFilter = false;
    bool hasFlush = false;
    int apiVersion = 1;
    bool initialising = false;  // inside init(), where broker_cache kills the broker
    std::string bbdoVersion{};
    // What broker_log:set_parameters said. Its level is undefined before.
    bool logLevelIsSet = false;
    int logLevel = 0;
    std::string logPath{};
    Cache* cache = nullptr;
    const int64_t* clock = nullptr;  // Unix time; 0: the system's
    Report* report = nullptr;
};

// Loads the script and runs init. On failure says why in `problem` (as the broker logs it), and the state is gone.
std::unique_ptr<Connector> openConnector(const Settings& settings, Cache& cache, const int64_t& clock, Report& report,
                                         std::string& problem);

// Whether filter() lets the event through to write(). An error counts as false.
bool passesFilter(Connector& connector, const Event& event);

// true: everything so far is acknowledged.
bool writeEvent(Connector& connector, const EventPointer& event);
bool flushConnector(Connector& connector);

// Frees what is not in use any more, and notes the memory in use.
void collectGarbage(Connector& connector);

// Closes the state, without a last flush. Notes the memory in use.
void closeConnector(Connector& connector);

// Register what the broker gives to a loaded script: broker, broker_log, broker_cache.
void registerBroker(Connector& connector);
void addJsonFunctions(lua_State* L);  // to the table `broker` on the top of the stack
void registerLog(Connector& connector);
void registerCache(Connector& connector);

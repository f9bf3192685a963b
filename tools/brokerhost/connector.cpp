// Loading a connector and calling its functions, in the broker's order and with its answers: see connector.hpp.
#include "connector.hpp"

#include "host_log.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace {

using Clock = std::chrono::steady_clock;

#ifdef LUAJIT_VERSION
constexpr const char* luaName = LUAJIT_VERSION;
#else
constexpr const char* luaName = LUA_RELEASE;
#endif

double microsecondsSince(Clock::time_point start) {
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

// Lua calls this for an error outside of every protected call, and aborts when it returns.
int panic(lua_State* L) {
    const char* message = lua_tostring(L, -1);
    const std::string words = message == nullptr ? "not a string" : message;
    crash("a Lua error outside of init, filter, write and flush: " + words, "abort");
}

double memoryInUse(lua_State* L) {
    return lua_gc(L, LUA_GCCOUNT, 0) + lua_gc(L, LUA_GCCOUNTB, 0) / 1024.0;
}

bool isFunction(lua_State* L, const char* name) {
    lua_getglobal(L, name);
    const bool found = lua_isfunction(L, -1);
    lua_pop(L, 1);
    return found;
}

// The error on the top of the stack as the broker logs it: only strings have words.
std::string errorIn(lua_State* L, const char* function) {
    const char* message = lua_tostring(L, -1);
    if (message == nullptr) return std::string("lua: unknown error running function `") + function + "'";
    return std::string("lua: error running function `") + function + "' " + message;
}

enum class Answer { yes, no, failed };

// Runs the function under its arguments on the stack; its answer must be a boolean. Tells how long it took.
Answer ask(lua_State* L, const char* function, int arguments, double& microseconds) {
    Answer answer = Answer::failed;
    const auto start = Clock::now();
    const bool raised = lua_pcall(L, arguments, 1, 0) != 0;
    microseconds = microsecondsSince(start);
    if (!raised && lua_isboolean(L, -1)) answer = lua_toboolean(L, -1) ? Answer::yes : Answer::no;
    else if (raised) logLine(LogLevel::error, errorIn(L, function));
    else logLine(LogLevel::error, std::string("lua: `") + function + "' must return a boolean");
    lua_settop(L, 0);
    return answer;
}

Answer askFilter(lua_State* L, uint32_t category, uint32_t element, double& microseconds) {
    lua_getglobal(L, "filter");
    lua_pushinteger(L, category);
    lua_pushinteger(L, element);
    return ask(L, "filter", 2, microseconds);
}

// The script's folder is searched, too.
void extendSearchPaths(lua_State* L, const std::string& script) {
    const size_t slash = script.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : script.substr(0, slash);
    const std::pair<const char*, std::string> additions[] = {{"path", "/?.lua"}, {"cpath", "/lib/?.so"}};
    lua_getglobal(L, "package");
    for (const auto& [name, pattern] : additions) {
        lua_getfield(L, -1, name);
        const std::string extended = std::string(lua_tostring(L, -1)) + ";" + folder + pattern;
        lua_pop(L, 1);
        pushText(L, extended);
        lua_setfield(L, -2, name);
    }
    lua_pop(L, 1);
}

// os.time() of --clock. With a table it is Lua's own.
int timeOfClock(lua_State* L) {
    if (lua_isnoneornil(L, 1)) {
        lua_pushinteger(L, static_cast<lua_Integer>(*contextOf<Connector>(L).clock));
        return 1;
    }
    lua_pushvalue(L, lua_upvalueindex(2));
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

void replaceTime(Connector& connector) {
    lua_State* L = connector.state;
    lua_getglobal(L, "os");
    lua_pushlightuserdata(L, &connector);
    lua_getfield(L, -2, "time");
    lua_pushcclosure(L, timeOfClock, 2);
    lua_setfield(L, -2, "time");
    lua_pop(L, 1);
}

// The broker tries filter() once while broker_log does not exist yet. If that fails, it never asks again.
bool filterWorks(lua_State* L) {
    if (!isFunction(L, "filter")) return false;
    double taken = 0;
    if (askFilter(L, 1, 2, taken) != Answer::failed) return true;
    logLine(LogLevel::error, "lua: the filter is switched off, write() is called for each event");
    return false;
}

int readApiVersion(lua_State* L) {
    lua_getglobal(L, "broker_api_version");
    int version = 1;
    if (lua_isnumber(L, -1)) version = static_cast<int>(lua_tonumber(L, -1));
    else if (lua_isstring(L, -1)) version = std::atoi(lua_tostring(L, -1));
    lua_pop(L, 1);
    if (version == 1 || version == 2) return version;
    logLine(LogLevel::error, "lua: broker_api_version must be one of (1, 2) and not " + std::to_string(version) +
                                 ". Setting it to 1");
    return 1;
}

// Runs the script's top level and looks up its functions. "" or what is wrong.
std::string loadScript(Connector& connector, const Settings& settings) {
    lua_State* L = connector.state;
    const std::string& script = settings.script;
    if (luaL_loadfile(L, script.c_str()) != 0)
        return "lua: '" + script + "' could not be loaded: " + lua_tostring(L, -1);
    if (lua_pcall(L, 0, 0, 0) != 0) {
        const char* cause = lua_tostring(L, -1);
        connector.report->hidden_load_error = cause == nullptr ? "an error that is not a string" : cause;
        return "lua: '" + script + "' could not be compiled";
    }
    for (const char* mandatory : {"init", "write"})
        if (!isFunction(L, mandatory)) return "lua: '" + script + "' " + mandatory + "() global function is missing";
    connector.hasFilter = filterWorks(L);
    connector.hasFlush = isFunction(L, "flush");
    connector.apiVersion = readApiVersion(L);
    if (settings.apiVersion != 0) connector.apiVersion = settings.apiVersion;
    connector.report->api = connector.apiVersion;
    if (connector.apiVersion == 2) replacePairs(L);
    return "";
}

std::string runInit(Connector& connector, const Parameters& parameters) {
    lua_State* L = connector.state;
    lua_getglobal(L, "init");
    lua_newtable(L);
    for (const auto& [name, value] : parameters) {
        if (const auto* number = std::get_if<int64_t>(&value)) lua_pushinteger(L, static_cast<lua_Integer>(*number));
        else lua_pushstring(L, std::get<std::string>(value).c_str());
        lua_setfield(L, -2, name.c_str());
    }
    connector.initialising = true;
    const auto start = Clock::now();
    const bool failed = lua_pcall(L, 1, 0, 0) != 0;
    connector.report->longest_init_us = std::max(connector.report->longest_init_us, microsecondsSince(start));
    connector.initialising = false;
    std::string problem = failed ? errorIn(L, "init") : "";
    lua_settop(L, 0);
    return problem;
}

}  // namespace

std::unique_ptr<Connector> openConnector(const Settings& settings, Cache& cache, const int64_t& clock, Report& report,
                                         std::string& problem) {
    auto connector = std::make_unique<Connector>();
    connector->cache = &cache;
    connector->clock = &clock;
    connector->report = &report;
    connector->bbdoVersion = settings.bbdoVersion;
    report.lua = luaName;
    ++report.init_attempts;
    lua_State* L = connector->state = luaL_newstate();
    lua_atpanic(L, panic);
    luaL_openlibs(L);
    if (clock != 0) replaceTime(*connector);
    extendSearchPaths(L, settings.script);
    problem = loadScript(*connector, settings);
    if (problem.empty()) {
        registerLog(*connector);
        registerEvents(L, report.field_reads);
        registerBroker(*connector);
        registerCache(*connector);
        problem = runInit(*connector, settings.parameters);
    }
    if (problem.empty()) return connector;
    report.init_errors.push_back(problem);
    lua_close(L);
    return nullptr;
}

bool passesFilter(Connector& connector, const Event& event) {
    if (!connector.hasFilter) return true;
    Report& report = *connector.report;
    double taken = 0;
    const Answer answer = askFilter(connector.state, event.schema->category, event.schema->element, taken);
    report.total_filter_us += taken;
    if (answer == Answer::failed) ++report.filter_errors;
    if (answer == Answer::no) ++report.rejected_by_filter;
    return answer == Answer::yes;
}

bool writeEvent(Connector& connector, const EventPointer& event) {
    lua_State* L = connector.state;
    Report& report = *connector.report;
    FieldReads& reads = report.field_reads;
    const uint64_t readsBefore = reads.total;
    double taken = 0;
    lua_getglobal(L, "write");
    pushEvent(L, event, connector.apiVersion);
    const Answer answer = ask(L, "write", 1, taken);
    ++report.written;
    ++(answer == Answer::yes ? report.write_true : answer == Answer::no ? report.write_false : report.write_errors);
    report.total_write_us += taken;
    report.longest_write_us = std::max(report.longest_write_us, taken);
    report.lua_memory_kb_max = std::max(report.lua_memory_kb_max, memoryInUse(L));
    ++reads.byOrdinal[event->schema->ordinal].events;
    reads.mostOfOneEvent = std::max(reads.mostOfOneEvent, reads.total - readsBefore);
    return answer == Answer::yes;
}

bool flushConnector(Connector& connector) {
    if (!connector.hasFlush) return false;
    Report& report = *connector.report;
    double taken = 0;
    lua_getglobal(connector.state, "flush");
    const Answer answer = ask(connector.state, "flush", 0, taken);
    ++report.flush_calls;
    if (answer == Answer::yes) ++report.flush_true;
    if (answer == Answer::failed) ++report.flush_errors;
    report.last_flush_us = taken;
    report.longest_flush_us = std::max(report.longest_flush_us, taken);
    return answer == Answer::yes;
}

void collectGarbage(Connector& connector) {
#ifdef LUAJIT_VERSION
    // It counts the code that it compiled as memory in use.
    luaJIT_setmode(connector.state, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_FLUSH);
#endif
    // Userdata with a finaliser is freed by the collection after the one that finalised it.
    for (int i = 0; i < 2; ++i) lua_gc(connector.state, LUA_GCCOLLECT, 0);
    connector.report->lua_memory_kb = memoryInUse(connector.state);
}

void closeConnector(Connector& connector) {
    collectGarbage(connector);
    lua_close(connector.state);
    connector.state = nullptr;
}

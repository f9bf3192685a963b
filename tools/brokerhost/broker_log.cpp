// broker_log: lines to the connector's own file, or to the broker's log.
#include "connector.hpp"
#include "host_log.hpp"

#include <cstdio>
#include <ctime>

namespace {

constexpr const char* logType = "lua_broker_log";
constexpr int highestLevel = 3;

int setParameters(lua_State* L) {
    auto& connector = contextOf<Connector>(L);
    luaL_checkudata(L, 1, logType);
    const auto level = static_cast<int>(lua_tointeger(L, 2));
    const char* path = lua_tostring(L, 3);
    if (level < 0 || level > highestLevel)
        return luaL_error(L, "set_parameters expects the first argument to be 0, 1, 2 or 3.");
    if (path == nullptr) crash("broker_log:set_parameters(level, nil)", "abort, even inside pcall");
    connector.logLevelIsSet = true;
    connector.logLevel = level;
    connector.logPath = path;
    return 0;
}

// The broker opens and closes the file for every line, so that logrotate needs no signal.
void appendToFile(const std::string& path, int64_t clock, const char* header, const char* text) {
    FILE* file = std::fopen(path.c_str(), "a");
    if (file == nullptr) {
        logLine(LogLevel::error, "Unable to open the log file '" + path + "'");
        return;
    }
    const time_t now = clock == 0 ? std::time(nullptr) : static_cast<time_t>(clock);
    tm local{};
    localtime_r(&now, &local);
    char date[80];
    std::strftime(date, sizeof date, "%c", &local);
    std::fprintf(file, "%s: %s: %s\n", date, header, text);
    std::fclose(file);
}

int writeLine(lua_State* L, LogLevel kind, const char* method, const char* header) {
    auto& connector = contextOf<Connector>(L);
    luaL_checkudata(L, 1, logType);
    const lua_Integer level = lua_tointeger(L, 2);
    const char* text = lua_tostring(L, 3);
    // The broker's level is uninitialised memory then: any line may appear or not. Here all do.
    if (!connector.logLevelIsSet) ++connector.report->log_calls_before_level;
    else if (level > connector.logLevel) return 0;
    if (connector.logPath.empty()) {
        if (text == nullptr)
            crash(std::string("broker_log:") + method + "(level, nil) with no log file set", "segmentation fault");
        logLine(kind, text);
    } else {
        if (text == nullptr) text = "(null)";
        if (kind == LogLevel::error) rememberError(text);
        appendToFile(connector.logPath, *connector.clock, header, text);
    }
    return 0;
}

int info(lua_State* L) { return writeLine(L, LogLevel::info, "info", "INFO"); }
int warning(lua_State* L) { return writeLine(L, LogLevel::warning, "warning", "WARNING"); }
int error(lua_State* L) { return writeLine(L, LogLevel::error, "error", "ERROR"); }

}  // namespace

void registerLog(Connector& connector) {
    lua_State* L = connector.state;
    beginObject(L, logType);
    addFunctions(L, {{"set_parameters", setParameters}, {"info", info}, {"warning", warning}, {"error", error}},
                 &connector);
    endObject(L, "broker_log");
}

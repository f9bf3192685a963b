// The broker's own log and its sudden end: see host_log.hpp.
#include "host_log.hpp"

#include <unistd.h>

#include <cstdio>
#include <ctime>

namespace {

constexpr int crashExitCode = 99;
// Enough to see what goes wrong; a connector that fails at every event must not fill the report.
constexpr size_t maxRememberedErrors = 100;

std::string logPath;
bool silent = false;
std::vector<std::string> errors;

const char* nameOf(LogLevel level) {
    switch (level) {
        case LogLevel::info: return "info";
        case LogLevel::warning: return "warning";
        default: return "error";
    }
}

}  // namespace

void openHostLog(const std::string& path, bool quiet) {
    logPath = path;
    silent = quiet;
}

void rememberError(const std::string& text) {
    if (errors.size() < maxRememberedErrors) errors.push_back(text);
}

const std::vector<std::string>& loggedErrors() { return errors; }

void logLine(LogLevel level, const std::string& text) {
    if (level == LogLevel::error) rememberError(text);
    if (logPath.empty() && silent) return;
    FILE* file = logPath.empty() ? stderr : std::fopen(logPath.c_str(), "a");
    if (file == nullptr) return;
    const time_t now = std::time(nullptr);
    tm local{};
    localtime_r(&now, &local);
    char date[32];
    std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &local);
    std::fprintf(file, "[%s] [lua] [%s] %s\n", date, nameOf(level), text.c_str());
    if (file != stderr) std::fclose(file);
}

void crash(const std::string& call, const std::string& effect) {
    std::fprintf(stderr,
                 "brokerhost: THE BROKER DIES HERE: %s: %s\n"
                 "brokerhost: see \"What kills or corrupts the broker\" in tools/brokerhost/README.md\n",
                 call.c_str(), effect.c_str());
    std::fflush(nullptr);
    _exit(crashExitCode);
}

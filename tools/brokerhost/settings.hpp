// What the user asks for: the command line, and the output as Centreon's central-broker.json describes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

// lua_parameter: texts and passwords are strings, numbers are integers.
using Parameters = std::map<std::string, std::variant<std::string, int64_t>>;

struct Settings {
    std::string script{};
    Parameters parameters{};
    int apiVersion = 0;  // 0: what the script says
    std::string bbdoVersion = "3.0.1";
    std::set<uint32_t> categories{};  // that reach the output; empty: all
    size_t queueMax = 10000;          // event_queue_max_size
    double retryInterval = 15;        // seconds between attempts to open the output
    std::vector<std::string> eventFiles{};
    size_t benchRounds = 0;  // 0: no bench
    int64_t clock = 0;       // Unix time at which the script's clock stands; 0: the system's
    std::string reportPath{};  // "": standard output
};

// Throws std::runtime_error with what is wrong with the command line or the configuration.
Settings readSettings(int argumentCount, char** arguments);

extern const char* const usage;

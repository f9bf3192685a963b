// Reads the command line and central-broker.json: see settings.hpp.
#include "settings.hpp"

#include "host_log.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <fstream>
#include <map>
#include <stdexcept>

using nlohmann::json;

const char* const usage =
    "usage: brokerhost --config FILE [--output NAME] [--script FILE] [--param NAME=VALUE]... [--events FILE]...\n"
    "                  [--api 1|2] [--queue-max N] [--bbdo VERSION] [--log FILE] [--report FILE] [--quiet]\n"
    "                  [--bench N] [--clock UNIX_TIME]\n"
    "Runs the Lua stream connector of a central-broker.json as the broker does. See tools/brokerhost/README.md\n";

namespace {

[[noreturn]] void complain(const std::string& text) { throw std::runtime_error(text); }

// Numbers stand as strings in Centreon's files, and as numbers in files written by hand.
double numberIn(const json& value, const std::string& name) {
    try {
        if (value.is_number()) return value.get<double>();
        if (value.is_string()) return std::stod(value.get<std::string>());
    } catch (const std::exception&) {
        // Complained of below.
    }
    complain(name + " is not a number: " + value.dump());
}

uint32_t categoryOf(const std::string& name) {
    static const std::map<std::string, uint32_t> known = {
        {"neb", 1}, {"bbdo", 2}, {"storage", 3}, {"correlation", 4}, {"dumper", 5}, {"bam", 6}};
    const auto found = known.find(name);
    if (found == known.end()) complain("unknown filter category " + name);
    return found->second;
}

std::set<uint32_t> categoriesOf(const json& output) {
    std::set<uint32_t> categories;
    const json filter = output.value("filters", json::object()).value("category", json::array());
    for (const json& name : filter.is_array() ? filter : json::array({filter})) {
        if (name == "all") return {};
        categories.insert(categoryOf(name.get<std::string>()));
    }
    return categories;
}

int64_t numberParameter(const std::string& name, const std::string& text) {
    int32_t number = 0;
    const char* end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || parsed != end)
        crash("the number parameter " + name + "=" + text, "the broker takes 32-bit integers only, and exits");
    return number;
}

void addParameter(Parameters& parameters, const json& given) {
    const auto name = given.at("name").get<std::string>();
    const auto type = given.value("type", std::string("string"));
    if (name.empty()) complain("a lua_parameter has an empty name");
    if (!given.at("value").is_string()) complain("the value of lua_parameter " + name + " is not a JSON string");
    const auto value = given.at("value").get<std::string>();
    if (type == "number") parameters[name] = numberParameter(name, value);
    else if (type == "string" || type == "password" || type.empty()) parameters[name] = value;
    else logLine(LogLevel::warning, "lua_parameter " + name + ": the broker ignores the type " + type);
}

json chooseOutput(const json& outputs, const std::string& name) {
    for (const json& output : outputs)
        if (output.value("type", "") == "lua" && (name.empty() || output.value("name", "") == name)) return output;
    complain(name.empty() ? "no output of type lua" : "no output of type lua with the name " + name);
}

// The whole of central-broker.json, an object with its "output" array, or one output.
void readConfiguration(Settings& settings, const std::string& path, const std::string& outputName) {
    std::ifstream file(path);
    if (!file) complain("cannot read " + path);
    const json whole = json::parse(file);
    const json& broker = whole.contains("centreonBroker") ? whole["centreonBroker"] : whole;
    if (broker.contains("event_queue_max_size"))
        settings.queueMax = static_cast<size_t>(numberIn(broker["event_queue_max_size"], "event_queue_max_size"));
    const json outputs = broker.contains("output") ? broker["output"] : json::array({broker});
    const json output = chooseOutput(outputs.is_array() ? outputs : json::array({outputs}), outputName);
    settings.script = output.value("path", "");
    settings.categories = categoriesOf(output);
    if (output.contains("retry_interval"))
        settings.retryInterval = numberIn(output["retry_interval"], "retry_interval");
    const json given = output.value("lua_parameter", json::array());
    for (const json& parameter : given.is_array() ? given : json::array({given}))
        addParameter(settings.parameters, parameter);
}

size_t countIn(const std::string& option, const std::string& text) {
    size_t number = 0;
    const char* end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || parsed != end || number == 0) complain(option + " takes a number above 0: " + text);
    return number;
}

// The command line: each option with its values, in their order.
using Options = std::map<std::string, std::vector<std::string>>;

Options readOptions(int argumentCount, char** arguments) {
    Options options = {{"--config", {}}, {"--output", {}}, {"--script", {}}, {"--param", {}}, {"--events", {}},
                       {"--api", {}},    {"--bbdo", {}},   {"--log", {}},    {"--report", {}}, {"--bench", {}},
                       {"--quiet", {}},  {"--clock", {}},  {"--queue-max", {}}};
    for (int i = 1; i < argumentCount; ++i) {
        const std::string name = arguments[i];
        if (options.count(name) == 0) complain("unknown option " + name);
        if (name != "--quiet" && ++i == argumentCount) complain(name + " needs a value");
        options[name].push_back(arguments[i]);
    }
    return options;
}

}  // namespace

Settings readSettings(int argumentCount, char** arguments) {
    Options options = readOptions(argumentCount, arguments);
    const auto last = [&](const char* name) { return options[name].empty() ? "" : options[name].back(); };
    Settings settings;
    settings.eventFiles = options["--events"];
    settings.reportPath = last("--report");
    openHostLog(last("--log"), !options["--quiet"].empty());
    if (last("--config").empty()) complain("--config is missing");
    try {
        readConfiguration(settings, last("--config"), last("--output"));
    } catch (const json::exception& error) {
        complain(last("--config") + ": " + error.what());
    }
    for (const std::string& parameter : options["--param"]) {
        const size_t equals = parameter.find('=');
        if (equals == std::string::npos) complain("--param takes NAME=VALUE: " + parameter);
        settings.parameters[parameter.substr(0, equals)] = parameter.substr(equals + 1);
    }
    if (!last("--script").empty()) settings.script = last("--script");
    if (settings.script.empty()) complain("the output has no path, and --script is missing");
    if (!last("--bbdo").empty()) settings.bbdoVersion = last("--bbdo");
    if (!last("--queue-max").empty()) settings.queueMax = countIn("--queue-max", last("--queue-max"));
    if (!last("--clock").empty()) settings.clock = static_cast<int64_t>(countIn("--clock", last("--clock")));
    if (!last("--bench").empty()) settings.benchRounds = countIn("--bench", last("--bench"));
    if (!last("--api").empty()) settings.apiVersion = static_cast<int>(countIn("--api", last("--api")));
    if (settings.apiVersion > 2) complain("--api is 1 or 2");
    return settings;
}

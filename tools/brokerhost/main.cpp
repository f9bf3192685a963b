// brokerhost: runs a Lua stream connector as Centreon Broker does. Reads the lines, does what they say, reports.
#include "host_log.hpp"
#include "lines.hpp"
#include "output.hpp"
#include "settings.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace {

enum ExitCode { succeeded = 0, usageError = 2, neverInitialised = 3 };

void doControl(Output& output, const Control& control, bool& cacheOnly) {
    Report& report = output.report;
    if (control.name == "flush") {
        idleTurn(output, true);
    } else if (control.name == "settle") {
        settle(output);
    } else if (control.name == "wait") {
        idle(output, control.seconds, [] { return false; });
    } else if (control.name == "wait_until_acknowledged") {
        idle(output, control.seconds, [&] { return output.unacknowledged.empty() && output.waiting.empty(); });
    } else if (control.name == "idle_until") {
        idle(output, control.seconds, [&] { return access(control.text.c_str(), F_OK) == 0; });
    } else if (control.name == "cache_only") {
        cacheOnly = control.value;
    } else if (control.name == "mark") {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        report.marks.push_back({control.text, report.events, report.written, report.acknowledged,
                                std::chrono::duration_cast<std::chrono::milliseconds>(now).count()});
    } else if (control.name == "clock") {
        if (output.clock == 0) throw std::runtime_error("a clock line needs --clock");
        output.clock += control.advance;
    } else if (control.name == "restart") {
        restartOutput(output);
    } else if (control.name == "kill") {
        killOutput(output);
    } else if (control.name == "collect") {
        if (output.connector != nullptr) collectGarbage(*output.connector);
    } else if (control.name == "report") {
        countQueues(output);
        std::cout << reportJson(report) << std::endl;
    }
}

Line parse(const LineSource& source, const std::string& text) {
    try {
        return readLine(text);
    } catch (const std::exception& error) {
        throw std::runtime_error(source.name + ":" + std::to_string(source.number) + ": " + error.what());
    }
}

bool isBlank(const std::string& text) { return text.find_first_not_of(" \t\r") == std::string::npos; }

// Plays the lines as they come, idling when none is there. Ends at the end of all or at "stop".
void play(Output& output, std::vector<LineSource>& sources) {
    bool cacheOnly = false;
    std::string text;
    for (LineSource& source : sources) {
        for (;;) {
            const Next next = nextLine(source, nextTurn(output), text);
            if (next == Next::end) break;
            if (next == Next::nothingYet) {
                idleTurn(output, false);
                continue;
            }
            if (isBlank(text)) continue;
            const Line line = parse(source, text);
            if (const auto* control = std::get_if<Control>(&line)) {
                if (control->name == "stop") return;
                doControl(output, *control, cacheOnly);
            } else if (cacheOnly) {
                ++output.report.cache_only_events;
                learn(output.cache, std::get<EventPointer>(line));
            } else {
                takeEvent(output, std::get<EventPointer>(line));
            }
        }
    }
}

// Gives all events to filter and write, again and again, with a cache that knows them all. Control lines are
// passed over.
void bench(Output& output, std::vector<LineSource>& sources) {
    std::vector<EventPointer> events;
    std::string text;
    for (LineSource& source : sources)
        for (Next next; (next = nextLine(source, Output::Clock::time_point::max(), text)) != Next::end;) {
            if (next == Next::nothingYet || isBlank(text)) continue;
            const Line line = parse(source, text);
            if (const auto* event = std::get_if<EventPointer>(&line)) events.push_back(*event);
        }
    for (const EventPointer& event : events) learn(output.cache, event);
    if (output.connector == nullptr || events.empty()) return;
    const auto start = Output::Clock::now();
    for (size_t round = 0; round < output.settings.benchRounds; ++round)
        for (const EventPointer& event : events)
            if (passesFilter(*output.connector, *event)) writeEvent(*output.connector, event);
    const std::chrono::duration<double, std::nano> taken = Output::Clock::now() - start;
    const auto rounds = static_cast<double>(output.settings.benchRounds);
    const auto count = static_cast<double>(events.size());
    output.report.bench = {{"rounds", rounds}, {"events", count}, {"ns_per_event", taken.count() / rounds / count}};
}

void writeReport(const Report& report, const std::string& path) {
    if (path.empty()) {
        std::cout << reportJson(report) << std::endl;
        return;
    }
    std::ofstream file(path);
    file << reportJson(report) << std::endl;
    if (!file) throw std::runtime_error("cannot write " + path);
}

ExitCode run(const Settings& settings) {
    Report report;
    std::vector<LineSource> sources;
    for (const std::string& path : settings.eventFiles) sources.push_back(openLines(path));
    Output output{settings, report};
    startOutput(output);
    if (settings.benchRounds > 0) bench(output, sources);
    else play(output, sources);
    stopOutput(output);
    countQueues(output);
    writeReport(report, settings.reportPath);
    return report.init_attempts > report.init_errors.size() ? succeeded : neverInitialised;
}

}  // namespace

int main(int argumentCount, char** arguments) {
    // A connector's peer that went away is an error of the connector's, not the end of the host.
    std::signal(SIGPIPE, SIG_IGN);
    bool settingsAreRead = false;
    try {
        const Settings settings = readSettings(argumentCount, arguments);
        settingsAreRead = true;
        return run(settings);
    } catch (const std::exception& error) {
        std::cerr << "brokerhost: " << error.what() << "\n" << (settingsAreRead ? "" : usage);
        return usageError;
    }
}

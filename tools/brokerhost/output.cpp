// The broker's side of one output: see output.hpp.
#include "output.hpp"

#include "host_log.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace {

using Clock = Output::Clock;

// Measured on the broker: an idle output is flushed about once a second.
constexpr auto flushInterval = std::chrono::seconds(1);
// How often a condition of an idle_until is looked at.
constexpr auto conditionInterval = std::chrono::milliseconds(10);
// A connector may wait up to a second in flush() while requests run; one that is back sooner has nothing to wait for.
constexpr double waitingFlushUs = 900000;
// Of one settle: what takes longer than these hangs.
constexpr int mostFlushes = 5;

Clock::duration secondsOf(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

std::set<int> openFiles() {
    std::set<int> files;
    DIR* folder = opendir("/proc/self/fd");
    if (folder == nullptr) return files;
    while (const dirent* entry = readdir(folder)) files.insert(std::atoi(entry->d_name));
    files.erase(dirfd(folder));
    closedir(folder);
    return files;
}

// Everything so far is acknowledged, what the filter rejected and what failed included.
void acknowledge(Output& output) {
    output.report.acknowledged += output.unacknowledged.size();
    output.unacknowledged.clear();
}

void giveNext(Output& output) {
    const EventPointer event = output.waiting.front();
    output.waiting.pop_front();
    output.unacknowledged.push_back(event);
    output.burst = true;
    learn(output.cache, event);
    if (passesFilter(*output.connector, *event) && writeEvent(*output.connector, event)) acknowledge(output);
}

Clock::time_point flushDue(const Output& output) {
    if (output.connector == nullptr || !output.connector->hasFlush) return Clock::time_point::max();
    return output.burst ? output.lastFlush : output.lastFlush + flushInterval;
}

void flush(Output& output) {
    output.burst = false;
    if (flushConnector(*output.connector)) acknowledge(output);
    output.lastFlush = Clock::now();
}

// Gives what waits. With a full queue, only flush is called (at once, then once a second) until it acknowledges.
void giveWaiting(Output& output) {
    for (;;) {
        while (output.connector != nullptr && !output.waiting.empty() &&
               output.unacknowledged.size() < output.settings.queueMax)
            giveNext(output);
        const bool full = output.connector != nullptr && !output.waiting.empty();
        if (full && !output.stalled) {
            ++output.report.stalls;
            logLine(LogLevel::warning, "the queue is full (event_queue_max_size): only flush() is called now");
        }
        output.stalled = full;
        if (!full || flushDue(output) > Clock::now()) return;
        flush(output);
        if (!output.unacknowledged.empty()) return;
    }
}

}  // namespace

void startOutput(Output& output) {
    output.stalled = output.burst = false;
    output.filesBefore = openFiles();
    std::string problem;
    output.connector = openConnector(output.settings, output.cache, output.clock, output.report, problem);
    output.lastFlush = Clock::now();
    if (output.connector == nullptr) {
        logLine(LogLevel::error, problem);
        output.nextAttempt = Clock::now() + secondsOf(output.settings.retryInterval);
    }
    giveWaiting(output);
}

void takeEvent(Output& output, const EventPointer& event) {
    ++output.report.events;
    const auto& categories = output.settings.categories;
    if (!categories.empty() && categories.count(event->schema->category) == 0) {
        ++output.report.filtered_by_category;
        return;
    }
    output.waiting.push_back(event);
    if (output.connector == nullptr && Clock::now() >= output.nextAttempt) startOutput(output);
    else giveWaiting(output);
}

Clock::time_point nextTurn(const Output& output) {
    return output.connector == nullptr ? output.nextAttempt : flushDue(output);
}

void idleTurn(Output& output, bool always) {
    if (output.connector == nullptr && Clock::now() >= output.nextAttempt) startOutput(output);
    if (output.connector != nullptr && (always || flushDue(output) <= Clock::now())) flush(output);
    giveWaiting(output);
}

void idle(Output& output, double seconds, const std::function<bool()>& enough) {
    const auto end = Clock::now() + secondsOf(seconds);
    for (;;) {
        idleTurn(output, false);
        const auto now = Clock::now();
        if (now >= end || enough()) return;
        std::this_thread::sleep_until(std::min({nextTurn(output), end, now + conditionInterval}));
    }
}

void settle(Output& output) {
    for (int flushes = 0; flushes < mostFlushes; ++flushes) {
        idleTurn(output, true);
        if (output.report.last_flush_us < waitingFlushUs) return;
    }
}

void stopOutput(Output& output) {
    if (output.connector == nullptr) return;
    flush(output);
    closeConnector(*output.connector);
    output.connector.reset();
    output.cacheFile = copyOf(output.cache);
}

void restartOutput(Output& output) {
    stopOutput(output);
    ++output.report.restarts;
    output.waiting.insert(output.waiting.begin(), output.unacknowledged.begin(), output.unacknowledged.end());
    output.unacknowledged.clear();
    startOutput(output);
}

void killOutput(Output& output) {
    ++output.report.kills;
    // A killed process runs no finaliser and writes out no buffer: the state is left behind as it is. Its files and
    // sockets close as those of a dead process do; what it still has in buffers goes to /dev/null.
    (void)output.connector.release();
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int file : openFiles())
        if (output.filesBefore.count(file) == 0) dup3(nowhere, file, O_CLOEXEC);
    close(nowhere);
    // What waits beyond the memory queue is in a file, and survives.
    const size_t room = output.settings.queueMax - std::min(output.settings.queueMax, output.unacknowledged.size());
    const size_t inMemory = std::min(output.waiting.size(), room);
    output.report.lost += output.unacknowledged.size() + inMemory;
    output.unacknowledged.clear();
    output.waiting.erase(output.waiting.begin(), output.waiting.begin() + static_cast<std::ptrdiff_t>(inMemory));
    output.cache = copyOf(output.cacheFile);
    startOutput(output);
}

void countQueues(Output& output) {
    output.report.unacknowledged = output.unacknowledged.size();
    output.report.waiting = output.waiting.size();
}

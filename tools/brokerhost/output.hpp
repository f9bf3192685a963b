// What the broker keeps around a connector: which events it is given and when, what is acknowledged, when flush
// is called, when a failed init is tried again, and what stops, restarts and crashes do to the events.
#pragma once

#include "connector.hpp"
#include "settings.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <set>

struct Output {
    using Clock = std::chrono::steady_clock;

    const Settings& settings;
    Report& report;
    Cache cache{};
    Cache cacheFile{};  // <broker>.cache.<output>: the cache as the last clean stop wrote it
    int64_t clock = settings.clock;  // what the script's os.time says; 0: the system's
    std::unique_ptr<Connector> connector{};     // empty while init fails
    std::deque<EventPointer> waiting{};         // not yet given to the connector: the broker's queue file
    std::deque<EventPointer> unacknowledged{};  // given or rejected by the filter: the broker's queue in memory
    bool stalled = false;                       // the memory queue is full
    bool burst = false;                         // events were given since the last flush
    Clock::time_point lastFlush{};
    Clock::time_point nextAttempt{};  // of opening the connector
    std::set<int> filesBefore{};      // open files before the connector had any
};

// Tries to open the connector; on failure, the idle loop tries again.
void startOutput(Output& output);

// An event came. It is given to the connector unless its category is not wanted or the queue is full.
void takeEvent(Output& output, const EventPointer& event);

// When the idle loop has something to do next.
Output::Clock::time_point nextTurn(const Output& output);

// One turn of the idle loop: tries to open a failed connector, flushes if it is time (`always`: in any case).
void idleTurn(Output& output, bool always);

// Idles until `enough` says so, or for so many seconds.
void idle(Output& output, double seconds, const std::function<bool()>& enough);

// Flushes until nothing seems to be under way any more.
void settle(Output& output);

// A clean stop: one last flush, the state is closed, and the cache is written to its file.
void stopOutput(Output& output);

// A clean stop and a new start: unacknowledged events come again first, in order.
void restartOutput(Output& output);

// As a crash or SIGKILL: nothing is flushed or closed in order, the memory queue is lost, and the cache is what the
// last clean stop left.
void killOutput(Output& output);

// Brings the report's counters of the queues up to date.
void countQueues(Output& output);

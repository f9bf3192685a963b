// What the host counted and measured. The members are named as in the report's JSON; README.md explains them.
#pragma once

#include "event_schema.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

// What the connector read of API 2 events.
struct FieldReads {
    struct OfEvent {
        uint64_t events = 0;
        uint64_t reads = 0;
    };
    uint64_t total = 0;
    uint64_t mostOfOneEvent = 0;
    std::vector<OfEvent> byOrdinal = std::vector<OfEvent>(schemas().size());
};

// Where the counters stood at a {"control":"mark"}.
struct Mark {
    std::string name;
    uint64_t events, written, acknowledged;
    int64_t unix_ms;  // of the system, whatever the clock of --clock says
};

struct Report {
    std::string lua{}, hidden_load_error{};
    uint64_t api = 0, log_calls_before_level = 0;
    uint64_t events = 0, cache_only_events = 0, filtered_by_category = 0, rejected_by_filter = 0, filter_errors = 0;
    uint64_t written = 0, write_true = 0, write_false = 0, write_errors = 0;
    uint64_t flush_calls = 0, flush_true = 0, flush_errors = 0;
    uint64_t acknowledged = 0, unacknowledged = 0, waiting = 0, lost = 0, stalls = 0, restarts = 0, kills = 0;
    uint64_t init_attempts = 0;
    std::vector<std::string> init_errors{};
    double longest_init_us = 0, longest_write_us = 0, longest_flush_us = 0, total_write_us = 0, total_filter_us = 0;
    double last_flush_us = 0;
    double lua_memory_kb = 0, lua_memory_kb_max = 0;  // in the end, after a full collection; after any write
    std::map<std::string, double> bench{};  // rounds, events, ns_per_event
    FieldReads field_reads{};
    std::vector<Mark> marks{};
};

// One line of JSON, without the line's end.
std::string reportJson(const Report& report);

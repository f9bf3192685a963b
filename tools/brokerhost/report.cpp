// The report as JSON: see report.hpp.
#include "report.hpp"

#include "host_log.hpp"

#include <nlohmann/json.hpp>

using nlohmann::json;

// nlohmann's conversion of a record, by the names of its members.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Mark, name, events, written, acknowledged, unix_ms)

void to_json(json& result, const FieldReads& reads) {
    result = {{"total", reads.total}, {"max_of_one_event", reads.mostOfOneEvent}, {"by_event", json::array()}};
    for (const Schema& schema : schemas()) {
        const FieldReads::OfEvent& counted = reads.byOrdinal[schema.ordinal];
        if (counted.events == 0 && counted.reads == 0) continue;
        result["by_event"].push_back({{"category", schema.category},
                                      {"element", schema.element},
                                      {"event", schema.name},
                                      {"events", counted.events},
                                      {"reads", counted.reads}});
    }
}

void from_json(const json&, FieldReads&) {}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Report, lua, hidden_load_error, api, log_calls_before_level, events,
                                   cache_only_events, filtered_by_category, rejected_by_filter, filter_errors,
                                   written, write_true, write_false, write_errors, flush_calls, flush_true,
                                   flush_errors, acknowledged, unacknowledged, waiting, lost, stalls, restarts,
                                   kills, init_attempts, init_errors, longest_init_us, longest_write_us,
                                   longest_flush_us, total_write_us, total_filter_us, last_flush_us,
                                   lua_memory_kb, lua_memory_kb_max, bench, field_reads, marks)

std::string reportJson(const Report& report) {
    json result = report;
    result["error_lines"] = loggedErrors();
    // Connectors may log any bytes: the report stays JSON.
    return result.dump(-1, ' ', false, json::error_handler_t::replace);
}

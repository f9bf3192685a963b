// The broker's own log, as cbd keeps one: on standard error, or in the file given with --log.
// Also the loud end of the host where the real broker would die.
#pragma once

#include <string>
#include <vector>

enum class LogLevel { info, warning, error };

// Where the log goes: a file's path, or "" for standard error, which `quiet` silences.
void openHostLog(const std::string& path, bool quiet);

void logLine(LogLevel level, const std::string& text);

// The first lines that were logged as errors, by the host or by the connector's broker_log:error.
const std::vector<std::string>& loggedErrors();

// Remembers an error line that went to a file of the connector's.
void rememberError(const std::string& text);

// Ends the host where the real broker dies (the contract's table "What kills or corrupts the broker").
// `call` is what was called, `effect` what it does to the broker. Exit code 99.
[[noreturn]] void crash(const std::string& call, const std::string& effect);

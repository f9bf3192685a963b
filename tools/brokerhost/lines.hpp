// Lines of an events file or of standard input, read as they come.
#pragma once

#include <chrono>
#include <string>

struct LineSource {
    std::string name;
    int file = 0;
    std::string buffer{};
    bool ended = false;
    size_t number = 0;  // of the last line given, from 1
};

enum class Next { line, nothingYet, end };

// Opens the file, "-" being standard input. Throws std::runtime_error.
LineSource openLines(const std::string& path);

// The next line, without its end, waiting for it until `deadline` at most.
Next nextLine(LineSource& source, std::chrono::steady_clock::time_point deadline, std::string& line);

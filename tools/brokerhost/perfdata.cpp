// Performance data: see perfdata.hpp.
#include "perfdata.hpp"

#include <cctype>
#include <cmath>
#include <cstdlib>

namespace {

bool isSpace(char character) { return std::isspace(static_cast<unsigned char>(character)) != 0; }

bool endsField(char character) { return character == '\0' || character == ';' || isSpace(character); }

// Reads a number, with a point or a comma, and moves on. NaN when there is none.
float readNumber(const char*& at) {
    std::string digits;
    const char* end = at;
    while (*end != '\0' && std::string("0123456789+-.,eE").find(*end) != std::string::npos)
        digits += *end == ',' ? '.' : *end, ++end;
    char* parsed = nullptr;
    const float number = std::strtof(digits.c_str(), &parsed);
    if (parsed == digits.c_str()) return std::numeric_limits<float>::quiet_NaN();
    at += parsed - digits.c_str();
    return number;
}

// "10" is 0..10, "10:" 10 and above, "~:10" 10 and below, "10:20" both ends, "@" in front of any.
Threshold readThreshold(const char*& at) {
    Threshold threshold;
    constexpr float infinity = std::numeric_limits<float>::infinity();
    if (*at == '@') threshold.inside = true, ++at;
    if (*at == '~') threshold.low = -infinity, ++at;
    else threshold.low = readNumber(at);
    if (*at != ':') {
        threshold.high = threshold.low;
        if (!std::isnan(threshold.low)) threshold.low = 0;
        return threshold;
    }
    ++at;
    threshold.high = endsField(*at) ? infinity : readNumber(at);
    return threshold;
}

// Moves behind the next ";" of this metric; false at its end.
bool nextField(const char*& at) {
    while (!endsField(*at)) ++at;
    if (*at != ';') return false;
    ++at;
    return true;
}

// The label up to "=", which may be quoted, without its quotes and its type ("d[traffic]").
std::string readName(const char*& at) {
    std::string name;
    bool quoted = false;
    for (; *at != '\0' && (quoted || (*at != '=' && !isSpace(*at))); ++at) {
        if (*at == '\'') quoted = !quoted;
        else name += *at;
    }
    const bool typed = name.size() > 3 && name[1] == '[' && name.back() == ']' &&
                       std::string("acdg").find(name[0]) != std::string::npos;
    return typed ? name.substr(2, name.size() - 3) : name;
}

}  // namespace

std::vector<Metric> parsePerfdata(const char* text) {
    std::vector<Metric> metrics;
    const char* at = text;
    for (;;) {
        while (isSpace(*at)) ++at;
        if (*at == '\0') return metrics;
        Metric metric{readName(at)};
        if (*at == '=') {
            ++at;
            metric.value = readNumber(at);
            while (!endsField(*at)) metric.unit += *at++;
            if (nextField(at)) metric.warning = readThreshold(at);
            if (nextField(at)) metric.critical = readThreshold(at);
            if (nextField(at)) metric.min = readNumber(at);
            if (nextField(at)) metric.max = readNumber(at);
            if (!metric.name.empty() && !std::isnan(metric.value)) metrics.push_back(metric);
        }
        while (*at != '\0' && !isSpace(*at)) ++at;
    }
}

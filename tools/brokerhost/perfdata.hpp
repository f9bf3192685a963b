// The broker's reading of performance data ("rta=0.05ms;1;5;0; pl=0%"), with its 32-bit floats.
#pragma once

#include <limits>
#include <string>
#include <vector>

struct Threshold {
    float low = std::numeric_limits<float>::quiet_NaN();
    float high = std::numeric_limits<float>::quiet_NaN();
    bool inside = false;  // "@": the alert is inside of the range
};

struct Metric {
    std::string name;
    float value = 0;
    std::string unit{};
    Threshold warning{};
    Threshold critical{};
    float min = std::numeric_limits<float>::quiet_NaN();
    float max = std::numeric_limits<float>::quiet_NaN();
};

// The metrics in their order; what is not a metric is left out.
std::vector<Metric> parsePerfdata(const char* text);

// Lines as they come: see lines.hpp.
#include "lines.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace {

// Waits for input until the deadline; false when there was none.
bool hasInput(const LineSource& source, std::chrono::steady_clock::time_point deadline) {
    constexpr int64_t longestWaitMs = 1000;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd wanted{source.file, POLLIN, 0};
    return poll(&wanted, 1, static_cast<int>(std::clamp<int64_t>(left, 0, longestWaitMs))) > 0;
}

}  // namespace

LineSource openLines(const std::string& path) {
    const int file = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw std::runtime_error("cannot read " + path + ": " + std::strerror(errno));
    return {path, file};
}

Next nextLine(LineSource& source, std::chrono::steady_clock::time_point deadline, std::string& line) {
    for (;;) {
        const size_t end = source.buffer.find('\n');
        if (end != std::string::npos) {
            line = source.buffer.substr(0, end);
            source.buffer.erase(0, end + 1);
            ++source.number;
            return Next::line;
        }
        if (source.ended) {
            if (source.buffer.empty()) return Next::end;
            source.buffer += '\n';
            continue;
        }
        if (!hasInput(source, deadline)) return Next::nothingYet;
        char chunk[65536];
        const ssize_t count = read(source.file, chunk, sizeof chunk);
        if (count > 0) source.buffer.append(chunk, static_cast<size_t>(count));
        else source.ended = true;
    }
}

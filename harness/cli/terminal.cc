#include "harness/cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/model/words.h"

namespace drydock {
namespace {

int terminal_width(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 100;
}

/// The first line of output: which layout was found.
class Announcing : public ProgressListener {
 public:
  void run_started(const ScenarioRun& run, std::size_t migrations) override {
    fmt::print("{}\n", layout_line(run, migrations));
    std::fflush(stdout);
    total_ = migrations;
  }

 protected:
  std::size_t total_ = 0;
};

class Lines : public Announcing {
 public:
  void migration_ended(const MigrationResult& result) override {
    ++done_;
    if (result.outcome == Outcome::kPassed || result.outcome == Outcome::kSkipped) return;
    fmt::print(stderr, "[{}/{}] {} {}\n", done_, total_, result.evidence.migration,
               word(result.outcome));
  }
  void run_ended(const ScenarioRun&) override { done_ = 0; }

 private:
  std::size_t done_ = 0;
};

class Bar : public Announcing {
 public:
  void migration_started(const std::string& id, std::size_t) override { id_ = id; }
  void migration_ended(const MigrationResult&) override { ++done_; }
  void phase_started(PhaseName phase) override {
    phase_ = phase;
    if (milliseconds_since(drawn_) >= kRedrawMs) draw();
  }
  void run_ended(const ScenarioRun&) override {
    done_ = 0;
    fmt::print(stderr, "\r\033[K");
  }

 private:
  static constexpr double kRedrawMs = 50;  ///< 20 pictures a second: calm, and nothing in time
  static constexpr std::size_t kCells = 24;

  void draw() {
    drawn_ = SteadyClock::now();
    const std::size_t filled = total_ == 0 ? kCells : done_ * kCells / total_;
    std::string bar;
    for (std::size_t cell = 0; cell < kCells; ++cell) bar += cell < filled ? "━" : "─";
    const std::string counts = fmt::format(" {}/{} ", done_, total_);
    const std::size_t used = kCells + counts.size() + 12;
    const auto width = static_cast<std::size_t>(terminal_width(STDERR_FILENO));
    fmt::print(stderr, "\r\033[K{}{}{}  {}", bar, counts,
               shorten(id_, width > used ? width - used : 0), word(phase_));
    std::fflush(stderr);
  }

  std::string id_;
  std::size_t done_ = 0;
  PhaseName phase_ = PhaseName::kUp;
  SteadyClock::time_point drawn_;
};

}  // namespace

ConsoleStyle console_style(bool no_color, bool quiet) {
  const char* refused = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  const bool terminal = ::isatty(STDOUT_FILENO) == 1 && (!kind || std::string(kind) != "dumb");
  ConsoleStyle style;
  style.color = terminal && !no_color && (refused == nullptr || *refused == '\0');
  style.width = terminal ? terminal_width(STDOUT_FILENO) : 100;
  style.quiet = quiet;
  return style;
}

std::unique_ptr<ProgressListener> make_progress(bool quiet) {
  if (quiet) return std::make_unique<ProgressListener>();
  if (::isatty(STDERR_FILENO) == 1) return std::make_unique<Bar>();
  return std::make_unique<Lines>();
}

}  // namespace drydock

#include "harness/cli/bench_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// Runs so far tell how long those to come will take.
class Counting : public BenchProgress {
 public:
  void sweep_started(const std::string& backfill, std::size_t runs) override {
    name_ = backfill;
    runs_ = runs;
    done_ = 0;
    started_ = SteadyClock::now();
  }
  void run_ended(const BackfillVariant&, const BackfillRun&) override { ++done_; }

 protected:
  /// "about 1 min 20 s left"; empty before anything is known.
  std::string left() const {
    if (done_ == 0) return "";
    const double each = milliseconds_since(started_) / static_cast<double>(done_);
    return fmt::format("about {} left", human_duration(each * static_cast<double>(runs_ - done_)));
  }

  std::string name_;
  std::size_t runs_ = 0, done_ = 0;
  SteadyClock::time_point started_;
};

class BenchLines : public Counting {
 public:
  void preparing(const std::string& backfill) override {
    fmt::print(stderr, "{}: preparing the table\n", backfill);
  }
  void run_ended(const BackfillVariant& variant, const BackfillRun& run) override {
    Counting::run_ended(variant, run);
    if (done_ * 10 / runs_ == (done_ - 1) * 10 / runs_) return;
    fmt::print(stderr, "{}: {}/{} measured, {}\n", name_, done_, runs_, left());
  }
};

class BenchBar : public Counting {
 public:
  void preparing(const std::string& backfill) override {
    fmt::print(stderr, "\r\033[K{}: preparing the table", backfill);
    std::fflush(stderr);
  }
  void run_started(const BackfillVariant& variant, std::size_t) override {
    static constexpr std::size_t kCells = 24;
    const std::size_t filled = runs_ == 0 ? kCells : done_ * kCells / runs_;
    std::string bar;
    for (std::size_t cell = 0; cell < kCells; ++cell) bar += cell < filled ? "━" : "─";
    fmt::print(stderr, "\r\033[K{} {}/{} {}  {}", bar, done_, runs_, left(), describe(variant));
    std::fflush(stderr);
  }
  void sweep_ended() override { fmt::print(stderr, "\r\033[K"); }
};

}  // namespace

std::unique_ptr<BenchProgress> make_bench_progress(bool quiet) {
  if (quiet) return std::make_unique<BenchProgress>();
  if (::isatty(STDERR_FILENO) == 1) return std::make_unique<BenchBar>();
  return std::make_unique<BenchLines>();
}

}  // namespace drydock

#include "harness/postgres/keeper.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <limits>
#include <thread>
#include <utility>

#include "harness/base/cancellation.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/postgres/prepared_directory.h"
#include "harness/postgres/run_directory.h"

namespace drydock {
namespace fs = std::filesystem;
namespace {

constexpr char kLetLive = 'K';

/// A crash recovery or a slow disk may need long; a server that is slower than this is broken.
constexpr auto kStartLimit = std::chrono::seconds(60);

/// After SIGQUIT a postmaster is gone within tens of milliseconds; then SIGKILL.
constexpr auto kStopLimit = std::chrono::seconds(5);

// ---- in the keeper -------------------------------------------------------------------------

void tell(int report, const std::string& line) {
  [[maybe_unused]] const ssize_t put = ::write(report, (line + "\n").c_str(), line.size() + 1);
}

/// In the postmaster-to-be: never returns.
[[noreturn]] void become_postmaster(const KeeperOrder& order, const fs::path& directory,
                                    const Account& account, pid_t keeper) {
  const int log = ::open((directory / "server.log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  if (!drop_to(account)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // after the change of uid, which clears it
  if (::getppid() != keeper) ::_exit(126);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_DFL);
  std::vector<std::string> words = {order.binaries.directory + "/postgres",
                                    "-D",
                                    (directory / "data").string(),
                                    "-k",
                                    directory.string(),
                                    "-c",
                                    "listen_addresses="};
  words.insert(words.end(), order.arguments.begin(), order.arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(pointers[0], pointers.data());
  ::dprintf(STDERR_FILENO, "cannot run %s: %s\n", pointers[0], std::strerror(errno));
  ::_exit(127);
}

bool gone_within(pid_t child, std::chrono::steady_clock::duration limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (::waitpid(child, nullptr, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

void stop_server(pid_t postmaster) {
  ::kill(postmaster, SIGQUIT);
  if (gone_within(postmaster, kStopLimit)) return;
  ::kill(postmaster, SIGKILL);
  ::waitpid(postmaster, nullptr, 0);
}

/// Waits for our creator to go, to let the server live, or for the server to end by itself.
void guard(pid_t postmaster, int life, const fs::path& directory) {
  bool attached = true;
  for (;;) {
    pollfd watch{attached ? life : -1, POLLIN, 0};
    ::poll(&watch, 1, 100);
    char word = 0;
    if (watch.revents != 0) {
      if (::read(life, &word, 1) <= 0) {
        stop_server(postmaster);
        return;
      }
      if (word == kLetLive) {
        attached = false;
        write_file(kept_mark(directory), "");
      }
    }
    if (::waitpid(postmaster, nullptr, WNOHANG) == postmaster) break;
  }
  // It ended by itself. Its log must not go before our creator, who will want to know why.
  for (char word = 0; attached && ::read(life, &word, 1) > 0;) {
  }
}

bool creator_gone(int life) {
  pollfd watch{life, POLLIN, 0};
  return ::poll(&watch, 1, 0) > 0;
}

void close_between(unsigned first, unsigned last) {
  if (first > last || ::close_range(first, last, 0) == 0) return;
  for (unsigned fd = first; fd <= std::min(last, 65535U); ++fd) {  // Linux before 5.9
    ::close(static_cast<int>(fd));
  }
}

/// Standard streams and every inherited descriptor but our two pipes: a reader of Drydock's output
/// must not wait for a server that is kept.
void close_everything_but(int life, int report) {
  const int nothing = ::open("/dev/null", O_RDWR);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nothing, fd);
  // Above all our own copy of the pipe's other end, whatever its number: with it we would wait for
  // ourselves for ever.
  const auto low = static_cast<unsigned>(std::min(life, report));
  const auto high = static_cast<unsigned>(std::max(life, report));
  close_between(3, low - 1);
  close_between(low + 1, high - 1);
  close_between(high + 1, std::numeric_limits<unsigned>::max());
}

void keep(const KeeperOrder& order, int life, int report) {
  const Account account = server_account();
  const RunDirectory run = make_run_directory(order.root);
  try {
    tell(report, "directory " + run.path.string());
    provide_data_directory(order.binaries, run.path / "data", account);
    if (creator_gone(life)) throw Cancelled();
    const pid_t self = ::getpid();
    const pid_t postmaster = ::fork();
    if (postmaster == 0) become_postmaster(order, run.path, account, self);
    if (postmaster < 0) throw Error(fmt::format("cannot fork: {}", std::strerror(errno)));
    tell(report, fmt::format("postmaster {}", postmaster));
    guard(postmaster, life, run.path);
  } catch (const Error& error) {
    tell(report, "error " + one_line(error.message()));
    tell(report, "remedy " + one_line(error.remedy()));
  } catch (const std::exception& error) {
    tell(report, std::string("error ") + one_line(error.what()));
  }
  remove_tree(run.path);
}

[[noreturn]] void run_keeper(const KeeperOrder& order, int life, int report) {
  ::setsid();  // Ctrl-C at the terminal is for Drydock, which then lets go of us
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_NAME, "drydock-keeper");
  close_everything_but(life, report);
  [[maybe_unused]] const int moved = ::chdir("/");
  try {
    keep(order, life, report);
  } catch (const Error& error) {
    tell(report, "error " + one_line(error.message()));
    tell(report, "remedy " + one_line(error.remedy()));
  }
  ::_exit(0);
}

// ---- on our side ---------------------------------------------------------------------------

/// Line `wanted` of the server's postmaster.pid; empty when there is none.
std::string pid_file_line(const fs::path& directory, int wanted) {
  std::ifstream file(directory / "data" / "postmaster.pid");
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (number == wanted) return std::string(trim(line));
  }
  return {};
}

/// The server writes its status on line 8 of postmaster.pid (pg_ctl waits for the same).
bool server_ready(const fs::path& directory) { return pid_file_line(directory, 8) == "ready"; }

std::string log_tail(const fs::path& directory) {
  try {
    const std::string log = read_file(directory / "server.log");
    return log.size() > 2000 ? "…" + log.substr(log.size() - 2000) : log;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void Keeper::fork_keeper(const KeeperOrder& order) {
  int life[2], report[2];
  if (::pipe2(life, O_CLOEXEC) != 0 || ::pipe2(report, O_CLOEXEC) != 0) {
    throw Error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  keeper_ = ::fork();
  if (keeper_ < 0) throw Error(fmt::format("cannot fork: {}", std::strerror(errno)));
  if (keeper_ == 0) run_keeper(order, life[0], report[1]);
  ::close(life[0]);
  ::close(report[1]);
  life_ = life[1];
  report_ = report[0];
}

Keeper::Keeper(const KeeperOrder& order) : Keeper() {
  // From here on the destructor runs, whatever is thrown.
  fork_keeper(order);
  wait_until_ready();
}

std::unique_ptr<Keeper> Keeper::launch(const KeeperOrder& order) {
  std::unique_ptr<Keeper> keeper(new Keeper());
  keeper->fork_keeper(order);
  return keeper;
}

Keeper::Keeper(Keeper&& other) noexcept
    : keeper_(std::exchange(other.keeper_, -1)),
      life_(std::exchange(other.life_, -1)),
      report_(std::exchange(other.report_, -1)),
      directory_(std::move(other.directory_)),
      postmaster_(other.postmaster_) {}

Keeper::~Keeper() { release(); }

std::string Keeper::read_line() {
  std::string line;
  for (char c = 0;;) {
    pollfd watch[2] = {{report_, POLLIN, 0}, {cancellation_fd(), POLLIN, 0}};
    if (::poll(watch, 2, -1) < 0 && errno != EINTR) break;
    throw_if_cancelled();
    if (watch[0].revents == 0) continue;
    if (::read(report_, &c, 1) <= 0 || c == '\n') break;
    line += c;
  }
  return line;
}

void Keeper::wait_until_ready() {
  std::string error;
  while (postmaster_ < 0) {
    const std::string line = read_line();
    const std::string word = line.substr(0, line.find(' '));
    const std::string rest = line.size() > word.size() ? line.substr(word.size() + 1) : "";
    if (word == "directory") directory_ = rest;
    if (word == "postmaster") postmaster_ = std::stoi(rest);
    if (word == "error") error = rest;
    if (word == "remedy") throw Error("the disposable server was not started: " + error, rest);
    if (line.empty()) throw Error("the disposable server was not started: " + error);
  }
  const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
  while (!server_ready(directory_)) {
    throw_if_cancelled();
    if (!alive() || std::chrono::steady_clock::now() > deadline) {
      throw Error("the disposable server did not start; its log says:\n" + log_tail(directory_),
                  "If a setting of the scenario is the cause, change postgres.settings.");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

bool Keeper::alive() const {
  return keeper_ > 0 && ::kill(keeper_, 0) == 0 && ::waitpid(keeper_, nullptr, WNOHANG) == 0 &&
         (::kill(postmaster_, 0) == 0 || errno == EPERM);
}

void Keeper::let_live() {
  [[maybe_unused]] const ssize_t put = ::write(life_, &kLetLive, 1);
  ::close(std::exchange(life_, -1));
  ::close(std::exchange(report_, -1));
  keeper_ = -1;
}

void Keeper::let_go() noexcept {
  if (life_ >= 0) ::close(std::exchange(life_, -1));
  if (report_ >= 0) ::close(std::exchange(report_, -1));
}

void Keeper::release() noexcept {
  let_go();
  if (keeper_ > 0) {
    while (::waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {
    }
    keeper_ = -1;
  }
}

std::vector<LeftOver> stop_kept_servers() {
  std::vector<LeftOver> stopped;
  for (LeftOver& left : list_run_directories()) {
    if (!left.kept || !left.in_use) continue;
    const pid_t postmaster = std::atoi(pid_file_line(left.path, 1).c_str());
    left.bytes = tree_bytes(left.path);
    if (postmaster <= 1 || ::kill(postmaster, SIGQUIT) != 0) continue;
    const auto deadline = std::chrono::steady_clock::now() + kStopLimit;
    while (fs::exists(left.path) && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    stopped.push_back(left);
  }
  return stopped;
}

}  // namespace drydock

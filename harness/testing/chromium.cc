#include "harness/testing/chromium.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/files.h"

namespace drydock::testing {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

// A cold start on a busy machine takes some ten seconds.
constexpr int kPatienceMs = 60'000;

constexpr const char* kProgram = "/usr/bin/chromium";

/// In the child: the protocol's pipe is descriptors 3 (commands) and 4 (answers).
[[noreturn]] void become_browser(int commands, int answers, const std::string& profile) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  // Moved out of the way first, because either may already be 3 or 4.
  const int commands_copy = fcntl(commands, F_DUPFD, 10),
            answers_copy = fcntl(answers, F_DUPFD, 10);
  dup2(commands_copy, 3);
  dup2(answers_copy, 4);
  const int null = open("/dev/null", O_RDWR);
  for (int descriptor : {0, 1, 2}) dup2(null, descriptor);
  setenv("TMPDIR", profile.c_str(), 1);  // what it leaves there goes with the profile
  const std::string directory = "--user-data-dir=" + profile;
  execl(kProgram, kProgram, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", directory.c_str(), "--remote-debugging-pipe", "about:blank",
        static_cast<char*>(nullptr));
  _exit(127);
}

}  // namespace

bool Chromium::installed() { return access(kProgram, X_OK) == 0; }

Chromium::Chromium(const std::string& url) : url_(url) {
  std::string directory = (std::filesystem::temp_directory_path() / "drydock-page-XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) throw Error("no temporary directory for the browser");
  profile_ = directory;
  start();
  const Json targets = Json::parse(call("Target.getTargets"));
  for (const Json& target : targets.at("targetInfos")) {
    if (target.at("type") != "page") continue;
    const Json attach = {{"targetId", target.at("targetId")}, {"flatten", true}};
    session_ = Json::parse(call("Target.attachToTarget", attach.dump())).at("sessionId");
    break;
  }
  for (const char* domain : {"Runtime", "Log", "Network", "Page"}) {
    call(std::string(domain) + ".enable");
  }
  call("Page.navigate", Json{{"url", url}}.dump());
  while (!loaded_) note_event(read_message());
}

Chromium::~Chromium() {
  if (process_ > 0) {
    kill(-process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  for (const int descriptor : {to_browser_, from_browser_}) {
    if (descriptor >= 0) close(descriptor);
  }
  // The browser's own children may still write for a moment.
  for (int tries = 0; tries < 50 && std::filesystem::exists(profile_); ++tries) {
    remove_tree(profile_);
    std::this_thread::sleep_for(20ms);
  }
}

void Chromium::start() {
  signal(SIGPIPE, SIG_IGN);  // a browser that is gone is an error to report, not our end
  int commands[2], answers[2];
  if (pipe2(commands, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0) {
    throw Error("no pipe for the browser");
  }
  process_ = fork();
  if (process_ == 0) become_browser(commands[0], answers[1], profile_.string());
  close(commands[0]);
  close(answers[1]);
  to_browser_ = commands[1];
  from_browser_ = answers[0];
  if (process_ < 0) throw Error("the browser could not be started");
}

std::string Chromium::read_message() {
  while (true) {
    const std::size_t end = buffer_.find('\0');
    if (end != std::string::npos) {
      std::string message = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return message;
    }
    pollfd waiting{from_browser_, POLLIN, 0};
    if (poll(&waiting, 1, kPatienceMs) <= 0) throw Error("the browser does not answer");
    char bytes[65536];
    const ssize_t count = read(from_browser_, bytes, sizeof bytes);
    if (count <= 0) throw Error("the browser ended");
    buffer_.append(bytes, static_cast<std::size_t>(count));
  }
}

std::string Chromium::call(const std::string& method, const std::string& parameters) {
  Json command = {{"id", ++last_id_}, {"method", method}, {"params", Json::parse(parameters)}};
  if (!session_.empty()) command["sessionId"] = session_;
  const std::string text = command.dump();
  if (write(to_browser_, text.c_str(), text.size() + 1) != static_cast<ssize_t>(text.size() + 1)) {
    throw Error("the browser does not listen");
  }
  while (true) {
    const std::string message = read_message();
    const Json answer = Json::parse(message);
    if (answer.value("id", 0) != last_id_) {
      note_event(message);
    } else if (answer.contains("error")) {
      throw Error(method + ": " + answer["error"].dump());
    } else {
      return answer.at("result").dump();
    }
  }
}

void Chromium::note_event(const std::string& message) {
  const Json event = Json::parse(message);
  const std::string method = event.value("method", "");
  const Json parameters = event.value("params", Json::object());
  if (method == "Page.loadEventFired") loaded_ = true;
  if (method == "Runtime.exceptionThrown" || method == "Log.entryAdded") {
    complaints_.push_back(parameters.dump());
  }
  if (method == "Runtime.consoleAPICalled" && parameters.at("type") == "error") {
    complaints_.push_back(parameters.dump());
  }
  if (method == "Network.requestWillBeSent") {
    const std::string address = parameters.at("request").at("url");
    if (address != url_.substr(0, url_.find('#')) && address.rfind("data:", 0) != 0)
      requests_.push_back(address);
  }
}

std::string Chromium::evaluate(const std::string& expression) {
  const Json parameters = {
      {"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}};
  const Json result = Json::parse(call("Runtime.evaluate", parameters.dump()));
  if (result.contains("exceptionDetails")) throw Error(result["exceptionDetails"].dump());
  return result.at("result").value("value", Json(nullptr)).dump();
}

}  // namespace drydock::testing

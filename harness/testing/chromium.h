// A headless Chromium with one page, driven over the DevTools protocol through a pipe: no port, no
// other dependency, and the page is loaded exactly as it is shipped, content security policy
// included.
#pragma once

#include <sys/types.h>
#include <filesystem>
#include <string>
#include <vector>

namespace drydock::testing {

class Chromium {
 public:
  /// Whether there is a Chromium to run; tests skip with a warning when not.
  static bool installed();

  /// Starts the browser and loads `url`. Throws Error when that takes longer than a minute.
  explicit Chromium(const std::string& url);
  ~Chromium();
  Chromium(const Chromium&) = delete;
  Chromium& operator=(const Chromium&) = delete;

  /// The value of a JavaScript expression as JSON text. Throws Error when it throws.
  std::string evaluate(const std::string& expression);

  /// Uncaught exceptions, console errors, refused content: what a clean page has none of.
  const std::vector<std::string>& complaints() const { return complaints_; }

  /// Every address that the page asked for, but for itself and data: addresses.
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  void start();
  /// Sends a command and gives the "result" of its answer as JSON text.
  std::string call(const std::string& method, const std::string& parameters = "{}");
  void note_event(const std::string& message);
  std::string read_message();

  std::string url_;
  std::filesystem::path profile_;
  pid_t process_ = -1;
  int to_browser_ = -1, from_browser_ = -1;
  int last_id_ = 0;
  std::string session_, buffer_;
  bool loaded_ = false;
  std::vector<std::string> complaints_, requests_;
};

}  // namespace drydock::testing

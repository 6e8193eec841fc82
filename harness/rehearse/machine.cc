#include "harness/rehearse/machine.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace drydock {

std::map<std::string, std::string> describe_machine() {
  std::map<std::string, std::string> machine;
  utsname name{};
  if (::uname(&name) == 0) machine["kernel"] = fmt::format("{} {}", name.sysname, name.release);
  machine["cores"] = std::to_string(::sysconf(_SC_NPROCESSORS_ONLN));
  const long pages = ::sysconf(_SC_PHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  machine["memory"] = fmt::format("{} MB", pages / 1024 * page / 1024);
  return machine;
}

}  // namespace drydock

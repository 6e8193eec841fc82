// A place of its own for runs of the built program: migrations, servers, reports.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/testing/catch.h"
#include "harness/testing/program.h"
#include "harness/testing/scratch_directory.h"

namespace drydock::testing {

struct Place {
  ScratchDirectory root;     ///< working directory of the runs; m/ holds the migrations
  ScratchDirectory servers;  ///< run directories are made here, so that left-overs can be counted

  Place() { std::filesystem::permissions(servers.path(), std::filesystem::perms::all); }

  Place& add(const std::string& id, const std::string& up, const std::string& down) {
    root.write("m/" + id + ".up.sql", up);
    root.write("m/" + id + ".down.sql", down);
    return *this;
  }
  std::map<std::string, std::string> environment() const {
    return {{"DRYDOCK_RUN_ROOT", servers.string()}};
  }
  std::vector<std::string> command(std::vector<std::string> words) const {
    words.insert(words.begin(), DRYDOCK_BINARY);
    return words;
  }
  ProgramResult run(std::vector<std::string> words,
                    std::map<std::string, std::string> extra = {}) const {
    extra.merge(environment());
    return run_program(command(std::move(words)), extra, root.path());
  }
  bool nothing_left() const { return std::filesystem::is_empty(servers.path()); }
};

/// The run ended as bad input does: exit code 2, these words, this remedy.
inline void refused(const ProgramResult& result, const std::string& words,
                    const std::string& remedy) {
  INFO(result.output);
  CHECK(result.exit_code == 2);
  CHECK_THAT(result.output, Catch::Contains(words));
  CHECK_THAT(result.output, Catch::Contains(remedy));
}

}  // namespace drydock::testing

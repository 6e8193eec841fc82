#include "harness/rehearse/run.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>

#include "harness/base/cancellation.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/rehearse/walk.h"

namespace drydock {
namespace {

bool is_url(const std::string& server) {
  return server.starts_with("postgresql://") || server.starts_with("postgres://");
}

Server open_server(const std::string& wanted, const Scenario& scenario) {
  if (is_url(wanted)) return Server::attach(wanted);
  return Server::start(select_server(wanted), scenario.settings);
}

void describe_server(const Server& server, ScenarioRun& run) {
  run.postgres = server.version();
  run.profile = server.disposable() ? "fast" : "existing server";
  run.settings = server.settings();
  run.notes.push_back("server: " + server.place());
  if (!server.disposable()) {
    run.notes.push_back(
        "this server is not Drydock's own: it has databases of its own in it, but roles, settings "
        "and load of the server are shared with everybody");
  }
}

void note_unfinished(const MigrationSet& set, ScenarioRun& run) {
  const std::size_t done = run.migrations.size();
  if (run.error.empty() || done == 0 || done >= set.migrations.size()) return;
  run.notes.push_back(fmt::format("{} of {} were not reached", set.migrations.size() - done,
                                  plural(set.migrations.size(), "migration")));
}

/// A waiver or an irreversible migration that names nothing would silently mean nothing.
void check_names(const Scenario& scenario, const MigrationSet& set) {
  std::vector<std::string> ids;
  for (const Migration& migration : set.migrations) ids.push_back(migration.id);
  const auto known = [&](const std::string& key, const std::string& id) {
    if (id == "*" || std::find(ids.begin(), ids.end(), id) != ids.end()) return;
    const std::string near = nearest(id, ids);
    throw Error(fmt::format("{}: {} names the migration {}, which is not in {}", scenario.file, key,
                            id, set.directory),
                near.empty() ? "Correct the id, or remove the entry."
                             : fmt::format("Did you mean {}?", near));
  };
  for (const auto& entry : scenario.irreversible) known("cycle.irreversible", entry.migration);
  for (const Waiver& waiver : scenario.waivers) {
    find_check(waiver.check);
    known("waivers", waiver.migration);
  }
}

/// Everything behind the last selected migration need not even be applied.
void drop_unselected_tail(MigrationSet& set, std::vector<bool>& selected) {
  while (!selected.empty() && !selected.back()) {
    selected.pop_back();
    set.migrations.pop_back();
  }
}

void rehearse_scenario(const RunRequest& request, const Scenario& scenario,
                       const std::string& server_wanted, ProgressListener& progress,
                       ScenarioRun& run) {
  MigrationSet set =
      load_migrations(scenario.migrations, scenario.layout, LayoutOptions{scenario.placeholders});
  run.layout = set.layout;
  run.layout_summary = set.layout_summary;
  run.ignored = set.ignored;
  check_names(scenario, set);
  std::vector<bool> selected = select_migrations(set, request.selection);
  const auto count = static_cast<std::size_t>(std::count(selected.begin(), selected.end(), true));
  if (count < selected.size()) {
    run.notes.push_back(
        fmt::format("{} of {} selected", count, plural(selected.size(), "migration")));
  }
  drop_unselected_tail(set, selected);
  progress.run_started(run, set.migrations.size());
  if (set.migrations.empty()) return;
  Server server = open_server(server_wanted, scenario);
  describe_server(server, run);
  Workbench workbench(server, {scenario.run_as, scenario.extensions, scenario.prepare,
                               request.limit, request.paranoid});
  run.run_as = workbench.role_description();
  const auto keep_evidence = [&](Rehearsal rehearsal) {
    run.migrations.push_back(judge(std::move(rehearsal), scenario, request.policy));
    const Rehearsal& evidence = run.migrations.back().evidence;
    if (!evidence.judged && evidence.up.outcome != PhaseOutcome::kOk) {
      run.notes.push_back(
          fmt::format("{} did not apply; what follows ran without it", evidence.migration));
    }
    progress.migration_ended(run.migrations.back());
  };
  try {
    walk(set, selected, scenario, server, workbench, request.limit, progress, keep_evidence);
  } catch (const Error& error) {
    run.error = error.message();
    run.error_remedy = error.remedy();
  }
  note_unfinished(set, run);
  if (request.keep && server.alive()) {
    run.notes.push_back("kept; look inside with: " + server.psql_command(workbench.database()));
    workbench.keep();
    server.keep();
  }
}

ScenarioRun run_scenario(const RunRequest& request, const Scenario& scenario,
                         const std::string& server_wanted, ProgressListener& progress) {
  ScenarioRun run;
  run.scenario = scenario.name;
  run.why = scenario.why;
  run.directory = scenario.migrations;
  const auto start = SteadyClock::now();
  try {
    throw_if_cancelled();
    rehearse_scenario(request, scenario, server_wanted, progress, run);
  } catch (const Error& error) {
    run.error = error.message();
    run.error_remedy = error.remedy();
  } catch (const std::exception& error) {
    run.error = fmt::format("unexpected: {}", error.what());
    run.error_remedy = "This is a fault of Drydock; please report it with these words.";
  }
  run.duration_ms = milliseconds_since(start);
  progress.run_ended(run);
  return run;
}

std::map<std::string, std::string> describe_machine() {
  std::map<std::string, std::string> machine;
  utsname name{};
  if (::uname(&name) == 0) machine["kernel"] = fmt::format("{} {}", name.sysname, name.release);
  machine["cores"] = std::to_string(::sysconf(_SC_NPROCESSORS_ONLN));
  const long pages = ::sysconf(_SC_PHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  machine["memory"] = fmt::format("{} MB", pages / 1024 * page / 1024);
  return machine;
}

std::vector<std::string> servers_for(const RunRequest& request, const Scenario& scenario) {
  if (!request.servers.empty()) return request.servers;
  if (!scenario.postgres_versions.empty()) return scenario.postgres_versions;
  return {""};
}

}  // namespace

RunResult run_scenarios(const RunRequest& request, ProgressListener& progress) {
  RunResult result;
  const auto start = SteadyClock::now();
  result.version = DRYDOCK_VERSION;
  result.started_at = utc_timestamp(std::chrono::system_clock::now());
  result.gate = request.policy.gate;
  result.machine = describe_machine();
  for (const Check* check : all_checks()) result.checks.push_back(check->text);
  for (const Scenario& scenario : request.scenarios) {
    for (const std::string& server : servers_for(request, scenario)) {
      if (cancelled() && !result.runs.empty()) break;
      result.runs.push_back(run_scenario(request, scenario, server, progress));
    }
  }
  if (cancelled()) {
    result.error = "cancelled; this is what was seen until then";
  }
  result.duration_ms = milliseconds_since(start);
  result.verdict = overall(result);
  return result;
}

}  // namespace drydock

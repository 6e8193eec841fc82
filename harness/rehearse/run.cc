#include "harness/rehearse/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>

#include "harness/base/cancellation.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/load/layout.h"
#include "harness/model/words.h"
#include "harness/rehearse/assertions.h"
#include "harness/rehearse/jobs.h"
#include "harness/rehearse/machine.h"
#include "harness/rehearse/walk.h"

namespace drydock {
namespace {

bool is_url(const std::string& server) {
  return server.starts_with("postgresql://") || server.starts_with("postgres://");
}

/// One for each job. An existing server serves one job only.
std::vector<Server> open_servers(const std::string& wanted, const Scenario& scenario,
                                 std::size_t jobs) {
  if (!is_url(wanted)) return Server::start_several(select_server(wanted), scenario.settings, jobs);
  std::vector<Server> servers;
  servers.push_back(Server::attach(wanted));
  return servers;
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
  for (const Transform& entry : scenario.transforms) known("preserve.transforms", entry.migration);
  for (const Assertion& entry : scenario.assertions) known("assertions", entry.migration);
  for (const DataFile& file : scenario.data_files) {
    if (!file.after.empty()) known("data.load", file.after);
  }
  for (const Waiver& waiver : scenario.waivers) {
    find_check(waiver.check);
    known("waivers", waiver.migration);
  }
}

/// One range of the walk, on a server of its own.
struct Job {
  JobRange range;
  std::vector<MigrationResult> results;
  std::vector<std::string> notes;
  std::optional<Error> error;
};

/// What the jobs of a scenario share; nothing in it changes while they run but `progress`, which
/// `lock` guards.
struct JobContext {
  const RunRequest& request;
  const Scenario& scenario;
  const std::string& server_wanted;
  const MigrationSet& set;
  const std::vector<bool>& selected;
  ProgressListener& progress;
  std::vector<Server>& leaving;  ///< when all jobs have ended
  std::mutex lock;
};

/// Only one job's calls reach the listener at a time.
class SharedProgress : public ProgressListener {
 public:
  explicit SharedProgress(JobContext& context) : context_(context) {}
  void migration_started(const std::string& id, std::size_t index) override {
    const std::lock_guard guard(context_.lock);
    context_.progress.migration_started(id, index);
  }
  void phase_started(PhaseName phase) override {
    const std::lock_guard guard(context_.lock);
    context_.progress.phase_started(phase);
  }
  void migration_ended(const MigrationResult& result) override {
    const std::lock_guard guard(context_.lock);
    context_.progress.migration_ended(result);
  }

 private:
  JobContext& context_;
};

void keep_server(Server& server, Workbench& workbench, Job& job) {
  if (!server.alive()) return;
  job.notes.push_back("kept; look inside with: " + server.psql_command(workbench.database()));
  workbench.keep();
  server.keep();
}

/// Nobody comes to ask what is to be asked behind the last migration of all.
void note_end_not_reached(const Scenario& scenario, Rehearsal& rehearsal) {
  for (AssertionResult& result :
       unasked_assertions(scenario, rehearsal.migration, AssertionMoment::kEnd,
                          "the migrations selected end before the last one")) {
    rehearsal.data.assertions.push_back(std::move(result));
  }
}

void walk_range(JobContext& context, Server& server, Workbench& workbench, Job& job) {
  std::vector<bool> selected(context.selected.begin(),
                             context.selected.begin() + static_cast<std::ptrdiff_t>(job.range.end));
  std::fill_n(selected.begin(), job.range.first, false);
  SharedProgress progress(context);
  std::size_t at = 0;
  const auto keep_evidence = [&](Rehearsal rehearsal) {
    if (at++ < job.range.first) return;  // another job's
    if (at == context.selected.size() && at < context.set.migrations.size()) {
      note_end_not_reached(context.scenario, rehearsal);
    }
    if (!rehearsal.judged && rehearsal.up.outcome != PhaseOutcome::kOk) {
      job.notes.push_back(
          fmt::format("{} did not apply; what follows ran without it", rehearsal.migration));
    }
    job.results.push_back(judge(std::move(rehearsal), context.scenario, context.request.policy));
    progress.migration_ended(job.results.back());
  };
  walk(context.set, selected, context.scenario, server, workbench, context.request.limit, progress,
       keep_evidence);
}

/// Never throws: the job carries the error.
void run_job(JobContext& context, Server& server, bool last, ScenarioRun* run, Job& job) {
  try {
    const Scenario& scenario = context.scenario;
    Workbench workbench(server, {scenario.run_as, scenario.extensions, scenario.prepare,
                                 context.request.limit, context.request.paranoid});
    if (run != nullptr) run->run_as = workbench.role_description();
    try {
      walk_range(context, server, workbench, job);
    } catch (const Error& error) {
      job.error = error;
    }
    if (context.request.keep && last) keep_server(server, workbench, job);
  } catch (const Error& error) {
    job.error = error;
  } catch (const std::exception& error) {
    job.error = Error(fmt::format("unexpected: {}", error.what()),
                      "This is a fault of Drydock; please report it with these words.");
  }
  server.begin_stop();
}

/// The first job runs here, the others in threads; all have ended when this returns.
void run_jobs(JobContext& context, std::vector<Job>& jobs, ScenarioRun& run) {
  // Started here, not in the threads: a fork is safest while nothing else runs.
  std::vector<Server> servers = open_servers(context.server_wanted, context.scenario, jobs.size());
  describe_server(servers.front(), run);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < jobs.size(); ++i) {
      threads.emplace_back([&context, &jobs, &servers, i] {
        run_job(context, servers[i], i + 1 == jobs.size(), nullptr, jobs[i]);
      });
    }
    run_job(context, servers.front(), jobs.size() == 1, &run, jobs.front());
  }
  for (Server& server : servers) context.leaving.push_back(std::move(server));
}

void collect(std::vector<Job>& jobs, std::size_t planned, ScenarioRun& run) {
  for (Job& job : jobs) {
    for (MigrationResult& result : job.results) run.migrations.push_back(std::move(result));
    run.notes.insert(run.notes.end(), job.notes.begin(), job.notes.end());
    if (job.error && run.error.empty()) {
      run.error = job.error->message();
      run.error_remedy = job.error->remedy();
    }
  }
  const std::size_t done = run.migrations.size();
  if (done > 0 && done < planned) {
    run.notes.push_back(
        fmt::format("{} of {} were not reached", planned - done, plural(planned, "migration")));
  }
}

/// Everything behind the last selected migration need not even be applied.
void drop_unselected_tail(std::vector<bool>& selected) {
  while (!selected.empty() && !selected.back()) selected.pop_back();
}

std::vector<Job> plan_jobs(const RunRequest& request, const Scenario& scenario,
                           const std::string& server_wanted, const MigrationSet& set,
                           const std::vector<bool>& selected) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < selected.size(); ++i) {
    // What is only applied costs next to nothing where it stands.
    weights.push_back(selected[i] ? weight_of(set.migrations[i]) : 1);
  }
  const auto judged = static_cast<std::size_t>(std::count(selected.begin(), selected.end(), true));
  // Roles are shared by all databases of a server that is not ours, so jobs would meet there.
  const std::size_t count = is_url(server_wanted) ? 1 : choose_jobs(request.jobs, judged);
  std::vector<Job> jobs;
  const double cost = rehearsal_cost(scenario.rows > 0);
  for (const JobRange& range : split_into_jobs(weights, count, cost)) {
    jobs.emplace_back().range = range;
  }
  return jobs;
}

void rehearse_scenario(const RunRequest& request, const Scenario& scenario,
                       const std::string& server_wanted, ProgressListener& progress,
                       std::vector<Server>& leaving, ScenarioRun& run) {
  const MigrationSet set =
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
  drop_unselected_tail(selected);
  progress.run_started(run, selected.size());
  if (selected.empty()) return;
  std::vector<Job> jobs = plan_jobs(request, scenario, server_wanted, set, selected);
  JobContext context{request, scenario, server_wanted, set, selected, progress, leaving, {}};
  run_jobs(context, jobs, run);
  if (jobs.size() > 1) {
    run.notes.push_back(
        fmt::format("rehearsed in {} jobs, each on a server of its own", jobs.size()));
  }
  collect(jobs, selected.size(), run);
}

ScenarioRun run_scenario(const RunRequest& request, const Scenario& scenario,
                         const std::string& server_wanted, ProgressListener& progress,
                         std::vector<Server>& leaving) {
  ScenarioRun run;
  run.scenario = scenario.name;
  run.why = scenario.why;
  run.directory = scenario.migrations;
  run.rows = scenario.rows;
  run.seed = scenario.seed;
  if (scenario.rows > 0) run.row_profile = word(scenario.profile);
  const auto start = SteadyClock::now();
  try {
    throw_if_cancelled();
    rehearse_scenario(request, scenario, server_wanted, progress, leaving, run);
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

std::vector<std::string> servers_for(const RunRequest& request, const Scenario& scenario) {
  if (!request.servers.empty()) return request.servers;
  if (!scenario.postgres_versions.empty()) return scenario.postgres_versions;
  return {""};
}

}  // namespace

RunResult run_scenarios(const RunRequest& request, ProgressListener& progress,
                        std::vector<Server>* leaving) {
  RunResult result;
  std::vector<Server> waited_for;
  if (leaving == nullptr) leaving = &waited_for;
  const auto start = SteadyClock::now();
  result.version = DRYDOCK_VERSION;
  result.started_at = utc_timestamp(std::chrono::system_clock::now());
  result.gate = request.policy.gate;
  result.machine = describe_machine();
  for (const Check* check : all_checks()) result.checks.push_back(check->text);
  for (const Scenario& scenario : request.scenarios) {
    for (const std::string& server : servers_for(request, scenario)) {
      if (cancelled() && !result.runs.empty()) break;
      leaving->clear();  // two runs may be more than there is room for
      result.runs.push_back(run_scenario(request, scenario, server, progress, *leaving));
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

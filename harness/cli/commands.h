// The subcommands: each declares its options and says what to run. One file a command.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace drydock {

/// Declares one command on `app`; its action sets `exit_code` when the user chose it.
using AddCommand = void (*)(CLI::App& app, int& exit_code);

void add_verify_command(CLI::App& app, int& exit_code);
void add_bench_command(CLI::App& app, int& exit_code);
void add_report_command(CLI::App& app, int& exit_code);
void add_checks_command(CLI::App& app, int& exit_code);
void add_init_command(CLI::App& app, int& exit_code);
void add_doctor_command(CLI::App& app, int& exit_code);
void add_prune_command(CLI::App& app, int& exit_code);

}  // namespace drydock

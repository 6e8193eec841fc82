// Ctrl-C and SIGTERM. The handlers only set a flag and write to a pipe; whoever waits on a
// descriptor also waits on cancellation_fd().
#pragma once

namespace drydock {

/// Installs the handlers for SIGINT, SIGTERM, SIGHUP. A second signal ends the process at once
/// (the keeper process still cleans up after it). Call once, from main.
void install_cancellation();

bool cancelled();

/// Readable once cancelled; -1 before install_cancellation().
int cancellation_fd();

/// Throws Cancelled when the user asked to stop.
void throw_if_cancelled();

/// For tests: as if a signal had come (true), or not (false).
void set_cancelled_for_test(bool value);

}  // namespace drydock

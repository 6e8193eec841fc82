#include "harness/postgres/server_settings.h"

namespace drydock {
namespace {

/// Publications and replication slots of the migrations work as on a production server.
constexpr const char* kWalLevel = "logical";

}  // namespace

std::map<std::string, std::string> fast_settings() {
  return {
      {"fsync", "off"},
      {"synchronous_commit", "off"},
      {"full_page_writes", "off"},
      {"autovacuum", "off"},
      {"jit", "off"},
      {"shared_buffers", "64MB"},
      {"max_connections", "50"},
      {"wal_level", kWalLevel},
      {"max_wal_size", "64MB"},
      {"min_wal_size", "2MB"},
      {"checkpoint_timeout", "1h"},
      // In containers /dev/shm is often 64 MB: the server shall need none of it.
      {"dynamic_shared_memory_type", "mmap"},
      {"log_min_messages", "warning"},
      {"log_min_error_statement", "panic"},
  };
}

std::map<std::string, std::string> realistic_settings() {
  return {
      {"fsync", "on"},
      {"synchronous_commit", "on"},
      {"full_page_writes", "on"},
      // Autovacuum gives way to whoever waits for its lock, so it is not what production would
      // suffer from; but it comes when it likes, and a stall that is there in one run and not in
      // the next helps nobody. Tables are vacuumed and analysed before each trial instead.
      {"autovacuum", "off"},
      {"jit", "on"},
      {"shared_buffers", "256MB"},
      {"maintenance_work_mem", "64MB"},
      {"max_connections", "100"},
      {"wal_level", kWalLevel},
      {"max_wal_size", "1GB"},
      // Segments that are there already are used again; making them is no part of a migration.
      {"min_wal_size", "512MB"},
      {"checkpoint_timeout", "5min"},
      {"checkpoint_completion_target", "0.9"},
      // What most servers are told whose disks do not seek. At the default of 4 a batch of a few
      // thousand rows reads the whole table in its join, until the table has grown by a tenth.
      {"random_page_cost", "1.1"},
      // A trial's table is larger than a quarter of these buffers, and smaller than one of
      // production's. Only above that do scans begin where the last one ended, and hide that a
      // loop reads past the rows it has done (PostgreSQL docs, 20.13.1).
      {"synchronize_seqscans", "off"},
      {"dynamic_shared_memory_type", "mmap"},
      {"log_min_messages", "warning"},
      {"log_min_error_statement", "panic"},
  };
}

std::map<std::string, std::string> lock_log_settings() {
  return {
      {"log_lock_waits", "on"},
      // A wait is told once it lasts so long. A shorter one is no stall, and the second that is the
      // default hides most of them.
      {"deadlock_timeout", "10ms"},
      {"log_line_prefix", "%n [%p] "},  // seconds since 1970, process
      {"log_destination", "stderr"},
      {"logging_collector", "off"},
      {"log_error_verbosity", "default"},
      {"lc_messages", "C"},
  };
}

}  // namespace drydock

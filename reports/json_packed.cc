#include "reports/json_packed.h"

#include <string>
#include <unordered_map>

#include "harness/model/lock_mode.h"

namespace drydock {
namespace {

using Json = nlohmann::ordered_json;

class Packer {
 public:
  void statement(Json& statement) {
    const auto locks = statement.find("locks");
    if (locks == statement.end()) return;
    Json rows = Json::array();
    for (Json& lock : *locks) rows.push_back(row(lock));
    *locks = std::move(rows);
  }

  Json take_relations() { return std::move(relations_); }

 private:
  Json row(Json& lock) {
    const auto mode = lock_mode(lock.at("mode").get_ref<const std::string&>());
    Json row = {0,
                static_cast<int>(mode.value_or(LockMode::kAccessShare)),
                lock.at("acquired_ms"),
                lock.at("held_ms"),
                lock.value("waited_ms", 0.0),
                lock.value("exact", true) ? 0 : 1};
    while (row.size() > 4 && row.back() == 0) row.erase(row.size() - 1);
    for (const char* told : {"mode", "acquired_ms", "held_ms", "waited_ms", "exact"}) {
      lock.erase(told);
    }
    row[0] = number_of(lock);
    return row;
  }

  std::size_t number_of(const Json& relation) {
    const auto [known, added] = numbers_.try_emplace(relation.dump(), relations_.size());
    if (added) relations_.push_back(relation);
    return known->second;
  }

  Json relations_ = Json::array();
  std::unordered_map<std::string, std::size_t> numbers_;
};

}  // namespace

void pack_ledgers(Json& run) {
  Packer packer;
  for (Json& scenario : run.at("runs")) {
    for (Json& migration : scenario.at("migrations")) {
      for (Json& phase : migration.at("phases")) {
        for (Json& statement : phase.at("statements")) packer.statement(statement);
      }
    }
  }
  run["relations"] = packer.take_relations();
}

}  // namespace drydock

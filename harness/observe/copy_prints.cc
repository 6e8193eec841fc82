#include "harness/observe/copy_prints.h"

#include "harness/observe/counters.h"

namespace drydock {
namespace {

/// Rows and the way to them are what they were; types are another question.
bool same_rows(const TableMark& before, const TableMark& now) {
  return before.files == now.files && before.written == now.written &&
         before.versions == now.versions;
}

}  // namespace

CopyPrints::CopyPrints(Session& session) {
  ContentsTransaction transaction(session, traits_of(session));
  marks_ = ContentsTables({}).look(transaction);
}

ContentsPrints CopyPrints::look(Session& session, const ContentsPrints& also) const {
  const ServerTraits server = traits_of(session);
  const bool counted = counters_tell(session);
  ContentsTables tables({});
  ContentsTransaction transaction(session, server);
  const std::map<Oid, TableMark> now = tables.look(transaction);
  std::vector<const TableMark*> changed, other_types;
  for (const auto& [oid, mark] : now) {
    if (!can_be_read(mark)) continue;
    const auto before = marks_.find(oid);
    if (!counted || before == marks_.end() || also.contains(mark.name) ||
        !same_rows(before->second, mark)) {
      changed.push_back(&mark);
    } else if (before->second.types != mark.types) {
      other_types.push_back(&mark);
    }
  }
  std::vector<std::shared_ptr<const WatchedTable>> wanted;
  for (const auto& [oid, shape] : tables.shapes(transaction, changed)) wanted.push_back(shape);
  for (const auto& [oid, shape] : tables.shapes(transaction, other_types)) {
    if (shape->uses_own_types()) wanted.push_back(shape);
  }
  return take_prints(transaction, wanted, server.version);
}

}  // namespace drydock

#include "harness/observe/contents_sequences.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "harness/base/text.h"
#include "harness/observe/catalog_query.h"

namespace drydock {
namespace {

template <typename Number = std::int64_t>
Number number(std::string_view text) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// At the end of the numbers there is no next one: it stays where it is.
std::int64_t after(std::int64_t last, std::int64_t increment) {
  std::int64_t next = 0;
  return __builtin_add_overflow(last, increment, &next) ? last : next;
}

/// A sequence that gave no number yet tells where it begins only when it is read as a table.
void read_unused(ContentsTransaction& transaction, const std::vector<SequencePosition*>& unused) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < unused.size(); ++i) {
    parts.push_back(fmt::format("SELECT {}, last_value FROM {}", i, unused[i]->name));
  }
  const Rows rows = transaction.query(join(parts, " UNION ALL "));
  for (int row = 0; row < rows.size(); ++row) {
    unused[number<std::size_t>(rows.at(row, 0))]->next = number(rows.at(row, 1));
  }
}

struct Fed {
  std::string column;  ///< "public.lots.id"
  std::optional<std::int64_t> in_use;
};

/// The column whose default or identity the sequence is, else the one that owns it.
std::optional<Fed> fed_column(ContentsTransaction& transaction, const SequencePosition& sequence) {
  const Rows rows = transaction.query(fmt::format(
      R"(SELECT format('%I.%I', n.nspname, c.relname), quote_ident(a.attname)
FROM (SELECT 1 AS rank, d.adrelid AS relid, d.adnum AS attnum
        FROM pg_depend p JOIN pg_attrdef d ON d.oid = p.objid
       WHERE p.classid = 'pg_attrdef'::regclass AND p.refclassid = 'pg_class'::regclass
         AND p.refobjid = {0}
      UNION ALL SELECT 2, p.refobjid, p.refobjsubid FROM pg_depend p
       WHERE p.classid = 'pg_class'::regclass AND p.objid = {0} AND p.refobjsubid > 0
         AND p.refclassid = 'pg_class'::regclass AND p.deptype IN ('a', 'i')) f
  JOIN pg_class c ON c.oid = f.relid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = f.relid AND a.attnum = f.attnum
ORDER BY f.rank, 1, 2 LIMIT 1)",
      sequence.oid));
  if (rows.size() == 0) return std::nullopt;
  // A column that is no number (a code made of one) is fed all the same, but cannot be compared.
  const auto in_use = transaction.attempt(fmt::format("SELECT {}({})::bigint FROM {}",
                                                      sequence.increment > 0 ? "max" : "min",
                                                      rows.at(0, 1), rows.at(0, 0)));
  if (!in_use) return std::nullopt;
  Fed fed{fmt::format("{}.{}", rows.at(0, 0), rows.at(0, 1)), std::nullopt};
  if (!in_use->is_null(0, 0)) fed.in_use = number(in_use->at(0, 0));
  return fed;
}

bool comes_before(std::int64_t a, std::int64_t b, std::int64_t increment) {
  return increment > 0 ? a < b : a > b;
}

const SequencePosition* find(const std::vector<SequencePosition>& sequences,
                             const SequencePosition& wanted, bool by_identity) {
  const auto same_oid =
      std::find_if(sequences.begin(), sequences.end(),
                   [&](const SequencePosition& s) { return by_identity && s.oid == wanted.oid; });
  if (same_oid != sequences.end()) return &*same_oid;
  const auto same_name =
      std::find_if(sequences.begin(), sequences.end(),
                   [&](const SequencePosition& s) { return s.name == wanted.name; });
  return same_name == sequences.end() ? nullptr : &*same_name;
}

}  // namespace

std::vector<SequencePosition> read_sequences(ContentsTransaction& transaction) {
  const Rows rows = transaction.query(fmt::format(
      R"(SELECT c.oid, format('%I.%I', n.nspname, c.relname), s.seqincrement, s.seqcycle,
  pg_sequence_last_value(c.oid)
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relpersistence <> 't' AND {} ORDER BY 2)",
      sql_not_of_extension("pg_class", "c.oid")));
  std::vector<SequencePosition> sequences(static_cast<std::size_t>(rows.size()));
  std::vector<SequencePosition*> unused;
  for (int row = 0; row < rows.size(); ++row) {
    SequencePosition& sequence = sequences[static_cast<std::size_t>(row)];
    sequence.oid = number<Oid>(rows.at(row, 0));
    sequence.name = rows.at(row, 1);
    sequence.increment = number(rows.at(row, 2));
    sequence.cycles = rows.at(row, 3) == "t";
    if (rows.is_null(row, 4)) {
      unused.push_back(&sequence);
    } else {
      sequence.next = after(number(rows.at(row, 4)), sequence.increment);
    }
  }
  if (!unused.empty()) read_unused(transaction, unused);
  return sequences;
}

std::vector<SequenceChange> compare_sequences(ContentsTransaction& transaction,
                                              const std::vector<SequencePosition>& before,
                                              bool by_identity) {
  std::vector<SequenceChange> changes;
  if (before.empty()) return changes;
  const std::vector<SequencePosition> present = read_sequences(transaction);
  for (const SequencePosition& old : before) {
    const SequencePosition* now = find(present, old, by_identity);
    if (now == nullptr || now->cycles) continue;
    if (!comes_before(now->next, old.next, now->increment)) continue;
    const std::optional<Fed> fed = fed_column(transaction, *now);
    if (fed && (!fed->in_use || comes_before(*fed->in_use, now->next, now->increment))) continue;
    changes.push_back(
        {now->name, fed ? fed->column : "", old.next, now->next, fed ? fed->in_use : std::nullopt});
  }
  return changes;
}

}  // namespace drydock

#include "harness/observe/bypass_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/bypass_writes.h"

namespace drydock {
namespace {

constexpr std::array kPrefixes = {"p_", "_", "in_", "v_", "arg_", "i_", "a_"};

/// The type without its length: "character varying(40)" is a "character varying".
std::string bare(const std::string& type) { return type.substr(0, type.find('(')); }

bool is_integer(const std::string& type) {
  return type == "integer" || type == "bigint" || type == "smallint";
}

std::string without_prefix(const std::string& name) {
  for (const char* prefix : kPrefixes) {
    if (name.starts_with(prefix)) return name.substr(std::string(prefix).size());
  }
  return name;
}

using Value = std::optional<std::string>;  ///< empty: NULL

/// What could be meant by an argument.
class Guess {
 public:
  Guess(const std::string& tenant, const std::string& tenant_type,
        const std::vector<KnownRow>& rows)
      : tenant_(tenant), tenant_type_(tenant_type), rows_(rows) {}

  /// The value of the column of this name; "lot_id" is also the key of a table lot or lots.
  Value named(const FunctionArgument& argument) const {
    const std::string name = without_prefix(to_lower(argument.name));
    for (const KnownRow& row : rows_) {
      for (const TenancyColumn& column : row.table->columns) {
        const auto value = row.values.find(column.name);
        if (value == row.values.end() || !same_kind(column.type, argument.type)) continue;
        if (to_lower(column.name) == name) return value->second;
      }
    }
    for (const KnownRow& row : rows_) {
      const std::string table = to_lower(plain_name_parts(row.table->sql).back());
      if (name == table + "_id" ||
          (table.ends_with("s") && name == table.substr(0, table.size() - 1) + "_id")) {
        return key_of(row, argument.type);
      }
    }
    return {};
  }

  Value tenant(const FunctionArgument& argument) const {
    if (same_kind(argument.type, tenant_type_)) return tenant_;
    if (argument.type == bare(tenant_type_) + "[]") return "{" + tenant_ + "}";
    return {};
  }

  Value key(const FunctionArgument& argument) const {
    for (const KnownRow& row : rows_) {
      const Value value = key_of(row, argument.type);
      if (value) return value;
    }
    return {};
  }

  static Value blank(const FunctionArgument& argument) {
    if (is_text(argument.type)) return "";
    if (is_integer(argument.type)) return "0";
    return {};
  }

 private:
  Value key_of(const KnownRow& row, const std::string& type) const {
    for (const TenancyColumn& column : row.table->columns) {
      if (!column.in_primary_key || column.name == row.table->tenant_column) continue;
      const auto value = row.values.find(column.name);
      if (value != row.values.end() && same_kind(column.type, type)) return value->second;
    }
    return {};
  }

  const std::string& tenant_;
  const std::string& tenant_type_;
  const std::vector<KnownRow>& rows_;
};

using Choice = std::function<Value(const FunctionArgument&)>;

/// What somebody would try who knows nothing of the other tenant.
std::vector<Choice> blind_choices() {
  return {
      [](const FunctionArgument&) { return Value(); },
      [](const FunctionArgument& a) { return Guess::blank(a); },
      [](const FunctionArgument& a) { return is_text(a.type) ? Value("%") : Guess::blank(a); },
  };
}

/// In the order in which they are tried.
std::vector<Choice> choices(const Guess& guess) {
  const auto first_of = [](Value a, Value b, Value c) { return a ? a : b ? b : c; };
  return {
      [=](const FunctionArgument& a) {
        const Value other = first_of(guess.tenant(a), guess.key(a), Guess::blank(a));
        return first_of(guess.named(a), other, {});
      },
      [=](const FunctionArgument& a) {
        return first_of(guess.tenant(a), guess.key(a), Guess::blank(a));
      },
      [=](const FunctionArgument& a) {
        return first_of(guess.key(a), guess.tenant(a), Guess::blank(a));
      },
      [](const FunctionArgument&) { return Value(); },
      [](const FunctionArgument& a) { return Guess::blank(a); },
      [=](const FunctionArgument& a) {
        return is_text(a.type) ? Value("%") : first_of(guess.tenant(a), guess.key(a), {});
      },
  };
}

std::string written(const Value& value, const std::string& type) {
  if (!value) return "NULL::" + type;
  return sql_text(*value) + "::" + type;
}

std::string digest_of(const std::string& source) {
  return fmt::format(
      "SELECT count(*) AS drydock_rows, md5(coalesce(string_agg(md5(x::text), '' ORDER BY "
      "md5(x::text)), '')) AS drydock_digest FROM ({}) x",
      source);
}

BypassCall select_from(const std::string& columns, const std::string& source) {
  const std::string sql = fmt::format("SELECT {} FROM {}", columns, source);
  return {sql, digest_of(sql)};
}

BypassCall call_of(const BypassObject& object, const std::vector<std::string>& arguments) {
  const std::string call = fmt::format("{}({})", object.sql, join(arguments, ", "));
  if (object.kind == BypassObject::Kind::kProcedure) return {"CALL " + call, "CALL " + call};
  return select_from("*", call);
}

}  // namespace

bool is_text(const std::string& type) {
  return bare(type) == "text" || bare(type) == "character varying";
}

bool same_kind(const std::string& a, const std::string& b) {
  const std::string left = bare(a), right = bare(b);
  return left == right || (is_text(left) && is_text(right)) ||
         (is_integer(left) && is_integer(right));
}

std::vector<KnownRow> rows_to_ask_for(Session& session,
                                      const std::vector<const TenantTable*>& tables,
                                      const std::string& tenant) {
  std::string message;
  for (const TenantTable* table : tables) {
    std::vector<std::string> columns;
    for (const TenancyColumn& column : table->columns) {
      columns.push_back(fmt::format("t.{}::text", column.name));
    }
    message += fmt::format("SELECT {} FROM {} t WHERE ({})::text = {} ORDER BY 1 LIMIT 1;",
                           join(columns, ", "), table->sql, table->tenant_sql, sql_text(tenant));
  }
  std::vector<KnownRow> known;
  const std::vector<Rows> answers = session.query_all(message);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (answers.at(i).size() == 0) continue;
    KnownRow row{tables[i], {}};
    for (std::size_t column = 0; column < tables[i]->columns.size(); ++column) {
      const int number = static_cast<int>(column);
      if (answers[i].is_null(0, number)) continue;
      row.values[tables[i]->columns[column].name] = answers[i].at(0, number);
    }
    known.push_back(std::move(row));
  }
  return known;
}

std::vector<BypassCall> calls_of(const BypassObject& object, const std::string& tenant,
                                 const std::string& tenant_type,
                                 const std::vector<KnownRow>& rows) {
  std::vector<BypassCall> calls;
  if (!object.key.function) {
    if (!object.columns.empty()) calls.push_back(select_from(object.columns, object.sql));
    for (BypassCall& call : writes_through(object, rows)) calls.push_back(std::move(call));
    return calls;
  }
  const auto add = [&](BypassCall call) {
    const bool there = std::any_of(calls.begin(), calls.end(),
                                   [&](const BypassCall& one) { return one.sql == call.sql; });
    if (!there) calls.push_back(std::move(call));
  };
  const Guess guess(tenant, tenant_type, rows);
  for (const Choice& choice : object.sets_context ? blind_choices() : choices(guess)) {
    std::vector<std::string> arguments;
    for (const FunctionArgument& argument : object.arguments) {
      arguments.push_back(written(choice(argument), argument.type));
    }
    if (object.variadic) arguments.back() = "VARIADIC " + arguments.back();
    if (object.defaults > 0) {
      add(call_of(object, {arguments.begin(), arguments.end() - object.defaults}));
    }
    add(call_of(object, arguments));
  }
  return calls;
}

}  // namespace drydock

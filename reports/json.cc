// The two archives of json_fields.h: one builds JSON, one takes it apart and says where it is
// wrong.
#include "reports/json.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/json_fields.h"
#include "reports/json_packed.h"
#include "reports/json_words.h"

namespace drydock {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

class Writer {
 public:
  static constexpr bool kWrites = true;

  template <class T>
  void field(const char* name, const T& value) {
    json_[name] = to_json(value);
  }
  template <class T>
  void required(const char* name, const T& value) {
    field(name, value);
  }
  template <class T>
  void derived(const char* name, const T& value) {
    field(name, value);
  }
  template <class T>
  void unless(const char* name, const T& value, const T& usual) {
    if (!same(value, usual)) field(name, value);
  }
  template <class Describe>
  void nested(const char* name, Describe describe_fields) {
    Writer inner;
    describe_fields(inner);
    json_[name] = std::move(inner.json_);
  }
  void stopped(const char* name, const std::string& message, const std::string& remedy) {
    json_[name] = nullptr;
    if (message.empty()) return;
    json_[name] = {{"message", to_json(message)}, {"remedy", to_json(remedy)}};
  }
  void phases(const char* name, const Phase& up, const Phase& down, const Phase& up_again) {
    json_[name] = {to_json(up), to_json(down), to_json(up_again)};
  }

  Json take() { return std::move(json_); }

 private:
  static Json to_json(const std::string& text) { return valid_utf8(text); }
  static Json to_json(bool value) { return value; }
  static Json to_json(int value) { return value; }
  static Json to_json(std::int64_t value) { return value; }
  static Json to_json(std::uint64_t value) { return value; }
  // Clocks give nanoseconds that mean nothing; a microsecond keeps the file readable and stable.
  static Json to_json(double value) {
    return std::isfinite(value) ? std::round(value * 1000) / 1000 : 0.0;
  }
  template <class T>
  static Json to_json(const std::optional<T>& value) {
    return value ? to_json(*value) : Json(nullptr);
  }
  template <class T>
  static Json to_json(const std::vector<T>& values) {
    Json array = Json::array();
    for (const T& value : values) array.push_back(to_json(value));
    return array;
  }
  template <class T>
  static Json to_json(const std::map<std::string, T>& values) {
    Json object = Json::object();
    for (const auto& [key, value] : values) object[valid_utf8(key)] = to_json(value);
    return object;
  }
  template <class T>
  static Json to_json(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      return json_words::word_of(value);
    } else {
      Writer inner;
      json_format::describe(inner, value);
      return std::move(inner.json_);
    }
  }

  template <class T>
  static bool same(const T& value, const T& usual) {
    return value == usual;
  }
  // A list is left out when it is empty; its elements need no comparison.
  template <class T>
  static bool same(const std::vector<T>& values, const std::vector<T>&) {
    return values.empty();
  }

  Json json_ = Json::object();
};

class Reader {
 public:
  static constexpr bool kWrites = false;

  Reader(const Json& json, std::string pointer) : json_(json), pointer_(std::move(pointer)) {
    if (!json.is_object()) fail("an object", json, pointer_);
  }

  template <class T>
  void field(const char* name, T& value) const {
    const auto found = json_.find(name);
    if (found != json_.end()) read(*found, value, at(name));
  }
  template <class T>
  void required(const char* name, T& value) const {
    if (!json_.contains(name)) {
      throw Error(fmt::format("{}: the field is missing", at(name)), kRemedy);
    }
    field(name, value);
  }
  template <class T>
  void derived(const char*, const T&) const {}
  template <class T>
  void unless(const char* name, T& value, const T&) const {
    field(name, value);
  }
  template <class Describe>
  void nested(const char* name, Describe describe_fields) const {
    const auto found = json_.find(name);
    if (found == json_.end()) return;
    Reader inner(*found, at(name));
    describe_fields(inner);
  }
  void stopped(const char* name, std::string& message, std::string& remedy) const {
    const auto found = json_.find(name);
    if (found == json_.end() || found->is_null()) return;
    const Reader inner(*found, at(name));
    inner.required("message", message);
    inner.field("remedy", remedy);
  }
  void phases(const char* name, Phase& up, Phase& down, Phase& up_again) const {
    std::vector<Phase> read_phases;
    required(name, read_phases);
    for (Phase& phase : read_phases) {
      Phase& slot = phase.name == PhaseName::kUp     ? up
                    : phase.name == PhaseName::kDown ? down
                                                     : up_again;
      slot = std::move(phase);
    }
  }

 private:
  static constexpr const char* kRemedy =
      "give a run.json that drydock verify wrote (schema_version 1, docs/report-format.md)";

  std::string at(const char* name) const { return pointer_ + "/" + name; }

  [[noreturn]] static void fail(const std::string& expected, const Json& found,
                                const std::string& pointer) {
    throw Error(fmt::format("{}: expected {}, found {}", pointer.empty() ? "/" : pointer, expected,
                            shorten(found.dump(), 60)),
                kRemedy);
  }

  static void read(const Json& json, std::string& value, const std::string& pointer) {
    if (!json.is_string()) fail("a string", json, pointer);
    value = json.get<std::string>();
  }
  static void read(const Json& json, bool& value, const std::string& pointer) {
    if (!json.is_boolean()) fail("true or false", json, pointer);
    value = json.get<bool>();
  }
  static void read(const Json& json, double& value, const std::string& pointer) {
    if (!json.is_number()) fail("a number", json, pointer);
    value = json.get<double>();
  }
  static void read(const Json& json, std::int64_t& value, const std::string& pointer) {
    const bool fits = json.is_number_integer() &&
                      (!json.is_number_unsigned() || json.get<std::uint64_t>() <= INT64_MAX);
    if (!fits) fail("a whole number", json, pointer);
    value = json.get<std::int64_t>();
  }
  static void read(const Json& json, std::uint64_t& value, const std::string& pointer) {
    if (!json.is_number_unsigned()) fail("a whole number that is not negative", json, pointer);
    value = json.get<std::uint64_t>();
  }
  static void read(const Json& json, int& value, const std::string& pointer) {
    std::int64_t wide = 0;
    read(json, wide, pointer);
    if (wide < INT32_MIN || wide > INT32_MAX) fail("a smaller number", json, pointer);
    value = static_cast<int>(wide);
  }
  template <class T>
  static void read(const Json& json, std::optional<T>& value, const std::string& pointer) {
    value.reset();
    if (!json.is_null()) read(json, value.emplace(), pointer);
  }
  template <class T>
  static void read(const Json& json, std::vector<T>& values, const std::string& pointer) {
    if (!json.is_array()) fail("an array", json, pointer);
    values.clear();
    for (const Json& element : json) {
      const std::string here = fmt::format("{}/{}", pointer, values.size());
      read(element, values.emplace_back(), here);
    }
  }
  template <class T>
  static void read(const Json& json, std::map<std::string, T>& values, const std::string& pointer) {
    if (!json.is_object()) fail("an object", json, pointer);
    values.clear();
    for (const auto& [key, value] : json.items()) read(value, values[key], pointer + "/" + key);
  }
  template <class T>
  static void read(const Json& json, T& value, const std::string& pointer) {
    if constexpr (std::is_enum_v<T>) {
      read_word(json, value, pointer);
    } else {
      Reader inner(json, pointer);
      json_format::describe(inner, value);
    }
  }
  template <class Enum>
  static void read_word(const Json& json, Enum& value, const std::string& pointer) {
    std::vector<std::string> words;
    for (const Enum candidate : json_words::values_of(Enum{})) {
      if (json == json_words::word_of(candidate)) {
        value = candidate;
        return;
      }
      words.push_back(json_words::word_of(candidate));
    }
    fail(words.size() > 1 ? "one of " + join(words, ", ") : words.front(), json, pointer);
  }

  const Json& json_;
  std::string pointer_;
};

Json build(const RunResult& result) {
  Writer writer;
  writer.field("schema_version", kSchemaVersion);
  json_format::describe(writer, result);
  return writer.take();
}

}  // namespace

std::string render_json(const RunResult& result) { return build(result).dump(2) + "\n"; }

std::string render_json_packed(const RunResult& result) {
  Json json = build(result);
  pack_ledgers(json);
  return json.dump();
}

RunResult parse_json(const std::string& text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& error) {
    const LineColumn where = line_column(text, error.byte > 0 ? error.byte - 1 : 0);
    throw Error(fmt::format("line {}, column {}: this is not JSON", where.line, where.column),
                "the file may be cut short or not be a run.json: run drydock verify again");
  }
  const Reader reader(json, "");
  int version = 0;
  reader.required("schema_version", version);
  if (version != kSchemaVersion) {
    throw Error(fmt::format("/schema_version: this Drydock reads version {}, the file has {}",
                            kSchemaVersion, version),
                "read it with the Drydock that wrote it (/tool/version)");
  }
  RunResult result;
  Reader whole(json, "");
  json_format::describe(whole, result);
  return result;
}

}  // namespace drydock

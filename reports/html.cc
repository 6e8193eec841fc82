// The page: one file that loads nothing. Its parts are page.html, three style sheets and several
// scripts, embedded at build; the run itself is JSON inside the page, and the scripts draw from it.
// The content security policy allows exactly these parts, by hash, and no request at all.
#include <fmt/format.h>

#include <map>

#include "harness/model/words.h"
#include "reports/html_text.h"
#include "reports/json.h"
#include "reports/reporter.h"
#include "reports/totals.h"
#include "reports_embedded.h"

namespace drydock {
namespace {

std::string title_of(const RunResult& result) {
  std::string scenario = result.runs.empty() ? "" : " · " + result.runs.front().scenario;
  if (result.runs.size() > 1) scenario += " and others";
  return fmt::format("{}{} · Drydock", word(result.verdict), scenario);
}

}  // namespace

std::string render_html(const RunResult& result) {
  const auto text = [](std::string_view part) { return std::string(part); };
  return fill_page(embedded::page_html,
                   {{"title", escape_html(title_of(result))},
                    {"version", escape_html(result.version)},
                    {"verdict", word(result.verdict)},
                    {"verdict_title", verdict_title(result.verdict)},
                    {"seed", fmt::format("{}", result.seed)},
                    {"phrase", escape_html(verdict_phrase(result))},
                    {"style", text(embedded::style_css)},
                    {"style_hash", text(embedded::style_css_sha256)},
                    {"locks_style", text(embedded::locks_css)},
                    {"locks_style_hash", text(embedded::locks_css_sha256)},
                    {"isolation_style", text(embedded::isolation_css)},
                    {"isolation_style_hash", text(embedded::isolation_css_sha256)},
                    {"theme", text(embedded::theme_js)},
                    {"theme_hash", text(embedded::theme_js_sha256)},
                    {"detail", text(embedded::detail_js)},
                    {"detail_hash", text(embedded::detail_js_sha256)},
                    {"data", text(embedded::data_js)},
                    {"data_hash", text(embedded::data_js_sha256)},
                    {"locks", text(embedded::locks_js)},
                    {"locks_hash", text(embedded::locks_js_sha256)},
                    {"trials", text(embedded::trials_js)},
                    {"trials_hash", text(embedded::trials_js_sha256)},
                    {"isolation", text(embedded::isolation_js)},
                    {"isolation_hash", text(embedded::isolation_js_sha256)},
                    {"ways", text(embedded::ways_js)},
                    {"ways_hash", text(embedded::ways_js_sha256)},
                    {"script", text(embedded::script_js)},
                    {"script_hash", text(embedded::script_js_sha256)},
                    {"run", script_json(render_json_packed(result))}});
}

}  // namespace drydock

// The main job; why and compare, which need the same advice.
#include "jobfit/interview.hpp"

#include "cli/answer_stream.hpp"
#include "cli/catalog_entry.hpp"
#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/inputs.hpp"
#include "cli/terminal.hpp"
#include "cli/why.hpp"
#include "report/page.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <istream>
#include <ostream>

namespace jobfit {
namespace {

std::string printed(const Session& session, const Advice& advice) {
  const Catalog& catalog = session.knowledge.catalog;
  const int top = session.options.top > 0 ? session.options.top : 10;
  const std::string& format = session.options.format;
  if (format == "json") return json_report(advice, catalog, session.words, top);
  const std::string& flags = session.style.flags;
  if (format == "markdown") return markdown_report(advice, catalog, session.words, top, flags);
  if (format == "html") return html_report(advice, catalog, session.words, top, flags);
  return text_report(advice, catalog, session.words, session.style);
}

Date since_date(const Session& session) {
  const auto date = parse_date(session.options.since);
  if (!date) {
    throw Stop{kUsage, fmt::format("jobfit: --since takes a date such as 2026-08-01, not '{}'\n",
                                   neutralise(session.options.since))};
  }
  return *date;
}

void save(const Session& session, const Answers& answers) {
  if (session.options.save_answers.empty()) return;
  std::string error;
  if (!write_text_file(session.options.save_answers, write_answers(answers), error)) {
    throw Stop{kServiceFailed, fmt::format("jobfit: {}\n", error)};
  }
}

/// Keeps the answers where the person who gave them says so; nothing is lost when it fails, the advice was given.
void save_if_wanted(const Session& session, const Answers& answers) {
  Terminal& terminal = session.terminal;
  std::string file = offer_to_save(session.knowledge.catalog, session.words, terminal.in, terminal.err, terminal.width);
  if (file.empty()) return;
  // What a shell would have done with it.
  if (file.starts_with("~/") && !terminal.variable("HOME").empty()) file.replace(0, 1, terminal.variable("HOME"));
  const auto told = [&](const char* key, const std::string& text) {
    return say(session.words, {key, {{"file", neutralise(text)}}});
  };
  std::error_code code;
  if (std::filesystem::exists(file, code)) {
    throw Stop{kServiceFailed, fmt::format("jobfit: {}\n", told("interview.save.exists", file))};
  }
  std::string error;
  if (!write_text_file(file, write_answers(answers), error)) {
    throw Stop{kServiceFailed, fmt::format("jobfit: {}\n", error)};
  }
  terminal.err << told("interview.save.done", shell_quote(file) + session.style.flags) << "\n";
}

/// What a person who was asked is left with: the command that asks the same again, and the answers in a file.
void after_asking(const Session& session, const Answers& answers) {
  Terminal& terminal = session.terminal;
  if (session.options.quiet) return;
  Style style = session.style;
  style.color = colored(terminal, session.options.color, terminal.err_is_terminal);
  style.unicode = shows_unicode(terminal, terminal.err_is_terminal);
  Page page(style);
  page.text(say(session.words, "interview.again"));
  page.command(one_shot_command(answers) + style.flags);
  terminal.err << "\n" << page.take() << std::flush;
  if (terminal.in_is_terminal && session.options.save_answers.empty()) save_if_wanted(session, answers);
}

/// Lays the files among the arguments that are no model of the catalog over it. False: there are none.
bool know_files(const Session& session, Knowledge& widened) {
  const Catalog* catalog = &session.knowledge.catalog;
  bool any = false;
  for (const std::string& name : session.options.arguments) {
    if (!is_model_file(name)) continue;
    const std::string itself = name_in_file(name);
    if (const ModelLookup known = find_model(*catalog, itself); known.index) {
      if (session.options.quiet) continue;
      session.terminal.err << fmt::format("jobfit: {} says that it is {}: compared as {}\n", neutralise(name),
                                          neutralise(itself), catalog->models[*known.index].id);
      continue;
    }
    const SourceFile entry{name, catalog_entry(name)};
    CatalogRead read = overlay(*catalog, {&entry, 1});
    stop_on(read.problems, "nothing was compared");
    widened.catalog = std::move(read.catalog);
    catalog = &widened.catalog;
    any = true;
  }
  if (!any) return false;
  widened.rules = session.knowledge.rules;
  return true;
}

std::uint32_t model_of_file(const Catalog& catalog, const std::string& path) {
  const std::string name = name_in_file(path);
  const ModelLookup known = find_model(catalog, name);
  return known.index ? static_cast<std::uint32_t>(*known.index) : model_named(catalog, slug(name));
}

/// Several JSON objects, one a line, and not one object over several lines.
bool is_stream(const std::string& first, const std::string& second) {
  const auto object = [](const std::string& line) {
    const auto begin = line.find_first_not_of(" \t\r"), end = line.find_last_not_of(" \t\r");
    return begin != std::string::npos && line[begin] == '{' && line[end] == '}';
  };
  return object(first) && second.find_first_not_of(" \t\r") != std::string::npos;
}

}  // namespace

ExitCode advise_command(const Session& session, std::string& out) {
  need_arguments(session.options, 0, 0, "no arguments");
  const Catalog& catalog = session.knowledge.catalog;
  bool asked = false;
  const Answers answers = complete_answers(session.options, session.knowledge, session.terminal, asked);
  save(session, answers);

  std::vector<Machine> machines;
  if (session.options.machine == "-") {
    std::string first, second;
    std::getline(session.terminal.in, first);
    std::getline(session.terminal.in, second);
    Options servers_only = session.options;
    servers_only.machine = catalog.presets.empty() ? "" : catalog.presets.front().id;
    std::vector<Machine> servers = machines_from(servers_only, catalog, session.terminal);
    servers.erase(servers.begin());
    if (is_stream(first, second)) {
      AnswerStream stream(session, answers, std::move(servers));
      stream.answer(first);
      stream.answer(second);
      for (std::string line; std::getline(session.terminal.in, line);) stream.answer(line);
      return stream.worst();
    }
    std::string text = first + "\n" + second + "\n";
    text.append(std::istreambuf_iterator<char>(session.terminal.in), std::istreambuf_iterator<char>());
    MachineRead read = machine_of_text(text, "standard input", session.options, catalog);
    stop_on(read.problems, "nothing was advised");
    machines.push_back(std::move(read.machine));
    machines.insert(machines.end(), servers.begin(), servers.end());
  } else {
    machines = machines_from(session.options, catalog, session.terminal);
  }
  const AdviceInput input = advice_input(session, answers, std::move(machines));
  Advice advice = advise(input);
  if (!session.options.since.empty()) advice.since = changes_since(input, advice, since_date(session));
  out = printed(session, advice);
  if (asked) {
    deliver(session, out);
    out.clear();
    after_asking(session, answers);
  }
  return advice.picks.empty() ? kNoPick : kPick;
}

ExitCode why_command(const Session& session, std::string& out) {
  need_arguments(session.options, 1, 1, "one MODEL");
  const std::uint32_t model = model_named(session.knowledge.catalog, session.options.arguments.front());
  bool asked = false;
  const Answers answers = complete_answers(session.options, session.knowledge, session.terminal, asked);
  AdviceInput input = advice_input(session, answers, machines_from(session.options, session.knowledge.catalog, session.terminal));
  input.also = {model};
  const Advice advice = advise(input);
  const WhyReport report{advice, model, rules_on(input, model), changes_for(input, advice, model)};
  out = wants_json(session.options) ? why_json(report, session.knowledge.catalog, session.words)
                                    : why_text(report, session.knowledge.catalog, session.words, session.style);
  const bool picked = std::any_of(advice.picks.begin(), advice.picks.end(), [&](const Pick& pick) {
    return pick.standing.candidate.model == model;
  });
  return picked ? kPick : kNoPick;
}

ExitCode compare_command(const Session& session, std::string& out) {
  need_arguments(session.options, 2, 6, "two MODELs or more, at most six");
  Knowledge widened;
  const Knowledge& knowledge = know_files(session, widened) ? widened : session.knowledge;
  std::vector<std::uint32_t> models;
  for (const std::string& name : session.options.arguments) {
    models.push_back(is_model_file(name) ? model_of_file(knowledge.catalog, name) : model_named(knowledge.catalog, name));
  }
  bool asked = false;
  const Answers answers = complete_answers(session.options, knowledge, session.terminal, asked);
  const Session with_files{session.options, knowledge, session.terminal, session.words, session.style};
  AdviceInput input = advice_input(with_files, answers, machines_from(session.options, knowledge.catalog, session.terminal));
  input.also = models;
  const Advice advice = advise(input);
  const CompareReport report{advice, models};
  out = wants_json(session.options) ? compare_json(report, knowledge.catalog, session.words)
                                    : compare_text(report, knowledge.catalog, session.words, session.style);
  return kPick;
}

}  // namespace jobfit

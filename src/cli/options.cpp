#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "jobfit/diagnostic.hpp"
#include "jobfit/report.hpp"

namespace jobfit {
namespace {

constexpr const char* kExample =
    "Chooses a local language model by the job, not the benchmark.\n\n"
    "Example: jobfit --job chat --language th --egress never --tolerate confabulation";

constexpr const char* kAnswers = "The four questions";
constexpr const char* kNeeds = "Further needs";
constexpr const char* kMachine = "The machine, last";
constexpr const char* kCatalog = "What is known";
constexpr const char* kBuild = "One build";
constexpr const char* kOutput = "Output";

struct Sub { const char* name; const char* parent; const char* what; const char* example; };
constexpr Sub kCommands[] = {
    {"why", "", "one model's walk through the questions", "jobfit why gemma-4-12b --job chat --language th --egress never --tolerate none"},
    {"compare", "", "models side by side for this job", "jobfit compare qwen3.6-27b gemma-4-12b --job chat --language th --egress never --tolerate none"},
    {"plan", "", "what machine each quantization would need", "jobfit plan qwen3.6-27b --context 32K --min-speed 10"},
    {"estimate", "", "memory by part, and speed, of one build", "jobfit estimate qwen3.6-27b --quantization Q4_K_M --context 32K"},
    {"machine", "", "what the probe found, from where, and what it could not read", "jobfit machine --json"},
    {"list", "machine", "the machines known by name", "jobfit machine list"},
    {"models", "", "the catalog, filtered by the same flags", "jobfit models --job code --license commercial"},
    {"show", "models", "one entry whole, with its evidence", "jobfit models show qwen3.6-27b"},
    {"catalog", "", "where the catalog comes from; check and add", "jobfit catalog show"},
    {"check", "catalog", "validate catalog files", "jobfit catalog check my-models.yaml"},
    {"show", "catalog", "where the catalog comes from, its version and its age", "jobfit catalog show --json"},
    {"add", "catalog", "an entry made from a GGUF file or a config.json", "jobfit catalog add model.gguf --output my-models.yaml"},
    {"explain", "", "the spec-sheet words in plain language", "jobfit explain kv-cache"},
};

CLI::Option* one_each(CLI::Option* option) { return option->allow_extra_args(false); }

void add_flags(CLI::App& app, Options& o) {
  one_each(app.add_option("--job", o.jobs, "chat, code, complete, agent, reason, answer, read, summarize, translate, extract, see, write, tutor; repeatable, the first leads"))->delimiter(',')->group(kAnswers)->type_name("JOB");
  one_each(app.add_option("--language", o.languages, "a BCP 47 tag or a language's name: th, Thai, zh-Hant; repeatable"))->delimiter(',')->group(kAnswers)->type_name("LANGUAGE");
  app.add_option("--egress", o.egress, "how far the data may go: never, own-servers, under-contract, anywhere")->group(kAnswers)->type_name("LEVEL");
  one_each(app.add_option("--tolerate", o.tolerates, "failures you can live with, comma-separated, or none"))->delimiter(',')->group(kAnswers)->type_name("FAILURES");
  app.add_option("--answers", o.answers_file, "read the answers from a YAML file")->group(kAnswers)->type_name("FILE");
  app.add_option("--save-answers", o.save_answers, "write the answers to a YAML file")->group(kAnswers)->type_name("FILE");
  app.add_option("--since", o.since, "what has changed in the advice since then")->group(kAnswers)->type_name("DATE");
  app.add_option("--context", o.context, "tokens at once: 32K")->group(kNeeds)->type_name("N");
  app.add_option("--min-speed", o.min_speed, "tokens per second")->group(kNeeds)->type_name("N");
  one_each(app.add_option("--input", o.inputs, "text, image, audio"))->delimiter(',')->group(kNeeds)->type_name("KINDS");
  app.add_option("--license", o.license, "commercial")->group(kNeeds)->type_name("USE");
  app.add_option("--territory", o.territory, "where it is used: EU, DE, KR")->group(kNeeds)->type_name("PLACE");
  app.add_option("--thinking", o.thinking, "on, off or any")->group(kNeeds)->type_name("MODE");

  app.add_option("--machine", o.machine, "a preset (jobfit machine list), a profile in JSON, or - for standard input")->group(kMachine)->type_name("WHAT");
  app.add_option("--ram", o.flags.ram, "64GB")->group(kMachine)->type_name("SIZE");
  one_each(app.add_option("--gpu", o.flags.gpus, "\"RTX 4090\" or \"2x RTX 3090\"; repeatable"))->group(kMachine)->type_name("NAME");
  app.add_option("--vram", o.flags.vram, "24GB")->group(kMachine)->type_name("SIZE");
  app.add_option("--bandwidth", o.flags.bandwidth, "936GB/s")->group(kMachine)->type_name("RATE");
  app.add_flag("--no-gpu", o.flags.no_gpu, "as if there were no GPU")->group(kMachine);
  one_each(app.add_option("--server", o.servers, "a machine of yours elsewhere (preset or profile); repeatable"))->group(kMachine)->type_name("PROFILE");
  app.add_option("--runtime", o.runtime, "llama.cpp, ollama, vllm or mlx")->group(kMachine)->type_name("NAME");
  app.add_option("--root", o.root, "read a recorded machine instead of this one")->group(kMachine)->type_name("DIR");
  app.add_option("--record", o.record, "machine: write a recording of this machine")->group(kMachine)->type_name("DIR");
  app.add_flag("--measure", o.measure, "machine: measure the memory's bandwidth")->group(kMachine);

  one_each(app.add_option("--catalog", o.catalogs, "a file or folder laid over the shipped catalog; repeatable"))->group(kCatalog)->type_name("FILE");
  one_each(app.add_option("--rules", o.rules, "rules of your own; repeatable"))->group(kCatalog)->type_name("FILE");
  app.add_option("--as-of", o.as_of, "answer with what was known on that day")->group(kCatalog)->type_name("DATE");

  app.add_option("--quantization", o.quantization, "estimate: Q4_K_M")->group(kBuild)->type_name("Q");
  app.add_option("--kv-cache", o.kv_cache, "estimate: f16, q8_0, ...")->group(kBuild)->type_name("TYPE");
  app.add_option("--flash-attention", o.flash_attention, "estimate: on, off or auto")->group(kBuild)->type_name("MODE");
  app.add_option("--ubatch", o.micro_batch, "estimate: tokens of a micro-batch")->check(CLI::Range(1, 65536))->group(kBuild)->type_name("N");
  app.add_option("--parallel", o.parallel, "estimate: sequences at once")->check(CLI::Range(1, 256))->group(kBuild)->type_name("N");
  app.add_option("--outputs", o.outputs, "estimate: logits kept, 0 for a whole batch")->check(CLI::Range(0, 65536))->group(kBuild)->type_name("N");
  app.add_option("--model", o.model, "explain: with this model's own figures")->group(kBuild)->type_name("MODEL");

  app.add_option("--format", o.format, "text, json, markdown or html")->group(kOutput)->type_name("FORMAT");
  app.add_flag("--json", o.json, "short for --format json")->group(kOutput);
  app.add_option("--output", o.output, "write to a file instead of standard output")->group(kOutput)->type_name("FILE");
  app.add_option("--top", o.top, "how many picks to show")->check(CLI::Range(1, 1000))->group(kOutput)->type_name("N");
  app.add_option("--lang", o.lang, "language of the words: en or th")->group(kOutput)->type_name("TAG");
  app.add_option("--color", o.color, "auto, always or never")->group(kOutput)->type_name("WHEN");
  app.add_flag("--no-input", o.no_input, "never ask")->group(kOutput);
  app.add_flag("-q,--quiet", o.quiet, "no notes on standard error")->group(kOutput);
}

void add_commands(CLI::App& app, Options& o) {
  for (const Sub& sub : kCommands) {
    CLI::App* parent = *sub.parent == '\0' ? &app : app.get_subcommand(sub.parent);
    CLI::App* command = parent->add_subcommand(sub.name, sub.what);
    command->fallthrough();
    command->footer(fmt::format("Example: {}\nThe flags of jobfit --help apply here too.", sub.example));
    command->add_option("ARGUMENT", o.arguments, "")->group("");
  }
}

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string unknown_argument(const CLI::App& app, const std::string& argument) {
  if (argument.starts_with("-")) {
    const std::string name = argument.substr(0, argument.find('='));
    const std::string hint = did_you_mean(name, flag_names(app));
    return fmt::format("jobfit: there is no flag {}{}{}\n", neutralise(name), hint.empty() ? "" : ": ", hint);
  }
  std::vector<std::string> commands;
  for (const Sub& sub : kCommands) {
    if (*sub.parent == '\0') commands.emplace_back(sub.name);
  }
  const std::string hint = did_you_mean(argument, commands);
  return fmt::format("jobfit: there is no command '{}'{}{}\n", neutralise(argument), hint.empty() ? "" : ": ", hint);
}

std::string command_of(const CLI::App& app) {
  std::string name;
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) {
    at = at->get_subcommands().front();
    name += (name.empty() ? "" : " ") + at->get_name();
  }
  return name;
}

void settle(Options& o) {
  if (o.json && o.format.empty()) o.format = "json";
  if (o.format.empty()) o.format = "text";
}

std::string check_choices(const Options& o) {
  const auto wrong = [](const char* flag, const std::string& value, std::vector<std::string> allowed) -> std::string {
    if (value.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return {};
    const std::string hint = did_you_mean(value, allowed);
    return fmt::format("jobfit: {} takes {}, not '{}'{}{}\n", flag, fmt::join(allowed, ", "), neutralise(value),
                       hint.empty() ? "" : ": ", hint);
  };
  for (const std::string& error :
       {wrong("--format", o.format, {"text", "json", "markdown", "html"}), wrong("--color", o.color, {"auto", "always", "never"}),
        wrong("--lang", o.lang, {"en", "th"}), wrong("--runtime", o.runtime, {"llama.cpp", "ollama", "vllm", "mlx"}),
        wrong("--license", o.license, {"commercial"}), wrong("--thinking", o.thinking, {"on", "off", "any"}),
        wrong("--flash-attention", o.flash_attention, {"on", "off", "auto"}),
        wrong("--kv-cache", o.kv_cache, {"f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"})}) {
    if (!error.empty()) return error;
  }
  if (o.json && o.format != "json") return "jobfit: --json and --format contradict each other\n";
  return {};
}

}  // namespace

Parsed parse_options(const std::vector<std::string>& arguments) {
  Parsed parsed;
  Options& o = parsed.options;
  CLI::App app(kExample, "jobfit");
  app.set_version_flag("--version", std::string("jobfit ") + kVersion)->group(kOutput);
  app.allow_extras();
  add_flags(app, o);
  add_commands(app, o);
  for (CLI::App* command : app.get_subcommands({})) {
    command->allow_extras();
    for (CLI::App* nested : command->get_subcommands({})) nested->allow_extras();
  }
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    parsed.stop = true;
    parsed.out = app.help();
    return parsed;
  } catch (const CLI::CallForVersion&) {
    parsed.stop = true;
    parsed.out = fmt::format("jobfit {}\n", kVersion);
    return parsed;
  } catch (const CLI::ParseError& error) {
    parsed.stop = true;
    parsed.error = fmt::format("jobfit: {}\n", neutralise(error.what()));
    return parsed;
  }
  o.command = command_of(app);
  const std::vector<std::string> extras = app.remaining(true);
  if (!extras.empty()) {
    parsed.stop = true;
    parsed.error = unknown_argument(app, extras.front());
    return parsed;
  }
  settle(o);
  parsed.error = check_choices(o);
  parsed.stop = !parsed.error.empty();
  return parsed;
}

std::vector<FlagInfo> all_flags() {
  Options unused;
  CLI::App app(kExample, "jobfit");
  add_flags(app, unused);
  std::vector<FlagInfo> flags;
  for (const CLI::Option* option : app.get_options()) {
    flags.push_back({option->get_name(false, true), option->get_group(), option->get_description(),
                     option->get_items_expected_max() > 0});
  }
  return flags;
}

std::vector<CommandInfo> all_commands() {
  std::vector<CommandInfo> commands;
  for (const Sub& sub : kCommands) {
    commands.push_back({fmt::format("{}{}{}", sub.parent, *sub.parent == '\0' ? "" : " ", sub.name), sub.what});
  }
  return commands;
}

}  // namespace jobfit

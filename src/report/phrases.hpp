// Small pieces of sentences that several views say.
#pragma once

#include "jobfit/report.hpp"

namespace jobfit {

/// "a, b and c".
std::string list_of(const Words& words, const std::vector<std::string>& items);
/// The language's own name where it is the language of the words, its English one otherwise.
std::string language_name(const Catalog& catalog, const Words& words, const std::string& tag);
std::string job_name(const Words& words, const std::string& id);
std::string failure_name(const Words& words, const std::string& id);
/// A capability, or "language:th" as the language's name.
std::string capability_name(const Catalog& catalog, const Words& words, const std::string& id);
std::string gate_name(const Words& words, Gate gate);
std::string route_name(const Words& words, Route route);
/// "conversation in Thai; nothing leaves this machine; confabulation is tolerated".
std::string answers_phrase(const Answers& answers, const Catalog& catalog, const Words& words);
/// As memory is sold: "64 GiB" where that is exact, else as format_bytes.
std::string memory_size(Bytes bytes);
/// "desktop: AMD Ryzen 9 7900, 64 GiB RAM, NVIDIA GeForce RTX 4090 (24 GiB)".
std::string machine_phrase(const Machine& machine, const Words& words);
/// "whole on the GPU".
std::string placement_phrase(const Placement& placement, const Words& words);
/// "31 to 44 tokens/s", or that it is not known.
std::string speed_phrase(const Range& speed, const Words& words);
/// How fast it writes and reads, as a sentence, as far as it is known.
std::string writing_phrase(const Speed& speed, const Words& words);
/// Three significant figures at most: "38", "4.3", "0.12".
std::string speed_number(double tokens_per_second);
std::string bandwidth_phrase(double bytes_per_second, const Words& words);
/// "with --egress anywhere", as a clause.
std::string change_phrase(const Flip& flip, const Catalog& catalog, const Words& words);
/// "gguf Q4_K_M", with QAT where it is.
std::string build_name(const Build& build);
std::string known_phrase(Known known, const Words& words);
/// "Capitalised.": the first letter raised where it is ASCII, a full stop where nothing ends it.
std::string as_sentence(std::string text);

}  // namespace jobfit

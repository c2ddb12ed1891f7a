// Which build of the chosen model, how far squeezed, placed where, how fast.
// Arithmetic over a Shape and a Machine; it knows nothing of jobs or rankings.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "jobfit/catalog.hpp"
#include "jobfit/machine.hpp"
#include "jobfit/shape.hpp"

namespace jobfit {

/// llama.cpp's settings that change memory. Defaults are `llama-server -np 1`.
struct RunSettings {
  std::int64_t context = 8192;         ///< tokens, per all sequences
  std::string cache_type = "f16";      ///< f32 f16 bf16 q8_0 q5_1 q5_0 q4_1 q4_0 iq4_nl, for K and V
  enum class FlashAttention { off, on, automatic } flash_attention = FlashAttention::automatic;
  int micro_batch = 512;
  int batch = 2048;
  int parallel = 1;                    ///< sequences
  bool unified = true;                 ///< sequences share one cache (llama-server's own default slots)
  int outputs = 1;                     ///< logits kept; 0: a whole batch
  bool projector = false;              ///< load the vision/audio projector
  bool mtp = false;                    ///< load the draft heads
  std::int64_t filled = -1;            ///< tokens in the cache when a speed is told; negative: a typical part of context
  bool operator==(const RunSettings&) const = default;
};

/// Where everything lies. Each tensor counts once; total = the sum of the parts.
struct MemoryUse {
  Bytes weights_bytes = 0, kv_cache_bytes = 0, state_bytes = 0, compute_bytes = 0, output_bytes = 0,
        projector_bytes = 0, drafter_bytes = 0;
  Bytes total_bytes = 0;
  Bytes gpu_bytes = 0, ram_bytes = 0;
  Bytes overhead_bytes = 0;            ///< driver context and the like: on top, never inside
  Bytes available_bytes = 0;           ///< what the machine has for it
  std::vector<Bytes> per_gpu;          ///< by device, overhead not included
};

struct Placement {
  enum class Kind { gpu, unified, split, experts_in_ram, cpu, cloud } kind = Kind::cpu;
  int gpu_layers = 0;                  ///< as -ngl counts: repeating layers, +1 with the output layer
  int expert_layers_in_ram = 0;        ///< as --n-cpu-moe counts
  std::int64_t context_tokens = 0;
  std::int64_t longest_context = 0;    ///< that would still fit with this build
  std::string kv_cache = "f16";
  std::vector<double> gpu_shares;      ///< --tensor-split, one per GPU; empty with one
};
inline constexpr const char* kPlacementNames[] = {"gpu", "unified", "split", "experts-in-ram", "cpu", "cloud"};

/// Whether predicting several tokens at once pays here.
struct MtpAdvice { bool useful = false; Sentence because; };

struct Speed {
  Range decode, prefill;               ///< tokens per second; all zero: unknown
  std::string bound_by;                ///< "gpu memory bandwidth" | "ram bandwidth" | "compute" | "unknown"
  MtpAdvice mtp;
};

struct Fit {
  Build build;                         ///< file_bytes filled in, computed where not published
  bool computed_size = false;
  double quality_loss = 0;             ///< rating points lost to the squeeze, for this model and job
  Placement placement;
  MemoryUse memory;
  Speed speed;
  Sentence because;                    ///< the choice in one line
  std::vector<Sentence> cautions;
};

/// The smallest changes that would make it fit, each alone sufficient.
struct Fix {
  std::string kind;                    ///< context | kv-cache | quantization | ram | gpu | min-speed
  std::string value;                   ///< as a flag would give it: "16384", "q8_0", "Q3_K_M"
  Bytes bytes = 0;                     ///< ram, gpu: the total needed
  Sentence what;                       ///< with what it costs
};

struct Misfit {
  enum class Because { memory, speed, context, unknown_shape } because = Because::memory;
  std::optional<Build> best_build;     ///< smallest that is above the quality floor
  Bytes needs_bytes = 0, has_bytes = 0;
  double needs_speed = 0, has_speed = 0;
  std::vector<Fix> smallest_fixes;
  Sentence what;
};

/// What the job asks of a build. Same meaning as JobNeeds of the rules, which fit may not see.
struct FitNeeds {
  std::int64_t context = 8192;
  double min_speed = 0;                ///< tokens/s, at mid; 0 any
  double comfort = 0;                  ///< tokens/s at which more than the usual four bits are worth having; 0 any
  bool images = false, audio = false, long_documents = false, non_latin = false;
  std::string runtime;                 ///< llama.cpp | ollama | vllm | mlx; empty: any
  bool fixes = true;                   ///< search for the smallest fixes where it does not fit: the dear part
  /// Say all that is told of a pick: the longest context that fits, what was passed over for its pace.
  bool told = true;
};

/// The least squeezed build that fits with the context and speed needed.
std::variant<Fit, Misfit> choose_build(const Model& model, const Catalog& catalog, const Machine& machine,
                                       const FitNeeds& needs);

struct BuildCandidate;
class ModelMemory;

/// choose_build for many questions about one catalog: what a model takes is worked out once.
class Fitter {
 public:
  /// Holds on to `catalog`.
  explicit Fitter(const Catalog& catalog);
  ~Fitter();
  const Catalog& catalog() const { return catalog_; }
  /// `model`: index into Catalog::models.
  std::variant<Fit, Misfit> choose(std::uint32_t model, const Machine& machine, const FitNeeds& needs);
  /// Whether choose would find a Fit, where that is so plain that nothing needs to be searched; false: ask it.
  bool surely_fits(std::uint32_t model, const Machine& machine, const FitNeeds& needs);
  /// The same for a Misfit.
  bool surely_too_big(std::uint32_t model, const Machine& machine, const FitNeeds& needs);
  /// Whether choose would find a Fit.
  bool fits(std::uint32_t model, const Machine& machine, const FitNeeds& needs);

 private:
  struct Kept;
  struct Published;
  Kept& kept(std::uint32_t model);
  Published& published(std::uint32_t model, ModelMemory& memory, const Machine& machine,
                       const FitNeeds& needs);
  const Catalog& catalog_;
  std::vector<std::shared_ptr<Kept>> kept_;                      // by model
  std::vector<std::vector<std::shared_ptr<Published>>> published_;  // by model
  /// By shape: tunes share what their base's tells.
  std::unordered_map<std::uint64_t, std::shared_ptr<Kept>> shapes_;
};

/// Every build of the model on this machine, least squeezed first, for `plan`, `compare`, `estimate`.
std::vector<std::variant<Fit, Misfit>> all_builds(const Model& model, const Catalog& catalog,
                                                  const Machine& machine, const FitNeeds& needs);

/// `machine` with this much RAM, or with this much memory on its first GPU (a middling card where it has none);
/// usable memory by policy anew. For what-ifs: fixes and flips.
Machine with_ram(Machine machine, Bytes total);
Machine with_gpu(Machine machine, Bytes memory);

/// One row of the reverse question: the least machine for one quantization.
struct PlanRow {
  Build build;
  double quality_loss = 0;
  MemoryUse memory;                    ///< with everything on one GPU, at that context
  Bytes gpu_bytes = 0;                 ///< a GPU with at least this much usable memory holds it whole, overhead included
  Bytes ram_bytes = 0;                 ///< without a GPU: usable RAM that holds it whole
  double gpu_bandwidth = 0;            ///< bytes/s a GPU of a middling class needs for min_speed; 0 no floor, infinite: never
  double ram_bandwidth = 0;            ///< the same for a CPU; 0 no floor
  std::vector<std::string> devices;    ///< devices that suffice, one of a kind, smallest first, at most four: "2x NVIDIA ..." too
};

/// What machine each build of `model` would need at `context` and `min_speed`; least squeezed first. Empty: no shape.
std::vector<PlanRow> plan(const Model& model, const Catalog& catalog, std::int64_t context, double min_speed);

/// Memory of `shape` in `weights` at `settings`; `offload` 0..1 is all-CPU or all-GPU, in between by layers.
/// gpu_layers as -ngl: 0 = CPU only, shape.layers.size()+1 = full offload.
MemoryUse memory_use(const Shape& shape, const WeightTable& weights, const RunSettings& settings,
                     int gpu_layers, int expert_layers_in_ram = 0);

/// Speed of a placement. `machine` gives bandwidths; unknown bandwidth gives all-zero ranges.
Speed estimate_speed(const Shape& shape, const WeightTable& weights, const RunSettings& settings,
                     const Placement& placement, const Machine& machine);

/// One given build on one machine. Where nothing holds it, the memory it would need, whole on the GPU or in RAM.
struct Estimate { Placement placement; MemoryUse memory; Speed speed; bool fits = false; };
Estimate estimate_build(const Shape& shape, const WeightTable& weights, const RunSettings& settings,
                        const Machine& machine, Bytes projector_bytes);

/// Weights of one build; nullopt where its quantization is no mix we know and no file size was published.
std::optional<WeightTable> weights_for(const Shape& shape, const Build& build);

/// The commands that run it. Empty string: that runtime cannot. `worked_out`: Catalog::worked_out, to save time.
struct RunCommands { std::string ollama, llama_cpp, vllm, mlx, api; };
RunCommands run_commands(const Model& model, const Fit& fit, const Machine& machine, bool tools, bool thinking_off,
                         std::string_view worked_out = {});

/// One build on several servers of ours together. Its speed is left unknown: what lies between them is not told.
struct Across {
  Fit fit;                             ///< memory summed over all of them; placement.kind gpu
  std::vector<std::uint32_t> machines; ///< indexes of those that hold a part, the one that is asked first
  std::vector<Bytes> bytes;            ///< what each of them holds
  double at_most = 0;                  ///< tokens/s that a network without delay would leave; 0 not known
};

/// The least squeezed build that the fewest of `machines` hold together, where no one of them holds it alone:
/// each server's GPUs, or the RAM of one without any. The Misfit says what all of them lack; it has no fixes.
std::variant<Across, Misfit> choose_across(const Model& model, const Catalog& catalog,
                                           std::span<const Machine> machines, const FitNeeds& needs);

/// The lines to start it, in order, one machine each: llama.cpp's RPC servers, and vLLM on Ray where all machines
/// have the same cards. A machine's name stands where its address belongs.
RunCommands run_commands_across(const Model& model, const Across& across, std::span<const Machine> machines,
                                bool tools, bool thinking_off);

}  // namespace jobfit

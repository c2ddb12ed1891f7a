#include "fit/compute.hpp"

#include "fit/model_memory.hpp"
#include "support/memory_figures.hpp"
#include "support/test.hpp"

using namespace jobfit;

namespace {

/// As telling_blocks, with nothing left out.
TellingBlocks every_block(const Hparams& h, const std::vector<int>& kinds, const Offload& offload,
                          const WeightSums* weights) {
  TellingBlocks all = telling_blocks(h, kinds, offload, weights);
  all.blocks.clear();
  all.placement.blocks.clear();
  for (std::int64_t block = 0; block < h.trunk(); ++block) {
    all.blocks.push_back(block);
    all.placement.blocks.push_back({offload.backend(block, h.blocks), block < offload.experts_in_ram});
  }
  all.placement.blocks.push_back({offload.backend(h.blocks, h.blocks), false});
  return all;
}

/// Nothing, some of it and all on a GPU; of a mixture also the experts of some layers in RAM.
std::vector<Offload> offloads(const Hparams& h) {
  std::vector<Offload> some{{0, 0}, {h.blocks + 1, 0}};
  for (std::int64_t layers = 1; layers <= h.blocks; layers += 3) {
    some.push_back({layers, 0});
    if (h.experts > 0) some.push_back({h.blocks + 1, layers});
  }
  return some;
}

}  // namespace

TEST_CASE("of many equal blocks a few need what all of them need", "[fit]") {
  const auto measured = figures::read(JOBFIT_TESTS_DIR "/fixtures/memory/ten_models.json");
  std::size_t told = 0, whole = 0;
  for (const auto& [name, shape] : measured.shapes) {
    const Hparams h = hparams_of(shape);
    const auto kinds = layer_kinds(h);
    RunSettings settings;
    const CacheLayout layout = lay_out_cache(h, settings);
    ModelMemory model(shape);
    Build build;
    build.quantization = "Q4_K_M";
    const WeightSums& weights = model.weights(build);
    for (const Offload& offload : offloads(h)) {
      INFO(name << ": " << offload.layers << " layers on the GPU, experts of " << offload.experts_in_ram
                << " in RAM");
      const bool carries = offload.layers > 0 && (offload.layers <= h.blocks || offload.experts_in_ram > 0);
      const auto needs = [&](const TellingBlocks& blocks) {
        FlatGraph graph = compute_graph(h, settings, layout, blocks.blocks);
        if (carries) hold(graph, carried_matrices(weights, blocks));
        return graph_memory(graph, blocks.placement);
      };
      const auto* held = carries ? &weights : nullptr;
      const auto telling = telling_blocks(h, kinds, offload, held),
                 all = every_block(h, kinds, offload, held);
      CHECK(needs(telling) == needs(all));
      told += telling.blocks.size();
      whole += all.blocks.size();
    }
  }
  CHECK(told < whole * 3 / 4);
}

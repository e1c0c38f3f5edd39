// graph_dump NETWORK GRAPH FILE: writes a graph of a network as ONNX, for the parity tests in Node and for
// looking at a graph in a viewer. NETWORK is a checkpoint (weights/checkpoint.h), or random:NAME (support/random_network.h);
// GRAPH is fp32 or fp16 (the forward graph) or another graph's name, such as reverse (architecture.h). Exit status 0, or 1 with
// the reason on standard error.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "model/architectures/architecture.h"
#include "model/graph/onnx_writer.h"
#include "model/weights/checkpoint.h"
#include "support/random_network.h"

namespace {

using namespace chestlight;

Result<Graph> build(const TensorMap& tensors, std::string_view graph) {
  CHESTLIGHT_TRY(const auto architecture, recognise(tensors));
  const bool half = graph == "fp16";
  CHESTLIGHT_TRY(const GraphVariant variant, graph_variant(half || graph == "fp32" ? "forward" : graph));
  return architecture->graph(variant, half ? Precision::kFloat16 : Precision::kFloat32);
}

Result<Graph> build_from_file(const std::string& path, std::string_view graph) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
  CHESTLIGHT_TRY(const Checkpoint checkpoint, read_checkpoint(bytes));
  return build(checkpoint.tensors, graph);
}

Result<Graph> build_named(const std::string& network, std::string_view graph) {
  constexpr std::string_view kRandom = "random:";
  if (!network.starts_with(kRandom)) return build_from_file(network, graph);
  return build(testing::make_random_tensors(network.substr(kRandom.size())).tensors, graph);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: graph_dump CHECKPOINT|random:NAME fp32|fp16|reverse|… FILE.onnx\n", stderr);
    return 1;
  }
  auto graph = build_named(argv[1], argv[2]);
  if (!graph) {
    std::fprintf(stderr, "%s %s\n", graph.error().message.c_str(), graph.error().hint.c_str());
    return 1;
  }
  std::vector<std::uint8_t> onnx = write_onnx(*graph);
  std::ofstream file(argv[3], std::ios::binary);
  file.write(reinterpret_cast<const char*>(onnx.data()), static_cast<std::streamsize>(onnx.size()));
  return file.flush() ? 0 : 1;
}

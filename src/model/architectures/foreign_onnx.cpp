// Fields of onnx.proto: ModelProto graph = 7. GraphProto node = 1, initializer = 5, input = 11, output = 12, value_info = 13.
// NodeProto input = 1, output = 2, op_type = 4, attribute = 5. AttributeProto name = 1, i = 3, t = 5, g = 6, ints = 8.
// TensorProto dims = 1, data_type = 2, int64_data = 7, name = 8, raw_data = 9.
#include "model/architectures/foreign_onnx.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "model/graph/protobuf.h"
#include "model/weights/onnx_reader.h"
#include "model/weights/protobuf_reader.h"

namespace chestlight {
namespace {

using protobuf::each_field, protobuf::Field;

constexpr std::uint64_t kGraphOfModel = 7, kGraphNode = 1, kGraphInitialiser = 5, kGraphInput = 11, kGraphOutput = 12,
                        kGraphValueInfo = 13;
constexpr int kMostClasses = 64;

struct FileNode {
  std::string type;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, std::vector<std::int64_t>, std::less<>> numbers;  // attributes that are whole numbers
  std::vector<std::int64_t> constant;                                     // of a Constant of whole numbers
  bool has_graph = false;
};

struct GraphFacts {
  Bytes graph;
  std::vector<FileNode> nodes;
  std::map<std::string, std::size_t, std::less<>> producer;                     // of a value: index of its node
  std::map<std::string, std::vector<std::int64_t>, std::less<>> whole_numbers;  // initialisers and constants of few whole numbers

  const FileNode* maker(const std::string& value) const {
    const auto found = producer.find(value);
    return found == producer.end() ? nullptr : &nodes[found->second];
  }
};

Error not_taken(std::string message, std::string hint) { return {ErrorCode::kInvalidModel, std::move(message), std::move(hint)}; }

Result<std::vector<std::int64_t>> integers_of(const Field& field) {
  std::vector<std::int64_t> numbers;
  if (field.is_integer) return std::vector<std::int64_t>{static_cast<std::int64_t>(field.integer)};
  for (ByteReader packed(field.bytes); packed.remaining() > 0;) {
    const auto number = protobuf::read_varint(packed);
    if (!number) return protobuf::damaged_message();
    numbers.push_back(static_cast<std::int64_t>(*number));
  }
  return numbers;
}

/// The name and the numbers of a small tensor of int64; no numbers for another one.
Result<std::pair<std::string, std::vector<std::int64_t>>> read_whole_numbers(Bytes tensor) {
  constexpr std::uint64_t kInt64 = 7;
  constexpr std::size_t kMostBytes = 16 * sizeof(std::int64_t);
  std::pair<std::string, std::vector<std::int64_t>> read;
  std::uint64_t type = 0;
  CHESTLIGHT_CHECK(each_field(tensor, [&](const Field& field) -> Result<void> {
    if (field.number == 2) type = field.integer;
    if (field.number == 8) read.first = field.name();
    if (field.number == 7) {
      CHESTLIGHT_TRY(const std::vector<std::int64_t> more, integers_of(field));
      read.second.insert(read.second.end(), more.begin(), more.end());
    }
    if (field.number == 9 && field.bytes.size() <= kMostBytes && field.bytes.size() % sizeof(std::int64_t) == 0) {
      read.second.resize(field.bytes.size() / sizeof(std::int64_t));
      if (!field.bytes.empty()) std::memcpy(read.second.data(), field.bytes.data(), field.bytes.size());
    }
    return {};
  }));
  if (type != kInt64) read.second.clear();
  return read;
}

Result<void> read_attribute(Bytes attribute, FileNode& node) {
  std::string name;
  std::vector<std::int64_t> numbers;
  Bytes tensor;
  CHESTLIGHT_CHECK(each_field(attribute, [&](const Field& field) -> Result<void> {
    if (field.number == 1) name = field.name();
    if (field.number == 3) numbers = {static_cast<std::int64_t>(field.integer)};
    if (field.number == 5) tensor = field.bytes;
    if (field.number == 6 || field.number == 11) node.has_graph = true;
    if (field.number == 8) {
      CHESTLIGHT_TRY(const std::vector<std::int64_t> more, integers_of(field));
      numbers.insert(numbers.end(), more.begin(), more.end());
    }
    return {};
  }));
  if (!numbers.empty()) node.numbers[name] = std::move(numbers);
  if (node.type == "Constant" || !tensor.empty()) {
    CHESTLIGHT_TRY(auto constant, read_whole_numbers(tensor));
    node.constant = std::move(constant.second);
  }
  return {};
}

Result<FileNode> read_node(Bytes message) {
  FileNode node;
  CHESTLIGHT_CHECK(each_field(message, [&](const Field& field) -> Result<void> {
    if (field.number == 1) node.inputs.push_back(field.name());
    if (field.number == 2) node.outputs.push_back(field.name());
    if (field.number == 4) node.type = field.name();
    return field.number == 5 ? read_attribute(field.bytes, node) : Result<void>();
  }));
  return node;
}

Result<GraphFacts> read_graph_facts(Bytes file) {
  GraphFacts facts;
  CHESTLIGHT_CHECK(each_field(file, [&](const Field& field) -> Result<void> {
    if (field.number == kGraphOfModel) facts.graph = field.bytes;
    return {};
  }));
  CHESTLIGHT_CHECK(each_field(facts.graph, [&](const Field& field) -> Result<void> {
    if (field.number == kGraphInitialiser) {
      CHESTLIGHT_TRY(auto numbers, read_whole_numbers(field.bytes));
      if (!numbers.second.empty()) facts.whole_numbers.insert(std::move(numbers));
    } else if (field.number == kGraphNode) {
      CHESTLIGHT_TRY(FileNode node, read_node(field.bytes));
      for (const std::string& output : node.outputs) facts.producer.emplace(output, facts.nodes.size());
      if (node.type == "Constant" && !node.outputs.empty() && !node.constant.empty())
        facts.whole_numbers.emplace(node.outputs[0], node.constant);
      facts.nodes.push_back(std::move(node));
    }
    return {};
  }));
  return facts;
}

/// The values on the way from the scores to the features.
struct Way {
  std::string logits, features;
  std::string weight, bias;
  std::string why_no_maps;
  bool sigmoid = false;
};

/// `value`, or what goes into operators that leave its numbers as they are.
std::string through(const GraphFacts& facts, std::string value, std::initializer_list<std::string_view> types) {
  for (std::size_t steps = 0; steps < facts.nodes.size(); ++steps) {
    const FileNode* node = facts.maker(value);
    if (!node || node->inputs.empty() || std::find(types.begin(), types.end(), node->type) == types.end()) break;
    value = node->inputs[0];
  }
  return value;
}

bool averages_all(const GraphFacts& facts, const FileNode& node) {
  if (node.type == "GlobalAveragePool") return true;
  if (node.type != "ReduceMean") return false;
  std::vector<std::int64_t> axes;
  if (const auto found = node.numbers.find("axes"); found != node.numbers.end()) axes = found->second;
  if (node.inputs.size() > 1)
    if (const auto found = facts.whole_numbers.find(node.inputs[1]); found != facts.whole_numbers.end()) axes = found->second;
  std::sort(axes.begin(), axes.end());
  return axes == std::vector<std::int64_t>{2, 3} || axes == std::vector<std::int64_t>{-2, -1};
}

/// The linear layer that makes the logits: its input, weight and bias; nothing for another operator.
struct Linear {
  std::string input, weight, bias;
};
std::optional<Linear> linear_layer(const GraphFacts& facts, const TensorMap& stored, const std::string& logits) {
  const FileNode* node = facts.maker(logits);
  if (!node) return std::nullopt;
  auto is_stored = [&](const std::string& name) { return stored.contains(name); };
  auto flag = [&](const char* name) {
    const auto found = node->numbers.find(name);
    return found != node->numbers.end() && !found->second.empty() && found->second[0] != 0;
  };
  if (node->type == "Gemm" && node->inputs.size() == 3 && !flag("transA") && is_stored(node->inputs[1]) &&
      is_stored(node->inputs[2]))
    return Linear{node->inputs[0], node->inputs[1], node->inputs[2]};
  if (node->type != "Add" || node->inputs.size() != 2) return std::nullopt;
  for (int i = 0; i < 2; ++i) {
    const std::string &product = node->inputs[static_cast<std::size_t>(i)], &bias = node->inputs[static_cast<std::size_t>(1 - i)];
    const FileNode* times = facts.maker(product);
    if (times && times->type == "MatMul" && times->inputs.size() == 2 && is_stored(bias) && is_stored(times->inputs[1]))
      return Linear{times->inputs[0], times->inputs[1], bias};
  }
  return std::nullopt;
}

Result<Way> find_way(const GraphFacts& facts, const OnnxFile& file, const std::string& output) {
  Way way;
  way.logits = through(facts, output, {"Identity", "Dropout"});
  const FileNode* last = facts.maker(way.logits);
  if (last && (last->type == "Softmax" || last->type == "LogSoftmax"))
    return not_taken(
        text("The ONNX graph ends in a ", last->type, ": its scores exclude one another, and findings stand side by side."),
        "Export the network without its last operator, if its scores are independent.");
  if (last && last->type == "Sigmoid" && !last->inputs.empty()) {
    way.sigmoid = true;
    way.logits = through(facts, last->inputs[0], {"Identity", "Dropout"});
  }
  const auto linear = linear_layer(facts, file.initialisers, way.logits);
  if (!linear) {
    way.why_no_maps = "The graph does not end in a linear layer whose numbers are in the file: there are scores and no maps.";
    return way;
  }
  const std::string pooled = through(facts, linear->input, {"Flatten", "Reshape", "Squeeze", "Dropout", "Identity"});
  const FileNode* pooling = facts.maker(pooled);
  if (!pooling || !averages_all(facts, *pooling) || pooling->inputs.empty()) {
    way.why_no_maps = "No global average pooling stands before the last layer of the graph: there are scores and no maps.";
    return way;
  }
  way.features = pooling->inputs[0], way.weight = linear->weight, way.bias = linear->bias;
  return way;
}

ProtobufMessage dimension(std::int64_t extent, const char* name) {
  ProtobufMessage message;
  return extent == kOpenExtent ? message.string(2, name) : message.integer(1, extent);
}

/// ValueInfoProto of float32.
ProtobufMessage value_info(const char* name, const std::vector<std::pair<std::int64_t, const char*>>& extents) {
  ProtobufMessage shape;
  for (const auto& [extent, open] : extents) shape.message(1, dimension(extent, open));
  ProtobufMessage tensor, type, value;
  tensor.integer(1, 1).message(2, shape);
  type.message(1, tensor);
  return value.string(1, name).message(2, type);
}

using Names = std::map<std::string, std::string, std::less<>>;

const std::string& renamed(const Names& names, const std::string& name) {
  const auto found = names.find(name);
  return found == names.end() ? name : found->second;
}

/// Appends a field as it is.
void append(std::string& bytes, Bytes raw) { bytes.append(reinterpret_cast<const char*>(raw.data()), raw.size()); }

Result<std::string> renamed_node(Bytes message, const Names& names) {
  std::string node;
  CHESTLIGHT_CHECK(each_field(message, [&](const Field& field) -> Result<void> {
    if (field.number != 1 && field.number != 2) return append(node, field.raw), Result<void>();
    ProtobufMessage value;
    node += value.string(static_cast<int>(field.number), renamed(names, field.name())).bytes();
    return {};
  }));
  return node;
}

/// An initialiser under its new name, which is field 8.
Result<std::string> renamed_tensor(Bytes message, const Names& names) {
  std::string tensor;
  CHESTLIGHT_CHECK(each_field(message, [&](const Field& field) -> Result<void> {
    if (field.number != 8) return append(tensor, field.raw), Result<void>();
    ProtobufMessage value;
    tensor += value.string(8, renamed(names, field.name())).bytes();
    return {};
  }));
  return tensor;
}

/// The values under the names that this program knows; others of the same name give way.
Names new_names(const GraphFacts& facts, const OnnxFile& file, const Way& way, const std::string& input) {
  Names names = {{input, "input"}, {way.logits, "logits"}};
  if (!way.features.empty()) names[way.features] = "features";
  std::set<std::string> used;
  for (const FileNode& node : facts.nodes) {
    used.insert(node.inputs.begin(), node.inputs.end());
    used.insert(node.outputs.begin(), node.outputs.end());
  }
  for (const auto& [name, tensor] : file.initialisers) used.insert(name);
  for (const char* taken : {"input", "logits", "features"}) {
    if (!used.contains(taken) || names.contains(taken)) continue;
    std::string other = text("file_", taken);
    while (used.contains(other)) other += '_';
    names[taken] = other;
  }
  return names;
}

void append_message(std::string& bytes, std::uint64_t field, std::string_view message) {
  ProtobufMessage part;
  bytes += part.string(static_cast<int>(field), message).bytes();
}

Result<std::string> renamed_graph(const GraphFacts& facts, const Names& names, const std::vector<ProtobufMessage>& ends) {
  std::string graph;
  CHESTLIGHT_CHECK(each_field(facts.graph, [&](const Field& field) -> Result<void> {
    if (field.number == kGraphNode) {
      CHESTLIGHT_TRY(const std::string node, renamed_node(field.bytes, names));
      append_message(graph, kGraphNode, node);
    } else if (field.number == kGraphInitialiser) {
      CHESTLIGHT_TRY(const std::string tensor, renamed_tensor(field.bytes, names));
      append_message(graph, kGraphInitialiser, tensor);
    } else if (field.number != kGraphInput && field.number != kGraphOutput && field.number != kGraphValueInfo) {
      append(graph, field.raw);  // old files list initialisers among the inputs, too: they need not be there
    }
    return {};
  }));
  append_message(graph, kGraphInput, ends[0].bytes());
  for (std::size_t i = 1; i < ends.size(); ++i) append_message(graph, kGraphOutput, ends[i].bytes());
  return graph;
}

/// A reshape to a fixed number of films keeps a graph from taking several.
bool takes_one_film(const GraphFacts& facts) {
  return std::any_of(facts.nodes.begin(), facts.nodes.end(), [&](const FileNode& node) {
    if (node.type != "Reshape" || node.inputs.size() < 2) return false;
    const auto shape = facts.whole_numbers.find(node.inputs[1]);
    return shape != facts.whole_numbers.end() && !shape->second.empty() && shape->second[0] > 0;
  });
}

Result<int> classes_of(const OnnxFile& file, const OnnxValue& output, const Way& way) {
  std::int64_t classes = 0;
  if (!way.bias.empty() && file.initialisers.at(way.bias).shape.size() == 1) classes = file.initialisers.at(way.bias).shape[0];
  else if (output.shape.size() == 2) classes = output.shape[1];
  if (classes < 1 || classes > kMostClasses)
    return not_taken(text("The ONNX graph gives ", output.name, " ",
                          output.shape.empty() ? "of a shape it does not say" : shape_text(output.shape),
                          "; expected one score for each of 1 to ", kMostClasses, " findings."),
                     "Export a network that gives one row of scores for each film.");
  return static_cast<int>(classes);
}

}  // namespace

Result<ForeignOnnx> read_foreign_onnx(Bytes bytes) {
  CHESTLIGHT_TRY(const OnnxFile file, read_onnx(bytes));
  CHESTLIGHT_TRY(const GraphFacts facts, read_graph_facts(bytes));
  if (file.inputs.size() != 1 || file.outputs.empty())
    return not_taken(text("The ONNX graph has ", file.inputs.size(), " inputs and ", file.outputs.size(),
                          " outputs; expected one film and its scores."),
                     "Export a classifier of films.");
  const OnnxValue& input = file.inputs[0];
  if (input.shape.size() != 4 || (input.shape[1] != 1 && input.shape[1] != 3))
    return not_taken(
        text("The ONNX graph takes ", input.shape.empty() ? "an input of a shape it does not say" : shape_text(input.shape),
             "; expected films of 1 or 3 channels, as [batch, channels, height, width]."),
        "Export a classifier of films with channels first.");
  constexpr int kFloat32 = 1;
  if (input.element != kFloat32)
    return not_taken("The ONNX graph takes its input in another number format than float32.",
                     "Export it with an input of float32.");
  if (std::any_of(facts.nodes.begin(), facts.nodes.end(), [](const FileNode& node) { return node.has_graph; }))
    return not_taken("The ONNX graph has branches or loops, which are not taken here.",
                     "Export it with torch.onnx.export, which unrolls them.");
  if (input.shape[0] > 0 && takes_one_film(facts))
    return not_taken(text("The ONNX graph takes ", input.shape[0], " film at a time; explanations ask about several."),
                     "Export it with dynamic_axes that leave the first extent open.");
  const auto scores = std::find_if(file.outputs.begin(), file.outputs.end(),
                                   [](const OnnxValue& value) { return value.name == "logits" || value.shape.size() == 2; });
  const OnnxValue& output = scores == file.outputs.end() ? file.outputs[0] : *scores;
  CHESTLIGHT_TRY(const Way way, find_way(facts, file, output.name));

  ForeignOnnx found;
  CHESTLIGHT_TRY(found.classes, classes_of(file, output, way));
  found.channels = static_cast<int>(input.shape[1]);
  if (input.shape[2] == input.shape[3] && input.shape[2] > 0) found.side = static_cast<int>(input.shape[2]);
  const Names names = new_names(facts, file, way, input.name);
  if (!way.weight.empty()) found.head_weight = renamed(names, way.weight), found.head_bias = renamed(names, way.bias);
  found.why_no_maps = way.why_no_maps, found.sigmoid = way.sigmoid;

  std::vector<ProtobufMessage> ends = {
      value_info("input", {{kOpenExtent, "batch"}, {input.shape[1], ""}, {input.shape[2], "height"}, {input.shape[3], "width"}}),
      value_info("logits", {{kOpenExtent, "batch"}, {found.classes, ""}})};
  if (!way.features.empty())
    ends.push_back(value_info("features", {{kOpenExtent, "batch"}, {kOpenExtent, "k"}, {kOpenExtent, "h"}, {kOpenExtent, "w"}}));
  CHESTLIGHT_TRY(const std::string graph, renamed_graph(facts, names, ends));
  std::string model;
  CHESTLIGHT_CHECK(each_field(bytes, [&](const Field& field) -> Result<void> {
    if (field.number != kGraphOfModel) append(model, field.raw);
    return {};
  }));
  append_message(model, kGraphOfModel, graph);
  found.onnx.assign(model.begin(), model.end());
  return found;
}

}  // namespace chestlight

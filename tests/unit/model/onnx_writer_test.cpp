#include "model/graph/onnx_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "model/graph/operators.h"
#include "model/graph/protobuf.h"

namespace chestlight {
namespace {

using namespace std::string_literals;

// Wire format examples of protobuf.dev/programming-guides/encoding.
TEST(Protobuf, WritesTheWireFormat) {
  EXPECT_EQ(ProtobufMessage().integer(1, 150).bytes(), "\x08\x96\x01"s);
  EXPECT_EQ(ProtobufMessage().string(2, "testing").bytes(), "\x12\x07testing"s);
  EXPECT_EQ(ProtobufMessage().message(3, ProtobufMessage().integer(1, 150)).bytes(), "\x1a\x03\x08\x96\x01"s);
  EXPECT_EQ(ProtobufMessage().integers(6, std::vector<std::int64_t>{3, 270, 86942}).bytes(), "\x32\x06\x03\x8e\x02\x9e\xa7\x05"s);
  EXPECT_EQ(ProtobufMessage().integer(1, -1).bytes(), "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s);
  EXPECT_EQ(ProtobufMessage().single(1, 1.0f).bytes(), "\x0d\x00\x00\x80\x3f"s);
  EXPECT_EQ(ProtobufMessage().integer(16, 0).bytes(), "\x80\x01\x00"s);  // a key of two bytes
}

Graph clamp_graph(ElementType element) {
  Graph graph("tiny");
  Value x = graph.add_input("x", element, {symbolic_dimension("n"), fixed_dimension(1), {}, fixed_dimension(2)});
  std::vector<float> low{0.5f};
  graph.mark_output(maximum(graph, "y", x, graph.add_constant("low", element, {1, 1, 1, 1}, low)));
  return graph;
}

// Written out by hand from onnx.proto.
TEST(OnnxWriter, WritesAWholeModel) {
  const std::string type =
      "\x12\x15\x0a\x13\x08\x01\x12\x0f"  // tensor type: float, shape of
      "\x0a\x03\x12\x01n"                 //   "n",
      "\x0a\x02\x08\x01"                  //   1,
      "\x0a\x00"                          //   unknown,
      "\x0a\x02\x08\x02"s;                //   2
  const std::string model =
      "\x08\x08\x12\x0a"
      "Chestlight"
      "\x42\x04\x0a\x00\x10\x11"                                      // IR 8, default domain at 17
      "\x3a\x68\x12\x04tiny"                                          // graph of 104 bytes
      "\x0a\x13\x0a\x01x\x0a\x03low\x12\x01y\x1a\x01y\x22\x03Max"s +  // y = Max(x, low), named y
      "\x5a\x1a\x0a\x01x"s +
      type + "\x62\x1a\x0a\x01y"s + type +  // input, output
      "\x2a\x13\x0a\x04\x01\x01\x01\x01\x10\x01\x42\x03low\x4a\x04\x00\x00\x00\x3f"s;
  auto file = write_onnx(clamp_graph(ElementType::kFloat32));
  EXPECT_EQ(std::string(file.begin(), file.end()), model);
}

TEST(OnnxWriter, IsReproducibleAndHoldsTheRawNumbers) {
  auto file = write_onnx(clamp_graph(ElementType::kFloat32));
  EXPECT_EQ(file, write_onnx(clamp_graph(ElementType::kFloat32)));
  std::string_view bytes(reinterpret_cast<const char*>(file.data()), file.size());
  EXPECT_NE(bytes.find("\x4a\x04\x00\x00\x00\x3f"s), std::string_view::npos);  // raw_data: 0.5f
  EXPECT_EQ(file.capacity(), file.size());                                     // allocated once
  auto half = write_onnx(clamp_graph(ElementType::kFloat16));
  bytes = {reinterpret_cast<const char*>(half.data()), half.size()};
  EXPECT_NE(bytes.find("\x4a\x02\x00\x38"s), std::string_view::npos);  // raw_data: 0.5 as float16
}

}  // namespace
}  // namespace chestlight

#include "model/weights/tensor_map.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace chestlight {
namespace {

/// Owns the numbers of one tensor.
template <class T>
struct Stored {
  DataType type;
  std::vector<std::int64_t> shape;
  std::vector<T> numbers;

  Tensor view() const {
    return {type, shape, Bytes(reinterpret_cast<const std::uint8_t*>(numbers.data()), numbers.size() * sizeof(T))};
  }
};

TEST(Widen, UndoesEveryStorage) {
  Stored<float> single{DataType::kF32, {2}, {0.1f, -3.0f}};
  Stored<double> wide{DataType::kF64, {2}, {0.1, -3.0}};
  Stored<std::uint16_t> half{DataType::kF16, {3}, {0x3c00, 0xc200, 0x0001}};
  Stored<std::uint16_t> brain{DataType::kBF16, {2}, {0x3f80, 0xc040}};
  TensorMap tensors{{"single", single.view()}, {"wide", wide.view()}, {"half", half.view()}, {"brain", brain.view()}};
  EXPECT_EQ(*widen(tensors, "single"), (std::vector<float>{0.1f, -3.0f}));
  EXPECT_EQ(*widen(tensors, "wide"), (std::vector<float>{0.1f, -3.0f}));
  EXPECT_EQ(*widen(tensors, "half"), (std::vector<float>{1.0f, -3.0f, 0x1p-24f}));
  EXPECT_EQ(*widen(tensors, "brain"), (std::vector<float>{1.0f, -3.0f}));
}

TEST(Widen, ScalesInt8PerOutputChannel) {
  Stored<std::int8_t> packed{DataType::kI8, {2, 3}, {1, -2, 127, -128, 0, 4}};
  Stored<float> scale{DataType::kF32, {2}, {0.5f, 0.25f}};
  TensorMap tensors{{"w", packed.view()}, {"w.scale", scale.view()}};
  EXPECT_EQ(*widen(tensors, "w"), (std::vector<float>{0.5f, -1.0f, 63.5f, -32.0f, 0.0f, 1.0f}));
}

TEST(Widen, ReadsUnalignedBytes) {
  std::vector<std::uint8_t> bytes{0xff, 0x00, 0x00, 0x80, 0x3f};
  TensorMap tensors{{"w", {DataType::kF32, {1}, Bytes(bytes).subspan(1)}}};
  EXPECT_EQ(*widen(tensors, "w"), std::vector<float>{1.0f});
}

TEST(Widen, ErrorsNameTheTensor) {
  Stored<std::int8_t> packed{DataType::kI8, {2, 1}, {1, 2}};
  Stored<float> short_scale{DataType::kF32, {1}, {1.0f}};
  Stored<std::int64_t> whole{DataType::kI64, {1}, {1}};
  Stored<float> infinite{DataType::kF32, {1}, {std::numeric_limits<float>::infinity()}};
  Stored<double> huge{DataType::kF64, {1}, {1e300}};
  TensorMap tensors{{"bare", packed.view()}, {"w", packed.view()},          {"w.scale", short_scale.view()},
                    {"whole", whole.view()}, {"infinite", infinite.view()}, {"huge", huge.view()}};
  struct Row {
    const char* name;
    ErrorCode code;
    const char* message;
  };
  for (const Row& row : {
           Row{"none", ErrorCode::kMissing, "Tensor none is missing."},
           Row{"bare", ErrorCode::kMissing, "Tensor bare is stored as I8, but bare.scale is missing."},
           Row{"w", ErrorCode::kInvalidModel, "Tensor w.scale is F32 [1]; expected F32 [2]."},
           Row{"whole", ErrorCode::kInvalidModel, "Tensor whole is stored as I64; expected F32, F16, BF16, F64 or I8."},
           Row{"infinite", ErrorCode::kInvalidModel, "Tensor infinite holds a value that is not finite."},
           Row{"huge", ErrorCode::kInvalidModel, "Tensor huge holds a value that is not finite."},
       }) {
    auto widened = widen(tensors, row.name);
    ASSERT_FALSE(widened) << row.name;
    EXPECT_EQ(widened.error().code, row.code);
    EXPECT_EQ(widened.error().message, row.message);
  }
}

TEST(DataType, NamesGoBothWays) {
  for (std::string_view name : {"BOOL", "U8", "I8", "I16", "U16", "I32", "U32", "I64", "U64", "F16", "BF16", "F32", "F64"}) {
    ASSERT_TRUE(data_type_of(name)) << name;
    EXPECT_EQ(data_type_name(*data_type_of(name)), name);
  }
  EXPECT_FALSE(data_type_of("f32"));
}

}  // namespace
}  // namespace chestlight

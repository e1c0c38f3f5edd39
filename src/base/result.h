// Result<T>: a value or an Error that a person can act on.
//
// Every function that can fail on what a user brings (a file, a manifest, a tensor) returns a Result.
// An Error carries three things, because each has another reader:
//   code     a stable kebab-case word, for scripts (`cxr --json`) and tests
//   message  one sentence saying what was found, and what was expected where that helps
//   hint     one sentence saying what to do; empty where there is nothing sensible to do
// Neither sentence ever holds pixels, patient names or DICOM tag values: both may be copied into a bug report.
// Programming errors (an index out of range, a broken invariant) are not Results; they abort.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace chestlight {

enum class ErrorCode {
  kEmptyFile,          // no bytes at all
  kUnsupportedFormat,  // a format we can name but do not read
  kNotAnImage,         // bytes of no format we know
  kTruncated,          // begins well, ends early
  kCorrupt,            // structure or code stream is wrong
  kTooLarge,           // over a stated limit; refused before anything was allocated
  kTooSmall,           // under a stated limit
  kMissing,            // something named is not there: a file, a tensor, a key, a film
  kHashMismatch,       // bytes differ from the SHA-256 that the manifest states
  kInvalidManifest,    // manifest.json breaks its schema
  kInvalidModel,       // tensors that make no network we can build
  kUnavailable,        // a fair question that this model cannot answer
  kInvalidRequest,     // a caller's mistake at the engine's boundary: unknown method, wrong argument
  kInferenceFailed,    // the runtime could not run the network
  kCancelled,          // the user stopped it
  kInternal,           // our fault
};

/// The stable kebab-case name of a code, e.g. "too-large".
std::string_view error_code_name(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string hint;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_.has_value(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace chestlight

#define CHESTLIGHT_CONCAT_(a, b) a##b
#define CHESTLIGHT_CONCAT(a, b) CHESTLIGHT_CONCAT_(a, b)

/// CHESTLIGHT_TRY(auto film, decode(bytes));  declares `film`, or returns the error from the enclosing function.
#define CHESTLIGHT_TRY(declaration, expression)                                                   \
  auto CHESTLIGHT_CONCAT(result_, __LINE__) = (expression);                                       \
  if (!CHESTLIGHT_CONCAT(result_, __LINE__)) return CHESTLIGHT_CONCAT(result_, __LINE__).error(); \
  declaration = std::move(CHESTLIGHT_CONCAT(result_, __LINE__)).value()

/// The same for Result<void>: CHESTLIGHT_CHECK(validate(manifest));
#define CHESTLIGHT_CHECK(expression) \
  if (auto checked = (expression); !checked) return checked.error()

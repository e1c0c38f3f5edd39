// Procedures: explanations written down as their papers have them, from top to bottom, although each run of the
// network happens somewhere else and later.
//
//   Procedure<float> drop_without_middle(Network& network, const Question& question) {
//     NetworkBatch batch = …;
//     const NetworkAnswer answer = co_await network.run(std::move(batch));
//     co_return question.score - question.score_of(answer, 0);
//   }
//
// A procedure runs until it asks the network for something and then waits; whoever drives it looks at
// Network::waiting(), has that batch run, and hands the answer to Network::answer(), which continues the procedure.
// Procedures may await other procedures. There are no threads: everything happens inside start() and answer().
// Answers are checked before they are handed in, so a procedure never sees a wrong one and cannot fail.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace chestlight {

/// One output of the network for a batch, [count, channels, height, width]; logits have height = width = 1.
struct NetworkTensor {
  int count = 0, channels = 0, height = 0, width = 0;
  std::vector<float> values;

  /// The values of one film, channels × height × width.
  std::span<const float> film(int index) const {
    const std::size_t size = static_cast<std::size_t>(channels) * height * width;
    return std::span(values).subspan(index * size, size);
  }
};

/// Which network is asked: the trained one, or one with a part untrained again (graph/weight_randomisation.h).
enum class NetworkWeights { kTrained, kRandomHead, kRandomBlock };

struct NetworkBatch {
  int count = 0;
  std::vector<float> films;          // count × channels × height × width, as the network takes them
  std::vector<std::string> outputs;  // "logits", "features", "gradient_input", …
  NetworkWeights weights = NetworkWeights::kTrained;
  std::vector<float> class_weights;  // gradients are of Σ class_weights · logits; empty: no gradient is wanted
};

using NetworkAnswer = std::map<std::string, NetworkTensor>;

/// What procedures ask, and where the answers arrive.
class Network {
 public:
  struct Run {
    Network* network;

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> procedure) noexcept { network->procedure_ = procedure; }
    NetworkAnswer await_resume() noexcept { return std::move(network->answer_); }
  };

  Run run(NetworkBatch batch) {
    batch_ = std::move(batch);
    return Run{this};
  }
  /// What a procedure waits for; nothing when none does.
  const std::optional<NetworkBatch>& waiting() const { return batch_; }
  /// Continues the procedure until its next request or its end. Only while waiting().
  void answer(NetworkAnswer answer) {
    batch_.reset();
    answer_ = std::move(answer);
    std::exchange(procedure_, nullptr).resume();
  }

 private:
  std::optional<NetworkBatch> batch_;
  NetworkAnswer answer_;
  std::coroutine_handle<> procedure_;
};

/// A procedure that ends with a T. References among its parameters must outlive it.
template <class T>
class [[nodiscard]] Procedure {
 public:
  struct promise_type {
    std::optional<T> value;
    std::coroutine_handle<> continuation;

    Procedure get_return_object() { return Procedure(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    auto final_suspend() const noexcept {
      struct Continue {
        bool await_ready() const noexcept { return false; }
        std::coroutine_handle<> await_suspend(Handle ended) const noexcept {
          const auto next = ended.promise().continuation;
          return next ? next : std::noop_coroutine();
        }
        void await_resume() const noexcept {}
      };
      return Continue{};
    }
    void return_value(T result) { value = std::move(result); }
    void unhandled_exception() const { std::rethrow_exception(std::current_exception()); }
  };
  using Handle = std::coroutine_handle<promise_type>;

  Procedure(Procedure&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Procedure& operator=(Procedure&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Procedure() {
    if (handle_) handle_.destroy();
  }

  /// Runs to the first request, or to the end. Once; not for procedures that are awaited.
  void start() { handle_.resume(); }
  bool finished() const { return handle_.promise().value.has_value(); }
  /// Only when finished().
  const T& value() const { return *handle_.promise().value; }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) noexcept {
    handle_.promise().continuation = caller;
    return handle_;
  }
  T await_resume() { return std::move(*handle_.promise().value); }

 private:
  explicit Procedure(Handle handle) : handle_(handle) {}

  Handle handle_;
};

}  // namespace chestlight

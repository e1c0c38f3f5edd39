// Drives procedures in tests with a network written as a function.
#pragma once

#include <functional>
#include <utility>

#include "explain/procedure.h"

namespace chestlight::testing {

template <class T>
struct Driven {
  T value;
  int requests = 0;
};

template <class T>
Driven<T> drive(Network& network, Procedure<T> procedure, const std::function<NetworkAnswer(const NetworkBatch&)>& run) {
  int requests = 0;
  procedure.start();
  while (network.waiting()) {
    network.answer(run(*network.waiting()));
    ++requests;
  }
  return {procedure.value(), requests};
}

}  // namespace chestlight::testing

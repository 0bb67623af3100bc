// Random small chips with networks and events, through the C wall: every neuron model, arithmetic, kind of projection.
#pragma once

#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "CNeuroChip.h"

namespace sanitizers {

/// Something that must not happen; the program ends with it.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void require(bool condition, const std::string& what) {
  if (!condition) throw Failure(what);
}

inline void check(const rb_status& status) { require(status.code == RB_OK, status.message); }

/// splitmix64 (Steele, Lea, Flood 2014): the same numbers everywhere.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// low … high.
  int32_t in(int32_t low, int32_t high) { return low + int32_t(next() % uint64_t(high - low + 1)); }
  bool flip() { return next() % 2 == 0; }

 private:
  uint64_t state_;
};

struct Shape {
  int32_t rows = 1, columns = 1, channels = 1;
  size_t count() const { return size_t(rows) * size_t(columns) * size_t(channels); }
};

struct Destroy {
  void operator()(rb_network* network) const { rb_network_destroy(network); }
  void operator()(rb_chip* chip) const { rb_chip_destroy(chip); }
};
using NetworkHandle = std::unique_ptr<rb_network, Destroy>;
using ChipHandle = std::unique_ptr<rb_chip, Destroy>;

/// Weights in all widths; a network takes those of its arithmetic.
class Weights {
 public:
  void append(int32_t weight) {
    bytes_.push_back(int8_t(weight));
    words_.push_back(int16_t(weight));
    reals_.push_back(float(weight) / 64);
  }
  const void* in(rb_arithmetic arithmetic) const {
    if (arithmetic == RB_INTEGER8) return bytes_.data();
    return arithmetic == RB_INTEGER16 ? static_cast<const void*>(words_.data()) : reals_.data();
  }

 private:
  std::vector<int8_t> bytes_;
  std::vector<int16_t> words_;
  std::vector<float> reals_;
};

/// Explicit synapses, and the arrays that the chip model reads.
class Pairs {
 public:
  /// Appends a row. Targets need not rise.
  void append(std::vector<uint32_t> row, Random& random);
  enum class Form { threeBytes, fourBytes, runs };
  rb_pairs in(rb_arithmetic arithmetic, Form form) const;

 private:
  std::vector<size_t> starts_{0}, runStarts_{0};
  std::vector<uint32_t> targets_, bounds_;
  std::vector<uint8_t> packed_;  // targets of three bytes, and one more
  Weights weights_;
};

/// A chip, a network that fits it, and input events.
class RandomCase {
 public:
  explicit RandomCase(uint64_t seed);

  /// Whether it computes in real numbers, whose sums depend on their order.
  bool isReal() const { return arithmetic_ == RB_REAL; }
  rb_chip_parameters chip{};
  std::vector<rb_barrier_point> barrier;
  NetworkHandle network;
  std::vector<rb_event> events;
  /// Whether an event's contribution alone needs sums of 64 bits.
  bool hasWideSums = false;

  struct Population {
    std::string model;
    Shape shape;
    int32_t perDendrite = 1;
  };
  std::vector<Population> populations;

  ChipHandle create(const rb_options& options) const;

 private:
  Random random_;
  rb_arithmetic arithmetic_;
  Shape input_;
  int32_t tables_ = 0;
  std::deque<Pairs> pairs_;  // read by the chips
  int32_t largestInputShift_ = 0;

  Shape shape();
  void makeChip();
  void addPopulation();
  void place(uint32_t population);
  void addProjection(int32_t source, uint32_t target);
  rb_status addConvolution(const rb_projection& projection, const Shape& source, const Shape& target);
  rb_status addPairs(const rb_projection& projection, const Shape& source, const Shape& target);
  void makeEvents();
};

}  // namespace sanitizers

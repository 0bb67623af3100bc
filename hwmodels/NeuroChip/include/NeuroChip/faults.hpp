// What is broken in a network: neurons that are dead, and spikes that are lost. A hash of the seed and the place
// decides, so that more damage hits the same places and others, whatever the mapping, the timing level and the number
// of threads.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace neurochip {

/// Probabilities, and what the hash begins with.
struct Faults {
  double deadNeurons = 0;  ///< of a neuron: its states stay 0 and it never spikes, whatever it receives
  double lostSpikes = 0;   ///< of a spike: it leaves its soma, but no output axon takes it up
  uint64_t seed = 1;

  bool isDead(uint32_t population, uint64_t neuron) const { return chance({population, neuron}) < deadNeurons; }
  bool isLost(uint64_t step, uint32_t population, uint64_t neuron) const {
    return chance({step, population, neuron}) < lostSpikes;
  }

 private:
  /// A number in 0 ... 1, below 1.
  double chance(std::initializer_list<uint64_t> place) const {
    uint64_t state = seed;
    for (const uint64_t part : place) state = hash(state) ^ part;
    return double(hash(state) >> 11) * 0x1p-53;
  }

  /// SplitMix64 (Steele, Lea & Flood, OOPSLA 2014).
  static uint64_t hash(uint64_t state) {
    uint64_t z = state + 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }
};

}  // namespace neurochip

// The network that runs on a chip, and where its parts lie: plain values, lowered by Swift from the user's description.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "NeuroChip/faults.hpp"
#include "NeuroChip/pairs.hpp"
#include "NeuroChip/parameters.hpp"

namespace neurochip {

enum class Compartment { pulse, hold, trace };
constexpr int compartmentCount = 3;

/// A box of positions and channels: rows × columns × channels, each half open.
struct Box {
  int32_t row0 = 0, row1 = 0, column0 = 0, column1 = 0, channel0 = 0, channel1 = 0;

  int32_t rows() const { return row1 - row0; }
  int32_t columns() const { return column1 - column0; }
  int32_t channels() const { return channel1 - channel0; }
  size_t size() const { return size_t(rows()) * size_t(columns()) * size_t(channels()); }
  bool contains(int32_t row, int32_t column, int32_t channel) const {
    return row >= row0 && row < row1 && column >= column0 && column < column1 && channel >= channel0 &&
           channel < channel1;
  }
  /// Place of a dendrite in arrays over the box; the channel is the fastest index.
  size_t index(int32_t row, int32_t column, int32_t channel) const {
    return (size_t(row - row0) * size_t(columns()) + size_t(column - column0)) * size_t(channels()) +
           size_t(channel - channel0);
  }
};

/// One compartment of a population's dendrites: how sums become states.
struct CompartmentDescription {
  int floorShift = 0;  ///< states = sums >> floorShift, after the exact sum of a step
  int decayShift = 0;  ///< `trace` loses state >> decayShift each step
};

struct PopulationDescription {
  std::string model;
  std::map<std::string, double> parameters;
  int32_t rows = 0, columns = 0, channels = 0;
  CompartmentDescription compartments[compartmentCount];
};

/// The part of a population that lies on one core.
struct PlacementDescription {
  uint32_t population = 0;
  CoreId core = 0;
  Box box;
};

/// Weights over channel pairs and offsets: [source channel][offset y][offset x][target channel].
struct TableDescription {
  int32_t sourceChannels = 0, extent = 0, targetChannels = 0;
  Weights weights;
};

/// Where events come from: a population, or the input port of the host.
struct SourceDescription {
  bool isInput = false;
  uint32_t population = 0;
};

/// Common to all projections. A payload p arrives as sign · p · 2^shift · weight in the compartment's finest exponent.
struct ProjectionDescription {
  SourceDescription source;
  uint32_t target = 0;
  Compartment compartment = Compartment::pulse;
  int sign = 1;
  int shift = 0;
  uint32_t delay = 0;                           ///< further steps of axonal delay
  SynapseFormat format = SynapseFormat::dense;  ///< decides what an operation costs, never what it does

  enum class Kind { convolution, pairs, oneToOne } kind = Kind::convolution;

  // convolution: offset = sourceStride · source position − targetStride · target position + origin, within the extent.
  uint32_t table = 0;
  int32_t sourceStride = 1, targetStride = 1, origin = 0;

  Pairs pairs;

  // oneToOne: payload · weight, and sign(payload) · signWeight with a source's first event that is not zero.
  double weight = 0, signWeight = 0;
};

struct NetworkDescription {
  Arithmetic arithmetic = Arithmetic::integer8;
  int32_t inputRows = 0, inputColumns = 0, inputChannels = 0;
  std::vector<PopulationDescription> populations;
  std::vector<PlacementDescription> placements;
  std::vector<TableDescription> tables;
  std::vector<ProjectionDescription> projections;
  Faults faults;
};

}  // namespace neurochip

// Somas: the neurons of one placed slice. A neuron model is one file that implements this.
#pragma once

#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "NeuroChip/dendrites.hpp"

namespace neurochip {

/// A spike that an update produced.
struct Emission {
  uint32_t neuron = 0;         ///< index in the slice, dendrite · neurons per dendrite + polarity
  uint32_t activeUpdates = 0;  ///< active updates among those up to and including this neuron's
  double payload = 0;
};

/// The states of a slice's neurons and the equations that advance them by one step.
template <class Numbers>
class Somas {
 public:
  virtual ~Somas() = default;
  /// Updates all neurons in index order, appends their spikes and returns the number of active updates.
  virtual uint32_t update(const Dendrites<Numbers>& dendrites, std::vector<Emission>& spikes) = 0;
  /// Sets all states of a neuron, by its index in the slice, to 0.
  virtual void reset(uint32_t neuron) = 0;
  /// Copies a named state of each neuron; false if the model has no such state.
  virtual bool read(const std::string& state, std::vector<double>& values) const = 0;
  /// Saturations since the last call.
  virtual int64_t takeSaturations() = 0;
};

/// Named parameters of a model: each must be given, and none that the model does not know.
class ParameterReader {
 public:
  ParameterReader(std::string model, const std::map<std::string, double>& values)
      : model_(std::move(model)), unread_(values) {}

  double number(const std::string& name) {
    const auto found = unread_.find(name);
    if (found == unread_.end())
      throw DescriptionError("neuron model '" + model_ + "' needs the parameter '" + name + "'");
    const double value = found->second;
    unread_.erase(found);
    return value;
  }
  double number(const std::string& name, double low, double high) {
    const double value = number(name);
    if (!(value >= low && value <= high)) {
      std::ostringstream message;
      message << "parameter '" << name << "' of neuron model '" << model_ << "' is " << value << "; it must lie in "
              << int64_t(low) << " ... " << int64_t(high);
      throw DescriptionError(message.str());
    }
    return value;
  }
  int shift(const std::string& name) { return int(number(name, 0, 30)); }
  /// A value in units of states; twice as wide as the widest state.
  double state(const std::string& name) { return number(name, -largestState, largestState); }
  /// The same, not below zero.
  double magnitude(const std::string& name) { return number(name, 0, largestState); }
  void finish() const {
    if (!unread_.empty()) {
      throw DescriptionError("neuron model '" + model_ + "' has no parameter '" + unread_.begin()->first + "'");
    }
  }

 private:
  static constexpr double largestState = 1 << 30;

  std::string model_;
  std::map<std::string, double> unread_;
};

/// Neurons that a model advances together, so that their flags stay in the nearest cache.
constexpr size_t neuronsPerBlock = 512;

/// How many neurons a model puts on each dendrite: 2 for an ON/OFF pair. Throws if the model is unknown.
int neuronsPerDendrite(const PopulationDescription& population);

/// The states of `count` dendrites' neurons.
template <class Numbers>
std::unique_ptr<Somas<Numbers>> makeSomas(const PopulationDescription& population, size_t count,
                                          const ChipParameters& chip);

}  // namespace neurochip

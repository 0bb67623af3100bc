#include "NeuroChip/soma.hpp"

#include "NeuroChip/delta_model.hpp"
#include "NeuroChip/graded_model.hpp"
#include "NeuroChip/lif_model.hpp"
#include "NeuroChip/spiking_model.hpp"

namespace neurochip {

namespace {

int one(const PopulationDescription&) { return 1; }

// The one place where neuron models are registered.
template <class Numbers>
struct Registered {
  std::unique_ptr<Somas<Numbers>> (*make)(const PopulationDescription&, size_t, const ChipParameters&);
  int (*neuronsPerDendrite)(const PopulationDescription&);
};

template <class Model, class Numbers>
std::unique_ptr<Somas<Numbers>> make(const PopulationDescription& population, size_t count,
                                     const ChipParameters& chip) {
  return std::make_unique<Model>(population, count, chip);
}

template <class Numbers>
const std::map<std::string, Registered<Numbers>>& models() {
  static const std::map<std::string, Registered<Numbers>> registered = {
      {"delta", {make<DeltaModel<Numbers>, Numbers>, one}},
      {"graded", {make<GradedModel<Numbers>, Numbers>, one}},
      {"lif", {make<LIFModel<Numbers>, Numbers>, one}},
      {"spiking",
       {make<SpikingModel<Numbers>, Numbers>,
        [](const PopulationDescription& p) { return typename SpikingModel<Numbers>::Parameters(p).polarities; }}},
  };
  return registered;
}

template <class Numbers>
const Registered<Numbers>& model(const std::string& name) {
  const auto found = models<Numbers>().find(name);
  if (found == models<Numbers>().end()) throw DescriptionError("the chip model has no neuron model '" + name + "'");
  return found->second;
}

}  // namespace

int neuronsPerDendrite(const PopulationDescription& population) {
  return model<Real>(population.model).neuronsPerDendrite(population);
}

template <class Numbers>
std::unique_ptr<Somas<Numbers>> makeSomas(const PopulationDescription& population, size_t count,
                                          const ChipParameters& chip) {
  return model<Numbers>(population.model).make(population, count, chip);
}

template std::unique_ptr<Somas<Integer<int8_t>>> makeSomas(const PopulationDescription&, size_t, const ChipParameters&);
template std::unique_ptr<Somas<Integer<int16_t>>> makeSomas(const PopulationDescription&, size_t,
                                                            const ChipParameters&);
template std::unique_ptr<Somas<Real>> makeSomas(const PopulationDescription&, size_t, const ChipParameters&);

}  // namespace neurochip

// Connectivity of one projection into one placed slice: which sums a packet adds to, and how many operations that takes.
#pragma once

#include <memory>

#include "NeuroChip/dendrites.hpp"

namespace neurochip {

/// The neuron (or input) that a packet comes from.
struct SourceNeuron {
  int32_t row = 0, column = 0, channel = 0;
};

/// What a packet's payload does in a slice.
class Synapses {
 public:
  explicit Synapses(SynapseFormat format) : format_(format) {}
  virtual ~Synapses() = default;
  SynapseFormat format() const { return format_; }
  /// Whether the source has any target here.
  virtual bool reaches(const SourceNeuron& source) const = 0;
  /// Whether `reaches` differs between channels of a position.
  virtual bool dependsOnChannel() const = 0;
  /// Adds the payload to all its targets here and returns their number, in dendrites.
  virtual int64_t deliver(const SourceNeuron& source, double payload) = 0;

 private:
  SynapseFormat format_;
};

/// The part of a table that one core needs, ordered so that a packet's weights for a row of targets are contiguous.
template <class Weight>
struct TableSlice {
  int32_t extent = 0, targetStride = 1, steps = 0, channels = 0;
  std::vector<Weight> weights;
  int64_t largestWeight = 0;

  TableSlice(const TableDescription& table, const std::vector<Weight>& source, int32_t targetStride, int32_t channel0,
             int32_t channel1);

  /// First weight for offsets (phaseY + targetStride · …): the entry that serves the target `fromLast` before the last.
  const Weight* at(int32_t sourceChannel, int32_t phaseY, int32_t phaseX, int32_t stepY, int32_t stepX) const {
    const size_t phase =
        (size_t(sourceChannel) * size_t(targetStride) + size_t(phaseY)) * size_t(targetStride) + size_t(phaseX);
    return weights.data() +
           ((phase * size_t(steps) + size_t(stepY)) * size_t(steps) + size_t(stepX)) * size_t(channels);
  }
  ptrdiff_t rowStride() const { return ptrdiff_t(steps) * channels; }
};

/// Offsets o = phase + targetStride · m serve target (q − m); stored by falling m, so that targets rise.
template <class Weight>
TableSlice<Weight>::TableSlice(const TableDescription& table, const std::vector<Weight>& source, int32_t stride,
                               int32_t channel0, int32_t channel1)
    : extent(table.extent),
      targetStride(stride),
      steps((table.extent + stride - 1) / stride),
      channels(channel1 - channel0) {
  weights.assign(size_t(table.sourceChannels) * stride * stride * steps * steps * channels, Weight(0));
  auto* out = weights.data();
  for (int32_t s = 0; s < table.sourceChannels; ++s)
    for (int32_t py = 0; py < stride; ++py)
      for (int32_t px = 0; px < stride; ++px)
        for (int32_t my = steps - 1; my >= 0; --my)
          for (int32_t mx = steps - 1; mx >= 0; --mx, out += channels) {
            const int32_t oy = py + stride * my, ox = px + stride * mx;
            if (oy >= extent || ox >= extent) continue;
            const size_t entry = ((size_t(s) * extent + oy) * extent + ox) * table.targetChannels;
            std::copy_n(source.data() + entry + channel0, channels, out);
          }
  for (const Weight w : weights) largestWeight = std::max<int64_t>(largestWeight, int64_t(std::abs(double(w))));
}

/// Targets of one source position along one axis.
struct TargetRange {
  int32_t first = 0, end = 0;  ///< half open, global positions
  int32_t phase = 0;
  int32_t step = 0;  ///< stored step of `first`
  bool isEmpty() const { return first >= end; }
};

template <class Numbers>
class ConvolutionSynapses final : public Synapses {
 public:
  using Slice = TableSlice<typename Numbers::Weight>;

  ConvolutionSynapses(const ProjectionDescription& projection, const Box& box, std::shared_ptr<const Slice> table,
                      Dendrites<Numbers>& dendrites)
      : Synapses(projection.format),
        projection_(projection),
        box_(box),
        table_(std::move(table)),
        dendrites_(dendrites) {}

  bool dependsOnChannel() const override { return false; }

  bool reaches(const SourceNeuron& s) const override {
    return !range(s.row, box_.row0, box_.row1).isEmpty() && !range(s.column, box_.column0, box_.column1).isEmpty();
  }

  int64_t deliver(const SourceNeuron& s, double payload) override {
    const auto y = range(s.row, box_.row0, box_.row1), x = range(s.column, box_.column0, box_.column1);
    if (y.isEmpty() || x.isEmpty()) return 0;
    Rows shape;
    shape.rows = y.end - y.first;
    shape.count = (x.end - x.first) * box_.channels();
    shape.sumStride = ptrdiff_t(box_.columns()) * box_.channels();
    shape.weightStride = table_->rowStride();
    const auto* weights = table_->at(s.channel, y.phase, x.phase, y.step, x.step);
    const auto scaled = Numbers::payload(std::ldexp(payload * projection_.sign, projection_.shift));
    dendrites_.arriving(projection_.compartment, projection_.delay)
        .add(shape, weights, scaled, table_->largestWeight, box_.index(y.first, x.first, box_.channel0));
    return int64_t(shape.rows) * shape.count;
  }

 private:
  struct Parameters {
    Compartment compartment;
    int sign, shift;
    uint32_t delay;
    int32_t sourceStride, targetStride, origin;
    Parameters(const ProjectionDescription& p)
        : compartment(p.compartment),
          sign(p.sign),
          shift(p.shift),
          delay(p.delay),
          sourceStride(p.sourceStride),
          targetStride(p.targetStride),
          origin(p.origin) {}
  };

  Parameters projection_;
  Box box_;
  std::shared_ptr<const Slice> table_;
  Dendrites<Numbers>& dendrites_;

  static int32_t floorDivided(int32_t a, int32_t b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }

  TargetRange range(int32_t source, int32_t low, int32_t high) const {
    const int32_t t = projection_.targetStride;
    const int32_t reach = projection_.sourceStride * source + projection_.origin;  // offset = reach − t · target
    const int32_t nearest = floorDivided(reach, t);                                // target with the smallest offset
    const int32_t phase = reach - t * nearest;
    TargetRange r;
    r.phase = phase;
    r.first = std::max(low, nearest - floorDivided(table_->extent - 1 - phase, t));
    r.end = std::min(high, nearest + 1);
    r.step = table_->steps - 1 - (nearest - r.first);
    return r;
  }
};

/// Explicit pairs in compressed rows, reduced to the targets in this box.
template <class Numbers>
class PairSynapses final : public Synapses {
 public:
  PairSynapses(const ProjectionDescription& p, const std::vector<typename Numbers::Weight>& weights,
               const PopulationDescription& target, const Box& source, const Box& box, Dendrites<Numbers>& dendrites);

  bool dependsOnChannel() const override { return true; }

  bool reaches(const SourceNeuron& s) const override { return starts_[row(s)] != starts_[row(s) + 1]; }

  int64_t deliver(const SourceNeuron& s, double payload) override {
    const auto scaled = Numbers::payload(std::ldexp(payload * sign_, shift_));
    auto& sums = dendrites_.arriving(compartment_, delay_);
    const size_t first = starts_[row(s)], end = starts_[row(s) + 1];
    for (size_t i = first; i < end; ++i) sums.add(targets_[i], scaled * weights_[i]);
    return int64_t(end - first);
  }

 private:
  Compartment compartment_;
  int sign_, shift_;
  uint32_t delay_;
  Box source_;
  std::vector<size_t> starts_;
  std::vector<uint32_t> targets_;
  std::vector<typename Numbers::Weight> weights_;
  Dendrites<Numbers>& dendrites_;

  size_t row(const SourceNeuron& s) const { return source_.index(s.row, s.column, s.channel); }
};

/// Each source drives the dendrite at its own place: payload · weight, and once, with its first event that is not zero,
/// sign(payload) · signWeight. A value that is spread over several events so has its sign term once.
template <class Numbers>
class OneToOneSynapses final : public Synapses {
 public:
  OneToOneSynapses(const ProjectionDescription& p, const Box& box, Dendrites<Numbers>& dendrites)
      : Synapses(p.format),
        compartment_(p.compartment),
        sign_(p.sign),
        shift_(p.shift),
        delay_(p.delay),
        weight_(p.weight),
        signWeight_(p.signWeight),
        box_(box),
        dendrites_(dendrites),
        hasFired_(box.size(), false) {}

  bool dependsOnChannel() const override { return true; }

  bool reaches(const SourceNeuron& s) const override { return box_.contains(s.row, s.column, s.channel); }

  int64_t deliver(const SourceNeuron& s, double payload) override {
    if (!reaches(s)) return 0;
    const double polarity = payload > 0 ? 1 : payload < 0 ? -1 : 0;
    const size_t place = box_.index(s.row, s.column, s.channel);
    const double signTerm = hasFired_[place] ? 0 : polarity * signWeight_;
    if (polarity != 0) hasFired_[place] = true;
    const double value = sign_ * (std::ldexp(payload * weight_, shift_) + signTerm);
    dendrites_.arriving(compartment_, delay_).add(place, Numbers::payload(value));
    return 1;
  }

 private:
  Compartment compartment_;
  int sign_, shift_;
  uint32_t delay_;
  double weight_, signWeight_;
  Box box_;
  Dendrites<Numbers>& dendrites_;
  std::vector<bool> hasFired_;
};

template <class Numbers>
PairSynapses<Numbers>::PairSynapses(const ProjectionDescription& p,
                                    const std::vector<typename Numbers::Weight>& weights,
                                    const PopulationDescription& target, const Box& source, const Box& box,
                                    Dendrites<Numbers>& dendrites)
    : Synapses(p.format),
      compartment_(p.compartment),
      sign_(p.sign),
      shift_(p.shift),
      delay_(p.delay),
      source_(source),
      dendrites_(dendrites) {
  starts_.push_back(0);
  for (size_t row = 0; row + 1 < p.rowStarts.size(); ++row) {
    for (size_t i = p.rowStarts[row]; i < p.rowStarts[row + 1]; ++i) {
      const auto channel = int32_t(p.targets[i] % uint32_t(target.channels));
      const auto position = p.targets[i] / uint32_t(target.channels);
      const auto y = int32_t(position / uint32_t(target.columns)), x = int32_t(position % uint32_t(target.columns));
      if (!box.contains(y, x, channel)) continue;
      targets_.push_back(uint32_t(box.index(y, x, channel)));
      weights_.push_back(weights[i]);
    }
    starts_.push_back(targets_.size());
  }
}

}  // namespace neurochip

// Connectivity of one projection: which sums a packet adds to, and which dendrites it reaches.
#pragma once

#include <memory>

#include "NeuroChip/dendrites.hpp"

namespace neurochip {

/// The neuron (or input) that a packet comes from.
struct SourceNeuron {
  int32_t row = 0, column = 0, channel = 0;
};

/// The dendrites that a source has synapses with: a box, or a list in global order.
struct Reach {
  Box box;
  Targets targets;
  size_t count = 0;  ///< of the list

  bool isList() const { return targets.bytes != nullptr; }
};

/// What a packet's payload does in the population that a projection targets.
class Synapses {
 public:
  explicit Synapses(SynapseFormat format) : format_(format) {}
  virtual ~Synapses() = default;
  SynapseFormat format() const { return format_; }
  virtual Reach reach(const SourceNeuron& source) const = 0;
  /// Whether `reach` differs between channels of a position.
  virtual bool dependsOnChannel() const = 0;
  /// Brings near what `deliver` will read for a source, if that lies far apart for each.
  virtual void prefetch(const SourceNeuron&) const {}
  /// Brings near what `prefetch` itself will read.
  virtual void prefetchBounds(const SourceNeuron&) const {}
  /// Adds the payload to all its targets in a band.
  virtual void deliver(const SourceNeuron& source, double payload, const Band& band) = 0;

 private:
  SynapseFormat format_;
};

/// A table, ordered so that a packet's weights for a row of targets are contiguous.
template <class Weight>
struct OrderedTable {
  int32_t extent = 0, targetStride = 1, steps = 0, channels = 0;
  std::vector<Weight> weights;
  int64_t largestWeight = 0;

  OrderedTable(const TableDescription& table, int32_t targetStride);

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
OrderedTable<Weight>::OrderedTable(const TableDescription& table, int32_t stride)
    : extent(table.extent),
      targetStride(stride),
      steps((table.extent + stride - 1) / stride),
      channels(table.targetChannels) {
  const auto& source = std::get<std::vector<Weight>>(table.weights);
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
            std::copy_n(source.data() + entry, channels, out);
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
  using Table = OrderedTable<typename Numbers::Weight>;

  ConvolutionSynapses(const ProjectionDescription& projection, std::shared_ptr<const Table> table,
                      DendriteSums<Numbers>& sums)
      : Synapses(projection.format), projection_(projection), table_(std::move(table)), sums_(sums) {}

  bool dependsOnChannel() const override { return false; }

  Reach reach(const SourceNeuron& s) const override {
    const Box& shape = sums_.shape();
    const auto y = range(s.row, 0, shape.row1), x = range(s.column, 0, shape.column1);
    Reach all;
    if (!y.isEmpty() && !x.isEmpty()) all.box = {y.first, y.end, x.first, x.end, 0, shape.channel1};
    return all;
  }

  void deliver(const SourceNeuron& s, double payload, const Band& band) override {
    const auto y = range(s.row, band.row0, band.row1), x = range(s.column, band.column0, band.column1);
    if (y.isEmpty() || x.isEmpty()) return;
    const Box& shape = sums_.shape();
    Rows rows;
    rows.rows = y.end - y.first;
    rows.count = (x.end - x.first) * shape.channels();
    rows.sumStride = ptrdiff_t(shape.columns()) * shape.channels();
    rows.weightStride = table_->rowStride();
    const auto* weights = table_->at(s.channel, y.phase, x.phase, y.step, x.step);
    const auto scaled = Numbers::payload(std::ldexp(payload * projection_.sign, projection_.shift));
    sums_.arriving(projection_.compartment, projection_.delay)
        .add(band, y.first, rows, weights, scaled, table_->largestWeight, shape.index(y.first, x.first, 0));
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
  std::shared_ptr<const Table> table_;
  DendriteSums<Numbers>& sums_;

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

/// Each source drives the dendrite at its own place: payload · weight, and once, with its first event that is not zero,
/// sign(payload) · signWeight. A value that is spread over several events so has its sign term once.
template <class Numbers>
class OneToOneSynapses final : public Synapses {
 public:
  OneToOneSynapses(const ProjectionDescription& p, DendriteSums<Numbers>& sums)
      : Synapses(p.format),
        compartment_(p.compartment),
        sign_(p.sign),
        shift_(p.shift),
        delay_(p.delay),
        weight_(p.weight),
        signWeight_(p.signWeight),
        sums_(sums),
        hasFired_(sums.shape().size(), 0) {}

  bool dependsOnChannel() const override { return true; }

  Reach reach(const SourceNeuron& s) const override {
    Reach one;
    one.box = {s.row, s.row + 1, s.column, s.column + 1, s.channel, s.channel + 1};
    return one;
  }

  void deliver(const SourceNeuron& s, double payload, const Band& band) override {
    const size_t place = sums_.shape().index(s.row, s.column, s.channel);
    if (place < band.first || place >= band.end) return;
    const double polarity = payload > 0 ? 1 : payload < 0 ? -1 : 0;
    const double signTerm = hasFired_[place] ? 0 : polarity * signWeight_;
    if (polarity != 0) hasFired_[place] = 1;
    const double value = sign_ * (std::ldexp(payload * weight_, shift_) + signTerm);
    sums_.arriving(compartment_, delay_).add(band, s.row, place, Numbers::payload(value));
  }

 private:
  Compartment compartment_;
  int sign_, shift_;
  uint32_t delay_;
  double weight_, signWeight_;
  DendriteSums<Numbers>& sums_;
  std::vector<uint8_t> hasFired_;  // a byte each, since bands are worked on at once
};

}  // namespace neurochip

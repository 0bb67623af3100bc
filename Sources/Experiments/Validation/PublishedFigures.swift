import Reports

/// Every published figure that `rheobase validate` compares with, its band and the reason for the band, by group.
///
/// A band is settled from what is known of the source (its rounding, its range, what it leaves open) and never from the
/// error that we find. `docs/validation.md` derives the wider ones.
enum PublishedFigures {
  // MARK: Davies et al. 2018, Table 2

  /// Loihi's operations, one by one.
  enum LoihiOperations {
    static let group = "Loihi's operations, measured one by one on the simulated chip"
    private static let source = "Davies et al. 2018, Table 2"
    private static let exact = "the chip file holds these figures: a single operation must cost just that"

    private static func operation(_ name: String, _ quantity: String, pJ: Double) -> PublishedFigure {
      .init("loihi." + name, quantity, pJ * 1e-12, "J", .percent(1e-6), .construction, reason: exact, source: source)
    }

    private static func operation(_ name: String, _ quantity: String, ns: Double) -> PublishedFigure {
      .init("loihi." + name, quantity, ns * 1e-9, "s", .percent(1e-6), .construction, reason: exact, source: source)
    }

    static let synapseEnergy = operation("synapse.energy", "synaptic operation: energy", pJ: 23.6)
    static let synapseTime = operation("synapse.time", "synaptic operation: time", ns: 3.5)
    static let activeEnergy = operation("update_active.energy", "active neuron update: energy", pJ: 81)
    static let activeTime = operation("update_active.time", "active neuron update: time", ns: 8.4)
    static let inactiveEnergy = operation("update_inactive.energy", "inactive neuron update: energy", pJ: 52)
    static let inactiveTime = operation("update_inactive.time", "inactive neuron update: time", ns: 5.3)
    static let tileEnergy = operation("tile.energy", "spike within a tile: energy", pJ: 1.7)
    static let tileTime = operation("tile.time", "spike within a tile: time", ns: 2.1)
    static let eastWestEnergy = operation("hop_east_west.energy", "hop east-west: energy", pJ: 3.0)
    static let eastWestTime = operation("hop_east_west.time", "hop east-west: time", ns: 4.1)
    static let northSouthEnergy = operation("hop_north_south.energy", "hop north-south: energy", pJ: 4.0)
    static let northSouthTime = operation("hop_north_south.time", "hop north-south: time", ns: 6.5)
    static let barrierOfOneTile = operation("barrier.1_tile", "barrier over 1 tile", ns: 113)
    static let barrierOf32Tiles = operation("barrier.32_tiles", "barrier over 32 tiles", ns: 465)
    static let spikeRate = PublishedFigure(
      "loihi.spike_rate", "spikes a second through one tile, saturated", 3.44e9, "1/s", .percent(0.2), .construction,
      reason: "the chip file holds the inverse rate, 290.7 ps, rounded to whole picoseconds (0.11 %)", source: source)
  }

  // MARK: Frady et al. 2020

  /// One query of a nearest-neighbour search on 32 chips.
  enum LoihiQuery {
    static let group = "Loihi in use: one nearest-neighbour query, 76,800 patterns on 32 chips"
    static let chips = 32
    static let patterns = 76_800
    static let components = 1000
    static let steps = 60
    /// Input spikes of a query after the threshold has removed a third, or a quarter, of the components.
    static let fewestSpikes = 667
    static let mostSpikes = 750

    private static let source = "Frady et al. 2020 (arXiv 2004.12691), Table 2"
    private static let energy_J = 1.33e-3
    /// What the two published sets of constants allow below, what the publication leaves open above.
    private static let band = ValidationBand.percent(-33.5...19.7)
    private static let reason =
      "low by 33.5 % if a synaptic operation costs 35.5 pJ and not its published minimum of 23.6; high by 19.7 % if what the "
      + "publication leaves open (counts and active updates, a factor of 1.197) points upwards"

    static let fewest = PublishedFigure(
      "frady.query_energy.fewest", "dynamic energy: fewest spikes, all in one step", energy_J, "J", band,
      reason: reason,
      source: source)
    static let most = PublishedFigure(
      "frady.query_energy.most", "dynamic energy: most spikes, spread over all steps", energy_J, "J", .unjudged,
      reason:
        "the upper extreme: it takes every update as active, which the publication does not say; outside the band of "
        + "the lower one", source: source)
    static let synapticEvents = PublishedFigure(
      "frady.synaptic_events", "synaptic events, most", 5.76e7, "1", .percent(0.1), .construction,
      reason: "the network is built so: 750 spikes to each of 76,800 patterns", source: "Frady et al. 2020, section 3")
    static let updates = PublishedFigure(
      "frady.neuron_updates", "neuron updates", 4.608e6, "1", .percent(1e-6), .construction,
      reason: "the network is built so: 76,800 patterns in each of 60 steps", source: "Frady et al. 2020, section 3")

    private static let regression =
      "explains why a regressed constant is not a marginal one: it was fitted on other programs, with all that their "
      + "runs cost besides"
    static let regressedFewest = PublishedFigure(
      "frady.query_energy.regressed.fewest", "regressed constants: fewest spikes, in one step", energy_J, "J",
      .unjudged,
      reason: regression, source: source)
    static let regressedMost = PublishedFigure(
      "frady.query_energy.regressed.most", "regressed constants: most spikes, spread", energy_J, "J", .unjudged,
      reason: regression, source: source)
  }

  // MARK: Timcheck et al. 2026

  /// The time of a step, beside the formula's value at the run's own counts.
  enum StepTime {
    static let group = "Time of a step, where one term of the formula dominates"

    private static func figure(_ name: String, _ quantity: String) -> PublishedFigure {
      .init(
        "step_time." + name, quantity, 0, "s", .unjudged, .formula, reason: "the formula gives figure and band",
        source: "Timcheck et al. 2026 (arXiv 2601.10035), Eq. 1")
    }

    static let updates = figure("updates", "neuron updates of one core")
    static let synapses = figure("synapses", "synaptic operations of one core")
    static let sharedSynapses = figure("shared_synapses", "the same synaptic operations shared by 8 cores")
    static let link = figure("link", "packets through one tile's port")
    static let barrier = figure("barrier", "barrier over 32 tiles")
  }

  // MARK: Akopyan et al. 2015, Merolla et al. 2014

  /// Power of a whole TrueNorth, static and marginal.
  enum TrueNorthPower {
    static let group = "TrueNorth: power of recurrent networks, 128 synapses a neuron"
    static let cores = 4096
    static let tick_s = 1e-3
    static let neuronsPerCore = 256
    static let synapsesPerNeuron = 128
    /// The whole chip's power over its synaptic events at one point: not a marginal cost.
    static let averageEnergy_J = 26e-12

    private static let figure17 = "Akopyan et al. 2015, Fig. 17"
    private static let fitted =
      "an end of the affine fit: the simulated chip must give it back, to the rounding of 1 mW"

    private static func power(
      _ name: String, _ quantity: String, mW: Double, _ band: ValidationBand, _ basis: ValidationBasis = .publication,
      reason: String, source: String
    ) -> PublishedFigure {
      .init("truenorth." + name, quantity, mW * 1e-3, "W", band, basis, reason: reason, source: source)
    }

    static let slow = power(
      "power.11_58_hz", "power at 11.58 Hz, 0.8 V (fitted)", mW: 68, .percent(0.74), .construction, reason: fitted,
      source: figure17)
    static let middle = power(
      "power.20_07_hz", "power at 20.07 Hz, 0.8 V (held out)", mW: 71, .percent(1.5),
      reason: "the figure is printed to 1 mW (0.7 %), and so are the two that fix the line", source: figure17)
    static let fast = power(
      "power.95_93_hz", "power at 95.93 Hz, 0.8 V (fitted)", mW: 94, .percent(0.53), .construction, reason: fitted,
      source: figure17)
    static let lowerVoltage = power(
      "power.0_775_v", "power at 20 Hz, 0.775 V", mW: 72, .percent(6.6),
      reason: "constants of 0.8 V, another chip: power goes at least with the square of the voltage, 6.6 %",
      source: "Merolla et al. 2014")
    static let lowestVoltage = power(
      "power.0_75_v", "power at 20 Hz, 0.75 V", mW: 65, .percent(-0.8...13.8),
      reason: "constants of 0.8 V can only be too high: power goes at least with the square of the voltage, 13.8 %",
      source: "Akopyan et al. 2015, section VII")

    private static let trap =
      "explains why a whole-chip average is not a marginal cost: 26 pJ holds the static power of one point, 20 Hz"
    static let trapSlow = power(
      "trap.11_58_hz", "26 pJ an event at 11.58 Hz: a trap", mW: 68, .unjudged, reason: trap, source: figure17)
    static let trapFast = power(
      "trap.95_93_hz", "26 pJ an event at 95.93 Hz: a trap", mW: 94, .unjudged, reason: trap, source: figure17)
  }

  // MARK: Frenkel et al. 2019

  /// Power of ODIN at its two published points, as many synaptic operations as it can do.
  enum ODINPower {
    static let group = "ODIN: power at 0.55 V, one synaptic operation every two clock cycles"
    /// Power of the clock, which adds to the leakage.
    static let idle_W_per_MHz = 1.78e-6
    static let fastClock_MHz = 75.0
    static let slowClock_MHz = 1.3

    static let fast = PublishedFigure(
      "odin.power.75_mhz", "power at 75 MHz", 477e-6, "W", .percent(0.25), .construction,
      reason:
        "the chip file holds the terms of the paper's own power model; the figure is printed to 1 µW, its terms to three digits: together 0.23 %",
      source: "Frenkel et al. 2019, section IV-A")
    static let slow = PublishedFigure(
      "odin.power.1_3_mhz", "power at 1.3 MHz", 35e-6, "W", .percent(1.6), .construction,
      reason:
        "the chip file holds the terms of the paper's own power model; the figure is printed to 1 µW (1.4 %), its terms to three digits",
      source: "Frenkel et al. 2019, section IV-A")
  }

  // MARK: Tang et al. 2023

  /// SENECA's energy of a synaptic operation, counted in instructions.
  enum SENECASynapse {
    static let group = "SENECA: energy of a synaptic operation, from its instructions"
    static let load_pJ = 3.7
    static let store_pJ = 3.9
    /// Two operations of 8-bit integers.
    static let pairOfIntegers_pJ = 1.2
    static let float16_pJ = 1.4

    private static let source = "Tang et al. 2023 (Front. Neurosci. 17:1187252), Tables 3 and 8"

    static let chipFile = PublishedFigure(
      "seneca.synapse.chip_file", "as the chip file has it", 2.8e-12, "J", .percent(1e-6), .construction,
      reason: "the chip file holds the published sum: a single operation must cost just that", source: source)
    static let grouped = PublishedFigure(
      "seneca.synapse.grouped", "8 bits, states kept in registers for 16 events", 2.8e-12, "J", .unjudged,
      reason:
        "not judged: how many events share a load and a store of the states is not in the tables; 16 is our reading, "
        + "and from 4 on to any number the sum is −12.5 … +21.5 % from the published one", source: source)
    static let single = PublishedFigure(
      "seneca.synapse.single", "16 bits, every event by itself", 2.8e-12, "J", .unjudged,
      reason:
        "explains that the published figure is one of data reuse: without it the same instructions cost four times "
        + "as much", source: source)
  }

  // MARK: Tang, Lin, Davies 2017

  /// The S-LCA example with three neurons.
  enum SpikingLCA {
    static let group = "S-LCA's example: three neurons whose rates solve a LASSO"
    private static let source = "Tang, Lin, Davies 2017 (arXiv 1705.05475)"

    static let objective = PublishedFigure(
      "slca.objective", "objective, by our certified solver", 0.254054, "1", .percent(0.0002),
      reason: "six printed digits", source: source)
    static let optimum = [0.683061, 0, 1.217790].enumerated().map { index, value in
      PublishedFigure(
        "slca.optimum.\(index + 1)", "coefficient \(index + 1), by our certified solver", value, "1", .within(2e-6),
        reason: "six printed decimals, and the solver's float32", source: source)
    }
    static let earlyRates = rates([0.69, 0.01, 1.21], over: 100)
    static let lateRates = rates([0.684, 0.001, 1.216], over: 1000)

    /// One spike more or less is 1 / T; the chip hears its input and its inhibition a step later than the recursion.
    private static func rates(_ values: [Double], over tau: Int) -> [PublishedFigure] {
      values.enumerated().map { index, value in
        PublishedFigure(
          "slca.rate.\(tau).\(index + 1)", "rate of neuron \(index + 1) over T = \(tau)", value, "1",
          .within(1.000001 / Double(tau)), reason: "one spike: the chip hears input and inhibition a step later",
          source: source)
      }
    }
  }

  // MARK: Parpart et al. 2023

  /// Outputs of the LCA solver of lava-optimization on one MNIST image.
  enum LavaOutputs {
    static let group = "LCA on Loihi 2: MNIST image 0, a dictionary of 784 × 784, λ = 0.1, 1024 steps"
    static let lambda = 0.1
    static let stepShift = 7
    static let steps = 1024
    /// Of the normalisation (pixel / 255 − mean) / deviation.
    static let mean = 0.1307
    static let deviation = 0.3081
    /// Why there is nothing of ours without the data.
    static let needsData = "needs the solver's dictionary and image: make lava-data, then --lava-data FILE"

    /// What one network puts out.
    struct Outputs {
      let psnr, zeros: PublishedFigure
    }

    static let oneLayerFloat = outputs(
      "one_layer.float", "one layer, float", dB: 37.12, zeros: 0.7538, .within(0.05), .within(2.5 / 784), reason: same)
    static let oneLayerFixed = outputs(
      "one_layer.fixed", "one layer, fixed point", dB: 37.80, zeros: 0.7105, .within(0.05), .within(2.5 / 784),
      reason: truncated + "; so it is with all units of the states that were tried without a saturation, 2⁻¹⁷ to 2⁻²¹")
    static let oneLayerRounded = outputs(
      "one_layer.rounded", "one layer, rounded to the nearest", dB: 37.80, zeros: 0.7105, .unjudged, .unjudged,
      reason: rounded)
    static let twoLayersFloat = outputs(
      "two_layers.float", "two layers, float", dB: 37.12, zeros: 0.7551, .within(0.05), .within(2.5 / 784),
      reason: same)
    static let twoLayersFixed = outputs(
      "two_layers.fixed", "two layers, fixed point", dB: 27.31, zeros: 0.7385, .unjudged, .unjudged, reason: fine)
    static let twoLayersCoarse = outputs(
      "two_layers.coarse", "two layers, states of 2⁻¹⁷", dB: 27.31, zeros: 0.7385, .unjudged, .unjudged,
      reason:
        "the same network with the states of our own runs; run so, it leaves the bands of 0.05 dB and two neurons")
    static let twoLayersRounded = outputs(
      "two_layers.rounded", "two layers, rounded to the nearest", dB: 27.31, zeros: 0.7385, .unjudged, .unjudged,
      reason: rounded)

    private static let same =
      "the same equations in real numbers, a step more or less at the end: 0.05 dB, and two neurons at the threshold"
    private static let truncated =
      "the solver's own weights (towards zero to 9 bits, then down to an even number), a step more or less at the end: "
      + "0.05 dB, and two neurons at the threshold, as in real numbers"
    private static let fine =
      "no evidence: states of 2⁻¹⁹, the finest of 24 bits without a saturation (the solver's: 2⁻²¹, of any width), were "
      + "chosen after the two layers had left their bands of 0.05 dB and two neurons with 2⁻¹⁷"
    private static let rounded =
      "explains what the solver's truncation does: the same network with weights rounded to the nearest of 8 bits"

    private static func outputs(
      _ name: String, _ quantity: String, dB: Double, zeros: Double, _ psnrBand: ValidationBand,
      _ zerosBand: ValidationBand, reason: String
    ) -> Outputs {
      let source = "lava-optimization 0.5.0, LCA tutorial (Parpart et al. 2023)"
      return Outputs(
        psnr: .init("lava.\(name).psnr", quantity + ": PSNR", dB, "dB", psnrBand, reason: reason, source: source),
        zeros: .init("lava.\(name).zeros", quantity + ": zeros", zeros, "1", zerosBand, reason: reason, source: source))
    }
  }
}

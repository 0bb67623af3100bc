import Experiments
import Foundation
import KernelBanks
import Neuromorphic
import Reports
import SparseCoding
import Testing

/// What a check says fits, fits, and one more does not.
@Suite struct ChipCheckTests {
  /// The whole mapping of a network with real tables, as a run makes it.
  private func mapping(_ check: ChipCheck, _ model: LCAModel, on chip: ChipDescription) throws -> Mapping {
    var options = LCAOptions()
    options.model = model
    let lca = try LCANetwork.outline(
      CodeGeometry(
        imageHeight: check.imageSize, imageWidth: check.imageSize, kernelCount: check.kernelCount,
        kernelSize: check.kernelSize, stride: check.stride, boundary: .valid),
      isDrivenByCode: false, stateBits: chip.stateBits.value, options: options)
    let mapping = try Mapping(lca.network, on: chip, chipLimit: check.chipLimit, activity: lca.activity)
    #expect(mapping.violations(of: lca.network, on: chip).isEmpty)
    return mapping
  }

  @Test(arguments: [("loihi1", 2), ("loihi2", 1)])
  func everyRemedyFitsAndOneMoreDoesNot(name: String, stride: Int) throws {
    let chip = try ChipDescription.named(name)
    let check = ChipCheck(kernelCount: 144, kernelSize: 12, stride: stride)
    for finding in try check.findings(on: chip, inputs: [.dense]) {
      guard case .doesNotFit(let reason, let needs, let remedies) = finding.outcome else { continue }
      #expect(reason.contains(name) && !reason.contains("\n"))
      #expect(needs.chips > 1 || needs.limits.contains { !$0.fullest.fits })
      func fits(_ change: (inout ChipCheck) -> Void) -> Bool {
        var changed = check
        change(&changed)
        return (try? mapping(changed, finding.model, on: chip)) != nil
      }
      if let kernels = remedies.kernels {
        #expect(fits { $0.kernelCount = kernels } && !fits { $0.kernelCount = kernels + 1 })
      }
      if let size = remedies.imageSize {
        #expect(fits { $0.imageSize = size } && !fits { $0.imageSize = size + 1 })
      }
      if let stride = remedies.stride {
        #expect(fits { $0.stride = stride } && !fits { $0.stride = stride - 1 })
      }
      if let chips = remedies.chips {
        #expect(fits { $0.chipLimit = chips } && !fits { $0.chipLimit = chips - 1 })
      }
      #expect(remedies.kernels != nil && remedies.chips != nil, "\(name), \(finding.model)")
    }
  }

  /// Both networks would fit with a stride of 6, which leaves out pixels between kernels of 4 × 4.
  @Test(arguments: [4, 8]) func noStrideBeyondTheKernelsIsARemedy(size: Int) throws {
    let chip = try ChipDescription.named("loihi1")
    let check = ChipCheck(kernelCount: 144, kernelSize: size, imageSize: 128, stride: 1)
    guard case .doesNotFit(_, _, let remedies) = check.outcome(.spiking, .dense, on: chip) else {
      Issue.record("it fits")
      return
    }
    #expect(remedies.stride.map { $0 <= size } ?? (size == 4), "\(remedies)")
  }

  @Test func aModelThatAChipHasNotGotIsSaidSo() throws {
    let chip = try ChipDescription.named("loihi1")
    let check = ChipCheck(kernelCount: 4, kernelSize: 4, imageSize: 12)
    let findings = try check.findings(on: chip)
    #expect(findings.count == 2 * LCAModel.allCases.count)
    for finding in findings {
      if case .cannotRun(let reason) = finding.outcome {
        #expect(finding.model != .spiking && reason.contains("lif, spiking"))
      } else {
        #expect(finding.model == .spiking)
      }
    }
  }

  @Test func needsAreThoseOfTheMapping() throws {
    let chip = try ChipDescription.named("loihi2")
    let check = ChipCheck(kernelCount: 144, kernelSize: 12)
    guard case .fits(let needs) = check.outcome(.delta, .dense, on: chip) else {
      Issue.record("the default problem does not fit")
      return
    }
    #expect(needs.limits.map(\.fullest.what).contains("synaptic memory"))
    // 27 × 27 positions of 144 kernels; every core holds its kernels' rows of two tables, 144 · 11² and 12² bytes each.
    #expect(needs.limits[0].total == 27 * 27 * 144)
    #expect(needs.limits[1].fullest.needed % (144 * 121 + 144) == 0)
    #expect(try mapping(check, .delta, on: chip).coreCount == needs.cores)
  }

  /// With a neuron on a core, 27 × 27 positions of 144 kernels are 104,976 cores; counted pair by pair they took
  /// minutes.
  @Test func aChipOfOneNeuronACoreIsAnsweredInSeconds() throws {
    var chip = try ChipDescription.named("custom")
    chip.neuronsPerCore = Sourced(1, .source("test"))
    let start = ContinuousClock.now
    let outcome = ChipCheck(kernelCount: 144, kernelSize: 12).outcome(.delta, .dense, on: chip)
    #expect(ContinuousClock.now - start < .seconds(20))
    guard case .doesNotFit(_, let needs, let remedies) = outcome else {
      Issue.record("it fits")
      return
    }
    #expect(needs.cores == 27 * 27 * 144 && needs.chips == 27 * 27 * 144 / 64 + 1)
    #expect(remedies.kernels == nil && remedies.stride == nil && remedies.imageSize == nil && remedies.chips == nil)
    // A neuron inhibits all kernels at 11 × 11 positions, each on a core of its own.
    let axons = try #require(needs.limits.first { $0.fullest.what == "output axons" })
    #expect(axons.fullest.needed == 11 * 11 * 144 && !axons.fullest.fits)
  }

  @Test func theTableTellsWhichCoresItCounts() throws {
    let check = ChipCheck(kernelCount: 144, kernelSize: 12)
    let findings = try check.findings(on: ChipDescription.named("loihi1"), models: [.spiking], inputs: [.dense])
    let text = ChipCheckReport(check, bank: "heterogeneous", findings: findings).table.text
    #expect(text.contains("of one that does not, the fewest that hold its parts"))
    // The fewest: on two chips the same network is cut finer.
    var onTwo = check
    onTwo.chipLimit = 2
    guard case .doesNotFit(_, let refused, _)? = findings.first?.outcome,
      case .fits(let fitting) = onTwo.outcome(.spiking, .dense, on: try ChipDescription.named("loihi1"))
    else {
      Issue.record("the default problem with spikes takes two chips")
      return
    }
    #expect(refused.chips == fitting.chips && refused.cores < fitting.cores)
  }

  /// Loihi 1 holds these networks only in its convolution format, which is an estimate.
  @Test func whatAFitRestsOnIsMarkedWithItsSource() throws {
    let check = ChipCheck(kernelCount: 144, kernelSize: 12, imageSize: 32)
    var chip = try ChipDescription.named("loihi1")
    func report(_ chip: ChipDescription) throws -> (text: String, row: JSONValue) {
      let report = ChipCheckReport(
        check, bank: "b", findings: try check.findings(on: chip, models: [.spiking], inputs: [.dense]))
      let json = try JSONValue(parsing: Data(report.json.utf8))
      guard case .list(let rows) = json, let row = rows.first else { throw ReportError("no rows") }
      return (report.table.text, row)
    }
    let estimated = try report(chip), name = "formats.synapses: the synapse formats of SANA-FE 2.2 arch/loihi.yaml"
    #expect(estimated.text.contains("yes*") && estimated.text.contains("* loihi1 rests on estimates: \(name)"))
    guard case .list(let estimates)? = estimated.row["estimates"], case .text(let first)? = estimates.first else {
      Issue.record("the row has no estimates")
      return
    }
    #expect(estimates.count == 1 && first.hasPrefix(name))
    // All of it fits, so nothing is said of what would.
    #expect(!estimated.text.contains("would fit:") && !estimated.text.contains("! exceeds"))
    chip.synapseFormats = Sourced(chip.synapseFormats.value, .source("published"))
    let published = try report(chip)
    #expect(!published.text.contains("*") && published.row["estimates"] == .list([]))
  }

  /// A run refuses a picture whose drives its states cannot hold: every one where they reach no further than λ.
  @Test(arguments: [(8, false, true), (10, true, true), (14, true, false)])
  func narrowStatesAreRefusedOrSaidSo(bits: Int, runs: Bool, isNarrow: Bool) throws {
    var chip = try ChipDescription.named("loihi2")
    chip.stateBits = Sourced(bits, .source("test"))
    let check = ChipCheck(kernelCount: 4, kernelSize: 12, imageSize: 24)
    let findings = try check.findings(on: chip, models: [.delta], inputs: [.dense])
    let text = ChipCheckReport(check, bank: "b", findings: findings).table.text
    if case .cannotRun(let reason)? = findings.first?.outcome {
      #expect(!runs && reason.contains("with lambda 0.2 states of 8 bits hold 0.2"))
    } else {
      #expect(runs && text.contains("a run is refused if the picture drives neurons beyond") == isNarrow)
    }
  }

  @Test func impossibleSizesAreRefused() throws {
    let chip = try ChipDescription.named("loihi2")
    #expect(throws: (any Error).self) {
      try ChipCheck(kernelCount: 4, kernelSize: 12, imageSize: 11).findings(on: chip)
    }
    #expect(throws: (any Error).self) { try ChipCheck(kernelCount: 4, kernelSize: 12, stride: 13).findings(on: chip) }
  }
}

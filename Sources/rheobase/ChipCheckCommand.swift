import ArgumentParser
import DataFiles
import Experiments
import KernelBanks
import Neuromorphic
import SparseCoding

extension Chip {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say whether networks of a bank and image size fit chips, and what would.",
      discussion: """
        Networks of the right shape are mapped; no photograph is read and nothing is solved. A run may use more chips than \
        one (chip_limit); try that with --chips.
        """)

    @Argument(help: "Bundled chips or chip files (.yaml); all bundled ones if none is named.") var chips: [String] = []
    @Flag(help: "Every bundled chip.") var all = false
    @Option(help: "Bank: homogeneous, heterogeneous, or a bank file (.npz).") var bank = "heterogeneous"
    @Option(parsing: .unconditional, help: "Height and width of the image, in pixels.") var size = 64
    @Option(parsing: .unconditional, help: "Pixels between positions.") var stride = 2
    @Option(help: "Model of the network (default: every one).") var model: LCAModel?
    @Option(help: "Input, dense or sparse (default: both).") var input: ChipCheck.Input?
    @Option(parsing: .unconditional, help: "Signed width of weights, in bits.") var weightBits = 8
    @Option(name: .customLong("chips"), parsing: .unconditional, help: "Chips at the most.") var chipLimit = 1
    @Flag(help: "Print the findings as JSON: a list of rows.") var json = false
    @OptionGroup var progress: ProgressOptions

    func validate() throws {
      try checkBank(bank)
      for (option, value, range) in [
        ("--size", size, 1...4096), ("--stride", stride, 1...4096), ("--weight-bits", weightBits, 2...16),
        ("--chips", chipLimit, 1...4096),
      ] where !range.contains(value) {
        throw ValidationError("\(option) \(value): \(range.lowerBound) to \(range.upperBound) can be checked")
      }
      guard chips.isEmpty || !all else { throw ValidationError("--all and chips' names exclude each other") }
      for chip in chips {
        var run = RunConfiguration()
        run.chip = chip
        try checkingUsage(run.checkNames)
      }
    }

    func run() throws {
      let kernels = try KernelBank.named(bank)
      let check = ChipCheck(
        kernelCount: kernels.count, kernelSize: kernels.size, imageSize: size, stride: stride, weightBits: weightBits,
        chipLimit: chipLimit)
      let names = chips.isEmpty ? ChipDescription.bundledNames : chips
      let findings = try names.enumerated().flatMap { place, name in
        Terminal.progress(
          ProgressUpdate("checking \(name)", done: Double(place), of: Double(names.count), unit: "chips"))
        return try check.findings(
          on: ChipDescription.named(name), models: model.map { [$0] } ?? LCAModel.allCases,
          inputs: input.map { [$0] } ?? ChipCheck.Input.allCases)
      }
      Terminal.finish()
      let report = ChipCheckReport(check, bank: kernels.name, findings: findings)
      json ? Terminal.print(data: report.json, terminator: "") : Terminal.print(report.table.text, terminator: "")
    }
  }
}

extension ChipCheck.Input: ExpressibleByArgument {}

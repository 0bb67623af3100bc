import ArgumentParser
import DataFiles
import Experiments
import Foundation
import KernelBanks

struct Bank: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make, show and learn kernel banks.", subcommands: [Make.self, Show.self, Learn.self])

  struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Design a bank of log-Gabor kernels and write it.",
      usage: "rheobase bank make [homogeneous|heterogeneous] --output BANK.npz [<options>]")

    @Argument(help: "Preset to start from: homogeneous or heterogeneous (default: heterogeneous).") var preset: String?
    @Option(parsing: .unconditional, help: "The dial, from 0 (homogeneous) to 1 (heterogeneous), instead of a preset.")
    var heterogeneity: Double?
    @Option(
      parsing: .unconditional,
      help: "With --heterogeneity: number of bandwidths, a divisor of 72; 72 / it orientations.")
    var bandwidthCount: Int?
    @Option(parsing: .unconditional, help: "With --heterogeneity: mean of B_θ in degrees, the same all along the dial.")
    var meanBandwidth: Double?
    @Option(parsing: .unconditional, help: "Number of orientations in [0, π).") var orientations: Int?
    @Option(parsing: .unconditional, help: "Orientation bandwidths B_θ in degrees, separated by commas.")
    var bandwidths: String?
    @Option(parsing: .unconditional, help: "Phases in degrees, separated by commas.") var phases: String?
    @Option(parsing: .unconditional, help: "Height and width of a kernel, in pixels.") var size: Int?
    @Option(help: "Norm of the kernels: ℓ2 or the study's peak.") var norm: BankDesign.Norm = .unit
    @Option(help: "Bank file to write (.npz).") var output: String

    func validate() throws {
      guard output.hasSuffix(".npz") else { throw ValidationError("--output \(output): a bank file ends in .npz") }
      _ = try checkingUsage(design)
    }

    func run() throws {
      let bank = try checkingUsage { try design().bank() }
      try BankFile.write(bank, to: output)
      Terminal.print(BankSummary(bank))
    }

    private func design() throws -> BankDesign {
      var design = try start()
      if let orientations { design.orientations = orientations }
      if let bandwidths {
        design.bandwidths_deg = try numbers(bandwidths, "--bandwidths")
        try checkingUsage(of: "--bandwidths \(bandwidths)", design.checkBandwidths)
      }
      if let phases {
        design.phases = try numbers(phases, "--phases").map { $0 * .pi / 180 }
        try checkingUsage(of: "--phases \(phases)", design.checkPhases)
      }
      if let size { design.size = size }
      design.norm = norm
      design.name = stem(output)
      return design
    }

    private func start() throws -> BankDesign {
      if let heterogeneity {
        if let preset {
          throw ValidationError(
            "--heterogeneity \(heterogeneity) takes the place of the preset '\(preset)'; leave out one")
        }
        if let orientations {
          throw ValidationError(
            "--orientations \(orientations): --heterogeneity decides orientations; leave out one of them")
        }
        if let bandwidths {
          throw ValidationError("--bandwidths \(bandwidths): --heterogeneity decides bandwidths; leave out one of them")
        }
        return try .heterogeneity(heterogeneity, bandwidthCount: bandwidthCount, meanBandwidth_deg: meanBandwidth)
      }
      if let bandwidthCount {
        throw ValidationError("--bandwidth-count \(bandwidthCount): it belongs to --heterogeneity; give that, too")
      }
      if let meanBandwidth {
        throw ValidationError("--mean-bandwidth \(meanBandwidth): it belongs to --heterogeneity; give that, too")
      }
      let preset = preset ?? "heterogeneous"
      guard let design = BankDesign.presets.first(where: { $0.name == preset }) else {
        throw ValidationError(
          "unknown preset '\(preset)'; known: \(BankDesign.presets.map(\.name).joined(separator: ", "))")
      }
      return design
    }

    private func numbers(_ list: String, _ option: String) throws -> [Double] {
      try list.split(separator: ",", omittingEmptySubsequences: false).map { part in
        guard let number = Double(part) else { throw ValidationError("\(option) \(list): '\(part)' is not a number") }
        return number
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Describe a bank, and draw its kernels.")

    @Argument(help: "homogeneous, heterogeneous, or a bank file (.npz).") var bank: String
    @Option(help: "Picture of the kernels to write (.png or .svg).") var picture: String?
    @Flag(help: "Print the numbers as JSON.") var json = false

    func validate() throws {
      try checkBank(bank)
      if let picture, !picture.hasSuffix(".png"), !picture.hasSuffix(".svg") {
        throw ValidationError("--picture \(picture): a picture ends in .png or .svg")
      }
    }

    func run() throws {
      let bank = try KernelBank.named(bank)
      let summary = BankSummary(bank)
      json ? Terminal.print(data: summary.json.text(expandedDepth: 1), terminator: "") : Terminal.print(summary)
      guard let picture else { return }
      if picture.hasSuffix(".svg") {
        try AtomicFile.write(Data(bank.vectorPicture().utf8), to: picture)
      } else {
        try bank.picture().writePNG(to: picture)
      }
    }
  }
}

/// - Throws: `ValidationError` if a bank's name is neither known nor a path.
func checkBank(_ name: String) throws {
  var run = RunConfiguration()
  run.bank = name
  try checkingUsage(run.checkNames)
}

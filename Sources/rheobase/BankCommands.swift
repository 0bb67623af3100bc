import ArgumentParser
import DataFiles
import Experiments
import Foundation
import KernelBanks

struct Bank: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make and show kernel banks.", subcommands: [Make.self, Show.self])

  struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Design a bank of log-Gabor kernels and write it.",
      usage: "rheobase bank make [homogeneous|heterogeneous] --output BANK.npz [<options>]")

    @Argument(help: "Preset to start from: homogeneous or heterogeneous.") var preset = "heterogeneous"
    @Option(help: "Number of orientations in [0, π).") var orientations: Int?
    @Option(help: "Orientation bandwidths B_θ in degrees, separated by commas.") var bandwidths: String?
    @Option(help: "Phases in degrees, separated by commas.") var phases: String?
    @Option(help: "Height and width of a kernel, in pixels.") var size: Int?
    @Option(help: "Norm of the kernels: ℓ2 or the study's peak.") var norm: BankDesign.Norm = .unit
    @Option(help: "Bank file to write (.npz).") var output: String

    func validate() throws {
      guard output.hasSuffix(".npz") else { throw ValidationError("--output \(output): a bank file ends in .npz") }
      _ = try checkingUsage(design)
    }

    func run() throws {
      let bank = try checkingUsage { try design().bank() }
      try BankFile.write(bank, to: output)
      print(BankSummary(bank))
    }

    private func design() throws -> BankDesign {
      guard var design = BankDesign.presets.first(where: { $0.name == preset }) else {
        throw ValidationError(
          "unknown preset '\(preset)'; known: \(BankDesign.presets.map(\.name).joined(separator: ", "))")
      }
      if let orientations { design.orientations = orientations }
      if let bandwidths { design.bandwidths_deg = try numbers(bandwidths, "--bandwidths") }
      if let phases { design.phases = try numbers(phases, "--phases").map { $0 * .pi / 180 } }
      if let size { design.size = size }
      design.norm = norm
      design.name = stem(output)
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
    @Option(help: "Picture of the kernels to write (.png).") var picture: String?

    func validate() throws {
      try checkBank(bank)
      if let picture, !picture.hasSuffix(".png") {
        throw ValidationError("--picture \(picture): a picture ends in .png")
      }
    }

    func run() throws {
      let bank = try KernelBank.named(bank)
      print(BankSummary(bank))
      if let picture { try bank.picture().writePNG(to: picture) }
    }
  }
}

/// - Throws: `ValidationError` if a bank's name is neither known nor a path.
func checkBank(_ name: String) throws {
  var run = RunConfiguration()
  run.bank = name
  try checkingUsage(run.checkNames)
}

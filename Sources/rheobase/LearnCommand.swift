import ArgumentParser
import DataFiles
import Experiments
import Foundation
import KernelBanks
import SparseCoding

extension Bank {
  struct Learn: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Learn a bank from photographs; an interrupted run goes on where its checkpoint is.",
      usage: "rheobase bank learn IMAGE ... --output BANK.npz [<options>]")

    @Argument(help: ArgumentHelp("Photographs (PNG or JPEG).", valueName: "image")) var images: [String]
    @Option(help: "Start: homogeneous, heterogeneous, a bank file (.npz), or noise.") var from = "heterogeneous"
    @Option(help: "Photographs that show whether it gets better, separated by commas; those learnt from unless given.")
    var heldOut: String?
    @Option(parsing: .unconditional, help: "Steps in all.") var steps = 200
    @Option(parsing: .unconditional, help: "Patches a step.") var batch = 2
    @Option(parsing: .unconditional, help: "Height and width of a patch, in pixels.") var patch = 64
    @Option(parsing: .unconditional, help: "Pixels between positions.") var stride = 2
    @Option(parsing: .unconditional, help: "Weight of the sparseness, λ.") var lambda = 0.1
    @Option(parsing: .unconditional, help: "Number of kernels of a start from noise (default: \(Self.noise.kernels)).")
    var kernels: Int?
    @Option(
      parsing: .unconditional,
      help: "Size of the kernels of a start from noise, in pixels (default: \(Self.noise.size)).") var size: Int?
    @Option(parsing: .unconditional, help: "What decides patches and noise.") var seed: UInt64 = 1
    @Option(parsing: .unconditional, help: "Steps between two checkpoints.") var checkpointEvery = 50
    @Option(
      parsing: .unconditional, help: "Square about the centre of each photograph, in pixels; all of it unless given.")
    var crop: Int?
    @Flag(help: "Whiten and mask the photographs first, as the published study does.") var whiten = false
    @Option(help: "Bank file to write (.npz); BANK.checkpoint.npz is beside it.") var output: String
    @Flag(help: "Print what learning did as JSON.") var json = false
    @OptionGroup var progress: ProgressOptions

    /// As many and as large as those of the designed banks.
    private static let noise = (kernels: 144, size: 12)

    func validate() throws {
      guard output.hasSuffix(".npz") else { throw ValidationError("--output \(output): a bank file ends in .npz") }
      try checkingUsage { try Experiments.Learn.checkStart(from) }
      if from != Experiments.Learn.noise {
        for (option, value) in [("--kernels", kernels), ("--size", size)] {
          guard let value else { continue }
          throw ValidationError("\(option) \(value): it belongs to --from noise; \(from) has its own")
        }
      }
      if let folder = images.first(where: { FileKind(path: $0) == .folder }) {
        throw ValidationError("\(folder): is a folder; name the photographs in it, such as \(folder)/*.png")
      }
      let counts = [
        ("--steps", steps), ("--checkpoint-every", checkpointEvery), ("--batch", batch), ("--patch", patch),
        ("--stride", stride), ("--kernels", kernels ?? 1), ("--size", size ?? 1), ("--crop", crop ?? 1),
      ]
      for (option, value) in counts where value < 1 {
        throw ValidationError("\(option) \(value): it must be 1 or more")
      }
      guard lambda > 0, lambda.isFinite else { throw ValidationError("--lambda \(lambda): λ must be above 0") }
      guard heldOut?.split(separator: ",", omittingEmptySubsequences: false).contains("") != true else {
        throw ValidationError("--held-out '\(heldOut ?? "")': name photographs, separated by commas")
      }
    }

    func run() throws {
      try AtomicFile.checkWritable(output)
      let judges = heldOut?.split(separator: ",").map(String.init)
      try Experiments.Learn.checkHeldOut(judges ?? [], learningFrom: images)
      var options = LearningOptions()
      options.lambda = lambda
      options.stride = stride
      options.patchSize = patch
      options.batchSize = batch
      options.seed = seed
      let start =
        from == Experiments.Learn.noise
        ? try DictionaryLearning.noise(
          count: kernels ?? Self.noise.kernels, size: size ?? Self.noise.size, seed: seed)
        : try KernelBank.named(from)
      guard stride <= start.size else {
        throw ValidationError(
          "--stride \(stride): it must be \(start.size) or less, the kernels' size, or no kernel reaches some pixels")
      }
      guard patch >= start.size else {
        throw ValidationError("--patch \(patch): it must be \(start.size) or more, the kernels' size")
      }
      var learn = Experiments.Learn(
        images: images, heldOut: judges ?? images, start: start,
        options: options, steps: steps, reportEvery: checkpointEvery, cropSize: crop,
        checkpoint: String(output.dropLast(4)) + ".checkpoint.npz", output: output)
      learn.whitens = whiten
      let report = try learn(progress: Terminal.progress)
      Terminal.finish()
      guard !json else { return Terminal.print(data: report.json.text(expandedDepth: 1), terminator: "") }
      for look in report.looks {
        Terminal.print(
          String(format: "step %5d: objective %.5f a pixel, PSNR %.2f dB", look.step, look.objective, look.psnr))
      }
      Terminal.print(report.histograms)
      Terminal.print("\(output): \(BankSummary(try BankFile.read(output)))")
    }
  }
}

import DataFiles
import Neuromorphic
import Reports

/// What a check of chips found, as a table for people and as JSON for programs.
public struct ChipCheckReport: Sendable {
  private let check: ChipCheck
  private let bank: String
  private let findings: [ChipCheck.Finding]

  /// The findings of a check of a bank of that name.
  public init(_ check: ChipCheck, bank: String, findings: [ChipCheck.Finding]) {
    self.check = check
    self.bank = bank
    self.findings = findings
  }

  // MARK: Table

  /// One row a chip, model and input; needs are those of the fullest core, of its limit.
  public var table: Table {
    var table = Table(
      title: "\(bank): \(check.kernelCount.counted("kernel")) of \(check.kernelSize) × \(check.kernelSize), "
        + "image \(check.imageSize) × \(check.imageSize), stride \(check.stride), weights of \(check.weightBits) bits, "
        + "at most \(check.chipLimit.counted("chip"))",
      columns: [
        .init(["chip"], .leading), .init(["model"], .leading), .init(["input"], .leading), .init(["fits"], .leading),
        .init(["chips"]), .init(["cores"]), .init(["neurons", "in all"]), .init(["neurons", "on a core"]),
        .init(["synapses (B)", "on a core"]), .init(["and states (B)", "on a core"]),
        .init(["input axons", "of a core"]),
        .init(["output axons", "of a core"]), .init(["would fit"], .leading),
      ],
      legend: [])
    table.rows = findings.map { .cells(cells($0)) }
    table.legend = legend
    return table
  }

  /// The footnotes that these findings need.
  private var legend: [String] {
    let needs = findings.compactMap(\.outcome.needs)
    let refused = findings.contains { if case .doesNotFit = $0.outcome { true } else { false } }
    guard !needs.isEmpty else { return [] }
    var lines = [
      "on a core: need / limit of the core that needs most" + (refused ? "; ! exceeds it" : "")
        + "; – no such limit is known."
    ]
    lines.append(
      "cores: as many as shorten the steps of a network that fits"
        + (refused ? "; of one that does not, the fewest that hold its parts (on more chips it is cut finer)." : "."))
    if needs.contains(where: { $0.cores > Mapping.mostCoresPairByPair }) {
      lines.append(
        "Of more than \(Mapping.mostCoresPairByPair) cores, those in the middle of each population are counted.")
    }
    if refused { lines.append("would fit: any one of these changes alone; – none does.") }
    return lines + estimatesByChip.map { "* \($0) rests on estimates: \($1.joined(separator: "; "))" } + narrowStates
  }

  /// Of chips whose fits rest on any.
  private var estimatesByChip: [(chip: String, estimates: [String])] {
    distinctChips.map { ($0.name, $0.capacityEstimates) }.filter { !$0.1.isEmpty }
  }

  /// Chips that run something, each once.
  private var distinctChips: [ChipDescription] {
    findings.filter { $0.outcome.needs != nil }.map(\.chip).uniqued(on: \.name)
  }

  /// Drives beyond which a run is refused, where pictures can reach them: a patch of the normalised image, of contrast
  /// 1, has the norm of as many pixels.
  private var narrowStates: [String] {
    distinctChips.filter { check.largestDrive(on: $0) < Double(check.kernelSize) }.map {
      "\($0.name): a run is refused if the picture drives neurons beyond \(check.largestDrive(on: $0)) "
        + "(states of \($0.stateBits.value) bits, lambda \(check.lambda))"
    }
  }

  private func cells(_ finding: ChipCheck.Finding) -> [Table.Cell] {
    let head = [finding.chip.name, finding.model.rawValue, finding.encoder.rawValue].map { Table.Cell($0) }
    switch finding.outcome {
    case .cannotRun(let reason):
      return head + [.init("cannot run")] + Array(repeating: .init("–"), count: 8) + [.init("– \(reason)")]
    case .fits(let needs): return head + [.init("yes" + marks(finding.chip))] + cells(needs, finding.chip)
    case .doesNotFit(_, let needs, let remedies):
      return head + [.init("no" + marks(finding.chip))] + cells(needs, finding.chip) + [.init(text(remedies))]
    }
  }

  private func marks(_ chip: ChipDescription) -> String { chip.capacityEstimates.isEmpty ? "" : "*" }

  private func cells(_ needs: ChipCheck.Needs, _ chip: ChipDescription) -> [Table.Cell] {
    func limit(_ what: String) -> (fullest: CoreNeeds.Limit, total: Int)? {
      needs.limits.first { $0.fullest.what == what }
    }
    func cell(_ what: String) -> Table.Cell {
      guard let need = limit(what)?.fullest else { return .init("–") }
      return .init(
        "\(need.needed) / \(need.available)",
        marks: (need.isNeedEstimate || need.isLimitEstimate ? "*" : "") + (need.fits ? "" : "!"))
    }
    return [
      .init("\(needs.chips)", marks: marks(chip) + (needs.chips > check.chipLimit ? "!" : "")),
      .init("\(needs.cores)", marks: marks(chip)),
      .init("\(limit("neurons")?.total ?? 0)"), cell("neurons"), cell("synaptic memory"),
      cell("memory for synapses and states"), cell("input axons"), cell("output axons"),
    ]
  }

  private func text(_ remedies: ChipCheck.Remedies) -> String {
    let parts = [
      remedies.kernels.map { $0.counted("kernel") }, remedies.stride.map { "stride \($0)" },
      remedies.imageSize.map { "\($0) × \($0) pixels" }, remedies.chips.map { $0.counted("chip") },
    ].compactMap { $0 }
    return parts.isEmpty ? "–" : parts.joined(separator: ", ")
  }

  // MARK: JSON

  /// A list of rows with every limit.
  public var json: String { JSONValue.list(findings.map(value)).text() }

  private func value(_ finding: ChipCheck.Finding) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("chip", .text(finding.chip.name)), .init("model", .text(finding.model.rawValue)),
      .init("input", .text(finding.encoder.rawValue)), .init("bank", .text(bank)),
      .init("kernels", .integer(Int64(check.kernelCount))), .init("size", .integer(Int64(check.imageSize))),
      .init("stride", .integer(Int64(check.stride))),
    ]
    if finding.outcome.needs != nil {
      members += [
        .init("estimates", .list(finding.chip.capacityEstimates.map(JSONValue.text))),
        .init("largest_drive", .real(check.largestDrive(on: finding.chip))),
      ]
    }
    switch finding.outcome {
    case .cannotRun(let reason): members += [.init("can_run", .flag(false)), .init("reason", .text(reason))]
    case .fits(let needs): members += [.init("can_run", .flag(true)), .init("fits", .flag(true))] + self.members(needs)
    case .doesNotFit(let reason, let needs, let remedies):
      members += [.init("can_run", .flag(true)), .init("fits", .flag(false)), .init("reason", .text(reason))]
      members += self.members(needs) + [.init("would_fit", value(remedies))]
    }
    return .object(members)
  }

  private func members(_ needs: ChipCheck.Needs) -> [JSONValue.Member] {
    let limits = needs.limits.map { limit in
      JSONValue.object([
        .init("limit", .text(limit.fullest.what)), .init("unit", .text(limit.fullest.unit)),
        .init("fullest_core", .integer(Int64(limit.fullest.needed))),
        .init("core_limit", .integer(Int64(limit.fullest.available))),
        .init("need_is_estimate", .flag(limit.fullest.isNeedEstimate)),
        .init("core_limit_is_estimate", .flag(limit.fullest.isLimitEstimate)),
        .init("total", .integer(Int64(limit.total))),
      ])
    }
    return [
      .init("chips", .integer(Int64(needs.chips))), .init("chip_limit", .integer(Int64(check.chipLimit))),
      .init("cores", .integer(Int64(needs.cores))), .init("needs", .list(limits)),
    ]
  }

  private func value(_ remedies: ChipCheck.Remedies) -> JSONValue {
    func number(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    return .object([
      .init("kernels", number(remedies.kernels)), .init("stride", number(remedies.stride)),
      .init("size", number(remedies.imageSize)), .init("chips", number(remedies.chips)),
    ])
  }
}

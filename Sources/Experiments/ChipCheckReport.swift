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
      title: "\(bank): \(check.kernelCount) kernels of \(check.kernelSize) × \(check.kernelSize), "
        + "image \(check.imageSize) × \(check.imageSize), stride \(check.stride), weights of \(check.weightBits) bits, "
        + "at most \(check.chipLimit) \(check.chipLimit == 1 ? "chip" : "chips")",
      columns: [
        .init(["chip"], .leading), .init(["model"], .leading), .init(["input"], .leading), .init(["fits"], .leading),
        .init(["chips"]), .init(["cores"]), .init(["neurons", "in all"]), .init(["neurons", "on a core"]),
        .init(["synapses (B)", "on a core"]), .init(["and states (B)", "on a core"]),
        .init(["input axons", "of a core"]),
        .init(["output axons", "of a core"]), .init(["would fit"], .leading),
      ],
      legend: [
        "on a core: need / limit of the core that needs most; ! exceeds it; * the limit is an estimate.",
        "cores: of a network that fits, as many as shorten its steps; of one that does not, the fewest that hold its parts. "
          + "On more chips it is cut finer.",
        "Of more than \(Mapping.mostCoresPairByPair) cores, those in the middle of each population are counted.",
        "would fit: any one of these changes alone; – none does.",
      ])
    table.rows = findings.map { .cells(cells($0)) }
    return table
  }

  private func cells(_ finding: ChipCheck.Finding) -> [Table.Cell] {
    let head = [finding.chip.name, finding.model.rawValue, finding.encoder.rawValue].map { Table.Cell($0) }
    switch finding.outcome {
    case .cannotRun(let reason):
      return head + [.init("cannot run")] + Array(repeating: .init("–"), count: 8) + [.init("– it \(reason)")]
    case .fits(let needs): return head + [.init("yes")] + cells(needs, finding.chip)
    case .doesNotFit(_, let needs, let remedies):
      return head + [.init("no")] + cells(needs, finding.chip) + [.init(text(remedies))]
    }
  }

  private func cells(_ needs: ChipCheck.Needs, _ chip: ChipDescription) -> [Table.Cell] {
    func limit(_ what: String) -> (fullest: CoreNeeds.Limit, total: Int)? {
      needs.limits.first { $0.fullest.what == what }
    }
    func cell(_ what: String) -> Table.Cell {
      guard let need = limit(what)?.fullest else { return .init("–") }
      return .init("\(need.needed) / \(need.available)", marks: (need.isEstimate ? "*" : "") + (need.fits ? "" : "!"))
    }
    return [
      .init("\(needs.chips)", marks: needs.chips > check.chipLimit ? "!" : ""), .init("\(needs.cores)"),
      .init("\(limit("neurons")?.total ?? 0)"), cell("neurons"), cell("synaptic memory"),
      cell("memory for synapses and states"), cell("input axons"), cell("output axons"),
    ]
  }

  private func text(_ remedies: ChipCheck.Remedies) -> String {
    let parts = [
      remedies.kernels.map { "\($0) kernels" }, remedies.stride.map { "stride \($0)" },
      remedies.imageSize.map { "\($0) × \($0) pixels" }, remedies.chips.map { "\($0) chips" },
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
        .init("core_limit_is_estimate", .flag(limit.fullest.isEstimate)), .init("total", .integer(Int64(limit.total))),
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

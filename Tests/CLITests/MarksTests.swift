import Foundation
import Testing

/// Estimates, missing costs and hypothetical figures are marked in every output of a run that has the figure.
@Suite struct MarksTests {
  private struct Marks: Equatable {
    var estimate = false
    var missing: [String] = []
    var hypothetical = false

    init(_ entry: [String: Any]) {
      estimate = entry["estimate"] as? Bool ?? false
      missing = entry["missing_costs"] as? [String] ?? []
      hypothetical = entry["hypothetical"] as? Bool ?? false
    }

    /// Three fields of a CSV.
    init(fields: ArraySlice<String>) {
      let fields = Array(fields)
      (estimate, missing, hypothetical) = (
        fields[0] == "true", fields[1].split(separator: " ").map(String.init), fields[2] == "true"
      )
    }

    var isEmpty: Bool { !estimate && missing.isEmpty && !hypothetical }
    var symbols: String { (estimate ? "*" : "") + (missing.isEmpty ? "" : "†") + (hypothetical ? "‡" : "") }
  }

  /// Figures whose marks depend on each chip's costs.
  private static let costed = [
    "time.latency", "energy.dynamic", "energy.static", "energy.total", "throughput.images_per_s",
  ]

  @Test(arguments: [
    ["--chip", "loihi2"], ["--chip", "loihi1", "--model", "spiking", "--input", "dense-rate"], ["--chip", "seneca"],
    ["--chip", "custom", "--arithmetic", "float"],
  ])
  func everyOutputOfARunHasTheMarksOfItsStatistics(_ options: [String]) async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let run =
        ["run", "--image", Program.photograph, "--crop", "24", "--bank", "b.npz", "--timesteps", "30"] + options
      let printed = try await rheobase(run + ["--traces", "spikes,steps,vcd", "--output", "r"])
      try #require(printed.status.isSuccess, "\(printed.errors)")
      let json = try await rheobase(run + ["--json"])
      let file = try #require(
        try JSONSerialization.jsonObject(with: rheobase.data("r/stats.json")) as? [String: Any])
      let stats = try #require(file["stats"] as? [String: [String: Any]])
      let expected = stats.mapValues(Marks.init)
      #expect(Self.costed.allSatisfy { expected[$0]?.isEmpty == false })
      #expect(expected["time.latency"]?.hypothetical == options.contains("float"))
      // All that depends on where neurons lie is marked alike, and all of the chip's code as hypothetical if the run
      // is.
      let layout = [
        "packets", "input.packets", "hops", "hops.east_west", "hops.north_south", "hops.between_chips", "mapping.cores",
        "mapping.chips", "mapping.synaptic_memory", "mapping.busiest_core",
      ]
      #expect(layout.allSatisfy { expected[$0]?.estimate == true })
      let code = ["gap", "objective", "floor", "psnr", "ssim", "sparseness", "nonzeros"].map { "quality." + $0 }
      #expect(code.allSatisfy { expected[$0]?.hypothetical == options.contains("float") })
      #expect(["quality.optimum", "optimum.psnr", "input.events"].allSatisfy { expected[$0]?.isEmpty == true })

      let csv = try fields(rheobase, "r/stats.csv")
      for line in csv.dropFirst() { #expect(Marks(fields: line[3...5]) == expected[line[0]], "\(line[0])") }

      let row = try #require(try rows(json.output).first)
      let marks = try #require(row["marks"] as? [String: [String: Any]])
      #expect(marks.mapValues(Marks.init) == expected.filter { !$0.value.isEmpty })

      let labels = [
        "latency": "time.latency", "dynamic energy": "energy.dynamic", "static energy": "energy.static",
        "total energy": "energy.total", "images/s": "throughput.images_per_s",
      ]
      for (label, name) in labels {
        let line = printed.output.split(separator: "\n").first { $0.hasPrefix("  \(label)  ") }
        #expect(line?.hasSuffix(expected[name]?.symbols ?? "?") == true, "\(label): \(line ?? "")")
      }
      for cost in Set(expected.values.flatMap(\.missing)) { #expect(printed.output.contains(cost)) }

      let all = try fields(rheobase, "r/marks.csv")
      try checkMarksOfCores(all, expected["time.latency"], rheobase)
      let traces = all.filter { !["cores.csv", "links.csv"].contains($0[0]) }
      #expect(
        traces.map { $0.prefix(2).joined(separator: ":") } == [
          "file:column", "spikes.csv:time_ps", "steps.csv:end_ps", "steps.csv:packets", "steps.csv:hops",
          "steps.csv:energy_dynamic_pJ", "steps.csv:spikes", "steps.csv:synops", "steps.csv:updates_active",
          "steps.csv:saturations", "steps.csv:objective", "steps.csv:gap", "steps.csv:nonzeros", "activity.vcd:time",
        ])
      for line in traces.dropFirst() {
        let like =
          [
            "time_ps": "time.latency", "end_ps": "time.latency", "time": "time.latency",
            "energy_dynamic_pJ": "energy.dynamic", "packets": "packets", "hops": "hops.east_west",
          ][line[1]] ?? "quality.gap"
        #expect(Marks(fields: line[2...4]) == expected[like], "\(line)")
      }
      // Every column of a trace that is a time or an energy has its line.
      for trace in ["spikes.csv", "steps.csv"] {
        let columns = try fields(rheobase, "r/\(trace)")[0].filter { $0.hasSuffix("_ps") || $0.hasSuffix("_pJ") }
        #expect(columns.allSatisfy { column in traces.contains { $0[0] == trace && $0[1] == column } })
      }
    }
  }

  /// Every time of `cores.csv` is marked as latencies are, and every limit has its line.
  private func checkMarksOfCores(_ marks: [[String]], _ time: Marks?, _ rheobase: Program) throws {
    let ofCores = marks.filter { $0[0] == "cores.csv" }
    let all = try fields(rheobase, "r/cores.csv")[0]
    let columns = all.filter { $0.hasSuffix("_ps") || $0.hasPrefix("packets") } + all.drop { $0 != "neurons" }
    #expect(ofCores.map { $0[1] } == columns)
    for line in ofCores where line[1].hasSuffix("_ps") { #expect(Marks(fields: line[2...4]) == time, "\(line)") }
    #expect(ofCores.allSatisfy { Marks(fields: $0[2...4]).hypothetical == time?.hypothetical })
  }

  @Test func everyOutputOfAComparisonHasTheMarksOfItsStatistics() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let outcome = try await rheobase(
        "compare", Program.photograph, "--crop", "24", "--banks", "b.npz", "--timesteps", "30", "--output", "all")
      try #require(outcome.status.isSuccess, "\(outcome.errors)")
      let written = try rows(String(decoding: rheobase.data("all/comparison.json"), as: UTF8.self))
      let csv = try fields(rheobase, "all/comparison.csv")
      let columns = try #require(csv.first)
      #expect(columns.suffix(3) == ["estimate", "missing_costs", "hypothetical"])
      for (place, row) in written.enumerated() {
        let file = try JSONSerialization.jsonObject(
          with: rheobase.data("all/b-\(row["input"] ?? "")/stats.json"))
        let stats = try #require((file as? [String: Any])?["stats"] as? [String: [String: Any]])
        let expected = stats.mapValues(Marks.init).filter { !$0.value.isEmpty }
        let marks = try #require(row["marks"] as? [String: [String: Any]])
        #expect(marks.mapValues(Marks.init) == expected && !expected.isEmpty)
        let line = csv[place + 1].suffix(3).map { Set($0.split(separator: " ").map(String.init)) }
        #expect(line[0] == Set(expected.filter(\.value.estimate).keys) && line[2].isEmpty)
        #expect(
          line[1]
            == Set(
              expected.filter { !$0.value.missing.isEmpty }.map {
                "\($0.key):\($0.value.missing.joined(separator: ","))"
              }))
      }
      let ratios = outcome.output.split(separator: "\n").filter { $0.contains("over dense") }
      #expect(!ratios.isEmpty && ratios.allSatisfy { $0.hasSuffix("*") || $0.hasSuffix("*†") })
    }
  }

  /// The fields of a CSV; none of these has a line break in a field.
  private func fields(_ rheobase: Program, _ name: String) throws -> [[String]] {
    String(decoding: try rheobase.data(name), as: UTF8.self).split(separator: "\n").map { line in
      var fields = [""], isQuoted = false
      for character in line {
        switch character {
        case "\"": isQuoted.toggle()
        case "," where !isQuoted: fields.append("")
        default: fields[fields.count - 1].append(character)
        }
      }
      return fields
    }
  }
}

import DataFiles
import Experiments
import Foundation
import TestSupport
import Testing

@Suite struct SweepPlanTests {
  private static let photograph = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("photographs/camera.png").path

  /// Two images, `a.png` and `b.png`.
  private func withImages(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try FileManager.default.copyItem(atPath: Self.photograph, toPath: "\(folder)/a.png")
      try FileManager.default.copyItem(
        atPath: Self.photograph.replacing("camera", with: "grass"), toPath: "\(folder)/b.png")
      try body(folder)
    }
  }

  private func plan(_ text: String, in folder: String) throws -> SweepPlan {
    try Data("schema: rheobase.sweep/1\n\(text)\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/sweep.yaml"))
    return try SweepPlan(contentsOf: "\(folder)/sweep.yaml")
  }

  @Test func everyCombinationIsAPointTheFirstAxisSlowest() throws {
    try withImages { folder in
      let plan = try plan(
        "axes: {image: [a.png, b.png], lambda: {from: 0.1, to: 0.3, step: 0.1}, input: [dense, sparse]}\nrepeats: 2",
        in: folder)
      #expect(plan.axes == ["image", "lambda", "input", "repeat"])
      let expected = ["a.png", "b.png"].flatMap { image in
        ["0.1", "0.2", "0.3"].flatMap { lambda in
          ["dense", "sparse"].flatMap { input in ["1", "2"].map { [image, lambda, input, $0] } }
        }
      }
      #expect(plan.points.map(\.axisValues) == expected)
      #expect(Set(plan.points.map(\.id)).count == 24)
      let last = try #require(plan.points.last?.configuration)
      #expect(last.image == "\(folder)/b.png" && last.lambda == 0.3 && last.input == .sparse)
      // What the base does not say is as on the command line, without traces.
      #expect(last.crop?.size == 64 && last.traces.isEmpty && last.stride == 2)
    }
  }

  @Test func namesOfPointsStayWhenAxesGrowAndFilesMoveButNotWhenContentsChange() throws {
    try withImages { folder in
      let few = try plan("axes: {image: [a.png], lambda: [0.1, 0.2]}", in: folder)
      let many = try plan("axes: {lambda: [0.2, 0.3, 0.1], image: [b.png, a.png], stride: [2, 3]}", in: folder)
      #expect(Set(many.points.map(\.id)).isSuperset(of: few.points.map(\.id)))

      try FileManager.default.createDirectory(atPath: "\(folder)/moved", withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: "\(folder)/a.png", toPath: "\(folder)/moved/c.png")
      let moved = try plan("axes: {image: [moved/c.png], lambda: [0.1, 0.2]}", in: folder)
      #expect(moved.points.map(\.id) == few.points.map(\.id))

      try FileManager.default.removeItem(atPath: "\(folder)/a.png")
      try FileManager.default.copyItem(atPath: "\(folder)/b.png", toPath: "\(folder)/a.png")
      let changed = try plan("axes: {image: [a.png], lambda: [0.1, 0.2]}", in: folder)
      #expect(Set(changed.points.map(\.id)).isDisjoint(with: few.points.map(\.id)))
    }
  }

  @Test func everyKeyAndRepeatHasItsPartInTheName() throws {
    try withImages { folder in
      func name(_ base: String) throws -> String {
        try plan("axes: {lambda: [0.1]}\nbase:\n  image: a.png\n  \(base)", in: folder).points[0].id
      }
      let names = try [
        "", "threads: 2", "gap: 0.04", "traces: [steps]", "chip: seneca", "crop: 64@0,0", "bank: homogeneous",
        "send_threshold: 0.05", "chip.geometry.tiles_x: 4", "chip_changes: {geometry.tiles_x: 3}",
        "dead_neurons: 0.1", "lost_spikes: 0.1", "weight_noise: 0.1",
      ].map { try name($0) }
      #expect(Set(names).count == names.count)
      // Keys that came later are left out at their defaults: names stay what they were.
      #expect(
        try name("dead_neurons: 0\n  lost_spikes: 0.0\n  weight_noise: 0\n  fault_seed: 1\n  chip_changes: {}")
          == names[0])
    }
  }

  @Test func rangesHaveExactEndsAndNumbersThatPeopleWrite() throws {
    try withImages { folder in
      func values(_ axis: String) throws -> [String] {
        try plan("base: {image: a.png}\naxes: {\(axis)}", in: folder).points.map { $0.axisValues[0] }
      }
      #expect(try values("lambda: {from: 0.1, to: 0.5, step: 0.1}") == ["0.1", "0.2", "0.3", "0.4", "0.5"])
      #expect(try values("lambda: {from: 0.1, to: 0.45, step: 0.1}") == ["0.1", "0.2", "0.3", "0.4"])
      #expect(try values("stride: {from: 1, to: 4, step: 1}") == ["1", "2", "3", "4"])
      #expect(try values("weight_bits: {from: 4, to: 8, count: 3}") == ["4", "6", "8"])
      #expect(try values("input_gap: {from: 0.001, to: 0.1, count: 3, scale: log}") == ["0.001", "0.01", "0.1"])
      #expect(try values("weight_bits: [8, null]") == ["8", "null"])
      let all = try plan("axes: {image: {folder: .}}", in: folder).points.map { $0.axisValues[0] }
      #expect(all == ["./a.png", "./b.png"])
    }
  }

  @Test func keysThatChangeTogetherAreOneAxis() throws {
    try withImages { folder in
      let plan = try plan(
        "base: {image: a.png}\naxes: {\"model, input\": [[delta, dense], [spiking, dense-rate]], stride: [2, 3]}",
        in: folder)
      #expect(plan.axes == ["model", "input", "stride"] && plan.coupledAxes == [["model", "input"]])
      #expect(
        plan.points.map(\.axisValues) == [
          ["delta", "dense", "2"], ["delta", "dense", "3"], ["spiking", "dense-rate", "2"],
          ["spiking", "dense-rate", "3"],
        ])
    }
  }

  @Test func aLatinHypercubeHasOneSampleInEachPartOfEachAxis() throws {
    for (count, axes, seed) in [(1, 1, 0), (7, 3, 1), (100, 5, 2)] as [(Int, Int, UInt64)] {
      let places = LatinHypercube.places(count: count, axes: axes, seed: seed)
      for axis in 0..<axes {
        #expect(places.map { Int($0[axis] * Double(count)) }.sorted() == Array(0..<count))
      }
      #expect(LatinHypercube.places(count: count, axes: axes, seed: seed) == places)
      #expect(LatinHypercube.places(count: count, axes: axes, seed: seed + 1) != places)
    }
    try withImages { folder in
      let plan = try plan(
        """
        axes: {image: [a.png, b.png]}
        latin_hypercube:
          count: 8
          seed: 3
          axes: {lambda: {from: 0.1, to: 0.4, scale: log}, input: [dense, sparse], stride: {from: 2, to: 5, step: 1}}
        """, in: folder)
      #expect(plan.axes == ["image", "lambda", "input", "stride"] && plan.points.count == 16)
      let samples = plan.points.prefix(8).map(\.axisValues)
      // Eight samples: four of each of two values, two of each of four, and one in each eighth of the logarithm.
      #expect(samples.count { $0[2] == "dense" } == 4)
      #expect(["2", "3", "4", "5"].allSatisfy { stride in samples.count { $0[3] == stride } == 2 })
      let eighths = samples.compactMap { Double($0[1]) }.map { Int(log($0 / 0.1) / log(4) * 8) }
      #expect(eighths.sorted() == Array(0..<8))
      // The same samples for each image.
      #expect(plan.points.suffix(8).map { $0.axisValues.dropFirst() } == samples.map { $0.dropFirst() })
    }
  }

  @Test func keysOfWholeNumbersAreSampledWithEqualSharesEndsIncluded() throws {
    try withImages { folder in
      func values(_ key: String, _ range: String) throws -> [String: Int] {
        // A second axis keeps samples of equal numbers apart.
        let plan = try plan(
          """
          base: {image: a.png}
          latin_hypercube: {count: 40, seed: 2, axes: {\(key): {\(range)}, lambda: {from: 0.1, to: 0.2}}}
          """, in: folder)
        #expect(plan.points.count == 40)
        return Dictionary(grouping: plan.points.map { $0.axisValues[0] }) { $0 }.mapValues(\.count)
      }
      #expect(try values("weight_bits", "from: 4, to: 8") == ["4": 8, "5": 8, "6": 8, "7": 8, "8": 8])
      #expect(try values("chip.geometry.cores_per_tile", "from: 3, to: 4") == ["3": 20, "4": 20])
      let logarithmic = try values("chip.geometry.tiles_x", "from: 1, to: 64, scale: log")
      // From ½ to 64½ in the logarithm: 1 has ln 3 of ln 129, and no number beyond the ends appears.
      #expect(logarithmic["1"] == 9 && logarithmic.keys.allSatisfy { (1...64).contains(Int($0) ?? 0) })
    }
  }

  @Test func numbersOfTheChipAreAxes() throws {
    try withImages { folder in
      let plan = try plan(
        """
        base: {image: a.png, chip.static_power_W: 1}
        axes:
          chip.costs.synaptic_operation.energy_pJ: {from: 1, to: 100, count: 3, scale: log}
          "chip.geometry.tiles_x, chip.geometry.tiles_y": [[4, 4], [8, 2]]
        """, in: folder)
      #expect(
        plan.axes == ["chip.costs.synaptic_operation.energy_pJ", "chip.geometry.tiles_x", "chip.geometry.tiles_y"])
      #expect(plan.points.map(\.axisValues).first == ["1", "4", "4"] && plan.points.count == 6)
      #expect(Set(plan.points.map(\.id)).count == 6)
      let last = try #require(plan.points.last?.configuration)
      #expect(last.chipChanges["geometry.tiles_y"] == "2" && last.chipChanges["static_power_W"] == "1")
      // A point's file alone says it all.
      try Data(last.yaml.utf8).write(to: URL(fileURLWithPath: "\(folder)/run.yaml"))
      #expect(try RunConfiguration(contentsOf: "\(folder)/run.yaml") == last)
    }
  }

  @Test func whatDoesNotFitItsChipIsImpossibleAndAMissingFileIsNot() throws {
    try withImages { folder in
      let memory = "base: {image: a.png}\naxes: {chip.capacity.synaptic_memory_bytes: [64, 131072]}"
      let error = try #require(throws: YAMLError.self) { try plan(memory, in: folder) }
      #expect(error.description.contains(":3:45: axes.chip.capacity.synaptic_memory_bytes: the point "), "\(error)")
      #expect(error.description.contains("does not fit loihi2"))
      #expect(try plan(memory + "\nimpossible: skip", in: folder).points.map(\.axisValues) == [["131072"]])

      let crops = "axes: {image: [a.png, b.png], crop: [24, 300]}\nimpossible: skip"
      #expect(try plan(crops, in: folder).points.map(\.axisValues) == [["a.png", "24"], ["b.png", "24"]])

      let strides = "base: {image: a.png}\naxes: {stride: [2, 20]}"
      let far = try #require(throws: YAMLError.self) { try plan(strides, in: folder) }
      let message = ":3:16: axes.stride: the point stride=20 cannot run: the stride is 20; "
      #expect(far.description.contains(message), "\(far)")
      #expect(try plan(strides + "\nimpossible: skip", in: folder).points.map(\.axisValues) == [["2"]])

      for (axis, place) in [
        ("image: [a.png, none.png]", ":2:23: axes.image[1]: "), ("bank: [none.npz]", ":2:15: axes.bank[0]: "),
        ("chip: [loihi2, none.yaml]", ":2:23: axes.chip[1]: "), ("image: [sweep.yaml]", ":2:16: axes.image[0]: "),
        ("chip.geometry.tiles_x: [0]", ":2:31: axes.chip.geometry.tiles_x: "),
      ] {
        let text = "axes: {\(axis)}\nimpossible: skip" + (axis.hasPrefix("image") ? "" : "\nbase: {image: a.png}")
        let error = try #require(throws: YAMLError.self) { try plan(text, in: folder) }
        #expect(error.description.hasPrefix("\(folder)/sweep.yaml\(place)"), "\(error)")
      }
      let base = try #require(throws: YAMLError.self) {
        try plan("axes: {lambda: [0.1]}\nbase: {image: none.png}", in: folder)
      }
      #expect(base.description.contains(":3:15: base.image: "), "\(base)")
    }
  }

  /// Probes may be of neurons that only some networks have; without their trace none sees anything.
  @Test func probesThatNothingRecordsAreAMistake() throws {
    try withImages { folder in
      let axes = "axes: {model: [residual, delta]}\nimpossible: skip"
      let probes = "\(axes)\nbase: {image: a.png, probes: [[pixels, 0, 2, 2]]"
      let error = try #require(throws: YAMLError.self) { try plan(probes + "}", in: folder) }
      #expect(error.description.contains(":4:30: base.probes: the point model=residual: probes: "), "\(error)")
      #expect(error.description.hasSuffix("which is not among the traces; add it"), "\(error)")
      let recorded = try plan(probes + ", traces: [sqlite]}", in: folder)
      #expect(recorded.points.map(\.axisValues) == [["residual"]] && recorded.skipped.values.reduce(0, +) == 1)
    }
  }

  /// Whatever is multiplied is as many as there are points.
  @Test func theLineOfAPlanMultipliesAxesSamplesAndRepeats() throws {
    try withImages { folder in
      let plan = try plan(
        """
        base: {image: a.png}
        axes: {bank: [homogeneous, heterogeneous], "model, input": [[delta, dense], [delta, sparse], [graded, dense]]}
        latin_hypercube: {count: 4, seed: 1, axes: {lambda: {from: 0.1, to: 0.3}, stride: {from: 2, to: 3}}}
        repeats: 2
        """, in: folder)
      let line = "48 points: bank (2) × model, input (3) × samples of lambda, stride (4) × repeat (2)\n"
      #expect(plan.summary.hasPrefix(line), "\(plan.summary)")
    }
  }

  @Test func samplesThatAreTheSameAreDoneOnce() throws {
    try withImages { folder in
      let plan = try plan(
        "base: {image: a.png}\nlatin_hypercube: {count: 10, seed: 1, axes: {input: [dense, sparse]}}", in: folder)
      #expect(plan.points.count == 2 && plan.doubles == 8)
      #expect(plan.summary.hasPrefix("2 points of 10: samples of input (10)\n8 samples were the same"))
    }
  }

  @Test func pointsThatNoChipCanRunAreRefusedOrLeftOut() throws {
    try withImages { folder in
      let axes = "base: {image: a.png, input: dense-rate}\naxes: {chip: [loihi2, loihi1], model: [delta, spiking]}"
      let error = try #require(throws: YAMLError.self) { try plan(axes, in: folder) }
      #expect(error.description.contains("chip=loihi1 model=delta cannot run: "), "\(error)")
      let rest = try plan(axes + "\nimpossible: skip", in: folder)
      #expect(rest.points.map(\.axisValues) == [["loihi2", "delta"], ["loihi2", "spiking"], ["loihi1", "spiking"]])
      #expect(rest.skipped.values.reduce(0, +) == 1)
      #expect(rest.summary.hasPrefix("3 points of 4: chip (2) × model (2)\n1 skipped: "), "\(rest.summary)")
    }
  }

  @Test(arguments: [
    ("axes: {lamda: [1]}", ":2:15: axes.lamda: unknown key 'lamda'; did you mean 'lambda'?"),
    ("axes: {lambda: []}", ":2:16: axes.lambda: the axis is empty"),
    ("axes: {lambda: [0.1, -1]}", "axes.lambda[1]: -1.0 is out of range"),
    ("axes: {stride: {from: 0, to: 4, step: 2}}", "axes.stride: 0: stride: 0 is out of range; 1 to 64 is possible"),
    ("axes: {stride: {from: 1, to: 2, step: 0.5}}", "axes.stride: 1.5: stride: a whole number is expected"),
    ("axes: {lambda: {from: 0.1, to: 0.4}}", "axes.lambda: a range needs a step or a count"),
    ("axes: {lambda: {from: 0.4, to: 0.1, step: 0.1}}", "axes.lambda.to: 0.1 is below from"),
    ("axes: {lambda: {from: 0, to: 1, count: 3, scale: log}}", "a logarithmic range starts above 0"),
    ("axes: {lambda: {from: 0.1, to: 1, step: 0.1, scale: log}}", "takes a count, not a step"),
    ("axes: {lambda: {from: 0.1, until: 1}}", "axes.lambda: unknown key 'until'"),
    ("axes: {lambda: 0.1}", "axes.lambda: a list is expected"),
    ("axes: {bank: [hetero]}", "axes.bank[0]: unknown bank 'hetero'"),
    ("axes: {bank: {folder: .}}", "a folder of photographs is for the key 'image'"),
    ("axes: {image: {folder: nowhere}}", "axes.image: "), ("axes: {image: [none.png]}", "none.png: cannot be read"),
    ("axes: {\"model, input\": [[delta]]}", "2 values are expected, one for each of model, input"),
    ("axes: {lambda: [0.1]}\nbase: {lambda: 0.2}", ":3:16: base.lambda: an axis sets this key too"),
    ("axes: {\"lambda,lambda\": [[1, 2]]}", ":2:25: axes.lambda,lambda: two axes set the key 'lambda'"),
    ("axes:\n  lambda: [0.1]\n  \"gap, lambda\": [[1, 2]]", ":4:18: axes.gap, lambda: two axes set the key 'lambda'"),
    (
      "axes: {lambda: [0.1]}\nlatin_hypercube: {count: 2, seed: 1, axes: {lambda: {from: 0.1, to: 1}}}",
      ":3:53: latin_hypercube.axes.lambda: two axes set the key 'lambda'"
    ),
    (
      "axes: {chip.geometry.tiles_x: [2, 4]}\nbase: {chip_changes: {geometry.tiles_x: 3}}",
      "base.chip_changes: an axis sets chip.geometry.tiles_x too; leave geometry.tiles_x out here"
    ),
    (
      "axes: {chip_changes: [{}, {geometry.tiles_y: 3}], chip.geometry.tiles_x: [2]}",
      "axes.chip_changes: it replaces all numbers of the chip, and chip.geometry.tiles_x is set too"
    ),
    (
      "axes: {chip_changes: [{}, {geometry.tiles_y: 3}]}\nbase: {chip.geometry.tiles_x: 2}",
      "axes.chip_changes: it replaces all numbers of the chip, and chip.geometry.tiles_x is set too"
    ),
    (
      "axes: {lambda: [0.1]}\nbase: {chip.geometry.tiles_x: 2, chip_changes: {geometry.tiles_x: 3}}",
      "base.chip.geometry.tiles_x: chip_changes sets geometry.tiles_x too; set it once"
    ),
    (
      "axes: {lambda: [0.1]}\nbase: {traces: [sqlite], crop: 24, probes: [[coding, 3, 6, 2], [coding, 3, 70, 2]]}",
      "base.probes: the point lambda=0.1 cannot run: probes: [\"coding\", 3, 70, 2] is no neuron; 'coding' has"
    ),
    (
      "axes: {model: [residual, delta]}\nbase: {traces: [sqlite], crop: 24, probes: [[pixels, 0, 23, 23]]}",
      "the point model=delta cannot run: probes: there is no population 'pixels'; there are coding"
    ),
    ("axes: {probes: [[], [[coding, 3, 7, 2]]]}", "axes.probes: the point "),
    ("base: {lambda: 0.1}", "a sweep needs an axis"), ("axis: {lambda: [1]}", "unknown key 'axis'"),
    ("base: {lamda: 1}\naxes: {stride: [1]}", "base: unknown key 'lamda'"),
    ("axes: {stride: [1]}\nrepeats: 0", "repeats: 0 is out of range"),
    ("axes: {lambda: [0.1, 0.1]}", "axes.lambda: 0.1 is given twice"),
    ("axes: {lambda: {from: 0, to: 1, step: 1e-7}}", "more than a million values"),
    ("axes: {lambda: {from: 0.001, to: 1, count: 2000}, gap: {from: 0.001, to: 1, count: 2000}}", "4000000 points"),
  ])
  func aMistakeIsNamedWithItsAxisInOneLine(_ text: String, _ message: String) throws {
    try withImages { folder in
      let text = text.replacing("base: {chip", with: "base: {image: a.png, chip")
        .replacing("base: {traces", with: "base: {image: a.png, traces")
      let base = text.contains("image") || text.contains("base:") ? "" : "\nbase: {image: a.png}"
      let error = try #require(throws: (any Error).self) { try plan(text + base, in: folder) }
      #expect("\(error)".contains(message), "\(error)")
      #expect(!"\(error)".contains("\n"))
    }
  }

  @Test func imagesOfOneContentAreNoTwoPoints() throws {
    try withImages { folder in
      try FileManager.default.copyItem(atPath: "\(folder)/a.png", toPath: "\(folder)/c.png")
      for (axis, place) in [
        ("[a.png, c.png]", ":2:23: axes.image[1]: c.png has the same content as a.png"),
        ("{folder: .}", ":2:15: axes.image: ./c.png has the same content as ./a.png"),
      ] {
        let error = try #require(throws: YAMLError.self) { try plan("axes: {image: \(axis)}", in: folder) }
        #expect(error.description.contains(place), "\(error)")
      }
    }
  }

  @Test func aPlanReadsBackAndNamesRunsThatAreItsConfigurations() throws {
    try withImages { folder in
      let plan = try plan("axes: {image: [a.png, b.png], lambda: [0.1, 1.0]}", in: folder)
      try Sweep.write(plan, of: "\(folder)/sweep.yaml", to: "\(folder)/s")
      let sweep = try Sweep(contentsOf: "\(folder)/s")
      #expect(sweep.axes == plan.axes && sweep.points.map(\.id) == plan.points.map(\.id))
      #expect(sweep.points.map(\.axisValues) == plan.points.map(\.axisValues))
      for point in plan.points {
        #expect(try RunConfiguration(contentsOf: "\(folder)/s/runs/\(point.id).yaml") == point.configuration)
      }
      let manifest = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: "\(folder)/s/manifest.json")))
          as? [String: Any])
      let points = try #require(manifest["points"] as? [[String: Any]])
      let configuration = try #require(points[0]["configuration"] as? [String: Any])
      #expect(configuration.count == RunKey.all.count && configuration["lambda"] as? Double == 0.1)
      #expect(configuration["prime"] as? Bool == false && configuration["events"] is NSNull)
    }
  }
  @Test func bytesAreWrittenAndReadAsPeopleDo() {
    #expect(
      ByteCount.parse("8G") == 8 << 30 && ByteCount.parse("1.5GiB") == 3 << 29 && ByteCount.parse("300m") == 300 << 20)
    #expect(ByteCount.parse("12") == 12 && ByteCount.parse("2K") == 2048 && ByteCount.parse("1T") == 1 << 40)
    for wrong in ["", "G", "-1G", "0", "1P", "8 G b", "1e30G"] { #expect(ByteCount.parse(wrong) == nil, "\(wrong)") }
    #expect(ByteCount.text(3 << 29) == "1.5 GiB" && ByteCount.text(52 << 20) == "52 MiB")
  }
}

import DataFiles
import EventStreams
import Foundation
import KernelBanks
import Reports
import SparseCoding
import Testing

@Suite struct StudyTests {
  static let options = [
    "--output", "results", "--crop", "32", "--convergence-crop", "32", "--lambdas", "0.1,0.3", "--dial", "0,1",
    "--learning-steps", "1", "--chips", "-", "--jobs", "2",
  ]

  @Test func aStudyWritesAPageWhoseNumbersAreThoseOfItsTablesAndGoesOnWhereItWas() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      for name in ["camera", "grass"] {
        try FileManager.default.copyItem(
          atPath: Program.photograph.replacing("camera", with: name), toPath: rheobase.path("images/\(name).png"))
      }
      let first = try await rheobase(["study", "images"] + Self.options)
      try #require(first.status.isSuccess, "\(first.errors)")
      let page = String(decoding: try rheobase.data("results/study.md"), as: UTF8.self)

      // Every number of the page's prose is in its tables, rounded as it is there.
      let known = try TableNumbers(rheobase.data("results/tables.json"))
      let numbers = Self.numbersOfProse(page)
      #expect(numbers.count > 40)
      #expect(numbers.filter { !known.contains($0) } == [])
      #expect(!known.contains("0.98761") && !known.contains("123456"))
      let pictures = page.matches(of: /\]\((pictures\/[^)]+)\)/).map { String($0.1) }
      #expect(pictures.count > 10)
      #expect(pictures.allSatisfy { FileManager.default.fileExists(atPath: rheobase.path("results/\($0)")) })

      Self.checkHeadlines(page)
      try Self.checkDifferences(rheobase)
      try Self.checkCodes(rheobase)
      try Self.checkLists(rheobase)
      try await Self.checkHistogram(rheobase)

      // The page in HTML has every table, chart and list, and names where it is.
      #expect(first.output == "Results: results/study.md\nReport: results/report.html\n")
      let html = String(decoding: try rheobase.data("results/report.html"), as: UTF8.self)
      let tables = try rheobase.names("results/tables").filter { $0.hasSuffix(".csv") }
      let lists = page.matches(of: /rows: \[tables\//).count
      #expect(lists > 3 && html.components(separatedBy: "<table ").count - 1 == tables.count - lists)
      #expect(html.matches(of: /data-table="[^"]*" data-name/).count == lists)
      let kernels = pictures.filter { $0.hasPrefix("pictures/bank-") }
      #expect(html.components(separatedBy: "<img ").count - 1 == kernels.count)
      #expect(
        html.components(separatedBy: "<figure class=\"chart-figure\"").count - 1 == pictures.count - kernels.count)
      #expect(html.utf8.count < 3_000_000)

      // Nothing is done twice; a lost cell is done again, and the page is the same.
      let cells = try FileManager.default.contentsOfDirectory(atPath: rheobase.path("results/cells")).sorted()
      let kept = try #require(cells.first { $0.hasPrefix("codes-") })
      let lost = try #require(cells.last { $0.hasPrefix("codes-") })
      try rheobase.write(
        String(decoding: try rheobase.data("results/cells/\(kept)"), as: UTF8.self) + " ", to: "results/cells/\(kept)")
      let marked = try rheobase.data("results/cells/\(kept)")
      try FileManager.default.removeItem(atPath: rheobase.path("results/cells/\(lost)"))
      for former in ["tables/former.csv", "pictures/former.svg"] { try rheobase.write("", to: "results/\(former)") }
      let second = try await rheobase(["study", "images"] + Self.options)
      #expect(second.status.isSuccess)
      #expect(try rheobase.data("results/cells/\(kept)") == marked)
      #expect(FileManager.default.fileExists(atPath: rheobase.path("results/cells/\(lost)")))
      #expect(String(decoding: try rheobase.data("results/study.md"), as: UTF8.self) == page)
      // What former options have left is gone.
      #expect(try rheobase.names("results/tables").filter { $0.hasSuffix(".csv") } == tables)
      #expect(try !rheobase.names("results/pictures").contains("former.svg"))
    }
  }

  /// Each headline is there, of certified codes also at one mean of B_θ; absolute pruning, which weighs kernels
  /// differently, comes last.
  private static func checkHeadlines(_ page: String) {
    let headlines = [
      "study's protocol, sparseness", "study's protocol, PSNR (dB)", "certified, λ = 0.3, sparseness",
      "certified, λ = 0.3, PSNR (dB)", "certified, λ = 0.3, objective a pixel",
      "Loss of PSNR (dB): study's protocol, pruned below: 0.5",
      "Loss of PSNR (dB): study's protocol, pruned below a share of the largest: 0.5",
      "Loss of PSNR (dB): certified, λ = 0.3, events lost: 0.1",
      "Loss of PSNR (dB): certified, λ = 0.3, bits of a payload: 4",
    ]
    for headline in headlines {
      #expect(page.contains("\n- \(headline), heterogeneous less homogeneous: "), "\(headline)")
    }
    for headline in headlines.filter({ $0.contains("certified") }) {
      #expect(page.contains("\n- \(headline), heterogeneous less control-17.5: "), "\(headline)")
    }
    let losses = page.split(separator: "\n").filter { $0.hasPrefix("- Loss of PSNR (dB): ") }
    #expect(losses.first?.contains("pruned below a share of the largest: 0.5") == true)
    #expect(losses.last?.contains("pruned below: 0.5") == true)
  }

  /// Losses of pruned codes are against the whole code; learnt banks are judged on what is new.
  private static func checkDifferences(_ rheobase: Program) throws {
    let losses = try ["camera", "grass"].map { image in
      try Self.pruningLoss(rheobase, image, "heterogeneous") - Self.pruningLoss(rheobase, image, "homogeneous")
    }
    let damage = CSV.rows(of: try rheobase.text("results/tables/damage-differences.csv"))
    let row = try #require(
      damage.first { $0[0] == "study's protocol" && $0[1] == "pruned below: 0.001" && $0[2] == "heterogeneous" })
    #expect(abs(try #require(Double(row[6])) - (losses[0] + losses[1]) / 2) < 1e-9)
    try Self.checkNorms(damage)

    let differences = CSV.rows(of: try rheobase.text("results/tables/differences.csv")).dropFirst()
    #expect(differences.contains { $0[2] == "learnt-noise" })
    // Learnt banks are coded at larger λ, too, at which they have as few non-zeros.
    let atEqual = differences.filter { $0[0] == "certified, equal sparseness" }.map { "\($0[2]) less \($0[3])" }
    #expect(Set(atEqual).isSuperset(of: ["homogeneous", "heterogeneous"].map { "learnt-\($0) less homogeneous" }))
    #expect(differences.contains { $0[2] == "heterogeneous" && $0[3] == "control-17.5" })
    for row in differences {
      let isLearnt = row[2].hasPrefix("learnt-")
      let (number, of) = (try #require(Double(row[5])), isLearnt ? 1.0 : 2)
      #expect(row[4] == (isLearnt ? "not learnt from" : "all"), "\(row)")
      // As many non-zeros as the homogeneous bank's need not lie between those that were coded.
      #expect(number == of || (row[0] == "certified, equal sparseness" && number < of), "\(row)")
    }
  }

  /// Pairs of the protocol whose norms differ say so and have no absolute pruning; certified codes have all pairs.
  private static func checkNorms(_ damage: [[String]]) throws {
    let ofLearnt = damage.filter { $0[0] == "study's protocol" && $0[2].hasPrefix("learnt-") }
    #expect(!ofLearnt.isEmpty && ofLearnt.allSatisfy { $0.last == "unit less peak" })
    #expect(!ofLearnt.contains { $0[1].hasPrefix("pruned below: ") })
    #expect(ofLearnt.contains { $0[1].hasPrefix("pruned below a share") })
    let certified = damage.filter { $0[0] == "certified, λ = 0.3" && $0[1] == "events lost: 0.1" }
    #expect(certified.allSatisfy { $0.last == "unit" })
    #expect(
      Set(certified.map { "\($0[2]) less \($0[3])" }) == [
        "heterogeneous less homogeneous", "control-17.5 less homogeneous", "control-5.0 less homogeneous",
        "control-5.0 less heterogeneous", "heterogeneous less control-17.5", "learnt-homogeneous less homogeneous",
        "learnt-heterogeneous less homogeneous", "learnt-noise less homogeneous",
      ])
  }

  /// A table by its columns.
  private static func columns(_ rheobase: Program, _ table: String) throws -> [String: [String]] {
    let rows = CSV.rows(of: try rheobase.text("results/tables/\(table).csv"))
    let names = try #require(rows.first)
    return Dictionary(
      uniqueKeysWithValues: names.enumerated().map { place, name in
        (name, rows.dropFirst().map { $0[place] })
      })
  }

  /// Tables of codes tell the study's protocol and certified codes of the same banks; certified ones are damaged with
  /// all.
  private static func checkCodes(_ rheobase: Program) throws {
    let orientations = try columns(rheobase, "orientations")
    let uniform = zip(
      try #require(orientations["bank"]), try #require(orientations["share of each if uniform"]).compactMap(Double.init)
    )
    for (bank, share) in uniform { #expect(share == 1 / (bank == "heterogeneous" ? 12.0 : 72)) }
    // What is drawn beside one another is named with its norms.
    #expect(try rheobase.text("results/pictures/pruning-protocol.svg").contains("peak norm (learnt banks: unit norm)"))
    let both: Set = ["study's protocol", "certified"]
    for table in ["quality", "orientations", "amplitudes", "local", "pruning", "relative-pruning", "damage"] {
      let columns = try columns(rheobase, table)
      let (codes, banks) = (try #require(columns["code"]), try #require(columns["bank"]))
      #expect(Set(codes) == both, "\(table)")
      let ofHeterogeneous = zip(codes, banks).filter { $0.1 == "heterogeneous" }.map(\.0)
      #expect(Set(ofHeterogeneous) == both, "\(table)")
    }
    let bandwidths = try columns(rheobase, "bandwidths")
    #expect(bandwidths["certified"] != nil && bandwidths["study's protocol"] != nil)
    let damage = try columns(rheobase, "damage")
    #expect(try #require(damage["damage"]).contains("kernel noise (share of rms)"))
    try checkAgainstNothing(rheobase, damage)
    let ofCertified = zip(try #require(damage["code"]), try #require(damage["bank"])).filter { $0.0 == "certified" }
    #expect(
      Set(ofCertified.map(\.1)) == [
        "homogeneous", "heterogeneous", "control-5.0", "control-17.5", "learnt-homogeneous", "learnt-heterogeneous",
        "learnt-noise",
      ])
  }

  /// Of a single photograph a code without damage is above the code of zeros by what `images` has of both; damage never
  /// changes the difference of PSNR and that.
  private static func checkAgainstNothing(_ rheobase: Program, _ damage: [String: [String]]) throws {
    func numbers(_ name: String) throws -> [Double] { try #require(damage[name]).map { Double($0) ?? .nan } }
    let above = try numbers("above the empty code (dB)")
    #expect(above.count { $0.isFinite } > 100 && above.contains { $0 > 1 })
    let images = try columns(rheobase, "images")
    let nothing = try #require(images["PSNR of the empty code (dB)"]).compactMap(Double.init)
    let (low, high) = (try #require(nothing.min()), try #require(nothing.max()))
    for (psnr, above) in zip(try numbers("PSNR (dB)"), above) where above.isFinite {
      #expect(psnr - above >= low - 0.02 && psnr - above <= high + 0.02)
    }
  }

  /// Lists are what the tables beside them sum up.
  private static func checkLists(_ rheobase: Program) throws {
    let local = try columns(rheobase, "local")
    let cells = try columns(rheobase, "local-cells")
    let counts = try #require(local["cells"]).compactMap { Double($0) }
    #expect(counts.reduce(0, +) == Double(try #require(cells["code"]).count) && !counts.isEmpty)

    let kernels = try columns(rheobase, "refit-kernels")
    #expect(try #require(kernels["kernel"]).count == 3 * 2 * 144)
    try checkRefitPicture(rheobase)

    // The share at 0° is that of the first bin of its bank.
    let orientations = try columns(rheobase, "orientations")
    let bins = try columns(rheobase, "orientation-histogram")
    let first = zip(try #require(bins["θ (°)"]), try #require(bins["share"])).filter { $0.0 == "0.0" }.map(\.1)
    #expect(first.starts(with: try #require(orientations["share at 0°"]).prefix(4)) && first.count > 4)
  }

  /// All kernels of the homogeneous bank have B_θ = 12°, and a line of steps goes to the right from each point.
  private static func checkRefitPicture(_ rheobase: Program) throws {
    let data = try rheobase.data("results/pictures.json")
    let pictures = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
    let chart = try #require(pictures.first { $0["name"] as? String == "refit" }?["chart"] as? [String: Any])
    let series = try #require(chart["series"] as? [[String: Any]])
    let before = try #require(series.first { $0["name"] as? String == "homogeneous, before" })
    let points = try #require(before["points"] as? [[String: Any]])
    let kernels = points.filter { $0["y"] as? Double != 0 }
    #expect(kernels.map { $0["x"] as? Double } == [11.25] && kernels.first?["y"] as? Double == 144)
  }

  /// Each of 65 bins counts the coefficients of the protocol's codes that lie in it, as `encode` makes them.
  private static func checkHistogram(_ rheobase: Program) async throws {
    var magnitudes: [Double] = []
    for image in ["camera", "grass"] {
      let encode = try await rheobase([
        "encode", "images/\(image).png", "--bank", "homogeneous", "--crop", "32", "--lambda", "0.01", "--norm", "peak",
        "--boundary", "circular", "--solver", "admm", "--output", "\(image).npz",
      ])
      try #require(encode.status.isSuccess, "\(encode.errors)")
      magnitudes += try CodeFile(contentsOf: rheobase.path("\(image).npz")).code.coefficients.map {
        Double(abs($0.value))
      }
    }
    let histogram = try columns(rheobase, "amplitude-histogram")
    let (codes, banks) = (try #require(histogram["code"]), try #require(histogram["bank"]))
    let rows = codes.indices.filter { codes[$0] == "study's protocol" && banks[$0] == "homogeneous" }
    func numbers(_ name: String) throws -> [Double] {
      let values = try #require(histogram[name])
      return try rows.map { try #require(Double(values[$0])) }
    }
    let bins = zip(try numbers("|a| from"), try numbers("|a| below"))
    let counts = bins.map { from, below in
      Double(magnitudes.filter { $0 >= from && ($0 < below || $0 == 1 && below == 1) }.count)
    }
    #expect(try numbers("coefficients") == counts)
    #expect(counts.count == 65 && counts.reduce(0, +) > 100)
  }

  /// What the weakest pruning costs the code of a photograph, in dB.
  private static func pruningLoss(_ rheobase: Program, _ image: String, _ bank: String) throws -> Double {
    let data = try rheobase.data("results/cells/published-\(image)-\(bank).json")
    let cell = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let result = try #require(cell["result"] as? [String: Any])
    let pruned = try #require(result["pruning_psnr"] as? [Double])
    return try #require(result["psnr"] as? Double) - pruned[0]
  }

  /// The numbers of a page, but for those of headings, tables, pictures and file names.
  private static func numbersOfProse(_ page: String) -> [String] {
    page.split(separator: "\n").filter { line in
      !["#", "|", "!", "["].contains { line.hasPrefix($0) } && !line.contains("](tables/")
    }.flatMap { line in
      line.replacing(/`[^`]*`/, with: "").matches(of: /[-−]?\d+(\.\d+)?/).map { String($0.0) }
    }
  }

  @Test func theZeroOfEachCurveOfDamageIsTheUndamagedCodeInItsEncoding() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let task = try await rheobase(
        ["study", "images"] + Self.options + ["--learning-steps", "0", "--task", "codes-camera-heterogeneous"])
      try #require(task.status.isSuccess, "\(task.errors)")
      let cell = try #require(
        try JSONSerialization.jsonObject(with: rheobase.data("results/cells/codes-camera-heterogeneous.json"))
          as? [String: Any])
      let code = try #require((cell["result"] as? [String: Any])?["0.3"] as? [String: Any])
      func zero(_ damage: String) throws -> Double {
        try #require((code["damage_\(damage)"] as? [Double])?.first)
      }
      func undamaged(_ name: String) throws -> Double { try #require(code[name] as? Double) }
      for damage in ["lost", "bits"] { #expect(try zero(damage) == undamaged("undamaged_graded")) }
      for damage in ["rate_lost", "dead"] { #expect(try zero(damage) == undamaged("undamaged_rate")) }
      #expect(try zero("jitter") == undamaged("undamaged_latency"))
      #expect(try zero("noise") == undamaged("psnr"))
      // What the encodings cost by themselves: 16 bits next to nothing, 64 steps something.
      #expect(try abs(undamaged("undamaged_graded") - undamaged("psnr")) < 0.01)
      #expect(try undamaged("undamaged_latency") < undamaged("psnr"))
      #expect(try undamaged("undamaged_rate") < undamaged("psnr"))

      // A neuron that is dead loses all of its events, a lost event is one of several.
      func curve(_ name: String) throws -> [Double] { try #require(code[name] as? [Double]) }
      #expect(try zip(curve("damage_dead"), curve("damage_rate_lost")).suffix(2).allSatisfy { $0 < $1 })
      // Draws differ where chance decides, and only there.
      #expect(try curve("range_dead").first == 0 && curve("range_dead").suffix(2).allSatisfy { $0 > 0 })
      #expect(try curve("range_bits").allSatisfy { $0 == 0 })
    }
  }

  /// The loss of `convergence`, done by hand: of five draws that photograph and seed decide, the median.
  @Test func theLossOfAConvergenceIsThatOfTheSameDamageToTheSameCode() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      let path = rheobase.path("images/camera.png")
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: path)
      let image = try Image.prepared(contentsOf: path, crop: Crop(size: 32))
      let seed = ContentHash("1 camera").value
      var losses: [Double] = []
      for bank in ["heterogeneous", "homogeneous"] {
        let study = ["study", "images"] + Self.options + ["--learning-steps", "0"]
        let task = try await rheobase(study + ["--task", "convergence-camera-\(bank)"])
        try #require(task.status.isSuccess, "\(task.errors)")
        let problem = try LassoProblem(image: image, bank: .named(bank), lambda: 0.1, boundary: .circular)
        let code = try problem.solve(relativeGap: 0.001).code
        let sent = try Encoder.sparse.encode(code, EncoderOptions(payloadBits: 16)).stream
        func psnr(_ stream: EventStream) throws -> Double {
          let left = try stream.decodedCode(geometry: problem.geometry)
          return try Quality.psnr(of: problem.synthesisOperator.synthesis(of: left), against: image)
        }
        let draws = try (0..<5).map { try psnr(sent.damaged(by: .lost(0.1), seed: seed &* 5 &+ $0)) }
        let cell = try JSONSerialization.jsonObject(
          with: rheobase.data("results/cells/convergence-camera-\(bank).json"))
        let result = try #require((cell as? [String: Any])?["result"] as? [String: Any])
        let certified = try #require(result["unit-certified"] as? [String: Any])
        losses.append(try #require(certified["loss"] as? Double))
        #expect(try abs(#require(losses.last) - (psnr(sent) - draws.sorted()[2])) < 1e-9)
      }
      let report = try await rheobase(["study", "images"] + Self.options + ["--learning-steps", "0", "--report"])
      try #require(report.status.isSuccess, "\(report.errors)")
      let table = try Self.columns(rheobase, "convergence")
      let differences = try #require(table["loss less homogeneous, same photograph (dB)"])
      #expect(try abs(#require(differences.last.flatMap(Double.init)) - (losses[0] - losses[1])) < 1e-9)
      #expect(differences.count { $0.isEmpty } == differences.count / 2)
    }
  }

  @Test func chanceHitsEachPhotographElsewhere() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      var codes: [[String: Any]] = []
      for name in ["camera", "twin"] {
        try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/\(name).png"))
        let task = try await rheobase(
          ["study", "images"] + Self.options + ["--learning-steps", "0", "--task", "codes-\(name)-homogeneous"])
        try #require(task.status.isSuccess, "\(task.errors)")
        let cell = try JSONSerialization.jsonObject(
          with: rheobase.data("results/cells/codes-\(name)-homogeneous.json"))
        let result = try #require((cell as? [String: Any])?["result"] as? [String: Any])
        codes.append(try #require(result["0.3"] as? [String: Any]))
      }
      func curves(_ name: String) throws -> [[Double]] {
        try codes.map { try #require($0["damage_\(name)"] as? [Double]) }
      }
      for damage in ["lost", "dead", "jitter", "noise"] {
        let both = try curves(damage)
        #expect(both[0][0] == both[1][0] && both[0].last != both[1].last, "\(damage)")
      }
      let bits = try curves("bits")
      #expect(bits[0] == bits[1])
    }
  }

  @Test func theBreakEvenIsToldInEventsAndAsSparseness() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let options = ["study", "images", "--output", "results", "--learning-steps", "0", "--chips", "loihi2"]
      let task = try await rheobase(options + ["--task", "input-camera-loihi2"])
      try #require(task.status.isSuccess, "\(task.errors)")
      let report = try await rheobase(options + ["--report"])
      try #require(report.status.isSuccess, "\(report.errors)")
      let table = try Self.columns(rheobase, "break-even")
      // 144 kernels at every other pixel of 64 × 64 at which all 12 × 12 of theirs are in the image.
      let coefficients = 144.0 * 27 * 27
      // An event in the middle reaches 11 × 11 positions, one in a corner 6 × 6: 267 of 27 along each side.
      let formula = coefficients * 144 / (144 * (267.0 / 27) * (267.0 / 27) + 1)
      #expect(try #require(table["events by formula (synops)"]).allSatisfy { abs(Double($0)! - formula) < 1e-6 })
      let cell = try JSONSerialization.jsonObject(with: rheobase.data("results/cells/input-camera-loihi2.json"))
      let result = try #require((cell as? [String: Any])?["result"] as? [String: Any])
      #expect((result["dense"] as? [String: Double])?["synops"] == coefficients * 144)
      // No event causes more than one in the middle: nothing of the network's own is in it.
      for row in try #require(result["rows"] as? [[String: Double]]) {
        let share = try #require(row["synops"]) / #require(row["events"])
        #expect(share >= 36 * 144 + 1 && share <= 121 * 144 + 1)
      }
      for (events, sparseness) in [
        ("always cheaper below (events)", "always cheaper above (sparseness)"),
        ("always dearer from (events)", "always dearer up to (sparseness)"),
      ] {
        let pairs = zip(try #require(table[events]), try #require(table[sparseness])).filter { $0.0 != "" }
        #expect(!pairs.isEmpty)
        for pair in pairs {
          let (count, share) = (try #require(Double(pair.0)), try #require(Double(pair.1)))
          #expect(abs(share - (1 - count / coefficients)) < 1e-9)
        }
      }
    }
  }

  @Test func aTaskThatFailsSaysWhy() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let cell = "results/cells/learn-homogeneous.json"
      try FileManager.default.createDirectory(atPath: rheobase.path(cell), withIntermediateDirectories: true)
      let study = try await rheobase(["study", "images"] + Self.options + ["--no-report"])
      let (cause, kept) = ("\(cell): is a folder", "learn-homogeneous is not done")
      for text in [study.errors, try rheobase.text("results/study.md")] {
        // A reason is told once, whatever the number of tasks that it keeps.
        for reason in [cause, kept] { #expect(text.components(separatedBy: reason).count == 2, "\(reason): \(text)") }
      }
      #expect(!study.status.isSuccess && study.errors.contains("of which 1 failed"))
      #expect(try rheobase.text("results/study.md").contains("`codes-camera-learnt-homogeneous`"))
    }
  }

  /// It is said before hours of work, and nothing is left.
  @Test func aPhotographThatCannotBeReadIsToldAtOnce() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      try rheobase.write("no picture", to: "images/broken.png")
      let study = try await rheobase(["study", "images"] + Self.options)
      #expect(!study.status.isSuccess && study.output.isEmpty)
      #expect(study.errors == "rheobase: error: images/broken.png: is neither a PNG nor a JPEG file\n")
      #expect(try rheobase.names("") == ["images"])
    }
  }

  /// Of one gray contrast normalisation leaves nothing: codes are empty, and PSNR is not defined.
  @Test(arguments: [
    (0, "it is of one gray once contrast is normalised, and PSNR is not defined; take it out of the folder"),
    (
      16,
      "its central 32 × 32 pixels are of one gray once contrast is normalised, and PSNR is not defined; take it out of "
        + "the folder, or change --crop"
    ),
  ])
  func aPhotographWithoutContrastIsToldAtOnce(margin: Int, line: String) async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      // Black, but for a margin so wide that normalisation of the square sees none of it.
      let inside = margin..<80 - margin
      let samples = (0..<6400).map { place -> UInt16 in
        inside.contains(place / 80) && inside.contains(place % 80) ? 0 : UInt16(place * 7 % 251)
      }
      try Raster(width: 80, height: 80, channels: 1, bitDepth: 8, samples: samples)
        .writePNG(to: rheobase.path("images/dark.png"))
      let options = margin == 0 ? Self.options.replacing(["--crop", "32"], with: []) : Self.options
      let study = try await rheobase(["study", "images"] + options)
      #expect(!study.status.isSuccess && study.output.isEmpty)
      #expect(study.errors == "rheobase: error: images/dark.png: \(line)\n")
      #expect(try rheobase.names("") == ["images"])
      guard margin == 0 else { return }
      let learn = ["bank", "learn", "--patch", "24", "--steps", "1", "--from", "noise", "--output", "l.npz"]
      for photographs in [["images/dark.png"], ["images/camera.png", "--held-out", "images/dark.png"]] {
        let learning = try await rheobase(learn + photographs)
        #expect(
          learning.errors
            == "rheobase: error: images/dark.png: it is of one gray once contrast is normalised, and nothing can be "
            + "learnt from it; leave it out\n")
      }
      #expect(try rheobase.names("") == ["images"])
    }
  }

  @Test func aReportOnNoStudyIsRefused() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let report = try await rheobase(["study", "images"] + Self.options + ["--report"])
      #expect(
        report.errors == "rheobase: error: results: there is no study to report on; run it without --report first\n")
      #expect(try rheobase.names("") == ["images"])
    }
  }

  @Test func ofOnePhotographNothingIsSaidToBeHeldOut() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let task = try await rheobase(["study", "images"] + Self.options + ["--task", "learn-heterogeneous"])
      try #require(task.status.isSuccess, "\(task.errors)")
      let report = try await rheobase(["study", "images"] + Self.options + ["--report"])
      try #require(report.status.isSuccess, "\(report.errors)")
      let page = try rheobase.text("results/study.md")
      #expect(page.contains("## Learning, judged on the photograph learnt from, as there is no other"))
      #expect(page.contains("There is one photograph, and banks are learnt from it"))
      #expect(!page.contains("never saw") && !page.contains("not learnt from"))
    }
  }

  @Test func whatAChipRefusesIsARowWithTheReason() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let options = ["study", "images", "--output", "results", "--learning-steps", "0", "--chips", "loihi1"]
      for task in ["damage-camera-homogeneous-loihi1", "input-camera-loihi1"] {
        let done = try await rheobase(options + ["--task", task])
        try #require(done.status.isSuccess, "\(done.errors)")
      }
      let report = try await rheobase(options + ["--report"])
      try #require(report.status.isSuccess, "\(report.errors)")
      let damage = CSV.rows(of: try rheobase.text("results/tables/chip-damage.csv"))
      #expect(damage.count == 2 && damage[1][3] == "homogeneous" && damage[1].last == "it cannot run delta")
      let input = CSV.rows(of: try rheobase.text("results/tables/break-even.csv"))
      #expect(input.count == 2 && input[1].last == "it takes rate codes only")
    }
  }

  /// One row of a front: its place in the tables and its two figures.
  private struct FrontPoint {
    let bank: String
    let step: Int
    let energy_J, psnr_dB: Double
  }

  /// Of runs by dense input on one photograph: ratios by hand, and a correlation over the two banks of the dial is none.
  private static func checkChipDifferences(_ rheobase: Program, _ runs: [[String: Any]]) throws {
    func state(_ bank: String) throws -> [String: Double] {
      let targets = try #require(runs.first { $0["bank"] as? String == bank }?["targets"] as? [String: Any])
      return try #require(targets["common"] as? [String: Double], "\(bank)")
    }
    let (ours, theirs) = (try state("heterogeneous"), try state("homogeneous"))
    let table = try columns(rheobase, "chip-differences")
    func told(_ quantity: String) throws -> Double {
      let row = try #require(
        table["quantity"]?.indices.first { row in
          table["quantity"]?[row] == quantity && table["input"]?[row] == "dense"
            && table["bank"]?[row] == "heterogeneous"
            && table["beside"]?[row] == "homogeneous"
        })
      let told = try #require(table["median"]?[row])
      return try #require(Double(told))
    }
    func ratio(_ a: [String: Double], _ b: [String: Double], _ name: String) throws -> Double {
      try #require(a[name]) / #require(b[name])
    }
    let sparseness = try [ours, theirs].map { try #require($0["sparseness"]) }
    let sought = [
      "energy, ratio": try ratio(ours, theirs, "energy"), "images/s, ratio": try ratio(theirs, ours, "time"),
      "sparseness, difference": sparseness[0] - sparseness[1],
    ]
    for (quantity, value) in sought { #expect(abs(try told(quantity) - value) < 1e-12, "\(quantity)") }
    #expect(table["bank"]?.contains("all banks") == true && table["bank"]?.contains("the dial") == false)
  }

  @Test func theFrontsOfAChipAreWhatNoOtherStepOfAnyBankBeats() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let options = [
        "study", "images", "--output", "results", "--dial", "0,1", "--learning-steps", "0", "--chips", "loihi2",
      ]
      let task = try await rheobase(options + ["--task", "chip-camera-loihi2"])
      try #require(task.status.isSuccess, "\(task.errors)")
      let report = try await rheobase(options + ["--report"])
      try #require(report.status.isSuccess, "\(report.errors)")
      let html = try rheobase.text("results/report.html")
      #expect(!html.contains("\\*"), "what Markdown escapes is shown as it is")
      #expect(html.components(separatedBy: "* contains an estimate").count - 1 == 1)

      let cell = try #require(
        try JSONSerialization.jsonObject(with: rheobase.data("results/cells/chip-camera-loihi2.json")) as? [String: Any]
      )
      let rows = try #require((cell["result"] as? [String: Any])?["rows"] as? [[String: Any]])
      let runs = rows.filter { $0["input"] as? String == "dense" }
      let all = runs.flatMap { row in
        (row["curve"] as? [[String: Double]] ?? []).map { state in
          FrontPoint(
            bank: row["bank"] as? String ?? "", step: Int(state["step"]!), energy_J: state["energy"]!,
            psnr_dB: state["psnr"]!)
        }
      }
      #expect(Set(all.map(\.bank)) == ["homogeneous", "heterogeneous", "control-5.0", "control-17.5"])
      // The first steps of all banks, which have no code yet, do not compete.
      let nothing = try #require(runs.first?["empty_psnr"] as? Double)
      let coded = all.filter { $0.psnr_dB > nothing }
      #expect(coded.count < all.count && all.contains { $0.psnr_dB == nothing })
      let best = coded.filter { a in
        !coded.contains { b in
          b.energy_J <= a.energy_J && b.psnr_dB >= a.psnr_dB && (b.energy_J < a.energy_J || b.psnr_dB > a.psnr_dB)
        }
      }
      // The table as NumPy reads it, which is the table as CSV.
      let archive = try NumPyArchive(contentsOf: rheobase.path("results/tables/energy-front.npz"))
      let csv = String(decoding: try rheobase.data("results/tables/energy-front.csv"), as: UTF8.self).split(
        separator: "\n")
      let (banks, inputs) = (try archive.array("banks").texts, try archive.array("input").texts)
      let written = try banks.indices.filter { banks[$0] == "all" && inputs[$0] == "dense" }.map { row in
        FrontPoint(
          bank: try archive.array("bank").texts[row], step: Int(try archive.doubles("step")[row]),
          energy_J: try archive.doubles("energy (J)")[row], psnr_dB: try archive.doubles("PSNR (dB)")[row])
      }
      func byEnergy(_ a: FrontPoint, _ b: FrontPoint) -> Bool { a.energy_J < b.energy_J }
      #expect(written.count == best.count && best.count > 3)
      for (found, sought) in zip(written, best.sorted(by: byEnergy)) {
        #expect(found.bank == sought.bank && found.step == sought.step)
        // Foundation reads the last digit of a cell's numbers in its own way.
        #expect(abs(found.energy_J / sought.energy_J - 1) < 1e-14 && abs(found.psnr_dB / sought.psnr_dB - 1) < 1e-14)
      }
      #expect(csv.count == banks.count + 1)
      try Self.checkChipDifferences(rheobase, runs)
      #expect(csv[0] == "chip,photograph,banks,input,bank,step,energy (J),energy (J) marks,PSNR (dB)")
      #expect(csv[1].hasPrefix("loihi2,camera,dial,dense,") && csv[1].contains(",*†,"))

      try Self.checkRuns(rheobase, rows)
      try Self.checkEncoding(archive, rows)

      // Fewer banks are beaten by more of them, at least as well.
      let throughput = try NumPyArchive(contentsOf: rheobase.path("results/tables/throughput-front.npz"))
      let fastest = Dictionary(
        zip(try throughput.array("banks").texts, try throughput.doubles("images/s")), uniquingKeysWith: max)
      #expect(try #require(fastest["all"]) >= #require(fastest["dial"]))
      let page = String(decoding: try rheobase.data("results/study.md"), as: UTF8.self)
      #expect(page.contains("pictures/front-loihi2.svg") && page.contains("pictures/throughput-loihi2-sparse.svg"))
      #expect(page.contains("[tables/energy-front.csv](tables/energy-front.csv)"))
      // Each point of it is named in the legend.
      let chart = try rheobase.text("results/pictures/throughput-loihi2-dense.svg")
      let targets = try Self.columns(rheobase, "targets")
      let reached = try #require(targets["bank"]).indices.filter {
        targets["target"]?[$0] == "common objective" && targets["input"]?[$0] == "dense"
          && targets["reached"]?[$0] == "1.0"
      }
      #expect(!reached.isEmpty)
      for row in reached { #expect(chart.contains(">\(targets["bank"]![row])</text>")) }

      try await Self.checkMissingEnergies(rheobase, options)
    }
  }

  /// Energies of missing costs alone are on no front, in no median and no picture; times stay.
  private static func checkMissingEnergies(_ rheobase: Program, _ options: [String]) async throws {
    let path = "results/cells/chip-camera-loihi2.json"
    var cell = try #require(
      try JSONSerialization.jsonObject(with: rheobase.data(path)) as? [String: Any])
    var result = try #require(cell["result"] as? [String: Any])
    result["rows"] = try #require(result["rows"] as? [[String: Any]]).map { row in
      var row = row
      func withoutEnergy(_ state: Any) -> Any {
        guard var state = state as? [String: Any] else { return state }
        // The other way in which a cell tells that there is no number.
        state["energy"] = row["bank"] as? String == "homogeneous" ? NSNull() : 0
        return state
      }
      row["curve"] = (row["curve"] as? [Any] ?? []).map(withoutEnergy)
      row["targets"] = (row["targets"] as? [String: Any] ?? [:]).mapValues(withoutEnergy)
      row["energy.total"] = 0
      row["energy_marks"] = ["missing_costs": ["synapse"]]
      return row
    }
    cell["result"] = result
    try JSONSerialization.data(withJSONObject: cell).write(to: URL(fileURLWithPath: rheobase.path(path)))
    let throughput = try rheobase.data("results/tables/throughput-front.csv")
    let report = try await rheobase(options + ["--report", "--no-report"])
    try #require(report.status.isSuccess, "\(report.errors)")
    let inputs = try Set(#require(columns(rheobase, "energy-front")["input"]))
    #expect(inputs == ["sparse, with encoding"])
    #expect(try rheobase.data("results/tables/throughput-front.csv") == throughput)
    for table in ["chips", "targets"] {
      let columns = try columns(rheobase, table)
      #expect(try #require(columns["energy (J)"]).allSatisfy { $0 == "" })
      #expect(try #require(columns["latency (s)"]).contains { $0 != "" })
    }
    let pictures = try rheobase.names("results/pictures")
    #expect(!pictures.contains("target-loihi2.svg") && pictures.contains("throughput-loihi2-dense.svg"))
  }

  /// With encoding a point of a sparse front costs what the host used besides.
  private static func checkEncoding(_ archive: NumPyArchive, _ rows: [[String: Any]]) throws {
    let (banks, names) = (try archive.array("banks").texts, try archive.array("bank").texts)
    let inputs = try archive.array("input").texts
    let (steps, energies) = (try archive.doubles("step"), try archive.doubles("energy (J)"))
    let points = inputs.indices.filter { inputs[$0] == "sparse, with encoding" && banks[$0] == "all" }
    #expect(!points.isEmpty)
    for point in points {
      let row = try #require(
        rows.first { $0["bank"] as? String == names[point] && $0["input"] as? String == "sparse" })
      let state = try #require((row["curve"] as? [[String: Double]])?.first { $0["step"] == steps[point] })
      let host = try #require(row["energy.encode"] as? Double)
      #expect(host > 0)
      let sum = try #require(state["energy"]) + host
      #expect(abs(energies[point] / sum - 1) < 1e-12)
    }
  }

  /// Every run goes on to the limit; the tables of runs have what a sparse input's code cost.
  private static func checkRuns(_ rheobase: Program, _ rows: [[String: Any]]) throws {
    #expect(rows.allSatisfy { ($0["curve"] as? [[String: Double]])?.last?["step"] == 600 })
    let chips = CSV.rows(of: try rheobase.text("results/tables/chips.csv"))
    #expect(chips.count == rows.count + 1)
    for (shown, row) in zip(chips.dropFirst(), rows) {
      let cells = Dictionary(zip(chips[0], shown)) { first, _ in first }
      #expect(cells["bank"] == row["bank"] as? String && cells["input"] == row["input"] as? String)
      func number(_ name: String) throws -> Double { try #require(cells[name].flatMap { Double($0) }, "\(name)") }
      func inCell(_ name: String) throws -> Double { try #require(row[name] as? Double, "\(name)") }
      // Foundation reads the last digit of a cell's numbers in its own way.
      #expect(try abs(number("energy (J)") / inCell("energy.total") - 1) < 1e-12)
      #expect(try abs(number("energy with encoding (J)") / inCell("energy.total_with_encoding") - 1) < 1e-12)
      #expect(try abs(number("latency with encoding (s)") / inCell("time.latency_with_encoding") - 1) < 1e-12)
      #expect(cells["at"] == (row["quality.reached_step"] is NSNumber ? "own gap" : "last step"))
      #expect(try abs(number("images/s") * number("latency (s)") - 1) < 1e-12)
      #expect(try number("sparseness of the optimum") > 0.9)
      #expect(["yes", "no", "unknown"].contains(cells["drifts"]))
      let isSparse = cells["input"] == "sparse"
      #expect(try (number("encoding energy (J)") > 0) == isSparse)
      #expect((cells["gap of the input's code"] != "") == isSparse && (cells["gap of its drive"] != "") == isSparse)
    }
    let page = try rheobase.text("results/study.md")
    #expect(page.contains("Sparse input is not free") && page.contains("the chip restates an answer"))
  }

  @Test func aStudyOfNothingIsRefused() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      let empty = try await rheobase(["study", "images", "--output", "results"])
      #expect(!empty.status.isSuccess && empty.errors.contains("no photograph"))
    }
  }

  @Test func whatAStudyCannotDoIsRefusedInOneLineThatNamesIt() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let refusals: [(options: [String], line: String)] = [
        (["--dial", "0,0.5"], "the dial's places lack 1; both 0 and 1 must be among them"),
        (["--dial", "0,1,1.5"], "the dial's place 1.5 is out of range; each must be from 0 to 1"),
        (["--mean-bandwidth", "12"], "the dial's mean bandwidth is 12.0°; it must be above 12.5° and at most 167.5°"),
        (["--mean-bandwidth", "-3"], "the dial's mean bandwidth is -3.0°; it must be above 12.5° and at most 167.5°"),
        (["--lambdas", "0.1,0"], "λ is 0.0; each must be above 0"),
        (["--jobs", "0"], "the number of jobs is 0; it must be 1 or more"),
        (["--learning-steps=-1"], "the number of learning steps is -1; it must be 0 or more"),
        (["--learning-steps", "-1"], "the number of learning steps is -1; it must be 0 or more"),
        (["--chip-images", "0"], "the number of chip images is 0; it must be 1 or more"),
        (["--dial", "-0.5,0,1"], "the dial's place -0.5 is out of range; each must be from 0 to 1"),
        (["--chips", ""], "--chips '': name chips, separated by commas, or - for none"),
        (["--chips", "loihi2,"], "--chips 'loihi2,': name chips, separated by commas, or - for none"),
        (
          ["--crop", "999"],
          "images/camera.png: a crop of 999 is larger than the image, 256 × 256 pixels (width × height); it can be 32 to 256"
        ),
      ]
      for refusal in refusals {
        let study = try await rheobase(["study", "images", "--output", "results"] + refusal.options)
        #expect(!study.status.isSuccess && study.errors.contains(refusal.line), "\(study.errors)")
        #expect(study.errors.split(separator: "\n").count == 1)
      }
      try rheobase.write("mine", to: "file")
      let study = try await rheobase("study", "images", "--output", "file")
      #expect(study.errors == "rheobase: error: file: is a file; name a new or an empty folder\n")
      let below = try await rheobase("study", "images", "--output", "file/results")
      #expect(below.errors == "rheobase: error: file/results: cannot be made: Not a directory\n")
      let photographs = try await rheobase("study", "images", "--output", "images")
      #expect(
        photographs.errors
          == "rheobase: error: images: holds other files than a study; name a new or an empty folder\n")
      #expect(try rheobase.names("images") == ["camera.png"])
    }
  }

  @Test(arguments: [
    (["images/camera.png", "--crop", "999"], "images/camera.png: a crop of 999 is larger than the image, 256 × 256"),
    (["images/camera.png", "--patch", "300"], "images/camera.png: is 256 × 256 pixels, smaller than a patch of 300"),
    (["images"], "images: is a folder; name the photographs in it, such as images/*.png"),
    (["images/camera.png", "--lambda", "-1"], "--lambda -1.0: λ must be above 0"),
    (["images/camera.png", "--crop", "999", "--patch", "48"], "it can be 48 to 256"),
    (
      ["images/camera.png", "--held-out", "images/camera.png"],
      "images/camera.png: is held out, but learnt from, too; leave out one of them"
    ),
    (
      ["images/camera.png", "--held-out", "images/../images/camera.png"],
      "images/../images/camera.png: is held out, but images/camera.png, which is learnt from, is the same photograph"
    ),
  ])
  func whatCannotBeLearntIsRefusedInOneLineThatNamesIt(arguments: [String], line: String) async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let learning = try await rheobase(["bank", "learn"] + arguments + ["--output", "learnt.npz"])
      #expect(!learning.status.isSuccess && learning.errors.contains(line), "\(learning.errors)")
      #expect(learning.errors.split(separator: "\n").count == 1)
      #expect(try rheobase.names("") == ["images"])
    }
  }

  @Test func aBankIsLearntAndLearningGoesOn() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      let common = [
        "bank", "learn", Program.photograph, "--from", "b.npz", "--patch", "24", "--crop", "48", "--batch", "1",
        "--checkpoint-every", "2", "--output", "learnt.npz",
      ]
      let first = try await rheobase(common + ["--steps", "2"])
      try #require(first.status.isSuccess, "\(first.errors)")
      let second = try await rheobase(common + ["--steps", "4", "--json"])
      try #require(second.status.isSuccess, "\(second.errors)")
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(second.output.utf8)) as? [String: Any])
      // The held-out curve is that of learning that was not interrupted.
      #expect(json["steps"] as? [Int] == [0, 2, 4])
      var whole = common
      whole[whole.count - 1] = "whole.npz"
      let atOnce = try await rheobase(whole + ["--steps", "4", "--json"])
      let uninterrupted = try #require(
        try JSONSerialization.jsonObject(with: Data(atOnce.output.utf8)) as? [String: Any])
      #expect(json["psnr"] as? [Double] == uninterrupted["psnr"] as? [Double])
      #expect(json["objective"] as? [Double] == uninterrupted["objective"] as? [Double])
      #expect(
        try BankFile.read(rheobase.path("learnt.npz")).weights == BankFile.read(rheobase.path("whole.npz")).weights)
      let archive = try NumPyArchive(contentsOf: rheobase.path("learnt.checkpoint.npz"))
      #expect(try archive.integer("step") == 4)
    }
  }

  @Test func learningGoesOnWhereCheckpointsComeAtAnotherInterval() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      func learn(_ steps: Int, every interval: Int, to output: String) async throws -> [Int] {
        let learning = try await rheobase(
          "bank", "learn", Program.photograph, "--from", "b.npz", "--patch", "24", "--crop", "32", "--batch", "1",
          "--steps", "\(steps)", "--checkpoint-every", "\(interval)", "--output", output, "--json")
        try #require(learning.status.isSuccess, "\(learning.errors)")
        let json = try JSONSerialization.jsonObject(with: Data(learning.output.utf8)) as? [String: Any]
        return try #require(json?["steps"] as? [Int])
      }
      #expect(try await learn(2, every: 2, to: "l.npz") == [0, 2])
      // Step 1 was not looked at, and is not done again.
      #expect(try await learn(4, every: 1, to: "l.npz") == [0, 2, 3, 4])
      #expect(try await learn(4, every: 4, to: "whole.npz") == [0, 4])
      #expect(try BankFile.read(rheobase.path("l.npz")).weights == BankFile.read(rheobase.path("whole.npz")).weights)
    }
  }

  @Test func learningGoesOnOnlyFromACheckpointOfTheSameLearning() async throws {
    try await withProgram { rheobase in
      try await rheobase.makeBank()
      try FileManager.default.copyItem(
        atPath: Program.photograph.replacing("camera", with: "grass"), toPath: rheobase.path("grass.png"))
      func learn(_ photograph: String, _ options: String...) async throws -> Program.Outcome {
        try await rheobase(
          ["bank", "learn", photograph, "--patch", "24", "--batch", "1", "--output", "l.npz"] + options)
      }
      let first = try await learn(Program.photograph, "--from", "b.npz", "--crop", "32", "--steps", "2")
      try #require(first.status.isSuccess, "\(first.errors)")
      #expect(first.output.contains("before") && first.output.contains("B_θ"))
      let bank = try rheobase.data("l.npz")
      let others: [(photograph: String, options: [String], named: String)] = [
        (Program.photograph, ["--from", "homogeneous", "--crop", "32"], "start"),
        ("grass.png", ["--from", "b.npz", "--crop", "32"], "set of held-out photographs, set of photographs"),
        (Program.photograph, ["--from", "b.npz", "--crop", "48"], "crop"),
        (Program.photograph, ["--from", "b.npz", "--crop", "32", "--whiten"], "whitening"),
        (Program.photograph, ["--from", "b.npz", "--crop", "32", "--lambda", "0.3"], "λ"),
      ]
      for other in others {
        let refused = try await rheobase(
          ["bank", "learn", other.photograph, "--patch", "24", "--batch", "1", "--steps", "2", "--output", "l.npz"]
            + other.options)
        #expect(!refused.status.isSuccess)
        #expect(refused.errors.contains("learning with another \(other.named); remove the file"), "\(refused.errors)")
      }
      let fewer = try await learn(Program.photograph, "--from", "b.npz", "--crop", "32", "--steps", "1")
      #expect(!fewer.status.isSuccess && fewer.errors.contains("at step 2 already"))
      #expect(try rheobase.data("l.npz") == bank)
      let checkpoint = try rheobase.data("l.checkpoint.npz")
      try checkpoint.prefix(checkpoint.count / 2).write(
        to: URL(fileURLWithPath: rheobase.path("l.checkpoint.npz")))
      let cut = try await learn(Program.photograph, "--from", "b.npz", "--crop", "32", "--steps", "2")
      #expect(!cut.status.isSuccess && cut.errors.contains("l.checkpoint.npz: "), "\(cut.errors)")
      #expect(cut.errors.hasSuffix("; remove the file to begin afresh, or name another output\n"), "\(cut.errors)")
    }
  }

  @Test func aStudyOfOtherPhotographsLearnsAfresh() async throws {
    try await withProgram { rheobase in
      let folder = rheobase.path("images")
      func weights(_ photograph: String) async throws -> [Float] {
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try FileManager.default.copyItem(
          atPath: Program.photograph.replacing("camera", with: photograph), toPath: "\(folder)/a.png")
        let task = try await rheobase(["study", "images"] + Self.options + ["--task", "learn-heterogeneous"])
        try #require(task.status.isSuccess, "\(task.errors)")
        return try BankFile.read(rheobase.path("results/banks/learnt-heterogeneous.npz")).weights
      }
      let camera = try await weights("camera")
      let grass = try await weights("grass")
      #expect(camera != grass)
      #expect(try await weights("camera") == camera)
    }
  }
}

extension StudyTests {
  /// The second fold of two photographs learns from the other one, as the first does of a folder in the other order.
  @Test func aFoldLearnsFromThePhotographsThatItDoesNotHoldOut() async throws {
    try await withProgram { rheobase in
      func learn(_ photographs: [String], fold: String) async throws -> KernelBank {
        let folder = rheobase.path("images")
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for (name, photograph) in zip("ab", photographs) {
          try FileManager.default.copyItem(
            atPath: Program.photograph.replacing("camera", with: photograph), toPath: "\(folder)/\(name).png")
        }
        let task = try await rheobase(
          ["study", "images"] + Self.options + ["--folds", "2", "--task", "learn-heterogeneous\(fold)"])
        try #require(task.status.isSuccess, "\(task.errors)")
        return try BankFile.read(rheobase.path("results/banks/learnt-heterogeneous\(fold).npz"))
      }
      let second = try await learn(["camera", "grass"], fold: "-2")
      #expect(try await learn(["grass", "camera"], fold: "").weights == second.weights)
      #expect(try await learn(["camera", "grass"], fold: "").weights != second.weights)
    }
  }

  /// Tables have one row for the banks of both folds, and each photograph's figures are those of the bank that has not
  /// seen it.
  @Test func tablesOfFoldsAreOfBanksThatHaveNotSeenThePhotograph() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      for name in ["camera", "grass"] {
        try FileManager.default.copyItem(
          atPath: Program.photograph.replacing("camera", with: name), toPath: rheobase.path("images/\(name).png"))
      }
      let study = try await rheobase(["study", "images", "--folds", "2"] + Self.options)
      try #require(study.status.isSuccess, "\(study.errors)")
      func result(_ id: String) throws -> [String: Any] {
        let cell = try JSONSerialization.jsonObject(with: rheobase.data("results/cells/\(id).json"))
        return try #require((cell as? [String: Any])?["result"] as? [String: Any])
      }
      func column(_ table: String, _ name: String) throws -> [String] {
        try #require(try Self.columns(rheobase, table)[name], "\(table): \(name)")
      }

      let differences = try Self.columns(rheobase, "differences")
      let (banks, numbers) = (try column("differences", "bank"), try column("differences", "number"))
      // Two λ may leave a photograph on which the codes of two banks have no sparseness in common.
      let ofLearnt = banks.indices.filter { row in
        banks[row].hasPrefix("learnt-") && differences["codes"]?[row] != "certified, equal sparseness"
      }
      #expect(ofLearnt.count > 10 && ofLearnt.allSatisfy { Double(numbers[$0]) == 2 })

      let (starts, objectives) = (try column("learning", "start"), try column("learning", "objective a pixel"))
      let told = zip(starts, objectives).filter { $0.0 == "noise" }.compactMap { Double($0.1) }
      let looks = try ["learn-noise", "learn-noise-2"].map { try #require(try result($0)["objective"] as? [Double]) }
      try #require(told.count == 2 && looks.allSatisfy { $0.count == 2 } && looks[0] != looks[1])
      for (look, told) in told.enumerated() { #expect(abs(told - (looks[0][look] + looks[1][look]) / 2) < 1e-9) }

      // Of camera, which is held out second.
      let table = try Self.columns(rheobase, "images")
      let psnr = try #require(table["PSNR (dB)"])
      let row = try #require(
        psnr.indices.first { row in
          table["photograph"]?[row] == "camera" && table["bank"]?[row] == "learnt-noise" && table["λ"]?[row] == "0.3"
        })
      let code = try #require(try result("codes-camera-learnt-noise-2")["0.3"] as? [String: Any])
      #expect(try abs(#require(code["psnr"] as? Double) - #require(Double(psnr[row]))) < 1e-9)
      let toldObjective = try #require(table["objective a pixel"].flatMap { Double($0[row]) })
      // Both codes are within 0.1 % of the optimum of one bank; that of the other fold's bank is 7 % away.
      #expect(try abs(toldObjective - Self.objective(rheobase, "camera", "learnt-noise-2")) < 0.001 * toldObjective)
      #expect(try abs(toldObjective - Self.objective(rheobase, "camera", "learnt-noise")) > 0.01 * toldObjective)
    }
  }

  /// The objective a pixel of a photograph's certified code at λ = 0.3, with a bank of the study's folder.
  private static func objective(_ rheobase: Program, _ image: String, _ bank: String) throws -> Double {
    let problem = try LassoProblem(
      image: .prepared(contentsOf: rheobase.path("images/\(image).png"), crop: Crop(size: 32)),
      bank: BankFile.read(rheobase.path("results/banks/\(bank).npz")), lambda: 0.3, stride: 2)
    return try problem.solve(relativeGap: 0.001).certificate.primal / Double(problem.image.pixels.count)
  }

  @Test func aLearntBankThatWasReplacedIsNotTakenForTheOneThatWasLearnt() async throws {
    try await withProgram { rheobase in
      try FileManager.default.createDirectory(atPath: rheobase.path("images"), withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: Program.photograph, toPath: rheobase.path("images/camera.png"))
      let study = ["study", "images"] + Self.options
      let task = try await rheobase(study + ["--task", "learn-heterogeneous"])
      try #require(task.status.isSuccess, "\(task.errors)")
      func isDone() async throws -> Bool {
        let report = try await rheobase(study + ["--report", "--no-report"])
        try #require(report.status.isSuccess, "\(report.errors)")
        return try !rheobase.text("results/study.md").contains("`learn-heterogeneous`")
      }
      #expect(try await isDone())
      let learnt = try rheobase.data("results/banks/learnt-heterogeneous.npz")
      let other = try await rheobase("bank", "make", "--output", "results/banks/learnt-heterogeneous.npz")
      try #require(other.status.isSuccess, "\(other.errors)")
      #expect(try await !isDone())
      let again = try await rheobase(study + ["--task", "learn-heterogeneous"])
      try #require(again.status.isSuccess, "\(again.errors)")
      #expect(try rheobase.data("results/banks/learnt-heterogeneous.npz") == learnt)
      #expect(try await isDone())
    }
  }
}

/// The numbers and texts of a study's tables.
private struct TableNumbers {
  private var values: [Double] = []
  private var tokens: Set<String> = []

  init(_ data: Data) throws { add(try JSONSerialization.jsonObject(with: data)) }

  private mutating func add(_ json: Any) {
    switch json {
    case let list as [Any]: list.forEach { add($0) }
    case let object as [String: Any]: object.values.forEach { add($0) }
    case let text as String: tokens.formUnion(text.matches(of: /\d+(\.\d+)?/).map { String($0.0) })
    case let number as Double: values.append(number)
    default: break
    }
  }

  /// Whether a table holds a number that is shown so.
  func contains(_ shown: String) -> Bool {
    let digits = shown.split(separator: ".").dropFirst().first?.count ?? 0
    let number = shown.replacing("−", with: "-")
    return tokens.contains(String(shown.trimmingPrefix("-")))
      || values.contains { String(format: "%.\(digits)f", $0) == number }
  }
}

import DataFiles
import Experiments
import Foundation
import TestSupport
import Testing

@Suite struct StudyOptionsTests {
  /// What a study of photographs of these names says of its options.
  private func refusal(
    _ photographs: [String] = ["a.png"], _ change: (inout StudyOptions) -> Void = { _ in }
  ) throws -> String? {
    try withTemporaryFolder { folder in
      for name in photographs { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
      var options = StudyOptions(folder: folder, output: "\(folder)/results")
      change(&options)
      do {
        try options.check()
        return nil
      } catch let error as ExperimentError {
        return error.description.replacing("\(folder): ", with: "")
      }
    }
  }

  @Test func defaultsAreTaken() throws { #expect(try refusal() == nil) }

  @Test func whatIsNamedTwiceIsRefused() throws {
    #expect(try refusal { $0.dial = [0, 1, 0.5, 1] } == "the dial's places must differ; 1.0 is there twice")
    #expect(try refusal { $0.lambdas = [0.1, 0.1] } == "the λ must differ; 0.1 is there twice")
    #expect(
      try refusal { $0.chips = ["loihi2", "mine/loihi2.yaml"] }
        == "the names of the chips must differ; loihi2 is there twice")
    #expect(try refusal(["a.png", "a.jpg"]) == "two photographs are called a; rename one")
  }

  @Test func photographsWhoseTasksWouldHaveOneNameAreRefused() throws {
    let both = try #require(try refusal(["a.png", "a-learnt.png"]))
    #expect(both.hasPrefix("two tasks would be called ") && both.hasSuffix("; rename the photograph or the chip"))
    #expect(try refusal(["a.png", "a-learnt.png"]) { $0.learningSteps = 0 } == nil)
  }

  @Test func moreChipImagesThanPhotographsAreTold() throws {
    func note(_ count: Int, _ chips: [String] = ["loihi2"]) throws -> String? {
      var note: String?
      _ = try refusal(["a.png", "b.png", "c.png"]) { options in
        (options.chipImages, options.chips) = (count, chips)
        note = try? options.note()
      }
      return note
    }
    #expect(try note(3) == nil && note(99, []) == nil)
    #expect(try note(99) == "--chip-images 99: the folder has 3 photographs, of which all are run on chips")
  }

  @Test(arguments: [
    (["notes.txt"], false), (["banks", "cells", "notes.txt"], false), (["a.png"], false),
    ([".lock", "banks", "cells", "events"], true), ([], true),
  ])
  func aStudyWorksOnlyInAFolderOfItsOwn(names: [String], isTaken: Bool) throws {
    try withRecordedStudy { folder, options in
      var other = options
      other.output = "\(folder)/other"
      try FileManager.default.createDirectory(atPath: other.output, withIntermediateDirectories: false)
      for path in names.map({ "\(other.output)/\($0)" }) {
        guard ["banks", "cells", "events"].contains(where: path.hasSuffix) else {
          try Data().write(to: URL(fileURLWithPath: path))
          continue
        }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      }
      let refusal = isTaken ? nil : "results: holds other files than a study; name a new or an empty folder"
      #expect(reportRefusal(other) == refusal)
      guard !isTaken else { return }
      #expect(Set(try FileManager.default.contentsOfDirectory(atPath: other.output)) == Set(names))
    }
  }

  @Test func optionsOfSomethingElseMakeNoStudysFolder() throws {
    try withRecordedStudy { folder, options in
      // Notes may lie in a study's folder.
      try Data().write(to: URL(fileURLWithPath: "\(options.output)/notes.txt"))
      #expect(reportRefusal(options) == nil)
      try Data("{\"schema\": \"mine\"}".utf8).write(to: URL(fileURLWithPath: "\(options.output)/options.json"))
      #expect(reportRefusal(options) == "results: holds other files than a study; name a new or an empty folder")
    }
  }

  @Test func squaresAndStepsThatAreTooFewAreRefused() throws {
    #expect(try refusal { $0.cropSize = 16 } == "the crop is 16 pixels; it must be 32 or more")
    #expect(try refusal { $0.certifiedCrop = 31 } == "the crop of certified codes is 31 pixels; it must be 32 or more")
    #expect(try refusal { $0.convergenceCrop = 0 } == "the crop of convergence is 0 pixels; it must be 32 or more")
    #expect(try refusal { $0.stepLimit = 50 } == "chip runs of 50 steps can hold no target for 50; give them more")
  }

  @Test func aMeanBandwidthAboutWhichTheSpreadDoesNotFitIsRefused() throws {
    for mean_deg in [12.5, -1, 168, .nan, .infinity] {
      #expect(
        try refusal { $0.meanBandwidth_deg = mean_deg }
          == "the dial's mean bandwidth is \(mean_deg)°; it must be above 12.5° and at most 167.5°, as B_θ spreads by "
          + "12.5° about it")
    }
    for mean_deg in [13, 167.5] { #expect(try refusal { $0.meanBandwidth_deg = mean_deg } == nil) }
  }

  /// The narrowest kernels would be of 0.01°, or, as names are rounded, of 0°.
  @Test(arguments: [12.51, 12.5000001])
  func aMeanBandwidthWhoseNarrowestKernelsVanishIsRefused(mean_deg: Double) throws {
    let refusal = try #require(try refusal { $0.meanBandwidth_deg = mean_deg })
    #expect(
      refusal.hasPrefix(
        "the dial's mean bandwidth is \(mean_deg)°; it must be larger, as kernels 12.5° narrower cannot be made: "))
  }

  /// A study of a photograph, `a`, and a chip, `mine`, whose folder says what it is of.
  private func withRecordedStudy(_ body: (_ folder: String, StudyOptions) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try Self.writePhotograph("\(folder)/a.png")
      try Data().write(to: URL(fileURLWithPath: "\(folder)/mine.yaml"))
      var options = StudyOptions(folder: folder, output: "\(folder)/results")
      options.learningSteps = 0
      options.chips = ["loihi2", "\(folder)/mine.yaml"]
      // Nothing is done yet, and again.
      #expect(reportRefusal(options) == nil)
      #expect(reportRefusal(options) == nil)
      try body(folder, options)
    }
  }

  /// What a report of these options says instead of being made.
  private func reportRefusal(_ options: StudyOptions) -> String? {
    var study = Study(options)
    study.makesReport = false
    do {
      #expect(try !study.report().isEmpty)
      return nil
    } catch { return "\(error)".replacing(options.output, with: "results") }
  }

  private static func refusal(having others: String) -> String {
    "results: its study has \(others); give --report the same, or name another folder"
  }

  /// A photograph that a study can begin with.
  private static func writePhotograph(_ path: String) throws {
    try Raster(width: 64, height: 64, channels: 1, bitDepth: 8, samples: (0..<4096).map { UInt16($0 % 251) })
      .writePNG(to: path)
  }

  private static let refusalOfVersion =
    "results: its study was made by another version of the program; run the study without --report, which does only "
    + "what is missing"

  @Test func aReportIsOfTheStudyThatTheFolderRecordsOrSaysWhatDiffers() throws {
    try withRecordedStudy { folder, options in
      var others = options
      (others.lambdas, others.cropSize, others.jobs) = ([0.2], 64, 7)
      #expect(
        reportRefusal(others) == Self.refusal(having: "--crop none (here 64), --lambdas 0.05,0.1,0.2 (here 0.2)"))
      // Tables of nobody knows which options are not replaced, either.
      try FileManager.default.removeItem(atPath: "\(options.output)/options.json")
      #expect(reportRefusal(options)?.hasPrefix("results: its tables do not say of which options they are") == true)
      // Whoever runs a study decides what it is of.
      var study = Study(others)
      study.makesReport = false
      _ = try study(executable: (path: "/bin/false", arguments: []))
      #expect(reportRefusal(others) == nil)
    }
  }

  @Test func everyOptionIsRecordedUnlessTablesAreTheSameWhateverItIs() throws {
    try withRecordedStudy { folder, options in
      let another = "\(folder)/another"
      try FileManager.default.createDirectory(atPath: another, withIntermediateDirectories: false)
      try Data().write(to: URL(fileURLWithPath: "\(another)/b.png"))
      let changes: [(refusal: String, change: (inout StudyOptions) -> Void)] = [
        (Self.refusal(having: "the photograph a, which is not here"), { $0.folder = another }),
        (Self.refusal(having: "--crop none (here 64)"), { $0.cropSize = 64 }),
        (Self.refusal(having: "--dial 0.0,0.2,0.4,0.6,1.0 (here 0.0,1.0)"), { $0.dial = [0, 1] }),
        (Self.refusal(having: "--mean-bandwidth none (here 17.5)"), { $0.meanBandwidth_deg = 17.5 }),
        (Self.refusal(having: "--lambdas 0.05,0.1,0.2 (here 0.1,0.3)"), { $0.lambdas = [0.3, 0.1] }),
        (Self.refusal(having: "--tolerance 0.001 (here 0.01)"), { $0.relativeGap = 0.01 }),
        (Self.refusal(having: "--certified-crop 128 (here 0)"), { $0.certifiedCrop = nil }),
        (Self.refusal(having: "--convergence-crop 64 (here 48)"), { $0.convergenceCrop = 48 }),
        (Self.refusal(having: "--learning-steps 0 (here 5)"), { $0.learningSteps = 5 }),
        (
          "the number of folds is 2; it must be 1 or less, as each holds out a third of the photographs (1), rounded down",
          { $0.foldCount = 2 }
        ),
        (Self.refusal(having: "--whiten no (here yes)"), { $0.whitens = true }),
        // The first chip is the one that is damaged.
        (Self.refusal(having: "--chips loihi2,mine (here mine,loihi2)"), { $0.chips.reverse() }),
        (Self.refusal(having: "--chip-images 2 (here 1)"), { $0.chipImages = 1 }),
        (Self.refusalOfVersion, { $0.stepLimit = 700 }),
        (Self.refusal(having: "--seed 1 (here 2)"), { $0.seed = 2 }),
      ]
      func values(_ options: StudyOptions) -> [String: String] {
        Dictionary(uniqueKeysWithValues: Mirror(reflecting: options).children.map { ($0.label ?? "", "\($0.value)") })
      }
      let recorded = values(options)
      var changed: [String] = []
      for (refusal, change) in changes {
        var others = options
        change(&others)
        changed += values(others).filter { recorded[$0.key] != $0.value }.keys
        #expect(reportRefusal(others) == refusal)
      }
      #expect(changed.sorted() == recorded.keys.filter { !["output", "jobs"].contains($0) }.sorted())
      var same = options
      (same.dial, same.lambdas, same.jobs) = (options.dial.reversed(), options.lambdas.reversed(), 7)
      #expect(reportRefusal(same) == nil)
    }
  }

  @Test func theFirstFileThatIsAnotherIsNamed() throws {
    try withRecordedStudy { folder, options in
      for name in ["b.png", "c.png"] { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
      #expect(reportRefusal(options) == Self.refusal(having: "no photograph b"))
      for name in ["a.png", "mine.yaml"] { try Data([32]).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
      #expect(reportRefusal(options) == Self.refusal(having: "another photograph a, another chip mine"))
    }
  }

  @Test func aRecordOfAnotherVersionOfTheProgramAsksForARunAndOptionsThatDifferAreToldFirst() throws {
    try withRecordedStudy { folder, options in
      let record = URL(fileURLWithPath: "\(options.output)/options.json")
      let ours = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: record)) as? [String: Any])
      func write(_ change: (inout [String: Any]) -> Void) throws {
        var other = ours
        change(&other)
        try JSONSerialization.data(withJSONObject: other).write(to: record)
      }
      try write { $0["version"] = "other" }
      #expect(reportRefusal(options) == Self.refusalOfVersion)
      var others = options
      others.seed = 2
      #expect(reportRefusal(others) == Self.refusal(having: "--seed 1 (here 2)"))
      try write { $0["schema"] = "rheobase.study/1" }
      #expect(reportRefusal(others) == Self.refusalOfVersion)
      // An option that only one of them knows.
      try write { $0["options"] = ["--seed": "1"] }
      #expect(reportRefusal(options) == Self.refusalOfVersion)
      try write { _ in }
      #expect(reportRefusal(options) == nil)
    }
  }

  @Test func chipsRunThePhotographsThatNoBankIsLearntFromBeforeOthers() throws {
    try withTemporaryFolder { folder in
      for name in "abcdef" { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name).png")) }
      func runs(_ count: Int) throws -> (tasks: [String], page: String) {
        var options = StudyOptions(folder: folder, output: "\(folder)/of-\(count)")
        (options.chips, options.chipImages) = (["loihi2"], count)
        var study = Study(options)
        study.makesReport = false
        let tasks = try study.report().filter { $0.hasPrefix("chip-") }
        return (tasks, try String(contentsOfFile: "\(options.output)/study.md", encoding: .utf8))
      }
      let two = try runs(2)
      #expect(two.tasks == ["chip-e-loihi2", "chip-f-loihi2"])
      #expect(two.page.contains("Learnt banks on chips have not seen the photographs that they code."))
      let four = try runs(4)
      #expect(four.tasks == ["chip-e-loihi2", "chip-f-loihi2", "chip-a-loihi2", "chip-b-loihi2"])
      #expect(four.page.contains("learnt banks code photographs that they were learnt from: a, b."))
      // Of six photographs.
      #expect(
        four.page.contains("| intervals of medians, 95 % or more | from rank 1 to rank 6 of 6 photographs, 96.9 % |"))
      #expect(
        four.page.contains("Medians with intervals of 95 % or more (from rank 1 to rank 6 of 6 photographs, 96.9 %;"))
    }
  }

  @Test func inFoldsEveryPhotographIsCodedWithBanksThatHaveNotSeenIt() throws {
    try withTemporaryFolder { folder in
      for name in "abcdefg" { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name).png")) }
      func tasks(_ folds: Int, _ output: String) throws -> [String] {
        var options = StudyOptions(folder: folder, output: "\(folder)/\(output)")
        (options.chips, options.chipImages, options.foldCount) = (["loihi2"], 7, folds)
        var study = Study(options)
        study.makesReport = false
        return try study.report()
      }
      // Of seven photographs two are held out at a time, and of the last one.
      let four = try tasks(4, "four")
      #expect(
        four.filter { $0.hasPrefix("learn-noise") }
          == ["learn-noise", "learn-noise-2", "learn-noise-3", "learn-noise-4"])
      let folds = ["f": "", "g": "", "d": "-2", "e": "-2", "b": "-3", "c": "-3", "a": "-4"]
      for (name, fold) in folds {
        let ofLearnt = four.filter { $0.contains("-\(name)-learnt-homogeneous") }
        #expect(
          ofLearnt.sorted() == [
            "codes-\(name)-learnt-homogeneous\(fold)", "damage-\(name)-learnt-homogeneous\(fold)-loihi2",
            "published-\(name)-learnt-homogeneous\(fold)",
          ])
      }
      let page = try String(contentsOfFile: "\(folder)/four/study.md", encoding: .utf8)
      #expect(page.contains("learnt banks that have not seen it code each of a, b, c, d, e, f, g."))
      #expect(page.contains("| learning: photographs held out, fold by fold | f, g; d, e; b, c; a | – |"))
      // Of two folds, others are coded with banks of the first.
      let two = try tasks(2, "two")
      #expect(two.contains("codes-d-learnt-noise-2") && two.contains("codes-a-learnt-noise"))
      #expect(throws: ExperimentError.self) { try tasks(5, "five") }
      #expect {
        try tasks(3, "two")
      } throws: { "\($0)".contains("--folds 2 (here 3)") }
    }
  }

  @Test func twoStudiesDoNotWorkInOneFolder() throws {
    try withTemporaryFolder { folder in
      try Self.writePhotograph("\(folder)/a.png")
      var options = StudyOptions(folder: folder, output: "\(folder)/results")
      options.learningSteps = 0
      try FileManager.default.createDirectory(atPath: options.output, withIntermediateDirectories: false)
      let lock = open("\(options.output)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      defer { close(lock) }
      try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
      var study = Study(options)
      study.makesReport = false
      #expect(
        throws: ExperimentError(
          "\(options.output): another study works in this folder; wait for it, or name another folder")
      ) { try study.report() }
      #expect(throws: ExperimentError.self) { try study(executable: (path: "/bin/false", arguments: [])) }
      try #require(flock(lock, LOCK_UN) == 0)
      #expect(try !study.report().isEmpty)
    }
  }
}

import DataFiles
import Experiments
import Foundation
import KernelBanks
import TestSupport
import Testing

@Suite struct StudyMeanBandwidthTests {
  /// A study of one photograph, of which nothing is done.
  private func withStudy(_ mean_deg: Double?, _ body: (StudyOptions) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try Raster(width: 64, height: 64, channels: 1, bitDepth: 8, samples: (0..<4096).map { UInt16($0 % 251) })
        .writePNG(to: "\(folder)/a.png")
      var options = StudyOptions(folder: folder, output: "\(folder)/results")
      (options.dial, options.lambdas, options.cropSize) = ([0, 0.5, 1], [0.5], 32)
      (options.chips, options.learningSteps, options.meanBandwidth_deg) = ([], 1, mean_deg)
      try body(options)
    }
  }

  private func tasks(_ options: StudyOptions) throws -> [String] {
    var study = Study(options)
    study.makesReport = false
    return try study.report()
  }

  private func banks(ofCodes tasks: [String]) -> [String] {
    tasks.filter { $0.hasPrefix("codes-a-") }.map { $0.replacing("codes-a-", with: "") }
  }

  @Test func banksOfAnotherMeanHaveOtherNamesAndTheRestTheirOwn() throws {
    let learnt = ["learnt-homogeneous", "learnt-heterogeneous", "learnt-noise"]
    try withStudy(nil) { options in
      let banks = banks(ofCodes: try tasks(options))
      #expect(banks == ["homogeneous", "h0.5", "heterogeneous", "control-17.5", "control-5.0"] + learnt)
    }
    // The study's heterogeneous bank has this mean, and the end without spread is the control.
    try withStudy(17.5) { options in
      let banks = banks(ofCodes: try tasks(options))
      #expect(
        banks == [
          "h0.0-mean-17.5", "h0.5-mean-17.5", "heterogeneous", "control-5.0", "learnt-h0.0-mean-17.5",
          "learnt-heterogeneous", "learnt-noise",
        ])
    }
    try withStudy(20.3) { options in
      let tasks = try tasks(options)
      #expect(
        banks(ofCodes: tasks).prefix(4) == ["h0.0-mean-20.3", "h0.5-mean-20.3", "h1.0-mean-20.3", "control-7.8"])
      // The protocol codes with the dial's ends, and banks are learnt from them.
      #expect(tasks.contains("published-a-h1.0-mean-20.3") && tasks.contains("learn-h1.0-mean-20.3"))
      #expect(tasks.contains("convergence-a-h0.0-mean-20.3"))
    }
  }

  @Test func alongTheDialOnlyTheSpreadOfItsBanksChanges() throws {
    try withStudy(20) { options in
      try Study(options).run(task: "codes-a-h0.0-mean-20.0", progress: { _ in })
      let widths_deg = try ["h0.0-mean-20.0", "h0.5-mean-20.0", "h1.0-mean-20.0", "control-7.5"].map { name in
        let bank = try BankFile.read("\(options.output)/banks/\(name).npz")
        return try #require(bank.designs).map { $0.bandwidth * 180 / .pi }
      }
      for widths_deg in widths_deg.prefix(3) {
        #expect(widths_deg.count == 144 && abs(widths_deg.reduce(0, +) / 144 - 20) < 1e-4)
      }
      let (least_deg, most_deg) = (widths_deg.map { $0.min() ?? .nan }, widths_deg.map { $0.max() ?? .nan })
      for (place, halfRange_deg) in [0, 6.25, 12.5, 0].enumerated() {
        #expect(abs((most_deg[place] - least_deg[place]) / 2 - halfRange_deg) < 1e-4)
      }
      #expect(abs(least_deg[3] - least_deg[2]) < 1e-4)
    }
  }

  /// The study's banks of these names are others, of which this study has none.
  @Test func tablesAndPicturesOfAnotherMeanCallTheEndsOfTheDialByTheirNames() throws {
    try withStudy(20) { options in
      for bank in ["h0.0-mean-20.0", "h1.0-mean-20.0"] {
        try Study(options).run(task: "codes-a-\(bank)", progress: { _ in })
      }
      _ = try tasks(options)
      let files = try ["pictures.json", "tables.json"].map {
        try String(contentsOfFile: "\(options.output)/\($0)", encoding: .utf8)
      }
      for file in files { #expect(file.matches(of: /(?i:homogeneous|heterogeneous)/).isEmpty) }
      for told in [
        "PSNR over h0.0-mean-20.0 (dB)", "kernels of the h1.0-mean-20.0 bank",
        "h1.0-mean-20.0 less h0.0-mean-20.0: loss", "loss above h0.0-mean-20.0 (dB)",
      ] { #expect(files[0].contains(told), "\(told)") }
      #expect(files[1].contains("Which bandwidths the h1.0-mean-20.0 bank's codes use"))
    }
  }

  @Test func thePageAndTheSettingsTellTheMean() throws {
    func page(_ mean_deg: Double?) throws -> String {
      var page = ""
      try withStudy(mean_deg) { options in
        _ = try tasks(options)
        page = try String(contentsOfFile: "\(options.output)/study.md", encoding: .utf8)
      }
      return page
    }
    let usual = try page(nil)
    #expect(usual.contains("| dial: mean B_θ | from 12° to 17.5° | 12° and 17.5° |"))
    #expect(!usual.contains("All banks on the dial"))
    #expect(
      usual.contains(
        "| learning: length of step j | the best along the gradient, each kernel's part divided by Σa² + 0.1 of the "
          + "mean, × 50 / (50 + j) | 100 / (j + 1000) |"))
    let constant = try page(17.5)
    #expect(constant.contains("| dial: mean B_θ | 17.5° | 12° and 17.5° |"))
    #expect(
      constant.contains(
        "All banks on the dial have a mean B_θ of 17.5°: its ends, which the protocol codes with and banks are learnt "
          + "from, are `h0.0-mean-17.5` and `heterogeneous`."))
  }
}

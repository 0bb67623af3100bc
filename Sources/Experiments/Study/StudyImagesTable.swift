import Reports

/// Every code by itself.
extension StudyResults {
  private typealias Cell = StudyTable.Cell

  /// A row for each photograph, bank and kind of code: what all medians are of.
  var imagesTable: StudyTable {
    let rows = images.flatMap { image -> [[Cell]] in
      let ofProtocol = options.studyBanks.compactMap { bank in
        self[.published(image: image, bank: bank)].map {
          row(image, "study's protocol", StudyProtocol.publishedLambda, bank, $0)
        }
      }
      let certified = options.lambdas.sorted().flatMap { lambda in
        options.banks.compactMap { bank in code(image, bank, lambda).map { row(image, "certified", lambda, bank, $0) } }
      }
      return ofProtocol + certified
    }
    return StudyTable(
      name: "images", title: "Every photograph by itself",
      columns: [
        "photograph", "code", "λ", "bank", "sparseness", "non-zeros", "PSNR (dB)", "PSNR of the empty code (dB)",
        "SSIM",
        "objective a pixel", "certified gap",
      ], rows: rows, isInPage: false)
  }

  private func row(_ image: String, _ code: String, _ lambda: Double, _ bank: StudyBank, _ cell: JSONValue) -> [Cell] {
    [
      .text(bankName(image)), .text(code), .number(lambda, digits: 3), .text(bank.name),
      .number(cell.number("sparseness"), digits: 4), .number(cell.number("nonzeros"), digits: 0),
      .number(cell.number("psnr"), digits: 2), .number(cell.number("empty_psnr"), digits: 2),
      .number(cell.number("ssim"), digits: 4),
      .number(cell.number("objective") / cell.number("pixels"), digits: 5), .number(Self.gap(cell), digits: 5),
    ]
  }
}

import Reports
import Testing

@Suite struct TableTests {
  @Test func textsStandLeftNumbersRightAndMarksHang() {
    let table = Table(
      title: "A title", columns: [.init(["name"], .leading), .init(["energy"]), .init(["two", "lines"])],
      rows: [
        .section("Section"),
        .cells([.init("dense"), .init("45.6 µJ", marks: "*"), .init("1 ×")]),
        .section("Other"),
        .cells([.init("sparse"), .init("2 µJ"), .init("–", marks: "*†")]),
        .cells([.init("short")]),
      ], legend: ["* contains an estimated cost"])
    #expect(
      table.text == """
        A title

        name     energy     two
                          lines
        ─────────────────────────
        Section
        dense   45.6 µJ*    1 ×

        Other
        sparse     2 µJ       –*†
        short

        * contains an estimated cost

        """)
  }

  @Test func wideAndCombiningCharactersKeepColumnsAligned() {
    // Each text is two columns wide: two letters, one wide character, two letters with a combining mark.
    let rows = ["ab", "猫", "e\u{301}x", "µ×"].map { Table.Row.cells([.init($0), .init("|")]) }
    let lines = Table(columns: [.init(["n"], .leading), .init(["b"])], rows: rows).text.split(separator: "\n")
    #expect(lines.suffix(4).map { $0.unicodeScalars.count } == [5, 4, 6, 5])
    #expect(lines.suffix(4).allSatisfy { $0.hasSuffix("  |") })
  }

  @Test func anEmptyTableIsStillATable() {
    #expect(Table(columns: []).text == "\n")
    #expect(Table(columns: [.init(["a"])]).text == "a\n─\n")
  }
}

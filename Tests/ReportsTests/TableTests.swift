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

  /// Nothing of a cell is obeyed, and what stands for it is counted.
  @Test func columnsStayAlignedWhateverCharactersATextHas() {
    for (text, shown) in [
      ("a\tb", "a␉b"), ("a\t\u{301}b", "a␉\u{301}b"), ("a\nb", "a␤b"), ("a\r\nb", "a␤b"),
      ("\u{1B}[31mred", "\\u{1B}[31mred"),
      ("a\u{202E}b", "a\\u{202E}b"), ("\u{7}", "\\u{7}"), ("日本\u{200B}語", "日本\u{200B}語"),
    ] {
      let table = Table(
        columns: [.init([text], .leading), .init(["n"])],
        rows: [.section(text), .cells([.init(text), .init("1")]), .cells([.init("short"), .init("2")])], legend: [text])
      let lines = table.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      #expect(lines.count == 8 && lines[2] == shown && lines[6] == shown, "\(lines)")
      #expect(lines[0] == "\(shown)\(lines[0].dropFirst(shown.count))" && lines[3].hasPrefix(shown))
      #expect(Set([0, 3, 4].map { lines[$0].displayWidth }).count == 1, "\(lines)")
    }
  }

  @Test func anEmptyTableIsStillATable() {
    #expect(Table(columns: []).text == "\n")
    #expect(Table(columns: [.init(["a"])]).text == "a\n─\n")
  }
}

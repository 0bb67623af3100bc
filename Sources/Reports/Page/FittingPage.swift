extension Page {
  /// The page as HTML of so many bytes at the most, as far as it gets there without what is in files of its own: first
  /// the values that are only downloaded, then charts, then pictures, the largest first. A word stands in place of
  /// each.
  ///
  /// - Throws: as `html()`.
  public func html(atMost most_bytes: Int) throws -> String {
    var page = self
    var html = try page.html()
    while html.utf8.count > most_bytes {
      let excess = html.utf8.count - most_bytes
      guard page.leaveOutDownloads() || page.leaveOutCharts(worth: excess) || page.leaveOutPictures(worth: excess)
      else { break }
      html = try page.html()
    }
    return html
  }

  /// - Returns: whether there were any.
  private mutating func leaveOutDownloads() -> Bool {
    var leftOut = false
    changeBlocks { block in
      guard case .downloads = block else { return [block] }
      leftOut = true
      return [
        .text(
          "The values that were to be downloaded here are too many for this page; the files of the result have them.")
      ]
    }
    return leftOut
  }

  /// - Returns: whether there was one.
  private mutating func leaveOutCharts(worth bytes: Int) -> Bool {
    var left = bytes
    var chosen: Set<String> = []
    let sizes = figures.map { (name: $0.name, bytes: $0.drawing.inline.utf8.count) }
    for (name, bytes) in sizes.sorted(by: { $0.bytes > $1.bytes }) where left > 0 {
      chosen.insert(name)
      left -= bytes
    }
    changeBlocks { block in
      guard case .figures(let figures) = block else { return [block] }
      let kept = figures.filter { !chosen.contains($0.name) }
      let words = figures.filter { chosen.contains($0.name) }.map { figure in
        Block.text(
          "\(figure.drawing.title): the chart is too large for this page; it is in the file \(figure.name).svg.")
      }
      return (kept.isEmpty ? [] : [.figures(kept)]) + words
    }
    return !chosen.isEmpty
  }

  /// - Returns: whether there was one.
  private mutating func leaveOutPictures(worth bytes: Int) -> Bool {
    let pictures = sections.flatMap(\.blocks).flatMap { block -> [Picture] in
      guard case .pictures(let pictures) = block else { return [] }
      return pictures
    }
    var left = bytes
    var smallest: Int?
    for size in pictures.map(\.size).sorted(by: >) where left > 0 {
      smallest = size
      left -= size
    }
    guard let smallest else { return false }
    changeBlocks { block in
      guard case .pictures(let pictures) = block else { return [block] }
      let kept = pictures.filter { $0.size < smallest }
      let words = pictures.filter { $0.size >= smallest }.map { picture in
        Block.text("\(picture.caption): the picture is too large for this page; the result has it as a file.")
      }
      return (kept.isEmpty ? [] : [.pictures(kept)]) + words
    }
    return true
  }

  private mutating func changeBlocks(_ change: (Block) -> [Block]) {
    for place in sections.indices { sections[place].blocks = sections[place].blocks.flatMap(change) }
  }
}

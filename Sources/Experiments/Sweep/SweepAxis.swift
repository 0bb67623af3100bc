import DataFiles
import Foundation

/// One axis of a sweep: a key of `run.yaml`, or several that change together, and what they are set to.
struct SweepAxis {
  /// What one step along the axis sets, and where the file says so.
  struct Setting {
    let reader: YAMLReader
    fileprivate let apply: (inout RunConfiguration) throws -> Void

    func callAsFunction(_ run: inout RunConfiguration) throws { try apply(&run) }

    /// An error at its place in the file.
    func failure(_ message: String) -> YAMLError { reader.failure(message) }
  }

  /// What an axis can be set to.
  enum Values {
    /// Exactly these.
    case listed([Setting])
    /// Every number from the first to the second, or every whole one; `setting` gives what sets one.
    case range(ClosedRange<Double>, isLogarithmic: Bool, isWhole: Bool, setting: (Double) throws -> Setting)
  }

  let keys: [RunKey]
  let values: Values
  fileprivate let reader: YAMLReader

  /// The values of a grid's axis.
  ///
  /// - Throws: `YAMLError` if there is no end of them.
  var listed: [Setting] {
    get throws {
      guard case .listed(let settings) = values else {
        throw reader.failure("a range needs a step or a count, except in a Latin hypercube")
      }
      return settings
    }
  }

  /// An error at the axis's place in the file.
  func failure(_ message: String) -> YAMLError { reader.failure(message) }

  /// The value at a place from 0 (included) to 1 (not included) along the axis.
  func setting(at place: Double) throws -> Setting {
    switch values {
    case .listed(let settings): settings[min(Int(place * Double(settings.count)), settings.count - 1)]
    case .range(let range, let isLogarithmic, let isWhole, let setting):
      try setting(
        isWhole
          ? Self.wholeNumber(at: place, of: range, isLogarithmic: isLogarithmic)
          : Self.number(at: place, of: range, isLogarithmic: isLogarithmic))
    }
  }

  /// The whole number nearest to a place along a range that reaches half a number beyond both ends, so that the ends
  /// are as likely as what lies between.
  private static func wholeNumber(at place: Double, of range: ClosedRange<Double>, isLogarithmic: Bool) -> Double {
    let wide = range.lowerBound - 0.5...range.upperBound + 0.5
    let number = number(at: place, of: wide, isLogarithmic: isLogarithmic).rounded()
    return min(max(number, range.lowerBound), range.upperBound)
  }

  /// The number at a place from 0 to 1 along a range; the ends are exact.
  static func number(at place: Double, of range: ClosedRange<Double>, isLogarithmic: Bool) -> Double {
    let (first, last) = (range.lowerBound, range.upperBound)
    if place <= 0 { return first }
    if place >= 1 { return last }
    return isLogarithmic ? first * pow(last / first, place) : first + (last - first) * place
  }
}

extension SweepAxis {
  /// Reads axes; knows what errors call the file, and where relative paths start.
  struct Reading {
    let file: String
    let folder: URL

    /// The axes under a mapping's keys.
    func axes(_ reader: YAMLReader) throws -> [SweepAxis] {
      try reader.keys().map { name in try axis(name, reader.present(name) ?? reader) }
    }

    private func axis(_ name: String, _ reader: YAMLReader) throws -> SweepAxis {
      let keys = try name.split(separator: ",").map { part in
        let key = part.trimmingCharacters(in: .whitespaces)
        return try RunKey.named(key, reader.failure)
      }
      return SweepAxis(keys: keys, values: try values(keys, reader), reader: reader)
    }

    private func values(_ keys: [RunKey], _ reader: YAMLReader) throws -> Values {
      if reader.isMapping {
        guard keys.count == 1 else { throw reader.failure("keys that change together need a list of lists") }
        return try mapped(keys[0], reader)
      }
      let elements = try reader.list()
      guard !elements.isEmpty else { throw reader.failure("the axis is empty; it needs at least one value") }
      return .listed(try elements.map { try listed(keys, $0) })
    }

    private func listed(_ keys: [RunKey], _ element: YAMLReader) throws -> Setting {
      let readers = keys.count == 1 ? [element] : try element.list()
      guard readers.count == keys.count else {
        throw element.failure(
          "\(keys.count) values are expected, one for each of \(keys.map(\.name).joined(separator: ", "))")
      }
      return Setting(reader: element) { run in
        for (key, reader) in zip(keys, readers) { try reader.explaining { try key.read($0, &run) } }
      }
    }

    /// A range, or a folder of photographs.
    private func mapped(_ key: RunKey, _ reader: YAMLReader) throws -> Values {
      if try reader.present("folder") != nil { return try photographs(key, reader) }
      try reader.allowKeys(["from", "to", "step", "count", "scale", "folder"])
      let scale = try reader.optional("scale")
      let isLogarithmic = try scale.map { try $0.choice() as Scale } == .log
      let range = try range(reader, isLogarithmic: isLogarithmic, isWhole: key.isWhole)
      let setting = { number in try self.setting(key, number, reader) }
      if let step = try reader.optional("step") {
        guard !isLogarithmic else { throw step.failure("a logarithmic range takes a count, not a step") }
        guard try reader.optional("count") == nil else {
          throw step.failure("a range takes a step or a count, not both")
        }
        let length = range.upperBound - range.lowerBound
        let size = try step.number(in: 1e-300...(.greatestFiniteMagnitude))
        // A last value that rounding puts just beyond the end is meant.
        let count = (length / size + 1e-9).rounded(.down)
        guard count < 1e6 else { throw step.failure("the axis would have more than a million values") }
        return .listed(try (0...Int(count)).map { try setting(range.lowerBound + Double($0) * size) })
      }
      if let count = try reader.optional("count")?.integer(in: 2...1_000_000) {
        return .listed(
          try (0..<count).map {
            let place = Double($0) / Double(count - 1)
            return try setting(SweepAxis.number(at: place, of: range, isLogarithmic: isLogarithmic))
          })
      }
      return .range(range, isLogarithmic: isLogarithmic, isWhole: key.isWhole, setting: setting)
    }

    private enum Scale: String, CaseIterable { case linear, log }

    private func range(_ reader: YAMLReader, isLogarithmic: Bool, isWhole: Bool) throws -> ClosedRange<Double> {
      let all = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
      let first = try reader.required("from"), last = try reader.required("to")
      let (from, to) = (try first.number(in: all), try last.number(in: all))
      guard from <= to else { throw last.failure("\(to) is below from, \(from)") }
      for (end, number) in [(first, from), (last, to)] where isWhole && number != number.rounded() {
        throw end.failure("\(number) is no whole number, which this key needs")
      }
      guard !isLogarithmic || from > 0 else {
        throw first.failure("a logarithmic range starts above 0, not at \(from)")
      }
      return from...to
    }

    /// Sets a number; one that is whole is written so, as keys of whole numbers want it.
    private func setting(_ key: RunKey, _ number: Double, _ reader: YAMLReader) throws -> Setting {
      let number = number.rounded(toSignificantDigits: 12)
      let text = Int64(exactly: number).map { "\($0)" } ?? "\(number)"
      return Setting(reader: reader) { run in
        do {
          try run.set("\(key.name)=\(text)", called: text)
        } catch let error as YAMLError {
          throw reader.failure(error.description)
        }
      }
    }

    private func photographs(_ key: RunKey, _ reader: YAMLReader) throws -> Values {
      try reader.allowKeys(["folder"])
      guard key.name == "image" else { throw reader.failure("a folder of photographs is for the key 'image'") }
      let name = try reader.required("folder").text()
      let images: [String]
      do {
        images = try StudyOptions(folder: absolutePath(name, from: folder), output: "").images()
      } catch {
        throw reader.failure("\(error)")
      }
      let base = name.hasSuffix("/") ? String(name.dropLast()) : name
      return .listed(
        images.map { path in
          Setting(reader: reader) { $0.image = "\(base)/\(URL(fileURLWithPath: path).lastPathComponent)" }
        })
    }
  }
}

extension Double {
  /// 0.1 + 2 × 0.1 is 0.3 to whoever writes a step of 0.1.
  fileprivate func rounded(toSignificantDigits digits: Int) -> Double {
    Double(String(format: "%.\(digits)g", self)) ?? self
  }
}

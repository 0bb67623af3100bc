/// A chart as data: what a file needs so that the chart can be drawn again.
extension Chart {
  /// The chart, without the points that it leaves out.
  public var json: JSONValue {
    .object([
      .init("title", .text(title)), .init("x", x.json), .init("y", y.json),
      .init("series", .list(series.map { $0.json(points: $0.points.filter(isVisible)) })),
    ])
  }

  /// The chart of such a value.
  ///
  /// - Throws: `ReportError` if the value is none.
  public init(_ json: JSONValue) throws {
    guard let title = json["title"]?.label, let x = json["x"].flatMap(Axis.init), let y = json["y"].flatMap(Axis.init),
      case .list(let series)? = json["series"]
    else { throw ReportError("a chart has a title, axes x and y, and series") }
    self.init(
      title, x: x, y: y,
      try series.map { json in
        guard let series = Series(json) else {
          throw ReportError("\(title): a series has a name, a style and points of x and y")
        }
        return series
      })
  }
}

extension Chart.Axis {
  fileprivate var json: JSONValue {
    .object([
      .init("label", .text(label)), .init("logarithmic", .flag(isLogarithmic)), .init("from zero", .flag(includesZero)),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let label = json["label"]?.label else { return nil }
    self.init(
      label, isLogarithmic: json["logarithmic"] == .flag(true), includesZero: json["from zero"] == .flag(true))
  }
}

extension Chart.Series {
  fileprivate func json(points: [Chart.Point]) -> JSONValue {
    .object([
      .init("name", .text(name)), .init("style", .text(style.rawValue)), .init("points", .list(points.map(\.json))),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let name = json["name"]?.label, let style = json["style"]?.asText.flatMap(Chart.Style.init(rawValue:)),
      case .list(let values)? = json["points"]
    else { return nil }
    let points = values.compactMap(Chart.Point.init)
    guard points.count == values.count else { return nil }
    self.init(name, points, style: style)
  }
}

extension Chart.Point {
  fileprivate var json: JSONValue {
    let ends = [("low", low), ("high", high)].compactMap { name, end in end.map { JSONValue.Member(name, .real($0)) } }
    return .object(
      [.init("x", .real(x)), .init("y", .real(y))] + ends + (tip.map { [.init("tip", .text($0))] } ?? []))
  }

  fileprivate init?(_ json: JSONValue) {
    guard let x = json["x"]?.coordinate, let y = json["y"]?.coordinate else { return nil }
    self.init(x, y, low: json["low"]?.coordinate, high: json["high"]?.coordinate, tip: json["tip"]?.label)
  }
}

// A file may be anybody's.
extension JSONValue {
  /// A number that an axis can have beside any other such.
  fileprivate var coordinate: Double? {
    asNumber.flatMap { $0 == 0 || (1e-290...1e290).contains(abs($0)) ? $0 : nil }
  }

  /// A text that can be shortened to its place in reasonable time.
  fileprivate var label: String? { asText.flatMap { $0.utf8.count <= 4096 ? $0 : nil } }
}

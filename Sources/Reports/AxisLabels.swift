/// How people read the values of an axis: a path by its file's name, unless two paths end in the same one.
package struct AxisLabels {
  private let labels: [String: String]

  package init(_ values: some Sequence<String>) {
    let all = Set(values)
    let isUnique = Set(all.map(\.fileName)).count == all.count
    labels = isUnique ? Dictionary(uniqueKeysWithValues: all.map { ($0, $0.fileName) }) : [:]
  }

  /// Those of each axis of a sweep.
  package static func all(of table: SweepTable) -> [AxisLabels] {
    table.axes.indices.map { axis in AxisLabels(table.points.map { $0.axisValues[axis] }) }
  }

  /// What stands for a value.
  package func text(_ value: String) -> String { labels[value] ?? value }
}

extension String {
  /// What stands behind the last slash of a path.
  fileprivate var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}

import Reports

/// A figure of a chip run whose marks a study keeps beside it.
enum StudyFigure: String, CaseIterable {
  case energy, time
  /// With what the sparse input's code cost to make.
  case energyWithEncoding = "energy_with_encoding"
  /// With what the sparse input's code took to make.
  case timeWithEncoding = "time_with_encoding"
  /// What that cost by itself.
  case encodingEnergy = "encoding_energy"

  /// The statistic whose marks they are.
  var statistic: StatisticName {
    switch self {
    case .energy: .totalEnergy
    case .time: .latency
    case .energyWithEncoding: .totalEnergyWithEncoding
    case .timeWithEncoding: .latencyWithEncoding
    case .encodingEnergy: .encodeEnergy
    }
  }

  /// What a row of a cell calls the marks.
  var marksName: String { "\(rawValue)_marks" }
}

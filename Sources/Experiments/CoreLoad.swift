import Neuromorphic
import Reports

/// How evenly a run used the chip's cores, up to the step that the statistics cover.
struct CoreLoad {
  let busiest: CoreActivity
  let meanBusy_ps: Double

  /// Nil if no core was in use.
  init?(_ cores: [CoreActivity]) {
    guard let busiest = cores.max(by: { $0.busy_ps < $1.busy_ps }) else { return nil }
    self.busiest = busiest
    meanBusy_ps = cores.reduce(0) { $0 + Double($1.busy_ps) } / Double(cores.count)
  }

  /// Busy time of the busiest core over the mean; nil if none was busy.
  var imbalance: Double? { meanBusy_ps > 0 ? Double(busiest.busy_ps) / meanBusy_ps : nil }
}

extension ChipRun {
  func addCoreLoad(to s: inout Statistics, marks: Marks) {
    let load = CoreLoad(cores)
    let latency_ps = latency_s(at: countedStep) * 1e12
    let imbalance = load?.imbalance
    if let load, latency_ps > 0 {
      s.set(
        .utilisation, load.meanBusy_ps / latency_ps, isEstimate: marks.isEstimate, missing: marks.missing)
      s.set(.busiestCore, load.busiest.core)
    } else {
      s.setNull(.utilisation)
      s.setNull(.busiestCore)
    }
    if let imbalance {
      s.set(.loadImbalance, imbalance, isEstimate: marks.isEstimate, missing: marks.missing)
    } else {
      s.setNull(.loadImbalance)
    }
  }

  /// One line a core in use: what lies on it, what it did up to the step that the statistics cover, and what it needs
  /// of each limit.
  package var coresCSV: String {
    let needs = Dictionary(uniqueKeysWithValues: mapping.needs(of: lca.network, on: chip).map { ($0.core, $0.needs) })
    var text = "core,tile_x,tile_y,populations,busy_ps,soma_ps,engine_ps,updates_active,updates_inactive,spikes,synops,"
    text += "packets_sent,packets_received"
    for limit in CoreNeeds.none.limits(of: chip) { text += ",\(limit.column),\(limit.column)_limit" }
    text += "\n"
    for core in cores {
      let tile = Mapping.tile(ofCore: core.core, on: chip)
      text += "\(core.core),\(tile.x),\(tile.y),\(populations(on: core.core)),\(core.busy_ps),\(core.soma_ps),"
      text += "\(core.engine_ps),\(core.updatesActive),\(core.updatesInactive),\(core.spikes),"
      text += "\(core.synapticOperations),\(core.packetsSent),\(core.packetsReceived)"
      for limit in (needs[core.core] ?? CoreNeeds.none).limits(of: chip) {
        text += ",\(limit.needed),\(limit.available)"
      }
      text += "\n"
    }
    return text
  }

  /// One line a link between tiles that packets went over, up to the step that the statistics cover.
  package var linksCSV: String {
    "tile_x,tile_y,way,packets\n" + links.map { "\($0.x),\($0.y),\($0.way.rawValue),\($0.packets)\n" }.joined()
  }

  /// Names joined by `+`.
  private func populations(on core: Int) -> String {
    Set(mapping.placements.filter { $0.core == core }.map(\.population)).sorted()
      .map { lca.network.populations[$0].name }.joined(separator: "+")
  }
}

extension CoreNeeds.Limit {
  /// The name of its column.
  var column: String {
    what.replacing(" ", with: "_") + (unit.isEmpty ? "" : "_\(unit)")
  }
}

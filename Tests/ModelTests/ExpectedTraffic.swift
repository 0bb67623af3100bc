import EventStreams
import Neuromorphic

/// Packets and hops up to the end of a step.
struct TrafficCounts: Equatable {
  var hostPackets = 0
  var corePackets = 0
  /// One for each destination core of a packet.
  var received = 0
  var hopsEastWest = 0
  var hopsNorthSouth = 0
  var hopsBetweenChips = 0

  init() {}

  init(_ record: StepRecord) {
    hostPackets = record.hostPackets
    corePackets = record.corePackets
    received = record.packetsReceived
    hopsEastWest = record.hopsEastWest
    hopsNorthSouth = record.hopsNorthSouth
    hopsBetweenChips = record.hopsBetweenChips
  }
}

/// What spikes and events must put on the mesh, from connectivity and places alone.
struct ExpectedTraffic {
  private let network: Network
  private let chip: SmallChip
  /// Core of each dendrite, by population.
  private let cores: [[Int]]

  private struct Tile: Hashable {
    var x, y: Int
  }

  private struct Link: Hashable {
    let from, to: Tile
  }

  init(_ network: Network, _ mapping: Mapping, _ chip: SmallChip) {
    self.network = network
    self.chip = chip
    cores = network.populations.enumerated().map { index, population in
      var cores = [Int](repeating: -1, count: population.shape.count)
      for placement in mapping.placements where placement.population == index {
        placement.box.forEachPlace(of: population.shape) { cores[$0] = placement.core }
      }
      return cores
    }
  }

  /// Counts up to the end of each step.
  func counts(of input: EventStream, _ spikes: [Spike], steps: Int) -> [TrafficCounts] {
    var byStep = [TrafficCounts](repeating: TrafficCounts(), count: steps)
    var known: [Network.Source: [Int: (cores: Int, links: [Link])]] = [:]
    func send(_ source: Network.Source, _ place: Int, from tile: Tile, at step: Int) {
      let journey = known[source]?[place] ?? journey(of: source, place, from: tile)
      known[source, default: [:]][place] = journey
      let packets = chip.hasMulticast ? min(1, journey.cores) : journey.cores
      if source == .input { byStep[step].hostPackets += packets } else { byStep[step].corePackets += packets }
      byStep[step].received += journey.cores
      for link in journey.links { add(link, to: &byStep[step]) }
    }
    for event in input where event.step < steps {
      let place = (Int(event.row) * input.columns + Int(event.column)) * input.channels + Int(event.channel)
      send(.input, place, from: Tile(x: chip.hostTile.x, y: chip.hostTile.y), at: Int(event.step))
    }
    for spike in spikes {
      let place = spike.neuron / network.populations[spike.population].model.neuronsPerDendrite
      send(.population(spike.population), place, from: tile(of: cores[spike.population][place]), at: spike.step)
    }
    for step in byStep.indices.dropFirst() { byStep[step] = byStep[step - 1] + byStep[step] }
    return byStep
  }

  /// Destination cores, and every link that is crossed, as often as it is: with multicast once for all.
  private func journey(of source: Network.Source, _ place: Int, from tile: Tile) -> (cores: Int, links: [Link]) {
    let goals = Set(network.targets(of: source, place).map { cores[$0.population][$0.dendrite] })
    let links = goals.flatMap { route(from: tile, to: self.tile(of: $0)) }
    return (goals.count, chip.hasMulticast ? Array(Set(links)) : links)
  }

  /// Along x first, then along y.
  private func route(from: Tile, to: Tile) -> [Link] {
    var at = from, links: [Link] = []
    func go(_ next: Tile) {
      links.append(Link(from: at, to: next))
      at = next
    }
    while at.x != to.x { go(Tile(x: at.x + (to.x - at.x).signum(), y: at.y)) }
    while at.y != to.y { go(Tile(x: at.x, y: at.y + (to.y - at.y).signum())) }
    return links
  }

  private func add(_ link: Link, to counts: inout TrafficCounts) {
    if link.from.y != link.to.y {
      counts.hopsNorthSouth += 1
    } else if link.from.x / chip.tilesX != link.to.x / chip.tilesX {
      counts.hopsBetweenChips += 1
    } else {
      counts.hopsEastWest += 1
    }
  }

  private func tile(of core: Int) -> Tile {
    let tile = core / chip.coresPerTile, onChip = tile % (chip.tilesX * chip.tilesY)
    return Tile(
      x: tile / (chip.tilesX * chip.tilesY) * chip.tilesX + onChip % chip.tilesX, y: onChip / chip.tilesX)
  }
}

extension TrafficCounts {
  fileprivate static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.hostPackets += b.hostPackets
    sum.corePackets += b.corePackets
    sum.received += b.received
    sum.hopsEastWest += b.hopsEastWest
    sum.hopsNorthSouth += b.hopsNorthSouth
    sum.hopsBetweenChips += b.hopsBetweenChips
    return sum
  }
}

extension Box {
  fileprivate func forEachPlace(of shape: Network.Shape, _ visit: (Int) -> Void) {
    for row in rows {
      for column in columns {
        for channel in channels { visit((row * shape.columns + column) * shape.channels + channel) }
      }
    }
  }
}

extension Network {
  /// Populations and dendrites that a neuron (by its dendrite) or input place reaches, found by looking at all of them.
  fileprivate func targets(of source: Source, _ place: Int) -> [(population: Int, dendrite: Int)] {
    projections.filter { $0.source == source }.flatMap { projection in
      let target = populations[projection.target].shape
      let dendrites: [Int]
      switch projection.connectivity {
      case .convolution(let table, let sourceStride, let targetStride, let origin):
        let offsets = 0..<tables[table].extent, from = shape(of: source).position(place)
        dendrites = (0..<target.count).filter {
          let to = target.position($0)
          return offsets.contains(sourceStride * from.row - targetStride * to.row + origin)
            && offsets.contains(sourceStride * from.column - targetStride * to.column + origin)
        }
      case .pairs(let rows): dendrites = rows.targets(of: place).map(Int.init)
      case .oneToOne: dendrites = [place]
      }
      return dendrites.map { (projection.target, $0) }
    }
  }
}

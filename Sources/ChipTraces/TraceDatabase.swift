import DataFiles
import Neuromorphic

/// A chip's trace as an SQLite database (docs/formats/sqlite.md describes its tables).
public final class TraceDatabase: ActivitySink {
  private let writer: SQLiteWriter
  private let hasIntegerPayloads: Bool
  /// Written many at a time.
  private var spikes: [Spike] = []
  private let spikeRow, packet, busy, queue, step, probe: SQLiteTable

  /// Makes a database at a path where nothing is.
  ///
  /// - Throws: `FileError` if it cannot be made.
  public init(path: String, _ header: ActivityHeader) throws {
    writer = try SQLiteWriter(path: path, schema: Self.schema)
    try header.trace.validate(for: path)
    hasIntegerPayloads = header.trace.hasIntegerPayloads
    spikeRow = try writer.table("spike_row", columns: ["time_ps", "step", "population", "neuron", "payload"])
    packet = try writer.table("packet", columns: 7)
    (busy, queue) = (try writer.table("busy", columns: 4), try writer.table("queue", columns: 3))
    (step, probe) = (try writer.table("step", columns: Self.stepColumns.count), try writer.table("probe", columns: 5))
    try describe(header)
  }

  private static let stepColumns = [
    "step INTEGER PRIMARY KEY", "end_ps INTEGER", "host_events INTEGER", "host_packets INTEGER", "spikes INTEGER",
    "packets_sent INTEGER", "packets_received INTEGER", "core_packets INTEGER", "hops_east_west INTEGER",
    "hops_north_south INTEGER", "hops_between_chips INTEGER", "synops_dense INTEGER", "synops_sparse INTEGER",
    "synops_convolution INTEGER", "updates_active INTEGER", "updates_inactive INTEGER", "saturations INTEGER",
    "packet_wait_ps INTEGER", "energy_synapse_pJ REAL", "energy_soma_pJ REAL", "energy_axon_pJ REAL",
    "energy_network_pJ REAL", "energy_host_pJ REAL",
  ]

  private static let schema = """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
    CREATE TABLE population (population INTEGER PRIMARY KEY, name TEXT, rows INTEGER, columns INTEGER, kernels INTEGER,
      neurons_per_dendrite INTEGER, payload_exponent INTEGER);
    CREATE TABLE core (core INTEGER PRIMARY KEY, tile_x INTEGER, tile_y INTEGER);
    CREATE TABLE spike_row (spike INTEGER PRIMARY KEY, time_ps INTEGER, step INTEGER, population INTEGER, \
    neuron INTEGER,
      payload NUMERIC);
    CREATE VIEW spike AS SELECT time_ps, step, population, neuron,
      neuron / neurons_per_dendrite % kernels AS kernel,
      neuron / (neurons_per_dendrite * kernels * columns) AS "row",
      neuron / (neurons_per_dendrite * kernels) % columns AS "column",
      CASE neurons_per_dendrite WHEN 1 THEN IIF(payload < 0, -1, 1) ELSE 1 - 2 * (neuron % neurons_per_dendrite) END
        AS polarity, payload, spike
      FROM spike_row JOIN population USING (population);
    CREATE TABLE packet (step INTEGER, source INTEGER, destination INTEGER, hops INTEGER, injected_ps INTEGER,
      delivered_ps INTEGER, waited_ps INTEGER);
    CREATE TABLE busy (core INTEGER, unit TEXT, begin_ps INTEGER, end_ps INTEGER);
    CREATE TABLE queue (core INTEGER, time_ps INTEGER, packets INTEGER);
    CREATE TABLE step (\(stepColumns.joined(separator: ", ")));
    CREATE TABLE probe (step INTEGER, population INTEGER, neuron INTEGER, state TEXT, value REAL);
    """

  private static let indexes = """
    CREATE INDEX packet_path ON packet (source, destination);
    CREATE INDEX packet_injected ON packet (injected_ps);
    CREATE INDEX busy_core ON busy (core, unit, begin_ps);
    CREATE INDEX queue_core ON queue (core, time_ps);
    """

  private func describe(_ header: ActivityHeader) throws {
    let meta = try writer.table("meta", columns: 2)
    try meta.append(.text("schema"), .text("rheobase.trace/3"))
    for (name, value) in header.properties { try meta.append(.text(name), .text(value)) }
    let population = try writer.table("population", columns: 7)
    for (index, p) in header.trace.populations.enumerated() {
      try population.append(
        .integer(index), .text(p.name), .integer(p.shape.rows), .integer(p.shape.columns), .integer(p.shape.channels),
        .integer(p.neuronsPerDendrite), .integer(p.payloadExponent))
    }
    let core = try writer.table("core", columns: 3)
    for (number, x, y) in header.cores { try core.append(.integer(number), .integer(x), .integer(y)) }
  }

  /// Takes what happened in one step.
  public func append(_ record: StepRecord, spikes: [Spike], packets: [PacketRecord]) throws {
    steps += 1
    try append(record)
    self.spikes += SpikeTrace.ordered(spikes)
    if self.spikes.count >= Self.spikesAtOnce { try flush() }
    for p in packets {
      try packet.append(
        .integer(p.step), p.source.map { .integer($0) } ?? .null, .integer(p.destination), .integer(p.hops),
        .integer(p.injected_ps), .integer(p.delivered_ps), .integer(p.waited_ps))
    }
  }

  private static let spikesAtOnce = 1 << 14

  /// What a neuron's number says of its place, the view adds: rows are written as fast as they have few columns.
  private func flush() throws {
    try spikeRow.append(
      columns: [
        .int64(spikes.map { Int64($0.time_ps) }), .int32(spikes.map { Int32($0.step) }),
        .int32(spikes.map { Int32($0.population) }), .int32(spikes.map { Int32($0.neuron) }),
        hasIntegerPayloads ? .int64(spikes.map { Int64($0.payload) }) : .real(spikes.map(\.payload)),
      ], rows: spikes.count)
    spikes.removeAll(keepingCapacity: true)
  }

  private var steps = 0

  private func append(_ r: StepRecord) throws {
    let synops = r.synapticOperationsByFormat
    try step.append(
      .integer(steps - 1), .integer(r.end_ps), .integer(r.hostEvents), .integer(r.hostPackets), .integer(r.spikes),
      .integer(r.packetsSent), .integer(r.packetsReceived), .integer(r.corePackets), .integer(r.hopsEastWest),
      .integer(r.hopsNorthSouth), .integer(r.hopsBetweenChips), .integer(synops[.dense]), .integer(synops[.sparse]),
      .integer(synops[.convolution]), .integer(r.updatesActive), .integer(r.updatesInactive), .integer(r.saturations),
      .integer(r.packetWait_ps), .real(r.energy.synapse_pJ), .real(r.energy.soma_pJ), .real(r.energy.axon_pJ),
      .real(r.energy.network_pJ), .real(r.energy.host_pJ))
  }

  /// Takes a time for which a unit of a core was busy.
  public func append(_ interval: BusyInterval) throws {
    try busy.append(
      .integer(interval.core), .text(interval.unit.rawValue), .integer(interval.begin_ps), .integer(interval.end_ps))
  }

  /// Takes a change of the number of packets that wait.
  public func append(_ length: QueueLength) throws {
    try queue.append(.integer(length.core), .integer(length.time_ps), .integer(length.packets))
  }

  /// Takes what a probe of a population's state saw.
  public func append(_ recording: StateRecording, population: Int) throws {
    for (step, row) in zip(recording.steps, recording.values) {
      for (neuron, value) in zip(recording.neurons, row) {
        try append(step: step, population: population, neuron: neuron, state: recording.state, value: value)
      }
    }
  }

  /// Takes a neuron's state after a step, in real units.
  public func append(step: Int, population: Int, neuron: Int, state: String, value: Double) throws {
    try probe.append(.integer(step), .integer(population), .integer(neuron), .text(state), .real(value))
  }

  /// Adds the indexes and closes the database.
  public func finish() throws {
    try flush()
    try writer.finish(Self.indexes)
  }
}

import CNeuroChip

/// One delivery of a packet to a core.
public struct PacketRecord: Equatable, Sendable {
  /// Timestep, from 0.
  public let step: Int
  /// Core that sent it; nil for the host.
  public let source: Int?
  /// Core that it went to.
  public let destination: Int
  /// Links between tiles on its path.
  public let hops: Int
  /// When it was done with the output axons.
  public let injected_ps: UInt64
  /// When it was at the input axons.
  public let delivered_ps: UInt64
  /// How much later than over an empty network.
  public let waited_ps: UInt64

  init(_ p: rb_packet) {
    step = Int(p.step)
    source = p.from_host ? nil : Int(p.source)
    destination = Int(p.destination)
    hops = Int(p.hops)
    injected_ps = p.injected_ps
    delivered_ps = p.delivered_ps
    waited_ps = p.waited_ps
  }
}

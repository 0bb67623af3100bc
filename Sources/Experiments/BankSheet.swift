import KernelBanks
import Reports

extension BankSummary {
  /// Every number of it, with units in the names, as `rheobase bank show --json` prints it; what is not known is null.
  public var json: JSONValue {
    func real(_ value: Double?) -> JSONValue { value.map { .real($0) } ?? .null }
    func integer(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
    return .object([
      .init("name", .text(name)), .init("kernels", .integer(Int64(count))), .init("size_px", .integer(Int64(size))),
      .init("orientations", integer(parts?.orientations)), .init("bandwidths", integer(parts?.bandwidths)),
      .init("phases", integer(parts?.phases)),
      .init("known_share", .real(knownShare)), .init("median_explained", real(medianExplained)),
      .init("mean_bandwidth_deg", real(meanBandwidth_deg)), .init("bandwidth_spread_deg", real(bandwidthSpread_deg)),
      .init("smallest_norm", .real(norms.lowerBound)), .init("largest_norm", .real(norms.upperBound)),
      .init("coherence", .real(coherence)), .init("orientation_coverage", .real(orientationCoverage)),
      .init("largest_gram_eigenvalues", .list(largestGramEigenvalues.map { .real($0) })),
    ])
  }
}

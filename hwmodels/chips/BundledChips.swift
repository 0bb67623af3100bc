/// The chip files that come with Rheobase.
public enum BundledChips {
  /// Their texts by name, which is the file's name without `.yaml`.
  public static var texts: [String: String] {
    [
      "custom": PackageResources.custom_yaml,
      "loihi1": PackageResources.loihi1_yaml,
      "loihi1-regressed": PackageResources.loihi1_regressed_yaml,
      "loihi2": PackageResources.loihi2_yaml,
      "odin": PackageResources.odin_yaml,
      "seneca": PackageResources.seneca_yaml,
      "truenorth": PackageResources.truenorth_yaml,
    ].mapValues { String(decoding: $0, as: UTF8.self) }
  }
}

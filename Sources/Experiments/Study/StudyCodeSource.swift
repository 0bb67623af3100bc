import Reports

/// Codes that tables set beside others: by the study's protocol, or certified at the middle λ.
struct StudyCodeSource {
  /// What tables call them.
  let codes: StudyDifference.Codes
  let lambda: Double
  /// The banks of which there are some.
  let banks: [StudyBank]
  /// One cell a photograph.
  let cells: (StudyBank) -> [JSONValue]
  /// The cell of a photograph.
  let cell: (_ image: String, StudyBank) -> JSONValue?

  /// What tables call them that tell λ elsewhere.
  var title: String { codes.kind }
  /// What titles call them, with what |a| depends on; learnt banks are of unit norm in the protocol, too.
  var setting: String {
    setting(banks.contains(where: \.isLearnt) ? "peak norm (learnt banks: unit norm)" : "peak norm")
  }
  /// What titles call those of designed banks alone.
  var settingOfDesigned: String { setting("peak norm") }

  private func setting(_ published: String) -> String {
    codes == .published
      ? "protocol: \(published), λ = \(lambda), stride 1"
      : "certified: unit norm, λ = \(lambda), stride \(StudyProtocol.stride)"
  }
  /// The end of the names of their pictures.
  var suffix: String { codes == .published ? "protocol" : "certified" }
}

extension StudyResults {
  /// Protocol and optimum.
  var codeSources: [StudyCodeSource] { [protocolCodes, certifiedCodes] }

  /// How both were made, for titles of tables that have both.
  var codeSettings: String {
    "Study's \(protocolCodes.setting); \(certifiedCodes.setting). |a| and shares of Σ|a| "
      + "scale with the norms of the kernels"
  }

  var protocolCodes: StudyCodeSource {
    StudyCodeSource(
      codes: .published, lambda: StudyProtocol.publishedLambda, banks: options.studyBanks, cells: published,
      cell: { self[.published(image: $0, bank: $1)] })
  }

  var certifiedCodes: StudyCodeSource { certifiedCodes(options.middleLambda) }

  func certifiedCodes(_ lambda: Double) -> StudyCodeSource {
    StudyCodeSource(
      codes: .certified(lambda: lambda), lambda: lambda, banks: options.banks, cells: { codes($0, lambda) },
      cell: { code($0, $1, lambda) })
  }
}

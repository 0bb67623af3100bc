/// A proof of how far a code is from the optimum of its LASSO problem, computed in double precision from the code
/// alone.
///
/// Weak duality: for every y with ‖Φᵀy‖∞ ≤ λ, ½‖x‖² − ½‖x − y‖² is a lower bound of E at every code. Anybody can check
/// a certificate with `dualPoint`; no solver's stop rule enters it.
public struct Certificate: Sendable {
  /// λ of the problem.
  public let lambda: Double
  /// E(a) = ½‖x − Φa‖² + λ‖a‖₁ of the code.
  public let primal: Double
  /// The lower bound D(y) = ½‖x‖² − ½‖x − y‖².
  public let dual: Double
  /// The y of the bound, one value a pixel.
  public let dualPoint: [Double]

  /// E(a) − D(y), at least the distance of E(a) from the optimum.
  public var gap: Double { max(0, primal - dual) }

  /// (E(a) − D(y)) / D(y): 0 for an optimal code, infinite where there is no positive bound.
  public var relativeGap: Double {
    if gap == 0 { return 0 }
    return dual > 0 ? gap / dual : .infinity
  }
}

// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "rheobase", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .target(name: "BareLoop", cSettings: [.unsafeFlags(["-O3"])]),
    .executableTarget(
      name: "bench",
      dependencies: [
        "BareLoop",
        .product(name: "ChipTraces", package: "rheobase"),
        .product(name: "EventStreams", package: "rheobase"),
        .product(name: "KernelBanks", package: "rheobase"),
        .product(name: "SparseCoding", package: "rheobase"),
        .product(name: "HashedNetworks", package: "rheobase"),
        .product(name: "Neuromorphic", package: "rheobase"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

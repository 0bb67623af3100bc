// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "rheobase",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "rheobase", targets: ["rheobase"]),
    .library(name: "KernelBanks", targets: ["KernelBanks"]),
    .library(name: "SparseCoding", targets: ["SparseCoding"]),
    .library(name: "EventStreams", targets: ["EventStreams"]),
    .library(name: "Neuromorphic", targets: ["Neuromorphic"]),
    .library(name: "ChipTraces", targets: ["ChipTraces"]),
    .library(name: "Experiments", targets: ["Experiments"]),
    .library(name: "Reports", targets: ["Reports"]),
    // Networks that other simulators can rebuild, for comparisons with them.
    .library(name: "HashedNetworks", targets: ["HashedNetworks"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    // Libraries of the system.
    .systemLibrary(
      name: "CZip", path: "Sources/SystemLibraries/CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(
      name: "CLZ4", path: "Sources/SystemLibraries/CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(
      name: "CZstd", path: "Sources/SystemLibraries/CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(
      name: "CHDF5", path: "Sources/SystemLibraries/CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(
      name: "CPNG", path: "Sources/SystemLibraries/CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CJPEG", path: "Sources/SystemLibraries/CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .systemLibrary(
      // No pkgConfig: its -D flags are refused by SwiftPM, and they only repeat the defaults.
      name: "CKissFFT", path: "Sources/SystemLibraries/CKissFFT", providers: [.apt(["libkissfft-dev"])]),
    .systemLibrary(
      name: "CSystemC", path: "hwmodels/CSystemC", pkgConfig: "systemc", providers: [.apt(["libsystemc-dev"])]),

    // The chip model (C++17, SystemC) and the C wall in front of it.
    .target(name: "NeuroChip", dependencies: ["CSystemC"], path: "hwmodels/NeuroChip"),
    .target(name: "CNeuroChip", dependencies: ["NeuroChip"], path: "hwmodels/CNeuroChip"),
    .target(
      name: "Chips", path: "hwmodels/chips",
      resources: [
        .embedInCode("custom.yaml"), .embedInCode("loihi1.yaml"), .embedInCode("loihi1-regressed.yaml"),
        .embedInCode("loihi2.yaml"), .embedInCode("odin.yaml"), .embedInCode("seneca.yaml"),
        .embedInCode("truenorth.yaml"),
      ]),

    // The rooms, in the order of the flow.
    .target(name: "CImageFiles", dependencies: ["CPNG", "CJPEG"]),
    .target(name: "CPathExchange"),
    .target(name: "CSQLiteColumns", linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(
      name: "DataFiles",
      dependencies: [
        "CZip", "CLZ4", "CZstd", "CImageFiles", "CPathExchange", "CSQLiteColumns",
        .product(name: "Yams", package: "Yams"),
        .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(name: "KernelBanks", dependencies: ["DataFiles"]),
    .target(name: "SparseCoding", dependencies: ["DataFiles", "KernelBanks", "CKissFFT"]),
    .target(name: "EventStreams", dependencies: ["DataFiles", "SparseCoding"]),
    .target(
      name: "Neuromorphic",
      dependencies: ["CNeuroChip", "Chips", "DataFiles", "KernelBanks", "SparseCoding", "EventStreams"]),
    .target(name: "CHDF5Files", dependencies: ["CHDF5"]),
    .target(name: "ChipTraces", dependencies: ["Neuromorphic", "DataFiles", "CHDF5Files"]),
    .target(name: "ReferenceChip", dependencies: ["Neuromorphic", "EventStreams"]),
    .target(
      name: "Reports", dependencies: ["DataFiles", .product(name: "Mustache", package: "swift-mustache")],
      resources: [
        .embedInCode("Page/page.css"), .embedInCode("Page/page.js"), .embedInCode("Page/page.mustache"),
      ]),
    .target(name: "CBuildID"),
    .target(
      name: "Experiments",
      dependencies: [
        "CBuildID", "KernelBanks", "SparseCoding", "EventStreams", "Neuromorphic", "ChipTraces", "Reports", "DataFiles",
      ]),
    .executableTarget(
      name: "rheobase",
      dependencies: [
        "Experiments", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),

    // What docs/networks.md shows.
    .executableTarget(
      name: "spiking-network", dependencies: ["EventStreams", "Neuromorphic"], path: "Examples/spiking-network"),
    .executableTarget(
      name: "spike-file", dependencies: ["ChipTraces", "EventStreams", "Neuromorphic"], path: "Examples/spike-file"),

    // The comparison with another simulator, run by `make crosscheck`.
    .executableTarget(
      name: "crosscheck",
      dependencies: [
        "Neuromorphic", "EventStreams", "Reports", "TestSupport", "HashedNetworks",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Tests/Crosscheck"),
    .target(
      name: "HashedNetworks", dependencies: ["Neuromorphic", "EventStreams", "TestSupport"],
      path: "Tests/HashedNetworks"),

    // Damages files of events and reads them; the tests and `make fuzz` run it.
    .target(name: "AllocationMeter", path: "Tests/AllocationMeter"),
    .executableTarget(
      name: "fuzz-readers", dependencies: ["EventStreams", "DataFiles", "TestSupport", "AllocationMeter"],
      path: "Tests/Fuzz"),

    // Tests, one target per room. ModelTests alone owns the SystemC kernel.
    .target(
      name: "TestSupport", dependencies: [.product(name: "Subprocess", package: "swift-subprocess"), "DataFiles"],
      path: "Tests/TestSupport"),
    .target(name: "StepCounters", dependencies: ["CSystemC"], path: "Tests/StepCounters"),
    .testTarget(name: "DataFilesTests", dependencies: ["DataFiles", "TestSupport"]),
    .testTarget(name: "KernelBanksTests", dependencies: ["KernelBanks", "TestSupport"]),
    .testTarget(name: "SparseCodingTests", dependencies: ["SparseCoding", "TestSupport"]),
    .testTarget(
      name: "EventStreamsTests", dependencies: ["EventStreams", "TestSupport", "fuzz-readers"], exclude: ["corpus"]),
    .testTarget(name: "ChipTracesTests", dependencies: ["ChipTraces", "Neuromorphic", "DataFiles", "TestSupport"]),
    .testTarget(name: "NeuromorphicTests", dependencies: ["Neuromorphic", "TestSupport"]),
    .testTarget(
      name: "ModelTests",
      dependencies: [
        "Neuromorphic", "ReferenceChip", "ChipTraces", "Experiments", "Reports", "TestSupport", "HashedNetworks",
        "StepCounters",
      ]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "TestSupport"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: ["Experiments", "Neuromorphic", "Reports", "DataFiles", "KernelBanks", "TestSupport"]),
    .testTarget(
      name: "CLITests",
      dependencies: [
        "rheobase", "spiking-network", "spike-file", "Experiments", "Reports", "TestSupport",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

import DataFiles
import EventStreams
import Foundation
import KernelBanks
import Neuromorphic
import SparseCoding

/// The files that points of a sweep read: photographs, recordings, banks and chips, each read once before anything
/// runs.
struct SweepInputs {
  /// Pixels of a photograph or a recording, and the events of this.
  struct Picture { let height, width, events: Int }
  /// Number and size of a bank's kernels.
  struct Kernels { let count, size: Int }

  private var pictures: [String: Picture] = [:]
  private var kernels: [String: Kernels] = [:]
  private var chips: [String: ChipDescription] = [:]

  // MARK: What is known of files

  /// The picture that a run codes; nil if it cannot be read.
  mutating func picture(of run: RunConfiguration) -> Picture? {
    (run.image ?? run.events).flatMap { try? picture($0, isImage: run.image != nil) }
  }

  /// How many events the file of a run has; 0 if there is none that can be read.
  mutating func events(of run: RunConfiguration) -> Int {
    run.events.flatMap { try? picture($0, isImage: false).events } ?? 0
  }

  /// The kernels of a run; nil if they cannot be read.
  mutating func kernels(of run: RunConfiguration) -> Kernels? { try? kernels(run.bank) }

  /// The chip of a run, as it changes it.
  mutating func chip(of run: RunConfiguration) throws -> ChipDescription {
    let changes = run.chipChanges.sorted.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    let key = "\(run.chip)\n\(changes)"
    if let known = chips[key] { return known }
    let chip = try ChipDescription.named(run.chip, changed: run.chipChanges)
    chips[key] = chip
    return chip
  }

  private mutating func picture(_ path: String, isImage: Bool) throws -> Picture {
    if let known = pictures[path] { return known }
    let read: Picture
    if isImage {
      let image = try Image(contentsOf: path)
      read = Picture(height: image.height, width: image.width, events: 0)
    } else {
      let stream = try EventStreamFile.read(path)
      read = Picture(height: stream.rows, width: stream.columns, events: stream.count)
    }
    pictures[path] = read
    return read
  }

  private mutating func kernels(_ name: String) throws -> Kernels {
    if let known = kernels[name] { return known }
    let bank = try KernelBank.named(name)
    let read = Kernels(count: bank.count, size: bank.size)
    kernels[name] = read
    return read
  }

  // MARK: Checking a sweep's file

  /// Reads every file that the base and the axes of a sweep name.
  ///
  /// - Throws: `YAMLError` at the place that names a file which cannot be read, or that has the content of another
  ///   value of its axis.
  mutating func check(_ file: SweepFile) throws {
    for key in Self.fileKeys where !file.keys.contains(where: { $0.name == key }) {
      do {
        try read(key, of: file.base.withAbsolutePaths(from: file.folder))
      } catch {
        throw file.failure(of: [key], "\(error)")
      }
    }
    for axis in file.axes { try check(axis, file) }
  }

  static let fileKeys = ["image", "events", "bank", "input_bank", "chip"]

  private mutating func check(_ axis: SweepAxis, _ file: SweepFile) throws {
    let keys = axis.keys.map(\.name).filter(Self.fileKeys.contains)
    guard !keys.isEmpty, case .listed(let settings) = axis.values else { return }
    var contents: [String: String] = [:]
    for setting in settings {
      var run = file.base
      try setting(&run)
      let written = axis.keys[0].label(run)
      run = run.withAbsolutePaths(from: file.folder)
      do {
        for key in keys { try read(key, of: run) }
        guard axis.keys.count == 1, let path = Self.path(of: keys[0], in: run) else { continue }
        if let other = contents.updateValue(written, forKey: try ContentHash.ofFile(path).text), other != written {
          throw ExperimentError("\(written) has the same content as \(other); name one of them")
        }
      } catch {
        throw setting.failure("\(error)")
      }
    }
  }

  private mutating func read(_ key: String, of run: RunConfiguration) throws {
    switch key {
    case "image": if let image = run.image { _ = try picture(image, isImage: true) }
    case "events": if let events = run.events { _ = try picture(events, isImage: false) }
    case "bank": _ = try kernels(run.bank)
    case "input_bank": if let bank = run.inputBank { _ = try kernels(bank) }
    default:
      // What the changes do to it is seen point by point.
      var run = run
      run.chipChanges = ChipChanges()
      _ = try chip(of: run)
    }
  }

  /// The file that a key names; nil for what comes with Rheobase, and for keys of other things.
  static func path(of key: String, in run: RunConfiguration) -> String? {
    switch key {
    case "image": run.image
    case "events": run.events
    case "bank": NameOrPath.bank.known.contains(run.bank) ? nil : run.bank
    case "input_bank": run.inputBank.flatMap { NameOrPath.bank.known.contains($0) ? nil : $0 }
    case "chip": NameOrPath.chip.known.contains(run.chip) ? nil : run.chip
    default: nil
    }
  }
}

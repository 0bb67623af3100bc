import ArgumentParser
import EventStreams

struct Events: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at event streams and convert them.", subcommands: [Inspect.self, Convert.self])

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Describe an event stream.")

    @Argument(help: "Event stream (\(formats)).")
    var file: String

    func validate() throws { _ = try checkingUsage { try EventStreamFile.Format(path: file) } }

    func run() throws { print(try EventStreamSummary(EventStreamFile.read(file))) }
  }

  struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Convert an event stream; the suffixes name the formats.")

    @Argument(help: "Event stream to read (\(formats)).") var source: String
    @Argument(help: "Event stream to write (\(formats)).") var destination: String

    func validate() throws {
      for path in [source, destination] { _ = try checkingUsage { try EventStreamFile.Format(path: path) } }
    }

    func run() throws { try EventStreamFile.write(try EventStreamFile.read(source), to: destination) }
  }
}

private let formats = EventStreamFile.Format.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")

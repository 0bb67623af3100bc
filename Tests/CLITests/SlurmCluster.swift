import Foundation
import Subprocess

/// A Slurm cluster of two nodes on this machine, in a folder of its own.
///
/// Its daemons are started by a shell, as they close all files that they are given, which Foundation takes for their
/// end.
struct SlurmCluster {
  private let folder: String
  /// Whose all of it is; nil for the user of this process.
  private let user: String?
  private var daemons: [String: pid_t] = [:]

  /// Whether Slurm and munge are there; `make setup-slurm` installs them.
  static let isInstalled = ["munged", "slurmctld", "slurmd", "sbatch"].allSatisfy { path(of: $0) != nil }

  /// Programs of a cluster, of which some are not on an ordinary user's path.
  private static func path(of program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":") + ["/usr/sbin", "/usr/bin"]
    return folders.map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Starts a cluster, gives it to `body`, and ends all that it has started.
  static func withCluster(
    in folder: String, as user: String? = nil, _ body: (SlurmCluster) async throws -> Void
  ) async throws {
    var cluster = SlurmCluster(folder: folder, user: user)
    do {
      try await cluster.start()
      try await body(cluster)
    } catch {
      await cluster.stop()
      throw error
    }
    await cluster.stop()
  }

  private init(folder: String, user: String?) { (self.folder, self.user) = (folder, user) }

  private var userName: String { user ?? NSUserName() }

  /// What starts a program as another user, which only the superuser can.
  static func launcher(as user: String) -> [String] {
    guard let setpriv = path(of: "setpriv"), geteuid() == 0 else { return [] }
    return [setpriv, "--reuid=\(user)", "--regid=\(user == "nobody" ? "nogroup" : user)", "--clear-groups"]
  }

  static let nodes = ["n0", "n1"]

  /// Starts the daemons and waits until both nodes are idle.
  private mutating func start() async throws {
    let files = FileManager.default
    try files.createDirectory(atPath: "\(folder)/state", withIntermediateDirectories: true)
    try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
    let key = "\(folder)/munge.key", socket = "\(folder)/munge.sock"
    try Data((0..<1024).map { _ in UInt8.random(in: 0...255) }).write(to: URL(fileURLWithPath: key))
    try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    try Data(configuration(port: Self.freePorts()).utf8).write(to: URL(fileURLWithPath: "\(folder)/slurm.conf"))
    if let user {
      for path in ["", "/state", "/munge.key"].map({ folder + $0 }) {
        try files.setAttributes([.ownerAccountName: user], ofItemAtPath: path)
      }
    }
    try await start(
      "munged", "-F", "--key-file=\(key)", "--socket=\(socket)", "--pid-file=\(folder)/munged.pid",
      "--log-file=\(folder)/munged.log", "--seed-file=\(folder)/munged.seed")
    try await waitUntil { files.fileExists(atPath: socket) }
    try await start("slurmctld", "-D", "-i")
    for node in Self.nodes { try await start("slurmd", "-D", "-N", node) }
    try await waitUntil {
      try await ask("sinfo", "--noheader", "--Node", "--format=%T").split(separator: "\n") == ["idle", "idle"]
    }
  }

  /// What a program needs to find this cluster and no other.
  var environment: Environment {
    var changes: [Environment.Key: String?] = ["SLURM_CONF": "\(folder)/slurm.conf"]
    for name in ProcessInfo.processInfo.environment.keys
    where name != "SLURM_CONF" && (name.hasPrefix("SLURM") || name.hasPrefix("SBATCH")) {
      changes[Environment.Key(stringLiteral: name)] = .some(nil)
    }
    return .inherit.updating(changes)
  }

  /// Kills a node in the middle of a task: its daemon, what serves its tasks, and the tasks, so that none can end. Then
  /// tells the controller, which would notice after half a minute.
  ///
  /// - Returns: how many tasks it has interrupted.
  func kill(node: String) async throws -> Int {
    guard let daemon = daemons["slurmd \(node)"] else { throw SlurmFailure("\(node) has not been started") }
    var tasks: [pid_t] = []
    // First who would tell the controller how a task has ended.
    var servers: Set<pid_t> = []
    try await waitUntil {
      // A server names the node too, before its task has begun and after it has ended: only one with a task interrupts
      // it.
      tasks = Processes.inheriting("SLURMD_NODENAME=\(node)")
      servers = Set(tasks.compactMap(Processes.parent)).intersection(Processes.mentioning("slurmstepd"))
      return !servers.isEmpty
    }
    for process in [daemon] + servers + tasks { Foundation.kill(process, SIGKILL) }
    _ = try await ask("scontrol", "update", "nodename=\(node)", "state=down", "reason=killed")
    return servers.count
  }

  /// Kills the controller and starts it again.
  func restartController() async throws {
    if let daemon = daemons["slurmctld"] { Foundation.kill(daemon, SIGKILL) }
    try await Task.sleep(for: .seconds(2))
    _ = try await launch("slurmctld", ["-D", "-i"])
    try await waitUntil { try await ask("scontrol", "ping").contains("UP") }
  }

  /// Takes all nodes out of use, as an administrator does.
  func drainNodes() async throws {
    let nodes = Self.nodes.joined(separator: ",")
    _ = try await ask("scontrol", "update", "nodename=\(nodes)", "state=drain", "reason=drained")
  }

  /// Lets drained nodes work again, as an administrator does.
  ///
  /// A killed controller forgets its last moments; the restarted one may give a job a number that a node has seen, and
  /// drains the node for it.
  func resumeDrainedNodes() async throws {
    for node in try await ask("sinfo", "--noheader", "--Node", "--format=%N %T").split(separator: "\n")
    where node.contains("drain") {
      _ = try await ask("scontrol", "update", "nodename=\(node.prefix { $0 != " " })", "state=resume")
    }
  }

  /// Jobs in the queue, one line each.
  func queue() async throws -> [Substring] {
    try await ask("squeue", "--noheader", "--format=%A %T").split(separator: "\n")
  }

  /// The names of all jobs that have ended.
  func endedJobs() throws -> [String] {
    try String(contentsOfFile: "\(folder)/jobcomp.txt", encoding: .utf8).split(separator: "\n").compactMap { line in
      line.split(separator: " ").first { $0.hasPrefix("Name=") }.map { String($0.dropFirst("Name=".count)) }
    }
  }

  /// Submits a job of somebody else that does not start.
  ///
  /// - Returns: its number.
  func submitHeld() async throws -> String {
    let answer = try await ask("sbatch", "--parsable", "--hold", "--output=/dev/null", "--wrap=true")
    return String(answer.prefix { $0.isNumber })
  }

  /// How many tasks and jobs the controller has started so far, those of a restarted one not counted.
  func startedTasks() throws -> Int {
    try String(contentsOfFile: "\(folder)/slurmctld.log", encoding: .utf8).split(separator: "\n")
      .count { $0.contains("Allocate JobId=") || $0.contains("Started JobId=") }
  }

  /// Everything that was started for this cluster and runs.
  var processes: [pid_t] { Processes.inheriting("SLURM_CONF=\(folder)/slurm.conf") }

  /// Ends jobs and daemons, and whatever is left of them.
  private func stop() async {
    if daemons.count == 4 {
      _ = try? await ask("scancel", "--user=\(userName)")
      try? await waitUntil(seconds: 20) { try await queue().isEmpty }
    }
    for name in ["slurmd n0", "slurmd n1", "slurmctld", "munged"] {
      if let daemon = daemons[name] { Foundation.kill(daemon, SIGTERM) }
    }
    try? await waitUntil(seconds: 3) { processes.isEmpty }
    // What serves the tasks of a node, or the scripts of the controller, outlives a killed daemon.
    for process in processes { Foundation.kill(process, SIGKILL) }
    try? await waitUntil(seconds: 5) { processes.isEmpty }
  }

  // MARK: Programs

  private mutating func start(_ program: String, _ arguments: String...) async throws {
    let name = ([program] + arguments.filter(Self.nodes.contains)).joined(separator: " ")
    daemons[name] = try await launch(program, arguments)
  }

  private func launch(_ program: String, _ arguments: [String]) async throws -> pid_t {
    guard let path = Self.path(of: program) else { throw SlurmFailure("\(program) is not there") }
    let words = (user.map(Self.launcher) ?? []) + [path] + arguments
    let result = try await run(
      .path("/bin/sh"),
      arguments: Arguments(["-c", "\"$@\" </dev/null >/dev/null 2>&1 & echo $!", "sh"] + words),
      environment: environment, output: .string(limit: 100), error: .discarded)
    guard let process = pid_t(result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw SlurmFailure("\(program) cannot be started")
    }
    return process
  }

  private func ask(_ program: String, _ arguments: String...) async throws -> String {
    guard let path = Self.path(of: program) else { throw SlurmFailure("\(program) is not there") }
    let words = (user.map(Self.launcher) ?? []) + [path] + arguments
    return try await run(
      .path(.init(words[0])), arguments: Arguments(Array(words.dropFirst())), environment: environment,
      output: .string(limit: 1 << 20),
      error: .discarded
    ).standardOutput
  }

  // MARK: Configuration

  /// The first of three ports that nobody listens on.
  private static func freePorts() throws -> Int {
    for _ in 0..<100 {
      let first = Int.random(in: 20_000...30_000)
      if (first..<first + 3).allSatisfy(isFree) { return first }
    }
    throw SlurmFailure("no three free ports")
  }

  private static func isFree(_ port: Int) -> Bool {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private func configuration(port: Int) -> String {
    let host = ProcessInfo.processInfo.hostName.split(separator: ".").first.map(String.init) ?? "localhost"
    let nodes = Self.nodes.enumerated().map { index, name in
      "NodeName=\(name) NodeHostname=\(host) NodeAddr=127.0.0.1 Port=\(port + 1 + index) "
        + "CPUs=2 RealMemory=1000 State=UNKNOWN"
    }
    return """
      ClusterName=t\(port)
      SlurmctldHost=\(host)(127.0.0.1)
      SlurmctldPort=\(port)
      AuthType=auth/munge
      AuthInfo=socket=\(folder)/munge.sock,cred_expire=5
      CredType=cred/munge
      CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
      SlurmUser=\(userName)
      SlurmdUser=\(userName)
      StateSaveLocation=\(folder)/state
      SlurmdSpoolDir=\(folder)/spool-%n
      SlurmctldPidFile=\(folder)/slurmctld.pid
      SlurmdPidFile=\(folder)/slurmd-%n.pid
      SlurmctldLogFile=\(folder)/slurmctld.log
      SlurmdLogFile=\(folder)/slurmd-%n.log
      MailProg=/bin/true
      ProctrackType=proctrack/linuxproc
      TaskPlugin=task/none
      MpiDefault=none
      SwitchType=switch/none
      JobAcctGatherType=jobacct_gather/none
      AccountingStorageType=accounting_storage/none
      JobCompType=jobcomp/filetxt
      JobCompLoc=\(folder)/jobcomp.txt
      SelectType=select/cons_tres
      SelectTypeParameters=CR_Core
      SchedulerType=sched/backfill
      SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1,bf_interval=1
      SlurmdParameters=config_overrides
      ReturnToService=2
      MaxArraySize=10001
      MaxJobCount=20000
      MinJobAge=300
      KillWait=2
      SlurmctldTimeout=30
      SlurmdTimeout=10
      JobRequeue=1
      PropagateResourceLimits=NONE
      \(nodes.joined(separator: "\n"))
      PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP

      """
  }
}

struct SlurmFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

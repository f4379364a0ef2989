import DomainModel
import Foundation
import People
import RPC
import Wire

/// What `populate` tells a run: whose persons the stores hold, and some of them who can be read.
struct PopulatedStock: Codable, Hashable, Sendable {
  /// The file's name, beside intake's data.
  static let fileName = "populated.json"
  /// The longest file that is read, in bytes.
  static let bytesMax = 16 << 20
  /// How many holders are named.
  static let namedMax = 10_000
  /// So long ago a named permit was issued at most, in days: it is valid for some days more.
  static let validDays = 355

  /// One holder of a valid, loaded permit.
  struct Holder: Codable, Hashable, Sendable {
    let index: Int
    let applicationID: String
    let caseID: String
    let certificateIdentifier: String
    let stationCode: String
    let bureauCode: String
  }

  let seed: UInt64
  let persons: Int
  let permits: Int
  let platforms: Int
  let holders: [Holder]

  /// Reads a file; throws `Unprepared`.
  static func read(_ path: String) throws -> PopulatedStock {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Unprepared("\(path) cannot be read: it is what anju-load populate writes at its end")
    }
    guard data.count <= Self.bytesMax, let stock = try? JSONDecoder().decode(Self.self, from: data),
      (1...Scenario.platformsMax).contains(stock.platforms)
    else { throw Unprepared("\(path) is not what anju-load populate writes") }
    return stock
  }

  /// Writes the file as a whole.
  func write(_ path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// So many of the holders, spread over all of them; throws `Unprepared` where there are fewer.
  func subjects(_ count: Int, of population: Population) throws -> [Subject] {
    guard count <= self.holders.count else {
      throw Unprepared(
        "the scenario reads of \(count) holders, and \(self.holders.count) of those that were "
          + "populated have a valid permit: populate more persons")
    }
    return (0..<count).map { number in
      let holder = self.holders[number * self.holders.count / count]
      var subject = Subject(
        population[holder.index], platform: Scene.platform(holder.index, of: self.platforms))
      subject.application = IntakeV1.Application(applicationID: holder.applicationID)
      subject.caseID = holder.caseID
      subject.certificateIdentifier = holder.certificateIdentifier
      subject.stationCode = holder.stationCode
      subject.bureauCode = holder.bureauCode
      return subject
    }
  }
}

extension PopulatedStock.Holder {
  init(_ member: Member) {
    let subject = member.subject
    self.init(
      index: member.index, applicationID: subject.application.applicationID,
      caseID: subject.caseID, certificateIdentifier: subject.certificateIdentifier,
      stationCode: subject.stationCode, bureauCode: subject.bureauCode)
  }
}

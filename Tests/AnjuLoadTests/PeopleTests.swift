import DomainModel
import People
import Testing
import Wire

struct PeopleTests {
  private static let persons = (0..<20_000).map { Population(seed: 42)[$0] }
  private static let today = CivilDate(iso: "2026-11-23")

  @Test func `each number is valid, and no two are the same`() throws {
    let today = try #require(Self.today)
    for person in Self.persons {
      guard case .success(let number) = CitizenID.check(person.citizenID, on: today) else {
        Issue.record("\(person.number) has no valid number")
        continue
      }
      #expect((number.sex == .male) == (person.identity.sex == .male))
    }
    #expect(Set(Self.persons.map(\.citizenID)).count == Self.persons.count)
    #expect(Set(Self.persons.map(\.phone)).count == Self.persons.count)
  }

  @Test func `the youngest of all is of age, and the oldest not born before 1960`() throws {
    let today = try #require(Self.today)
    for number in [0, Person.count - 1] {
      guard case .success(let id) = CitizenID.check(Person(number: number).citizenID, on: today)
      else {
        Issue.record("no valid number")
        continue
      }
      #expect((1960...2004).contains(id.birthDate.year))
    }
  }

  @Test func `names are what a form takes, rare characters and middle dots among them`() {
    var (rare, dotted) = (0, 0)
    for person in Self.persons {
      guard case .success(let name) = PersonName.check(person.name) else {
        Issue.record("\(person.name) is no name")
        continue
      }
      if name.text.unicodeScalars.contains(where: { $0.value > 0xFFFF }) { rare += 1 }
      if name.text.contains("·") { dotted += 1 }
    }
    #expect(rare > 50)
    #expect(dotted > 100)
  }

  @Test func `people live in many counties`() {
    #expect(Set(Self.persons.map(\.residence.divisionCode)).count > 20)
    #expect(Self.persons.allSatisfy { $0.station == $0.residence.divisionCode + "500000" })
  }

  @Test func `a seed's persons are always the same, another's are others`() {
    #expect(Population(seed: 7)[99].citizenID == Population(seed: 7)[99].citizenID)
    #expect(Population(seed: 7)[99].citizenID != Population(seed: 8)[99].citizenID)
  }
}

import DomainModel
import ServiceCore
import Storage

extension RegistryStore {
  /// The person whom a request is about. An officer reaches whoever has had to do with his office
  /// or his county, and then all of him: nobody has to ask at every office he ever had to do with.
  ///
  /// Throws `PERSON_NOT_FOUND`, `OFFICER_WRONG_OFFICE` for an officer of elsewhere. `reach` is nil
  /// for the person himself.
  func subject(
    _ snapshot: Snapshot, _ request: SubjectRequest, within reach: RegistryReach?
  ) throws -> ID<Storage.Person> {
    guard let person = try self.persons.find(snapshot, citizenID: request.citizenID) else {
      throw ServiceError(.personNotFound)
    }
    guard let reach else { return person }
    let isReached =
      try snapshot.exists(
        """
        SELECT 1 FROM registration
        WHERE person_id = \(person) AND \(sql: reach.registrations.condition(on: "office_code"))
        """)
      || snapshot.exists(
        """
        SELECT 1 FROM permit
        WHERE person_id = \(person) AND \(sql: reach.permits.condition(on: "bureau_code"))
        """)
    if !isReached { throw ServiceError(.officerWrongOffice) }
    return person
  }
}

import DomainModel
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// 亲属关系承诺书 is signed by assent, and stands in the form.
struct KinshipTests {
  private static let signed = ModelV1.KinshipCommitment(
    relativeCitizenID: guardianNumber, relativeName: "李梅", relation: "母亲",
    textVersion: "zhejiang-kinship-1", assented: true)

  /// The rules with a first permit that asks for the commitment.
  private static func rules() throws -> RegionRules {
    var rules = try PolicyData.rules.get()
    let text = try PolicyTexts.text("zhejiang.tsv").replacing(
      "material\tfirst_permit\tphoto",
      with:
        "material\tfirst_permit\tkinship_commitment\trequired\t*\ttest\nmaterial\tfirst_permit\tphoto"
    )
    rules.policy = try PolicySettings(text: text)
    return rules
  }

  private static func told(
    _ kinship: KinshipInput?, under rules: RegionRules, slots: Set<MaterialSlot> = .ofAdult
  ) throws -> [String] {
    var draft = BadForm.goodAdult
    draft.form.kinship = kinship
    draft.slots = slots
    return BadForm.told(try BadForm.read(draft, under: rules))
  }

  @Test func `with its assent it counts as the material`() throws {
    let rules = try Self.rules()
    let signed = KinshipInput(Self.signed)
    #expect(try Self.told(nil, under: rules) == ["materials.kinship_commitment MATERIAL_MISSING"])
    #expect(try Self.told(signed, under: rules) == [])
    var unsigned = signed
    unsigned.isAssented = false
    #expect(
      try Set(Self.told(unsigned, under: rules)) == [
        "materials.kinship_commitment MATERIAL_MISSING",
        "form.kinship.assented COMMITMENT_NOT_ASSENTED",
      ])
    let paper = Set.ofAdult.union([MaterialSlot(.kinshipCommitment)])
    #expect(try Self.told(nil, under: rules, slots: paper) == [])
  }

  @Test func `everything that is wrong with it is told`() throws {
    let told = try Self.told(
      KinshipInput(
        relativeID: adultNumber, relativeName: "4711", relation: "", textVersion: "old",
        isAssented: true),
      under: Self.rules())
    #expect(told.contains("form.kinship.relative_citizen_id RELATIVE_SAME_PERSON"))
    #expect(told.contains { $0.hasPrefix("form.kinship.relative_name") })
    #expect(told.contains("form.kinship.relation FIELD_MISSING"))
    #expect(told.contains("form.kinship.text_version NOTICE_VERSION_UNKNOWN"))
  }

  @Test func `a kind that does not take the material does not want it`() throws {
    let told = try Self.told(KinshipInput(Self.signed), under: PolicyData.rules.get())
    #expect(told == ["form.kinship FIELD_NOT_WANTED"])
  }

  @Test func `text and time of the assent are kept, and stay while it is the same`() async throws {
    let world = try await World()
    var form = ModelV1.ApplicationForm.adult
    form.kinship = Self.signed
    // What a caller says of both counts for nothing.
    form.kinship?.text = "another"
    form.kinship?.assentedAtMs = 1
    var draft = try await world.update(world.draft(), .form(form))
    let first = try #require(try await world.get(draft.applicationID).form?.kinship)
    #expect(first.assentedAtMs == world.clock.now().milliseconds)
    #expect(first.text == (try PolicyData.rules.get().policy.materials.kinshipText))
    world.clock.advance(milliseconds: 5_000)
    form.phone = "13900000000"
    draft = try await world.update(draft, .form(form))
    #expect(try await world.get(draft.applicationID).form?.kinship == first)
    form.kinship?.relation = "父亲"
    draft = try await world.update(draft, .form(form))
    let again = try await world.get(draft.applicationID).form?.kinship
    #expect(again?.assentedAtMs == first.assentedAtMs + 5_000)
    form.kinship?.assented = false
    draft = try await world.update(draft, .form(form))
    let unsigned = try await world.get(draft.applicationID).form?.kinship
    #expect(unsigned?.assentedAtMs == 0 && unsigned?.text == "")
  }
}

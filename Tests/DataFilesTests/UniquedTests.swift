import DataFiles
import Testing

@Suite struct UniquedTests {
  @Test func elementsStayOnceWhereTheyFirstCame() {
    #expect([3, 1, 3, 2, 1].uniqued() == [3, 1, 2])
    #expect([[0, 1], [1, 0], [0, 1]].uniqued() == [[0, 1], [1, 0]])
    #expect([Int]().uniqued().isEmpty)
  }

  @Test func ofElementsWithOneKeyTheFirstStays() {
    #expect(["hop", "leak", "host", "link"].uniqued(on: \.first) == ["hop", "leak"])
  }
}

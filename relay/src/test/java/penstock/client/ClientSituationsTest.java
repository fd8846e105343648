package penstock.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The client in Java keeps the rules of all clients. */
class ClientSituationsTest {
    private static final int AT_LEAST = 108;

    @TestFactory
    List<DynamicTest> shouldKeepTheRulesOfAllClientsInEverySituation() throws IOException {
        final List<DynamicTest> tests = ClientSituations.all().entrySet().stream()
            .map(each -> DynamicTest.dynamicTest(each.getKey(), each.getValue()::run)).toList();
        assertThat(tests).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        return tests;
    }
}

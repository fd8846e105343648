package penstock.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The client in Java keeps the rules of all clients. */
class ClientSituationsTest {
    private static final int AT_LEAST = 108;

    @TestFactory
    List<DynamicTest> shouldKeepTheRulesOfAllClientsInEverySituation() throws IOException {
        return tests(false);
    }

    @TestFactory
    List<DynamicTest> shouldKeepThemOverRows() throws IOException {
        return tests(true);
    }

    @TestFactory
    List<DynamicTest> shouldReadRows() throws IOException {
        return tests(RowSituations.all());
    }

    private static List<DynamicTest> tests(final boolean hasRows) throws IOException {
        final List<DynamicTest> tests = tests(ClientSituations.all(hasRows));
        assertThat(tests).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        return tests;
    }

    private static List<DynamicTest> tests(final Map<String, Runnable> situations) {
        return situations.entrySet().stream()
            .map(each -> DynamicTest.dynamicTest(each.getKey(), each.getValue()::run)).toList();
    }
}

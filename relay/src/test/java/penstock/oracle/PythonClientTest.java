package penstock.oracle;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.system.PythonScript;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/** The client in Python: by its situations, and against a process while its connection is cut again and again. */
@Tag("browser")
class PythonClientTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldKeepTheRulesOfAllClientsInEverySituation() throws Exception {
        PythonScript.ofClient("test/situations.py").run(Map.of());
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldKeepThemOverRows() throws Exception {
        PythonScript.ofClient("test/rows.py").run(Map.of());
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldFailASituationWithEachKnownFault() throws Exception {
        PythonScript.ofClient("test/mutants.py").run(Map.of());
    }

    /** What its surroundings do to it: refused handshakes, lost connections, slow readers. */
    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldUseItsLibraryAsTheRulesSay() throws Exception {
        PythonScript.ofClient("test/client.py").run(Map.of());
    }
}

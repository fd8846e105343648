package penstock.system;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import penstock.testkit.Patience;

/** The operator's page of a relay with one fault: Chromium shows it, {@code ops-faults.mjs} looks. */
@Tag("browser")
class OpsFaultsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    @Timeout(2 * Patience.TEST_SECONDS)
    void shouldNameTheFaultItsCauseAndWhatToDoFirst(final SeededFault fault) throws Exception {
        try (SeededRelay relay = SeededRelay.with(fault, folder)) {
            relay.first(fault);
            NodeScript.inChromium("ops-faults.mjs", "http://127.0.0.1:" + relay.adminPort() + "/ops", fault.name(),
                fault.severity, fault.subject, fault.text, fault.cause, fault.remedy).run(Map.of());
        }
    }
}

package penstock.oracle;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.system.NodeScript;
import penstock.system.PythonScript;
import penstock.testkit.Patience;

/** Clients in two other languages lose nothing untold while connections are cut and a recording is played. */
@Tag("browser")
class RecordedDisconnectsTest extends RecordedCuts {
    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldLoseNothingUntoldInJavaScript() throws Exception {
        play((relay, proxy, cuts) ->
            NodeScript.ofClient("test/recorded.mjs", relay, proxy).run(Map.of("cut", cuts)));
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldLoseNothingUntoldInPython() throws Exception {
        play((relay, proxy, cuts) ->
            PythonScript.ofClient("test/recorded.py", relay, proxy).run(Map.of("cut", cuts)));
    }
}

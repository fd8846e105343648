package penstock.system;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;

/** The front page is smooth with many symbols. Of the gate, where a test has the machine for itself. */
@Tag("gate")
@Tag("alone")
class FrontPageFramesTest {
    @TempDir
    private Path folder;

    /** At 250 ms and at 0 ms, with 4,000 updates a second. */
    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldShowAThousandSymbolsIn58FramesASecondWithHalfOfTheMainThread() throws Exception {
        NodeScript.inChromium("front-page-frames.mjs", RelayProcess.commandIn(folder).toString()).run(Map.of());
    }
}

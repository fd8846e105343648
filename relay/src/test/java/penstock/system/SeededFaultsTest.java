package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import penstock.testkit.Patience;
import penstock.top.TopCommand;
import picocli.CommandLine;

/**
 * Six faults, each put into a relay that is well otherwise: the admin API names the fault and its cause first, and the
 * first lines of {@code relay top} do. {@link OpsFaultsTest} looks at the operator's page.
 */
@Tag("gate")
class SeededFaultsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldNameTheFaultAndItsCauseFirst(final SeededFault fault) throws Exception {
        try (SeededRelay relay = SeededRelay.with(fault, folder)) {
            final Map<?, ?> first = relay.first(fault);
            assertThat(first.get("severity")).isEqualTo(fault.severity);
            assertThat(first.get("remedy").toString()).startsWith(fault.remedy);
            if (fault == SeededFault.WRONG_CLOCK) {
                assertThat(first.get("text").toString()).matches(".* [45][.][0-9] s ahead of this machine's clock");
            }
            assertTopShows(relay.adminPort(), fault);
        }
    }

    /** Behind the line that says whether prices are live come the fault and its cause. A busy machine may be late. */
    private static void assertTopShows(final int adminPort, final SeededFault fault) {
        await(fault.name()).atMost(Patience.LIMIT).untilAsserted(() -> {
            final StringWriter out = new StringWriter();
            assertThat(new CommandLine(new TopCommand()).setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true)).execute("--once", "--url", "127.0.0.1:" + adminPort)).isZero();
            final List<String> lines = out.toString().lines().toList();
            assertThat(lines.get(0)).startsWith("PRICES ARE ");
            assertThat(lines.get(1)).startsWith(String.format("%-8s", fault.severity.toUpperCase(Locale.ROOT)) + " "
                + fault.subject);
            assertThat(lines.get(1)).contains(": " + fault.text.strip());
            assertThat(lines.get(2).strip()).startsWith("because " + fault.cause.split(",")[0]);
        });
    }
}

package penstock.bench.release.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.progress.ProgressLine;

class ReleasePlanTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private long nowNs = 3;
    @TempDir
    private Path folder;

    @Test
    void shouldSayHowFarTheStepsAreAndWhatIsLeft() throws IOException {
        try (ReleasePlan plan = plan()) {
            plan.add("tests", 100);
            plan.add("benchmarks", 200);
            plan.add("packages", 100);
            show(plan);
            plan.skip("tests");
            plan.begin("benchmarks");
            nowNs += 20 * SECOND_NS;
            plan.show();
            nowNs += 300 * SECOND_NS;
            plan.show();
            plan.begin("packages");
            nowNs += SECOND_NS;
            plan.show();
        }
        assertThat(shown()).containsExactly("release: 30 %, step 2 of 3, benchmarks for 20 s, 4 min 40 s left",
            "release: 75 %, step 2 of 3, benchmarks for 320 s, 1 min 40 s left", "",
            "release: 75 %, step 3 of 3, packages for 1 s, 1 min 39 s left", "");
    }

    @Test
    void shouldExpectOfAStepWhatItTookTheLastTime() throws IOException {
        try (ReleasePlan plan = plan()) {
            plan.add("tests", 100);
            plan.add("packages", 100);
            plan.begin("tests");
            nowNs += 30 * SECOND_NS;
            plan.begin("packages");
            nowNs += 7 * SECOND_NS;
            plan.end();
        }
        final ReleasePlan next = plan();
        next.add("tests", 100);
        next.add("packages", 100);
        assertThat(next.seconds()).isEqualTo(37);
    }

    @Test
    void shouldNotRememberAStepThatFailed() throws IOException {
        try (ReleasePlan plan = plan()) {
            plan.add("tests", 100);
            plan.begin("tests");
            nowNs += SECOND_NS;
        }
        final ReleasePlan next = plan();
        next.add("tests", 100);
        assertThat(next.seconds()).isEqualTo(100);
    }

    private ReleasePlan plan() throws IOException {
        return new ReleasePlan(folder.resolve("target/seconds"), () -> nowNs);
    }

    private void show(final ReleasePlan plan) {
        plan.start(new ProgressLine(new PrintStream(written, true, StandardCharsets.UTF_8), "release", plan.seconds(),
            () -> nowNs));
    }

    /** Each text of the line, empty where it went away. */
    private String[] shown() {
        return written.toString(StandardCharsets.UTF_8).replaceFirst("\r\u001b\\[K", "").split("\r\u001b\\[K", -1);
    }
}

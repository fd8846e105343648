package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.testkit.Patience;

@Timeout(Patience.TEST_SECONDS)
class LineQueueTest {
    private static final long SOON_MS = 10_000;

    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final LongAdder dropped = new LongAdder();
    private final LineQueue<String> lines = new LineQueue<>("test", new LineQueue.Writer<>() {
        @Override
        public int bytes(final String line) {
            return line.length();
        }

        @Override
        public String missing(final long count) {
            return count + " are missing";
        }

        @Override
        public void write(final String line) {
            if (line.equals("bad")) {
                throw new IllegalArgumentException(line);
            }
            written.add(line);
        }
    }, dropped);

    @Test
    void shouldGoOnAfterALineThatCannotBeWritten() throws InterruptedException {
        List.of("good", "bad", "good again").forEach(lines::add);
        assertThat(lines.awaitWritten(SOON_MS)).isTrue();
        assertThat(written).containsExactly("good", "good again");
        assertThat(dropped.sum()).isEqualTo(1);
        lines.end(0);
    }
}

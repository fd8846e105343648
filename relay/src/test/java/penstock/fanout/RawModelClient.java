package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import penstock.testkit.RecordingSocket;
import penstock.wire.request.SymbolPattern;

/**
 * A careful reader of bare payloads: nothing but payloads of what it asked for, and never an older one after a newer.
 */
final class RawModelClient {
    final RecordingSocket socket;
    final Session session;
    final SymbolPattern pattern;
    private final ModelFeed feed;
    private final Map<String, Long> newest = new HashMap<>();

    RawModelClient(final RecordingSocket socket, final Session session, final SymbolPattern pattern,
            final ModelFeed feed) {
        this.socket = socket;
        this.session = session;
        this.pattern = pattern;
        this.feed = feed;
    }

    void read() {
        for (final RecordingSocket.Frame frame : socket.takeFrames()) {
            if (frame.opcode() == 1) {
                assertThat(frame.text()).matches("\\[\\{\"n\":\\d+}]");
                final int number = Integer.parseInt(frame.text().substring(6, frame.text().length() - 2));
                final String symbol = feed.symbol(number);
                assertThat(pattern.matches(symbol)).as(symbol).isTrue();
                final Long before = newest.put(symbol, feed.q(number));
                assertThat(before == null || before < feed.q(number)).as(symbol + " after q " + before).isTrue();
            }
        }
    }

    void checkNewest() {
        for (final String symbol : feed.symbols()) {
            if (pattern.matches(symbol)) {
                assertThat(newest.get(symbol)).as(symbol + " newest, raw").isEqualTo(feed.newestQ(symbol));
            }
        }
    }
}

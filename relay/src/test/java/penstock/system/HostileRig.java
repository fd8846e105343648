package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import penstock.replay.DemoFeed;
import penstock.testkit.GoodClient;
import penstock.testkit.OpenFiles;

/**
 * A whole relay at a lively feed with good subscribers, for hostile clients to do their worst. After each of them
 * {@link #assertServesANewClient} holds; at the end every good subscriber's ledger is whole, none waited longer than a
 * second, and nothing is left. A second is one in which this process runs: a machine full of other work let all of it,
 * the relay and its clients, stand for 3.8 s. One thread.
 */
final class HostileRig implements AutoCloseable {
    private static final long LONGEST_WAIT_NS = 1_000_000_000L;
    /** Allowance for other load on the machine. */
    private static final long STUCK_NS = 10_000_000_000L;

    final DemoFeed feed;
    final RelayRig relay;
    private final SteadyStreamCheck steadiness;
    private final long filesBefore;

    HostileRig(final String... settings) throws IOException {
        feed = DemoFeed.start(0, 11, 2_000);
        relay = new RelayRig("demo", feed.url(), settings);
        for (int i = 0; i < 6; i++) {
            final String symbols = i % 3 == 0 ? "EUR*,BTC*,GBP*" : "*";
            relay.fleet.open((i == 5 ? "/v1/raw" : "/v1/ws") + "?symbols=" + symbols + "&interval=" + i % 2 * 100, 0);
        }
        await("good subscribers").until(() -> relay.fleet.subscribers.stream().allMatch(s -> s.updates > 10));
        filesBefore = OpenFiles.count();
        steadiness = new SteadyStreamCheck(relay.fleet.subscribers);
    }

    int port() {
        return relay.relay.port();
    }

    /** A client with a session and a subscription. */
    HostileClient open() throws IOException {
        final HostileClient client = HostileClient.upgraded(port(), "/v1/ws?symbols=EUR*&interval=0");
        assertThat(client.reply()).startsWith("{\"type\":\"ack\"");
        return client;
    }

    /** A session that sends {@code bytes} is closed with a code and reason that begin with {@code close}. */
    void expectClose(final String what, final byte[] bytes, final String close) throws IOException {
        try (HostileClient client = open()) {
            client.writeWhatIsAccepted(bytes);
            assertThat(client.readClose()).as(what).startsWith(close);
        }
    }

    /** A new client has its welcome, its images and its answers within a second. */
    void assertServesANewClient() throws IOException {
        GoodClient.assertInTime(() -> {
            try (HostileClient good = HostileClient.upgraded(port(), "/v1/ws")) {
                assertThat(good.ask("{\"op\":\"subscribe\",\"id\":1,\"symbols\":[\"EURUSD\"]}"))
                    .contains("\"ack\"", "\"matched\":1");
                assertThat(good.ask("{\"op\":\"ping\",\"id\":2}")).startsWith("{\"type\":\"pong\",\"id\":2,");
            }
        });
    }

    @Override
    public void close() throws IOException {
        steadiness.stop();
        try {
            assertThat(steadiness.longestRanNs()).as("longest wait of a good subscriber, ns")
                .isLessThan(LONGEST_WAIT_NS);
            assertThat(steadiness.longestNs()).as("the same with what the machine took, ns").isLessThan(STUCK_NS);
            assertThat(relay.fleet.subscribers).noneMatch(subscriber -> subscriber.isGone || subscriber.closeCode >= 0);
            await("sessions").until(() -> relay.relay.sessionCount() == relay.fleet.subscribers.size());
            await("open files").untilAsserted(() -> assertThat(OpenFiles.count()).isLessThanOrEqualTo(filesBefore + 2));
        } finally {
            relay.close();
            feed.close();
        }
    }

    /** Bytes that the io threads of the relay have allocated so far. */
    static long allocatedByIoThreads() {
        final ThreadMXBean threads =
            (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
            .filter(info -> info != null && info.getThreadName().startsWith("fanout I/O"))
            .mapToLong(info -> threads.getThreadAllocatedBytes(info.getThreadId())).sum();
    }
}

package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.config.relay.FeedConfig;
import penstock.telemetry.Counter;
import penstock.testkit.LoopbackServer;
import penstock.venue.Venue;

/** A feed of lines over TCP, with a program of the test at the other end. */
class LineFeedTest extends NetworkFeedRig {
    private final BlockingQueue<Socket> clients = new LinkedBlockingQueue<>();
    private LoopbackServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new LoopbackServer(ServerSocketFactory.getDefault(), client -> {
            clients.add(client);
            awaitEnd(client);
        });
    }

    @AfterEach
    void stopListening() throws IOException {
        server.close();
    }

    @Test
    void shouldReadOneDocumentALineWhateverPartsItComesIn() throws Exception {
        final OutputStream out = connect();
        write(out, "{\"symbol\":\"EURUSD\",\"bid\":1.1}\n{\"symb");
        awaitNews("0 {\"symbol\":\"EURUSD\",\"bid\":1.1}");
        write(out, "ol\":\"GBPUSD\",\"bid\":1.2}\r\n\n{\"symbol\":\"USDJPY\",\"bid\":150}\n");
        awaitNews("1 {\"symbol\":\"GBPUSD\",\"bid\":1.2}");
        awaitNews("2 {\"symbol\":\"USDJPY\",\"bid\":150}");
        assertThat(ring.count(Counter.FEED_FRAMES)).isEqualTo(3);
    }

    @Test
    void shouldCountAndSkipALineThatIsTooLongOrNoText() throws Exception {
        final OutputStream out = connect();
        write(out, "{\"symbol\":\"A\",\"x\":\"");
        final byte[] part = "y".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 5; i++) {
            out.write(part);
        }
        write(out, "\"}\n");
        out.write(new byte[] {'{', '"', (byte) 0xff, '"', '\n'});
        write(out, "no json\n{\"symbol\":\"B\",\"bid\":1}\n");
        awaitNews("0 {\"symbol\":\"B\",\"bid\":1}");
        assertThat(ring.count(Counter.FEED_NOT_JSON)).isEqualTo(3);
        assertThat(ring.all).noneMatch(line -> line.contains("STALE"));
    }

    @Test
    void shouldConnectAgainAfterTheEnd() throws Exception {
        final OutputStream out = connect();
        write(out, "{\"symbol\":\"A\",\"bid\":1}\n");
        awaitNews("0 {\"symbol\":\"A\",\"bid\":1}");
        out.close();
        awaitNews("STALE upstream_disconnected");
        write(clients.poll(30, TimeUnit.SECONDS).getOutputStream(), "{\"symbol\":\"A\",\"bid\":2}\n");
        awaitNews("0 {\"symbol\":\"A\",\"bid\":2}");
    }

    @Test
    void shouldSayThatNothingListens() {
        begin(Venue.load("json"), config("tcp://127.0.0.1:1"));
        final String why = "no connection to tcp://127.0.0.1:1: java.net.ConnectException";
        await().until(() -> session.detail().startsWith(why));
        awaitNews("STALE upstream_unreachable");
    }

    @Test
    void shouldRefuseAVenueThatIsSentRequests() {
        assertThatThrownBy(() -> FeedPlan.of(Venue.load("kraken-v2"), config("tcp://localhost:5000")))
            .hasMessageContaining("feed.url: lines from [tcp://localhost:5000] are only read, and venue kraken-v2 is "
            + "sent");
        assertThatThrownBy(() -> FeedPlan.of(Venue.load("json"), config("tcp://localhost")))
            .hasMessage("feed.url: must have a port and nothing behind it, like tcp://localhost:5000");
    }

    private static FeedConfig config(final String url) {
        return new FeedConfig("test", "json", List.of(url), List.of(), List.of(), Map.of());
    }

    private OutputStream connect() throws Exception {
        begin(Venue.load("json"), config("tcp://127.0.0.1:" + server.port()));
        return clients.poll(30, TimeUnit.SECONDS).getOutputStream();
    }

    private static void write(final OutputStream out, final String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void awaitEnd(final Socket client) {
        try {
            client.getInputStream().read();
        } catch (final IOException e) {
            // the relay or the test has closed it
            return;
        }
    }
}

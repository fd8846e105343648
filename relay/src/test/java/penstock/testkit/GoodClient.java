package penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;

/**
 * A client that does no harm, after one that did: it opens a session and asks for a pong. It has its answer within a
 * second of time in which this process runs, whatever was done to the relay before. Blocks; any thread.
 */
public final class GoodClient {
    private static final long ANSWERED_NS = 1_000_000_000L;
    /** Allowance for other load on the machine. */
    private static final long STUCK_NS = 10_000_000_000L;
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private GoodClient() {
    }

    /** What a client does, up to its answer. */
    @FunctionalInterface
    public interface Visit {
        /** Returns when the answer has come. */
        void run() throws IOException;
    }

    /** A port of this machine serves a new client; {@code headers} are added to its handshake. */
    public static void assertServed(final int port, final String... headers) throws IOException {
        assertServed(port, new Socket(), headers);
    }

    /** The same through {@code socket}, which is not connected and may be one of TLS. */
    public static void assertServed(final int port, final Socket socket, final String... headers) throws IOException {
        assertInTime(() -> {
            try (FrameSocket client = new FrameSocket(port, 0, socket)) {
                client.write(FrameSocket.ascii(FrameSocket.handshake("/v1/ws", KEY).replace("Host: localhost\r\n",
                    "Host: localhost\r\n" + String.join("", lines(headers)))));
                assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
                client.write(FrameSocket.text("{\"op\":\"ping\",\"id\":\"good\"}"));
                String answer = client.readFrame().text();
                while (!answer.startsWith("{\"type\":\"pong\",\"id\":\"good\",")) {
                    assertThat(answer).as("before the pong").doesNotContain("\"error\"");
                    answer = client.readFrame().text();
                }
            }
        });
    }

    /** {@code visit} ends within a second of time in which this process runs. */
    public static void assertInTime(final Visit visit) throws IOException {
        final long beganNs = System.nanoTime();
        try (RunningClock clock = new RunningClock()) {
            visit.run();
            assertThat(clock.ns()).as("ns to be served").isLessThan(ANSWERED_NS);
        }
        assertThat(System.nanoTime() - beganNs).as("the same with what the machine took, ns").isLessThan(STUCK_NS);
    }

    private static String[] lines(final String... headers) {
        final String[] lines = headers.clone();
        for (int i = 0; i < lines.length; i++) {
            lines[i] += "\r\n";
        }
        return lines;
    }
}

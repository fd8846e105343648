package penstock.client.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.testkit.LoopbackServer;
import penstock.testkit.Patience;

/** What a handshake that fails is reported as. */
class JdkTransportTest {
    /** RFC 6455, section 1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (\\S+)");

    private static final int CUTS = 40;

    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final ClientTransport.Events events = new ClientTransport.Events() {
        @Override
        public void onOpen() {
            closed.complete("open");
        }

        @Override
        public void onText(final CharSequence text, final Runnable done) {
            closed.complete("a text");
        }

        @Override
        public void onClose(final int code, final String reason) {
            closed.complete(code + " " + reason);
        }
    };

    @ParameterizedTest
    @CsvSource({"401 Unauthorized, 4401 HTTP 401", "403 Forbidden, 4403 HTTP 403", "414 URI Too Long, 4413 HTTP 414",
        "426 Upgrade Required, 4400 HTTP 426", "429 Too Many Requests, 4429 retryAfter=7000 HTTP 429",
        "503 Service Unavailable, 4503 retryAfter=7000 HTTP 503", "404 Not Found, 1006 HTTP 404",
        "502 Bad Gateway, 1006 HTTP 502"})
    void shouldReportARefusedHandshakeAsTheCodeThatAPageGets(final String status, final String expected)
            throws Exception {
        try (LoopbackServer server =
                 new LoopbackServer(ServerSocketFactory.getDefault(), client -> refuse(client, status))) {
            assertThat(end(server.port())).isEqualTo(expected);
        }
    }

    @Test
    void shouldSendTheHeadersThatTheUserAsksForAndNoSubprotocolIfNoneIsOffered() throws Exception {
        final CompletableFuture<String> request = new CompletableFuture<>();
        try (LoopbackServer server = new LoopbackServer(ServerSocketFactory.getDefault(),
                 client -> request.complete(refuse(client, "403 Forbidden")))) {
            new JdkTransport().header("X-Desk", "7").header("Authorization", "Bearer key")
                .open(URI.create("ws://127.0.0.1:" + server.port() + "/v1/raw"), List.of(), events);
            assertThat(request.get(Patience.SECONDS, TimeUnit.SECONDS)).contains("X-Desk: 7\r\n",
                "Authorization: Bearer key\r\n").doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
        }
    }

    /** The JDK loses every tenth of these ends. */
    @RepeatedTest(20)
    void shouldReportAConnectionThatEndsWhileAMessageIsRead() throws Exception {
        final CompletableFuture<Runnable> reading = new CompletableFuture<>();
        try (LoopbackServer server = new LoopbackServer(ServerSocketFactory.getDefault(), client -> {
            try (client) {
                accept(client);
                send(client, "a");
                reading.join();
            } catch (final IOException gone) {
                throw new AssertionError(gone);
            }
        })) {
            new JdkTransport().open(address(server), List.of(), new Reader((text, done) -> reading.complete(done)));
            assertThat(closed.get(Patience.SECONDS, TimeUnit.SECONDS)).startsWith("1006 ");
        }
    }

    /** The JDK loses many of these ends: each comes while the part before it is handed over. */
    @Test
    void shouldReportAConnectionThatEndsWithinAMessageAndKeepOneThatPauses() throws Exception {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        final CompletableFuture<Void> goesOn = new CompletableFuture<>();
        final CompletableFuture<Void> isOver = new CompletableFuture<>();
        try (LoopbackServer ending = new LoopbackServer(ServerSocketFactory.getDefault(),
                 client -> serve(client, () -> { }));
             LoopbackServer pausing = new LoopbackServer(ServerSocketFactory.getDefault(),
                 client -> serve(client, () -> {
                     goesOn.join();
                     client.getOutputStream().write("part".getBytes(StandardCharsets.US_ASCII));
                     isOver.join();
                 }))) {
            final ClientTransport transport = new JdkTransport();
            transport.open(address(pausing), List.of(), new Heard(heard));
            for (int i = 0; i < CUTS; i++) {
                transport.open(address(ending), List.of(), new Heard(heard));
            }
            final long startNs = System.nanoTime();
            for (int i = 0; i < CUTS; i++) {
                assertThat(heard.poll(Patience.SECONDS, TimeUnit.SECONDS)).startsWith("1006 ");
            }
            System.out.printf("%d ends within a message were reported in %d ms%n", CUTS,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
            goesOn.complete(null);
            assertThat(heard.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("apart");
            isOver.complete(null);
        }
    }

    /** What a server does after the first part of a message. */
    private interface Rest {
        void run() throws IOException;
    }

    /** Sends a message and the first part of another one. */
    private static void serve(final Socket client, final Rest rest) {
        try (client) {
            accept(client);
            send(client, "whole");
            client.getOutputStream().write("\u0081\u0005a".getBytes(StandardCharsets.ISO_8859_1));
            rest.run();
        } catch (final IOException gone) {
            throw new AssertionError(gone);
        }
    }

    @Test
    void shouldHandOverOneMessageAtATimeInOrder() throws Exception {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final BlockingQueue<Runnable> ends = new LinkedBlockingQueue<>();
        final CompletableFuture<Void> isOver = new CompletableFuture<>();
        try (LoopbackServer server = new LoopbackServer(ServerSocketFactory.getDefault(), client -> {
            try (client) {
                accept(client);
                for (final String text : new String[] {"a", "b", "c", "d"}) {
                    send(client, text);
                }
                isOver.join();
            } catch (final IOException gone) {
                throw new AssertionError(gone);
            }
        })) {
            new JdkTransport().open(address(server), List.of(), new Reader((text, done) -> {
                texts.add(text.toString());
                ends.add(done);
            }));
            for (final String text : new String[] {"a", "b", "c", "d"}) {
                final Runnable end = ends.poll(Patience.SECONDS, TimeUnit.SECONDS);
                assertThat(texts).containsExactly(text);
                texts.clear();
                end.run();
            }
            isOver.complete(null);
        }
    }

    @Test
    void shouldReportARelayThatIsNotThereAsALostConnection() throws Exception {
        final int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThat(end(port)).startsWith("1006 ");
    }

    private String end(final int port) throws Exception {
        new JdkTransport().open(URI.create("ws://127.0.0.1:" + port + "/v1/ws"),
            List.of("penstock.v1.rows", "penstock.v1.json"), events);
        return closed.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    /** Reads texts, and reports the end. */
    private final class Reader implements ClientTransport.Events {
        private final BiConsumer<CharSequence, Runnable> texts;

        Reader(final BiConsumer<CharSequence, Runnable> texts) {
            this.texts = texts;
        }

        @Override
        public void onOpen() {
            // what counts is what comes
        }

        @Override
        public void onText(final CharSequence text, final Runnable done) {
            texts.accept(text, done);
        }

        @Override
        public void onClose(final int code, final String reason) {
            closed.complete(code + " " + reason);
        }
    }

    /** Keeps all texts and ends. */
    private record Heard(BlockingQueue<String> all) implements ClientTransport.Events {
        @Override
        public void onOpen() {
            // what counts is what comes
        }

        @Override
        public void onText(final CharSequence text, final Runnable done) {
            if (!text.toString().equals("whole")) {
                all.add(text.toString());
            }
            done.run();
        }

        @Override
        public void onClose(final int code, final String reason) {
            all.add(code + " " + reason);
        }
    }

    private static URI address(final LoopbackServer server) {
        return URI.create("ws://127.0.0.1:" + server.port() + "/v1/ws");
    }

    /** Accepts a handshake. */
    private static void accept(final Socket client) throws IOException {
        final Matcher key = KEY.matcher(head(client));
        assertThat(key.find()).isTrue();
        final byte[] answer;
        try {
            answer = MessageDigest.getInstance("SHA-1")
                .digest((key.group(1) + GUID).getBytes(StandardCharsets.US_ASCII));
        } catch (final NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        client.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(answer) + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends a short text message. */
    private static void send(final Socket client, final String text) throws IOException {
        final byte[] frame = (".." + text).getBytes(StandardCharsets.US_ASCII);
        frame[0] = (byte) 0x81;
        frame[1] = (byte) text.length();
        client.getOutputStream().write(frame);
    }

    private static String head(final Socket client) throws IOException {
        final StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) client.getInputStream().read());
        }
        return head.toString();
    }

    /** Answers a handshake so; returns its head. */
    private static String refuse(final Socket client, final String status) {
        try (client) {
            final String head = head(client);
            final String wait = status.matches("(429|503).*") ? "Retry-After: 7\r\n" : "";
            client.getOutputStream().write(("HTTP/1.1 " + status + "\r\nWWW-Authenticate: Bearer\r\n" + wait
                + "Content-Length: 2\r\nConnection: close\r\n\r\n{}").getBytes(StandardCharsets.US_ASCII));
            return head;
        } catch (final IOException gone) {
            throw new AssertionError(gone);
        }
    }
}

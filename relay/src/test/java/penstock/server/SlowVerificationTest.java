package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.config.relay.AuthConfig;
import penstock.identity.AccessControl;
import penstock.identity.Authenticator;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.telemetry.Counter;
import penstock.websocket.Opcode;

/** Tokens that another thread verifies, here the test: the client waits, and no io thread does. */
class SlowVerificationTest {
    private static final String AUTH = "{\"op\":\"auth\",\"id\":1,\"token\":\"good\"}";

    private static final Queue<CompletableFuture<Principal>> WAITING = new ConcurrentLinkedQueue<>();
    private static final Principal CLIENT = new Principal("desk-7", Set.of("all"), 3, Principal.NEVER, "test");
    private static ServedFeed served;

    /** Good tokens are known at once where nobody may wait. */
    private static final class Slow implements Authenticator {
        @Override
        public Principal authenticate(final String token) {
            return CLIENT;
        }

        @Override
        public CompletableFuture<Principal> verify(final String token) {
            final CompletableFuture<Principal> result = new CompletableFuture<>();
            WAITING.add(result);
            return result;
        }
    }

    @BeforeAll
    static void serve() throws IOException {
        served = ServedFeed.withAccess(new AccessControl("jwt", new Slow(),
            new Products(Map.of("all", new AuthConfig.Product(List.of(), List.of("*")))), Clock.systemUTC()));
        served.live();
        served.tick("EURUSD", "{\"bid\":1.10}");
    }

    @AfterAll
    static void close() {
        served.close();
    }

    @BeforeEach
    void forget() {
        WAITING.clear();
    }

    @ParameterizedTest
    @CsvSource({"/v1/ws,101", "/v1/raw?symbols=EURUSD,101", "/v1/sse?symbols=EURUSD,200", "/v1/snapshot,200",
        "/v1/symbols,200"})
    void shouldServeOthersWhileARequestWaitsAndThenTheRequest(final String target, final int status)
            throws IOException {
        try (SocketClient client = begin(target)) {
            final CompletableFuture<Principal> verification = next();
            settleAll();
            verification.complete(CLIENT);
            assertThat(client.readHttp().status).isEqualTo(status);
        }
        try (SocketClient client = begin(target)) {
            next().completeExceptionally(TokenException.invalid("test"));
            assertThat(client.readHttp().status).isEqualTo(401);
            assertThat(client.body).contains("\"token_invalid\"");
        }
        try (SocketClient client = begin(target)) {
            next().completeExceptionally(new TokenException(TokenException.Kind.BUSY, "test"));
            assertThat(client.readHttp().status).isEqualTo(503);
            assertThat(client.header("Retry-After")).isEqualTo("1");
        }
        assertThat(served.telemetry.errors().distinctCount()).isZero();
    }

    @Test
    void shouldHandleWhatCameBehindTheFirstMessage() throws IOException {
        try (SocketClient client = served.upgraded("/v1/ws?symbols=EURUSD").say(AUTH)) {
            client.say("{\"op\":\"ping\",\"id\":2}").send(SocketClient.message(Opcode.PING, new byte[] {'x'}))
                .say("{\"op\":\"list\",\"id\":3}");
            final CompletableFuture<Principal> verification = next();
            settleAll();
            assertThat(served.sessions()).isZero();
            verification.complete(CLIENT);
            assertThat(client.read()).contains("welcome");
            assertThat(client.read()).isEqualTo("{\"type\":\"ack\",\"id\":1,\"op\":\"auth\"}");
            final List<String> answers = new ArrayList<>();
            while (answers.stream().noneMatch(answer -> answer.contains("\"id\":3"))) {
                answers.add(client.read());
            }
            assertThat(answers).contains("pong:x").anyMatch(answer -> answer.contains("\"pong\",\"id\":2"))
                .last().asString().contains("EURUSD");
            assertThat(client.say("ping").readUntil("pong")).isEqualTo("pong");
        }
        await().until(() -> served.sessions() == 0);
    }

    @Test
    void shouldHandleWhatCameInTheSamePacketInItsOrder() throws IOException {
        try (SocketClient client = served.upgraded("/v1/ws")) {
            final byte[] auth = SocketClient.text(AUTH);
            final byte[] ping = SocketClient.text("{\"op\":\"ping\",\"id\":2}");
            final byte[] both = new byte[auth.length + ping.length];
            System.arraycopy(auth, 0, both, 0, auth.length);
            System.arraycopy(ping, 0, both, auth.length, ping.length);
            client.send(both);
            next().complete(CLIENT);
            assertThat(client.read()).contains("welcome");
            assertThat(client.read()).contains("\"op\":\"auth\"");
            assertThat(client.read()).contains("pong", "\"id\":2");
        }
    }

    @Test
    void shouldCloseAWebSocketWhoseTokenTurnsOutToBeWrong() throws IOException {
        try (SocketClient client = served.upgraded("/v1/ws").say(AUTH).say("{\"op\":\"ping\"}")) {
            next().completeExceptionally(new TokenException(TokenException.Kind.EXPIRED, "test"));
            assertThat(client.read()).startsWith("close 4401 token_expired");
        }
        try (SocketClient client = served.upgraded("/v1/ws").say(AUTH)) {
            next().completeExceptionally(new TokenException(TokenException.Kind.BUSY, "test"));
            assertThat(client.read()).isEqualTo("close 4503 retryAfter=1000");
        }
    }

    @Test
    void shouldForgetAClientThatGoesWhileItWaits() throws IOException {
        await().until(() -> served.sessions() == 0);
        final long before = opened() - closed();
        for (final String target : List.of("/v1/ws", "/v1/sse?symbols=EURUSD", "/v1/snapshot")) {
            final SocketClient client = begin(target);
            final CompletableFuture<Principal> verification = next();
            client.close();
            verification.complete(CLIENT);
        }
        final SocketClient client = served.upgraded("/v1/ws").say(AUTH);
        final CompletableFuture<Principal> verification = next();
        client.close();
        verification.complete(CLIENT);
        await().until(() -> served.sessions() == 0 && opened() - closed() == before);
        assertThat(served.telemetry.errors().distinctCount()).isZero();
    }

    @Test
    void shouldRenewATokenWithoutHoldingUpTheSession() throws IOException {
        try (SocketClient client = begin("/v1/ws")) {
            next().complete(CLIENT);
            client.readHttp();
            assertThat(client.read()).contains("welcome");
            client.say(AUTH);
            final CompletableFuture<Principal> verification = next();
            assertThat(client.say("ping").read()).isEqualTo("pong");
            assertThat(client.say(AUTH.replace("1", "2")).read()).contains("\"id\":2", "rate_limited");
            verification.complete(CLIENT);
            assertThat(client.read()).isEqualTo("{\"type\":\"ack\",\"id\":1,\"op\":\"auth\"}");
            client.say(AUTH);
            next().completeExceptionally(TokenException.invalid("test"));
            assertThat(client.read()).contains("\"id\":1", "token_invalid");
            assertThat(client.say("ping").read()).isEqualTo("pong");
        }
    }

    private static long opened() {
        return served.telemetry.sum(Counter.SESSIONS_OPENED);
    }

    private static long closed() {
        return served.telemetry.sum(Counter.SESSIONS_CLOSED);
    }

    /** The io threads answer, though a verification is under way. */
    private static void settleAll() throws IOException {
        served.settle();
        for (int i = 0; i < 4; i++) {
            try (SocketClient client = served.connect().get("/healthz")) {
                assertThat(client.status).isEqualTo(200);
            }
        }
    }

    private static CompletableFuture<Principal> next() {
        await().until(() -> !WAITING.isEmpty());
        return WAITING.remove();
    }

    private static SocketClient begin(final String target) throws IOException {
        final String request = target.startsWith("/v1/ws") || target.startsWith("/v1/raw")
            ? SocketClient.handshake(target) : "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        return served.connect().send(request.replace("\r\n\r\n", "\r\nAuthorization: Bearer good\r\n\r\n").getBytes());
    }
}

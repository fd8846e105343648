package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.server.EventClient.Event;
import penstock.telemetry.Counter;

class EventStreamTest {
    private static final Pattern ENTRY = Pattern.compile("\"q\":(\\d+)(?:,\"t\":5)?(?:,\"c\":(\\d+))?");

    private ServedFeed served;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedFeed();
        served.live();
        served.tick("EURUSD", "{\"bid\":1.10}");
        served.tick("GBPUSD", "{\"bid\":1.27}");
    }

    @AfterEach
    void close() throws IOException {
        try (EventClient good = open("/v1/sse?symbols=GBPUSD")) {
            assertThat(good.readUntil("snapshot").data()).contains("1.27");
        }
        Awaitility.await().until(() -> served.sessions() == 0);
        served.close();
    }

    @Test
    void shouldSendTheMessagesOfTheProtocolAsEvents() throws IOException {
        try (EventClient client = open("/v1/sse?channel=quote&symbols=EUR*,X&interval=0")) {
            assertThat(client.head).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
            assertThat(client.header("Cache-Control")).isEqualTo("no-store");
            assertThat(client.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(client.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(client.header("Connection")).isEqualTo("close");
            assertThat(client.header("Content-Length")).isNull();
            assertThat(client.header("Transfer-Encoding")).isNull();
            assertThat(client.header("Access-Control-Allow-Origin")).isNull();
            final Event welcome = client.read();
            assertThat(welcome.type()).isEqualTo("welcome");
            assertThat(welcome.data()).startsWith("{\"type\":\"welcome\",\"protocol\":\"penstock.v1\"").endsWith("}");
            assertThat(Integer.parseInt(client.retry())).isBetween(2_000, 4_000);
            assertThat(client.read())
                .isEqualTo(new Event("ack", "0-0", "{\"type\":\"ack\",\"op\":\"subscribe\",\"sub\":\"0\",\"replaces\":\"all\",\"effective\":"
                + "{\"channel\":\"quote\",\"mode\":\"conflate\",\"interval\":0},\"matched\":1,\"unknown\":[\"X\"],"
                + "\"denied\":[],\"resumed\":false}"));
            final Event snapshot = client.read();
            assertThat(snapshot.type()).isEqualTo("snapshot");
            assertThat(snapshot.id()).isEqualTo("27-2");
            assertThat(snapshot.data())
                .contains("\"p\":2,\"last\":true", "{\"s\":\"EURUSD\",\"q\":1,\"t\":5,\"v\":{\"bid\":1.10}}");
            served.tick("EURUSD", "{\"bid\":1.20}");
            final Event update = client.read();
            assertThat(update.type()).isEqualTo("update");
            assertThat(update.id()).isEqualTo("27-3");
            assertThat(update.data()).contains("\"p\":3,", "{\"s\":\"EURUSD\",\"q\":2,\"t\":5,\"v\":{\"bid\":1.20}}");
            served.stale();
            assertThat(client.read().data()).startsWith("{\"type\":\"status\",\"scope\":\"feed\",\"state\":\"stale\"");
        }
    }

    @Test
    void shouldKeepAValueWithLineBreaksInOneEvent() throws IOException {
        served.tick("LINES", "{\n\t\"bid\": 1.10,\r\n  \"text\": \"a\\nb é\",\r\"ask\":\n\n1.20\n}");
        try (EventClient client = open("/v1/sse?symbols=LINES&interval=0")) {
            final String sent = client.readUntil("snapshot").data();
            assertThat(sent).endsWith("\"v\":{  \"bid\": 1.10,    \"text\": \"a\\nb é\", \"ask\":  1.20 }}]}");
            served.tick("LINES", "[1\n]");
            assertThat(client.read().data()).endsWith("\"v\":[1 ]}]}");
        }
    }

    @Test
    void shouldKeepTheLedgerOfASlowReader() throws IOException {
        final String filler = "x".repeat(3_000);
        try (EventClient slow = new EventClient(served.port(), "/v1/sse?symbols=EURUSD&interval=0", 4_096);
             EventClient healthy = open("/v1/sse?symbols=GBPUSD&interval=0")) {
            slow.readUntil("snapshot");
            healthy.readUntil("snapshot");
            final int ticks = 2_000;
            for (int i = 0; i < ticks; i++) {
                served.tick("EURUSD", "{\"n\":" + i + ",\"filler\":\"" + filler + "\"}");
            }
            assertThat(served.telemetry.sum(Counter.WRITES_BLOCKED)).isPositive();
            served.tick("GBPUSD", "{\"bid\":1.29}");
            assertThat(healthy.read().data()).contains("1.29");
            long q = 1;
            long updates = 0;
            while (q < ticks + 1) {
                final Event update = slow.readUntil("update");
                final Matcher entry = ENTRY.matcher(update.data());
                assertThat(entry.find()).isTrue();
                final long c = entry.group(2) == null ? 0 : Long.parseLong(entry.group(2));
                assertThat(Long.parseLong(entry.group(1)) - q).isEqualTo(c + 1);
                q = Long.parseLong(entry.group(1));
                updates++;
                assertThat(update.data()).contains("{\"n\":" + (q - 2) + ",");
            }
            assertThat(updates).isLessThan(ticks / 2);
        }
        served.tick("GBPUSD", "{\"bid\":1.27}");
    }

    @ParameterizedTest
    @CsvSource({
        "'',400,bad_field,/symbols",
        "?symbols=,400,bad_field,/symbols",
        "?symbols=A&interval=-5,400,bad_interval,/interval",
        "?symbols=A&channel=nope,400,unknown_channel,/channel",
        "?symbols=A&channel=trade&mode=conflate,400,bad_field,/mode",
        "?symbols=%00,400,bad_symbol_pattern,/symbols/0",
        "?symbol=A,400,unknown_field,/symbol",
        "?symbols=A&resume=1,400,bad_field,/resume",
        "?symbols=A&token=s3cret,401,token_invalid,/token",
        "?symbols=A&lastEventId=27,400,bad_field,/lastEventId",
        "?symbols=A&lastEventId=27-9999999999999999999,400,bad_field,/lastEventId",
        "?symbols=A&lastEventId=27--1,400,bad_field,/lastEventId",
        "?symbols=A&lastEventId=27-1&lastEventId=27-2,400,bad_field,/lastEventId"})
    void shouldRejectABadQueryBeforeTheStream(final String query, final int status, final String code,
    final String path)
            throws IOException {
        try (EventClient client = open("/v1/sse" + query)) {
            assertThat(client.status).isEqualTo(status);
            assertThat(client.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
            assertThat(client.rest()).contains("\"code\":\"" + code + "\"", "\"path\":\"" + path + "\"")
                .doesNotContain("s3cret");
        }
        served.settle();
        assertThat(served.sessions()).isZero();
        assertThat(served.telemetry.sum(Counter.SESSIONS_REFUSED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/sse", "/v1/raw", "/v1/ws"})
    void shouldServeALongQueryInSlices(final String path) throws Exception {
        for (int i = 0; i < 200; i++) {
            served.tick("S" + i, "{\"bid\":1}");
        }
        final String[] patterns = new String[60];
        Arrays.setAll(patterns, i -> "*S*1*2*3*4*X" + i);
        final String target = path + "?symbols=EURUSD," + String.join(",", patterns);
        try (AutoCloseable client = path.equals("/v1/sse") ? open(target) : served.upgraded(target)) {
            Awaitility.await(client.toString()).until(() -> served.subscriptions() == 1);
        }
        Awaitility.await().until(() -> served.subscriptions() == 0);
        final String[] globs = new String[300];
        Arrays.setAll(globs, i -> "S" + i + "*");
        try (EventClient client = open("/v1/sse?symbols=" + String.join(",", globs))) {
            assertThat(client.status).isEqualTo(413);
        }
        Awaitility.await().until(() -> served.telemetry.sum(Counter.SESSIONS_REFUSED) == 1);
        assertThat(served.telemetry.errors().distinctCount()).isZero();
    }

    @Test
    void shouldRejectTooManyPatternsBeforeTheStream() throws IOException {
        final String[] globs = new String[300];
        Arrays.setAll(globs, i -> "S" + i + "*");
        try (EventClient client = open("/v1/sse?symbols=" + String.join(",", globs))) {
            assertThat(client.status).isEqualTo(413);
            assertThat(client.rest()).contains("too_many_symbols");
        }
        try (SocketClient raw = served.connect().upgrade("/v1/raw?symbols=" + String.join(",", globs))) {
            assertThat(raw.status).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"26-2", "28-2", "26-9912345", "999999999999999999-0", ""})
    void shouldSendAFullSnapshotToAClientOfAnotherEpoch(final String id) throws IOException {
        try (EventClient client =
                new EventClient(served.port(), "/v1/sse?symbols=*&lastEventId=1-1", 0, "Last-Event-ID: " + id)) {
            final Event snapshot = client.readUntil("snapshot");
            assertThat(snapshot.data()).contains("EURUSD", "GBPUSD", "\"last\":true");
        }
        try (EventClient client = open("/v1/sse?symbols=*&lastEventId=" + id)) {
            assertThat(client.readUntil("snapshot").data()).contains("EURUSD", "GBPUSD", "\"last\":true");
        }
    }

    @Test
    void shouldSendChangesSinceTheLastEventToAReconnectingClient() throws IOException {
        for (final String header : new String[] {"Last-Event-ID: 27-1", "X-None: 1"}) {
            try (EventClient client =
                    new EventClient(served.port(), "/v1/sse?symbols=*&interval=0&lastEventId=27-1", 0, header)) {
                assertThat(client.readUntil("ack").data()).contains("\"resumed\":true");
                final Event snapshot = client.readUntil("snapshot");
                assertThat(snapshot.data()).contains("\"resumed\":true", "GBPUSD").doesNotContain("EURUSD");
                assertThat(snapshot.id()).isEqualTo("27-2");
            }
        }
    }

    @Test
    void shouldSendAllToABrowserThatLostItsConnectionBeforeTheSnapshotThatWasToReplaceItsValues() throws IOException {
        final String begun;
        try (EventClient client =
                new EventClient(served.port(), "/v1/sse?symbols=*&interval=0", 0, "Last-Event-ID: 26-2")) {
            begun = client.readUntil("ack").id();
        }
        assertThat(begun).as("a browser returns it instead of the one from before").isEqualTo("0-0");
        // the header goes before the position in the address, which the relay would honour
        try (EventClient client = new EventClient(served.port(), "/v1/sse?symbols=*&interval=0&lastEventId=27-2", 0,
                "Last-Event-ID: " + begun)) {
            assertThat(client.readUntil("ack").data()).contains("\"resumed\":false");
            assertThat(client.readUntil("snapshot").data()).contains("EURUSD", "GBPUSD");
        }
        try (EventClient client = new EventClient(served.port(), "/v1/sse?symbols=*&mode=once", 0,
                "Last-Event-ID: " + begun)) {
            assertThat(client.readUntil("snapshot").data()).contains("EURUSD", "GBPUSD");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"conflate&interval=0", "all"})
    void shouldSendWhatWasLostMeanwhileWithItsStateToAReconnectingClient(final String mode) throws IOException {
        // a shard keeps updates for those who come back only while it has a client of mode all
        final List<EventClient> others = new ArrayList<>();
        while (!served.hasSessionOnEachShard()) {
            others.add(open("/v1/sse?symbols=*&mode=all"));
            others.get(others.size() - 1).readUntil("snapshot");
        }
        served.stale();
        served.live();
        served.tick("GBPUSD", "{\"bid\":1.275}");
        for (final EventClient other : others) {
            other.readUntil("update");
        }
        try (EventClient client = new EventClient(served.port(), "/v1/sse?symbols=*&mode=" + mode, 0,
                "Last-Event-ID: 27-2")) {
            assertThat(client.readUntil("welcome").data()).contains("\"state\":\"live\"");
            assertThat(client.readUntil("ack").data()).contains("\"resumed\":true");
            assertThat(client.readUntil("snapshot").data()).contains("\"last\":true,\"resumed\":true",
                "{\"s\":\"EURUSD\",\"q\":1,\"t\":5,\"st\":\"stale\",\"v\":{\"bid\":1.10}}");
        }
        for (final EventClient other : others) {
            other.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "27", "27-", "-1", "27-1-1", "27-0x10", "27-1 "})
    void shouldRejectAMalformedLastEventId(final String id) throws IOException {
        try (EventClient client =
                new EventClient(served.port(), "/v1/sse?symbols=*", 0, "Last-Event-ID: '" + id + "'")) {
            assertThat(client.status).isEqualTo(400);
            assertThat(client.rest()).contains("\"code\":\"bad_field\"", "Last-Event-ID must be");
        }
    }

    @Test
    void shouldEndAStreamOfModeOnceAndStopBrowsersFromReconnecting() throws IOException {
        try (EventClient client = open("/v1/sse?symbols=*&mode=once")) {
            assertThat(client.readUntil("snapshot").data()).contains("EURUSD", "\"last\":true");
            assertThat(client.read()).isNull();
        }
        try (EventClient client =
                new EventClient(served.port(), "/v1/sse?symbols=*&mode=once", 0, "Last-Event-ID: 27-2")) {
            assertThat(client.status).isEqualTo(204);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
    void shouldAcceptOnlyGet(final String method) throws IOException {
        try (SocketClient client = served.connect()) {
            final String request = method
                + " /v1/sse?symbols=* HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
            client.send(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readResponseHead().status).isEqualTo(405);
            assertThat(client.header("Allow")).isEqualTo("GET");
        }
    }

    @Test
    void shouldServeClientsOfHttp10AndThoseThatWantTheConnectionClosed() throws IOException {
        for (final String head
                : new String[] {"HTTP/1.0\r\n\r\n", "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"}) {
            try (SocketClient client = served.connect()) {
                client.send(("GET /v1/sse?symbols=EURUSD " + head).getBytes(StandardCharsets.US_ASCII));
                assertThat(client.readResponseHead().status).isEqualTo(200);
                assertThat(client.header("Connection")).isEqualTo("close");
                assertThat(client.readLineWith("data: {\"type\":\"snapshot\"")).contains("1.10");
            }
        }
    }

    @Test
    void shouldRejectABody() throws IOException {
        try (EventClient client = new EventClient(served.port(), "/v1/sse?symbols=*", 0, "Content-Length: 2")) {
            assertThat(client.status).isEqualTo(400);
        }
    }

    @Test
    void shouldDiscardInputAndCloseWhenTheClientDisconnects() throws IOException {
        try (EventClient client = open("/v1/sse?symbols=EURUSD&interval=0")) {
            client.readUntil("snapshot");
            client.socket.getOutputStream()
                .write("GET / HTTP/1.1\r\n\r\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII));
            served.tick("EURUSD", "{\"bid\":1.30}");
            assertThat(client.read().data()).contains("1.30");
            assertThat(served.sessions()).isEqualTo(1);
            client.socket.setSoLinger(true, 0);
        }
        Awaitility.await().until(() -> served.sessions() == 0);
    }

    @Test
    void shouldAnnounceDrainingAndEndTheStream() throws IOException {
        try (ServedFeed draining = new ServedFeed()) {
            draining.live();
            draining.tick("A", "1");
            try (EventClient client = new EventClient(draining.port(), "/v1/sse?symbols=*", 0)) {
                client.readUntil("snapshot");
                draining.drain();
                final Event notice = client.read();
                assertThat(notice.type()).isEqualTo("notice");
                assertThat(notice.data())
                    .startsWith("{\"type\":\"notice\",\"level\":\"info\",\"text\":\"closed: 4503 retryAfter=2000\",");
                assertThat(client.read()).isNull();
            }
            Awaitility.await().until(() -> draining.sessions() == 0);
            try (EventClient late = new EventClient(draining.port(), "/v1/sse?symbols=*", 0)) {
                assertThat(late.status).isEqualTo(503);
                assertThat(late.header("Retry-After")).isEqualTo("2");
            }
        }
    }

    @Test
    void shouldCountTowardsTheSessionLimit() throws IOException {
        try (ServedFeed small = new ServedFeed(2, false, null, 10_000)) {
            try (EventClient first = new EventClient(small.port(), "/v1/sse?symbols=*", 0);
                 SocketClient second = small.upgraded("/v1/ws")) {
                first.readUntil("snapshot");
                second.read();
                try (EventClient third = new EventClient(small.port(), "/v1/sse?symbols=*", 0)) {
                    assertThat(third.status).isEqualTo(503);
                    assertThat(third.rest()).contains("too_many_sessions");
                }
            }
            Awaitility.await().until(() -> small.sessions() == 0);
            try (EventClient again = new EventClient(small.port(), "/v1/sse?symbols=*", 0)) {
                assertThat(again.readUntil("snapshot")).isNotNull();
            }
        }
    }

    @Test
    void shouldEndStreamsWhenTheServerStops() throws IOException {
        try (ServedFeed stopping = new ServedFeed(); EventClient open =
                new EventClient(stopping.port(), "/v1/sse?symbols=*", 0)) {
            open.readUntil("snapshot");
            stopping.server.stop();
            assertThat(open.read()).isNull();
            stopping.settle();
            assertThat(stopping.sessions()).isZero();
        }
    }

    private EventClient open(final String target) throws IOException {
        return new EventClient(served.port(), target, 0);
    }
}

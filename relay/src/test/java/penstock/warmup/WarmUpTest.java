package penstock.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undertow.server.HttpHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.ServerConfig;
import penstock.server.IoThreadContext;
import penstock.server.RelayServer;
import penstock.server.deflate.DeflateExtension;
import penstock.server.raw.RawEndpoint;
import penstock.server.snapshot.SnapshotEndpoint;
import penstock.server.sse.SseEndpoint;
import penstock.server.tls.ServerTls;
import penstock.telemetry.Counter;
import penstock.testkit.RecordedLog;
import penstock.testkit.TestAuthority;

/** A relay makes requests of itself while it starts. */
class WarmUpTest {
    private static final long LIMIT_MS = 20_000;
    private static final WarmUp.Ways PLAIN = new WarmUp.Ways(false, false, false);

    @TempDir
    private Path folder;

    @Test
    void shouldAnswerEachRequestAndLeaveNoThread() {
        final List<String> paths = new ArrayList<>();
        assertThat(WarmUp.begin(server -> addAll(server, paths), PLAIN).await(LIMIT_MS)).isTrue();
        assertThat(paths).contains("/v1/snapshot", "/v1/snapshot?symbols=W1*,*2,W5", "/v1/symbols", "/v1/raw?symbols=*",
            "/v1/sse?symbols=*");
        await("threads").until(() -> Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().startsWith("warm-up")));
    }

    @Test
    void shouldComeThroughTlsAndCompressedWhereClientsMay() {
        final Path certificate = folder.resolve("certificate.pem");
        final Path key = folder.resolve("key.pem");
        new TestAuthority("warm-up").issue("quotes.example.com", "quotes.example.com").write(certificate, key);
        final List<String> paths = Collections.synchronizedList(new ArrayList<>());
        final List<IoThreadContext> contexts = new ArrayList<>();
        assertThat(WarmUp.begin(server -> {
            addAll(server, paths);
            server.contexts().extend(DeflateExtension::new);
            server.secure(new ServerTls("server.tls", new ServerConfig.Tls(certificate.toString(), key.toString(), null,
                ServerConfig.ClientCertificates.NONE), false), null);
            contexts.addAll(server.contexts().all());
        }, new WarmUp.Ways(true, true, false)).await(LIMIT_MS)).isTrue();
        assertThat(paths).contains("/v1/snapshot", "/v1/raw?symbols=*");
        assertThat(contexts.get(0).counters().get(Counter.TLS_HANDSHAKES)).isPositive();
        assertThat(contexts.get(0).counters().get(Counter.FRAMES_DEFLATED)).isPositive();
    }

    @Test
    void shouldShowATokenWhereClientsHaveTo() {
        final List<String> modes = new ArrayList<>();
        final List<IoThreadContext> contexts = new ArrayList<>();
        assertThat(WarmUp.begin(server -> {
            addAll(server, Collections.synchronizedList(new ArrayList<>()));
            contexts.addAll(server.contexts().all());
        }, new WarmUp.Ways(false, false, true)).await(LIMIT_MS)).isTrue();
        assertThat(contexts.get(0).counters().get(Counter.SESSIONS_OPENED)).isPositive();
    }

    @Test
    void shouldNotKeepTheRelayFromStartingWhenItFails() {
        try (RecordedLog log = new RecordedLog("penstock.warmup")) {
            assertThat(WarmUp.begin(server -> fail("no endpoints"), PLAIN).await(LIMIT_MS)).isFalse();
            assertThat(log.lines()).singleElement().asString()
                .contains("warm-up: the first requests of clients will take some ms longer: ", "no endpoints");
        }
    }

    private static void fail(final String reason) {
        throw new IllegalStateException(reason);
    }

    private static void addAll(final RelayServer server, final List<String> paths) {
        final SnapshotEndpoint snapshots = new SnapshotEndpoint(server.contexts());
        add(server, "/v1/snapshot", snapshots::snapshot, paths);
        add(server, "/v1/symbols", snapshots::symbols, paths);
        add(server, "/v1/raw", new RawEndpoint(server.contexts()), paths);
        add(server, "/v1/sse", new SseEndpoint(server.contexts()), paths);
    }

    private static void add(final RelayServer server, final String path,
            final HttpHandler endpoint, final List<String> paths) {
        server.add(path, exchange -> {
            paths.add(exchange.getRequestURI() + (exchange.getQueryString().isEmpty() ? "" : "?" + exchange
                .getQueryString()));
            endpoint.handleRequest(exchange);
        });
    }
}
